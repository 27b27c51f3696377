from __future__ import annotations

import pytest

from narrator.castfile import CastFile, read_cast_file
from narrator.normalise import Spoken
from narrator.pronounce.heteronym_rules import HETERONYMS
from narrator.pronounce.heteronyms import find_heteronyms
from narrator.pronounce.ipa import unknown_symbols
from narrator.story import load_lexicon
from tests.values import script_of, told, voice


def found_in(text: str) -> list[tuple[str, str]]:
    return [(text[start:end].lower(), saying.ipa) for start, end, saying in find_heteronyms(text)]


@pytest.mark.parametrize(
    ("text", "ipa"),
    [
        ("Anna read the letter.", "rɛd"),
        ("He lay under iron and lead.", "lɛd"),
        ("Please tear it up.", "tɛə"),
        ("Come and live with me.", "lɪv"),
        ("“Wind the clock,” she said.", "waɪnd"),
        ("She wound her arms round him.", "waʊnd"),
        ("The path wound through the wood.", "waʊnd"),
        ("He made her a low bow.", "baʊ"),
        ("He stood in the bow of the ship.", "baʊ"),
        ("“Bow to the king!”", "baʊ"),
        ("They had a terrible row.", "raʊ"),
        ("Don't make such a row!", "raʊ"),
        ("It came to a close.", "kloʊz"),
        ("“Close the door.”", "kloʊz"),
        ("at the close of the day", "kloʊz"),
        ("with minute attention", "maɪˈnjuːt"),
        ("She was quite content.", "kənˈtɛnt"),
        ("Content yourself with that.", "kənˈtɛnt"),
        ("to her heart's content", "kənˈtɛnt"),
        ("The old invalid slept.", "ˈɪnvəlɪd"),
        ("He dove into the water.", "doʊv"),
        ("a fat sow and her piglets", "saʊ"),
        ("Polish the silver.", "ˈpɒlɪʃ"),
        ("They ate sea bass.", "bæs"),
        ("We used to go there.", "juːst"),
        ("She was used to the noise.", "juːst"),
        ("“Excuse me, sir.”", "ɛkskˈjuːz"),
        ("You must excuse her.", "ɛkskˈjuːz"),
        ("He excused himself.", "ɛkskˈjuːzd"),
        ("They were subjected to it.", "səbˈdʒɛktɪd"),
        ("the devil's advocate", "ˈædvəkət"),
        ("an aged man", "ˈeɪdʒɪd"),
        ("my beloved child", "bɪˈlʌvɪd"),
        ("an august person", "ɔːˈgʌst"),
        ("You insult me!", "ɪnˈsʌlt"),
        ("Permit me to ask.", "pəˈmɪt"),
        ("Let us separate them.", "ˈsɛpəɹˌeɪt"),
        ("Please record it.", "rɪˈkɔːd"),
        ("and present her to them", "prɪˈzɛnt"),
        ("“Use your eyes!”", "juːz"),
    ],
)
def test_what_the_words_beside_it_tell(text: str, ipa: str) -> None:
    assert [found for _, found in found_in(text)] == [ipa]


@pytest.mark.parametrize(
    "text",
    [
        "Did Anna read the letter?", "They read the letter.", "Girls read the papers.",
        "He took the lead and ran.", "wear and tear you know", "a tear fell",
        "The wind is up.", "a wound that went deep", "the wound through his hand",
        "a bow and arrow", "the bow window", "a violin bow", "He had a row of medals.",
        "They sat in a row.", "a close friend", "close to the door", "He came to a close friend.",
        "Wait a minute.", "in a minute", "the content of the letter", "The contents were lost.",
        "an invalid argument", "a white dove", "to sow the seeds", "a Polish count",
        "polish it", "a bass voice", "it was used to cut bread", "He used it.",
        "no excuse for him", "an excuse", "for excuse my", "a subject the king knew",
        "intimate friends", "frequent visits", "aged ten", "beloved by all", "in august company",
        "the present you gave me", "a record of it", "a permit", "in use", "the house",
    ],
)  # fmt: skip
def test_what_is_not_surely_told_is_left_alone(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize("rule", HETERONYMS, ids=lambda rule: f"{rule.word} {rule.ipa}")
def test_every_rule_can_be_said(rule: object) -> None:
    ipa, word = getattr(rule, "ipa", ""), getattr(rule, "word", "")
    assert ipa
    assert not unknown_symbols(ipa)
    assert all(f"({word})" in p.lower() for p in getattr(rule, "patterns", ()))


def test_where_only_the_stress_moves_a_voice_without_phonemes_is_left_alone() -> None:
    lexicon = load_lexicon(script_of([told("It rained.")]), CastFile())
    found = lexicon.apply(Spoken(text="Permit me to ask."), "anna", voice("Plain"))
    assert found.words == Spoken(text="Permit me to ask.")


def test_they_can_be_switched_off() -> None:
    off = read_cast_file(b"[normalise]\nheteronyms = false\n", "s.cast.toml")
    lexicon = load_lexicon(script_of([told("It rained.")]), off)
    words = Spoken(text="She read it.")
    assert lexicon.apply(words, "anna", voice("Plain")).words == words
    on = load_lexicon(script_of([told("It rained.")]), CastFile())
    assert on.apply(words, "anna", voice("Plain")).words.text == "She red it."
