"""Voices that are made up of a known pitch, spectrum and length are measured as such."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from narrator.bank import read_bank
from narrator.engines.base import Samples, speak
from narrator.engines.tone import ToneEngine
from narrator.errors import EngineError
from narrator.listen import measure, timbre_of
from narrator.timbre import Timbre, distance, fingerprint, load_timbres

RATE_HZ = 22_050


def buzz(
    pitch_hz: float, *, seconds: float = 2.0, tilt: float = 1.0, rate_hz: int = RATE_HZ
) -> Samples:
    """All harmonics up to 7 kHz, the higher the weaker by `tilt`."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    numbers = np.arange(1.0, int(7000 / pitch_hz) + 1)
    sound = sum(n**-tilt * np.sin(2 * np.pi * n * pitch_hz * time_s) for n in numbers)
    return Samples(
        sample_rate_hz=rate_hz, pcm=(8000 * sound / np.abs(sound).max()).astype(np.int16)
    )


@pytest.mark.parametrize("pitch_hz", [80, 110, 220, 330])
def test_pitch_is_found_to_a_third_of_a_semitone(pitch_hz: float) -> None:
    found = timbre_of(buzz(pitch_hz))
    assert found.pitch_st == pytest.approx(12 * np.log2(pitch_hz / 55), abs=0.34)
    assert found.spread_st < 0.5


def test_length_leaves_out_silence_around_and_counts_pauses() -> None:
    quiet = np.zeros(RATE_HZ, np.int16)
    word = buzz(120, seconds=1).pcm
    pcm = np.concatenate([quiet, word, quiet, word, quiet])
    assert timbre_of(Samples(sample_rate_hz=RATE_HZ, pcm=pcm)).seconds == pytest.approx(3, abs=0.1)


def test_spectrum_is_measured_whatever_the_loudness() -> None:
    dark, bright = timbre_of(buzz(120, tilt=2)), timbre_of(buzz(120, tilt=0.5))
    assert distance(dark, bright) > 2
    soft = buzz(120, tilt=2)
    soft = Samples(sample_rate_hz=RATE_HZ, pcm=(soft.pcm // 4).astype(np.int16))
    assert distance(dark, timbre_of(soft)) < 0.3


def test_the_sample_rate_matters_little() -> None:
    assert distance(timbre_of(buzz(120)), timbre_of(buzz(120, rate_hz=44_100))) < 0.5


def test_silence_and_nothing_have_no_voice() -> None:
    for frames in (0, 10, RATE_HZ):
        with pytest.raises(EngineError, match="no voice in it"):
            timbre_of(Samples(sample_rate_hz=RATE_HZ, pcm=np.zeros(frames, np.int16)))


def test_a_voice_of_the_fake_engine_has_its_own_pitch() -> None:
    engine = ToneEngine()
    for one in engine.voices()[:4]:
        hertz = float(dict(one.settings)["frequency_hz"])
        assert measure(engine, one).pitch_st == pytest.approx(12 * np.log2(hertz / 55), abs=0.5)


OTHER_TEXT = (
    "It was late in the year, and the harbour lay quiet under a thin moon. Who would come so far "
    "for an old lamp? They took the road along the river, and none of them spoke before the mill "
    "was out of sight again."
)


@pytest.mark.skipif(
    sys.platform in ("darwin", "win32"), reason="eSpeak NG is the engine of other systems"
)
def test_a_voice_is_nearer_to_itself_in_other_words_than_the_threshold_and_than_to_others() -> None:
    from narrator.engines.pyttsx3_espeak import EspeakEngine

    engine, known = EspeakEngine(), load_timbres()
    names = {one.name for one in read_bank("espeak")}
    shipped = [one for one in engine.voices() if one.name in names][::3]
    assert len(shipped) > 10
    heard = {one: timbre_of(speak(engine, OTHER_TEXT, one)) for one in shipped}
    first = {one: known.by_fingerprint[fingerprint(one)] for one in shipped}
    # Another text takes another time; what counts is who is quicker than others.
    ratio = np.median([heard[one].seconds / first[one].seconds for one in shipped])
    for one, there in heard.items():
        again = Timbre(
            pitch_st=there.pitch_st, spread_st=there.spread_st,
            seconds=there.seconds / float(ratio), envelope_db=there.envelope_db,
        )  # fmt: skip
        apart = {other.name: distance(again, its) for other, its in first.items()}
        assert apart[one.name] < known.clearly_different / 2
        assert min(apart, key=lambda name: apart[name]) == one.name
    fresh = measure(engine, shipped[0])
    assert fresh == first[shipped[0]], "measured otherwise than voices/timbre/espeak.toml says"
