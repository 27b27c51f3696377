"""Script + Cast -> Takes: what is said, how, and how long it is quiet after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from narrator.config import PauseConfig
from narrator.model import Cast, Line, Script, SegmentKind, Span, Take
from narrator.sentences import sentence_spans

_SILENT = (SegmentKind.SKIPPED, SegmentKind.SCENE_BREAK)


def read_out(source: str, line: Line) -> str:
    """What an engine is given for a piece of a line."""
    # Its rules take a while to load, and are not needed where the texts are remembered.
    from narrator.normalise import spoken_text

    return spoken_text(source, line)


def direct(
    script: Script,
    cast: Cast,
    pauses: PauseConfig,
    spell: Callable[[str, Line], str] = read_out,
) -> tuple[Take, ...]:
    """Turn every spoken line into takes of about a sentence.

    The spans of a line's takes tile its segment. The first take of a chapter carries its mark.
    `spell` says what an engine is given for a piece of a line.
    """
    takes: list[Take] = []
    untitled = _untitled_names(script)
    for draft in _drafts(script, cast, spell):
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


def _drafts(script: Script, cast: Cast, spell: Callable[[str, Line], str]) -> Iterator[_Draft]:
    broken = False
    for index, line in enumerate(script.lines):
        segment = line.segment
        if segment.kind in _SILENT:
            broken = broken or segment.kind is SegmentKind.SCENE_BREAK
            continue
        role = cast.role_of(line.speaker)
        source = segment.span.of(script.book.chapters[segment.chapter].text)
        for span in sentence_spans(source):
            text = spell(span.of(source), line)
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
