import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.engines.base import speak
from narrator.engines.tone import FAULTS, MS_PER_LETTER, ToneEngine
from narrator.errors import EngineError
from narrator.model import Age, Delivery, Gender, Setting, Voice


def voice(**settings: Setting) -> Voice:
    return Voice(
        name="T", engine="tone", settings=tuple(sorted({"frequency_hz": 441, **settings}.items()))
    )


def test_there_are_enough_voices_for_any_cast() -> None:
    voices = ToneEngine().voices()
    kinds = {(one.gender, one.age) for one in voices}
    assert len(voices) >= 12
    assert len({one.settings for one in voices}) == len(voices)
    assert kinds == {(g, a) for g in (Gender.FEMALE, Gender.MALE) for a in Age}


@given(
    letters=st.integers(1, 60),
    lead_ms=st.integers(0, 200),
    tail_ms=st.integers(0, 200),
    rate=st.sampled_from([0.5, 0.8, 1.0, 1.25, 2.0]),
)
def test_sound_and_silence_are_exact_to_the_frame(
    letters: int, lead_ms: int, tail_ms: int, rate: float
) -> None:
    one = voice(lead_ms=lead_ms, tail_ms=tail_ms, sample_rate_hz=20000)
    pcm = speak(ToneEngine(), "a" * letters + " …", one, Delivery(rate=rate)).pcm
    sound = round(letters * MS_PER_LETTER / rate * 20)
    heard = np.flatnonzero(pcm)
    assert heard[0] == lead_ms * 20
    assert len(heard) == heard[-1] - heard[0] + 1 == sound
    assert len(pcm) == lead_ms * 20 + sound + tail_ms * 20


def test_pitch_is_the_voices_own_moved_by_semitones() -> None:
    def frequency_hz(delivery: Delivery) -> float:
        samples = speak(ToneEngine(), "a" * 50, voice(), delivery)
        spectrum = np.abs(np.fft.rfft(samples.pcm * np.hanning(len(samples.pcm))))
        return float(np.argmax(spectrum)) * samples.sample_rate_hz / len(samples.pcm)

    assert frequency_hz(Delivery()) == pytest.approx(441, abs=1)
    assert frequency_hz(Delivery(pitch_semitones=12)) == pytest.approx(882, abs=1)
    assert frequency_hz(Delivery(pitch_semitones=-12)) == pytest.approx(220.5, abs=1)


def test_nothing_to_pronounce_gives_no_frames() -> None:
    assert not len(speak(ToneEngine(), " … — !", voice(lead_ms=50), Delivery()).pcm)


def test_it_misbehaves_when_told_to_and_only_then() -> None:
    engine = ToneEngine()
    with pytest.raises(RuntimeError):
        speak(engine, "boom", voice(fault="raise"), Delivery())
    silent = speak(engine, "boom", voice(fault="silence"), Delivery()).pcm
    assert len(silent)
    assert not np.any(silent)
    assert not len(speak(engine, "boom", voice(fault="empty"), Delivery()).pcm)
    noise = speak(engine, "boom", voice(fault="noise"), Delivery()).pcm
    assert np.abs(noise.astype(int)).max() > 30000
    picky = voice(fault="raise", fault_text="boom")
    assert np.any(speak(engine, "calm", picky, Delivery()).pcm)
    with pytest.raises(EngineError, match="did you mean 'silence'"):
        speak(engine, "boom", voice(fault="silense"), Delivery())
    assert {"raise", "crash", "hang", "silence", "empty", "noise"} == set(FAULTS)


def test_an_unknown_setting_is_refused_with_the_nearest_right_one() -> None:
    with pytest.raises(EngineError, match="'lead'; did you mean 'lead_ms'"):
        speak(ToneEngine(), "a", voice(lead=3), Delivery())
