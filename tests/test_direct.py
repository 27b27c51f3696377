from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.cast import cast
from narrator.castfile import CastFile
from narrator.config import PauseConfig
from narrator.direct import direct, speller
from narrator.ledger import settle
from narrator.model import Gender, Script, SegmentKind, Take
from narrator.normalise import NormaliseConfig
from narrator.normalise.numerals import roman_value
from tests.values import Piece, character, headed, said, script_of, told, voice

PAUSES = PauseConfig(
    sentence_ms=1, clause_ms=2, speaker_ms=3, paragraph_ms=4, heading_ms=5, scene_ms=6, chapter_ms=7
)
VOICES = (voice("Nora", narrates=True), voice("Fay"), voice("Max", Gender.MALE))
PEOPLE = (character("Anna", Gender.FEMALE), character("Bert", Gender.MALE))
SCENE: Piece = (SegmentKind.SCENE_BREAK, None, "* * *\n\n")
SKIPPED: Piece = (SegmentKind.SKIPPED, None, "by N. N.\n\n")


def takes_of(*chapters: list[Piece]) -> tuple[Take, ...]:
    script = script_of(*chapters, characters=PEOPLE)
    return tuple(direct(script, cast(script, VOICES, CastFile()), PAUSES))


def heard(pieces: list[Piece]) -> list[str]:
    return [take.text for take in takes_of(pieces)]


def test_pauses_fit_what_lies_between() -> None:
    takes = takes_of(
        [
            SKIPPED,
            headed("Chapter 1\n\n"),
            told("It rained. It poured.\n\n"),
            said("anna", "“I,” "),
            told("she said, "),
            said("anna", "“am wet.” "),
            told("He laughed.\n\n"),
            SCENE,
            told("Later.\n\n"),
        ],
        [headed("Chapter 2\n\n"), told("The end.")],
    )
    assert [(take.text, take.pause_ms) for take in takes] == [
        ("Chapter one.", 5),
        ("It rained.", 1),
        ("It poured.", 4),
        ("I,", 3),
        ("she said,", 3),
        ("am wet.", 1),
        ("He laughed.", 6),
        ("Later.", 7),
        ("Chapter two.", 5),
        ("The end.", 0),
    ]
    assert [take.mark for take in takes if take.mark] == ["Chapter 1", "Chapter 2"]
    assert takes[0].mark == "Chapter 1"
    assert takes[8].mark == "Chapter 2"


def test_each_line_has_its_speakers_voice() -> None:
    takes = takes_of(
        [said("anna", "“Yes.” "), told("No. "), said("bert", "“So?” "), said(None, "“Hm.”")]
    )
    assert [(t.speaker, t.voice.name) for t in takes] == [
        ("anna", "Fay"),
        ("narrator", "Nora"),
        ("bert", "Max"),
        ("narrator", "Nora"),
    ]


@pytest.mark.parametrize(
    ("source", "spoken"),
    [
        ("“Don’t!”", "Don’t!"),
        ("‘’Tis the boys’ coats,’", "’Tis the boys’ coats,"),
        ("‘Rock ’n’ roll,’", "Rock ’n’ roll,"),
        ("'It's o'clock,'", "It's o'clock,"),
        ("\"He said 'go' to me.\"", "He said go to me."),
        ("— Wait, ", "Wait,"),
        ("Wait--no—stop.", "Wait — no — stop."),
        ("It was _very_ *very* __very__ late.", "It was very very very late."),
        ("a snake_case_name and 2 * 3 * 4", "a snake_case_name and two * three * four"),
        ("«Bonjour» „Hallo“ 「はい」", "Bonjour Hallo はい"),
        ("hard\nwrapped\r\n  text", "hard wrapped text"),
    ],
)
def test_what_an_engine_is_given(source: str, spoken: str) -> None:
    assert heard([told(source)]) == [spoken]


@pytest.mark.parametrize(
    ("source", "spoken"),
    [
        ("CHAPTER IV.\nTHE LONG WAY HOME\n\n", "Chapter four. The long way home."),
        ("XII.\n\n", "twelve."),
        ("Part I: Civil War\n\n", "Part one: Civil War."),
        ("Prologue\n\n", "Prologue."),
    ],
)
def test_headings_are_spoken_as_people_say_them(source: str, spoken: str) -> None:
    assert " ".join(heard([headed(source), told("Text.")])[:-1]) == spoken


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("I", 1), ("iv", 4), ("IX", 9), ("XIV", 14), ("XL", 40), ("xcix", 99), ("CCC", 300)],
)
def test_roman_numerals(numeral: str, value: int) -> None:
    assert roman_value(numeral) == value


kinds = st.sampled_from([SegmentKind.NARRATION, SegmentKind.DIALOGUE, SegmentKind.HEADING])
words = st.text(alphabet="aB1 .!?…,—-_*\"'“”‘’\n", max_size=60).map(lambda text: text + "a")


@given(st.lists(st.tuples(kinds, st.sampled_from(["anna", "bert", None]), words), min_size=1))
def test_every_code_point_of_every_spoken_segment_is_in_one_take(pieces: list[Piece]) -> None:
    script: Script = script_of(pieces, characters=PEOPLE)
    takes = tuple(direct(script, cast(script, VOICES, CastFile()), PAUSES))
    ledger = settle(script, takes)
    assert ledger.narrator + ledger.characters == ledger.source
    assert all(any(map(str.isalnum, take.text)) for take in takes)


def test_a_take_says_where_its_words_depart_from_the_page() -> None:
    script = script_of([headed("Chapter II\n\n"), told("It rained. “Dr. Hale paid £3,” he said.")])
    takes = tuple(direct(script, cast(script, VOICES, CastFile()), PAUSES))
    text = script.book.chapters[0].text
    found = [
        (c.rule, c.source.of(text), c.spoken.of(take.text)) for take in takes for c in take.changes
    ]
    assert found == [
        ("roman", "II", "two"),
        ("abbreviations", "Dr.", "Doctor"),
        ("money", "£3", "three pounds"),
    ]


def test_what_is_put_into_words_is_chosen() -> None:
    script = script_of([told("In 1997 Dr. Hale paid £3.")])
    who = cast(script, VOICES, CastFile())
    config = NormaliseConfig(money=False, numbers=False, years=False)
    takes = tuple(direct(script, who, PAUSES, speller(script, config)))
    assert [take.text for take in takes] == ["In 1997 Doctor Hale paid £3."]


def test_english_rules_are_for_english_alone() -> None:
    script = script_of([told("Er zahlte 3 Mark an Dr. Hale.")])
    script = replace(script, book=replace(script.book, language="de"))
    takes = tuple(direct(script, cast(script, VOICES, CastFile()), PAUSES))
    assert [take.text for take in takes] == ["Er zahlte 3 Mark an Dr. Hale."]
