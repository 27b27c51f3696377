"""Orders -> sheets: what the cache does not hold, an executor makes, and tries again if need be."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from narrator.encode import EncodedReel
from narrator.errors import EngineError, StoreError
from narrator.orders import (
    MadeReel,
    ReelOrder,
    ReelSheet,
    VoiceLevel,
    VoiceOrder,
    recall_level,
    recall_reel,
)
from narrator.speak import ClipError, Workshop
from narrator.watch import LostError
from narrator.workshop import work_level, work_reel

T = TypeVar("T")
R = TypeVar("R")

TRIES = 3
"""How often a text is tried before it is given up."""

Measuring = Mapping[VoiceOrder, VoiceLevel | Future[VoiceLevel]]
"""Levels of voices that are known, or are being found."""

_AHEAD = 3
"""Orders that wait for each worker: enough to keep it busy, few enough to stop soon."""


class _VoiceError(EngineError):
    """A voice could not be made to speak its sample."""


@dataclass(slots=True, kw_only=True)
class Desk:
    """Gives orders to an executor and takes what comes back."""

    executor: Executor
    shop: Workshop
    jobs: int
    """Workers that the executor has."""
    keep_going: bool = False
    """Leave out a take that three tries could not speak, rather than stop."""
    begun: Measuring = field(default_factory=dict)
    """What `begin_levels` gave before, with the same executor."""
    _failures: Counter[object] = field(default_factory=Counter)

    def begin_levels(self, orders: Iterable[VoiceOrder], versions: Mapping[str, str]) -> Measuring:
        """Have the levels found that are not known, and wait for none.

        `versions` holds the engines'.
        """
        return {
            order: self.begun.get(order)
            or recall_level(self.shop.cache, order, versions[order.voice.engine])
            or self._submit(work_level, order)
            for order in orders
        }

    def levels(
        self, orders: Iterable[VoiceOrder], versions: Mapping[str, str]
    ) -> dict[VoiceOrder, VoiceLevel]:
        """Find the level of every voice. `versions` holds the engines'.

        Where the build keeps going, a voice that is given up is not in what comes back.

        Raises
        ------
        EngineError
            An engine fails with one of the voices, three times; or with all of them.
        """
        levels: dict[VoiceOrder, VoiceLevel] = {}
        fault: EngineError | None = None
        for order, got in self.begin_levels(orders, versions).items():
            try:
                levels[order] = got if isinstance(got, VoiceLevel) else self._level(order, got)
            except _VoiceError as exc:
                if not self.keep_going:
                    raise
                fault = exc
        if fault is not None and not levels:
            raise fault
        return levels

    def _level(self, order: VoiceOrder, future: Future[VoiceLevel]) -> VoiceLevel:
        while True:
            try:
                return _result(future)
            except (ClipError, LostError) as exc:
                self._failures[order] += 1
                if self._failures[order] >= TRIES:
                    raise _VoiceError(
                        f"the voice {order.voice.name!r} failed {TRIES} times: {exc.reason}"
                    ) from exc
            future = self._submit(work_level, order)

    def reels(self, orders: Iterable[ReelOrder]) -> Iterator[tuple[ReelOrder, MadeReel]]:
        """Make reels, in order. An order comes back with what was given up added to it.

        Raises
        ------
        EngineError
            An engine fails on a text, three times; the message holds the text.
        """
        waiting: deque[tuple[ReelOrder, Future[MadeReel]]] = deque()
        for order in orders:
            waiting.append((order, self._submit(work_reel, order)))
            while len(waiting) > _AHEAD * self.jobs:
                yield self._reel(*waiting.popleft())
        while waiting:
            yield self._reel(*waiting.popleft())

    def _reel(self, order: ReelOrder, future: Future[MadeReel]) -> tuple[ReelOrder, MadeReel]:
        while True:
            try:
                return order, _result(future)
            except ClipError as exc:
                order = self._again(order, exc.index, exc.reason, exc)
            except LostError as exc:
                index = exc.doing if isinstance(exc.doing, int) else None
                order = self._again(order, index, f"the speech process was lost: {exc.reason}", exc)
            future = self._submit(work_reel, order)

    def _again(
        self, order: ReelOrder, index: int | None, reason: str, cause: Exception
    ) -> ReelOrder:
        """The order with which to try again."""
        take = order.takes[index or 0]
        what = (
            ("in the mix", order)
            if index is None
            else (take.text, take.voice, take.delivery, take.sound)
        )
        self._failures[what] += 1
        if self._failures[what] < TRIES:
            return order
        if self.keep_going and index is not None:
            return replace(order, missing=tuple(sorted({*order.missing, index})))
        place = f"chapter {take.chapter + 1}, character {take.span.start}"
        what_for = "before or after speaking" if index is None else f"“{_short(take.shown)}”"
        raise EngineError(
            f"{place}, {what_for}: failed {TRIES} times: {reason}. "
            "Run it again, and it goes on where it stopped"
        ) from cause

    def recall(
        self, sheets: Iterable[ReelSheet], orders: Iterator[ReelOrder]
    ) -> Iterator[EncodedReel]:
        """The reels of these sheets, in order. What is damaged or gone meanwhile is made again.

        Parameters
        ----------
        orders
            Those of the sheets, in the same order; gone through only as far as one is needed.

        Raises
        ------
        EngineError
            See `reels`; or a reel that was made again is another now.
        StoreError
            What was made again is not in the cache either.
        """
        passed = 0
        for at, (sheet, found) in enumerate(self._recalled_ahead(sheets)):
            order: ReelOrder | None = None
            for again in range(TRIES):
                reel = recall_reel(self.shop.cache, sheet.key) if again else found
                if reel is not None:
                    break
                if order is None:
                    order, passed = next(islice(orders, at - passed, None)), at + 1
                [(_, made)] = self.reels([order])
                if made.sheet != sheet:
                    raise EngineError("an engine does not give the same sound for the same text")
            else:
                raise StoreError(f"{self.shop.cache.root}: what is written there does not stay")
            yield reel

    def _recalled_ahead(
        self, sheets: Iterable[ReelSheet]
    ) -> Iterator[tuple[ReelSheet, EncodedReel | None]]:
        """Each sheet with its reel as the cache has it; the next one is read meanwhile."""
        cache = self.shop.cache
        with ThreadPoolExecutor(max_workers=1) as reader:
            before: tuple[ReelSheet, Future[EncodedReel | None]] | None = None
            for sheet in sheets:
                coming = sheet, reader.submit(recall_reel, cache, sheet.key)
                if before is not None:
                    yield before[0], before[1].result()
                before = coming
            if before is not None:
                yield before[0], before[1].result()

    def _submit(self, work: Callable[[Workshop, T], R], order: T) -> Future[R]:
        try:
            return self.executor.submit(work, self.shop, order)
        except BrokenExecutor as exc:
            raise EngineError(_DIED) from exc


def _result(future: Future[R]) -> R:
    try:
        return future.result()
    except BrokenExecutor as exc:
        raise EngineError(_DIED) from exc


_DIED = "a speech process died; run it again, and it goes on where it stopped"


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:159]}…"
