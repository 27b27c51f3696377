"""What a build has to do: its orders, and how much of them the cache holds already."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from narrator.clips import take_key
from narrator.encode import EncodeConfig, load_encoder
from narrator.engines import EngineTables
from narrator.mix import MixConfig
from narrator.model import Take
from narrator.orders import (
    ReelOrder,
    VoiceLevel,
    VoiceOrder,
    recall_level,
    recall_sheet,
    reel_key,
    voice_order,
)
from narrator.reels import cut_reels, take_s
from narrator.speak import Patience, Studio, Workshop
from narrator.store import Cache
from narrator.watch import cores

T = TypeVar("T")

_USUAL_PACE = 60.0
"""Seconds of sound that a process makes in a second: eSpeak NG and AAC on a slow machine."""

_USUAL_RATE_HZ = 22_050
"""Of a part of a book in which nobody speaks."""

_LEAST_MEASURED_S = 60.0
"""Builds that make less sound say little about the pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """How a book is made."""

    mix: MixConfig = field(default_factory=MixConfig)
    encode: EncodeConfig = field(default_factory=EncodeConfig)
    encoder: str = "m4b"
    split: bool = False
    """One file for each chapter, and a playlist."""
    jobs: int = 0
    """Worker processes; 0 takes one for each core that this process may use."""
    keep_going: bool = False
    """Leave out what three tries could not speak, rather than stop."""
    patience: Patience = field(default_factory=Patience)
    model_mb: int = 0
    """Megabytes that each worker's engines may take for their models; 0 leaves it to them."""
    engines: EngineTables = ()
    """What the user wants of the engines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a build would do, by estimate where it is not known."""

    clips: int
    clips_to_speak: int
    sounds: int
    """What the author's marks ask for, beside the clips."""
    characters: int
    characters_to_speak: int
    reels: int
    reels_to_encode: int
    sound_s: float
    sound_to_make_s: float
    build_s: float
    """Time to make what is missing."""
    is_pace_known: bool
    """Whether `build_s` comes from a build on this machine, and is no guess."""
    size_bytes: int


def worker_count(config: BuildConfig) -> int:
    """How many workers `config` asks for on this machine."""
    return config.jobs or cores()


def engines_of(takes: Iterable[Take]) -> list[str]:
    """The names of the engines that speak `takes`, sorted."""
    return sorted({take.voice.engine for take in takes if take.sound is None})


def versions_for(takes: Iterable[Take], cache: Cache, config: BuildConfig) -> dict[str, str]:
    """The versions of the engines that speak `takes`, and of the encoder, by name.

    Raises
    ------
    EngineError
        An engine is missing.
    """
    return versions_of(engines_of(takes), cache, config)


def versions_of(engines: Sequence[str], cache: Cache, config: BuildConfig) -> dict[str, str]:
    """The versions of these engines, and of the encoder, by name.

    Raises
    ------
    EngineError
        An engine is missing.
    """
    studio = Studio(Workshop(cache=cache, tables=config.engines))
    try:
        return studio.versions(engines, config.encoder)
    finally:
        studio.close()


def book_rate_hz(levels: Mapping[VoiceOrder, VoiceLevel], config: BuildConfig) -> int:
    """The sample rate of a book of voices with these levels."""
    return load_encoder(config.encoder).sample_rate_hz(
        config.mix.sample_rate_hz
        or max((level.sample_rate_hz for level in levels.values()), default=_USUAL_RATE_HZ)
    )


def voice_orders(takes: Iterable[Take], mix: MixConfig) -> tuple[VoiceOrder, ...]:
    """An order for each way in which a voice speaks."""
    ways = dict.fromkeys((take.voice, take.delivery) for take in takes if take.sound is None)
    return tuple(dict.fromkeys(voice_order(voice, delivery, mix) for voice, delivery in ways))


def reel_orders(
    takes: Iterable[Take], levels: Mapping[VoiceOrder, VoiceLevel], config: BuildConfig
) -> Iterator[ReelOrder]:
    """The orders that make up the book, one after the other.

    `levels` holds those of all `voice_orders`; takes of a voice that it lacks are missing.
    """
    rate = book_rate_hz(levels, config)

    def is_missing(take: Take) -> bool:
        return take.sound is None and level_of(take) is None

    def level_of(take: Take) -> VoiceLevel | None:
        return levels.get(voice_order(take.voice, take.delivery, config.mix))

    def gain_db(take: Take) -> float:
        if take.sound is not None:
            return take.sound.gain_db
        level = level_of(take)
        return (level.gain_db if level else 0.0) + take.delivery.gain_db

    def at_edge(before: Sequence[Take] | None, after: Sequence[Take] | None) -> bool:
        """Whether one file ends and another begins between these reels."""
        if before is None or after is None:
            return True
        return config.split and after[0].mark is not None

    for before, reel, after in _with_neighbours(cut_reels(takes)):
        yield ReelOrder(
            takes=reel,
            gains_db=tuple(map(gain_db, reel)),
            sample_rate_hz=rate,
            mix=config.mix,
            encode=config.encode,
            encoder=config.encoder,
            head_ms=config.mix.head_ms if at_edge(before, reel) else 0,
            tail_ms=config.mix.tail_ms if at_edge(reel, after) else 0,
            missing=tuple(place for place, take in enumerate(reel) if is_missing(take)),
        )


