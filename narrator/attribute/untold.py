"""Stories in a language whose ways of saying who speaks are not known: the narrator reads them."""

from __future__ import annotations

from collections.abc import Sequence

from narrator.model import NARRATOR, SILENT, Book, Line, Script, Segment, SegmentKind


def knows_language(language: str) -> bool:
    """Whether speakers can be found in a story of this language (BCP 47)."""
    return language.split("-")[0].lower() in ("en", "und", "")


def read_by_narrator(book: Book, segments: Sequence[Segment]) -> Script:
    """The script in which nobody is known, and the narrator speaks for all."""
    lines = []
    is_told = any(segment.kind is SegmentKind.DIALOGUE for segment in segments)
    warning = (
        f"speakers are looked for in English stories alone, and this one is in {book.language!r}: "
        "the narrator reads it all"
    )
    for segment in segments:
        if segment.kind in SILENT:
            reason = segment.skip_reason or "scene break"
            line = Line(segment=segment, speaker=None, confidence=1.0, reason=reason)
        elif segment.kind in (SegmentKind.DIALOGUE, SegmentKind.THOUGHT):
            reason = f"speakers are not looked for in a story in {book.language!r}"
            line = Line(segment=segment, speaker=None, confidence=0.0, reason=reason)
        else:
            line = Line(segment=segment, speaker=NARRATOR, confidence=1.0, reason="narration")
        lines.append(line)
    return Script(
        book=book,
        characters=(),
        lines=tuple(lines),
        warnings=(warning,) if is_told else (),
    )
