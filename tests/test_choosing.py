from __future__ import annotations

import pytest

from narrator.castfile import CastFile, ChapterChoice, read_cast_file
from narrator.choosing import EXCLUDED, changed_choice, choose_chapters, with_choice
from narrator.errors import ConfigError, StoryError
from narrator.model import Script
from tests.values import headed, script_of, told

BOOK: Script = script_of(
    *([headed(f"{name}\n\n"), told("It rained.")] for name in ("One", "Two", "Three"))
)


def cast_file(text: str) -> CastFile:
    return read_cast_file(text.encode(), "a.cast.toml")


def read(text: str) -> list[int]:
    script = choose_chapters(BOOK, cast_file(text))
    return sorted(
        {line.segment.chapter + 1 for line in script.lines if not line.segment.skip_reason}
    )


@pytest.mark.parametrize(
    ("text", "chapters"),
    [
        ("", [1, 2, 3]),
        ("[chapters]\nexclude = [2]", [1, 3]),
        ('[chapters]\nexclude = ["chapter 2", 3]', [1]),
        ('[chapters]\ninclude = ["Chapter 2", 3]', [2, 3]),
        ("[chapters]\ninclude = [2, 3]\nexclude = [3]", [2]),
    ],
)
def test_a_cast_file_chooses_chapters(text: str, chapters: list[int]) -> None:
    assert read(text) == chapters


def test_what_is_left_out_says_why() -> None:
    script = choose_chapters(BOOK, cast_file("[chapters]\nexclude = [1]"))
    assert {line.segment.skip_reason for line in script.lines} == {EXCLUDED, None}


def test_a_chapter_that_is_not_there_is_named_with_its_line() -> None:
    with pytest.raises(
        ConfigError, match=r"a\.cast\.toml, line 3: .*no chapter 'Nine'.*1 Chapter 1"
    ):
        read('title = "A"\n[chapters]\nexclude = ["Nine"]')
    with pytest.raises(StoryError, match="anything to speak"):
        read("[chapters]\nexclude = [1, 2, 3]")


def test_chapters_are_left_out_and_taken_in_again() -> None:
    choice = changed_choice(BOOK, CastFile(), exclude=["2", "Chapter 3"])
    assert choice == ChapterChoice(exclude=("Chapter 2", "Chapter 3"))
    file = CastFile(chapters=choice)
    assert changed_choice(BOOK, file, include=["3"]) == ChapterChoice(exclude=("Chapter 2",))
    assert changed_choice(BOOK, file, every=True) == ChapterChoice()
    only = CastFile(chapters=ChapterChoice(include=(1,)))
    assert changed_choice(BOOK, only, include=["2"]) == ChapterChoice(
        include=("Chapter 1", "Chapter 2")
    )


def test_the_rest_of_a_cast_file_stays_as_it_is() -> None:
    old = '# mine\ntitle = "A"  # yes\n\n[narrator]\nvoice = "Nora"\n'
    new = with_choice(old, ChapterChoice(exclude=("Preface", 3)))
    assert new.startswith(old)
    assert cast_file(new).chapters == ChapterChoice(exclude=("Preface", 3))
    assert cast_file(with_choice(new, ChapterChoice())).chapters == ChapterChoice()
    assert cast_file(with_choice(None, ChapterChoice(include=(2,)))).chapters.include == (2,)
