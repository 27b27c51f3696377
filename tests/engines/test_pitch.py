"""A pitch for voices that follow a rate alone, measured in what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from narrator.clips import clip_key
from narrator.engines import load_engine
from narrator.engines.base import Block, Engine, Samples, Utterance, speak
from narrator.engines.pitch import FURTHEST_SEMITONES, shift_of
from narrator.model import Delivery, Voice
from tests.engines.pitch import pitch_track_hz

TEXT = "We all know where the evening goes, and no one can say why it will never return to us."


class Level:
    """A real voice that follows no pitch."""

    name = "pyttsx3"
    generative = False

    def __init__(self) -> None:
        self._engine = load_engine("pyttsx3")
        self.version = self._engine.version

    def voices(self) -> tuple[Voice, ...]:
        return tuple(replace(voice, controls=("rate",)) for voice in self._engine.voices())

    def synthesize(self, utterance: Utterance) -> Iterable[Block]:
        assert utterance.delivery.pitch_semitones == 0
        return self._engine.synthesize(utterance)

    def close(self) -> None:
        self._engine.close()


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Level()
    yield engine
    engine.close()


def said(engine: Engine, **delivery: float) -> Samples:
    return speak(engine, TEXT, engine.voices()[0], Delivery(**delivery))


def semitones_between(one: Samples, other: Samples) -> float:
    pitches = [float(np.median(pitch_track_hz(each))) for each in (one, other)]
    return float(12 * np.log2(pitches[1] / pitches[0]))


@pytest.mark.parametrize("semitones", [-3.0, -1.5, 2.0, 3.0])
def test_the_pitch_moves_by_what_was_asked_for(engine: Engine, semitones: float) -> None:
    plain, moved = said(engine), said(engine, pitch_semitones=semitones)
    assert semitones_between(plain, moved) == pytest.approx(semitones, abs=0.35)
    assert moved.sample_rate_hz == plain.sample_rate_hz


@pytest.mark.parametrize("semitones", [-3.0, 3.0])
@pytest.mark.parametrize("rate", [0.85, 1.0, 1.2])
def test_the_rate_is_what_it_would_be(engine: Engine, semitones: float, rate: float) -> None:
    plain, moved = said(engine, rate=rate), said(engine, rate=rate, pitch_semitones=semitones)
    # eSpeak NG takes whole words a minute, and its pauses do not follow quite as its words do.
    assert len(moved.pcm) == pytest.approx(len(plain.pcm), rel=0.06)


def test_it_ends_where_a_voice_would_not_sound_like_anyone(engine: Engine) -> None:
    furthest = said(engine, pitch_semitones=FURTHEST_SEMITONES)
    np.testing.assert_array_equal(said(engine, pitch_semitones=9.0).pcm, furthest.pcm)


def test_the_same_words_sound_the_same(engine: Engine) -> None:
    first = said(engine, pitch_semitones=1.5)
    said(engine, pitch_semitones=-2.0)
    np.testing.assert_array_equal(said(engine, pitch_semitones=1.5).pcm, first.pcm)


def test_who_follows_a_pitch_or_no_rate_is_left_alone() -> None:
    high = Delivery(pitch_semitones=2.0)
    voice = Voice(name="N", engine="e", controls=("rate",))
    assert shift_of(voice, high) == 2.0
    assert shift_of(voice, Delivery(rate=1.2)) == 0.0
    assert shift_of(replace(voice, controls=("rate", "pitch")), high) == 0.0
    assert shift_of(replace(voice, controls=()), high) == 0.0


def test_a_clip_that_was_kept_without_it_is_not_used() -> None:
    voice = Voice(name="N", engine="e", controls=("rate",))
    able = replace(voice, controls=("rate", "pitch"))
    high = Delivery(pitch_semitones=2.0)
    assert clip_key("x", voice, high, "1") != clip_key("x", able, high, "1")
    assert clip_key("x", voice, Delivery(), "1") == clip_key("x", able, Delivery(), "1")
