"""The best reading of a row of marks: outside a quotation, inside one, or inside one in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from narrator.segment.marks import Mark, Side

_STRAY_CLOSE = -4.0
"""A closing mark that nothing opened."""
_REOPENED = -5.0
"""An opening mark inside a quotation, which therefore was never closed."""
_NESTED = -6.0
"""An opening mark inside a quotation that goes on after its closing one."""
UNCLOSED = -3.0
"""A quotation still open at the end of its paragraph, the next one not taking it up."""
NEVER = -1e9


class Action(IntEnum):
    """What a mark does, or the beginning of a paragraph."""

    OPEN = 0
    CLOSE = 1
    IGNORE = 2
    PARAGRAPH = 3
    NEST = 4
    UNNEST = 5


class State(IntEnum):
    """Where the text after an event stands."""

    OUTSIDE = 0
    INSIDE = 1
    NESTED = 2


@dataclass(frozen=True, slots=True)
class Event:
    """A mark and what speaks for each use of it, or the beginning of a paragraph (`mark` None)."""

    paragraph: int
    mark: Mark | None
    opens: float = 0.0
    closes: float = 0.0
    ignored: float = 0.0
    may_nest: bool = False
    kept: float = 0.0
    """At a paragraph's beginning: what it costs to be inside a quotation there."""
    dropped: float = 0.0
    """At a paragraph's beginning: what it costs to leave one there."""


_Way = tuple[float, Action, State]
"""Score so far, what was done, and the state before."""


def best_path(events: Sequence[Event]) -> list[tuple[Action, State]]:
    """For each event what is done and the state after it, on the path of the highest score.

    Notes
    -----
    Viterbi decoding (Viterbi 1967), linear in the number of events.
    """
    scores = (0.0, NEVER, NEVER)
    back: list[tuple[_Way, _Way, _Way]] = []
    for event in events:
        ways = _ways_of_mark(event, scores) if event.mark else _ways_of_paragraph(event, scores)
        back.append(ways)
        scores = (ways[0][0], ways[1][0], ways[2][0])
    state = State.OUTSIDE
    if max(scores[1], scores[2]) + UNCLOSED > scores[0]:
        state = State.INSIDE if scores[1] >= scores[2] else State.NESTED
    path: list[tuple[Action, State]] = []
    for ways in reversed(back):
        _, action, before = ways[state]
        path.append((action, state))
        state = before
    return path[::-1]


def _ways_of_paragraph(event: Event, scores: tuple[float, float, float]) -> tuple[_Way, _Way, _Way]:
    outside, inside, nested = scores
    within, before = max((inside, State.INSIDE), (nested, State.NESTED))
    out: _Way = (outside, Action.PARAGRAPH, State.OUTSIDE)
    if within + event.dropped > outside:
        out = (within + event.dropped, Action.PARAGRAPH, before)
    return (
        out,
        (within + event.kept, Action.PARAGRAPH, before),
        (NEVER, Action.PARAGRAPH, State.NESTED),
    )


def _ways_of_mark(event: Event, scores: tuple[float, float, float]) -> tuple[_Way, _Way, _Way]:
    outside, inside, nested = scores
    begins = event.mark is not None and event.mark.left is Side.EDGE
    # At a paragraph's beginning it is the custom to open again what is still open.
    again = 0.0 if begins else _REOPENED
    out = max(
        (outside + event.ignored, Action.IGNORE, State.OUTSIDE),
        (inside + event.closes, Action.CLOSE, State.INSIDE),
        (outside + event.closes + _STRAY_CLOSE, Action.CLOSE, State.OUTSIDE),
    )
    within = max(
        (inside + event.ignored, Action.IGNORE, State.INSIDE),
        (outside + event.opens, Action.OPEN, State.OUTSIDE),
        (inside + event.opens + again, Action.OPEN, State.INSIDE),
        (nested + event.closes, Action.UNNEST, State.NESTED),
    )
    deep: _Way = (nested + event.ignored, Action.IGNORE, State.NESTED)
    if event.may_nest and not begins:
        deep = max(deep, (inside + event.opens + _NESTED, Action.NEST, State.INSIDE))
    return out, within, deep
