"""Vocatives: who is spoken to inside a quotation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from narrator.attribute.lexicon import words
from narrator.attribute.names import Name
from narrator.attribute.tokens import Piece
from narrator.model import Gender

__all__ = ["Call", "find_calls", "is_vocative"]

_EDGE = frozenset(
    {
        *'"“”„«»‘’‹›「」『』`',
        ",",
        ".",
        "!",
        "?",
        ";",
        ":",
        "…",
        "...",
        "....",
        "—",
        "–",
        "--",
        "(",
        ")",
        "'",
    }
)
_SOFT_INTRO = frozenset(
    "oh o ah yes no well but and hello hullo hallo hi hey please dear why now so come good".split()
)
_TAIL = words("vocative_tail")
_GREETINGS = frozenset("hello hullo hallo hi hey thanks".split())


class Call(NamedTuple):
    """Someone addressed: by the name at `name` of its piece, or by a noun such as *sir*."""

    name: int
    """Index into the names of the piece, or -1."""
    noun: str
    gender: Gender


def is_vocative(piece: Piece, start: int, end: int) -> bool:
    """Whether the tokens ``[start, end)`` of a quotation call someone."""
    lower, size = piece.lower, len(piece.lower)
    after = lower[end] if end < size else '"'
    i = start - 1
    while i >= 0 and lower[i] in _TAIL:
        i -= 1
    had_tail = i != start - 1
    before = lower[i] if i >= 0 else '"'
    is_closing = after in ("'", "’") and end + 1 == size
    if not is_closing and (after not in _EDGE or after in ("(", "'", "’")):
        return before in _GREETINGS and end == size
    if before in _EDGE:
        return not _is_listed(lower, i, end)
    if before in _SOFT_INTRO:
        j = i - 1
        return j < 0 or lower[j] in _EDGE or had_tail or before in _GREETINGS
    return False


def _is_listed(lower: Sequence[str], before: int, end: int) -> bool:
    """A name among others, or one that its sentence goes on about: *Tom, Dick and Harry*."""
    if before >= 0 and lower[before] == "," and end < len(lower) and lower[end] == ",":
        following = lower[end + 1 : end + 2]
        return following in (["who"], ["whom"], ["which"], ["whose"], ["and"])
    return end < len(lower) and lower[end] == "," and lower[end + 1 : end + 2] == ["who"]


def find_calls(piece: Piece, names: Sequence[Name]) -> list[Call]:
    """Everyone addressed in a quotation, in order."""
    found = [
        Call(k, "", Gender.UNKNOWN)
        for k, name in enumerate(names)
        if not name.is_possessive and is_vocative(piece, name.start, name.end)
    ]
    inside = {i for name in names for i in range(name.start, name.end)}
    male, female = words("vocative_male"), words("vocative_female")
    for i, word in enumerate(piece.lower):
        if i in inside:
            continue
        gender = Gender.MALE if word in male else Gender.FEMALE if word in female else None
        if gender is None and word not in words("vocative_either"):
            continue
        if is_vocative(piece, i, i + 1):
            found.append(Call(-1, word, gender or Gender.UNKNOWN))
    return found
