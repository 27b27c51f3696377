"""What a decided line tells of those around it.

Who speaks in a conversation hangs on who spoke before. Where somebody has decided a line, the chain
that attribution solved is solved again with that line certain: its neighbours may then be
somebody else's, and all are surer, or less sure, than they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from narrator.attribute.attributor import calibrate
from narrator.attribute.chain import Link, posteriors
from narrator.model import Candidate, Line, Script, Turn

__all__ = ["IN_TURN", "conversations", "settle_neighbours"]

IN_TURN = "in turn with a line that you decided"
_NEAR_TURNS, _SPEAKS_NEAR = 12, 1.0
"""Whoever surely speaks in a turn is more likely to speak in so many before and after it: in
log-odds, right beside it. Measured: ``benchmarks/corrections.py``."""
_SURE = 0.9
"""Another part of a decided turn that was this sure stays as it was."""
_MOST_OTHERS = 4
_LEAST_CHANCE = 0.01


def settle_neighbours(
    script: Script, decided: Mapping[int, str], gone: Collection[str] = ()
) -> Script:
    """Decide the lines again that are in a conversation with decided ones.

    Parameters
    ----------
    decided
        The speakers of lines that are certain, by the lines' indices. They are left as they are.
    gone
        Those who say nothing any more, and get nothing.

    Returns
    -------
    Script
        The same where its attributor told nothing of its turns.
    """
    if not script.turns or not decided:
        return script
    turns = script.turns
    if gone:
        turns = tuple(_without(turn, gone) for turn in turns)
    pins = {
        turn: speaker
        for index, speaker in decided.items()
        if (turn := script.lines[index].turn) is not None
    }
    chances: dict[int, dict[str, float]] = {}
    for first, end in conversations(turns):
        here = {turn: speaker for turn, speaker in pins.items() if first <= turn < end}
        if here:
            chances.update(_chances(turns, first, end, here))
    if not chances:
        return script
    names = {character.id: character.name for character in script.characters}
    lines = tuple(
        line
        if index in decided
        or line.turn is None
        or line.turn not in chances
        # What is said in one go is mostly said by one person, but words that name somebody weigh
        # more than that.
        or (line.turn in pins and line.confidence >= _SURE)
        else _settled(line, chances[line.turn], names, len(script.turns))
        for index, line in enumerate(script.lines)
    )
    return replace(script, lines=lines)


def conversations(turns: Sequence[Turn]) -> Iterator[tuple[int, int]]:
    """Runs of turns that have nothing to do with those before and after them."""
    first = 0
    for index in range(1, len(turns) + 1):
        if index == len(turns) or turns[index].same == turns[index].back == 0.0:
            yield first, index
            first = index


def _chances(
    turns: Sequence[Turn], first: int, end: int, pins: Mapping[int, str]
) -> dict[int, dict[str, float]]:
    """The probability of everyone who may say a turn, given who says the pinned ones."""
    part = [_weighed(turns[t], t, pins) for t in range(first, end)]
    number: defaultdict[str, int] = defaultdict(lambda: len(number))
    rows = posteriors(
        [[number[who] for who, _ in turn.options] for turn in part],
        [[score for _, score in turn.options] for turn in part],
        [Link(same=turn.same, back=turn.back) for turn in part],
    )
    return {
        first + at: {who: chance for (who, _), chance in zip(turn.options, row, strict=True)}
        for at, (turn, row) in enumerate(zip(part, rows, strict=True))
    }


def _without(turn: Turn, gone: Collection[str]) -> Turn:
    left = tuple((who, score) for who, score in turn.options if who not in gone)
    return replace(turn, options=left or turn.options)


def _weighed(turn: Turn, at: int, pins: Mapping[int, str]) -> Turn:
    """A turn, certain where it is pinned; else with more for those who surely speak nearby."""
    if at in pins:
        return replace(turn, options=((pins[at], 0.0),))
    near = [(who, abs(at - pin)) for pin, who in pins.items() if abs(at - pin) <= _NEAR_TURNS]
    if not near:
        return turn
    more: defaultdict[str, float] = defaultdict(float)
    for who, far in near:
        more[who] = max(more[who], _SPEAKS_NEAR * (1 - (far - 1) / _NEAR_TURNS))
    return replace(turn, options=tuple((who, score + more[who]) for who, score in turn.options))


def _settled(line: Line, row: Mapping[str, float], names: Mapping[str, str], turns: int) -> Line:
    """A line with its speaker by the new chances; as it was where that is nobody of the cast."""
    ranked = sorted(row, key=lambda who: -row[who])
    if line.speaker is None or ranked[0] not in names:
        return line
    best = ranked[0]
    sure = calibrate(row[best], turns)
    known = {each.speaker: each for each in line.candidates}
    others = [who for who in ranked[1:] if who in names][:_MOST_OTHERS]
    own = {who: calibrate(row[who], turns) for who in others}
    scale = min(1.0, (1.0 - sure) / (sum(own.values()) or 1.0))
    candidates = tuple(
        Candidate(
            speaker=who,
            name=names[who],
            confidence=own[who] * scale,
            reason=known[who].reason if who in known else "is near",
        )
        for who in others
        if own[who] * scale >= _LEAST_CHANCE
    )
    reason = line.reason if best == line.speaker else IN_TURN
    return replace(line, speaker=best, confidence=sure, reason=reason, candidates=candidates)
