"""Loudness against what BS.1770 says of sines."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from narrator.loudness import measure, measure_lufs, to_amplitude, to_db


def sine(
    *, hz: float, peak_dbfs: float, seconds: float, rate: int, phase: float = 0.0
) -> NDArray[np.int16]:
    t = np.arange(round(seconds * rate)) / rate
    wave = 32768 * 10 ** (peak_dbfs / 20) * np.sin(2 * np.pi * hz * t + phase)
    return np.clip(np.rint(wave), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_a_997_hz_sine_reads_its_rms_less_nothing_in_one_channel(rate: int) -> None:
    # BS.1770-4: full scale at 997 Hz in one channel reads -3.01 LKFS, which is its RMS in dBFS.
    pcm = sine(hz=997, peak_dbfs=-20 + 3.01, seconds=4, rate=rate)
    assert measure_lufs(pcm, rate) == pytest.approx(-20.0, abs=0.1)


def test_the_same_sound_in_two_channels_is_three_lu_louder() -> None:
    mono = sine(hz=997, peak_dbfs=-23, seconds=4, rate=48_000)
    both = np.stack([mono, mono], axis=1)
    one = measure(mono, 48_000).integrated_lufs
    assert measure(both, 48_000).integrated_lufs == pytest.approx(one + 3.01, abs=0.02)


def test_low_sound_counts_less_than_its_rms() -> None:
    low = measure_lufs(sine(hz=50, peak_dbfs=-20, seconds=3, rate=48_000), 48_000)
    middle = measure_lufs(sine(hz=997, peak_dbfs=-20, seconds=3, rate=48_000), 48_000)
    assert low < middle - 2


def test_pauses_do_not_make_speech_quieter() -> None:
    tone = sine(hz=997, peak_dbfs=-20, seconds=3, rate=48_000)
    paused = np.concatenate([tone, np.zeros(48_000 * 6, dtype=np.int16), tone])
    assert measure_lufs(paused, 48_000) == pytest.approx(measure_lufs(tone, 48_000), abs=0.5)


def test_silence_and_nothing_have_no_loudness() -> None:
    assert measure_lufs(np.zeros(48_000, dtype=np.int16), 48_000) == -math.inf
    empty = measure(np.zeros(0, dtype=np.int16), 48_000)
    assert empty.integrated_lufs == -math.inf
    assert empty.sample_peak_dbfs == -math.inf


def test_half_a_second_is_enough() -> None:
    pcm = sine(hz=997, peak_dbfs=-20, seconds=0.5, rate=22_050)
    assert measure_lufs(pcm, 22_050) == pytest.approx(-23.0, abs=0.2)


def test_the_true_peak_lies_between_the_samples() -> None:
    # At a quarter of the rate, 45 degrees off, every sample is 3 dB under the crest of the wave.
    pcm = sine(hz=12_000, peak_dbfs=-6, seconds=1, rate=48_000, phase=math.pi / 4)
    found = measure(pcm, 48_000)
    assert found.sample_peak_dbfs == pytest.approx(-9.01, abs=0.05)
    # The wave begins at once, which rings a little over its crest.
    assert found.true_peak_dbtp == pytest.approx(-6.0, abs=0.7)


def test_the_true_peak_is_only_measured_when_asked_for() -> None:
    pcm = sine(hz=997, peak_dbfs=-20, seconds=0.5, rate=22_050)
    assert measure(pcm, 22_050, true_peak=False).true_peak_dbtp is None


def test_decibels_and_amplitudes_are_inverse() -> None:
    assert to_db(1.0) == 0.0
    assert to_db(0.0) == -math.inf
    assert to_amplitude(-6.0) == pytest.approx(0.501, abs=0.001)
    assert to_db(to_amplitude(-17.3)) == pytest.approx(-17.3)
