"""What an author may write into a story for Narrator alone, in braces: never spoken.

======================  =====================================================================
``{speaker Anna}``      the quotation (or, failing one, the words) that follows is Anna's;
                        ``{speaker narrator}``: the narrator's
``{pause 2s}``          silence here: ``2s``, ``1.5s`` or ``500ms``
``{say Thrupp throop}`` this word is said so everywhere: a respelling, /IPA/ or [[phonemes]]
``{sound door}``        here the sound sounds that the cast file calls so under ``[sounds]``
======================  =====================================================================

Nothing of it is understood unless the cast file has ``markup = true`` under ``[reading]``, or with
``--markup``. The story is then read (`narrator.weave`), segmented and attributed without its marks,
as if they had never been written, and they are put back as lines of their own
(`with_markup_lines`). A mark that has words on one side only in its line, as within a quotation
mark or before a full stop, stays in that line and is obeyed before or after its words
(`marks_within`). Capitals, and blanks inside the braces, make no difference.
`narrator.given` says whose lines are whose by the marks, and `narrator.mismarks` what is wrong with
them.
"""

from __future__ import annotations

import contextlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, takewhile

from narrator.cuts import Cuts, joined
from narrator.model import (
    SILENT,
    Book,
    Chapter,
    Line,
    Script,
    Segment,
    SegmentKind,
    Span,
)
from narrator.pronounce.entries import Saying, saying_of

REASON = "author's markup"
AUTHOR_SAYS_SO = "the author says so"
"""The reason of a line that a mark gives to somebody."""

_MARK = re.compile(
    r"\{[^\S\n]*(speaker|pause|say|sound)(?:[^\S\n]+([^{}\s][^{}\n]*))?[^\S\n]*\}", re.IGNORECASE
)
_PAUSE = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)", re.IGNORECASE)
LONGEST_MS = 60_000
"""Of a pause that an author marks."""
_HEADER = ("title", "title and author", "author", "subtitle", "credits")
"""Why parts are skipped among which an author may put marks."""


def with_markup(book: Book) -> Book:
    """The book, with its author's marks known for what they are."""
    return replace(book, chapters=tuple(map(_marked, book.chapters)))


def _marked(chapter: Chapter) -> Chapter:
    skips = [skip.span for skip in chapter.skips]
    cuts = find_marks(chapter.text, skips)
    title = " ".join(_MARK.sub("", chapter.title).split()) if cuts.spans else chapter.title
    return replace(chapter, title=title, markup=cuts.spans)


def marks_in(text: str) -> tuple[Span, ...]:
    """Where marks are in a text, from the brace that opens each to the one that closes it."""
    return tuple(Span(match.start(), match.end()) for match in _MARK.finditer(text))


def _mark(match: re.Match[str]) -> tuple[str, str]:
    """The kind and the content of a mark; the content is empty where there is none."""
    return match[1].casefold(), (match[2] or "").rstrip()


def find_marks(text: str, skips: Sequence[Span] = ()) -> Cuts:
    """The marks of a text, each with the white space that stands but for it.

    Those within `skips` are words like others.
    """
    free = (
        s for s in marks_in(text) if not any(t.start < s.end and s.start < t.end for t in skips)
    )
    # With the blanks after each, marks in a row are one run.
    runs = joined([Span(span.start, _end(_BLANKS, text, span.end)) for span in free])
    return Cuts(joined(_cut(text, run) for run in runs))


def without_markup(book: Book) -> Book:
    """The book as its author would have written it for people alone."""
    return replace(book, chapters=tuple(map(_bare, book.chapters)))


def _bare(chapter: Chapter) -> Chapter:
    if not chapter.markup:
        return chapter
    cuts = cuts_of(chapter)
    return replace(
        chapter,
        text=cuts.left_of(chapter.text),
        markup=(),
        headings=tuple(s for h in chapter.headings if (s := cuts.moved(h))),
        epigraphs=tuple(s for e in chapter.epigraphs if (s := cuts.moved(e))),
        skips=tuple(replace(k, span=s) for k in chapter.skips if (s := cuts.moved(k.span))),
        forms=tuple(replace(f, span=s) for f in chapter.forms if (s := cuts.moved(f.span))),
    )


_BLANKS = re.compile(r"[ \t]*")
_ROW = re.compile(r"[ \t]*\r?\n")


