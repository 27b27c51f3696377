"""The seam between Narrator and anything that can speak.

``docs/ENGINES.md`` shows a whole engine of another package, and a test runs that very text.
"""

from __future__ import annotations

import contextlib
import io
import wave
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from narrator.config import nearest
from narrator.engines.pitch import before_shift, shift_of, shifted
from narrator.errors import EngineError
from narrator.model import Delivery, Phonemes, Setting, Voice

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 4_000, 192_000
"""Sample rates that sound may have."""

_NOTHING_RATE_HZ = 22_050

AS_IS = Delivery()
"""A voice's own way of speaking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What an engine is asked to speak."""

    text: str
    """Whatever is in it, it is plain text: markup is text as well."""
    voice: Voice
    delivery: Delivery = AS_IS
    """The gain is left to the mixer."""
    phonemes: tuple[Phonemes, ...] = ()
    """How parts of the text are pronounced, for voices that can be told (`Voice.controls`)."""
    seed: int = 0
    """Another one asks a generative engine for another attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Mono sound, as an engine gives it.

    `pcm` has shape (frames,): int16 with full scale ±32767, or float32 with full scale ±1.
    """

    sample_rate_hz: int
    pcm: NDArray[np.int16] | NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples(Block):
    """Mono sound, as Narrator keeps it. `pcm` has shape (frames,), int16, full scale ±32767."""

    pcm: NDArray[np.int16]


class Engine(Protocol):
    """Turns text into sound.

    An engine belongs to one process and one thread. It is deterministic: an utterance always gives
    the same sound, whatever was spoken before.
    """

    name: str
    """As in the registry and in `Voice.engine`."""
    version: str
    """Part of every clip's key: changes whenever an utterance may sound different."""
    generative: bool
    """Whether it may say something else than its text, as large models do: then every clip is
    compared with its text, and another seed is tried while it is suspect."""

    def voices(self) -> tuple[Voice, ...]:
        """The voices that can be used on this machine now.

        Raises
        ------
        EngineError
            A driver, library or model is missing; the message says what to install.
        """

    def synthesize(self, utterance: Utterance) -> Iterable[Block]:
        """Speak, in blocks of one sample rate, each as soon as it is there.

        A text that holds nothing to pronounce gives silence, no frames, or no block.

        Raises
        ------
        EngineError
            The engine does not have the voice, or failed. It may be raised between blocks.
        """

    def close(self) -> None:
        """Give back whatever the engine holds. It is not used after this."""


@runtime_checkable
class Foresighted(Protocol):
    """An engine that gains from knowing what comes next: it speaks in batches, asks ahead, or makes
    itself ready."""

    def expect(self, utterances: Sequence[Utterance]) -> None:
        """Hear what will be asked for, in this order. Some of it may not be."""


@runtime_checkable
class Naming(Protocol):
    """An engine that can be given voices which it does not list, as ``engine:name``."""

    def voice_named(self, name: str) -> Voice:
        """The voice of this name, whether or not there is one: speaking will tell."""


def speak(
    engine: Engine,
    text: str,
    voice: Voice,
    delivery: Delivery = AS_IS,
    *,
    phonemes: tuple[Phonemes, ...] = (),
    seed: int = 0,
) -> Samples:
    """Have `engine` speak `text`, and wait for all of it.

    A pitch that the voice cannot follow is given to its sound (see `narrator.engines.pitch`).

    Raises
    ------
    EngineError
        The engine failed, or what it gave is no sound.
    """
    utterance = asked_for(text, voice, delivery, phonemes=phonemes, seed=seed)
    samples = whole(engine.synthesize(utterance), engine.name)
    if shift := shift_of(voice, delivery):
        return replace(samples, pcm=shifted(samples.pcm, samples.sample_rate_hz, shift))
    return samples


