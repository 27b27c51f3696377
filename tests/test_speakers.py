"""What is known of speakers, and what is not made up."""

from __future__ import annotations

import re

import pytest

from narrator.model import Age, Gender, Voice
from narrator.speakers import as_known, speakers_of, told_of

PLAIN = Voice(name="v", engine="piper", accent="en-GB")
CARD = """\
# Model card
* License: CC BY 4.0
* p02: female, English
* p03 - male (Northern Irish accent)
* p04: American woman
"""


def known(speaker: str, *, card: str = "", dataset: str = "vctk") -> Voice:
    return as_known(PLAIN, speaker=speaker, card=card, dataset=dataset)


@pytest.mark.parametrize(
    ("speaker", "gender", "age", "accent"),
    [
        ("p225", Gender.FEMALE, Age.ADULT, "en-GB"),
        ("p237", Gender.MALE, Age.ADULT, "scottish"),
        ("p253", Gender.FEMALE, Age.ADULT, "welsh"),
        ("p255", Gender.MALE, Age.YOUNG, "scottish"),
        ("P376", Gender.MALE, Age.ADULT, "en-IN"),
        ("p999", Gender.UNKNOWN, Age.ADULT, "en-GB"),
    ],
)
def test_speakers_of_a_known_corpus(speaker: str, gender: Gender, age: Age, accent: str) -> None:
    voice = known(speaker)
    assert (voice.gender, voice.age, voice.accent) == (gender, age, accent)


@pytest.mark.parametrize("dataset", ["", "tiny", "../vctk", "vctk.toml", "VCTK2"])
def test_of_another_corpus_nothing_is_known(dataset: str) -> None:
    assert known("p237", dataset=dataset) == PLAIN


def test_the_table_of_the_corpus_is_whole() -> None:
    speakers = speakers_of("VCTK")
    assert len(speakers) == 108
    assert all(re.fullmatch(r"p\d{3}", name) for name in speakers)
    assert all(each.gender is not Gender.UNKNOWN and each.accent for each in speakers.values())
    assert {each.years for each in speakers.values()} <= set(range(18, 39))


def test_a_card_tells_of_its_speakers() -> None:
    assert told_of(CARD, "p02").gender is Gender.FEMALE
    assert told_of(CARD, "p02").accent == ""  # English is its language
    assert (told_of(CARD, "p03").gender, told_of(CARD, "p03").accent) == (
        Gender.MALE,
        "northern irish",
    )
    assert (told_of(CARD, "p04").gender, told_of(CARD, "p04").accent) == (Gender.FEMALE, "en-US")
    assert told_of(CARD, "p05") == told_of("", "p05")
    assert told_of("* Accent: Scottish\n* Sex: f\n", "").accent == "scottish"
    assert told_of("* Accent: Scottish\n* Sex: f\n", "").gender is Gender.FEMALE


def test_the_card_counts_for_more_than_the_corpus() -> None:
    voice = known("p237", card="p237: woman, Welsh")
    assert (voice.gender, voice.accent) == (Gender.FEMALE, "welsh")
