"""The seam between Narrator and anything that can speak."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from narrator.model import Delivery, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Mono sound. `pcm` has shape (frames,), int16, full scale ±32767."""

    sample_rate_hz: int
    pcm: NDArray[np.int16]


def wav_bytes(samples: Samples) -> bytes:
    """A WAV file of `samples`: mono, 16 bits."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(samples.sample_rate_hz)
        file.writeframes(samples.pcm.astype("<i2").tobytes())
    return buffer.getvalue()


class Engine(Protocol):
    """Turns text into sound.

    An engine belongs to one process and one thread. It is deterministic: the same text, voice and
    delivery give the same samples, whatever it spoke before.
    """

    name: str
    """As in the registry and in `Voice.engine`."""
    version: str
    """Part of every clip's key: changes whenever the same input may sound different."""

    def voices(self) -> tuple[Voice, ...]:
        """The voices that can be used on this machine now.

        Raises
        ------
        EngineError
            A driver or library is missing; the message says what to install.
        """

    def synthesize(self, text: str, voice: Voice, delivery: Delivery) -> Samples:
        """Speak `text`, whatever is in it, and nothing else than it: markup is text as well.

        A text that holds nothing to pronounce gives silence, or no frames at all. The delivery's
        gain is left to the mixer.

        Raises
        ------
        EngineError
            The engine does not have the voice, or failed.
        """

    def close(self) -> None:
        """Give back whatever the engine holds. It is not used after this."""
