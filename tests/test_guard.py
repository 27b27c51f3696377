"""The quality guard: real speech passes, and each way of going wrong is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike

from narrator.engines import load_engine
from narrator.engines.base import Samples, speak
from narrator.guard import Norm, norm_of, repeats_itself, suspicion
from narrator.model import Delivery

TEXT = "The lamp on the landing had gone out, and the stairs were dark."
LONGER = (
    "The lamp on the landing had gone out, and the stairs were dark. She had never seen the harbour"
    " so full of boats, nor so many lights upon the water at once. What would you have me do?"
)


class Speaker:
    """A voice of the engine that every installation has."""

    def __init__(self) -> None:
        self.engine = load_engine("pyttsx3")
        self.voice = self.engine.voices()[0]

    def say(self, text: str, pitch: float = 0.0) -> Samples:
        return speak(self.engine, text, self.voice, Delivery(pitch_semitones=pitch))


@pytest.fixture(scope="module")
def speaker() -> Iterator[Speaker]:
    speaker = Speaker()
    yield speaker
    speaker.engine.close()


@pytest.fixture(scope="module")
def norm(speaker: Speaker) -> Norm:
    norm = norm_of(speaker.say(LONGER), LONGER)
    assert norm is not None
    return norm


@pytest.fixture
def clip(speaker: Speaker) -> Samples:
    return speaker.say(TEXT)


def with_pcm(samples: Samples, pcm: ArrayLike) -> Samples:
    return replace(samples, pcm=np.asarray(pcm, dtype=np.int16))


def fault_of(samples: Samples, norm: Norm | None, text: str = TEXT) -> str:
    return suspicion(samples, text, norm) or "nothing"


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "No.",
        "No, no, no, no!",
        "In 1848, at 7.30, the 9,000 of them went home.",
        "Knock, knock, knock, knock, knock. Who is there?",
        "Hm",
    ],
)
def test_real_speech_is_not_suspect(speaker: Speaker, norm: Norm, text: str) -> None:
    assert suspicion(speaker.say(text), text, norm) is None


def test_words_left_out(clip: Samples, norm: Norm) -> None:
    cut = with_pcm(clip, clip.pcm[: len(clip.pcm) // 5])
    assert fault_of(cut, norm).startswith("too short for its text: 0.")


def test_babble_after_the_text(speaker: Speaker, norm: Norm) -> None:
    assert fault_of(speaker.say(LONGER), norm).startswith("too long for its text: ")


def test_without_a_norm_length_says_nothing(clip: Samples) -> None:
    assert suspicion(with_pcm(clip, clip.pcm[: len(clip.pcm) // 5]), TEXT) is None


def test_words_said_over_again(speaker: Speaker, norm: Norm) -> None:
    looped = speaker.say(TEXT[:-1] + ", and the stairs were dark, and the stairs were dark.")
    assert fault_of(looped, norm).startswith("says the same ")


def test_words_said_again_at_another_pitch(speaker: Speaker) -> None:
    words = "the lamp on the landing had gone out"
    first, second = speaker.say(words), speaker.say(words, pitch=0.5)
    twice = with_pcm(first, np.concatenate((first.pcm, second.pcm)))
    assert fault_of(twice, None).startswith("says the same ")


def test_a_text_that_repeats_itself_may(speaker: Speaker, norm: Norm) -> None:
    text = "And the stairs were dark, and the stairs were dark, and the stairs were dark."
    assert suspicion(speaker.say(text), text, norm) is None


def test_silence_in_the_midst(clip: Samples, norm: Norm) -> None:
    second = clip.sample_rate_hz
    gap = np.zeros(int(2.5 * second), dtype=np.int16)
    broken = with_pcm(clip, np.concatenate((clip.pcm[:second], gap, clip.pcm[second:])))
    assert fault_of(broken, replace(norm, letters_per_s=8.0)).startswith("silent for 2.")


def test_silence_before_and_after_is_trimmed_elsewhere(clip: Samples, norm: Norm) -> None:
    gap = np.zeros(3 * clip.sample_rate_hz, dtype=np.int16)
    assert suspicion(with_pcm(clip, np.concatenate((gap, clip.pcm, gap))), TEXT, norm) is None


def test_clipping(clip: Samples, norm: Norm) -> None:
    loud = np.clip(clip.pcm.astype(np.int32) * 20, -32767, 32767)
    assert fault_of(with_pcm(clip, loud), norm).startswith("clipped: ")


def test_level(clip: Samples, norm: Norm) -> None:
    assert fault_of(with_pcm(clip, clip.pcm // 12), norm).endswith("dB quieter than the voice is")


@pytest.mark.parametrize("spoken_s", [0.0, 1.0])
def test_noise(clip: Samples, spoken_s: float) -> None:
    rate = clip.sample_rate_hz
    noise = np.random.default_rng(0).integers(-9000, 9000, 3 * rate)
    sound = np.concatenate((clip.pcm[: int(spoken_s * rate)], noise))
    assert fault_of(with_pcm(clip, sound), None) == "noise rather than speech"


@pytest.mark.parametrize("frames", [0, 1, 100, 2000])
def test_next_to_nothing_is_not_judged(clip: Samples, norm: Norm, frames: int) -> None:
    assert suspicion(with_pcm(clip, np.zeros(frames)), TEXT, norm) is None


@pytest.mark.parametrize("frames", [1, 100, 2000])
def test_the_shortest_of_sounds_is_too_short(clip: Samples, norm: Norm, frames: int) -> None:
    assert fault_of(with_pcm(clip, np.full(frames, 900)), norm).startswith(("too short", "nothing"))


def test_a_steady_tone_repeats_nothing(clip: Samples) -> None:
    at = np.arange(3 * clip.sample_rate_hz)
    hum = 9000 * np.sin(2 * np.pi * 220 / clip.sample_rate_hz * at)
    assert suspicion(with_pcm(clip, hum), TEXT) is None


@pytest.mark.parametrize(
    ("text", "repeats"),
    [("No, no!", True), ("the cat the cat", True), ("the cat and the dog", False), ("", False)],
)
def test_repeats_itself(text: str, repeats: bool) -> None:
    assert repeats_itself(text) is repeats


def test_no_norm_without_sound_or_letters(clip: Samples) -> None:
    assert norm_of(with_pcm(clip, np.zeros(1000)), TEXT) is None
    assert norm_of(clip, "…") is None