def _with_neighbours(values: Iterable[T]) -> Iterator[tuple[T | None, T, T | None]]:
    """Each value between the one before it and the one after it."""
    before: T | None = None
    here: T | None = None
    for value in values:
        if here is not None:
            yield before, here, value
        before, here = here, value
    if here is not None:
        yield before, here, None


def try_settings(sample_rate_hz: int, config: BuildConfig) -> None:
    """Encode next to nothing: what an encoder refuses is told before a word is spoken.

    Raises
    ------
    EncodeError
        The encoder refuses its settings.
    """
    encoder = load_encoder(config.encoder)
    nothing = np.zeros(encoder.frame_size, dtype=np.int16)
    encoder.encode_reel(nothing, sample_rate_hz=sample_rate_hz, config=config.encode)


def plan(takes: Collection[Take], *, cache: Cache, config: BuildConfig) -> Plan:
    """Find out what building `takes` would take. Nothing is spoken, and nothing written.

    Raises
    ------
    EngineError
        An engine is missing.
    EncodeError
        The encoder refuses its settings.
    """
    versions = versions_for(takes, cache, config)
    levels = {
        order: recall_level(cache, order, versions[order.voice.engine])
        for order in voice_orders(takes, config.mix)
    }
    known = {order: level for order, level in levels.items() if level is not None}
    try_settings(book_rate_hz(known, config), config)
    found, to_make = _divide(takes, levels, cache, config, versions)
    clips = {
        take_key(take, versions[take.voice.engine]): take
        for reel in to_make
        for take in reel
        if take.sound is None
    }
    to_speak = [take for key, take in clips.items() if cache.size_of("clip", key) is None]
    to_make_s = sum(map(_estimate_s, to_make))
    missing_s = sum(times * _estimate_s(reel) for reel, times in to_make.items())
    pace = recall_pace(cache, takes, config)
    bytes_per_s = config.encode.bitrate_kbps * 1000 / 8
    return Plan(
        clips=sum(take.sound is None for take in takes),
        clips_to_speak=len(to_speak),
        sounds=sum(take.sound is not None for take in takes),
        characters=sum(len(take.text) for take in takes),
        characters_to_speak=sum(len(take.text) for take in to_speak),
        reels=len(found) + to_make.total(),
        reels_to_encode=len(to_make),
        sound_s=sum(length_s for length_s, _ in found) + missing_s,
        sound_to_make_s=to_make_s,
        build_s=to_make_s / ((pace or _USUAL_PACE) * worker_count(config)),
        is_pace_known=pace is not None,
        size_bytes=sum(size for _, size in found) + round(bytes_per_s * missing_s),
    )


def _divide(
    takes: Iterable[Take],
    levels: Mapping[VoiceOrder, VoiceLevel | None],
    cache: Cache,
    config: BuildConfig,
    versions: Mapping[str, str],
) -> tuple[list[tuple[float, int]], Counter[tuple[Take, ...]]]:
    """Length in seconds and size of each reel that is in the cache; and the takes of the others,
    with how often a reel of just these sounds is in the book."""
    known = {order: level for order, level in levels.items() if level is not None}
    # A reel in which all voices are known is judged as if the others had no influence on it.
    usual = VoiceLevel(gain_db=0.0, sample_rate_hz=_USUAL_RATE_HZ)
    guessed = {order: level or next(iter(known.values()), usual) for order, level in levels.items()}
    found: list[tuple[float, int]] = []
    makings: dict[str, tuple[Take, ...]] = {}
    to_make: Counter[tuple[Take, ...]] = Counter()
    for order in reel_orders(takes, guessed, config):
        key = reel_key(order, versions)
        sheet = recall_sheet(cache, key)
        if sheet is None or any(
            take.sound is None and voice_order(take.voice, take.delivery, config.mix) not in known
            for take in order.takes
        ):
            to_make[makings.setdefault(key, order.takes)] += 1
        else:
            found.append((sheet.frames / order.sample_rate_hz, cache.size_of("reel", key) or 0))
    return found, to_make


def _estimate_s(takes: Iterable[Take]) -> float:
    return sum(take_s(take) for take in takes)


def _pace_key(takes: Iterable[Take], config: BuildConfig) -> str:
    values = [engines_of(takes), config.encoder, repr(config.encode)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def recall_pace(cache: Cache, takes: Iterable[Take], config: BuildConfig) -> float | None:
    """How many seconds of sound a worker makes in one, as builds like this went before."""
    if (blob := cache.get("pace", _pace_key(takes, config))) is None:
        return None
    pace: float = json.loads(blob)
    return pace


def keep_pace(
    cache: Cache, takes: Iterable[Take], config: BuildConfig, *, sound_s: float, wall_s: float
) -> None:
    """Remember how fast a build went, for the next one's plan.

    Raises
    ------
    StoreError
        The cache cannot be written.
    """
    if sound_s >= _LEAST_MEASURED_S and wall_s > 0:
        pace = round(sound_s / wall_s / worker_count(config), 2)
        cache.put("pace", _pace_key(takes, config), json.dumps(pace).encode())
