"""The proof that no word was lost and none spoken twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

from narrator.errors import LedgerError
from narrator.model import NARRATOR, SILENT, Book, Script, Segment, SegmentKind, Take, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where every code point of a book went. The four parts sum to `source`."""

    source: int
    """Code points of the whole source."""
    narrator: int
    characters: int
    sounds: int
    """Marks of the author's for which a sound is heard."""
    skipped: tuple[tuple[str, int], ...]
    """(reason, code points), most first."""

    def summary(self) -> str:
        """One line for a reader."""
        skipped = sum(count for _, count in self.skipped)
        text = (
            f"{self.source:,} characters: {self.narrator:,} spoken by the narrator, "
            f"{self.characters:,} by the cast, "
            + (f"{self.sounds:,} heard as sounds, " if self.sounds else "")
            + f"{skipped:,} skipped"
        )
        if self.skipped:
            text += f" ({', '.join(f'{reason} {count:,}' for reason, count in self.skipped)})"
        return text


def check_segments(book: Book, segments: Sequence[Segment]) -> None:
    """Prove that the segments tile the book and that those skipped say why.

    Raises
    ------
    LedgerError
        Names the chapter and the place of the first gap, overlap or unexplained skip.
    """
    at = iter(segments)
    segment = next(at, None)
    for chapter in book.chapters:
        position = 0
        while segment is not None and segment.chapter == chapter.index:
            if segment.span.start != position or segment.span.end <= position:
                raise LedgerError(_place(chapter.index, position, "is not in exactly one segment"))
            if (segment.kind is SegmentKind.SKIPPED) != (segment.skip_reason is not None):
                raise LedgerError(_place(chapter.index, position, "is skipped without a reason"))
            position = segment.span.end
            segment = next(at, None)
        if position != len(chapter.text):
            raise LedgerError(_place(chapter.index, position, "is in no segment"))
    if segment is not None:
        raise LedgerError(_place(segment.chapter, segment.span.start, "is in no chapter"))


def settle(script: Script, takes: Collection[Take]) -> Ledger:
    """Prove that the takes speak every spoken segment once, in order, and count who speaks what.

    Raises
    ------
    LedgerError
        Names the chapter and the place of the first text that is not spoken, or is spoken twice.
    """
    check_segments(script.book, [line.segment for line in script.lines])
    for before, take in pairwise(takes):
        if take.segment < before.segment:
            raise LedgerError(_place(take.chapter, take.span.start, "is spoken out of order"))
    by_segment = groupby(takes, attrgetter("segment"))
    at, heard = next(by_segment, _NOTHING)
    skipped: Counter[str] = Counter()
    spoken: Counter[bool] = Counter()
    sounds = 0
    for index, line in enumerate(script.lines):
        segment = line.segment
        here: list[Take] = []
        if at == index:
            here = list(heard)
            at, heard = next(by_segment, _NOTHING)
        if segment.kind not in SILENT:
            _check_takes(segment, here)
            words = next(take for take in here if take.sound is None)
            spoken[words.speaker == NARRATOR] += len(segment.span)
        elif here:
            _check_sounds(segment, here)
            sounds += len(segment.span)
        else:
            skipped[segment.skip_reason or "scene break"] += len(segment.span)
    if (stray := next(heard, None)) is not None:
        raise LedgerError(_place(stray.chapter, stray.span.start, "is in no segment"))
    return Ledger(
        source=sum(len(chapter.text) for chapter in script.book.chapters),
        narrator=spoken[True],
        characters=spoken[False],
        sounds=sounds,
        skipped=tuple(skipped.most_common()),
    )


_NOTHING: tuple[int, Iterator[Take]] = (-1, iter(()))


def _check_takes(segment: Segment, takes: Sequence[Take]) -> None:
    position = segment.span.start
    # Beside the words that a mark is within, a sound stands for none of the text.
    if segment.skip_reason is None and any(t.sound is not None and len(t.span) for t in takes):
        raise LedgerError(_place(segment.chapter, position, "is words and sounds as none"))
    for take in takes:
        if take.chapter != segment.chapter or take.span.start != position:
            raise LedgerError(_place(segment.chapter, position, "is not in exactly one take"))
        position = take.span.end
    if position != segment.span.end:
        raise LedgerError(_place(segment.chapter, position, "is in no take"))


def _check_sounds(segment: Segment, takes: Sequence[Take]) -> None:
    """What is skipped may sound, and may not be spoken."""
    if any(take.sound is None for take in takes):
        raise LedgerError(_place(segment.chapter, segment.span.start, "is skipped and spoken"))
    _check_takes(segment, takes)


def check_timeline(takes: Collection[Take], timeline: Timeline) -> None:
    """Prove that every take sounds once, in order, and that every chapter mark is at its take.

    Raises
    ------
    LedgerError
        Names the take's chapter and place.
    """
    if [cue.take for cue in timeline.cues] != list(range(len(takes))):
        raise LedgerError("the timeline does not hold every take once, in order")
    position = 0
    marked = []
    for take, cue in zip(takes, timeline.cues, strict=True):
        if not position <= cue.start < cue.end <= timeline.frames:
            raise LedgerError(_place(take.chapter, take.span.start, "has no sound of its own"))
        position = cue.end
        if take.mark is not None:
            marked.append(cue.start)
    if [mark.start for mark in timeline.marks] != marked:
        raise LedgerError("the chapter marks are not where the chapters begin")


def _place(chapter: int, position: int, fault: str) -> str:
    return (
        f"chapter {chapter + 1}, character {position}: {fault}. "
        "This is a fault of Narrator, and nothing was written"
    )
