"""Script + Cast -> Takes: what is said, how, and how long it is quiet after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from narrator.config import PauseConfig
from narrator.cuts import Cuts
from narrator.direction import DeliveryTable, combine, manners_in_turn, sentence_ways
from narrator.markup import cuts_of, marks_of, marks_within, pause_ms, sound_name
from narrator.model import (
    NARRATOR,
    SILENT,
    Cast,
    Change,
    Delivery,
    Line,
    Role,
    Script,
    Segment,
    SegmentKind,
    Sound,
    Span,
    Take,
)
from narrator.normalise import NormaliseConfig, Spoken
from narrator.normalise.changes import Edit, rewrite
from narrator.pronounce import Lexicon, Pronounced
from narrator.sentences import sentence_spans

if TYPE_CHECKING:
    from narrator.normalise.spoken import Vocabulary


Spell = Callable[[str, Line], Spoken]
"""What an engine is given for a piece of a line."""


def speller(script: Script, config: NormaliseConfig | None = None) -> Spell:
    """What puts a script's text into words, as the language of its book has them."""
    texts = tuple(c.words_of(Span(0, len(c.text))) for c in script.book.chapters)
    vocabulary: Vocabulary | None = None

    def spell(source: str, line: Line) -> Spoken:
        # Its rules take a while to load, and are not needed where the texts are remembered.
        from narrator.normalise.spoken import Vocabulary, spoken

        nonlocal vocabulary
        vocabulary = vocabulary or Vocabulary(texts)
        return spoken(
            source,
            heading=line.segment.kind is SegmentKind.HEADING,
            language=script.book.language,
            config=config,
            vocabulary=vocabulary,
        )

    return spell


def direct(
    script: Script,
    cast: Cast,
    pauses: PauseConfig,
    spell: Spell | None = None,
    *,
    ways: DeliveryTable | None = None,
    lexicon: Lexicon | None = None,
    sounds: Mapping[str, Sound] = MappingProxyType({}),
) -> Iterator[Take]:
    """Turn every spoken line into takes of about a sentence, each given once it is known what comes
    after it.

    The spans of a line's takes tile its segment. The first take of a chapter carries its mark.
    `spell` says what an engine is given for a piece of a line; None takes the usual `speller`.
    `ways` say how lines are spoken by what the text tells of them; None speaks all alike.
    `lexicon` says how words are pronounced. `sounds` are those that the author's marks may name, by
    folded name; a mark that names another one is passed over.
    """
    untitled = _untitled_names(script)
    before: _Draft | None = None
    take: Take | None = None
    asked_ms = 0
    for draft in _drafts(script, cast, spell or speller(script), ways, lexicon, sounds):
        if isinstance(draft, int):
            asked_ms += draft
            continue
        mark = None
        if before is None or before.take.chapter != draft.take.chapter:
            mark = untitled[draft.take.chapter]
        if before is not None and take is not None:
            usual_ms = round(before.rest * _pause_ms(before, draft, script, pauses))
            yield replace(take, pause_ms=asked_ms or usual_ms)
        take = draft.take if mark is None else replace(draft.take, mark=mark)
        before, asked_ms = draft, 0
    if take is not None:
        yield replace(take, pause_ms=asked_ms) if asked_ms else take


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    take: Take
    after_scene_break: bool = False
    is_finished: bool = True
    """Its words end with a full stop, or what does as one."""
    rest: float = 1.0
    """Factor on the silence after it."""


def _drafts(
    script: Script,
    cast: Cast,
    spell: Spell,
    ways: DeliveryTable | None,
    lexicon: Lexicon | None,
    sounds: Mapping[str, Sound],
) -> Iterator[_Draft | int]:
    """What becomes a take; and silence in between that the author asked for, in milliseconds."""
    marks = marks_of(script)
    spoken = _speaker_of_lines(script, cast, spell, ways or DeliveryTable(), lexicon)

    def obey(mark: tuple[str, str], index: int, span: Span) -> Iterator[_Draft | int]:
        yield pause_ms(mark)
        if (sound := sounds.get(sound_name(mark))) is not None:
            segment = replace(script.lines[index].segment, span=span)
            yield _Draft(take=_sound_take(sound, index, segment, cast))

    def with_inner(index: int, line: Line) -> Iterator[_Draft | int]:
        inner = marks_within(script, line)
        chapter = script.book.chapters[line.segment.chapter]
        for draft in spoken(index, line):
            span = draft.take.span
            here = [m for m in inner if span.start <= m.span.start < span.end]
            first = [mark for mark in here if mark.comes_first(chapter, span.start)]
            # The text of these marks is within the words' span: nothing is left for their own.
            for mark in first:
                yield from obey(mark.mark, index, Span(span.start, span.start))
            yield draft
            for mark in here[len(first) :]:
                yield from obey(mark.mark, index, Span(span.end, span.end))

    broken = False
    for index, line in enumerate(script.lines):
        drafts: Iterable[_Draft | int] = ()
        if line.segment.kind not in SILENT:
            drafts = with_inner(index, line)
        elif line.segment.kind is SegmentKind.SCENE_BREAK:
            broken = True
        elif index in marks:
            drafts = obey(marks[index], index, line.segment.span)
        for draft in drafts:
            if isinstance(draft, int):
                yield draft
                continue
            yield replace(draft, after_scene_break=True) if broken else draft
            broken = False


