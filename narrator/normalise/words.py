"""Numbers in English words, by the rules of the Unicode CLDR (UTS #35, part 3, RBNF)."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

_LONGEST = 15
"""Digits of the longest number that is read as one; a longer one is read digit by digit."""

_DIGITS = "zero one two three four five six seven eight nine".split()


@cache
def _engine() -> RbnfEngine:
    from unicode_rbnf import RbnfEngine  # reads XML, which most sentences can do without

    return RbnfEngine.for_language("en")


@lru_cache(maxsize=4096)
def _formatted(number: int, rules: str) -> str:
    words: str = _engine().format_number(number, ruleset_names=[rules]).text
    return words


def cardinal(figures: str) -> str:
    """``3,000`` as “three thousand”, ``-2.5`` as “minus two point five”, ``007`` by its digits."""
    bare = figures.replace(",", "").replace(" ", "")
    sign = "minus " if bare[:1] in "-−" else ""
    whole, point, rest = bare.lstrip("-−").partition(".")
    if point:
        return f"{sign}{cardinal(whole) + ' ' if whole else ''}point {digits(rest)}"
    if len(whole) > _LONGEST or (len(whole) > 1 and whole[0] == "0"):
        return sign + digits(whole)
    return sign + _formatted(int(whole), "spellout-cardinal-verbose")


def ordinal(number: int) -> str:
    """21 as “twenty-first”."""
    if len(str(number)) > _LONGEST:
        return digits(str(number)) + "th"
    return _formatted(number, "spellout-ordinal-verbose")


def year(number: int) -> str:
    """1997 as “nineteen ninety-seven”, 1905 as “nineteen oh five”, 2005 as a plain number."""
    if 1000 < number < 1100:
        return room(str(number))
    if 2000 <= number <= 2009 or number <= 1000:
        return cardinal(str(number))
    return _formatted(number, "spellout-numbering-year").replace("oh-", "oh ")


def digits(figures: str) -> str:
    """``007`` as “zero zero seven”; what is no digit is passed over."""
    return " ".join(_DIGITS[int(figure)] for figure in figures if figure in "0123456789")


def room(figures: str) -> str:
    """Three or four figures in pairs, as rooms and flights have them: 101 is “one oh one”."""
    head, tail = figures[:-2], figures[-2:]
    if tail == "00":
        return f"{cardinal(head)} hundred"
    last = f"oh {digits(tail[1])}" if tail[0] == "0" else cardinal(tail)
    return f"{cardinal(head)} {last}"


def plural(words: str) -> str:
    """Of a number word: “twenties”, “nineteen hundreds”, “sixes”."""
    if words.endswith("y"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(("x", "s")) else "s")


_PARTS = {2: "half", 4: "quarter"}


def fraction(above: int, below: int) -> str:
    """3/4 as “three quarters”, 1/2 as “one half”."""
    part = _PARTS.get(below) or ordinal(below)
    if above != 1:
        part = "halves" if below == 2 else part + "s"
    return f"{cardinal(str(above))} {part}"
