"""Presets: what they make meets what they ask, and what does not is refused."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from narrator.build import build
from narrator.check import Report, inspect, judge
from narrator.check.levels import LevelGauge
from narrator.encode import Tags, load_encoder
from narrator.engines.base import Samples
from narrator.errors import ConfigError
from narrator.loudness import Loudness
from narrator.mix import Part, calibrate, mix_reel
from narrator.model import Timeline
from narrator.plan import BuildConfig
from narrator.presets import PRESETS, Preset, Quantity, find_preset
from narrator.store import Cache
from tests.test_build import takes_of
from tests.test_check import GOOD

RATE = 22_050

FIT_FOR_ACX = dataclasses.replace(
    GOOD,
    codec="mp3",
    sample_rate_hz=44_100,
    bitrate_bps=192_000,
    is_constant_bitrate=True,
    loudness=Loudness(integrated_lufs=-20.0, sample_peak_dbfs=-3.2, true_peak_dbtp=None),
)


@pytest.fixture(params=sorted(PRESETS))
def preset(request: pytest.FixtureRequest) -> Preset:
    return PRESETS[request.param]


def speech(seed: int) -> NDArray[np.int16]:
    """Noise with the rhythm and the peaks of speech: twenty seconds of syllables and pauses."""
    rng = np.random.default_rng(seed)
    t = np.arange(20 * RATE) / RATE
    voiced = sum(np.sin(2 * np.pi * (110 + 7 * seed) * k * t) / k for k in range(1, 20))
    syllables = np.maximum(0, np.sin(2 * np.pi * 4 * t)) * (np.sin(2 * np.pi * 0.3 * t) > -0.7)
    sound = syllables * (voiced + rng.normal(0, 0.2, len(t)))
    whole: NDArray[np.int16] = np.rint(9000 * sound / np.abs(sound).max()).astype(np.int16)
    return whole


def made(preset: Preset, path: Path) -> Report:
    """A file of three voices made as the preset says, without the engines."""
    encoder = load_encoder(preset.encoder)
    rate = encoder.sample_rate_hz(preset.mix.sample_rate_hz or RATE)
    parts = []
    for seed in range(3):
        voice = Samples(sample_rate_hz=RATE, pcm=speech(seed))
        parts.append(Part(samples=voice, gain_db=calibrate(voice, preset.mix), pause_ms=600))
    mixed = mix_reel(
        parts,
        config=preset.mix,
        sample_rate_hz=rate,
        frame_size=encoder.frame_size,
        join_frames=encoder.join_frames,
        head_ms=preset.mix.head_ms,
        tail_ms=preset.mix.tail_ms,
    )
    reel = encoder.encode_reel(mixed.pcm, sample_rate_hz=rate, config=preset.encode)
    timeline = Timeline(sample_rate_hz=rate, frames=len(mixed.pcm), cues=(), marks=())
    encoder.join(iter([reel]), path, timeline=timeline, tags=Tags(title="T"), config=preset.encode)
    return inspect(path)


def test_what_a_preset_makes_meets_it(preset: Preset, tmp_path: Path) -> None:
    report = made(preset, tmp_path / f"b{load_encoder(preset.encoder).suffix}")
    assert [finding for finding in judge(report, preset) if not finding.passed] == []


def test_a_whole_build_for_acx(tmp_path: Path) -> None:
    preset = PRESETS["acx"]
    build(
        takes_of(24, chapters=2),
        tmp_path / "book.m3u8",
        tags=Tags(title="T", author="A"),
        cache=Cache(root=tmp_path / "cache"),
        config=BuildConfig(
            mix=preset.mix, encode=preset.encode, encoder=preset.encoder, split=True, jobs=1
        ),
    )
    files = sorted(tmp_path.glob("*.mp3"))
    assert len(files) == 2
    for path in files:
        assert [finding for finding in judge(inspect(path), preset) if not finding.passed] == []


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, None),
        ({"codec": "aac"}, Quantity.CODEC),
        ({"sample_rate_hz": 48_000}, Quantity.SAMPLE_RATE),
        ({"bitrate_bps": 128_000}, Quantity.BIT_RATE),
        ({"is_constant_bitrate": False}, Quantity.CONSTANT_BIT_RATE),
        ({"decoded_s": 7201.0}, Quantity.LENGTH),
        ({"rms_dbfs": -23.01}, Quantity.RMS),
        ({"rms_dbfs": -17.99}, Quantity.RMS),
        ({"sample_peak_dbfs": -2.99}, Quantity.PEAK),
        ({"noise_floor_dbfs": -59.9}, Quantity.NOISE_FLOOR),
        ({"noise_floor_dbfs": -math.inf}, None),
        ({"head_s": 0.48}, Quantity.HEAD),
        ({"head_s": 1.02}, Quantity.HEAD),
        ({"tail_s": 0.98}, Quantity.TAIL),
        ({"tail_s": 5.02}, Quantity.TAIL),
    ],
)
def test_acx_refuses_each_thing_by_itself(changes: dict[str, object], missed: str | None) -> None:
    report = FIT_FOR_ACX
    for key, value in changes.items():
        if hasattr(report.levels, key):
            levels = dataclasses.replace(report.levels, **{key: value})  # type: ignore[arg-type]
            report = dataclasses.replace(report, levels=levels)
        elif hasattr(report.loudness, key):
            loudness = dataclasses.replace(report.loudness, **{key: value})  # type: ignore[arg-type]
            report = dataclasses.replace(report, loudness=loudness)
        else:
            report = dataclasses.replace(report, **{key: value})  # type: ignore[arg-type]
    findings = judge(report, PRESETS["acx"])
    assert [finding.name for finding in findings if not finding.passed] == (
        [missed] if missed else []
    )


def test_findings_say_value_and_bound() -> None:
    findings = {finding.name: finding for finding in judge(FIT_FOR_ACX, PRESETS["acx"])}
    assert findings["peak"].value == "−3.2 dBFS"
    assert findings["peak"].bound == "at most −3 dBFS"
    assert findings["RMS"].bound == "−23 to −18 dBFS"
    assert findings["sample rate"].bound == "44,100 Hz"
    assert findings["codec"].bound == "mp3"


@pytest.mark.parametrize("hiss_dbfs", [-80.0, -62.0, -45.0])
@pytest.mark.parametrize("blocks", [1, 7])
def test_the_noise_floor_is_what_is_heard_in_the_pauses(hiss_dbfs: float, blocks: int) -> None:
    sound = speech(1).astype(np.float32) / 32767
    hiss = np.random.default_rng(4).normal(0, 10 ** (hiss_dbfs / 20), len(sound))
    gauge = LevelGauge(RATE)
    for block in np.array_split((sound + hiss).astype(np.float32), blocks):
        gauge.add(block[np.newaxis])
    assert gauge.result().noise_floor_dbfs == pytest.approx(hiss_dbfs, abs=1.0)


def test_one_moment_of_digital_silence_hides_no_hiss() -> None:
    hiss = np.random.default_rng(4).normal(0, 10 ** (-50 / 20), 20 * RATE).astype(np.float32)
    hiss[5 * RATE : 5 * RATE + RATE // 2] = 0
    gauge = LevelGauge(RATE)
    gauge.add(hiss[np.newaxis])
    assert gauge.result().noise_floor_dbfs == pytest.approx(-50, abs=1)


def test_silence_and_nothing_have_levels_too() -> None:
    gauge = LevelGauge(RATE)
    assert gauge.result().rms_dbfs == -math.inf
    gauge.add(np.zeros((1, RATE * 2), dtype=np.float32))
    levels = gauge.result()
    assert (levels.rms_dbfs, levels.noise_floor_dbfs) == (-math.inf, -math.inf)
    assert (levels.head_s, levels.tail_s) == (2.0, 2.0)


def test_a_foreign_file_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "b.mp3"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libmp3lame", rate=44_100, layout="mono")
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = 64_000
        frame = av.AudioFrame.from_ndarray(speech(2)[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = 44_100
        frame.pts = 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    missed = {
        finding.name for finding in judge(inspect(path), PRESETS["acx"]) if not finding.passed
    }
    assert missed >= {Quantity.BIT_RATE, Quantity.HEAD, Quantity.TAIL}
    assert not missed & {Quantity.CODEC, Quantity.SAMPLE_RATE, Quantity.CONSTANT_BIT_RATE}


def test_an_unknown_preset_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'podcast'"):
        find_preset("podcats")
