"""Plain text to a book: what its header says, and a chapter for every heading."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from narrator.model import Book, Chapter, Skip, Span
from narrator.read.contents import Contents, find_contents
from narrator.read.decode import decode
from narrator.read.epigraph import epigraph_units
from narrator.read.gutenberg import note_reason, unwrap
from narrator.read.header import read_header
from narrator.read.headings import OUTSIDE_PARTS, show_label
from narrator.read.language import detect_language
from narrator.read.layout import Paragraph, detect_layout, paragraphs_of, rows_of
from narrator.read.options import DEFAULT_OPTIONS, Notes, Options, Reading
from narrator.read.outline import PART, SECTION, Heading, find_headings
from narrator.read.titles import tidy_title

_MIN_FRONT_CHARS = 500
"""Front matter to be spoken, from which on it is a chapter of its own."""
_MAX_PART_CHARS = 400
"""Between a part's heading and its first chapter's, for both to head one chapter."""
_MAX_FRONT_TITLE_CHARS = 60
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def read_plain(data: bytes, *, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """Read a plain text file; see `narrator.read.read_book`."""
    options.limits.check("text_mb", len(data), name=name, noun="text")
    return book_of(decode(data, name=name), name=name, reading=options.reading)


def book_of(text: str, *, name: str, reading: Reading = DEFAULT_OPTIONS.reading) -> Book:
    """The book that a decoded text holds.

    Parameters
    ----------
    text
        All of it; line endings of any kind.
    name
        File name: the title of a text that says none.
    reading
        Whether ``[Footnote 1: …]`` is read where it stands.
    """
    wrapping = unwrap(text)
    layout = detect_layout(text[wrapping.body.start : wrapping.body.end])
    rows = list(rows_of(text, wrapping.body.start, wrapping.body.end))
    units = list(paragraphs_of(text, rows, layout))
    contents = find_contents(text, units)
    headings = find_headings(text, units, layout, contents)
    headings = _without_own_title(headings)
    limit = headings[0].unit if headings else len(units)
    if contents is not None:
        limit = min(limit, contents.first)
    is_headed = bool(headings) or contents is not None
    header, spoken = read_header(text, units, limit, has_headings=is_headed)
    for key, value in wrapping.fields:
        header.learn(key, value)
    marked = _marked(
        headings,
        skips=[*wrapping.skips, *header.skips, *_notes(text, units, spoken, contents, reading)],
        epigraphs=[
            *header.epigraphs,
            *(_front_mottoes(text, units, spoken, limit) if headings else ()),
            *_mottoes(text, units, headings),
        ],
    )
    return Book(
        title=header.title or _title_of_file(name),
        author=header.author,
        language=header.language or detect_language(text) or "en",
        year=header.year,
        summary=header.summary,
        series=header.series,
        details=tuple(header.details),
        has_rows=True,
        chapters=_chapters(text, _starts(text, units, spoken, limit, headings), marked),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marked:
    """What has been found in the text, in its own code points."""

    skips: list[Skip]
    epigraphs: list[Span]
    headings: list[Heading]


def _marked(headings: list[Heading], *, skips: list[Skip], epigraphs: list[Span]) -> _Marked:
    """What was found, less what lies over something that counts for more."""
    taken = sorted(Span(h.start, h.end) for h in headings)
    kept: list[Skip] = []
    for skip in sorted(skips, key=lambda skip: skip.span):
        if not _overlaps(skip.span, taken) and (not kept or kept[-1].span.end <= skip.span.start):
            kept.append(skip)
    taken = sorted([*taken, *(skip.span for skip in kept)])
    return _Marked(
        skips=kept,
        epigraphs=[span for span in dict.fromkeys(epigraphs) if not _overlaps(span, taken)],
        headings=headings,
    )


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span lies over one of `others`, which are sorted and do not overlap."""
    at = bisect_right(others, Span(span.end, -1))
    return at > 0 and others[at - 1].end > span.start


def _title_of_file(name: str) -> str:
    stem = re.sub(r"[\s_]+", " ", PurePath(name).stem).strip()
    if " " not in stem:
        stem = _CAMEL.sub(" ", stem)
    return stem or name


def _without_own_title(headings: list[Heading]) -> list[Heading]:
    """A lone title at the very top is the story's, unless others like it follow."""
    if headings and headings[0].label.is_lone_title and headings[0].unit == 0:
        rest = [h for h in headings if h.label.is_lone_title]
        return headings[1:] if len(rest) <= 2 else headings
    return headings


def _notes(
    text: str, units: Sequence[Paragraph], first: int, contents: Contents | None, reading: Reading
) -> list[Skip]:
    """Parts between the lines of the story that are none of it."""
    found = []
    for index in range(first, len(units)):
        unit = units[index]
        reason = note_reason(text, unit)
        if contents is not None and contents.first <= index <= contents.last:
            reason = "table of contents"
        if reason == "footnote" and reading.footnotes is Notes.IN_PLACE:
            continue
        if reason is not None:
            found.append(Skip(span=Span(unit.start, unit.end), reason=reason))
    return found


