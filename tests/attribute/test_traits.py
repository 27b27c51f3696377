from __future__ import annotations

import pytest

from narrator.attribute.traits import with_traits
from narrator.model import Age, Character, Gender
from tests.values import character, said, script_of, told

ANNA, BERT = character("Anna", Gender.FEMALE), character("Bert", Gender.MALE)


def traits(*pieces: tuple[object, str | None, str], people: tuple[Character, ...] = ()) -> set[str]:
    """``Name kind value`` of all traits that are found."""
    script = script_of(list(pieces), characters=people or (ANNA, BERT))  # type: ignore[arg-type]
    return {
        f"{who.name} {trait.kind} {trait.value}"
        for who in with_traits(script).characters
        for trait in who.traits
    }


def beside(cue: str, speaker: str = "bert") -> set[str]:
    """What the words after a quotation tell of its speaker."""
    return traits(said(speaker, "“Come in,” "), told(f"{cue}\n\n"))


@pytest.mark.parametrize(
    ("cue", "found"),
    [
        ("he said with a broad Scottish accent.", "Bert accent scottish"),
        ("said Bert, in his soft Irish brogue.", "Bert accent en-IE"),
        ("said Bert with a brogue.", "Bert accent en-IE"),
        ("he said in a strong New York accent.", "Bert accent en-US-nyc"),
        ("Bert answered in a thick German accent.", "Bert accent de-DE"),
        ("said Bert in his deep voice.", "Bert pitch low"),
        ("he said in his gruff, kind voice.", "Bert pitch low"),
        ("he said, with his high-pitched voice.", "Bert pitch high"),
    ],
)
def test_the_words_beside_a_quotation_tell_of_its_speaker(cue: str, found: str) -> None:
    assert beside(cue) == {found}


@pytest.mark.parametrize(
    "cue",
    [
        "he said in a low voice.",
        "he said in a deep voice.",
        "said Bert, hearing her shrill voice.",
        "said Bert with her Scottish accent in mind.",
        "he said, mimicking him, in a Scottish accent.",
        "he said without a French accent.",
        "he said in French.",
        "he said in a voice that was deep.",
        "he said with an accent of despair.",
        "he said in his no longer deep voice.",
    ],
)
def test_what_is_of_the_moment_or_somebody_elses_tells_nothing(cue: str) -> None:
    assert beside(cue) == set()


def test_a_voice_told_again_and_again_is_their_own() -> None:
    deep = (said("bert", "“So.” "), told("he said in a deep voice.\n\n"))
    assert traits(*deep) == set()
    assert traits(*deep, *deep) == {"Bert pitch low"}
    low = (said("anna", "“So.” "), told("she said in a low voice.\n\n"))
    assert traits(*low * 9) == set()


def test_where_the_story_says_both_nothing_is_taken() -> None:
    deep = (said("bert", "“So.” "), told("he said in his deep voice.\n\n"))
    shrill = (said("bert", "“So.” "), told("he said in his shrill voice.\n\n"))
    assert traits(*deep, *shrill) == set()


def test_two_speakers_in_one_paragraph_or_a_doubtful_one_tell_nothing() -> None:
    both = (said("anna", "“So.” "), told("he said in his deep voice. "), said("bert", "“No.”\n\n"))
    assert traits(*both) == set()
    script = script_of(
        [said(None, "“So.” "), told("he said in his deep voice.\n\n")], characters=(ANNA, BERT)
    )
    assert not any(who.traits for who in with_traits(script).characters)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bert, a boy of ten, came in.", "Bert age child"),
        ("Anna was only seven years old.", "Anna age child"),
        ("Anna, a well-grown girl of seventeen, came in.", "Anna age young"),
        ("Bert, aged 71, came in.", "Bert age old"),
        ("Bert was an old man.", "Bert age old"),
        ("Bert, a small boy, came in.", "Bert age child"),
        ("Bert was a Scotsman.", "Bert accent scottish"),
        ("Bert, a tall Frenchman, came in.", "Bert accent fr-FR"),
        ("Bert spoke in a Yorkshire accent.", "Bert accent lancashire"),
        ("Bert had a deep voice.", "Bert pitch low"),
        ("So old Bert came, and old Bert went.", "Bert age old"),
        ("Young Bert came, and young Bert went.", "Bert age young"),
    ],
)
def test_the_narration_tells_of_whom_it_names(text: str, found: str) -> None:
    assert traits(told(f"{text}\n\n")) == {found}


@pytest.mark.parametrize(
    "text",
    [
        "Bert was old enough to be an old man's friend.",
        "Poor old Bert came, and dear old Bert went.",
        "Bert, the Scotsman, and the Irishman came in.",
        "Bert was a German teacher.",
        "Bert was thirty years old.",
        "Bert was two years older.",
        "Old Bert came in.",
        "Bertie was an old man.",
        "Bert was no Scotsman.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert traits(told(f"{text}\n\n")) == set()


def test_what_somebody_is_called_tells_too() -> None:
    people = (character("the Irishman"), character("the old man"), character("the man"))
    assert traits(told("They came.\n\n"), people=people) == {
        "the Irishman accent en-IE",
        "the old man age old",
    }
    cued = (said("the man", "“So,” "), told("said the old man.\n\n"))
    assert traits(*cued, people=(character("the man"),)) == {"the man age old"}


def test_the_age_is_the_characters_own_and_the_words_are_kept() -> None:
    script = script_of([told("Bert, a boy of ten, came in.\n\n")], characters=(BERT,))
    [bert] = with_traits(script).characters
    assert bert.age is Age.CHILD
    assert bert.traits[0].words == "Bert, a boy of ten"
