"""Segments of every chapter: quotations placed in paragraphs, every code point accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narrator.model import Book, Chapter, Form, Segment, SegmentKind, Span
from narrator.read.layout import Layout, Paragraph, detect_layout, paragraphs_of, rows_of
from narrator.segment.marks import Convention, detect_convention
from narrator.segment.pieces import Piece
from narrator.segment.quotes import Stretch
from narrator.segment.scripted import parted_by_names
from narrator.segment.spoken import spoken_pieces

_ORNAMENT = re.compile(r"[\W_]*(?:[xXoO0][\W_]*){3,}$|[\s*#~=_+•·◊❦❧⁂§†‡°—–\-.<>|/\\^:oOxX]+$")
_FORMLESS = (SegmentKind.SKIPPED, SegmentKind.SCENE_BREAK, SegmentKind.HEADING)
_SILENT = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A range of the chapter that is one paragraph: fixed by the reader, or free text."""

    start: int
    end: int
    kind: SegmentKind | None = None
    """None for text in which quotations are still to be found."""
    skip_reason: str | None = None
    is_soft: bool = False
    is_barrier: bool = False


def segment(book: Book) -> tuple[Segment, ...]:
    """Segments of all chapters, in order; those of one chapter tile its text.

    Which marks the book speaks with is decided over the whole of it, so that a chapter with hardly
    any dialogue is read as the others are.
    """
    text = "".join(chapter.text for chapter in book.chapters)
    layout = detect_layout(text)
    parted = [(chapter, list(_parts(chapter, layout))) for chapter in book.chapters]
    ranges: list[tuple[int, int]] = []
    offset = 0
    for chapter, parts in parted:
        ranges.extend((offset + p.start, offset + p.end) for p in parts if p.kind is None)
        offset += len(chapter.text)
    convention = detect_convention(text, ranges)
    return tuple(
        found for chapter, parts in parted for found in _segment_chapter(chapter, parts, convention)
    )


def _parts(chapter: Chapter, layout: Layout) -> Iterator[_Part]:
    """The chapter's paragraphs in order, white space between them left out."""
    fixed = sorted(
        [_Part(start=h.start, end=h.end, kind=SegmentKind.HEADING) for h in chapter.headings]
        + [
            _Part(
                start=s.span.start,
                end=s.span.end,
                kind=SegmentKind.SKIPPED,
                skip_reason=s.reason,
            )
            for s in chapter.skips
        ]
        + [_Part(start=e.start, end=e.end, kind=SegmentKind.NARRATION) for e in chapter.epigraphs],
        key=lambda part: part.start,
    )
    at = 0
    is_barrier = True
    for part in fixed:
        yield from _free_parts(chapter.text, at, part.start, layout, is_barrier=is_barrier)
        yield part
        at, is_barrier = part.end, True
    yield from _free_parts(chapter.text, at, len(chapter.text), layout, is_barrier=is_barrier)


def _free_parts(
    text: str, start: int, end: int, layout: Layout, *, is_barrier: bool
) -> Iterator[_Part]:
    is_first = True
    whole = paragraphs_of(text, list(rows_of(text, start, end)), layout)
    for paragraph in parted_by_names(text, whole):
        if not is_first and paragraph.blanks >= layout.scene_gap:
            gap = _gap_before(text, paragraph)
            if gap is not None:
                yield _Part(start=gap.start, end=gap.end, kind=SegmentKind.SCENE_BREAK)
                is_barrier = True
        if _is_ornament(text, paragraph):
            yield _Part(start=paragraph.start, end=paragraph.end, kind=SegmentKind.SCENE_BREAK)
            is_barrier = True
        elif not _SILENT.search(text, paragraph.start, paragraph.end):
            yield _Part(
                start=paragraph.start,
                end=paragraph.end,
                kind=SegmentKind.SKIPPED,
                skip_reason="no words",
            )
        else:
            yield _Part(
                start=paragraph.start,
                end=paragraph.end,
                is_soft=paragraph.is_soft,
                is_barrier=is_barrier,
            )
            is_barrier = False
        is_first = False


def _is_ornament(text: str, paragraph: Paragraph) -> bool:
    bare = text[paragraph.start : paragraph.end]
    return len(bare) <= 400 and _ORNAMENT.match(bare) is not None and bare.strip(".…—– ") != ""


def _gap_before(text: str, paragraph: Paragraph) -> Span | None:
    """The white space before a paragraph, less the line ending of the text before it."""
    end = paragraph.start - paragraph.rows[0].indent
    start = (
        len(text[:end].rstrip())
        if end - 4096 <= 0
        else end - 4096 + len(text[end - 4096 : end].rstrip())
    )
    return Span(start + 1, end) if end > start + 1 else None


def _segment_chapter(
    chapter: Chapter, parts: Sequence[_Part], convention: Convention
) -> Iterator[Segment]:
    text = chapter.text
    free = [part for part in parts if part.kind is None]
    stretches = [
        Stretch(start=p.start, end=p.end, is_soft=p.is_soft, is_barrier=p.is_barrier) for p in free
    ]
    spoken = iter(spoken_pieces(text, stretches, convention))
    runs: list[tuple[int, SegmentKind, int, bool, str | None]] = []
    for number, part in enumerate(parts):
        if part.kind is not None:
            runs.append((part.start, part.kind, number, False, part.skip_reason))
            continue
        for start, kind, continued in _runs(text, part, next(spoken)):
            runs.append((start, kind, number, continued, None))
    if not runs and text:
        runs = [(0, SegmentKind.SKIPPED, 0, False, "no words")]
    for index, (start, kind, number, continued, reason) in enumerate(runs):
        end = runs[index + 1][0] if index + 1 < len(runs) else len(text)
        yield Segment(
            chapter=chapter.index,
            span=Span(start if index else 0, end),
            kind=kind,
            paragraph=number,
            continued=continued,
            skip_reason=reason,
            form=None if kind in _FORMLESS else _form_at(chapter, start),
        )


def _form_at(chapter: Chapter, at: int) -> Form | None:
    """What the passage is that a place in a chapter is in."""
    if not chapter.forms:
        return None
    found = [f for f in chapter.forms if f.span.start <= at < f.span.end]
    return found[-1].form if found else None


def _runs(text: str, part: _Part, pieces: Sequence[Piece]) -> list[tuple[int, SegmentKind, bool]]:
    """Where each segment of a paragraph begins, and its kind; each has something to speak."""
    cuts: list[tuple[int, int, SegmentKind, bool]] = []
    at = part.start
    for piece in pieces:
        while at < piece.start and text[at].isspace():
            at += 1
        if piece.start > at:
            cuts.append((at, piece.start, SegmentKind.NARRATION, False))
        cuts.append((piece.start, piece.end, piece.kind, piece.continued))
        at = piece.end
    while at < part.end and text[at].isspace():
        at += 1
    if at < part.end:
        cuts.append((at, part.end, SegmentKind.NARRATION, False))
    runs: list[tuple[int, SegmentKind, bool]] = []
    held: int | None = None
    for start, end, kind, continued in cuts:
        if not _SILENT.search(text, start, end):
            # Too little to be spoken: it goes with what stands before it, or else after it.
            held = start if not runs and held is None else held
            continue
        start = held if held is not None else start
        held = None
        if runs and kind is SegmentKind.NARRATION and runs[-1][1] is kind:
            continue
        runs.append((start, kind, continued))
    return runs
