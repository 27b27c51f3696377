"""Takes -> an audiobook: a walk over the cache, making what is not there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from narrator.encode import Encoder, Tags, load_encoder
from narrator.errors import StoreError
from narrator.ledger import check_timeline
from narrator.model import Audiobook, Cue, Mark, Take, Timeline
from narrator.orders import ReelOrder, ReelSheet, recall_sheet, reel_key
from narrator.plan import (
    BuildConfig,
    engines_of,
    keep_pace,
    reel_orders,
    voice_orders,
    worker_count,
)
from narrator.speak import Studio
from narrator.split import file_names, playlist, split_chapters
from narrator.store import Cache, digest_file, replacing, write_text
from narrator.walk import Desk
from narrator.watch import WatchedPool, working


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


def build(
    takes: Sequence[Take],
    target: Path,
    *,
    tags: Tags,
    cache: Cache,
    config: BuildConfig,
    executor: Executor | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Built:
    """Speak `takes` into the file `target`, which appears whole or not at all.

    Parameters
    ----------
    takes
        At least one.
    target
        Where the book is to be split, its playlist: the chapters' files lie beside it, and each of
        them appears whole or not at all.
    executor
        Does the work; the one who gives it closes it. None takes processes of this machine that are
        watched (`narrator.watch`): only they survive an engine that hangs or crashes.
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
    encoder = load_encoder(config.encoder)
    studio = Studio(cache=cache, tables=config.engines)
    versions = studio.versions(engines_of(takes), config.encoder)
    studio.close()
    jobs = worker_count(config)
    with working(jobs) if executor is None else contextlib.nullcontext(executor) as workers:
        desk = Desk(
            executor=workers,
            cache=cache,
            jobs=jobs,
            patience=config.patience,
            tables=config.engines,
            memory_mb=config.model_mb,
            keep_going=config.keep_going,
        )
        progress(Progress(stage=Stage.LEVEL))
        levels = desk.levels(voice_orders(takes, config.mix), versions)
        orders = reel_orders(takes, levels, config)
        reels = _reels(orders, versions, desk, progress)
        timeline = lay_out(takes, reels.sheets, encoder, orders[0].sample_rate_hz)
        check_timeline(takes, timeline)
        progress(Progress(stage=Stage.JOIN))
        files: tuple[Path, ...] = (target,)
        if config.split:
            changed, files = _write_split(target, reels, desk, encoder, timeline, tags, config)
        else:
            changed = _write(target, reels, desk, encoder, timeline, tags, config)
    if reels.made and isinstance(workers, WatchedPool):
        with contextlib.suppress(StoreError):  # the book is there, whatever comes after
            keep_pace(cache, takes, config, sound_s=reels.made_s, wall_s=reels.wall_s)
    return Built(
        audiobook=Audiobook(path=target, timeline=timeline),
        mute=_picked(reels, lambda order, sheet: sheet.mute),
        missing=_picked(reels, lambda order, sheet: order.missing),
        suspect=tuple(
            (order.takes[index], reason)
            for order, sheet in zip(reels.orders, reels.sheets, strict=True)
            for index, reason in sheet.suspects
        ),
        reels=len(reels.sheets),
        reels_made=reels.made,
        clips_spoken=reels.clips_spoken,
        changed=changed,
        files=files,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reels:
    """All reels of the book, in order: they are in the cache."""

    orders: tuple[ReelOrder, ...]
    sheets: tuple[ReelSheet, ...]
    made: int
    made_s: float
    wall_s: float
    clips_spoken: int


def _reels(
    orders: Sequence[ReelOrder],
    versions: dict[str, str],
    desk: Desk,
    progress: Callable[[Progress], None],
) -> _Reels:
    """Make what the cache does not hold. A reel that occurs twice is made once."""
    keys = [reel_key(order, versions) for order in orders]
    by_key = dict(zip(keys, orders, strict=True))
    times = Counter(keys)
    sheets: dict[str, ReelSheet] = {}

    def done(key: str, sheet: ReelSheet, *, cached: bool) -> float:
        sheets[key] = sheet
        order = by_key[key]
        length_s = times[key] * sheet.frames / order.sample_rate_hz
        characters = times[key] * sum(len(take.text) for take in order.takes)
        progress(
            Progress(stage=Stage.SPEAK, characters=characters, sound_s=length_s, cached=cached)
        )
        return length_s

    progress(Progress(stage=Stage.SPEAK))
    for key in by_key:
        if (sheet := recall_sheet(desk.cache, key)) is not None:
            done(key, sheet, cached=True)
    to_make = [key for key in by_key if key not in sheets]
    begun = time.monotonic()
    made_s, spoken = 0.0, 0
    for key, (order, made) in zip(to_make, desk.reels(by_key[key] for key in to_make), strict=True):
        by_key[key] = order
        made_s += done(key, made.sheet, cached=False)
        spoken += made.clips_spoken
    return _Reels(
        orders=tuple(by_key[key] for key in keys),
        sheets=tuple(sheets[key] for key in keys),
        made=len(to_make),
        made_s=made_s,
        wall_s=time.monotonic() - begun,
        clips_spoken=spoken,
    )


def _picked(
    reels: _Reels, pick: Callable[[ReelOrder, ReelSheet], tuple[int, ...]]
) -> tuple[Take, ...]:
    return tuple(
        order.takes[index]
        for order, sheet in zip(reels.orders, reels.sheets, strict=True)
        for index in pick(order, sheet)
    )


def _write(
    target: Path,
    reels: _Reels,
    desk: Desk,
    encoder: Encoder,
    timeline: Timeline,
    tags: Tags,
    config: BuildConfig,
) -> bool:
    """Join the reels into `target`, unless it holds just that already. Whether it was written."""
    key = _book_key(reels.sheets, encoder, timeline, tags, config)
    known = desk.cache.get("book", key)
    if known is not None and _describe_file(target) == known:
        return False
    orders = {sheet.key: order for sheet, order in zip(reels.sheets, reels.orders, strict=True)}
    with replacing(target) as temporary:
        encoder.join(
            desk.recall(reels.sheets, orders),
            temporary,
            timeline=timeline,
            tags=tags,
            config=config.encode,
        )
        written = _describe_file(temporary)
    if written is not None:
        with contextlib.suppress(StoreError):  # the book is there; the next build looks closer
            desk.cache.put("book", key, written)
    return True


def _write_split(
    target: Path,
    reels: _Reels,
    desk: Desk,
    encoder: Encoder,
    timeline: Timeline,
    tags: Tags,
    config: BuildConfig,
) -> tuple[bool, tuple[Path, ...]]:
    """Write a file for each chapter, and the playlist last. Whether any was written, and which."""
    takes = [take for order in reels.orders for take in order.takes]
    volumes = split_chapters(
        takes,
        reels.sheets,
        sample_rate_hz=timeline.sample_rate_hz,
        join_frames=encoder.join_frames,
    )
    titles = [volume.title or tags.title for volume in volumes]
    names = file_names(titles, encoder.suffix)
    changed = False
    for number, (name, title, volume) in enumerate(zip(names, titles, volumes, strict=True), 1):
        part = slice(volume.reels.start, volume.reels.stop)
        changed |= _write(
            target.with_name(name),
            replace(reels, orders=reels.orders[part], sheets=reels.sheets[part]),
            desk,
            encoder,
            volume.timeline,
            replace(
                tags, title=title, album=tags.album or tags.title, track=(number, len(volumes))
            ),
            config,
        )
    write_text(target, playlist(names, volumes))
    return changed, tuple(map(target.with_name, names))


def _book_key(
    sheets: Sequence[ReelSheet],
    encoder: Encoder,
    timeline: Timeline,
    tags: Tags,
    config: BuildConfig,
) -> str:
    """A hash of everything that decides the bytes of the file."""
    digest = hashlib.sha256()
    for value in (encoder.name, encoder.version, timeline.sample_rate_hz, timeline.marks, tags):
        digest.update(repr(value).encode("utf-8", "surrogatepass"))
    digest.update(repr(config.encode).encode())
    for sheet in sheets:
        digest.update(sheet.key.encode())
    return digest.hexdigest()


def _describe_file(path: Path) -> bytes | None:
    found = digest_file(path)
    return None if found is None else json.dumps(found).encode()


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
