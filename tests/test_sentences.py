from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.sentences import sentence_spans


def split(text: str, limit: int = 400) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, limit=limit)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("Mr. Hale met Dr. Brown. They sat.", ["Mr. Hale met Dr. Brown. ", "They sat."]),
        ("“Stop!” he cried. “Now.”", ["“Stop!” he cried. ", "“Now.”"]),
        ("“Stop!” Then he ran.", ["“Stop!” ", "Then he ran."]),
        ("J. R. Hale came. So did I. He left.", ["J. R. Hale came. ", "So did I. ", "He left."]),
        ("No. Never.", ["No. ", "Never."]),
        ("I waited … and then … nothing.", ["I waited … and then … nothing."]),
        ("It cost 3.50 at 9.15. Cheap.", ["It cost 3.50 at 9.15. ", "Cheap."]),
        ("Wait. . . . Go.", ["Wait. ", ". . . Go."]),
        ("Yes. — ”", ["Yes. — ”"]),
        ("", []),
        ("...", ["..."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_a_long_sentence_is_cut_at_its_largest_break() -> None:
    text = "one two three, four five six; seven eight nine, ten eleven"
    assert split(text, limit=40) == [
        "one two three, four five six; ",
        "seven eight nine, ten eleven",
    ]
    assert split("word " * 30, limit=50)[0] == "word " * 10
    assert [len(piece) for piece in split("x" * 95, limit=40)] == [40, 40, 15]


@given(st.text(alphabet="aB1 .!?…,;—\"'“”‘’\n\t", max_size=200), st.integers(10, 60))
def test_sentences_tile_the_text_and_are_bounded_and_speakable(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join(pieces) == text
    if any(map(str.isalnum, text)):
        assert all(any(map(str.isalnum, piece)) for piece in pieces)


@given(st.text(max_size=300))
def test_sentences_tile_any_text(text: str) -> None:
    assert "".join(split(text)) == text
