"""Numbers as headings write them: ``IV``, ``4``, ``Four``, ``the Fourth``."""

from __future__ import annotations

import re

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_TEENS = "fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ORDINAL_TENS = (
    "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth"
)


def _words() -> dict[str, int]:
    small = {word: n for n, word in enumerate(f"{_UNITS} {_TEENS}".split())}
    small_ordinals = {word: n for n, word in enumerate(_ORDINALS.split())}
    found = {**small, **small_ordinals}
    for place, (ten, tenth) in enumerate(
        zip(_TENS.split(), _ORDINAL_TENS.split(), strict=False), start=2
    ):
        found[ten] = found[tenth] = 10 * place
        for word, n in [*small.items(), *small_ordinals.items()]:
            if 1 <= n <= 9:
                found[f"{ten}-{word}"] = found[f"{ten} {word}"] = 10 * place + n
    found["hundred"] = found["one hundred"] = found["hundredth"] = 100
    del found["zeroth"]
    return found


WORDS = _words()
_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

WORD_PATTERN = "|".join(
    word.replace(" ", r"\s").replace("-", r"-")
    for word in sorted(WORDS, key=lambda word: (-len(word), word))
)
NUMBER_PATTERN = rf"(?:\d{{1,4}}|[IVXLCDM]+|{WORD_PATTERN})"
"""Matches what `number_of` may understand; to be used with ``re.IGNORECASE``."""


def number_of(text: str) -> int | None:
    """The value of a numeral or number word; None where it is neither.

    Roman numerals must be well formed (``IIII`` is let pass, as clocks and old books write it).
    """
    bare = re.sub(r"\s+", " ", text.strip().lower())
    if bare.isdecimal() and len(bare) <= 4:
        return int(bare)
    if bare in WORDS:
        return WORDS[bare]
    roman = bare.upper()
    if len(roman) <= 15 and roman and _ROMAN.fullmatch(roman):
        values = [_ROMAN_VALUES[char] for char in roman]
        return sum(-value if value < max(values[i:]) else value for i, value in enumerate(values))
    return None


def is_roman(text: str) -> bool:
    """Whether `text` is a Roman numeral rather than digits or a word."""
    return text.upper().strip("MDCLXVI") == "" and number_of(text) is not None
