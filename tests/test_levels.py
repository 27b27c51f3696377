"""Real voices in a finished book: equally loud, whatever the engine gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from narrator.build import build
from narrator.encode import Tags
from narrator.engines import available_voices, load_engine
from narrator.engines.base import speak
from narrator.errors import EngineError
from narrator.loudness import measure_lufs
from narrator.mix import MixConfig
from narrator.model import Delivery, Span, Take, Voice
from narrator.plan import BuildConfig
from narrator.store import Cache
from tests.encode.sound import decode

TEXTS = (
    "The mill had been shut for eleven years, and the wheel hung in the dry race like a clock.",
    "Did nobody ask the miller? She shook her head; there was little use in asking him anything.",
    "They went round by the sluice, where the bank had slipped, and climbed down over the stones.",
    "It was cooler there. Somebody had left a chair, a lantern, and half a loaf wrapped in paper.",
)
VOICES_HEARD = 6


def voices() -> tuple[Voice, ...]:
    try:
        found = available_voices("pyttsx3")
    except EngineError as exc:
        pytest.skip(f"no speech engine: {exc}")
    return found[:: max(1, len(found) // VOICES_HEARD)][:VOICES_HEARD]


def measured(heard: np.ndarray[tuple[int], np.dtype[np.float32]], rate: int) -> float:
    return measure_lufs(np.rint(heard * 32767).astype(np.int16), rate)


def test_every_two_voices_are_within_one_unit(tmp_path: Path) -> None:
    takes = [
        Take(
            chapter=number,
            segment=0,
            span=Span(0, 1),
            text=text,
            speaker="x",
            voice=voice,
            delivery=Delivery(),
            pause_ms=300,
            mark=voice.name if text is TEXTS[0] else None,
        )
        for number, voice in enumerate(voices())
        for text in TEXTS
    ]
    target = tmp_path / "book.m4b"
    timeline = build(
        takes,
        target,
        tags=Tags(title="T"),
        cache=Cache(root=tmp_path / "cache"),
        config=BuildConfig(),
    ).audiobook.timeline
    _, sound = decode(target)
    rate = timeline.sample_rate_hz
    lufs = []
    for first in range(0, len(takes), len(TEXTS)):
        cues = timeline.cues[first : first + len(TEXTS)]
        lufs.append(measured(sound[cues[0].start : cues[-1].end], rate))
    assert max(lufs) - min(lufs) < 1.0
    assert np.mean(lufs) == pytest.approx(MixConfig().target_lufs, abs=0.7)


def test_the_voices_would_be_far_apart_otherwise() -> None:
    lufs = []
    for voice in voices():
        engine = load_engine(voice.engine)
        sound = speak(engine, " ".join(TEXTS), voice, Delivery())
        engine.close()
        lufs.append(measure_lufs(sound.pcm, sound.sample_rate_hz))
    assert max(lufs) - min(lufs) > 2.0
