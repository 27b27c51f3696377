"""An engine that hums: instant, deterministic, exact to the frame. For tests above the seam.

Each voice is a tone of its own frequency. A text sounds for `MS_PER_LETTER` milliseconds for each
letter or digit in it, divided by the delivery's rate, between a lead and a tail of digital silence.
Within the tone no sample is zero, so that the first and the last frame of sound can be found
exactly. A text without letters or digits gives no frames at all.

Settings of a voice
-------------------
``frequency_hz`` (required), ``lead_ms``, ``tail_ms``, ``ms_per_letter``, ``sample_rate_hz``,
``level`` (peak, of full scale), and to misbehave: ``fault``, one of `FAULTS`, and ``fault_text``, a
part of a text without which the fault stays away.
"""

from __future__ import annotations

import math
import os
import time

import numpy as np
from numpy.typing import NDArray

from narrator.config import nearest
from narrator.engines.base import Samples, Utterance, settings_of
from narrator.errors import EngineError
from narrator.model import Age, Gender, Setting, Voice

MS_PER_LETTER = 40
"""Length of the tone for each letter or digit at rate 1."""

FAULTS = ("raise", "crash", "hang", "silence", "empty", "noise")
"""Raise an error that is no EngineError, end the process, never return, give zeros, give no frames,
give loud noise."""

_DEFAULTS: dict[str, Setting] = {
    "frequency_hz": 0,
    "lead_ms": 0,
    "tail_ms": 0,
    "ms_per_letter": MS_PER_LETTER,
    "sample_rate_hz": 22050,
    "level": 0.3,
    "fault": "",
    "fault_text": "",
}

_FEMALE, _MALE = Gender.FEMALE, Gender.MALE
_CAST: tuple[tuple[str, Gender, Age, int], ...] = (
    ("Tone Alma", _FEMALE, Age.ADULT, 330),
    ("Tone Amos", _MALE, Age.ADULT, 165),
    ("Tone Bella", _FEMALE, Age.ADULT, 349),
    ("Tone Boris", _MALE, Age.ADULT, 175),
    ("Tone Clara", _FEMALE, Age.ADULT, 370),
    ("Tone Conrad", _MALE, Age.ADULT, 185),
    ("Tone Delia", _FEMALE, Age.ADULT, 392),
    ("Tone Duncan", _MALE, Age.ADULT, 196),
    ("Tone Edith", _FEMALE, Age.ADULT, 415),
    ("Tone Edgar", _MALE, Age.ADULT, 208),
    ("Tone Fanny", _FEMALE, Age.YOUNG, 440),
    ("Tone Felix", _MALE, Age.YOUNG, 220),
    ("Tone Grace", _FEMALE, Age.YOUNG, 466),
    ("Tone George", _MALE, Age.YOUNG, 233),
    ("Tone Hester", _FEMALE, Age.OLD, 277),
    ("Tone Humphrey", _MALE, Age.OLD, 139),
    ("Tone Ivy", _FEMALE, Age.CHILD, 587),
    ("Tone Isaac", _MALE, Age.CHILD, 523),
)


class ToneEngine:
    """The fake engine; see the module."""

    name = "tone"
    version = "tone-1"
    generative = False

    def voices(self) -> tuple[Voice, ...]:
        """Eighteen voices: ten grown, four young, two old, two children. The first two narrate."""
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                gender=gender,
                age=age,
                accent="en-US" if gender is _FEMALE else "en-GB",
                rank=rank,
                narrates=rank < 2,
                sample_rate_hz=22_050,
                settings=(("frequency_hz", frequency_hz),),
            )
            for rank, (name, gender, age, frequency_hz) in enumerate(_CAST)
        )

    def synthesize(self, utterance: Utterance) -> tuple[Samples, ...]:
        """Hum for as long as the text would take; see the module."""
        text, voice, delivery = utterance.text, utterance.voice, utterance.delivery
        settings = {
            **_DEFAULTS,
            **settings_of(voice, self.name, _DEFAULTS, needed="frequency_hz"),
        }
        sample_rate_hz = int(settings["sample_rate_hz"])
        fault = str(settings["fault"])
        if fault and str(settings["fault_text"]) in text:
            return (_misbehave(fault, text, sample_rate_hz),)
        letters = sum(character.isalnum() for character in text)
        if not letters:
            return ()
        sound_ms = letters * float(settings["ms_per_letter"]) / delivery.rate
        sound = _hum(
            frames=max(1, round(sound_ms * sample_rate_hz / 1000)),
            frequency_hz=float(settings["frequency_hz"]) * 2 ** (delivery.pitch_semitones / 12),
            sample_rate_hz=sample_rate_hz,
            level=float(settings["level"]),
        )
        lead, tail = (
            np.zeros(round(float(settings[key]) * sample_rate_hz / 1000), dtype=np.int16)
            for key in ("lead_ms", "tail_ms")
        )
        return (Samples(sample_rate_hz=sample_rate_hz, pcm=np.concatenate((lead, sound, tail))),)

    def close(self) -> None:
        """Nothing is held."""


def _hum(
    *, frames: int, frequency_hz: float, sample_rate_hz: int, level: float
) -> NDArray[np.int16]:
    phase = 2 * math.pi * frequency_hz / sample_rate_hz * np.arange(frames)
    pcm: NDArray[np.int16] = np.rint(np.cos(phase) * level * 32767).astype(np.int16)
    pcm[pcm == 0] = 1
    return pcm


def _misbehave(fault: str, text: str, sample_rate_hz: int) -> Samples:
    frames = max(1, len(text) * MS_PER_LETTER * sample_rate_hz // 1000)
    if fault == "raise":
        raise RuntimeError("the tone engine was told to fail")
    if fault == "crash":
        os._exit(70)
    if fault == "hang":
        while True:
            time.sleep(60)
    if fault == "silence":
        return Samples(sample_rate_hz=sample_rate_hz, pcm=np.zeros(frames, dtype=np.int16))
    if fault == "empty":
        return Samples(sample_rate_hz=sample_rate_hz, pcm=np.zeros(0, dtype=np.int16))
    if fault == "noise":
        noise = np.random.default_rng(0).integers(-32767, 32768, frames, dtype=np.int16)
        return Samples(sample_rate_hz=sample_rate_hz, pcm=noise)
    raise EngineError(f"no fault is called {fault!r}{nearest(fault, FAULTS)}")
