from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.read.numerals import is_roman, number_of


def _roman(number: int) -> str:
    steps = [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    out = ""
    for value, glyphs in [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), *steps]:
        while number >= value:
            out, number = out + glyphs, number - value
    return out


@given(st.integers(1, 300))
def test_roman_numerals(number: int) -> None:
    assert number_of(_roman(number)) == number
    assert number_of(_roman(number).lower()) == number
    assert is_roman(_roman(number))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("07", 7),
        ("One", 1),
        ("FIRST", 1),
        ("twenty-one", 21),
        ("Thirty Second", 32),
        ("hundredth", 100),
        ("IIII", 4),
    ],
)
def test_other_numerals(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["", "IVX", "VV", "twenty-ten", "many", "12345", "1a"])
def test_what_is_no_number(text: str) -> None:
    assert number_of(text) is None
