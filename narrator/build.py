"""Takes -> an audiobook: a walk over the cache, making what is not there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from narrator.encode import EncodeConfig, EncodedReel, Encoder, Tags, load_encoder
from narrator.errors import EngineError, StoreError
from narrator.ledger import check_timeline
from narrator.mix import MixConfig
from narrator.model import Audiobook, Cue, Delivery, Mark, Take, Timeline, Voice
from narrator.reels import plan_reels
from narrator.speak import (
    ReelOrder,
    ReelSheet,
    Studio,
    VoiceLevel,
    VoiceOrder,
    open_worker,
    recall_reel,
    recall_sheet,
    reel_key,
    work_level,
    work_reel,
)
from narrator.store import Cache, replacing

_AHEAD = 3
"""Orders that wait for each worker: enough to keep it busy, few enough to stop soon."""

_PATIENCE_S = 2.0
"""How long a worker process may take to end when it is told to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """How a book is made."""

    mix: MixConfig = field(default_factory=MixConfig)
    encode: EncodeConfig = field(default_factory=EncodeConfig)
    encoder: str = "m4b"
    jobs: int = 0
    """Worker processes; 0 takes one for each core that this process may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A finished file, and what to tell of it."""

    audiobook: Audiobook
    mute: tuple[Take, ...]
    """Takes of which the engine pronounced nothing: a pause stands for each."""
    reels: int
    reels_made: int
    """Of these, how many were not in the cache."""


def build(
    takes: Sequence[Take],
    target: Path,
    *,
    tags: Tags,
    cache: Cache,
    config: BuildConfig,
    progress: Callable[[int], None] = lambda characters: None,
) -> Built:
    """Speak `takes` into the file `target`, which appears whole or not at all.

    Parameters
    ----------
    takes
        At least one.
    progress
        Called with the number of characters of text that are newly done.

    Raises
    ------
    EngineError
        An engine failed or died.
    EncodeError
        The encoder refuses its settings.
    StoreError
        The cache or the target cannot be written.
    LedgerError
        The timeline does not hold every take once, in order.
    """
    encoder = load_encoder(config.encoder)
    cache.sweep()
    with _workers(config, cache) as workers:
        levels = _levels(takes, workers, config.mix)
        orders = _orders(takes, levels, config)
        studio = Studio(cache=cache)
        versions = studio.versions(sorted({take.voice.engine for take in takes}), config.encoder)
        keys = [reel_key(order, versions) for order in orders]
        sheets: list[ReelSheet] = []
        made = 0
        for order, sheet, new in _sheets(orders, keys, cache, workers, _jobs(config)):
            sheets.append(sheet)
            made += new
            progress(sum(len(take.text) for take in order.takes))
        studio.close()
    timeline = lay_out(takes, sheets, encoder, orders[0].sample_rate_hz)
    check_timeline(takes, timeline)
    with replacing(target) as temporary:
        encoder.join(
            _reels(keys, cache), temporary, timeline=timeline, tags=tags, config=config.encode
        )
    return Built(
        audiobook=Audiobook(path=target, timeline=timeline),
        mute=_mute_takes(orders, sheets),
        reels=len(sheets),
        reels_made=made,
    )


def _jobs(config: BuildConfig) -> int:
    if config.jobs:
        return config.jobs
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _workers(config: BuildConfig, cache: Cache) -> Iterator[Executor]:
    executor = ProcessPoolExecutor(
        max_workers=_jobs(config),
        # Engines hold threads and native libraries, which do not survive a fork.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=open_worker,
        initargs=(cache,),
    )
    try:
        yield executor
        executor.shutdown()
    except BrokenExecutor as exc:
        _end_workers()
        raise EngineError(
            "a speech process died; run it again, and it goes on where it stopped"
        ) from exc
    except BaseException:
        _end_workers()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _end_workers() -> None:
    """End the worker processes now rather than when their reels are finished."""
    if threading.current_thread() is threading.main_thread():
        # A second Ctrl-C would cut this short and leave processes behind; it takes a moment only.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    children = multiprocessing.active_children()
    for child in children:
        child.terminate()
    deadline = time.monotonic() + _PATIENCE_S
    for child in children:
        child.join(max(0.0, deadline - time.monotonic()))
        if child.is_alive():
            child.kill()


