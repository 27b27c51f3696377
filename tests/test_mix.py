"""Reels: what sounds when, how loud, and without a click."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from narrator.engines.base import Samples
from narrator.engines.resample import resample
from narrator.loudness import measure, measure_lufs, to_amplitude
from narrator.mix import MixConfig, MixedReel, Part, calibrate, limit, mix_reel, trim

RATE = 22_050
FRAME = 1024
CONFIG = MixConfig()


def tone(*, ms: int, rate: int = RATE, peak: float = 0.3, hz: float = 440.0) -> NDArray[np.int16]:
    t = np.arange(ms * rate // 1000) / rate
    return np.rint(32767 * peak * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def as_floats(pcm: NDArray[np.int16]) -> NDArray[np.float32]:
    return pcm.astype(np.float32) / np.float32(32767)


def silence(*, ms: int, rate: int = RATE) -> NDArray[np.int16]:
    return np.zeros(ms * rate // 1000, dtype=np.int16)


def samples(*pieces: NDArray[np.int16], rate: int = RATE) -> Samples:
    return Samples(sample_rate_hz=rate, pcm=np.concatenate(pieces))


def mix(*parts: Part, config: MixConfig = CONFIG, join_frames: int = 0) -> MixedReel:
    return mix_reel(
        parts, config=config, sample_rate_hz=RATE, frame_size=FRAME, join_frames=join_frames
    )


def test_trim_keeps_the_sound_and_a_margin() -> None:
    sound = tone(ms=500)
    trimmed = trim(samples(silence(ms=300), sound, silence(ms=400)))
    before, after = np.flatnonzero(trimmed.pcm)[[0, -1]]
    assert 10 <= before * 1000 / RATE <= 25
    assert 30 <= (len(trimmed.pcm) - after) * 1000 / RATE <= 50
    heard = sound[np.flatnonzero(sound)[0] : np.flatnonzero(sound)[-1] + 1]
    assert np.array_equal(trimmed.pcm[before : after + 1], heard)


@given(before_ms=st.integers(0, 400), after_ms=st.integers(0, 400), ms=st.integers(20, 200))
def test_trim_never_cuts_into_sound(before_ms: int, after_ms: int, ms: int) -> None:
    whole = samples(silence(ms=before_ms), tone(ms=ms), silence(ms=after_ms))
    trimmed = trim(whole)
    assert np.count_nonzero(trimmed.pcm) == np.count_nonzero(whole.pcm)
    assert len(trimmed.pcm) * 1000 / RATE <= ms + 15 + 40 + 22


def test_trim_keeps_a_fricative_that_dies_away() -> None:
    noise = np.random.default_rng(1).normal(0, 1, RATE // 5)
    tail = (noise * 0.02 * 32767 * np.linspace(1, 0, len(noise))).astype(np.int16)
    trimmed = trim(samples(tone(ms=300), tail, silence(ms=500)))
    heard = np.abs(tail) > 33  # -60 dBFS
    assert len(trimmed.pcm) >= 300 * RATE // 1000 + np.flatnonzero(heard)[-1]


def test_trim_takes_an_engines_hiss_for_silence() -> None:
    hiss = np.random.default_rng(2).integers(-8, 9, RATE).astype(np.int16)
    trimmed = trim(samples(hiss, tone(ms=300), hiss))
    assert len(trimmed.pcm) * 1000 / RATE < 370


@pytest.mark.parametrize("frames", [0, 1, 5000])
def test_silence_trims_to_nothing(frames: int) -> None:
    trimmed = trim(Samples(sample_rate_hz=RATE, pcm=np.zeros(frames, dtype=np.int16)))
    assert len(trimmed.pcm) == 0
    assert trimmed.sample_rate_hz == RATE


@given(
    frames=st.integers(0, 3000),
    from_hz=st.sampled_from([8000, 16_000, 22_050, 24_000, 44_100, 48_000]),
    to_hz=st.sampled_from([16_000, 22_050, 24_000, 44_100, 48_000]),
)
def test_resampling_gives_exact_lengths(frames: int, from_hz: int, to_hz: int) -> None:
    sound = np.full(frames, 0.1, dtype=np.float32)
    assert len(resample(sound, from_hz, to_hz)) == (frames * to_hz + from_hz // 2) // from_hz


def test_resampling_moves_nothing() -> None:
    before = as_floats(tone(ms=500, rate=48_000))
    after = resample(before, 48_000, RATE)
    wanted = as_floats(tone(ms=500))
    assert np.abs(after - wanted)[100:-100].max() < 0.001


def test_cues_and_pauses_are_exact() -> None:
    reel = mix(
        Part(samples=samples(tone(ms=400)), pause_ms=260),
        Part(samples=samples(tone(ms=300)), pause_ms=100),
    )
    (first, first_end), (second, second_end) = reel.cues
    assert first == 0
    assert first_end == 400 * RATE // 1000
    assert second - first_end == 260 * RATE // 1000 == 5733
    assert not reel.pcm[first_end:second].any()
    assert not reel.pcm[second_end:].any()
    assert len(reel.pcm) % FRAME == 0


def test_the_last_pause_is_near_what_was_asked() -> None:
    for pause_ms in range(100, 400, 17):
        reel = mix(Part(samples=samples(tone(ms=333)), pause_ms=pause_ms), join_frames=FRAME)
        wanted = pause_ms * RATE / 1000
        given_frames = len(reel.pcm) + FRAME - reel.cues[0][1]
        assert abs(given_frames - wanted) <= FRAME / 2 + 1


part_lists = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 500), st.sampled_from([16_000, 22_050, 44_100])),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(specs=part_lists, join_frames=st.sampled_from([0, FRAME]))
def test_no_two_parts_overlap_and_every_pause_is_silent(
    specs: list[tuple[int, int, int]], join_frames: int
) -> None:
    parts = [
        Part(samples=samples(tone(ms=ms, rate=rate), rate=rate), pause_ms=pause)
        for ms, pause, rate in specs
    ]
    reel = mix(*parts, join_frames=join_frames)
    assert len(reel.pcm) % FRAME == 0
    assert len(reel.pcm) > 0
    heard = np.zeros(len(reel.pcm), dtype=bool)
    at = 0
    for (start, end), part in zip(reel.cues, parts, strict=True):
        assert start == at
        assert start <= end <= len(reel.pcm)
        heard[start:end] = True
        at = end + (part.pause_ms * RATE + 500) // 1000
    assert not reel.pcm[~heard].any()


def test_a_part_without_frames_is_a_pause() -> None:
    nothing = Part(samples=samples(silence(ms=0)), pause_ms=200)
    reel = mix(nothing, Part(samples=samples(tone(ms=100))))
    assert reel.cues[0] == (0, 0)
    assert reel.cues[1][0] == round(0.2 * RATE)


def test_gain_is_applied_in_decibels() -> None:
    plain = mix(Part(samples=samples(tone(ms=500))))
    quiet = mix(Part(samples=samples(tone(ms=500)), gain_db=-6.0))
    ratio = np.abs(quiet.pcm).max() / np.abs(plain.pcm).max()
    assert ratio == pytest.approx(to_amplitude(-6.0), rel=0.001)


def test_two_voices_come_out_equally_loud() -> None:
    voices = [tone(ms=3000, peak=0.05, hz=180), tone(ms=3000, peak=0.4, hz=320)]
    gains = [CONFIG.target_lufs - measure_lufs(voice, RATE) for voice in voices]
    reels = [
        mix(Part(samples=samples(voice), gain_db=gain))
        for voice, gain in zip(voices, gains, strict=True)
    ]
    heard = [measure_lufs(reel.pcm, RATE) for reel in reels]
    assert heard == pytest.approx([CONFIG.target_lufs] * 2, abs=0.3)


def spiky(peak_db: float) -> NDArray[np.int16]:
    """A tone with a click of so many decibels over it forty times a second, for three seconds."""
    sound = tone(ms=3000, peak=0.05, hz=300)
    clicks = np.zeros(len(sound))
    for width in range(12):
        clicks[width :: RATE // 40] = np.hanning(12)[width]
    loud = 32767 * 0.05 * to_amplitude(peak_db) * clicks
    return np.clip(np.rint(sound + loud), -32767, 32767).astype(np.int16)


def test_voices_are_equally_loud_after_the_limiter() -> None:
    voices = [samples(tone(ms=3000, hz=180)), samples(spiky(14)), samples(spiky(10))]
    plain, after = [], []
    for voice in voices:
        gain_db = CONFIG.target_lufs - measure_lufs(voice.pcm, RATE)
        plain.append(measure_lufs(mix(Part(samples=voice, gain_db=gain_db)).pcm, RATE))
        part = Part(samples=voice, gain_db=calibrate(voice, CONFIG))
        after.append(measure_lufs(mix(part).pcm, RATE))
    # Without calibration the limiter pulls them apart, or else this test would show nothing.
    assert max(plain) - min(plain) > 0.2
    assert after == pytest.approx([CONFIG.target_lufs] * 3, abs=0.1)


def test_a_target_that_the_ceiling_forbids_gives_a_finite_gain() -> None:
    config = MixConfig(target_lufs=-6.0, ceiling_dbfs=-20.0)
    voice = samples(tone(ms=2000))
    asked = config.target_lufs - measure_lufs(voice.pcm, RATE)
    assert calibrate(voice, config) == pytest.approx(asked + 6.0)


@pytest.mark.parametrize("pcm", [silence(ms=0), silence(ms=900)])
def test_a_voice_that_says_nothing_has_no_level(pcm: NDArray[np.int16]) -> None:
    assert calibrate(samples(pcm), CONFIG) == np.inf


@pytest.mark.parametrize(("pause_ms", "tail_ms"), [(100, 900), (1200, 900)])
def test_head_and_tail(pause_ms: int, tail_ms: int) -> None:
    reel = mix_reel(
        [Part(samples=samples(tone(ms=400)), pause_ms=pause_ms)],
        config=CONFIG,
        sample_rate_hz=RATE,
        frame_size=FRAME,
        join_frames=FRAME // 2,
        head_ms=700,
        tail_ms=tail_ms,
    )
    ((start, end),) = reel.cues
    assert start == 700 * RATE // 1000
    assert not reel.pcm[:start].any()
    assert reel.pcm[start:end].any()
    wanted = max(pause_ms, tail_ms) * RATE / 1000
    assert abs(len(reel.pcm) - end - wanted) <= FRAME
    assert len(reel.pcm) - end >= tail_ms * RATE // 1000


def test_room_tone_lies_under_the_pauses() -> None:
    config = MixConfig(room_tone_dbfs=-70.0)
    reel = mix(Part(samples=samples(tone(ms=300)), pause_ms=900), config=config)
    quiet = reel.pcm[reel.cues[0][1] :].astype(np.float64) / 32767
    assert 20 * np.log10(np.sqrt(np.mean(quiet**2))) == pytest.approx(-70, abs=0.3)
    assert np.array_equal(
        reel.pcm, mix(Part(samples=samples(tone(ms=300)), pause_ms=900), config=config).pcm
    )


def test_no_join_clicks() -> None:
    # A constant is the worst case: without fades it would begin and end with a jump.
    step = np.full(RATE // 2, 9000, dtype=np.int16)
    reel = mix(Part(samples=samples(step), pause_ms=100), Part(samples=samples(step)))
    fade_frames = CONFIG.fade_ms * RATE // 1000
    steepest = 9000 * np.pi / 2 / fade_frames
    assert np.abs(np.diff(reel.pcm.astype(np.int32))).max() <= steepest + 2


@pytest.mark.parametrize("gain_db", [0.0, 6.0, 20.0])
@pytest.mark.parametrize("hz", [220.0, RATE / 4 + 3, RATE / 3])
def test_nothing_passes_the_ceiling_even_between_samples(gain_db: float, hz: float) -> None:
    loud = Part(samples=samples(tone(ms=700, peak=0.99, hz=hz)), gain_db=gain_db)
    reel = mix(loud)
    true_peak = measure(reel.pcm, RATE).true_peak_dbtp
    assert true_peak is not None
    assert true_peak <= CONFIG.ceiling_dbfs + 0.3


def test_the_limiter_leaves_quiet_sound_alone() -> None:
    sound = as_floats(tone(ms=300, peak=0.5))
    before = sound.copy()
    assert not limit(sound, -3.0, RATE)
    assert np.array_equal(sound, before)


def test_the_limiter_only_turns_down_what_is_near_the_peak() -> None:
    sound = as_floats(tone(ms=2000, peak=0.3))
    sound[RATE : RATE + 50] *= 3
    limited = sound.copy()
    assert limit(limited, -3.0, RATE)
    assert np.abs(limited).max() <= to_amplitude(-3.0) + 1e-6
    far = np.abs(np.arange(len(sound)) - RATE) > 0.06 * RATE
    assert np.array_equal(limited[far], sound[far])
    # Its gain moves slowly: no more than a tenth of its way in a millisecond.
    gain = limited[sound != 0] / sound[sound != 0]
    assert np.abs(np.diff(gain)).max() < 0.1 * (1 - gain.min()) / (RATE / 1000)


def test_mixing_is_deterministic() -> None:
    noise = np.random.default_rng(3).normal(0, 6000, 48_000)
    part = Part(
        samples=samples(np.clip(noise, -32767, 32767).astype(np.int16), rate=48_000), gain_db=4.0
    )
    assert np.array_equal(mix(part).pcm, mix(part).pcm)


@pytest.mark.parametrize(
    "values",
    [
        {"target_lufs": 3.0},
        {"ceiling_dbfs": 1.0},
        {"fade_ms": -1},
        {"sample_rate_hz": 9},
        {"head_ms": -1},
        {"tail_ms": 99_999},
        {"room_tone_dbfs": -10.0},
    ],
)
def test_impossible_settings_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(values))):
        MixConfig(**values)  # type: ignore[arg-type]
