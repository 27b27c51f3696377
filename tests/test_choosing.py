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
        ConfigError, match=r"a\.cast\.toml, line 3: .*no chapter 'Nine'.*1 “Chapter 1"
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
    assert changed_choice(BOOK, only, include=["2"]) == ChapterChoice(include=(1, "Chapter 2"))


def test_the_rest_of_a_cast_file_stays_as_it_is() -> None:
    old = '# mine\ntitle = "A"  # yes\n\n[narrator]\nvoice = "Nora"\n'
    new = with_choice(old, ChapterChoice(exclude=("Preface", 3)))
    assert new.startswith(old)
    assert cast_file(new).chapters == ChapterChoice(exclude=("Preface", 3))
    assert cast_file(with_choice(new, ChapterChoice())).chapters == ChapterChoice()
    assert cast_file(with_choice(None, ChapterChoice(include=(2,)))).chapters.include == (2,)


def edited(text: str, *, include: str = "", exclude: str = "", every: bool = False) -> str:
    names = {"include": [include] if include else [], "exclude": [exclude] if exclude else []}
    after = with_choice(text, changed_choice(BOOK, cast_file(text), every=every, **names))
    cast_file(after)
    return after


def test_what_is_written_of_the_chapters_stays_as_it_is_where_it_still_holds() -> None:
    text = "[chapters]\nexclude = [\n  1,       # the prologue, dull\n]\n\n# Long.\n[pauses]\n"
    after = edited(text, exclude="3")
    assert after == text.replace("dull\n", 'dull\n  "Chapter 3",\n')
    assert edited(after, include="3") == text
    assert edited(after, include="1") == after.replace("  1,       # the prologue, dull\n", "")
    assert edited(text, every=True, exclude="1") == text
    for same in (edited(text, exclude="1"), edited(text, include="2")):
        assert same == text
    windows = text.replace("\n", "\r\n")
    assert edited(windows, exclude="3") == after.replace("\n", "\r\n")


def test_a_list_of_chapters_may_be_written_in_any_way_of_toml() -> None:
    rows = "[chapters]\nexclude = [\n  # dull\n  2 # two\n  # no more\n]\n"
    assert edited(rows, exclude="1") == (
        '[chapters]\nexclude = [\n  # dull\n  2, # two\n  # no more\n  "Chapter 1",\n]\n'
    )
    assert edited(rows, every=True) == "[chapters]\nexclude = [\n  # dull\n  # no more\n]\n"
    assert edited("[chapters]\nexclude = [2]\n", exclude="1") == (
        '[chapters]\nexclude = [2, "Chapter 1"]\n'
    )
    assert read(edited("[chapters]\nexclude = [2 # x\n, 3]\n", include="2")) == [1, 2]
    assert read(edited("chapters = { exclude = [2] }\n", exclude="1")) == [3]
    assert read(edited("chapters.exclude = [2]\n", include="2")) == [1, 2, 3]


def test_a_table_with_comments_is_not_deleted() -> None:
    text = "[chapters]\nexclude = [1]\n\n# Long.\n[pauses]\nscene_ms = 3000\n"
    assert edited(text, include="1") == text.replace("exclude = [1]\n", "")
    assert "[chapters]" not in edited("[chapters]\nexclude = [1]\n[pauses]\n", every=True)


def test_what_is_taken_in_and_left_out_again_stays_so() -> None:
    text = "[chapters]\ninclude = [2, 3] # these\nexclude = [3] # but\n"
    assert edited(text, include="3") == text.replace("exclude = [3] # but\n", "")
    assert edited(text, include="1") == text.replace("[2, 3]", '[2, 3, "Chapter 1"]')
    with pytest.raises(StoryError, match="anything to speak"):
        edited(text, exclude="2")