def _speaker_of_lines(
    script: Script, cast: Cast, spell: Spell, table: DeliveryTable, lexicon: Lexicon | None
) -> Callable[[int, Line], Iterator[_Draft]]:
    """What gives the drafts of a line that is spoken, sentence by sentence."""
    cuts = [cuts_of(chapter) for chapter in script.book.chapters]
    manners_of = manners_in_turn(script, table)

    def drafts(index: int, line: Line) -> Iterator[_Draft]:
        segment, role = line.segment, cast.role_of(line.speaker)
        cue = [manner.way for manner in manners_of(index)] if table.ways else []
        source = segment.span.of(script.book.chapters[segment.chapter].text)
        within = cuts[segment.chapter].inside(segment.span)
        for span, sentence in _sentences(source, within):
            words = _without(within.inside(span), span.of(source), spell(sentence, line))
            if not words.text:
                continue
            said = Pronounced(words=words)
            if lexicon is not None:
                said = lexicon.apply(words, line.speaker or NARRATOR, role.voice)
            start = segment.span.start + span.start
            delivery, rest = _delivery(sentence, line, role, table, cue)
            take = Take(
                chapter=segment.chapter,
                segment=index,
                span=Span(start, segment.span.start + span.end),
                text=said.words.text,
                speaker=role.character,
                voice=role.voice,
                delivery=delivery,
                phonemes=said.phonemes,
                changes=_moved(said.words, start),
            )
            is_finished = _FULL_STOP.search(sentence) is not None
            yield _Draft(take=take, is_finished=is_finished, rest=rest)

    return drafts


def _sound_take(sound: Sound, index: int, segment: Segment, cast: Cast) -> Take:
    return Take(
        chapter=segment.chapter,
        segment=index,
        span=segment.span,
        text="",
        speaker=NARRATOR,
        voice=cast.narrator.voice,
        sound=sound,
    )


def _sentences(source: str, marks: Cuts) -> Iterator[tuple[Span, str]]:
    """Sentences of a piece, and their words without the author's marks; the spans tile it."""
    bare = marks.left_of(source)
    spans = sentence_spans(bare)
    starts = [marks.back(span.start) if k else 0 for k, span in enumerate(spans)]
    for start, end, span in zip(starts, [*starts[1:], len(source)], spans, strict=True):
        yield Span(start, end), span.of(bare)


def _without(marks: Cuts, source: str, words: Spoken) -> Spoken:
    """The words of a piece without the author's marks as words of the piece with them."""
    if not marks.spans:
        return words
    left = rewrite(Spoken(text=source), [Edit(m.start, m.end, "", "markup") for m in marks.spans])
    return rewrite(
        left,
        [
            Edit(c.source.start, c.source.end, c.spoken.of(words.text), c.rule)
            for c in words.changes
        ],
    )


def _delivery(
    source: str, line: Line, role: Role, table: DeliveryTable, cue: Sequence[str]
) -> tuple[Delivery, float]:
    """How a sentence is spoken, and the factor on the silence after it."""
    if not table.ways:
        return role.delivery, 1.0
    names = (*cue, *sentence_ways(source, line.segment.kind, cue, table))
    return combine(names, table, role.voice, role.delivery)


def _moved(words: Spoken, start: int) -> tuple[Change, ...]:
    """What a listener might notice, in a chapter where the source begins at `start`."""
    return tuple(
        replace(change, source=Span(start + change.source.start, start + change.source.end))
        for change in words.word_changes
    )


def _untitled_names(script: Script) -> tuple[str, ...]:
    """Chapter titles, with a number or the book's title for those that have none."""
    chapters = script.book.chapters
    if len(chapters) == 1:
        return (chapters[0].title or script.book.title,)
    return tuple(chapter.title or f"Chapter {chapter.index + 1}" for chapter in chapters)


_FULL_STOP = re.compile(r"[.!?…:;。！？][\"'”’»›)\]*_]*\s*$")


def _pause_ms(before: _Draft, draft: _Draft, script: Script, pauses: PauseConfig) -> int:
    previous = script.lines[before.take.segment].segment
    following = script.lines[draft.take.segment].segment
    if previous.chapter != following.chapter:
        return pauses.chapter_ms
    if draft.after_scene_break:
        return pauses.scene_ms
    if previous.kind is SegmentKind.HEADING:
        return pauses.heading_ms
    if following.kind is SegmentKind.HEADING:
        return pauses.scene_ms
    if previous.paragraph != following.paragraph:
        return pauses.paragraph_ms
    if before.take.sound or draft.take.sound:
        return pauses.sound_ms
    if before.is_finished:
        return pauses.sentence_ms
    return pauses.speaker_ms if before.take.voice != draft.take.voice else pauses.clause_ms
