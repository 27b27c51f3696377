from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.config import PauseConfig
from narrator.direct import direct
from narrator.errors import StoryError
from narrator.ledger import settle
from narrator.model import NARRATOR, Cast, Role, Script, Take
from narrator.reels import take_s
from narrator.selection import Preview, Selection, select_beginning, select_chapters
from tests.values import headed, said, script_of, told, voice

CAST = Cast(narrator=Role(character=NARRATOR, voice=voice("Fay")), roles=())
PAUSES = PauseConfig()

BOOK = script_of(
    *(
        [
            headed(f"Chapter {number}: {name}\n\n"),
            told(f"It was in {name} that it began. " * 20 + "\n\n"),
            said(None, '"Well," '),
            told("said somebody. Nobody else was there.\n\n"),
        ]
        for number, name in enumerate(("Spring", "Summer", "Autumn", "Winter"), 1)
    )
)


def spoken_chapters(chosen: Script) -> list[int]:
    takes = tuple(direct(chosen, CAST, PAUSES))
    settle(chosen, takes)  # raises where the ledger is not honest
    return sorted({take.chapter + 1 for take in takes})


@pytest.mark.parametrize(
    ("selection", "chapters"),
    [
        (Selection(), [1, 2, 3, 4]),
        (Selection(chapters="2"), [2]),
        (Selection(chapters="1-2, 4"), [1, 2, 4]),
        (Selection(chapters="3–4"), [3, 4]),
        (Selection(first="3"), [3, 4]),
        (Selection(last="2"), [1, 2]),
        (Selection(first="2", last="chapter 3"), [2, 3]),
        (Selection(first="CHAPTER  4"), [4]),
        (Selection(chapters="1-3", first="3"), [3]),
    ],
)
def test_chapters_are_selected(selection: Selection, chapters: list[int]) -> None:
    assert spoken_chapters(select_chapters(BOOK, selection)) == chapters


@pytest.mark.parametrize(
    "selection",
    [
        Selection(chapters="5"),
        Selection(chapters="0-2"),
        Selection(chapters="two"),
        Selection(chapters="1,,2"),
        Selection(first="Chapter"),
        Selection(last="Epilogue"),
        Selection(first="9"),
        Selection(first="3", last="2"),
    ],
)
def test_a_wrong_selection_lists_the_chapters(selection: Selection) -> None:
    listed = r"the chapters are 1 “Chapter 1”, 2 “Chapter 2”, "
    with pytest.raises(StoryError, match=listed) as info:
        select_chapters(BOOK, selection)
    assert "\n" not in str(info.value)


def test_a_range_that_runs_backwards_is_called_that() -> None:
    with pytest.raises(StoryError, match=r"3-2 runs backwards: write 2-3"):
        select_chapters(BOOK, Selection(chapters="3-2"))


def test_what_is_not_selected_is_skipped_with_that_reason() -> None:
    chosen = select_chapters(BOOK, Selection(chapters="2"))
    ledger = settle(chosen, tuple(direct(chosen, CAST, PAUSES)))
    other = sum(len(chapter.text) for chapter in BOOK.book.chapters if chapter.index != 1)
    assert ledger.skipped == (("not selected", other),)


def length_s(takes: tuple[Take, ...]) -> float:
    return sum(map(take_s, takes))


@settings(deadline=None)
@given(st.floats(1, 400), st.booleans())
def test_a_preview_is_the_beginning_and_about_as_long_as_asked(
    seconds: float, each_chapter: bool
) -> None:
    takes = tuple(direct(BOOK, CAST, PAUSES))
    preview = Preview(seconds=seconds, each_chapter=each_chapter)
    chosen = select_beginning(BOOK, takes, preview)
    some = tuple(direct(chosen, CAST, PAUSES))
    settle(chosen, some)
    groups = [(tuple(takes), tuple(some))]
    if each_chapter:
        groups = [
            (tuple(t for t in takes if t.chapter == n), tuple(t for t in some if t.chapter == n))
            for n in range(4)
        ]
    for whole, part in groups:
        assert [t.text for t in part] == [t.text for t in whole[: len(part)]]
        longest = max(map(take_s, whole)) + PAUSES.chapter_ms / 1000  # a cut makes an end
        assert min(seconds, length_s(whole)) - longest <= length_s(part) <= seconds + longest


def test_the_lines_of_a_preview_tile_the_book() -> None:
    takes = tuple(direct(BOOK, CAST, PAUSES))
    chosen = select_beginning(BOOK, takes, Preview(seconds=20))
    for chapter in BOOK.book.chapters:
        spans = [
            line.segment.span for line in chosen.lines if line.segment.chapter == chapter.index
        ]
        assert spans[0].start == 0
        assert spans[-1].end == len(chapter.text)
        assert all(a.end == b.start for a, b in itertools.pairwise(spans))