def _mottoes(text: str, units: Sequence[Paragraph], headings: Sequence[Heading]) -> list[Span]:
    found = []
    for heading in headings:
        if heading.next_unit == heading.unit:
            continue
        count = epigraph_units(text, units, heading.next_unit, len(units), is_front=False)
        if count:
            last = units[heading.next_unit + count - 1]
            found.append(Span(units[heading.next_unit].start, last.end))
    return found


def _front_mottoes(text: str, units: Sequence[Paragraph], first: int, limit: int) -> list[Span]:
    """Epigraphs among the spoken units before the first heading, as below a dedication."""
    found = []
    at = first
    while at < limit:
        count = epigraph_units(text, units, at, limit, is_front=limit < len(units))
        if count:
            found.append(Span(units[at].start, units[at + count - 1].end))
        at += count or 1
    return found


def _front_title(text: str, unit: Paragraph) -> str:
    """The first line of front matter, where it is short enough to be what it is called."""
    line = text[unit.start : unit.end]
    is_short = len(unit.rows) == 1 and len(line) <= _MAX_FRONT_TITLE_CHARS
    return tidy_title(line) if is_short and line[-1] not in '.!?,;:…"”’' else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Where a chapter begins, and what it is called."""

    at: int
    title: str = ""


def _starts(
    text: str,
    units: Sequence[Paragraph],
    spoken: int,
    limit: int,
    headings: Sequence[Heading],
) -> list[_Start]:
    """Where chapters begin."""
    starts = _heading_starts([h for h in headings if h.level != SECTION])
    front = sum(unit.end - unit.start for unit in units[spoken:limit])
    if headings and front >= _MIN_FRONT_CHARS:
        starts.insert(0, _Start(at=0, title=_front_title(text, units[spoken])))
    starts = starts or [_Start(at=0)]
    return [
        _Start(at=_row_start(text, start.at) if index else 0, title=start.title)
        for index, start in enumerate(starts)
    ]


def _heading_starts(headings: Sequence[Heading]) -> list[_Start]:
    """A chapter for each heading, those that follow on one another taken together."""
    titles = [show_label(h.label, h.title) for h in headings]
    heads = {h.unit for h in headings}
    starts: list[_Start] = []
    part = ""
    pending: list[str] = []
    begun = last_end = 0
    for heading, title in zip(headings, titles, strict=True):
        if pending and heading.start - last_end > _MAX_PART_CHARS:
            starts.append(_Start(at=begun, title=_join_titles(pending)))
            pending = []
        begun = begun if pending else heading.start
        pending.append(title)
        if heading.level == PART:
            part = _join_titles(pending)
        elif heading.next_unit == heading.unit or heading.next_unit not in heads:
            is_outside = heading.label.is_named and heading.label.word in OUTSIDE_PARTS
            over = [part] if len(pending) == 1 and not is_outside else []
            starts.append(_Start(at=begun, title=_join_titles([*over, *pending])))
            pending = []
        last_end = heading.end
    if pending:
        starts.append(_Start(at=begun, title=_join_titles(pending)))
    return starts


def _join_titles(titles: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, titles)))


def _row_start(text: str, at: int) -> int:
    """`at`, moved before the white space that indents its row."""
    while at > 0 and text[at - 1] in " \t\u00a0\u3000_*":
        at -= 1
    return at


def _chapters(text: str, starts: Sequence[_Start], marked: _Marked) -> tuple[Chapter, ...]:
    """The chapters, each with what was found between its beginning and the next one's."""
    begins = [start.at for start in starts]
    headings = _by_chapter(begins, [Span(h.start, h.end) for h in marked.headings])
    skipped = _by_chapter(begins, [skip.span for skip in marked.skips])
    mottoes = _by_chapter(begins, marked.epigraphs)
    reasons = {skip.span: skip.reason for skip in marked.skips}
    chapters = []
    for index, start in enumerate(starts):
        end = begins[index + 1] if index + 1 < len(starts) else len(text)
        chapters.append(
            Chapter(
                index=index,
                title=start.title,
                text=text[start.at : end],
                start=start.at,
                headings=_moved(headings[index], start.at),
                skips=tuple(
                    Skip(span=moved, reason=reasons[span])
                    for span, moved in zip(
                        skipped[index], _moved(skipped[index], start.at), strict=True
                    )
                ),
                epigraphs=_moved(mottoes[index], start.at),
            )
        )
    return tuple(chapters)


def _by_chapter(begins: Sequence[int], spans: Sequence[Span]) -> list[list[Span]]:
    """`spans`, sorted, for each chapter that begins at one of `begins`."""
    found: list[list[Span]] = [[] for _ in begins]
    for span in sorted(spans):
        found[bisect_right(begins, span.start) - 1].append(span)
    return found


def _moved(spans: Sequence[Span], by: int) -> tuple[Span, ...]:
    """`spans` of the text as spans of a chapter that begins at `by`."""
    return tuple(Span(span.start - by, span.end - by) for span in spans)
