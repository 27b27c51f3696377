"""Takes -> an encoded reel in the cache: the work that worker processes do.

What crosses the border between processes is small and plain: orders go in, frame numbers come out.
Samples stay here, encoded reels go through the cache.
"""

from __future__ import annotations

import hashlib
import json
import math
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.util import Finalize

import numpy as np

from narrator.encode import EncodeConfig, EncodedReel, Encoder, load_encoder
from narrator.engines import load_engine
from narrator.engines.base import Engine, Samples
from narrator.errors import EngineError
from narrator.mix import MixConfig, Part, calibrate, mix_reel, trim
from narrator.model import Delivery, Take, Voice
from narrator.store import Cache

_REVISION = 2
"""Of this module and the mixer: changes whenever the same order may give another reel."""

_MUTE_MS = 300
"""Length of a take in which the engine finds nothing to pronounce."""

_SAMPLE_TEXT = (
    "The train was late again, and nobody on the platform seemed to mind. A woman in a green coat"
    " was reading; two boys shared an orange. Somewhere above the roofs a clock began to strike, "
    "and everyone looked up, as people do, to see whether it was telling the truth. Why did you "
    "not come before? he asked. We waited for an hour, my brother and I, and then the rain began."
    " She laughed, put the paper down and told him about the bridge: how the water had risen in "
    "the night, how the old mule would not cross, and how they had carried everything over by "
    "hand, the flour, the lamps and the big brown jug."
)
"""Vowels and consonants in about their usual shares, half a minute of them: in half as much, chance
puts two voices up to 0.9 LU apart on other texts, rather than 0.6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOrder:
    """A request to find the level of a voice that speaks so, in a book that is mixed so."""

    voice: Voice
    delivery: Delivery
    mix: MixConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLevel:
    """What brings a voice to the book's loudness, and at what rate its engine samples."""

    gain_db: float
    sample_rate_hz: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReelSheet:
    """What a finished reel holds, without its sound."""

    key: str
    frames: int
    cues: tuple[tuple[int, int], ...]
    """For each take, the frames in which it sounds, from the reel's beginning."""
    mute: tuple[int, ...]
    """Takes, by their place in the order, of which the engine pronounced nothing."""


def reel_key(order: ReelOrder, versions: dict[str, str]) -> str:
    """A hash of everything that decides the reel's bytes: a take's place in the book does not.

    `versions` holds those of all engines and of the encoder, by name.
    """
    takes = [_sound_of(take) for take in order.takes]
    used = sorted({take.voice.engine for take in order.takes} | {order.encoder})
    return _digest(
        "reel",
        [takes, [round(gain, 3) for gain in order.gains_db], order.sample_rate_hz],
        [order.head_ms, order.tail_ms],
        [asdict(order.mix), asdict(order.encode), [(name, versions[name]) for name in used]],
    )


def level_key(order: VoiceOrder, version: str) -> str:
    """A hash of everything that decides a voice's level. `version` is the engine's."""
    target = [order.mix.target_lufs, order.mix.ceiling_dbfs]
    return _digest("level", _voice_of(order.voice), asdict(order.delivery), target, version)


def _sound_of(take: Take) -> list[object]:
    return [take.text, _voice_of(take.voice), asdict(take.delivery), take.pause_ms]


def _voice_of(voice: Voice) -> list[object]:
    return [voice.engine, voice.settings]


