"""What different places ask of an audiobook: how to make one for them, and how to judge one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from narrator.config import nearest
from narrator.encode import EncodeConfig
from narrator.errors import ConfigError
from narrator.mix import MixConfig


class Quantity(StrEnum):
    """Something that can be measured in a file."""

    CODEC = "codec"
    SAMPLE_RATE = "sample rate"
    BIT_RATE = "bit rate"
    CONSTANT_BIT_RATE = "constant bit rate"
    LENGTH = "length"
    LOUDNESS = "loudness"
    RMS = "RMS"
    PEAK = "peak"
    NOISE_FLOOR = "noise floor"
    HEAD = "quiet at the head"
    TAIL = "quiet at the tail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a quantity has to be: within ``[low, high]``, or one of `names`."""

    quantity: Quantity
    low: float | None = None
    high: float | None = None
    names: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How a book is made for one place, and what that place asks of it."""

    name: str
    summary: str
    encoder: str
    mix: MixConfig = field(default_factory=MixConfig)
    encode: EncodeConfig = field(default_factory=EncodeConfig)
    bounds: tuple[Bound, ...]


_ACX = Preset(
    name="acx",
    summary="Audible's ACX: MP3, one file for each chapter (add --split chapters)",
    encoder="mp3",
    mix=MixConfig(
        target_lufs=-19.4,
        # The codec may add a few tenths of a decibel, and what it makes is what is judged.
        ceiling_dbfs=-3.5,
        sample_rate_hz=44_100,
        head_ms=750,
        tail_ms=2500,
        room_tone_dbfs=-75.0,
    ),
    encode=EncodeConfig(bitrate_kbps=192),
    bounds=(
        Bound(quantity=Quantity.CODEC, names=("mp3",)),
        Bound(quantity=Quantity.SAMPLE_RATE, low=44_100, high=44_100, unit="Hz"),
        Bound(quantity=Quantity.BIT_RATE, low=191.5, unit="kbit/s"),
        Bound(quantity=Quantity.CONSTANT_BIT_RATE, names=("yes",)),
        Bound(quantity=Quantity.LENGTH, high=120, unit="min"),
        Bound(quantity=Quantity.RMS, low=-23, high=-18, unit="dBFS"),
        Bound(quantity=Quantity.PEAK, high=-3, unit="dBFS"),
        Bound(quantity=Quantity.NOISE_FLOOR, high=-60, unit="dBFS"),
        Bound(quantity=Quantity.HEAD, low=0.5, high=1, unit="s"),
        Bound(quantity=Quantity.TAIL, low=1, high=5, unit="s"),
    ),
)

_PODCAST = Preset(
    name="podcast",
    summary="Podcast apps: MP3, −16 LUFS",
    encoder="mp3",
    # Pauses between sentences weigh on the whole: a book comes out half a unit under its voices.
    mix=MixConfig(target_lufs=-15.5, ceiling_dbfs=-1.4, sample_rate_hz=44_100),
    encode=EncodeConfig(bitrate_kbps=96),
    bounds=(
        Bound(quantity=Quantity.LOUDNESS, low=-17, high=-15, unit="LUFS"),
        Bound(quantity=Quantity.PEAK, high=-1, unit="dBFS"),
        Bound(quantity=Quantity.SAMPLE_RATE, low=44_100, high=48_000, unit="Hz"),
    ),
)

_MOBILE = Preset(
    name="mobile",
    summary="Small and a little louder, for the street: Opus",
    # At 31 kbit/s better than AAC at 56: see benchmarks/CODECS.md.
    encoder="opus",
    mix=MixConfig(target_lufs=-18.0, ceiling_dbfs=-2.0),
    encode=EncodeConfig(bitrate_kbps=32),
    bounds=(
        Bound(quantity=Quantity.LOUDNESS, low=-19.5, high=-16, unit="LUFS"),
        Bound(quantity=Quantity.PEAK, high=-1, unit="dBFS"),
        Bound(quantity=Quantity.BIT_RATE, high=40, unit="kbit/s"),
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {preset.name: preset for preset in (_ACX, _PODCAST, _MOBILE)}
)
"""All presets, by name."""


def find_preset(name: str) -> Preset:
    """The preset of this name.

    Raises
    ------
    ConfigError
        There is none.
    """
    if (preset := PRESETS.get(name)) is None:
        raise ConfigError(
            f"no preset {name!r}: give one of {', '.join(PRESETS)}{nearest(name, PRESETS)}"
        )
    return preset
