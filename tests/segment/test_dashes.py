from __future__ import annotations

import pytest

from tests.segment.parts import cut

_MORE = "\n\n— Good night.\n\n— Good night, sir.\n\n— Good night.\n"


@pytest.mark.parametrize(
    ("turn", "rows"),
    [
        ("— Hello.", ["d — Hello."]),
        ("– Hello.", ["d – Hello."]),
        ("-- Hello.", ["d -- Hello."]),
        ("- Hello.", ["d - Hello."]),
        ("— Hello, — said he.", ["d — Hello,", "n — said he."]),
        (
            "— Hello, — said he. — Come in.",
            ["d — Hello,", "n — said he.", "d — Come in."],
        ),
        (
            "— No. — He shut the book. He sighed. — Not again.",
            ["d — No.", "n — He shut the book. He sighed.", "d — Not again."],
        ),
        ("— I think — no, I know — that it rains.", ["d — I think — no, I know — that it rains."]),
        ("— If it were only —", ["d — If it were only —"]),
        ("—Hello, said he.", ["d —Hello,", "n said he."]),
        ("—Hello! he said gaily. Come in.", ["d —Hello!", "n he said gaily.", "d Come in."]),
        ("—Look, he said, you fool!", ["d —Look,", "n he said,", "d you fool!"]),
        (
            "—Hello —said he—. Come in.",
            ["d —Hello", "n —said he—.", "d Come in."],
        ),
        ("— «Dear Ann», — he read. — Well?", ["d — «Dear Ann»,", "n — he read.", "d — Well?"]),
    ],
)
def test_turns(turn: str, rows: list[str]) -> None:
    assert cut(turn + _MORE)[: len(rows)] == rows
    assert cut(turn + _MORE)[len(rows)] == "d — Good night."


def test_paragraphs_without_a_dash_are_narration_letters_too() -> None:
    text = "She opened it.\n\n«Dear Ann, the river is high. Yours, Bob.»\n\nIt was «short»." + _MORE
    assert [row[0] for row in cut(text)] == list("nnnddd")


def test_a_dash_begins_nothing_in_a_book_of_quotation_marks() -> None:
    text = '"One," said Ann.\n\n"Two."\n\n"Three."\n\n-- That was all.\n\n"Four," said Bob.\n'
    assert "n -- That was all." in cut(text)
