from __future__ import annotations

from narrator.read.contents import Contents, find_contents, title_key
from narrator.read.layout import Paragraph, detect_layout, paragraphs_of, rows_of

_PROSE = "It rained on the mill and on the miller, and nobody came to the door."


def _find(text: str) -> tuple[Contents | None, list[Paragraph]]:
    units = list(paragraphs_of(text, list(rows_of(text)), detect_layout(text)))
    return find_contents(text, units), units


def test_a_marked_list_ends_where_the_book_begins() -> None:
    text = (
        "CONTENTS\n\nI. The Mill . . . . 1\nII. The Weir . . . . 20\n\n"
        f"I. The Mill\n\n{_PROSE}\n\nII. The Weir\n\n{_PROSE}\n"
    )
    contents, units = _find(text)
    assert contents is not None
    assert (contents.first, contents.last) == (0, 1)
    assert contents.titles == {"themill", "theweir"}
    assert text[units[2].start :].startswith("I. The Mill\n\nIt")


def test_a_list_of_titles_alone() -> None:
    text = (
        f"Contents\n\nThe Mill  3\n\nThe Weir  9\n\nThe Mill\n\n{_PROSE}\n\nThe Weir\n\n{_PROSE}\n"
    )
    contents, _ = _find(text)
    assert contents is not None
    assert (contents.first, contents.last) == (0, 2)
    assert contents.titles == {"themill", "theweir"}


def test_a_list_without_its_name() -> None:
    rows = "".join(f"Chapter {n}\n" for n in range(1, 6))
    body = "".join(f"Chapter {n}\n\n{_PROSE}\n\n" for n in range(1, 6))
    contents, _ = _find(f"{rows}\n{body}")
    assert contents is not None
    assert (contents.first, contents.last) == (0, 0)


def test_a_list_by_parts_that_number_anew() -> None:
    listed = "PART I\n\nChapter 1\n\nChapter 2\n\nPART II\n\nChapter 1\n\nChapter 2\n\n"
    contents, _ = _find(f"{listed}PART I\n\nChapter 1\n\n{_PROSE}\n\nChapter 2\n\n{_PROSE}\n")
    assert contents is not None
    assert (contents.first, contents.last) == (0, 5)


def test_a_part_and_its_first_chapter_are_no_list() -> None:
    contents, _ = _find(f"BOOK I\n\nPART I\n\nChapter 1\n\n{_PROSE}\n")
    assert contents is None


def test_title_key_knows_only_letters_and_digits() -> None:
    assert title_key("The Mill ........ 12") == title_key("THE MILL.") == "themill"
