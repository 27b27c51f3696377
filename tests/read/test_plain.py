from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.model import Book
from narrator.read.plain import book_of

_PROSE = (
    "It rained on the mill and on the miller, and nobody came to the door that day.\n"
    "He sat and listened to the wheel, and it went round as it had always done.\n"
)
_PIECES = st.lists(
    st.sampled_from(
        [
            "Chapter 1\n\n",
            "CHAPTER II.\nThe Weir\n\n",
            "PART ONE\n\n",
            "I.\n\n",
            "II.\n\n",
            "CONTENTS\n\n",
            "Title: x\nSummary: y\n\n",
            "by A. Miller\n\n",
            "“It turns.”\n— A Miller\n\n",
            "* * *\n\n",
            "\n\n\n",
            "THE END\n",
            "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n",
            "*** END OF THE PROJECT GUTENBERG EBOOK X ***\n",
            "[Illustration]\n\n",
            "  ",
            "CHAPTER\n",
            _PROSE + "\n",
            "“Hello,” said Ann.\r\n\r\n",
        ]
    ),
    max_size=20,
).map("".join)


def _check(book: Book, text: str) -> None:
    assert "".join(chapter.text for chapter in book.chapters) == text
    at = 0
    for index, chapter in enumerate(book.chapters):
        assert (chapter.index, chapter.start) == (index, at)
        at += len(chapter.text)
        marked = sorted(
            [*chapter.headings, *chapter.epigraphs, *(skip.span for skip in chapter.skips)]
        )
        end = 0
        for span in marked:
            assert end <= span.start < span.end <= len(chapter.text)
            end = span.end
        assert list(chapter.headings) == sorted(chapter.headings)
        assert all(skip.reason for skip in chapter.skips)


@given(st.one_of(st.text(max_size=300), _PIECES))
def test_chapters_tile_any_text(text: str) -> None:
    _check(book_of(text, name="x.txt"), text)


def _titles(text: str) -> list[str]:
    book = book_of(text, name="x.txt")
    _check(book, text)
    return [chapter.title for chapter in book.chapters]


def test_chapters_of_a_novel() -> None:
    text = (
        "THE MILL\n\nby A. Miller\n\nCONTENTS\n\nCHAPTER I. The Rain\nCHAPTER II. The Weir\n\n"
        f"CHAPTER I.\nThe Rain\n\n\n{_PROSE}\n\nCHAPTER II.\nThe Weir\n\n\n{_PROSE}\nTHE END\n"
    )
    book = book_of(text, name="x.txt")
    assert (book.title, book.author) == ("The Mill", "A. Miller")
    assert _titles(text) == ["Chapter 1: The Rain", "Chapter 2: The Weir"]
    first = book.chapters[0]
    assert [skip.reason for skip in first.skips] == [
        "title",
        "author",
        "table of contents",
        "table of contents",
    ]
    assert [span.of(first.text) for span in first.headings] == ["CHAPTER I.\nThe Rain"]
    assert book.chapters[1].text.startswith("CHAPTER II.")


def test_parts_are_named_where_numbers_begin_anew() -> None:
    first = f"VOLUME I\n\nCHAPTER I\n\n{_PROSE}\nCHAPTER II\n\n{_PROSE}\n"
    second = f"VOLUME II\n\nCHAPTER I\n\n{_PROSE}\n"
    assert _titles(first + second) == [
        "Volume 1, Chapter 1",
        "Volume 1, Chapter 2",
        "Volume 2, Chapter 1",
    ]


def test_parts_are_named_where_numbers_go_on() -> None:
    first = f"PART I: RAIN\n\nCHAPTER I\n\n{_PROSE}\nCHAPTER II\n\n{_PROSE}\n"
    second = f"PART II: SUN\n\nCHAPTER III\n\n{_PROSE}\nEPILOGUE\n\n{_PROSE}\n"
    assert _titles(first + second) == [
        "Part 1: Rain, Chapter 1",
        "Part 1: Rain, Chapter 2",
        "Part 2: Sun, Chapter 3",
        "Epilogue",
    ]


def test_prose_below_a_part_is_its_own_chapter() -> None:
    text = f"PART I\n\n{_PROSE * 4}\nCHAPTER I\n\n{_PROSE}\nCHAPTER II\n\n{_PROSE}\n"
    assert _titles(text) == ["Part 1", "Part 1, Chapter 1", "Part 1, Chapter 2"]


def test_sections_are_headings_without_a_chapter() -> None:
    text = "\n".join(f"{h}\n\n{_PROSE}" for h in ("CHAPTER I", "[1]", "[2]", "CHAPTER II"))
    book = book_of(text, name="x.txt")
    assert [len(chapter.headings) for chapter in book.chapters] == [3, 1]


def test_front_matter_with_something_to_say_is_a_chapter() -> None:
    poem = "To the Wheel\n\n" + "You turn and turn and never go away.\n" * 20
    text = f"THE MILL\n\nby A. Miller\n\n{poem}\n\nCHAPTER I\n\n{_PROSE}\nCHAPTER II\n\n{_PROSE}"
    assert _titles(text) == ["To the Wheel", "Chapter 1", "Chapter 2"]


def test_a_text_without_headings_is_one_chapter() -> None:
    book = book_of(f"The Mill\n\n{_PROSE}", name="x.txt")
    assert (book.title, _titles(f"The Mill\n\n{_PROSE}")) == ("The Mill", [""])
    assert book.chapters[0].skips[0].reason == "title"


@pytest.mark.parametrize(
    ("name", "title"),
    [("the_old_mill.txt", "the old mill"), ("TheOldMill.txt", "The Old Mill"), (".txt", ".txt")],
)
def test_the_file_name_is_the_last_resort(name: str, title: str) -> None:
    assert book_of(_PROSE, name=name).title == title


def test_the_licence_is_skipped_and_read() -> None:
    text = (
        "The Project Gutenberg eBook of X\n\nTitle: The Mill\nAuthor: A. Miller\n"
        "Language: French\n\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n"
        f"CHAPTER I\n\n{_PROSE}\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\nLicence.\n"
    )
    book = book_of(text, name="x.txt")
    assert (book.title, book.author, book.language) == ("The Mill", "A. Miller", "fr")
    assert _titles(text) == ["Chapter 1"]
    assert {skip.reason for skip in book.chapters[0].skips} == {"Project Gutenberg licence"}


def test_an_epigraph_below_a_heading() -> None:
    text = f"CHAPTER I\n\n“It turns.”\n— A Miller\n\n{_PROSE}\nCHAPTER II\n\n{_PROSE}"
    (epigraph,) = book_of(text, name="x.txt").chapters[0].epigraphs
    assert epigraph.of(text) == "“It turns.”\n— A Miller"


def test_any_line_ending_gives_the_same_chapters() -> None:
    text = f"The Mill\n\nby A. Miller\n\nChapter 1: Rain\n\n{_PROSE}\nChapter 2\n\n{_PROSE}"
    for ending in ("\r\n", "\r"):
        assert (
            _titles(text.replace("\n", ending)) == _titles(text) == ["Chapter 1: Rain", "Chapter 2"]
        )


@pytest.mark.parametrize(
    "first",
    [
        'BOOM. "RUN!" YELLED SAM. "NOW!!!"',
        "「你好，」王明說。",
        "— Wait, said Ann",
        "“Yes,” he said",
    ],
)
def test_a_story_that_begins_with_speech_has_no_title_there(first: str) -> None:
    book = book_of(f"{first}\n\nNothing more was said.\n", name="s.txt")
    assert book.title == "s"
    assert book.chapters[0].skips == ()
