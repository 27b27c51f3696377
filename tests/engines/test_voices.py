"""What was asked of the shipped eSpeak voices, heard rather than read."""

import itertools
import sys
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from narrator.engines.base import speak
from narrator.engines.pyttsx3_espeak import EspeakEngine
from narrator.model import Age, Delivery, Gender, Voice
from tests.engines.pitch import pitch_track_hz

pytestmark = pytest.mark.skipif(
    sys.platform in ("darwin", "win32"), reason="eSpeak NG is the engine of other systems"
)

TEXT = "We sold the boat, and bought a far smaller one."

BANDS_HZ = np.geomspace(150, 9000, 25)


@cache
def voices() -> tuple[Voice, ...]:
    """The English ones, of which any may meet any other in a book."""
    return tuple(voice for voice in EspeakEngine().voices() if voice.language == "en")


@cache
def heard(voice: Voice) -> tuple[float, NDArray[np.float64], float]:
    """Median pitch in hertz, mean level in decibels of 24 bands, seconds."""
    samples = speak(EspeakEngine(), TEXT, voice, Delivery())
    pitch_hz = float(np.median(pitch_track_hz(samples)))
    spectrum = np.abs(np.fft.rfft(samples.pcm.astype(float), 131072)) ** 2
    frequency_hz = np.fft.rfftfreq(131072, 1 / samples.sample_rate_hz)
    edges = np.searchsorted(frequency_hz, BANDS_HZ)
    power = np.add.reduceat(spectrum, edges)[:-1]
    level_db = 10 * np.log10(power / power.sum() + 1e-9)
    sounding = np.flatnonzero(np.abs(samples.pcm.astype(int)) > 100)
    return pitch_hz, level_db, float(np.ptp(sounding)) / samples.sample_rate_hz


def pitches(gender: Gender, *ages: Age) -> list[float]:
    return [heard(one)[0] for one in voices() if one.gender is gender and one.age in ages]


def test_women_speak_higher_than_men_and_children_higher_than_both() -> None:
    grown = (Age.YOUNG, Age.ADULT)
    men, women = pitches(Gender.MALE, *grown), pitches(Gender.FEMALE, *grown)
    children = pitches(Gender.FEMALE, Age.CHILD) + pitches(Gender.MALE, Age.CHILD)
    assert max(pitches(Gender.MALE, Age.ADULT)) < min(women)
    assert np.median(men) * 1.5 < np.median(women)
    assert min(children) > np.percentile(women, 90)
    assert min(pitches(Gender.FEMALE, Age.OLD)) > max(pitches(Gender.MALE, Age.OLD))


def test_the_young_are_quicker_than_the_old() -> None:
    seconds = {
        age: np.median([heard(one)[2] for one in voices() if one.age is age])
        for age in (Age.YOUNG, Age.ADULT, Age.OLD)
    }
    assert seconds[Age.YOUNG] < seconds[Age.ADULT] < seconds[Age.OLD]


def test_no_two_voices_are_alike() -> None:
    for one, other in itertools.combinations(voices(), 2):
        (pitch_hz, level_db, seconds), (its_hz, its_db, its_seconds) = heard(one), heard(other)
        semitones = abs(12 * np.log2(pitch_hz / its_hz))
        timbre_db = float(np.sqrt(np.mean((level_db - its_db) ** 2)))
        tempo = abs(np.log(seconds / its_seconds))
        difference = np.hypot(np.hypot(semitones / 2, timbre_db / 2), tempo / 0.1)
        assert difference > 1, f"{one.name} and {other.name}"


def test_the_narrators_are_easy_to_listen_to() -> None:
    narrators = [one for one in voices() if one.narrates]
    assert len(narrators) >= 2
    for one in narrators:
        pitch_hz, _, seconds = heard(one)
        assert one.age is Age.ADULT
        assert 70 < pitch_hz < 200
        assert 2 < seconds < 4


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_other_languages_have_narrators_and_a_cast_that_differ_in_pitch(language: str) -> None:
    theirs = [one for one in EspeakEngine().voices() if one.language == language]
    assert {one.gender for one in theirs if one.narrates} == {Gender.FEMALE, Gender.MALE}
    assert len(theirs) >= 6
    men = [heard(one)[0] for one in theirs if one.gender is Gender.MALE]
    women = [heard(one)[0] for one in theirs if one.gender is Gender.FEMALE]
    assert max(men) < min(women)