def _levels(
    takes: Sequence[Take], workers: Executor, mix: MixConfig
) -> dict[tuple[Voice, Delivery], VoiceLevel]:
    ways = dict.fromkeys((take.voice, take.delivery) for take in takes)
    futures = {
        way: workers.submit(work_level, VoiceOrder(voice=way[0], delivery=way[1], mix=mix))
        for way in ways
    }
    return {way: future.result() for way, future in futures.items()}


def _orders(
    takes: Sequence[Take], levels: dict[tuple[Voice, Delivery], VoiceLevel], config: BuildConfig
) -> list[ReelOrder]:
    rate = config.mix.sample_rate_hz or max(level.sample_rate_hz for level in levels.values())

    def gain_db(take: Take) -> float:
        return levels[take.voice, take.delivery].gain_db + take.delivery.gain_db

    reels = plan_reels(takes)
    return [
        ReelOrder(
            takes=tuple(takes[index] for index in reel),
            gains_db=tuple(gain_db(takes[index]) for index in reel),
            sample_rate_hz=rate,
            mix=config.mix,
            encode=config.encode,
            encoder=config.encoder,
            head_ms=0 if reel.start else config.mix.head_ms,
            tail_ms=config.mix.tail_ms if reel.stop == len(takes) else 0,
        )
        for reel in reels
    ]


def _sheets(
    orders: Sequence[ReelOrder], keys: Sequence[str], cache: Cache, workers: Executor, jobs: int
) -> Iterator[tuple[ReelOrder, ReelSheet, bool]]:
    """The orders' sheets in order, and whether each reel had to be made."""
    waiting: deque[tuple[ReelOrder, ReelSheet | Future[ReelSheet]]] = deque()
    under_way: dict[str, Future[ReelSheet]] = {}

    def first() -> tuple[ReelOrder, ReelSheet, bool]:
        order, found = waiting.popleft()
        if isinstance(found, ReelSheet):
            return order, found, False
        return order, found.result(), True

    for order, key in zip(orders, keys, strict=True):
        # A reel that occurs twice is made once: the second time it is under way or in the cache.
        found = under_way.get(key) or recall_sheet(cache, key)
        if found is None:
            found = under_way[key] = workers.submit(work_reel, order)
        waiting.append((order, found))
        while len(waiting) > _AHEAD * jobs:
            yield first()
    while waiting:
        yield first()


def lay_out(
    takes: Sequence[Take], sheets: Sequence[ReelSheet], encoder: Encoder, sample_rate_hz: int
) -> Timeline:
    """Lay reels one behind the other: when does every take sound, and every chapter begin?"""
    cues: list[Cue] = []
    at = 0
    for sheet in sheets:
        for start, end in sheet.cues:
            cues.append(Cue(take=len(cues), start=at + start, end=at + end))
        at += sheet.frames
    marks = tuple(
        Mark(title=take.mark, start=cue.start)
        for take, cue in zip(takes, cues, strict=False)
        if take.mark is not None
    )
    return Timeline(
        sample_rate_hz=sample_rate_hz,
        frames=at - encoder.join_frames,
        cues=tuple(cues),
        marks=marks,
    )


def _reels(keys: Sequence[str], cache: Cache) -> Iterator[EncodedReel]:
    for key in keys:
        reel = recall_reel(cache, key)
        if reel is None:
            raise StoreError(
                f"{cache.root}: a reel was removed or damaged while the book was being joined; "
                "run it again, and only that reel is made anew"
            )
        yield reel


def _mute_takes(orders: Sequence[ReelOrder], sheets: Sequence[ReelSheet]) -> tuple[Take, ...]:
    return tuple(
        order.takes[index]
        for order, sheet in zip(orders, sheets, strict=True)
        for index in sheet.mute
    )
