"""Takes -> an audiobook: a walk over the cache, making what is not there."""

from __future__ import annotations

import contextlib
import functools
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from narrator.bind import Goal, Stock, write_book
from narrator.encode import Tags, load_encoder
from narrator.errors import StoreError
from narrator.ledger import check_timeline
from narrator.model import Audiobook, Role, Take
from narrator.orders import ReelOrder, ReelSheet, recall_sheet, reel_key, voice_order
from narrator.plan import (
    BuildConfig,
    book_rate_hz,
    keep_pace,
    reel_orders,
    try_settings,
    versions_for,
    versions_of,
    voice_orders,
    worker_count,
)
from narrator.speak import Workshop
from narrator.store import Cache
from narrator.timeline import chapter_titles, lay_out
from narrator.walk import Desk, Measuring
from narrator.watch import WatchedPool, cores, working


class Stage(StrEnum):
    """What a build is doing."""

    LEVEL = "level"
    """Measuring how loud the voices are."""
    SPEAK = "speak"
    JOIN = "join"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What has just been done. The first one of a stage marks its beginning."""

    stage: Stage
    characters: int = 0
    """Of text whose reels are newly done; over a build they sum to those of all takes."""
    sound_s: float = 0.0
    """Length of these reels."""
    cached: bool = False
    """They were in the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A finished file, and what to tell of it."""

    audiobook: Audiobook
    mute: tuple[Take, ...]
    """Takes of which the engine pronounced nothing: a pause stands for each."""
    missing: tuple[Take, ...]
    """Takes that could not be spoken, where the build was to keep going: a pause stands for each.
    The next build tries them again."""
    suspect: tuple[tuple[Take, str], ...]
    """Takes that do not sound like their text, whatever seed the engine was given, and why."""
    reels: int
    reels_made: int
    """Of these, how many were not in the cache."""
    clips_spoken: int
    """Takes that were not in the cache, as far as they were needed."""
    changed: bool
    """False where the file was there already, byte for byte, and was left alone."""
    files: tuple[Path, ...]
    """All that hold sound: the audiobook itself, or where it is a playlist, those beside it."""
    left_behind: tuple[Path, ...] = ()
    """Chapters' files of an earlier build that are no part of the book any more."""


