from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from narrator.castfile import read_cast_file
from narrator.clips import take_key
from narrator.config import PauseConfig
from narrator.direct import direct
from narrator.errors import ConfigError
from narrator.model import Cast, Phonemes, Role, Span, Voice
from narrator.normalise import Spoken
from narrator.pronounce import Lexicon, Saying, lexicon_of, parse_saying
from narrator.pronounce.entries import read_lexicon_file
from narrator.pronounce.heteronyms import find_heteronyms
from narrator.pronounce.ipa import to_espeak, to_respelling, unknown_symbols, with_plural
from narrator.story import load_lexicon, load_own_lexicon
from tests.values import character, said, script_of, told, voice

PLAIN = voice("Plain")
SPELLING = replace(voice("Spelling"), controls=("rate", "phonemes"))


def say(lexicon: Lexicon, text: str, voice: Voice = PLAIN, speaker: str = "anna") -> str:
    return lexicon.apply(Spoken(text=text), speaker, voice).words.text


def test_a_saying_is_a_respelling_ipa_or_phonemes() -> None:
    assert parse_saying("throop") == Saying(respelling="throop")
    assert parse_saying("/θruːp/") == Saying(ipa="θruːp")
    assert parse_saying("[[Tr'u:p]]") == Saying(native="Tr'u:p")
    assert parse_saying("throop /θruːp/") == Saying(respelling="throop", ipa="θruːp")
    for wrong in ("", "  ", "/θr%p/", "a/b"):
        with pytest.raises(ValueError):  # noqa: PT011 - any message will do here
            parse_saying(wrong)


def test_a_word_is_found_whole_and_by_its_case() -> None:
    lexicon = lexicon_of({"Thrupp": Saying(respelling="throop"), "tear": Saying(respelling="tair")})
    assert say(lexicon, "Thrupp's Thrupps thrupp THRUPP.") == "throop's Thrupps thrupp throop."
    assert say(lexicon, "Tear a tear, teardrop.") == "tair a tair, teardrop."


def test_a_voice_that_takes_phonemes_gets_them_and_another_a_respelling() -> None:
    lexicon = lexicon_of({"Thrupp": Saying(ipa="θruːp"), "cat": Saying(respelling="feline")})
    found = lexicon.apply(Spoken(text="A cat saw Thrupp's hat."), "anna", SPELLING)
    assert found.words.text == "A feline saw Thrupp's hat."
    assert found.phonemes == (Phonemes(span=Span(13, 21), ipa="θruːps"),)
    assert found.phonemes[0].span.of(found.words.text) == "Thrupp's"
    assert say(lexicon, "Thrupp") == "throop"


def test_what_is_changed_is_told() -> None:
    lexicon = lexicon_of({"cat": Saying(respelling="feline")})
    change = lexicon.apply(Spoken(text="A cat."), "anna", PLAIN).words.changes[0]
    assert (change.source, change.spoken, change.rule) == (Span(2, 5), Span(2, 8), "pronounce")


def test_a_character_has_an_accent_of_their_own() -> None:
    own = {"bert": {"bath": Saying(respelling="baff")}}
    lexicon = lexicon_of({"bath": Saying(respelling="bahth")}, by_speaker=own)
    assert say(lexicon, "a bath", speaker="bert") == "a baff"
    assert say(lexicon, "a bath", speaker="anna") == "a bahth"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I have read it.", "red"),
        ("She read the letter.", "red"),
        ("Did she read the letter?", None),
        ("I read every day.", None),
        ("to read", None),
        ("a lead pipe", "led"),
        ("take the lead", None),
        ("I will tear it up.", "tair"),
        ("a tear ran down", None),
        ("live coals", "lyve"),
        ("I live here.", None),
        ("to wind the clock", "wined"),
        ("the wind blew", None),
        ("She made a low bow.", "bau"),
        ("with a bow and arrows", None),
        ("Please close the door.", "cloze"),
        ("It was close to the door.", None),
        ("in minute detail", "mynewt"),
        ("wait a minute", None),
        ("He wound up the clock.", "wownd"),
        ("a wound in the leg", None),
    ],
)
def test_heteronyms_are_told_apart_only_where_the_words_beside_them_tell(
    text: str, wanted: str | None
) -> None:
    found = [saying.respelling for _, _, saying in find_heteronyms(text)]
    assert found == ([wanted] if wanted else [])


def test_ipa_in_other_notations() -> None:
    assert to_espeak("θruːp") == "Tr'u:p"
    assert to_espeak("maɪˈnjuːt") == "maInj'u:t"
    assert to_respelling("ʃɔːn") == "shawn"
    assert unknown_symbols("θr%p") == "%"
    assert [with_plural(ipa) for ipa in ("kæt", "bʌs", "dɒg")] == ["kæts", "bʌsɪz", "dɒgz"]


