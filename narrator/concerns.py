"""What a listener would want to be warned of, found in a script, its takes and its timeline.

None of it stops a build: a concern is a place worth a look, before it is listened to.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narrator.model import Book, Delivery, Line, Script, SegmentKind, Take, Timeline

LONGEST_QUOTE = 3000
"""Code points of speech without a break, above which a closing mark is probably missing."""

_TALKATIVE_SHARE = 0.15
_LONG_NARRATION = 2000
_TOO_SHORT, _TOO_LONG = 0.35, 2.8
"""Factors on the length that a clip's letters and the pace of its voice lead to expect."""
_SLACK_S = 1.5
_LEAST_LETTERS = 20
_LEAST_CLIPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something that may be wrong with a book."""

    kind: str
    """``no_speech``, ``unbalanced``, ``speaks_once``, ``long_quote``, ``clip_length``,
    ``suspect_sound``, ``no_voice`` or ``left_out``."""
    message: str
    """One line, for a person; it begins with the place, where there is one."""
    chapter: int | None = None
    """Index of the chapter."""
    start: int | None = None
    """Where it is in the chapter's text, in code points."""


def script_concerns(script: Script) -> Iterator[Concern]:
    """Concerns about who speaks where."""
    yield from _silent_chapters(script)
    yield from _unbalanced(script)
    yield from _single_lines(script)
    yield from _long_quotes(script)


def _silent_chapters(script: Script) -> Iterator[Concern]:
    told: dict[int, int] = defaultdict(int)
    said: dict[int, int] = defaultdict(int)
    for line in script.lines:
        segment = line.segment
        if segment.kind is SegmentKind.NARRATION:
            told[segment.chapter] += len(segment.span)
        elif segment.kind is SegmentKind.DIALOGUE:
            said[segment.chapter] += len(segment.span)
    total = sum(told.values()) + sum(said.values())
    if len(told) < 2 or sum(said.values()) < _TALKATIVE_SHARE * total:
        return
    for chapter, length in told.items():
        if length >= _LONG_NARRATION and not said[chapter]:
            title = script.book.chapters[chapter].title
            name = f"chapter {chapter + 1}" + (f" ({title})" if title else "")
            message = f"{name}: nobody speaks in it, in a book full of speech"
            yield Concern(kind="no_speech", message=message, chapter=chapter, start=0)


_CLOSING = {
    "“": "”",
    "‘": "’",
    "«": "»",
    "»": "«",
    "„": "“”",
    "‚": "‘’",
    "‹": "›",
    "「": "」",
    '"': '"',
}
_NO_MARKS = str.maketrans("", "", '“”„«»"')
_PAIRS = (("“", "”"), ("«", "»"))


def _unbalanced(script: Script) -> Iterator[Concern]:
    """Speech that is opened and not closed, and marks that are no part of any."""
    lines = script.lines
    for index, line in enumerate(lines):
        segment = line.segment
        if segment.kind not in (SegmentKind.DIALOGUE, SegmentKind.NARRATION):
            continue
        text = script.words_of(segment).strip()
        if segment.kind is SegmentKind.DIALOGUE:
            closing = _CLOSING.get(text[:1])
            if closing is None or any(mark in text[1:] for mark in closing):
                continue
            if _goes_on(lines, index):
                continue
            fault = "is not closed"
        elif any(text.count(opening) != text.count(close) for opening, close in _PAIRS):
            if "“" in text and "„" in text:
                continue
            fault = "has a quotation mark without its other half"
        else:
            continue
        start = segment.span.start
        message = f"{script.book.place_of(segment.chapter, start)}: “{_words(text)}” {fault}"
        yield Concern(kind="unbalanced", message=message, chapter=segment.chapter, start=start)


def _goes_on(lines: Sequence[Line], index: int) -> bool:
    """Whether the speech goes on in the next paragraph, so that no mark closes this one."""
    for line in lines[index + 1 : index + 4]:
        if line.segment.kind is SegmentKind.DIALOGUE:
            return line.segment.continued
    return False


def _single_lines(script: Script) -> Iterator[Concern]:
    first: dict[str, Line] = {}
    count: dict[str, int] = defaultdict(int)
    for line in script.lines:
        if line.segment.kind is SegmentKind.DIALOGUE and line.speaker is not None:
            first.setdefault(line.speaker, line)
            count[line.speaker] += 1
    for character in script.characters:
        if count.get(character.id) == 1:
            segment = first[character.id].segment
            place = script.book.place_of(segment.chapter, segment.span.start)
            yield Concern(
                kind="speaks_once",
                message=f"{place}: {character.name} speaks here, and nowhere else",
                chapter=segment.chapter,
                start=segment.span.start,
            )


def _long_quotes(script: Script) -> Iterator[Concern]:
    begun: Line | None = None
    length = 0
    for line in (*script.lines, None):
        spoken = line is not None and line.segment.kind is SegmentKind.DIALOGUE
        if line is not None and spoken and begun is not None and line.segment.continued:
            length += len(line.segment.span)
            continue
        if begun is not None and length >= LONGEST_QUOTE:
            segment = begun.segment
            place = script.book.place_of(segment.chapter, segment.span.start)
            yield Concern(
                kind="long_quote",
                message=f"{place}: {length:,} characters of speech without a break",
                chapter=segment.chapter,
                start=segment.span.start,
            )
        begun = line if spoken else None
        length = len(line.segment.span) if line is not None and spoken else 0


def clip_concerns(
    book: Book, takes: Sequence[Take], timeline: Timeline, *, quiet: frozenset[int]
) -> Iterator[Concern]:
    """Clips whose length does not fit their text.

    Parameters
    ----------
    quiet
        Takes, by index, that have no sound of their own.
    """
    paces: dict[tuple[str, Delivery], list[float]] = defaultdict(list)
    measured: list[tuple[Take, tuple[str, Delivery], int, float]] = []
    for cue in timeline.cues:
        take = takes[cue.take]
        letters = sum(map(str.isalnum, take.text))
        length_s = (cue.end - cue.start) / timeline.sample_rate_hz
        if letters >= _LEAST_LETTERS and length_s > 0 and cue.take not in quiet:
            way = (take.voice.name, take.delivery)
            paces[way].append(letters / length_s)
            measured.append((take, way, letters, length_s))
    usual = {
        way: statistics.median(found) for way, found in paces.items() if len(found) >= _LEAST_CLIPS
    }
    for take, way, letters, length_s in measured:
        if way not in usual:
            continue
        expected_s = letters / usual[way]
        if length_s > expected_s * _TOO_LONG + _SLACK_S:
            fault = "long"
        elif length_s < expected_s * _TOO_SHORT:
            fault = "short"
        else:
            continue
        place = book.place_of(take.chapter, take.span.start)
        yield Concern(
            kind="clip_length",
            message=(
                f"{place}: too {fault} for its text, {length_s:.1f} s for about "
                f"{expected_s:.1f} s: “{_words(take.text)}”"
            ),
            chapter=take.chapter,
            start=take.span.start,
        )


def _words(text: str) -> str:
    line = " ".join(text.translate(_NO_MARKS).split())
    return line if len(line) <= 50 else f"{line[:49]}…"
