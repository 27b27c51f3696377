"""What an author may write into a story for Narrator alone, in braces: never spoken.

======================  =====================================================================
``{speaker Anna}``      the quotation (or, failing one, the words) that follows is Anna's
``{pause 2s}``          silence here: ``2s``, ``1.5s`` or ``500ms``
``{say Thrupp throop}`` this word is said so everywhere: a respelling, /IPA/ or [[phonemes]]
``{sound door}``        a note for who mixes sounds in: it is skipped
======================  =====================================================================

Nothing of it is understood unless the cast file has ``markup = true`` under ``[reading]``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from narrator.model import Book, Chapter, Character, Line, Script, SegmentKind, Skip, Span

REASON = "author's markup"

_MARK = re.compile(r"\{(speaker|pause|say|sound)[ \t]+([^{}\n]+?)[ \t]*\}")
_PAUSE = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)")
_LONGEST_MS = 60_000


def with_markup(book: Book) -> Book:
    """The book, with its author's marks among what is not spoken."""
    return replace(book, chapters=tuple(map(_marked, book.chapters)))


def _marked(chapter: Chapter) -> Chapter:
    spans = [Span(match.start(), match.end()) for match in _MARK.finditer(chapter.text)]
    taken = [*(skip.span for skip in chapter.skips), *chapter.headings]
    free = [s for s in spans if not any(t.start < s.end and s.start < t.end for t in taken)]
    if not free:
        return chapter
    skips = (*chapter.skips, *(Skip(span=span, reason=REASON) for span in free))
    return replace(chapter, skips=tuple(sorted(skips, key=lambda skip: skip.span)))


def marks_of(script: Script) -> dict[int, tuple[str, str]]:
    """The kind and the content of each mark, by the line that it is."""
    found: dict[int, tuple[str, str]] = {}
    for index, line in enumerate(script.lines):
        segment = line.segment
        if segment.kind is not SegmentKind.SKIPPED or segment.skip_reason != REASON:
            continue
        text = segment.span.of(script.book.chapters[segment.chapter].text)
        if (match := _MARK.search(text)) is not None:
            found[index] = (match[1], match[2])
    return found


def with_speakers(script: Script) -> Script:
    """The script, with lines given to whom their author gives them."""
    lines, characters = list(script.lines), list(script.characters)
    ids = {
        name.casefold(): character.id
        for character in characters
        for name in (*character.aliases, character.name)
    }
    for index, (kind, name) in marks_of(script).items():
        if kind != "speaker":
            continue
        at = _addressed(script.lines, index)
        if at is None:
            continue
        if name.casefold() not in ids:
            slug = re.sub(r"\W+", "-", name.casefold()).strip("-") or "somebody"
            taken = {character.id for character in characters} | {"narrator"}
            while slug in taken:
                slug += "-2"
            ids[name.casefold()] = slug
            characters.append(Character(id=slug, name=name))
        lines[at] = replace(
            lines[at], speaker=ids[name.casefold()], confidence=1.0, reason="the author says so"
        )
    return replace(script, lines=tuple(lines), characters=tuple(characters))


def _addressed(lines: tuple[Line, ...], mark: int) -> int | None:
    """The line that a speaker's mark is about: the next quotation of its paragraph's words."""
    silent = (SegmentKind.SKIPPED, SegmentKind.SCENE_BREAK, SegmentKind.HEADING)
    following = range(mark + 1, min(len(lines), mark + 4))
    said = [k for k in following if lines[k].segment.kind is SegmentKind.DIALOGUE]
    heard = [k for k in following if lines[k].segment.kind not in silent]
    return next(iter(said or heard), None)


def pause_ms(mark: tuple[str, str]) -> int:
    """The silence that a mark asks for, in milliseconds; 0 where it asks for none."""
    match = _PAUSE.fullmatch(mark[1]) if mark[0] == "pause" else None
    if match is None:
        return 0
    return min(_LONGEST_MS, round(float(match[1]) * (1000 if match[2] == "s" else 1)))


def sayings_of(script: Script) -> Mapping[str, str]:
    """How words are said by the marks, as a cast file would have it."""
    found: dict[str, str] = {}
    for kind, content in marks_of(script).values():
        word, _, saying = content.partition(" ")
        if kind == "say" and saying.strip():
            found[word] = saying.strip()
    return found
