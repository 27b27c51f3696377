"""Segments to script: who is in the story, who says each line, how sure, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, log

from narrator.attribute.chain import likeliest, posteriors
from narrator.attribute.explain import explain, explain_others
from narrator.attribute.manner import Manner, Wording
from narrator.attribute.naming import name_characters
from narrator.attribute.nouns import learn_nouns
from narrator.attribute.presence import measure_presence
from narrator.attribute.reading import Reading, read_people
from narrator.attribute.scoring import Knowledge, Lattice, build_lattice
from narrator.model import (
    NARRATOR,
    Book,
    Candidate,
    Line,
    Script,
    Segment,
    SegmentKind,
    Turn,
)

__all__ = ["attribute"]

_PASSES = 4
_SHRINK, _SHIFT = 0.5, 0.0
_CERTAIN = 1e-5
_THIN, _FEW = 1.5, 30
"""What is taken from the log-odds of a text without turns, and the turns that halve it."""


def attribute(book: Book, segments: tuple[Segment, ...]) -> Script:
    """Decide who says each segment.

    Parameters
    ----------
    book
        The story.
    segments
        Its segments, tiling every chapter, in order.

    Returns
    -------
    Script
        One line per segment, and the characters who speak, most speech first.
    """
    reading = read_people(book, segments)
    chances: list[dict[int, float]] = []
    lattice = Lattice(candidates=[], scores=[], links=[])
    wording = Wording(reading)
    for _ in range(_PASSES):
        lattice = _lattice(reading, wording, chances)
        chances = _chances(lattice)
    chosen = [_best(row, len(chances)) for row in chances]
    characters, ids = name_characters(reading, [person for person, _ in chosen])
    spoken = _spoken_lines(reading, chosen, ids)
    others = _others(reading, chosen, chances, ids)
    turn_of = {
        reading.pieces[k].index: t for t, turn in enumerate(reading.turns) for k in turn.pieces
    }
    lines = tuple(
        replace(_line(segment, spoken.get(k), others.get(k, ())), turn=turn_of.get(k))
        for k, segment in enumerate(segments)
    )
    turns = _turns(lattice, ids)
    return Script(book=book, characters=characters, lines=lines, turns=turns)


def _lattice(reading: Reading, wording: Wording, chances: Sequence[Mapping[int, float]]) -> Lattice:
    """One pass: who may say each turn, by what the pass before has found."""
    known = _learn(reading, wording, chances)
    return build_lattice(reading, measure_presence(reading, chances), known)


def _chances(lattice: Lattice) -> list[dict[int, float]]:
    found = posteriors(lattice.candidates, lattice.scores, lattice.links)
    return [
        dict(zip(who, row, strict=True)) for who, row in zip(lattice.candidates, found, strict=True)
    ]


def _turns(lattice: Lattice, ids: Mapping[int, str]) -> tuple[Turn, ...]:
    """What the chain was solved over. Who says nothing in the whole book is no `Character.id`."""
    return tuple(
        Turn(
            options=tuple(
                (ids.get(person, f"?{person}"), round(score, 3))
                for person, score in zip(who, scores, strict=True)
            ),
            same=link.same,
            back=link.back,
        )
        for who, scores, link in zip(lattice.candidates, lattice.scores, lattice.links, strict=True)
    )


def _learn(reading: Reading, wording: Wording, chances: Sequence[Mapping[int, float]]) -> Knowledge:
    if not chances:
        return Knowledge()
    return Knowledge(
        chances=chances,
        senses=learn_nouns(reading, chances),
        manner=Manner(wording, chances),
    )


def _best(row: Mapping[int, float], turns: int) -> tuple[int, float]:
    person = likeliest(row)
    return person, calibrate(row[person], turns) if person >= 0 else 0.0


def calibrate(chance: float, turns: int) -> float:
    """The probability of being right that belongs to the chain's own probability.

    The chain counts every hint as if it were independent of the others, so it is too sure by far.
    Its log-odds are shrunk; nothing is more certain than the shrunk log-odds of a plain cue. Of a
    text with few turns less is known: who is in it, what they are called, how they speak.

    Parameters
    ----------
    chance
        Of the chain, 0 to 1.
    turns
        Of the whole text.
    """
    bounded = min(1.0 - _CERTAIN, max(_CERTAIN, chance))
    log_odds = _SHRINK * log(bounded / (1.0 - bounded)) + _SHIFT
    log_odds -= _THIN * _FEW / (_FEW + turns)
    return 1.0 / (1.0 + exp(-log_odds))


def _spoken_lines(
    reading: Reading, chosen: Sequence[tuple[int, float]], ids: Mapping[int, str]
) -> dict[int, tuple[str | None, float, str]]:
    """Speaker, confidence and reason of every segment that somebody says."""
    reasons = explain(reading, [person for person, _ in chosen])
    found: dict[int, tuple[str | None, float, str]] = {}
    for turn, (person, chance), reason in zip(reading.turns, chosen, reasons, strict=True):
        for k in turn.pieces:
            found[reading.pieces[k].index] = (ids.get(person), chance, reason)
    return found


_MOST_OTHERS = 4
_LEAST_CHANCE = 0.01


def _others(
    reading: Reading,
    chosen: Sequence[tuple[int, float]],
    chances: Sequence[Mapping[int, float]],
    ids: Mapping[int, str],
) -> dict[int, tuple[Candidate, ...]]:
    """Of every segment that somebody says, those who were not chosen."""
    found: dict[int, tuple[Candidate, ...]] = {}
    ranked = [
        sorted((p for p in row if p >= 0 and p != who), key=lambda p: (-row[p], p))[:_MOST_OTHERS]
        for row, (who, _) in zip(chances, chosen, strict=True)
    ]
    told = explain_others(reading, [person for person, _ in chosen], ranked)
    for turn, (_, sure), row, words in zip(reading.turns, chosen, chances, told, strict=True):
        own = {p: calibrate(row[p], len(chances)) for p in words}
        scale = min(1.0, (1.0 - sure) / (sum(own.values()) or 1.0))
        others = tuple(
            Candidate(speaker=ids.get(p), name=name, confidence=own[p] * scale, reason=reason)
            for p, (name, reason) in words.items()
            if own[p] * scale >= _LEAST_CHANCE
        )
        for k in turn.pieces:
            found[reading.pieces[k].index] = others
    return found


def _line(
    segment: Segment,
    spoken: tuple[str | None, float, str] | None,
    others: tuple[Candidate, ...],
) -> Line:
    if spoken is not None:
        speaker, sure, reason = spoken
        return Line(
            segment=segment, speaker=speaker, confidence=sure, reason=reason, candidates=others
        )
    if segment.kind in (SegmentKind.SCENE_BREAK, SegmentKind.SKIPPED):
        reason = segment.skip_reason or "nobody says it"
        return Line(segment=segment, speaker=None, confidence=1.0, reason=reason)
    return Line(segment=segment, speaker=NARRATOR, confidence=1.0, reason="narration")