def cuts_of(chapter: Chapter) -> Cuts:
    """What is taken out of a chapter: its marks, and the white space that stands but for them."""
    return Cuts(chapter.markup)


def _cut(text: str, run: Span) -> Span:
    bare_end = run.start + len(run.of(text).rstrip(" \t"))
    row = text.rfind("\n", 0, run.start) + 1
    if text[row : run.start].strip(" \t"):
        return Span(run.start, run.end if text[run.start - 1] in " \t" else bare_end)
    end = _end(_ROW, text, run.end)
    if end == run.end:
        return run
    # Alone on its row, which goes whole: a mark makes neither a paragraph nor a break between two.
    for _ in range(_blank_rows_before(text, row)):
        end = _end(_ROW, text, end)
    return Span(row, end)


def _blank_rows_before(text: str, row: int) -> int:
    """How many rows without words end where a row begins."""
    count = 0
    while row:
        start = text.rfind("\n", 0, row - 1) + 1
        if text[start:row].strip():
            break
        count, row = count + 1, start
    return count


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def with_markup_lines(script: Script, book: Book) -> Script:
    """The script of a book `without_markup` as that of the book itself.

    A mark is a line that is skipped, in the paragraph around it. One that only tells how a word is
    said stays within the words around it, so that it breaks no sentence.
    """
    by_chapter = {
        index: list(lines)
        for index, lines in groupby(script.lines, key=lambda line: line.segment.chapter)
    }
    lines = tuple(
        line
        for chapter in book.chapters
        for line in _woven(chapter, by_chapter.get(chapter.index, []))
    )
    return replace(script, book=book, lines=lines)


def _woven(chapter: Chapter, lines: Sequence[Line]) -> Iterator[Line]:
    if not chapter.markup:
        yield from lines
        return
    cuts, at, paragraph = cuts_of(chapter), 0, 0
    for line in lines:
        segment = line.segment
        paragraph = segment.paragraph
        start, end = cuts.back(segment.span.start), cuts.back(segment.span.end - 1) + 1
        yield from _mark_lines(chapter, Span(at, start), paragraph)
        yield from _parted(chapter, line, Span(start, end), cuts)
        at = end
    yield from _mark_lines(chapter, Span(at, len(chapter.text)), paragraph)


def _parted(chapter: Chapter, line: Line, span: Span, cuts: Cuts) -> Iterator[Line]:
    """A line, and the marks within it that part it."""
    text, at, segment = chapter.text, span.start, line.segment
    for cut in cuts.within(span):
        if not _parts(chapter, segment, Span(at, span.end), cut):
            continue
        if text[at : cut.start].strip():
            yield replace(line, segment=replace(segment, span=Span(at, cut.start)))
            # What is said goes on: no other half of its quotation marks is missing.
            goes_on = segment.continued or segment.kind is SegmentKind.DIALOGUE
            segment, at = replace(segment, continued=goes_on), cut.start
        space = len(text[cut.end : span.end]) - len(text[cut.end : span.end].lstrip())
        yield from _mark_lines(chapter, Span(at, cut.end + space), segment.paragraph)
        at = cut.end + space
    if at < span.end:
        yield replace(line, segment=replace(segment, span=Span(at, span.end)))


def _parts(chapter: Chapter, segment: Segment, span: Span, cut: Span) -> bool:
    """Whether marks part the span of a line's text around them; else they stay within it.

    A piece without words, such as a quotation mark or a full stop, would be a line that nobody can
    speak; and a word is told how it is said without a break.
    """
    before, after = (
        chapter.words_of(part) for part in (Span(span.start, cut.start), Span(cut.end, span.end))
    )
    if not before.strip() or not after.strip():
        return True
    if segment.kind is SegmentKind.SCENE_BREAK or segment.skip_reason in _HEADER:
        return not _only_say(chapter, cut)
    if segment.kind is SegmentKind.SKIPPED:
        return False  # what is said of a footnote's or a licence's words is not for the story
    return _has_words(before) and _has_words(after) and not _only_say(chapter, cut)


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _only_say(chapter: Chapter, cut: Span) -> bool:
    return all(
        _mark(match)[0] == "say" for match in _MARK.finditer(chapter.text, cut.start, cut.end)
    )


