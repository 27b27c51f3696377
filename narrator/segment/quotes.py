"""Quotation spans: which marks open and close, decided together over a whole chapter.

Every mark has a say (what stands beside it, which way its glyph faces in this book), and no mark
is believed alone: the reading taken is the best path through the states outside and inside a
quotation. A mark that is missing or faces the wrong way costs something, and no more than that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from narrator.segment.marks import Convention, Family, Mark, Side, marks_in
from narrator.segment.path import NEVER, UNCLOSED, Action, Event, State, best_path

_OPEN_LEFT = {
    Side.EDGE: 3.0,
    Side.SPACE: 2.0,
    Side.BRACKET: 2.0,
    Side.MARK: 2.0,
    Side.DASH: 0.5,
    Side.OTHER: 0.0,
    Side.STOP: -2.0,
    Side.WORD: -5.0,
}
_OPEN_RIGHT = {
    Side.WORD: 2.0,
    Side.MARK: 1.0,
    Side.OTHER: 1.0,
    Side.DASH: 0.0,
    Side.BRACKET: -1.0,
    Side.STOP: -1.0,
    Side.SPACE: -3.0,
    Side.EDGE: -4.0,
}
_CLOSE_LEFT = {
    Side.STOP: 2.5,
    Side.DASH: 1.0,
    Side.MARK: 1.0,
    Side.OTHER: 1.0,
    Side.BRACKET: 0.0,
    Side.WORD: 0.5,
    Side.SPACE: -3.0,
    Side.EDGE: -4.0,
}
_CLOSE_RIGHT = {
    Side.EDGE: 2.0,
    Side.SPACE: 2.0,
    Side.BRACKET: 2.0,
    Side.STOP: 1.5,
    Side.DASH: 1.0,
    Side.MARK: 1.0,
    Side.OTHER: 0.0,
    Side.WORD: -4.0,
}

_PERSISTED = -3.5
"""One that stays open over a paragraph which does not begin with a mark, as around verse."""
_PERSISTED_SOFTLY = -1.0
_DOUBLE_IGNORED = -4.0
_SINGLE_IGNORED = -1.5

_ELIDED_HEAD = re.compile(
    r"(?:tis|twas|twere|twill|twould|twixt|tween|tain|taint|tisn|twasn|tother|em|un|uns|im|ee|er|e|is|"
    r"as|ad|ave|aven|ere|ow|ouse|ome|ead|and|ard|ell|eart|alf|ave|ud|ll|ve|re|d|s|t|m|nuff|nother|"
    r"bout|cause|cos|coz|cuz|cept|fore|fraid|gainst|gin|kay|less|long|lowed|mongst|neath|nless|"
    r"pon|round|scuse|sblood|sdeath|spose|stead|till?|til|way|n|nd|bye|bus|phone|flu|cello|gator|"
    r"specially|tention|tever|ternoon|lection|pothecary)(?![^\W_])|\d0?s|\d\d(?!\d)",
    re.IGNORECASE,
)
"""What can follow an apostrophe that stands for a lost beginning."""
_AMBIGUOUS_HEAD = re.compile(
    r"(?:and|as|is|less|long|round|till|way|bye|er|gin|re|m|t|s|d|e)\b", re.IGNORECASE
)
_ELIDED_TAIL = re.compile(
    r"(?:(?<![^\W_])(?:o|th|an|wi|i|t|d|y|ol|tho|altho|thro|of|fo|mo|po|jus|mus|las|bes|nex|mis|goo|ha|gi|"
    r"ma|lil|li|roun|groun|hol|tol|fin|min|kin|wil|chil|ev|ne|n|st|mebbe|wa|se|mas|hon|no)|in)$",
    re.IGNORECASE,
)
"""A word whose end an apostrophe stands for: ``o'``, ``th'``, ``goin'``."""
_TAIL_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotation's part in one paragraph, with its marks."""

    start: int
    end: int
    paragraph: int
    """Index into the paragraphs given."""
    continued: bool = False
    """It was left open by the paragraph before."""
    is_closed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A paragraph's range, as far as quotations are concerned."""

    start: int
    end: int
    is_soft: bool = False
    is_barrier: bool = False
    """No quotation runs on into it: a heading, an epigraph or a scene break stands before."""


def quotes_in(
    text: str, stretches: Sequence[Stretch], convention: Convention, family: Family
) -> list[Quote]:
    """The quotations of `family` in consecutive paragraphs of one chapter, in order."""
    events = _events(text, stretches, convention, family)
    return _trace(stretches, events, best_path(events))


