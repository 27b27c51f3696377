"""What is asked of those who speak, and what comes back: orders, their keys, levels and sheets.

It is small and plain, because it crosses the border between processes; sound goes through the
cache.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from narrator.encode import EncodeConfig, EncodedReel
from narrator.engines.pitch import shift_mark
from narrator.mix import MixConfig
from narrator.model import Delivery, Take, Voice
from narrator.store import Cache

_REVISION = 3
"""Of speaking and mixing: changes whenever the same order may give another reel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOrder:
    """A request to find the level of a voice that speaks so, in a book that is mixed so."""

    voice: Voice
    delivery: Delivery
    mix: MixConfig


def voice_order(voice: Voice, delivery: Delivery, mix: MixConfig) -> VoiceOrder:
    """The order for the level of a voice that speaks about so.

    A line spoken a little faster or higher is not measured anew: measured in steps of a quarter of
    the speed and three semitones, a voice is measured once or twice and not for each of its moods.
    """
    rough = Delivery(
        rate=max(_RATE_STEP, _RATE_STEP * round(delivery.rate / _RATE_STEP)),
        pitch_semitones=float(_PITCH_STEP * round(delivery.pitch_semitones / _PITCH_STEP)),
    )
    return VoiceOrder(voice=voice, delivery=rough, mix=mix)


_RATE_STEP, _PITCH_STEP = 0.25, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLevel:
    """What brings a voice to the book's loudness, and at what rate its engine samples."""

    gain_db: float
    sample_rate_hz: int
    letters_per_s: float | None = None
    """Its usual pace; None where it was not measured."""
    level_dbfs: float | None = None
    """How loud its engine makes it, while it speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelOrder:
    """Everything that decides the bytes of one reel."""

    takes: tuple[Take, ...]
    gains_db: tuple[float, ...]
    """For each take."""
    sample_rate_hz: int
    mix: MixConfig
    encode: EncodeConfig
    encoder: str
    head_ms: int = 0
    """Quiet before the first take."""
    tail_ms: int = 0
    """The least quiet after the last take."""
    missing: tuple[int, ...] = ()
    """Takes, by their place in the order, that are given up: a short pause stands for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelSheet:
    """What a finished reel holds, without its sound."""

    key: str
    frames: int
    cues: tuple[tuple[int, int], ...]
    """For each take, the frames in which it sounds, from the reel's beginning."""
    mute: tuple[int, ...]
    """Takes, by their place in the order, of which the engine pronounced nothing."""
    suspects: tuple[tuple[int, str], ...] = ()
    """Takes, by their place in the order, that do not sound like their text, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeReel:
    """A reel that was made just now."""

    sheet: ReelSheet
    clips_spoken: int
    """Takes that were not in the cache."""


def reel_key(order: ReelOrder, versions: Mapping[str, str]) -> str:
    """A hash of everything that decides the reel's bytes: a take's place in the book does not.

    `versions` holds those of all engines and of the encoder, by name.
    """
    takes = [_sound_of(take) for take in order.takes]
    used = sorted({t.voice.engine for t in order.takes if t.sound is None} | {order.encoder})
    return _digest(
        "reel",
        [takes, [round(gain, 3) for gain in order.gains_db], order.sample_rate_hz],
        [order.head_ms, order.tail_ms, order.missing],
        [asdict(order.mix), asdict(order.encode), [(name, versions[name]) for name in used]],
    )


def level_key(order: VoiceOrder, version: str) -> str:
    """A hash of everything that decides a voice's level. `version` is the engine's."""
    target = [order.mix.target_lufs, order.mix.ceiling_dbfs]
    mark = shift_mark(order.voice, order.delivery)
    return _digest(
        "level and norm", _voice_of(order.voice), asdict(order.delivery), target, version, *mark
    )


def _sound_of(take: Take) -> list[object]:
    if (heard := take.sound) is not None:
        return [heard.digest, heard.gain_db, heard.most_s, take.pause_ms]
    delivery = take.delivery
    manner = [delivery.rate, delivery.pitch_semitones, delivery.gain_db]
    sound: list[object] = [take.text, _voice_of(take.voice), manner, take.pause_ms]
    sound += shift_mark(take.voice, delivery)
    if take.phonemes:
        sound.append([asdict(phonemes) for phonemes in take.phonemes])
    return sound


def _voice_of(voice: Voice) -> list[object]:
    return [voice.engine, voice.settings]


def _digest(*values: object) -> str:
    text = json.dumps([_REVISION, *values], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def recall_level(cache: Cache, order: VoiceOrder, version: str) -> VoiceLevel | None:
    """What was measured of a voice before, else None. `version` is the engine's."""
    if (blob := cache.get("level", level_key(order, version))) is None:
        return None
    return VoiceLevel(**json.loads(blob))


def keep_reel(cache: Cache, sheet: ReelSheet, encoded: EncodedReel) -> None:
    """Put a reel into the cache: its packets, and by themselves, because read sooner, its frames.

    Raises
    ------
    StoreError
        The cache cannot be written.
    """
    blob = encoded.to_bytes()
    cache.put("reel", sheet.key, blob)
    head = {**asdict(sheet), "bytes": len(blob)}
    cache.put("sheet", sheet.key, json.dumps(head).encode())


def recall_sheet(cache: Cache, key: str) -> ReelSheet | None:
    """The sheet of a reel that is in the cache, by its size whole, else None."""
    if (blob := cache.get("sheet", key)) is None:
        return None
    head = json.loads(blob)
    if cache.size_of("reel", key) != head["bytes"]:
        return None
    cues = tuple((start, end) for start, end in head["cues"])
    return ReelSheet(
        key=key,
        frames=head["frames"],
        cues=cues,
        mute=tuple(head["mute"]),
        suspects=tuple((index, reason) for index, reason in head.get("suspects", ())),
    )


def recall_reel(cache: Cache, key: str) -> EncodedReel | None:
    """A reel that is in the cache and whole, else None."""
    if (blob := cache.get("reel", key)) is None:
        return None
    return EncodedReel.from_bytes(blob)
