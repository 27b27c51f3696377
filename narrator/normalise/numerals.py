"""Roman numerals."""

from __future__ import annotations

_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def roman_value(numeral: str) -> int:
    """The value of a Roman numeral made of I, V, X, L and C, in either case."""
    values = [_ROMAN_VALUES[letter] for letter in numeral.casefold()]
    return sum(
        -value if any(later > value for later in values[i + 1 : i + 2]) else value
        for i, value in enumerate(values)
    )
