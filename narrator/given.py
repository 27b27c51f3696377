"""Lines given to those whom their author's marks name: ``{speaker Anna}`` (`narrator.markup`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from narrator.markup import AUTHOR_SAYS_SO, REASON, marks_of, marks_within
from narrator.model import NARRATOR, SILENT, Character, Line, Script, Segment, SegmentKind


def with_speakers(script: Script) -> Script:
    """The script, with lines given to whom their author gives them."""
    lines, characters = list(script.lines), list(script.characters)
    ids = {
        name.casefold(): character.id
        for character in characters
        for name in (*character.aliases, character.name)
    }
    ids[NARRATOR] = NARRATOR  # as in a cast file, however it is written
    for mark in _given(script):
        name, addressed = mark.name, mark.lines
        if not addressed:
            continue
        if name.casefold() not in ids:
            slug = re.sub(r"\W+", "-", name.casefold()).strip("-") or "somebody"
            taken = {character.id for character in characters} | {NARRATOR}
            while slug in taken:
                slug += "-2"
            ids[name.casefold()] = slug
            characters.append(Character(id=slug, name=name))
        for at in addressed:
            lines[at] = replace(
                lines[at], speaker=ids[name.casefold()], confidence=1.0, reason=AUTHOR_SAYS_SO
            )
    return replace(script, lines=tuple(lines), characters=tuple(characters))


def unheeded_speakers(script: Script) -> tuple[str, ...]:
    """A warning for each speaker's mark that gives nobody a line: there is none after it in its
    chapter, or another mark gives it to somebody else."""
    given = list(_given(script))
    owner = {mark.lines: mark for mark in given}
    place_of = script.book.place_of
    return tuple(
        f"{place_of(mark.chapter, mark.start)}: {{speaker {mark.name}}} is passed over: "
        + ("a later mark gives the line away" if mark.lines else "no line comes after it")
        for mark in given
        if not mark.lines or owner[mark.lines] is not mark
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What a speaker's mark says."""

    name: str
    lines: tuple[int, ...]
    """Indices into `Script.lines`; empty where there is none for it."""
    chapter: int
    start: int
    """Where the mark, or else the line that it is in, begins."""


def _given(script: Script) -> Iterator[_Given]:
    """The speakers' marks that name somebody, in order."""
    own = marks_of(script)
    for index, line in enumerate(script.lines):
        if index in own:
            places = [(own[index], index + 1)]
        else:
            start, chapter = line.segment.span.start, script.book.chapters[line.segment.chapter]
            places = [
                (inner.mark, index + (not inner.comes_first(chapter, start)))
                for inner in marks_within(script, line)
            ]
        for (kind, name), first in places:
            if kind == "speaker" and name:
                yield _Given(
                    name=name,
                    lines=_addressed(script.lines, first, line.segment),
                    chapter=line.segment.chapter,
                    start=line.segment.span.start,
                )


def _addressed(lines: tuple[Line, ...], start: int, mark: Segment) -> tuple[int, ...]:
    """The lines that a speaker's mark is about: the next quotation, though other marks part it.

    Of those from `start` on, in the chapter of the mark.
    """
    heard = [
        k
        for k in range(start, min(len(lines), start + 7))
        if lines[k].segment.kind not in (*SILENT, SegmentKind.HEADING)
        and lines[k].segment.chapter == mark.chapter
    ][:3]
    said = [k for k in heard if lines[k].segment.kind is SegmentKind.DIALOGUE]
    first = next(iter(said or heard), None)
    if first is None:
        return ()
    rest = range(first + 1, len(lines))
    here = (lines[first].segment.chapter, lines[first].segment.paragraph)
    found = [first]
    for k in rest:
        segment = lines[k].segment
        if segment.skip_reason == REASON:
            continue
        if not segment.continued or (segment.chapter, segment.paragraph) != here:
            break
        found.append(k)
    return tuple(found)
