from __future__ import annotations

import pytest

from narrator.read.headings import is_keyword_alone, read_label, show_label


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("Chapter 1", "Chapter 1"),
        ("CHAPTER I. The Mill", "Chapter 1: The Mill"),
        ("CHAPTER I: THE MILL", "Chapter 1: The Mill"),
        ("CHAPTER XIV THE MILL AT NIGHT", "Chapter 14: The Mill at Night"),
        ("Chapter One - The Mill", "Chapter One: The Mill"),
        ("CHAP. IV.", "Chapter 4"),
        ("Ch. 3", "Chapter 3"),
        ("chapter 2", "Chapter 2"),
        ("=== Chapter 2 ===", "Chapter 2"),
        ("__CHAPTER II (27)", "Chapter 2"),
        ("PART TWO", "Part Two"),
        ("PART ONE--The Old Mill", "Part One: The Old Mill"),
        ("VOL. II.", "Volume 2"),
        ("Book First", "Book First"),
        ("Part the Second: The Mill", "Part the Second: The Mill"),
        ("THE FIRST PART", "The First Part"),
        ("Letter 12", "Letter 12"),
        ("Prologue", "Prologue"),
        ("EPILOGUE: THE MILL AGAIN", "Epilogue: The Mill Again"),
        ("I.", "Chapter 1"),
        ("[ 4 ]", "Chapter 4"),
        ("— II —", "Chapter 2"),
        ("12", "Chapter 12"),
        ("THREE", "Chapter Three"),
        ("I. The Return", "1. The Return"),
        ("02 The Hunt", "2. The Hunt"),
    ],
)
def test_headings(row: str, shown: str) -> None:
    label = read_label(row)
    assert label is not None
    assert show_label(label, label.title) == shown


@pytest.mark.parametrize(
    "row",
    [
        "Chapter 1 was dull.",
        "Part two of the plan was simple.",
        "Part I liked best was the end.",
        "Book me a room.",
        "I have a dream",
        "I Have a Dream",
        "one",
        "Introduction of the guests took an hour.",
        "Day 3 they spent in bed.",
        "A chapter of accidents",
        "He said: 12",
        "Chapter 1 " + "and " * 100,
        "",
    ],
)
def test_sentences_are_no_headings(row: str) -> None:
    assert read_label(row) is None


def test_parts_are_over_chapters() -> None:
    part, chapter, bare = (read_label(row) for row in ("BOOK I", "CHAPTER I", "I"))
    assert part is not None
    assert chapter is not None
    assert bare is not None
    assert (part.is_part, chapter.is_part, bare.is_bare) == (True, False, True)


def test_a_keyword_may_stand_alone() -> None:
    assert is_keyword_alone("  CHAPTER ")
    assert not is_keyword_alone("Chapter 1")