def build(
    takes: Collection[Take],
    target: Path,
    *,
    tags: Tags,
    cache: Cache,
    config: BuildConfig,
    executor: Executor | None = None,
    begun: Measuring = MappingProxyType({}),
    inputs: tuple[Path, ...] = (),
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Built:
    """Speak `takes` into the file `target`, which appears whole or not at all.

    Parameters
    ----------
    takes
        At least one. They are gone through several times, and never held all at once: where they
        are on disk (`narrator.spool`), memory does not grow with them.
    target
        Where the book is to be split, its playlist: the chapters' files lie beside it, and each of
        them appears whole or not at all.
    executor
        Does the work; the one who gives it closes it. None takes processes of this machine that are
        watched (`narrator.watch`): only they survive an engine that hangs or crashes.
    begun
        What `measure_ahead` gave, with the same executor, cache and config.
    inputs
        Files that the book is made from: none of them is written over.
    progress
        Called in this thread.

    Raises
    ------
    EngineError
        An engine failed three times; the message holds the sentence.
    EncodeError
        The encoder refuses its settings.
    StoreError
        The cache or the target cannot be written.
    LedgerError
        The timeline does not hold every take once, in order.
    """
    cache.sweep()
    titles = chapter_titles(takes)
    encoder = load_encoder(config.encoder)
    goal = Goal(
        target=target,
        tags=tags,
        titles=titles,
        encoder=encoder,
        config=config.encode,
        split=config.split,
        inputs=inputs,
    )
    goal.refuse_what_is_others()
    found = goal.look()
    versions = versions_for(takes, cache, config)
    jobs = worker_count(config)
    with working(jobs) if executor is None else contextlib.nullcontext(executor) as workers:
        desk = _desk(workers, jobs, cache, config, begun)
        progress(Progress(stage=Stage.LEVEL))
        levels = desk.levels(voice_orders(takes, config.mix), versions)
        rate_hz = book_rate_hz(levels, config)
        try_settings(rate_hz, config)
        orders = functools.partial(reel_orders, takes, levels, config)
        reels = _reels(orders, versions, desk, progress)
        if isinstance(workers, WatchedPool):
            workers.rest()  # joining takes memory, and all of theirs is of no use to it
        timeline = lay_out(titles, reels.sheets, encoder, rate_hz)
        check_timeline(takes, timeline)
        progress(Progress(stage=Stage.JOIN))
        stock = Stock(sheets=reels.sheets, orders=reels.made_from, desk=desk)
        written = write_book(goal, stock, timeline, found)
    if reels.made and isinstance(workers, WatchedPool):
        with contextlib.suppress(StoreError):  # the book is there, whatever comes after
            keep_pace(cache, takes, config, sound_s=reels.made_s, wall_s=reels.wall_s)
    mute, missing, suspect = reels.doubtful_takes()
    return Built(
        audiobook=Audiobook(path=target, timeline=timeline),
        mute=mute,
        missing=missing,
        suspect=suspect,
        reels=len(reels.keys),
        reels_made=reels.made,
        clips_spoken=reels.clips_spoken,
        changed=written.changed,
        files=written.files,
        left_behind=written.left_behind,
    )


def measure_ahead(
    roles: Iterable[Role], executor: Executor, *, cache: Cache, config: BuildConfig
) -> Measuring:
    """Begin to measure voices, before it is known what they say.

    Raises
    ------
    EngineError
        An engine is missing.
    """
    orders = {voice_order(role.voice, role.delivery, config.mix): None for role in roles}
    versions = versions_of(sorted({order.voice.engine for order in orders}), cache, config)
    desk = _desk(executor, worker_count(config), cache, config, {})
    return desk.begin_levels(orders, versions)


def _desk(
    executor: Executor, jobs: int, cache: Cache, config: BuildConfig, begun: Measuring
) -> Desk:
    shop = Workshop(
        cache=cache,
        patience=config.patience,
        tables=config.engines,
        threads=max(1, cores() // jobs),
        memory_mb=config.model_mb,
    )
    return Desk(executor=executor, shop=shop, jobs=jobs, keep_going=config.keep_going, begun=begun)


_Orders = Callable[[], Iterable[ReelOrder]]
"""Gives the orders of a book from its beginning, as often as it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reels:
    """All reels of the book: they are in the cache."""

    orders: _Orders
    keys: tuple[str, ...]
    """In order; a reel that occurs twice is here twice."""
    by_key: Mapping[str, ReelSheet]
    missing: Mapping[str, tuple[int, ...]]
    """Takes that were given up, by the key of their reel and their place in it."""
    made: int
    made_s: float
    wall_s: float
    clips_spoken: int

    @property
    def sheets(self) -> list[ReelSheet]:
        """Those of the reels, in order."""
        return [self.by_key[key] for key in self.keys]

    def made_from(self) -> Iterator[ReelOrder]:
        """The orders of the reels, with what was given up."""
        for key, order in zip(self.keys, self.orders(), strict=True):
            yield replace(order, missing=self.missing.get(key, ()))

    def doubtful_takes(
        self,
    ) -> tuple[tuple[Take, ...], tuple[Take, ...], tuple[tuple[Take, str], ...]]:
        """Takes that are mute, that are missing, and that are suspect with the reason."""
        mute: list[Take] = []
        missing: list[Take] = []
        suspect: list[tuple[Take, str]] = []
        if self.missing or any(sheet.mute or sheet.suspects for sheet in self.by_key.values()):
            for sheet, order in zip(self.sheets, self.made_from(), strict=True):
                mute += [order.takes[index] for index in sheet.mute]
                missing += [order.takes[index] for index in order.missing]
                suspect += [(order.takes[index], reason) for index, reason in sheet.suspects]
        return tuple(mute), tuple(missing), tuple(suspect)


def _reels(
    orders: _Orders, versions: dict[str, str], desk: Desk, progress: Callable[[Progress], None]
) -> _Reels:
    """Make what the cache does not hold. A reel that occurs twice is made once."""
    keys: list[str] = []
    sheets: dict[str, ReelSheet] = {}
    missing: dict[str, tuple[int, ...]] = {}
    to_make: dict[str, None] = {}

    def done(key: str, order: ReelOrder, *, times: int, cached: bool) -> float:
        if order.missing:
            missing[key] = order.missing
        length_s = times * sheets[key].frames / order.sample_rate_hz
        characters = times * sum(len(take.text) for take in order.takes)
        progress(
            Progress(stage=Stage.SPEAK, characters=characters, sound_s=length_s, cached=cached)
        )
        return length_s

    progress(Progress(stage=Stage.SPEAK))
    for order in orders():
        key = reel_key(order, versions)
        keys.append(key)
        if key not in sheets and key not in to_make:
            if (sheet := recall_sheet(desk.shop.cache, key)) is not None:
                sheets[key] = sheet
            else:
                to_make[key] = None
        if key in sheets:
            done(key, order, times=1, cached=True)
    begun = time.monotonic()
    made_s, spoken, times = 0.0, 0, Counter(keys)
    wanted = _firsts(zip(keys, orders(), strict=True), to_make) if to_make else ()
    for key, (order, made) in zip(to_make, desk.reels(wanted), strict=True):
        sheets[key] = made.sheet
        made_s += done(key, order, times=times[key], cached=False)
        spoken += made.clips_spoken
    return _Reels(
        orders=orders,
        keys=tuple(keys),
        by_key=sheets,
        missing=missing,
        made=len(to_make),
        made_s=made_s,
        wall_s=time.monotonic() - begun,
        clips_spoken=spoken,
    )


def _firsts(keyed: Iterable[tuple[str, ReelOrder]], wanted: Iterable[str]) -> Iterator[ReelOrder]:
    """The first order of each wanted key."""
    left = set(wanted)
    for key, order in keyed:
        if key in left:
            left.remove(key)
            yield order