def _events(
    text: str, stretches: Sequence[Stretch], convention: Convention, family: Family
) -> list[Event]:
    facing = convention.facing()
    events: list[Event] = []
    for index, stretch in enumerate(stretches):
        marks = marks_in(text, stretch.start, stretch.end, family.value)
        events.append(_beginning(index, stretch, marks))
        events.extend(_weigh(text, index, mark, facing[mark.glyph], family) for mark in marks)
    return events


def _beginning(index: int, stretch: Stretch, marks: Sequence[Mark]) -> Event:
    takes_up = bool(marks) and marks[0].left is Side.EDGE and marks[0].right is not Side.SPACE
    if stretch.is_barrier:
        stays, drops = NEVER, 0.0
    elif takes_up:
        stays, drops = 0.0, UNCLOSED
    else:
        stays, drops = (_PERSISTED_SOFTLY if stretch.is_soft else _PERSISTED), UNCLOSED
    return Event(index, None, kept=stays, dropped=drops)


def _weigh(text: str, index: int, mark: Mark, facing: float, family: Family) -> Event:
    """A mark's own opinion of what it is."""
    opens = _OPEN_LEFT[mark.left] + _OPEN_RIGHT[mark.right] + facing
    closes = _CLOSE_LEFT[mark.left] + _CLOSE_RIGHT[mark.right] - facing
    if family in (Family.GUILLEMETS, Family.SINGLE_GUILLEMETS):
        # French spaces them from the words within, so white space says nothing.
        opens = max(opens, facing + 1.0)
        closes = max(closes, 1.0 - facing)
    elif family in (Family.CORNERS, Family.WHITE_CORNERS):
        opens, closes = 2.0 * facing, -2.0 * facing
    skips = _DOUBLE_IGNORED
    if family is Family.SINGLE:
        skips, opens, closes = _weigh_apostrophe(text, mark, facing, opens, closes)
    may_nest = family is not Family.SINGLE and abs(facing) > 1.0
    return Event(index, mark, opens, closes, skips, may_nest)


def _weigh_apostrophe(
    text: str, mark: Mark, facing: float, opens: float, closes: float
) -> tuple[float, float, float]:
    """How likely a single mark is an apostrophe: (ignored, opening, closing)."""
    left, right = mark.left, mark.right
    if left is Side.WORD and right is Side.WORD:
        return 6.0, opens, closes
    if right is Side.WORD:
        if _ELIDED_HEAD.match(text, mark.at + 1):
            is_doubtful = bool(_AMBIGUOUS_HEAD.match(text, mark.at + 1))
            return (1.0 if is_doubtful and facing > -1.0 else 6.0), opens, closes
        return (1.0 if facing < -1.0 else _SINGLE_IGNORED), opens, closes
    if left is Side.WORD:
        tail = text[max(0, mark.at - _TAIL_LENGTH) : mark.at]
        if _ELIDED_TAIL.search(tail):
            return 3.0, opens, closes - 2.0
        if tail[-1] in "sSxz":
            return 1.5, opens, closes - 1.0
    return _SINGLE_IGNORED, opens, closes


def _trace(
    stretches: Sequence[Stretch], events: Sequence[Event], path: Sequence[tuple[Action, State]]
) -> list[Quote]:
    """The quotations along a path."""
    quotes: list[Quote] = []
    begun: int | None = None
    continued = False

    def close(end: int, paragraph: int, *, is_closed: bool) -> None:
        nonlocal begun, continued
        if begun is not None and end > begun:
            quotes.append(
                Quote(
                    start=begun,
                    end=end,
                    paragraph=paragraph,
                    continued=continued,
                    is_closed=is_closed,
                )
            )
        begun, continued = None, False

    before = State.OUTSIDE
    for event, (action, state) in zip(events, path, strict=True):
        if event.mark is None:
            if before:
                close(stretches[event.paragraph - 1].end, event.paragraph - 1, is_closed=False)
            if state:
                begun, continued = stretches[event.paragraph].start, True
        elif action is Action.OPEN:
            if before and event.mark.left is not Side.EDGE:
                close(event.mark.at, event.paragraph, is_closed=False)
            if begun is None:
                begun = event.mark.at
        elif action is Action.CLOSE and before:
            close(event.mark.at + 1, event.paragraph, is_closed=True)
        before = state
    if before and stretches:
        close(stretches[-1].end, len(stretches) - 1, is_closed=False)
    return quotes
