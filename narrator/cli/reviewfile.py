"""A review as a text: written out to be corrected in an editor, and read back."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from narrator.errors import CastError
from narrator.model import NARRATOR, Script
from narrator.review import Item, item_ids, items_of, known_name, options_for, passage

_INTRODUCTION = """\
Correct the names after `speaker:` and read this file back with `--import`. A name that nobody has
makes a new character; write `new:` before it where it is like somebody's. `narrator` gives the line
to the narrator. Lines that you leave as they are stay undecided; a ! after the name settles one as
it is. Whatever else you change here is not looked at, but leave the headings with the # in place:
the sign after them is the line's own. A ? marks lines that are more likely wrong than right.
"""
_DOUBTFUL = 0.5
_UNKNOWN = "unknown"
_ALIKE = 0.75


def export_review(script: Script) -> str:
    """All that is said in a story, with who says it, as Markdown."""
    rows = [f"# {script.book.title}\n\n{_INTRODUCTION}"]
    items = items_of(script)
    chapter = -1
    for name, item in item_ids(script, items).items():
        if item.chapter != chapter:
            chapter = item.chapter
            title = script.book.chapters[chapter].title or f"Chapter {chapter + 1}"
            rows.append(f"\n## {title}\n")
        rows.extend(_rows(script, item, name))
    return "\n".join(rows)


def _rows(script: Script, item: Item, name: str) -> Iterator[str]:
    options = options_for(script, item)
    doubt = " ?" if item.confidence < _DOUBTFUL else ""
    reason = script.lines[item.lines[0]].reason
    yield f"### #{name} = {_speaker(script, item)} ({item.confidence:.0%}, {reason}){doubt}\n"
    for paragraph in passage(script, item):
        if any(run.is_quote for run in paragraph):
            text = " ".join(f"**{run.text}**" if run.is_quote else run.text for run in paragraph)
        else:
            text = textwrap.shorten(" ".join(run.text for run in paragraph), 240, placeholder=" …")
        yield from textwrap.wrap(text, 98, initial_indent="> ", subsequent_indent="> ")
        yield ">"
    others = [o for o in options if o.speaker != item.speaker and o.confidence > 0]
    if others and item.confidence < 1.0:
        told = "; ".join(f"{o.name} {o.confidence:.0%}, {o.reason}" for o in others[:4])
        yield f"\nor: {told}"
    yield f"\nspeaker: {_speaker(script, item)}\n"


def _speaker(script: Script, item: Item) -> str:
    if item.speaker is None:
        return _UNKNOWN
    if item.speaker == NARRATOR:
        return NARRATOR
    return next(c.name for c in script.characters if c.id == item.speaker)


_HEADING = re.compile(r"###\s*#([0-9a-f]{6,})\s*=\s*(.*?)\s*\(\d+%, .*\)( \?)?\s*")
_SPEAKER = re.compile(r"speaker\s*:\s*(.*?)\s*", re.IGNORECASE)


def import_review(text: str, name: str, script: Script) -> dict[Item, str]:
    """What was corrected in the text of a review.

    Parameters
    ----------
    name
        What to call the text in messages.

    Returns
    -------
    dict
        The new speaker of every item whose speaker is not the one in its heading.

    Raises
    ------
    CastError
        Something cannot be understood; the message gives its line.
    """
    ids = item_ids(script, items_of(script))
    changes: dict[Item, str] = {}
    seen: dict[str, int] = {}
    for entry in _entries(text, name):
        place = f"{name}, line {entry.heading}"
        if entry.sign not in ids:
            raise CastError(
                f"{place}: no line of the story has the sign #{entry.sign}: its words have "
                "changed since; export the review again"
            )
        if entry.sign in seen:
            raise CastError(f"{place}: #{entry.sign} is in line {seen[entry.sign]} already")
        seen[entry.sign] = entry.heading
        speaker = entry.speaker.removesuffix("!").rstrip()
        if speaker != entry.was or entry.speaker != speaker:
            place = f"{name}, line {entry.number}"
            changes[ids[entry.sign]] = _checked(speaker, script, set(changes.values()), place)
    if not seen:
        raise CastError(f"{name}: no line of a review is in it; --export writes such a file")
    return changes


def is_untouched(text: str) -> bool:
    """Whether a text is that of a review, in which nothing was corrected."""
    try:
        entries = list(_entries(text, ""))
    except CastError:
        return False
    return bool(entries) and all(entry.speaker == entry.was for entry in entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    sign: str
    was: str
    """Who said it when the review was written."""
    speaker: str
    heading: int
    """Line of the heading, from 1."""
    number: int
    """Line of the speaker."""


def _entries(text: str, name: str) -> Iterator[_Entry]:
    opened: tuple[str, str, int] | None = None
    for number, row in enumerate(text.splitlines(), 1):
        if row.startswith("###"):
            _refuse_open(opened, name)
            match = _HEADING.fullmatch(row)
            if match is None:
                raise CastError(
                    f"{name}, line {number}: {row[:50]!r} is no heading as it was written"
                )
            opened = match[1], match[2], number
        elif (found := _SPEAKER.fullmatch(row)) is not None:
            if opened is None:
                raise CastError(
                    f"{name}, line {number}: this `speaker:` belongs to no line: "
                    "a heading is missing"
                )
            sign, was, heading = opened
            yield _Entry(sign=sign, was=was, speaker=found[1], heading=heading, number=number)
            opened = None
    _refuse_open(opened, name)


def _refuse_open(opened: tuple[str, str, int] | None, name: str) -> None:
    if opened is not None:
        raise CastError(f"{name}, line {opened[2]}: #{opened[0]} has no `speaker:` line")


def _checked(speaker: str, script: Script, others: set[str], place: str) -> str:
    """A speaker's name, unless it looks like a slip of the pen.

    `others` are speakers that the same review names.
    """
    new, colon, rest = speaker.partition(":")
    is_new = bool(colon) and new.strip().casefold() == "new"
    speaker = rest.strip() if is_new else speaker
    if not speaker or speaker == _UNKNOWN:
        raise CastError(f"{place}: the speaker has no name: give one, or `narrator`")
    names = {c.name.casefold(): c.name for c in script.characters}
    names |= {name.casefold(): name for name in (*sorted(others), NARRATOR)}
    if speaker.casefold() in names:
        return names[speaker.casefold()]
    if is_new:
        return speaker
    if (known := known_name(script, speaker)) is not None:
        return known
    like = difflib.get_close_matches(speaker.casefold(), names, n=1, cutoff=_ALIKE)
    words = set(speaker.casefold().split())
    longer = [name for name in names if words < set(name.split())]
    meant = like or (longer if len(longer) == 1 else [])
    if meant:
        raise CastError(
            f"{place}: nobody is called {speaker!r}; did you mean {names[meant[0]]!r}? "
            f"For somebody new write: speaker: new: {speaker}"
        )
    return speaker
