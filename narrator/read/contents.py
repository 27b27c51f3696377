"""The list of contents at the front of a book: it names the chapters, and begins none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from narrator.read.headings import Label, read_label
from narrator.read.layout import Paragraph

_MARKER = re.compile(r"[\W_]*(?:table\s+of\s+)?contents[\W_]*", re.IGNORECASE)
_PAGE = re.compile(r"(?:\s*\.){2,}\s*[\divxl]*$|\s{2,}[\divxl]+$|\t.*$", re.IGNORECASE)
_PAGE_ALONE = re.compile(r"\s+\d{1,3}$")
"""A number of a page with nothing to lead the eye to it; or the title's own."""
_MAX_ENTRY_CHARS = 100
_MAX_ENTRIES = 200
_MAX_UNITS = 2000
_MIN_RUN = 4
_SEARCHED_UNITS = 400
"""A list of contents stands at the front, or there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Where the list is, and the titles it names, as `title_key` writes them."""

    first: int
    """Index of its first unit."""
    last: int
    """Index of its last."""
    titles: frozenset[str]


def title_key(text: str) -> str:
    """A title without its case, number of the page, and anything but letters and digits."""
    bare = _PAGE.sub("", text[: 3 * _MAX_ENTRY_CHARS].strip())
    return "".join(char for char in bare.casefold() if char.isalnum())


def find_contents(text: str, units: Sequence[Paragraph]) -> Contents | None:
    """The list of contents among the units of a text, if it has one."""
    front = units[:_SEARCHED_UNITS]
    for index, unit in enumerate(front):
        first = unit.rows[0]
        if first.end - first.start <= 40 and _MARKER.fullmatch(text, first.start, first.end):
            return _list_from(text, units, index, has_marker=True)
    index = 0
    while index < len(front):
        if _labels(text, front[index]):
            found = _list_from(text, units, index, has_marker=False)
            if found is not None:
                return found
            index = _end_of_run(text, units, index)
        index += 1
    return None


def _labels(text: str, unit: Paragraph) -> list[Label]:
    """What each row of a unit says as a heading, rows that say nothing left out."""
    found = (
        read_label(_PAGE.sub("", text[row.start : row.end]))
        for row in unit.rows[:_MAX_ENTRIES]
        if row.end - row.start <= _MAX_ENTRY_CHARS
    )
    return [label for label in found if label is not None]


def _is_entry(text: str, unit: Paragraph) -> bool:
    """Whether a unit could belong to a list of contents."""
    for row in unit.rows:
        entry = text[row.start : row.end]
        if len(entry) > _MAX_ENTRY_CHARS or entry[0] in '"“‘«„—':
            return False
        if entry[-1] in '.!?”"' and not _PAGE.search(entry) and read_label(entry) is None:
            return False
    return True


def _end_of_run(text: str, units: Sequence[Paragraph], start: int) -> int:
    """Index of the last unit of a run of headings and entries with no prose between them."""
    last = start
    end = min(len(units), start + _MAX_UNITS)
    while last + 1 < end and _is_entry(text, units[last + 1]):
        last += 1
    return last


def _list_from(
    text: str, units: Sequence[Paragraph], start: int, *, has_marker: bool
) -> Contents | None:
    last = _end_of_run(text, units, start)
    seen: list[tuple[int, Label]] = [
        (index, label) for index in range(start, last + 1) for label in _labels(text, units[index])
    ]
    counts: dict[str, int] = {}
    for _, label in seen:
        if not label.is_named:
            counts[label.word] = counts.get(label.word, 0) + 1
    if not has_marker and max(counts.values(), default=0) < _MIN_RUN - 1:
        return None
    end = _cut(text, units, start, last, seen)
    if end < start or (not has_marker and end == start and len(units[start].rows) == 1):
        return None
    entries = {
        title_key(entry)
        for unit in units[start : end + 1]
        for row in unit.rows[:_MAX_ENTRIES]
        for entry in _names_in(text[row.start : row.end])
    }
    entries.discard("contents")
    return Contents(first=start, last=end, titles=frozenset(filter(None, entries)))


def _names_in(row: str) -> tuple[str, ...]:
    label = read_label(_PAGE.sub("", row.strip()))
    if label is None:
        return (row, _PAGE_ALONE.sub("", row))
    return (label.title,) if label.title else ()


def _cut(
    text: str,
    units: Sequence[Paragraph],
    start: int,
    last: int,
    seen: Sequence[tuple[int, Label]],
) -> int:
    """Index of the last unit of the list itself: the book's first heading may follow on it."""
    first_of: dict[tuple[str, int | None], int] = {}
    for index, label in seen:
        first_of.setdefault((label.word, label.number), index)
    last_of = {label.word: index for index, label in seen if not label.is_named}
    # The first heading that says again what the list has said, unless the list only numbers anew
    # below each part: then others of its kind follow.
    for index, label in seen:
        is_again = first_of[label.word, label.number] < index
        if is_again and (label.is_part or last_of.get(label.word, index) <= index):
            return index - 1
    named: dict[str, int] = {}
    for index in range(start, last + 1):
        key = title_key(text[units[index].start : units[index].end])
        if key and named.setdefault(key, index) < index:
            return index - 1
    return last if len(seen) != 1 else start
