"""A text without some of its parts, and the way from one to the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice, takewhile

from narrator.model import Span


@dataclass(frozen=True, slots=True)
class Cuts:
    """Parts that are taken out of a text: sorted, none empty, none touching another."""

    spans: tuple[Span, ...]
    _at: list[int] = field(init=False, compare=False)
    """Where each was, in what is left."""
    _gone: list[int] = field(init=False, compare=False)
    """How much is gone up to each and with it."""

    def __post_init__(self) -> None:
        at, gone, total = [], [], 0
        for span in self.spans:
            at.append(span.start - total)
            total += len(span)
            gone.append(total)
        object.__setattr__(self, "_at", at)
        object.__setattr__(self, "_gone", gone)

    def left_of(self, text: str) -> str:
        """What is left of `text`."""
        parts, at = [], 0
        for span in self.spans:
            parts.append(text[at : span.start])
            at = span.end
        return "".join((*parts, text[at:]))

    def forth(self, position: int) -> int:
        """Where a place of the text is in what is left; one that is gone, where it was."""
        gone = 0
        for span in self.spans:
            if position <= span.start:
                break
            gone += min(position, span.end) - span.start
        return position - gone

    def back(self, position: int) -> int:
        """Where the character at a place of what is left is in the text.

        So a part that was taken out right before it is not passed over but left behind.
        """
        found = bisect_right(self._at, position)
        return position + (self._gone[found - 1] if found else 0)

    def moved(self, span: Span) -> Span | None:
        """What is left of a span; None where nothing is."""
        found = Span(self.forth(span.start), self.forth(span.end))
        return found if len(found) else None

    def inside(self, span: Span) -> Cuts:
        """The parts that lie in a span of the text, their places counted from its beginning."""
        return Cuts(
            tuple(Span(c.start - span.start, c.end - span.start) for c in self.within(span))
        )

    def within(self, span: Span) -> tuple[Span, ...]:
        """The same, in their own places."""
        first = bisect_left(self.spans, Span(span.start, span.start))
        found = takewhile(lambda cut: cut.end <= span.end, islice(self.spans, first, None))
        return tuple(found)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` sorted, those that touch or overlap made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
