"""`narrator.read.pdf`: pages as programs print them."""

from __future__ import annotations

import builtins
import io
import textwrap
from collections.abc import Sequence

import pypdf
import pytest

from narrator.errors import StoryError
from narrator.read import Limits, Options, read_book
from tests.read.builders import pdf
from tests.read.values import headings, paragraphs, read, skips, titles

_Row = tuple[float, float, str]
_PROSE = (
    "rain fell on the mill all day, and the miller watched it from the door, for there was "
    "nothing else to watch. The wheel stood still. He had heard it turn for forty years, and now "
    "that he could not hear it he slept badly and talked to the cat, which did not answer him."
)
_LEADING = 15.0


def _prose(count: int, first: int = 0) -> list[str]:
    """Paragraphs, none of which begins as another does."""
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    return [f"On {days[n % 7]} {n // 7 + 1} {_PROSE}" for n in range(first, first + count)]


def _page(
    paragraphs: Sequence[str], *, head: str = "", foot: str = "", gap: float = 0
) -> list[_Row]:
    """A page of paragraphs, their first rows indented, or parted by `gap` rows of room."""
    rows: list[_Row] = [(200.0, 770.0, head)] if head else []
    y = 720.0
    for paragraph in paragraphs:
        for n, row in enumerate(textwrap.wrap(paragraph, 70)):
            rows.append((72.0 if n or gap else 90.0, y, row))
            y -= _LEADING
        y -= gap * _LEADING
    return [*rows, *([(300.0, 40.0, foot)] if foot else [])]


def test_running_heads_and_page_numbers_are_skipped() -> None:
    heads = ["A. Miller", "The Mill"]
    pages = [_page(_prose(3, 3 * n), head=heads[n % 2], foot=str(n + 7)) for n in range(8)]
    book = read(pdf(pages), "mill.pdf")
    assert paragraphs(book) == _prose(24)
    found = skips(book)
    assert [text for reason, text in found if reason == "page number"] == ["7 8 9 10 11 12 13 14"]
    assert {text for reason, text in found if reason == "running head"} == set(heads)


def test_a_head_with_the_number_in_it() -> None:
    pages = [_page(_prose(1, n), head=f"{n + 1}  THE MILL") for n in range(6)]
    found = read(pdf(pages), "a.pdf")
    assert {reason for reason, _ in skips(found)} == {"running head", "title"}
    assert paragraphs(found) == _prose(6)


def test_a_paragraph_goes_on_over_the_page() -> None:
    rows = textwrap.wrap(_PROSE, 70)
    full = [(72.0 if n else 90.0, 720 - _LEADING * n, row) for n, row in enumerate(rows[:2])]
    rest = [(72.0, 720 - _LEADING * n, row) for n, row in enumerate(rows[2:])]
    pages = [[*full, (300.0, 40.0, "1")], [*rest, (300.0, 40.0, "2")]]
    assert paragraphs(read(pdf(pages), "a.pdf")) == [_PROSE]


def test_paragraphs_by_room_and_by_indent() -> None:
    for gap in (0, 1):
        assert paragraphs(read(pdf([_page(_prose(3), gap=gap)]), "a.pdf")) == _prose(3)


def test_words_parted_at_the_end_of_a_row_are_joined_and_compounds_stay() -> None:
    rows = (
        "It was a well-known mill, and a well-known miller, and the eve-",
        "ning came. He sat in the well-",
        "known chair and was quiet in it.",
    )
    page = [(90.0 if not n else 72.0, 700 - _LEADING * n, row) for n, row in enumerate(rows)]
    text = paragraphs(read(pdf([page]), "a.pdf"))[0]
    assert "the evening came." in text
    assert "the well-known chair" in text


def test_bookmarks_make_the_chapters() -> None:
    pages = [
        [(72.0, 740.0, "The Wheel"), *_page(_prose(1))],
        _page(_prose(1, 1)),
        [(72.0, 740.0, "The Weir"), *_page(_prose(1, 2))],
    ]
    book = read(pdf(pages, outline=[("The Wheel", 0), ("The Weir", 2)]), "a.pdf")
    assert titles(book) == ["The Wheel", "The Weir"]
    assert headings(book.chapters[1]) == ["The Weir"]
    assert paragraphs(book) == _prose(3)


def test_without_bookmarks_the_words_make_the_chapters() -> None:
    pages = [[(72.0, 740.0, f"Chapter {n}"), *_page(_prose(2, 2 * n))] for n in (1, 2, 3)]
    book = read(pdf(pages), "a.pdf")
    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert paragraphs(book) == _prose(6, 2)


def _protected(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([_page([_PROSE])])))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_password_is_named_and_one_that_only_forbids_printing_is_none() -> None:
    with pytest.raises(StoryError, match=r"mill\.pdf is protected with a password: save"):
        read(_protected("secret"), "mill.pdf")
    assert paragraphs(read(_protected(""), "mill.pdf")) == [_PROSE]


def test_pictures_of_pages_are_named() -> None:
    with pytest.raises(StoryError, match="has pictures of its pages and no text: run it through"):
        read(pdf([[], []]), "scan.pdf")


def test_damage_is_named() -> None:
    data = pdf([_page([_PROSE])])
    with pytest.raises(StoryError, match=r"a\.pdf is a damaged PDF"):
        read(data[:60], "a.pdf")


def test_pages_have_a_limit() -> None:
    data = pdf([_page([_PROSE])] * 3)
    with pytest.raises(StoryError, match=r"3 pages, more than limits\.pages = 2 allows"):
        read_book(data, name="a.pdf", options=Options(limits=Limits(pages=2)))


def test_without_its_library_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def absent(name: str, *args: object) -> object:
        if name == "pypdf":
            raise ModuleNotFoundError(name)
        return real(name, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(StoryError) as info:
        read(pdf([_page([_PROSE])]), "a.pdf")
    assert str(info.value).endswith('needs one library more: python -m pip install "narrator[pdf]"')
