from __future__ import annotations

from narrator.read.layout import detect_layout, paragraphs_of, rows_of
from narrator.read.outline import CHAPTER, PART, SECTION, Heading, find_headings
from tests.read.values import read, titles

_PROSE = (
    "It rained on the mill and on the miller, and nobody came to the door that day.\n"
    "He sat and listened to the wheel, and it went round as it had always done.\n"
)


def _headings(text: str) -> list[tuple[str, int]]:
    return [(text[h.start : h.end], h.level) for h in _find(text)]


def _find(text: str) -> list[Heading]:
    layout = detect_layout(text)
    units = list(paragraphs_of(text, list(rows_of(text)), layout))
    return find_headings(text, units, layout, None)


def _book(*headings: str) -> str:
    return "\n".join(f"{heading}\n\n{_PROSE}" for heading in headings)


def test_parts_chapters_and_sections_are_ranked() -> None:
    text = _book("PART I\n\nCHAPTER I", "[1]", "[2]", "CHAPTER II", "[1]", "PART II\n\nCHAPTER III")
    assert _headings(text) == [
        ("PART I", PART),
        ("CHAPTER I", CHAPTER),
        ("[1]", SECTION),
        ("[2]", SECTION),
        ("CHAPTER II", CHAPTER),
        ("[1]", SECTION),
        ("PART II", PART),
        ("CHAPTER III", CHAPTER),
    ]


def test_parts_alone_are_chapters() -> None:
    assert _headings(_book("PART ONE", "PART TWO")) == [
        ("PART ONE", CHAPTER),
        ("PART TWO", CHAPTER),
    ]


def test_bare_numbers_count_on_or_are_none() -> None:
    assert [row for row, _ in _headings(_book("I.", "II.", "III."))] == ["I.", "II.", "III."]
    assert _headings(f"{_PROSE}\n12\n\n{_PROSE}") == []
    assert _headings(f"{_PROSE}\nI.\n\n{_PROSE}") == []
    assert [row for row, _ in _headings(_book("1", "2", "MCM", "3"))] == ["1", "2", "3"]


def test_bare_numbers_start_anew_below_a_part_or_go_on() -> None:
    anew = _book("BOOK I\n\nI.", "II.", "BOOK II\n\nI.", "II.")
    on = _book("BOOK I\n\nI.", "II.", "BOOK II\n\nIII.", "IV.")
    assert [row for row, _ in _headings(anew)] == ["BOOK I", "I.", "II.", "BOOK II", "I.", "II."]
    assert [row for row, _ in _headings(on)] == ["BOOK I", "I.", "II.", "BOOK II", "III.", "IV."]


def test_a_title_may_stand_below() -> None:
    text = _book("CHAPTER I.\nThe Mill", "CHAPTER II.\n\nTHE WEIR", "CHAPTER III")
    assert [h.title for h in _find(text)] == ["The Mill", "THE WEIR", ""]
    assert _headings(text)[1][0] == "CHAPTER II.\n\nTHE WEIR"


def test_a_sentence_below_is_a_title_only_where_it_is_the_custom() -> None:
    kept = _book("CHAPTER I", "CHAPTER II\n\nHe slept.", "CHAPTER III")
    taken = _book("CHAPTER I\n\nOf mills.", "CHAPTER II\n\nOf weirs.", "CHAPTER III\n\nOf rain.")
    assert [h.title for h in _find(kept)] == ["", "", ""]
    assert [h.title for h in _find(taken)] == ["Of mills.", "Of weirs.", "Of rain."]


def test_short_sentences_that_chapters_begin_with_are_no_titles() -> None:
    rows = ("The gate was open.", "Mr. Hale stood on the wall.", "Nobody had come.")
    text = _book(*(f"Chapter {n}\n\n{row}" for n, row in enumerate(rows, 1)))
    assert [h.title for h in _find(text)] == ["", "", ""]
    some = _book(
        "Chapter 1\n\nIn which it rains.",
        "Chapter 2\n\nHow the mill was sold",
        "Chapter 3\n\nNobody is glad.",
    )
    assert [h.title for h in _find(some)][-1] == "Nobody is glad."
    many = _book(*(f"Chapter {n}\n\nNobody is glad of it." for n in range(1, 7)))
    assert {h.title for h in _find(many)} == {"Nobody is glad of it."}


def test_prose_may_follow_in_the_next_row() -> None:
    text = f"Chapter 1\n{_PROSE}{_PROSE}\nChapter 2\n{_PROSE}{_PROSE}"
    assert [row for row, _ in _headings(text)] == ["Chapter 1", "Chapter 2"]


def test_a_number_may_stand_below_its_word() -> None:
    text = _book("CHAPTER\n  1", "CHAPTER\n  2")
    assert [h.label.number for h in _find(text)] == [1, 2]


def test_lone_capitals_are_titles_where_the_book_sets_them_apart() -> None:
    text = "\n\n".join(f"\n\n{title}\n\n{_PROSE * 5}" for title in ("THE MILL", "THE WEIR"))
    assert _headings(text) == [("THE MILL", CHAPTER), ("THE WEIR", CHAPTER)]


def test_shouts_are_no_titles() -> None:
    text = f"{_PROSE}\n“STOP!”\n\n{_PROSE}\nSTOP THAT!\n\n{_PROSE}\nNO ENTRY\n\n{_PROSE}"
    assert _headings(text) == []


def test_a_number_that_somebody_says_is_no_heading() -> None:
    text = "It rained.\n\nOne.\n\nTwo.\n\nHe counted.\n\nThree.\n"
    assert read(text.encode(), "a.txt").chapters[0].headings == ()
    long = "\n\n".join(f"{n}.\n\n{'It rained on the mill. ' * 40}" for n in ("One", "Two"))
    assert titles(read(long.encode(), "a.txt")) == ["Chapter One", "Chapter Two"]
