"""Takes -> an encoded reel in the cache: the work that worker processes do.

Samples stay here; clips and encoded reels go through the cache.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from narrator.clips import keep_clip, recall_clip, take_key
from narrator.encode import EncodedReel, Encoder, load_encoder
from narrator.engines import EngineTables, load_engine
from narrator.engines.base import (
    Engine,
    Foresighted,
    Samples,
    Utterance,
    asked_for,
    foretell,
    speak,
)
from narrator.errors import EngineError, NarratorError
from narrator.guard import Norm, norm_of, suspicion
from narrator.mix import MixConfig, Part, calibrate, mix_reel, trim
from narrator.model import Delivery, Phonemes, Sound, Take, Voice
from narrator.orders import (
    MadeReel,
    ReelOrder,
    ReelSheet,
    VoiceLevel,
    VoiceOrder,
    keep_reel,
    level_key,
    recall_level,
    reel_key,
    voice_order,
)
from narrator.sounds import gain_of, samples_of
from narrator.store import Cache
from narrator.watch import announce

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

_PROBE_TEXT = "The train was late again, and nobody seemed to mind."

_TRIES_IN_SILENCE = 3
_TRIES_IN_DOUBT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long an engine may take before it counts as hanging.

    Generous: a neural engine on a slow machine speaks at a fraction of real time.
    """

    text_s: float = 60.0
    """For any text, and to start the engine."""
    character_s: float = 0.25
    """For each character of it."""
    encode_s: float = 600.0
    """For a reel to be mixed and encoded."""

    def for_text(self, text: str) -> float:
        """Seconds that may pass until `text` is spoken."""
        return self.text_s + self.character_s * len(text)


