"""Script + Cast -> Takes: what is said, how, and how long it is quiet after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from narrator.config import PauseConfig
from narrator.model import Cast, Line, Script, SegmentKind, Span, Take
from narrator.sentences import sentence_spans

_SILENT = (SegmentKind.SKIPPED, SegmentKind.SCENE_BREAK)


def direct(script: Script, cast: Cast, pauses: PauseConfig) -> tuple[Take, ...]:
    """Turn every spoken line into takes of about a sentence.

    The spans of a line's takes tile its segment. The first take of a chapter carries its mark.
    """
    takes: list[Take] = []
    untitled = _untitled_names(script)
    for draft in _drafts(script, cast):
        if takes:
            takes[-1] = replace(takes[-1], pause_ms=_pause_ms(takes[-1], draft, script, pauses))
        mark = None
        if not takes or takes[-1].chapter != draft.take.chapter:
            mark = untitled[draft.take.chapter]
        takes.append(replace(draft.take, mark=mark))
    return tuple(takes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    take: Take
    after_scene_break: bool


def _drafts(script: Script, cast: Cast) -> Iterator[_Draft]:
    broken = False
    for index, line in enumerate(script.lines):
        segment = line.segment
        if segment.kind in _SILENT:
            broken = broken or segment.kind is SegmentKind.SCENE_BREAK
            continue
        role = cast.role_of(line.speaker)
        source = segment.span.of(script.book.chapters[segment.chapter].text)
        for span in sentence_spans(source):
            text = spoken_text(span.of(source), line)
            if not text:
                continue
            take = Take(
                chapter=segment.chapter,
                segment=index,
                span=Span(segment.span.start + span.start, segment.span.start + span.end),
                text=text,
                speaker=role.character,
                voice=role.voice,
                delivery=role.delivery,
            )
            yield _Draft(take=take, after_scene_break=broken)
            broken = False


def _untitled_names(script: Script) -> tuple[str, ...]:
    """Chapter titles, with a number or the book's title for those that have none."""
    chapters = script.book.chapters
    if len(chapters) == 1:
        return (chapters[0].title or script.book.title,)
    return tuple(chapter.title or f"Chapter {chapter.index + 1}" for chapter in chapters)


_FULL_STOP = re.compile(r"[.!?…:;。！？][\"'”’»›)\]*_]*\s*$")


def _pause_ms(before: Take, draft: _Draft, script: Script, pauses: PauseConfig) -> int:
    after = draft.take
    previous = script.lines[before.segment].segment
    following = script.lines[after.segment].segment
    if before.chapter != after.chapter:
        return pauses.chapter_ms
    if draft.after_scene_break:
        return pauses.scene_ms
    if previous.kind is SegmentKind.HEADING:
        return pauses.heading_ms
    if following.kind is SegmentKind.HEADING:
        return pauses.scene_ms
    if previous.paragraph != following.paragraph:
        return pauses.paragraph_ms
    full_stop = _FULL_STOP.search(before.span.of(script.book.chapters[before.chapter].text))
    if full_stop:
        return pauses.sentence_ms
    return pauses.speaker_ms if before.voice != after.voice else pauses.clause_ms


_QUOTE_MARKS = re.compile(
    r"[“”„‟«»‹›「」『』\"`]|(?<!\w)[‘’‚'](?=\W|$)|(?:^|(?<=\s))[‘'‚](?=\w)|(?<=[,.!?…—–-])[’']"
)
_PAIRED = re.compile(r"(?<!\w)[‘'](?=\w)([^‘’'\n]{1,80})[’'](?!\w)")
_DASHES = re.compile(r"\s*(?:—|―|⸺|--+|(?<=\s)–(?=\s))\s*")
_EMPHASIS = re.compile(r"(?<!\w)([_*]+)(?=\S)(.+?)(?<=\S)\1(?!\w)", re.DOTALL)
_ROMAN_HEADING = re.compile(
    r"(?i)^\s*((?:chapter|part|book|volume|vol\.|letter|act|scene|canto|section)\s+)?"
    r"(?=[ivxlc])(c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))\b(?=\s*(?:[.:—–-]|$))",
    re.MULTILINE,
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def spoken_text(source: str, line: Line) -> str:
    """What an engine is given for a piece of a segment; empty where there is nothing to pronounce.

    Quotation and emphasis marks go, dashes become pauses that an engine understands, Roman numerals
    in headings become figures, capitals in headings become words.
    """
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", source))
    if line.segment.kind is SegmentKind.HEADING:
        text = _spoken_heading(text)
    text = _QUOTE_MARKS.sub("", _PAIRED.sub(r"\1", text))
    text = _DASHES.sub(" — ", text)
    text = " ".join(text.replace("\x00", " ").split()).strip(" —–-")
    return text if any(map(str.isalnum, text)) else ""


def _spoken_heading(text: str) -> str:
    text = _ROMAN_HEADING.sub(lambda m: (m[1] or "") + str(roman_value(m[2])), text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line.capitalize() if line.isupper() else line for line in lines]
    return ". ".join(line.rstrip(".") for line in lines) + "."


def roman_value(numeral: str) -> int:
    """The value of a Roman numeral made of I, V, X, L and C, in either case."""
    values = [_ROMAN_VALUES[letter] for letter in numeral.casefold()]
    return sum(
        -value if any(later > value for later in values[i + 1 : i + 2]) else value
        for i, value in enumerate(values)
    )
