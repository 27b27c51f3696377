"""The package's own function: `narrator.read.read_book`."""

from __future__ import annotations

import pytest

from narrator.errors import StoryError
from narrator.read import read_book, suffixes


def test_plain_text_is_read_whatever_the_suffix() -> None:
    for name in ("story.txt", "STORY.TXT", "story", "story.unheard-of"):
        book = read_book(b"The Mill\n\nby A. Miller\n\nIt rained all day.", name=name)
        assert (book.title, book.author) == ("The Mill", "A. Miller")


def test_offsets_are_those_of_the_file() -> None:
    data = "It rained.\r\n\r\n“Où?” said Zoë.\r\n".encode()
    book = read_book(data, name="story.txt")
    assert "".join(chapter.text for chapter in book.chapters) == data.decode("utf-8")


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"* * *\n\n...\n", b"\xef\xbb\xbf"])
def test_nothing_to_speak_is_one_clear_line(data: bytes) -> None:
    with pytest.raises(StoryError, match=r"^story\.txt (?:is empty|has no words)[^\n]*$"):
        read_book(data, name="story.txt")


def test_plain_text_has_a_reader() -> None:
    assert ".txt" in suffixes()