def _digest(*values: object) -> str:
    text = json.dumps([_REVISION, *values], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Studio:
    """The engines and the encoder of one process, started when first needed."""

    cache: Cache
    _engines: dict[str, Engine] = field(default_factory=dict)
    _encoders: dict[str, Encoder] = field(default_factory=dict)

    def engine(self, name: str) -> Engine:
        """The engine of this name, always the same one."""
        if name not in self._engines:
            self._engines[name] = load_engine(name)
        return self._engines[name]

    def encoder(self, name: str) -> Encoder:
        """The encoder of this name, always the same one."""
        if name not in self._encoders:
            self._encoders[name] = load_encoder(name)
        return self._encoders[name]

    def versions(self, engines: Sequence[str], encoder: str) -> dict[str, str]:
        """The versions that go into keys, by name."""
        found = {name: self.engine(name).version for name in engines}
        return {**found, encoder: self.encoder(encoder).version}

    def level(self, order: VoiceOrder) -> VoiceLevel:
        """Measure a voice on a sample text, or recall what was measured before.

        Raises
        ------
        EngineError
            The voice says nothing.
        """
        key = level_key(order, self.engine(order.voice.engine).version)
        if (blob := self.cache.get("level", key)) is not None:
            return VoiceLevel(**json.loads(blob))
        samples = trim(self._synthesize(_SAMPLE_TEXT, order.voice, order.delivery))
        gain_db = calibrate(samples, order.mix)
        if not math.isfinite(gain_db):
            raise EngineError(f"the voice {order.voice.name!r} says nothing; choose another")
        level = VoiceLevel(gain_db=gain_db, sample_rate_hz=samples.sample_rate_hz)
        self.cache.put("level", key, json.dumps(asdict(level)).encode())
        return level

    def reel(self, order: ReelOrder) -> ReelSheet:
        """Speak, mix and encode a reel into the cache.

        Raises
        ------
        EngineError
            An engine failed; the message holds the sentence.
        """
        engines = sorted({take.voice.engine for take in order.takes})
        key = reel_key(order, self.versions(engines, order.encoder))
        encoder = self.encoder(order.encoder)
        samples = [self._speak(take) for take in order.takes]
        mute = tuple(index for index, sound in enumerate(samples) if sound is None)
        parts = [
            _part(sound, gain, take, order.sample_rate_hz)
            for sound, gain, take in zip(samples, order.gains_db, order.takes, strict=True)
        ]
        mixed = mix_reel(
            parts,
            config=order.mix,
            sample_rate_hz=order.sample_rate_hz,
            frame_size=encoder.frame_size,
            join_frames=encoder.join_frames,
            head_ms=order.head_ms,
            tail_ms=order.tail_ms,
        )
        encoded = encoder.encode_reel(
            mixed.pcm, sample_rate_hz=order.sample_rate_hz, config=order.encode
        )
        sheet = ReelSheet(
            key=key,
            frames=encoded.frames,
            cues=tuple(
                (encoded.lead + start, encoded.lead + max(end, start + _mute_frames(order)))
                if index in mute
                else (encoded.lead + start, encoded.lead + end)
                for index, (start, end) in enumerate(mixed.cues)
            ),
            mute=mute,
        )
        self.cache.put("reel", key, _pack(sheet, encoded))
        return sheet

    def _speak(self, take: Take) -> Samples | None:
        samples = self._synthesize(take.text, take.voice, take.delivery)
        return samples if np.any(samples.pcm) else None

    def _synthesize(self, text: str, voice: Voice, delivery: Delivery) -> Samples:
        try:
            return self.engine(voice.engine).synthesize(text, voice, delivery)
        except EngineError as exc:
            raise EngineError(f"{exc} (at “{text[:80]}”)") from exc
        except Exception as exc:  # the border to other people's engines
            fault = f"{type(exc).__name__}: {exc} (at “{text[:80]}”)"
            raise EngineError(f"the engine {voice.engine!r} failed: {fault}") from exc

    def close(self) -> None:
        """Close every engine that was started."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()


def _part(sound: Samples | None, gain_db: float, take: Take, sample_rate_hz: int) -> Part:
    if sound is None:
        nothing = Samples(sample_rate_hz=sample_rate_hz, pcm=np.zeros(0, dtype=np.int16))
        return Part(samples=nothing, pause_ms=take.pause_ms + _MUTE_MS)
    return Part(samples=sound, gain_db=gain_db, pause_ms=take.pause_ms)


def _mute_frames(order: ReelOrder) -> int:
    return order.sample_rate_hz * _MUTE_MS // 1000


def _pack(sheet: ReelSheet, encoded: EncodedReel) -> bytes:
    head = json.dumps({"frames": sheet.frames, "cues": sheet.cues, "mute": sheet.mute}).encode()
    return len(head).to_bytes(4, "big") + head + encoded.to_bytes()


def recall_sheet(cache: Cache, key: str) -> ReelSheet | None:
    """The sheet of a reel that is in the cache and whole, else None."""
    if (blob := cache.get("reel", key)) is None:
        return None
    head = json.loads(blob[4 : 4 + int.from_bytes(blob[:4], "big")])
    cues = tuple((start, end) for start, end in head["cues"])
    return ReelSheet(key=key, frames=head["frames"], cues=cues, mute=tuple(head["mute"]))


def recall_reel(cache: Cache, key: str) -> EncodedReel | None:
    """A reel that is in the cache and whole, else None."""
    if (blob := cache.get("reel", key)) is None:
        return None
    return EncodedReel.from_bytes(blob[4 + int.from_bytes(blob[:4], "big") :])


_studio: Studio | None = None
"""This worker process's own. An engine cannot be passed between processes, so it must live here."""


def open_worker(cache: Cache) -> None:
    """Make this process a worker.

    Ctrl-C is for the parent, which then stops its workers; and where the parent is killed, they end
    by themselves.
    """
    global _studio
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _studio = Studio(cache=cache)
    Finalize(None, _studio.close, exitpriority=10)


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def work_level(order: VoiceOrder) -> VoiceLevel:
    """`Studio.level` in a worker process."""
    assert _studio is not None
    return _studio.level(order)


def work_reel(order: ReelOrder) -> ReelSheet:
    """`Studio.reel` in a worker process."""
    assert _studio is not None
    return _studio.reel(order)
