"""Lines given to those whom their author's marks name: ``{speaker Anna}`` (`narrator.markup`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

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
    for name, addressed in _given(script):
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


def _given(script: Script) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Whom each speaker's mark names, and the lines that it gives them."""
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
            if (
                kind == "speaker"
                and name
                and (given := _addressed(script.lines, first, line.segment))
            ):
                yield name, given


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