@pytest.mark.parametrize(
    ("language", "ipa", "mnemonics"),
    [
        ("de", "ˈʃtʁaːsə", "Str'A:s@"),
        ("de", "kœnɪç", "k'WnIC"),
        ("de", "ˈfɔʏɐ", "f'OY3"),
        ("fr", "vɛ̃", "v'E~"),
        ("fr", "mɔ̃taɲ", "mO~t'an^"),
        ("fr", "ʃəval", "S@v'al"),
        ("es", "ˈpero", "p'eR2o"),
        ("es", "xeˈɾez", "xe**'es"),
        ("es", "ˈkaʎe", "k'al^e"),
        ("nl", "ˈfaːtər", "f'A:t@r"),
    ],
)
def test_ipa_in_the_mnemonics_of_other_languages(language: str, ipa: str, mnemonics: str) -> None:
    assert to_espeak(ipa, language) == mnemonics
    assert not unknown_symbols(ipa)


def test_the_cast_file_names_the_line_of_a_wrong_entry() -> None:
    text = '[pronounce]\nAnna = "ahna"\nThrupp = "/θr%p/"\n'
    with pytest.raises(ConfigError, match=r"s\.cast\.toml, line 3: 'Thrupp'"):
        load_lexicon(script_of([told("It rained.")]), read_cast_file(text.encode(), "s.cast.toml"))


def test_a_cast_file_has_words_of_a_language() -> None:
    text = '[pronounce]\nThrupp = "throop"\nchat = "tshat"\n[pronounce.fr]\nchat = "sha"\n'
    cast_file = read_cast_file(text.encode(), "s.cast.toml")
    english = script_of([told("It rained.")])
    french = replace(english, book=replace(english.book, language="fr-FR"))
    for script, wanted in ((english, "tshat"), (french, "sha")):
        lexicon = load_lexicon(script, cast_file)
        assert lexicon.sayings["chat"].respelling == wanted
        assert lexicon.sayings["Thrupp"].respelling == "throop"
        assert "fr" not in lexicon.sayings
    wrong = read_cast_file(b'[pronounce.fr]\nchat = "/%/"\n', "s.cast.toml")
    with pytest.raises(ConfigError, match=r"s\.cast\.toml, line 2: 'chat'"):
        load_lexicon(french, wrong)
    load_lexicon(english, wrong)


def test_a_lexicon_of_ones_own_has_languages() -> None:
    found = read_lexicon_file(b'[any]\nThrupp = "throop"\n[fr]\nchat = "sha"\n', "l.toml")
    assert found["fr"]["chat"].respelling == "sha"
    with pytest.raises(ConfigError, match="write \\[en\\] above"):
        read_lexicon_file(b'Thrupp = "throop"\n', "l.toml")


def test_a_lexicon_of_ones_own_may_be_laid_out_as_a_cast_file() -> None:
    text = '[pronounce]\nMartha = "bob"\nde = { Zug = "tsook" }\n[de-AT]\nJause = "yowzeh"\n'
    found = read_lexicon_file(text.encode(), "l.toml")
    assert found == {
        "any": {"Martha": Saying(respelling="bob")},
        "de": {"Zug": Saying(respelling="tsook"), "Jause": Saying(respelling="yowzeh")},
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            '[English]\nMartha = "bob"\n',
            r"l\.toml, line 1: \[English\]: 'English' is no tag of a language: write \[en\]",
        ),
        (
            '[pronounce]\nMartha = "bob"\n[pronounce.english]\nchat = "tshat"\n',
            r"l\.toml, line 3: \[pronounce\.english\]: 'english' is no tag .* \[pronounce\.en\]",
        ),
        ('[pronounce.any]\nMartha = "bob"\n', r"stand under \[pronounce\] itself"),
    ],
)
def test_a_table_of_words_by_no_language_is_refused(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        read_lexicon_file(text.encode(), "l.toml")
    if text.startswith("[pronounce"):
        with pytest.raises(ConfigError, match=why):
            read_cast_file(text.encode(), "l.toml")


def test_the_words_of_ones_own_lexicon_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("")
    (tmp_path / "lexicon.toml").write_text('[pronounce]\nMartha = "bob"\n')
    monkeypatch.setenv("NARRATOR_CONFIG", str(tmp_path / "config.toml"))
    assert say(load_own_lexicon("en-GB"), "Martha came.") == "bob came."


def test_only_the_clips_that_hold_the_word_change() -> None:
    script = script_of(
        [told("Thrupp came in. "), said("anna", '"Good day." '), said("anna", '"Sit, Thrupp."')],
        characters=(character("Anna"),),
    )
    cast = Cast(
        narrator=Role(character="narrator", voice=PLAIN),
        roles=(Role(character="anna", voice=SPELLING),),
    )
    before, after = (
        direct(script, cast, PauseConfig(), lexicon=lexicon_of({"Thrupp": Saying(ipa=ipa)}))
        for ipa in ("θrʌp", "θruːp")
    )
    changed = [take_key(a, "1") != take_key(b, "1") for a, b in zip(before, after, strict=True)]
    assert changed == [True, False, True]
