"""The table of ways of speaking: ``voices/delivery.toml``, and what the user changed in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path

from narrator.config import (
    Document,
    check_range,
    check_ranges,
    nearest,
    parse_toml,
    ranged,
    read_table,
)
from narrator.errors import ConfigError
from narrator.model import Delivery, Voice
from narrator.store import read_bytes

FILE_NAME = "delivery.toml"

_LOWERED_DB = -0.9
"""A way that turns the voice down at least so far leaves no room for an exclamation mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionConfig:
    """``[direction]`` of a cast file."""

    on: bool = True
    """Whether lines are spoken as the text says."""
    strength: float = field(default=1.0, metadata=ranged(0, 2))
    """Factor on all of it, 0 to 2."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of speaking, and the words that tell of it."""

    rate: float = 1.0
    """Factor on speed."""
    pitch: float = 0.0
    """Semitones."""
    volume: float = 0.0
    """Decibels."""
    pause: float = 1.0
    """Factor on the silence after it."""
    verbs: str | None = None
    participles: str | None = None
    adverbs: str | None = None
    adjectives: str | None = None
    phrases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_range("rate", self.rate, 0.5, 2)
        check_range("pitch", self.pitch, -12, 12)
        check_range("volume", self.volume, -20, 10)
        check_range("pause", self.pause, 0, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far all that is said of one line may change it: lowest and highest."""

    rate: tuple[float, ...] = (0.8, 1.2)
    pitch: tuple[float, ...] = (-2.0, 2.0)
    volume: tuple[float, ...] = (-6.0, 4.0)

    def __post_init__(self) -> None:
        for each in fields(self):
            bounds = getattr(self, each.name)
            if len(bounds) != 2 or bounds[0] > bounds[1]:
                raise ValueError(f"{each.name} = {list(bounds)}: give the lowest and the highest")


@dataclass(frozen=True, kw_only=True)
class DeliveryTable:
    """Every way of speaking, by name. One without ways directs nothing."""

    limits: Limits = field(default_factory=Limits)
    ways: Mapping[str, Way] = field(default_factory=dict)

    @cached_property
    def verbs(self) -> Mapping[str, str]:
        """The way that each verb tells of."""
        return self._index("verbs")

    @cached_property
    def participles(self) -> Mapping[str, str]:
        """The way that each participle tells of."""
        return self._index("participles")

    @cached_property
    def adverbs(self) -> Mapping[str, str]:
        """The way that each adverb tells of."""
        return self._index("adverbs")

    @cached_property
    def adjectives(self) -> Mapping[str, str]:
        """The way that each adjective, said of a voice, tells of."""
        return self._index("adjectives")

    @cached_property
    def phrases(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The words of each phrase, and the way that it tells of."""
        return tuple(
            (tuple(phrase.casefold().split()), name)
            for name, way in self.ways.items()
            for phrase in way.phrases
        )

    def _index(self, kind: str) -> dict[str, str]:
        return {
            word: name
            for name, way in self.ways.items()
            for word in (getattr(way, kind) or "").casefold().split()
        }

    def is_lowered(self, names: Iterable[str]) -> bool:
        """Whether one of these ways turns the voice down."""
        return any(self.ways[name].volume <= _LOWERED_DB for name in names if name in self.ways)


def load_table(config: DirectionConfig, own: Path | None = None) -> DeliveryTable:
    """The table that a story is directed by: the shipped one, with the user's own changes.

    Parameters
    ----------
    own
        The user's own table, whether or not it exists.

    Raises
    ------
    ConfigError
        One of the two is wrong; the message names file, line and key.
    """
    if not config.on or not config.strength:
        return DeliveryTable()
    table = read_table_file(read_bytes(_shipped(), ConfigError), FILE_NAME)
    if own is not None and own.exists():
        table = read_table_file(read_bytes(own, ConfigError), str(own), table)
    ways = {name: _scaled(way, config.strength) for name, way in table.ways.items()}
    return DeliveryTable(limits=table.limits, ways=ways)


def _shipped() -> Path:
    package = Path(__file__).parent.parent
    # An installed wheel has it inside the package; a checkout has it beside it.
    inside = package / "_voices" / FILE_NAME
    return inside if inside.exists() else package.parent / "voices" / FILE_NAME


def read_table_file(data: bytes, name: str, base: DeliveryTable | None = None) -> DeliveryTable:
    """Read a table; what it does not say of a way is as in `base`.

    Raises
    ------
    ConfigError
        It is not TOML, a key is unknown, or a value is impossible.
    """
    document = parse_toml(data, name)
    known = {each.name for each in fields(DeliveryTable)}
    for key in document.root:
        if key not in known:
            raise document.error((key,), f"unknown key {key!r}{nearest(key, known)}")
    limits = base.limits if base else Limits()
    if "limits" in document.root:
        limits = read_table(document, ("limits",), document.root["limits"], Limits)
    ways = dict(base.ways) if base else {}
    given = document.root.get("ways", {})
    if not isinstance(given, Mapping):
        raise document.error(("ways",), "ways should be a table: write [ways.whisper]")
    for way_name, values in given.items():
        ways[way_name] = _read_way(document, way_name, values, ways.get(way_name))
    return DeliveryTable(limits=limits, ways=ways)


def _read_way(document: Document, name: str, values: object, base: Way | None) -> Way:
    way = read_table(document, ("ways", name), values, Way)
    if base is None or not isinstance(values, Mapping):
        return way
    return replace(base, **{key: getattr(way, key) for key in values})


def _scaled(way: Way, strength: float) -> Way:
    if strength == 1:
        return way
    return replace(
        way,
        rate=way.rate**strength,
        pitch=way.pitch * strength,
        volume=way.volume * strength,
        pause=way.pause**strength,
    )


def combine(
    names: Iterable[str], table: DeliveryTable, voice: Voice, own: Delivery
) -> tuple[Delivery, float]:
    """A delivery from the ways of a line and its speaker's own.

    Parameters
    ----------
    names
        The ways; those that the table does not know count for nothing.
    voice
        What it cannot do (`Voice.controls`) is left alone; loudness is the mixer's and always can.
    own
        The speaker's own delivery, which the limits do not touch.

    Returns
    -------
    tuple of Delivery and float
        The delivery, in steps that nobody hears, and the factor on the silence after it.
    """
    ways = [table.ways[name] for name in dict.fromkeys(names) if name in table.ways]
    if not ways:
        return own, 1.0
    rate, pause = 1.0, 1.0
    for way in ways:
        rate, pause = rate * way.rate, pause * way.pause
    pitch = sum(way.pitch for way in ways)
    volume = sum(way.volume for way in ways)
    limits = table.limits
    rate = _within(rate, limits.rate) if "rate" in voice.controls else 1.0
    # Where a voice follows a rate, its pitch can be changed by way of it.
    movable = {"pitch", "rate"} & set(voice.controls)
    pitch = _within(pitch, limits.pitch) if movable else 0.0
    delivery = Delivery(
        rate=round(own.rate * rate, 2),
        pitch_semitones=round(own.pitch_semitones + pitch, 1),
        gain_db=round(own.gain_db + _within(volume, limits.volume), 1),
    )
    return delivery, min(max(pause, 0.2), 3.0)


def _within(value: float, bounds: tuple[float, ...]) -> float:
    return min(max(value, bounds[0]), bounds[1])


WORD = re.compile(r"[^\W\d_]+(?:['’‑-][^\W\d_]+)*|[.!?…;:,]|--+|[—–]")
"""A word, or a mark that divides clauses."""