class ClipError(Exception):
    """An engine failed on a text, in a way that another try may mend.

    Parameters
    ----------
    reason
        In words.
    index
        The take, by its place in the order; None where it is the sample text.
    """

    def __init__(self, reason: str, index: int | None = None) -> None:
        super().__init__(reason, index)
        self.reason = reason
        self.index = index


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What all orders of a build have in common."""

    cache: Cache
    patience: Patience = field(default_factory=Patience)
    tables: EngineTables = ()
    """What the user wants of the engines."""
    threads: int = 0
    """How many each engine may use, so that workers do not fight for cores; 0 leaves it to the
    engine."""
    memory_mb: int = 0
    """What each engine may take for its models; 0 leaves it to the engine."""


@dataclass(slots=True)
class Studio:
    """The engines and the encoder of one thread, started when first needed."""

    shop: Workshop
    _engines: dict[str, Engine] = field(default_factory=dict)
    _encoders: dict[str, Encoder] = field(default_factory=dict)
    _norms: dict[VoiceOrder, Norm | None] = field(default_factory=dict)

    def engine(self, name: str) -> Engine:
        """The engine of this name, always the same one."""
        if name not in self._engines:
            shop = self.shop
            self._engines[name] = load_engine(
                name, shop.tables, threads=shop.threads, memory_mb=shop.memory_mb
            )
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
        """Measure a voice on a sample text, and keep what was measured.

        Raises
        ------
        ClipError
            The engine failed, or the voice says nothing.
        """
        announce(self.shop.patience.for_text(_SAMPLE_TEXT))
        version = self.engine(order.voice.engine).version
        if (level := recall_level(self.shop.cache, order, version)) is not None:
            return level
        try:
            samples = trim(self._synthesize(_SAMPLE_TEXT, order.voice, order.delivery))
        except _FailedError as exc:
            raise self._fault(exc, None) from exc
        gain_db = calibrate(samples, order.mix)
        if not math.isfinite(gain_db):
            raise self._fault("it says nothing; choose another", None)
        norm = norm_of(samples, _SAMPLE_TEXT)
        level = VoiceLevel(
            gain_db=gain_db,
            sample_rate_hz=samples.sample_rate_hz,
            letters_per_s=norm.letters_per_s if norm else None,
            level_dbfs=norm.level_dbfs if norm else None,
        )
        key = level_key(order, version)
        self.shop.cache.put("level", key, json.dumps(asdict(level)).encode())
        return level

    def reel(self, order: ReelOrder) -> MadeReel:
        """Speak what is not in the cache yet, mix, and encode into the cache.

        Raises
        ------
        ClipError
            An engine failed on one of the takes.
        """
        announce(self.shop.patience.text_s)
        engines = sorted({take.voice.engine for take in order.takes if take.sound is None})
        key = reel_key(order, self.versions(engines, order.encoder))
        self._foretell(order)
        sounds: list[Samples | None] = []
        suspects: list[tuple[int, str]] = []
        spoken = 0
        for index, take in enumerate(order.takes):
            if index in order.missing:
                sounds.append(None)
                continue
            if take.sound is not None:
                sounds.append(self._sound(take.sound, index))
                continue
            sound, doubt, new = self._clip(take, index, order.mix)
            sounds.append(sound)
            spoken += new
            if doubt is not None:
                suspects.append((index, doubt))
        announce(self.shop.patience.encode_s)
        silent = [index for index, sound in enumerate(sounds) if sound is None]
        mute = tuple(index for index in silent if index not in order.missing)
        encoded, cues = self._mix(order, sounds, silent)
        sheet = ReelSheet(
            key=key, frames=encoded.frames, cues=cues, mute=mute, suspects=tuple(suspects)
        )
        keep_reel(self.shop.cache, sheet, encoded)
        return MadeReel(sheet=sheet, clips_spoken=spoken)

    def _foretell(self, order: ReelOrder) -> None:
        """Tell each engine what of the order it will have to speak."""
        coming: dict[str, list[Utterance]] = {}
        for index, take in enumerate(order.takes):
            if take.sound is not None or index in order.missing:
                continue
            engine = self.engine(take.voice.engine)
            if not isinstance(engine, Foresighted):
                continue
            if self.shop.cache.size_of("clip", take_key(take, engine.version)) is None:
                manner = replace(take.delivery, gain_db=0.0)
                asked = asked_for(take.text, take.voice, manner, phonemes=take.phonemes)
                coming.setdefault(engine.name, []).append(asked)
        for name, utterances in coming.items():
            foretell(self.engine(name), utterances)

    def _mix(
        self, order: ReelOrder, sounds: list[Samples | None], silent: Sequence[int]
    ) -> tuple[EncodedReel, tuple[tuple[int, int], ...]]:
        """Mix and encode. `sounds` is emptied, so that no clip is in memory longer than needed."""
        encoder = self.encoder(order.encoder)
        mixed = mix_reel(
            (
                _part(sounds.pop(0), gain, take, order)
                for gain, take in zip(order.gains_db, order.takes, strict=True)
            ),
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
        nothing = order.sample_rate_hz * _MUTE_MS // 1000
        cues = tuple(
            (encoded.lead + start, encoded.lead + (start + nothing if index in silent else end))
            for index, (start, end) in enumerate(mixed.cues)
        )
        return encoded, cues

    def _sound(self, sound: Sound, index: int) -> Samples:
        announce(self.shop.patience.text_s, index)
        try:
            return samples_of(sound, self.shop.cache)
        except NarratorError as exc:
            raise ClipError(str(exc), index) from exc

    def _clip(
        self, take: Take, index: int, mix: MixConfig
    ) -> tuple[Samples | None, str | None, bool]:
        """A take's sound, None where there is nothing to pronounce; what is suspect about it; and
        whether it is new."""
        engine = self.engine(take.voice.engine)
        key = take_key(take, engine.version)
        samples = recall_clip(self.shop.cache, key)
        new = samples is None
        if samples is None:
            try:
                samples, doubt = self._speak_well(take, index, mix)
            except _FailedError as exc:
                raise self._fault(exc, index) from exc
            keep_clip(self.shop.cache, key, samples)
        else:
            doubt = self._doubt(samples, take, mix)
        return (samples if len(samples.pcm) else None), doubt, new

    def _speak_well(self, take: Take, index: int, mix: MixConfig) -> tuple[Samples, str | None]:
        """Speak a take, and say what is suspect about its sound.

        An engine that may hallucinate gets other seeds while the sound is suspect. Where it stays
        so, the first attempt is as good as the others.
        """
        first: tuple[Samples, str] | None = None
        for seed in range(_TRIES_IN_DOUBT):
            announce(self.shop.patience.for_text(take.text), index)
            samples = self._speak(take, seed)
            if (doubt := self._doubt(samples, take, mix)) is None:
                return samples, None
            first = first or (samples, doubt)
        assert first is not None
        return first

    def _doubt(self, samples: Samples, take: Take, mix: MixConfig) -> str | None:
        """What is suspect about a clip. An engine that is not generative has no such moods."""
        engine = self.engine(take.voice.engine)
        if not engine.generative:
            return None
        order = voice_order(take.voice, take.delivery, mix)
        if order not in self._norms:
            self._norms[order] = _norm_in(recall_level(self.shop.cache, order, engine.version))
        return suspicion(samples, take.text, self._norms[order])

    def _speak(self, take: Take, seed: int) -> Samples:
        """Speak a take; no frames where it is silent though the engine is well.

        Whether it is the engine or the text that has nothing to say shows when the engine is
        started anew, and when the voice then speaks something else.
        """
        for _ in range(_TRIES_IN_SILENCE):
            samples = self._synthesize(
                take.text, take.voice, take.delivery, seed, phonemes=take.phonemes
            )
            if np.any(samples.pcm):
                return samples
            self.close()
        probe = self._synthesize(_PROBE_TEXT, take.voice, take.delivery)
        if not np.any(probe.pcm):
            raise _FailedError(f"the engine {take.voice.engine!r} gives nothing but silence")
        return replace(samples, pcm=samples.pcm[:0])

    def _synthesize(
        self,
        text: str,
        voice: Voice,
        delivery: Delivery,
        seed: int = 0,
        *,
        phonemes: tuple[Phonemes, ...] = (),
    ) -> Samples:
        # The gain is the mixer's, and no part of a clip's key.
        delivery = replace(delivery, gain_db=0.0)
        try:
            engine = self.engine(voice.engine)
            return speak(engine, text, voice, delivery, phonemes=phonemes, seed=seed)
        except EngineError as exc:
            raise _FailedError(str(exc)) from exc
        except (Exception, SystemExit) as exc:  # the border to other people's engines
            fault = f"{type(exc).__name__}: {exc}"
            raise _FailedError(f"the engine {voice.engine!r} failed: {fault}") from exc

    def _fault(self, reason: object, index: int | None) -> ClipError:
        self.close()  # so that the next try is another engine's
        return ClipError(str(reason), index)

    def close(self) -> None:
        """Close every engine that was started; it starts again when it is needed."""
        for engine in self._engines.values():
            with contextlib.suppress(Exception):  # it may be what is broken
                engine.close()
        self._engines.clear()


class _FailedError(Exception):
    """An engine did not do what it is there for."""


def _norm_in(level: VoiceLevel | None) -> Norm | None:
    if level is None or level.letters_per_s is None or level.level_dbfs is None:
        return None
    return Norm(letters_per_s=level.letters_per_s, level_dbfs=level.level_dbfs)


def _part(sound: Samples | None, gain_db: float, take: Take, order: ReelOrder) -> Part:
    if sound is None:
        nothing = Samples(sample_rate_hz=order.sample_rate_hz, pcm=np.zeros(0, dtype=np.int16))
        return Part(samples=nothing, pause_ms=take.pause_ms + _MUTE_MS)
    if take.sound is not None:
        gain_db += gain_of(sound, order.mix)
    return Part(samples=sound, gain_db=gain_db, pause_ms=take.pause_ms)