def asked_for(
    text: str,
    voice: Voice,
    delivery: Delivery = AS_IS,
    *,
    phonemes: tuple[Phonemes, ...] = (),
    seed: int = 0,
) -> Utterance:
    """What `speak` asks an engine for."""
    if shift := shift_of(voice, delivery):
        delivery = before_shift(delivery, shift)
    return Utterance(text=text, voice=voice, delivery=delivery, phonemes=phonemes, seed=seed)


def foretell(engine: Engine, utterances: Sequence[Utterance]) -> None:
    """Tell an engine what it will be asked for, where it gains from that."""
    if utterances and isinstance(engine, Foresighted):
        # It is a hint: what goes wrong shows when the engine is asked, and is told of then.
        with contextlib.suppress(Exception):
            engine.expect(utterances)


def whole(blocks: Iterable[Block], engine: str) -> Samples:
    """Join what the engine of this name gave.

    Raises
    ------
    EngineError
        It is no sound: of another type, with samples that are not numbers, or at several rates.
    """
    parts: list[NDArray[np.int16]] = []
    rate = 0
    for block in blocks:
        if (wrong := _wrong_with(block)) is not None:
            raise EngineError(f"the engine {engine!r} gave {wrong}")
        if rate and block.sample_rate_hz != rate:
            raise EngineError(
                f"the engine {engine!r} gave samples at {rate} Hz and at {block.sample_rate_hz} Hz"
            )
        rate = block.sample_rate_hz
        parts.append(to_int16(block.pcm))
    if not parts:
        return Samples(sample_rate_hz=_NOTHING_RATE_HZ, pcm=np.zeros(0, dtype=np.int16))
    return Samples(sample_rate_hz=rate, pcm=parts[0] if len(parts) == 1 else np.concatenate(parts))


def to_int16(pcm: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.int16]:
    """Samples as int16. What is beyond full scale is clipped."""
    if pcm.dtype == np.int16:
        return pcm.astype(np.int16, copy=False)
    rounded: NDArray[np.int16] = np.rint(np.clip(pcm, -1.0, 1.0) * 32767).astype(np.int16)
    return rounded


def _wrong_with(block: object) -> str | None:
    """What keeps an engine's answer from being sound; None where nothing does."""
    if not isinstance(block, Block) or not isinstance(block.pcm, np.ndarray):
        return f"{type(block).__name__}, not a block of samples"
    pcm, rate = block.pcm, block.sample_rate_hz
    if np.issubdtype(pcm.dtype, np.inexact) and not np.all(np.isfinite(pcm)):
        return "samples that are not numbers (NaN)"
    if pcm.dtype not in (np.int16, np.float32) or pcm.ndim != 1:
        return f"samples of type {pcm.dtype} and shape {pcm.shape}, not int16 or float32 in one row"
    if not LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ:
        return f"samples at {rate} Hz"
    return None


def refuse_foreign(voice: Voice, engine: str) -> None:
    """Refuse a voice that is another engine's.

    Raises
    ------
    EngineError
        It does not belong to the engine of this name.
    """
    if voice.engine != engine:
        raise EngineError(f"the voice {voice.name!r} belongs to the engine {voice.engine!r}")


def settings_of(
    voice: Voice, engine: str, known: Collection[str], *, needed: str | None = None
) -> dict[str, Setting]:
    """The settings of one of an engine's own voices.

    Parameters
    ----------
    known
        The keys that the engine understands.
    needed
        The key without which there is no voice.

    Raises
    ------
    EngineError
        The voice is another engine's, has a setting that is not known, or lacks what is needed.
    """
    refuse_foreign(voice, engine)
    settings = dict(voice.settings)
    for key in settings:
        if key not in known:
            raise EngineError(
                f"the voice {voice.name!r} has the unknown setting {key!r}{nearest(key, known)}"
            )
    if needed is not None and needed not in settings:
        raise EngineError(f"the engine {engine!r} has no voice {voice.name!r}: {needed} is not set")
    return settings


def wav_bytes(samples: Samples) -> bytes:
    """A WAV file of `samples`: mono, 16 bits."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(samples.sample_rate_hz)
        file.writeframes(samples.pcm.astype("<i2").tobytes())
    return buffer.getvalue()
