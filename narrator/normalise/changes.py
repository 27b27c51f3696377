"""Text that remembers where it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from narrator.model import Change, Span

LAYOUT = frozenset({"space", "quotes", "emphasis", "dash", "ellipsis", "heading"})
"""Rules that change how the words are set, and no word."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement to be made in a text."""

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A text as an engine gets it.

    Between the changes, the source and `text` are the same: the changes, and what lies between
    them, tile both.
    """

    text: str
    changes: tuple[Change, ...] = ()
    """In order, without overlap."""

    @property
    def word_changes(self) -> tuple[Change, ...]:
        """The changes that a listener might notice: those of no rule in `LAYOUT`."""
        return tuple(change for change in self.changes if change.rule not in LAYOUT)


def rewrite(spoken: Spoken, edits: Sequence[Edit]) -> Spoken:
    """Make `edits` in ``spoken.text``.

    Parameters
    ----------
    edits
        Sorted and without overlap. Those that change nothing are left out.

    Returns
    -------
    Spoken
        Its changes refer to the same source as those of `spoken`; where an edit touches what was
        changed before, the two become one change, of the rule that came first and changes words.
        Takes linear time.
    """
    text = spoken.text
    edits = [edit for edit in edits if text[edit.start : edit.end] != edit.text]
    if not edits:
        return spoken
    result = _Rewriting(text)
    before, at = spoken.changes, 0
    for edit in edits:
        while at < len(before) and _precedes(before[at], edit):
            result.keep(before[at])
            at += 1
        result.make(edit)
        while at < len(before) and before[at].spoken.start < edit.end:
            result.keep(before[at])
            at += 1
    for change in before[at:]:
        result.keep(change)
    return result.finished()


def _precedes(change: Change, edit: Edit) -> bool:
    start, end = change.spoken.start, change.spoken.end
    return end <= edit.start if start < end else start <= edit.start


@dataclass(slots=True)
class _Cluster:
    """Changes and edits that overlap, in the text between the two."""

    start: int
    end: int
    source_start: int
    rule: str
    edits: list[Edit]


class _Rewriting:
    def __init__(self, text: str) -> None:
        self._text = text
        self._parts: list[str] = []
        self._changes: list[Change] = []
        self._done = 0  # in the text
        self._length = 0  # of the parts
        self._shift = 0  # from the text to the source
        self._open: _Cluster | None = None

    def keep(self, change: Change) -> None:
        """A change that was made before."""
        start, end = change.spoken.start, change.spoken.end
        cluster = self._open
        if cluster is not None and start < cluster.end:
            if start < cluster.start:
                cluster.start, cluster.source_start = start, start + self._shift
            cluster.end = max(cluster.end, end)
            if change.rule not in LAYOUT:
                cluster.rule = change.rule
        else:
            self._close()
            self._open = _Cluster(start, end, start + self._shift, change.rule, [])
        self._shift = change.source.end - end

    def make(self, edit: Edit) -> None:
        """An edit."""
        cluster = self._open
        if cluster is not None and edit.start < cluster.end:
            cluster.end = max(cluster.end, edit.end)
            cluster.edits.append(edit)
            if cluster.rule in LAYOUT:
                cluster.rule = edit.rule
        else:
            self._close()
            self._open = _Cluster(edit.start, edit.end, edit.start + self._shift, edit.rule, [edit])

    def _close(self) -> None:
        if (cluster := self._open) is None:
            return
        self._put(self._text[self._done : cluster.start])
        out_start, at = self._length, cluster.start
        for edit in cluster.edits:
            self._put(self._text[at : edit.start])
            self._put(edit.text)
            at = edit.end
        self._put(self._text[at : cluster.end])
        self._changes.append(
            Change(
                source=Span(cluster.source_start, cluster.end + self._shift),
                spoken=Span(out_start, self._length),
                rule=cluster.rule,
            )
        )
        self._done = cluster.end
        self._open = None

    def _put(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)

    def finished(self) -> Spoken:
        self._close()
        self._put(self._text[self._done :])
        return Spoken(text="".join(self._parts), changes=tuple(self._changes))


def substitute(
    spoken: Spoken,
    pattern: re.Pattern[str],
    replacement: str | Callable[[re.Match[str]], str],
    rule: str,
) -> Spoken:
    """What ``pattern.sub`` does, remembering the places."""
    make = (lambda match: replacement) if isinstance(replacement, str) else replacement
    return rewrite(
        spoken,
        [Edit(m.start(), m.end(), make(m), rule) for m in pattern.finditer(spoken.text)],
    )


_NOTHING_MORE = re.compile(r"[\"'”’»›)\]*_\s]*$")


def ends_at(text: str, position: int) -> bool:
    """Whether nothing but closing marks follows, so that a stop before it ends the sentence."""
    return _NOTHING_MORE.match(text, position) is not None


def claim(length: int, edits: Iterable[Edit]) -> list[Edit]:
    """Of edits that overlap, those that come first; sorted by place.

    `length` is that of the text. Edits in the same empty place count as overlapping.
    """
    taken = bytearray(length + 1)
    chosen = []
    for edit in edits:
        end = max(edit.end, edit.start + 1)
        if taken.find(1, edit.start, end) < 0:
            taken[edit.start : end] = b"\1" * (end - edit.start)
            chosen.append(edit)
    return sorted(chosen, key=lambda edit: edit.start)