def _mark_lines(chapter: Chapter, span: Span, paragraph: int) -> Iterator[Line]:
    """A line for each mark in a span that holds nothing else, together tiling it."""
    starts = [match.start() for match in _MARK.finditer(chapter.text, span.start, span.end)]
    for k in range(len(starts)):
        start = starts[k] if k else span.start
        end = starts[k + 1] if k + 1 < len(starts) else span.end
        segment = Segment(
            chapter=chapter.index,
            span=Span(start, end),
            kind=SegmentKind.SKIPPED,
            paragraph=paragraph,
            skip_reason=REASON,
        )
        yield Line(segment=segment, speaker=None, confidence=1.0, reason=REASON)


def marks_of(script: Script) -> dict[int, tuple[str, str]]:
    """The kind and the content of each mark, by the line that it is."""
    found: dict[int, tuple[str, str]] = {}
    for index, line in enumerate(script.lines):
        segment = line.segment
        if segment.kind is not SegmentKind.SKIPPED or segment.skip_reason != REASON:
            continue
        text = segment.span.of(script.book.chapters[segment.chapter].text)
        if (match := _MARK.search(text)) is not None:
            found[index] = _mark(match)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerMark:
    """A mark, as one that stands within a spoken line, and where it is."""

    span: Span
    """In `Chapter.text`."""
    mark: tuple[str, str]
    """Its kind and its content, which is empty where there is none."""

    def comes_first(self, chapter: Chapter, start: int) -> bool:
        """Whether no word is between it and a place before it, of its chapter's text."""
        return not _has_words(chapter.words_of(Span(start, self.span.start)))


def marks_within(script: Script, line: Line) -> tuple[InnerMark, ...]:
    """The marks within a spoken line that ask for more than how a word is said."""
    segment, chapter = line.segment, script.book.chapters[line.segment.chapter]
    if segment.kind in SILENT or not chapter.markup:
        return ()
    span = segment.span
    first = bisect_left(chapter.markup, Span(span.start, span.start))
    here = takewhile(lambda cut: cut.start < span.end, islice(chapter.markup, first, None))
    return tuple(inner for inner in marks_at(chapter, here) if inner.mark[0] != "say")


def marks_at(chapter: Chapter, cuts: Iterable[Span]) -> Iterator[InnerMark]:
    """The marks within some of `Chapter.markup`, one by one."""
    for cut in cuts:
        for match in _MARK.finditer(chapter.text, cut.start, cut.end):
            yield InnerMark(span=Span(match.start(), match.end()), mark=_mark(match))


def sounds_marked(script: Script) -> tuple[str, ...]:
    """The name of every sound that a mark asks for, in order, as written."""
    own = marks_of(script)
    return tuple(
        content
        for index, line in enumerate(script.lines)
        for kind, content in (
            [own[index]] if index in own else [inner.mark for inner in marks_within(script, line)]
        )
        if kind == "sound" and content
    )


def pause_ms(mark: tuple[str, str]) -> int:
    """The silence that a mark asks for, in milliseconds; 0 where it asks for none."""
    return round(min(LONGEST_MS, length_ms(mark[1]) or 0)) if mark[0] == "pause" else 0


def length_ms(content: str) -> float | None:
    """What a pause's content asks for, in milliseconds; None where it is no length."""
    if (match := _PAUSE.fullmatch(content)) is None:
        return None
    return float(match[1]) * (1000 if match[2].casefold() == "s" else 1)


def sound_name(mark: tuple[str, str]) -> str:
    """The folded name of the sound that a mark asks for; empty where it asks for none."""
    return mark[1].casefold() if mark[0] == "sound" else ""


def sayings_of(script: Script) -> Mapping[str, Saying]:
    """How words are said by the marks; those that cannot be said so are left out."""
    found: dict[str, Saying] = {}
    for chapter in script.book.chapters:
        for inner in marks_at(chapter, chapter.markup):
            if inner.mark[0] == "say" and inner.mark[1]:
                with contextlib.suppress(ValueError):
                    found.update([saying_in(inner.mark[1])])
    return found


def saying_in(content: str) -> tuple[str, Saying]:
    """The word of a mark's content, and how it is said.

    Raises
    ------
    ValueError
        There is no word, or it cannot be said so; the message says why.
    """
    word, *text = content.split(maxsplit=1)
    return word, saying_of(word, "".join(text))
