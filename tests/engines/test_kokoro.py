"""Kokoro, with a tiny model of its own kind, through kokoro-onnx as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("kokoro_onnx", reason="kokoro-onnx is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from narrator.engines import available_voices, find_voices, load_engine
from narrator.engines.base import Samples, speak
from narrator.errors import EngineError
from narrator.model import Delivery, Gender, Phonemes, Span, Voice
from tests.engines.models import write_kokoro
from tests.engines.pitch import pitch_track_hz

TEXT = "The ferry left at nine, and nobody waved."
PITCHES = {"af_sarah": 220.0, "am_adam": 110.0, "bf_emma": 180.0}


@pytest.fixture
def kokoro(voices_folder: Path) -> Path:
    """The folder of a tiny model."""
    return write_kokoro(voices_folder / "kokoro", PITCHES).parent


def same(one: Samples, other: Samples) -> bool:
    return np.array_equal(one.pcm, other.pcm)


def test_without_a_model_it_says_which_command_installs_one(voices_folder: Path) -> None:
    with pytest.raises(EngineError, match=r"narrator voices install PATH.*kokoro-v1.0.onnx'"):
        available_voices("kokoro")


def test_names_say_who_they_are(kokoro: Path) -> None:
    found = {voice.name: voice for voice in available_voices("kokoro")}
    assert set(found) == set(PITCHES)
    assert found["bf_emma"].gender is Gender.FEMALE
    assert found["bf_emma"].accent == "en-GB"
    assert found["am_adam"].gender is Gender.MALE


@pytest.mark.parametrize("tokens", ["tokens", "input_ids"])
def test_exports_of_either_kind_speak(voices_folder: Path, tokens: str) -> None:
    write_kokoro(voices_folder / "kokoro", PITCHES, tokens=tokens)
    engine = load_engine("kokoro")
    samples = speak(engine, TEXT, engine.voices()[0])
    assert samples.sample_rate_hz == 24_000
    assert np.median(pitch_track_hz(samples)) == pytest.approx(236, rel=0.1)


def test_a_blend_lies_between_its_voices(kokoro: Path) -> None:
    names = ["kokoro:am_adam*0.5+af_sarah*0.5", "kokoro:am_adam*3+af_sarah", "kokoro:af_sarah"]
    voices = find_voices(names)
    assert list(voices) == names
    engine = load_engine("kokoro")
    high = np.median(pitch_track_hz(speak(engine, TEXT, voices[names[2]])))
    half, quarter = (
        np.median(pitch_track_hz(speak(engine, TEXT, voices[name]))) for name in names[:2]
    )
    assert half / high == pytest.approx(165 / 220, rel=0.03)
    assert quarter / high == pytest.approx(137.5 / 220, rel=0.03)


@pytest.mark.parametrize(
    ("blend", "said"),
    [
        ("af_sara", "no voice 'af_sara'; did you mean 'af_sarah'"),
        ("af_sarah*-1", "'-1' is no share of 'af_sarah'"),
        ("af_sarah*x+am_adam", "'x' is no share"),
        ("af_sarah++am_adam", "no voice ''"),
    ],
)
def test_what_is_wrong_with_a_blend_is_named(kokoro: Path, blend: str, said: str) -> None:
    voice = Voice(name="B", engine="kokoro", settings=(("voice", blend),))
    with pytest.raises(EngineError, match=said.replace("+", r"\+")):
        speak(load_engine("kokoro"), TEXT, voice)


def test_its_noise_comes_from_the_seed_alone(kokoro: Path) -> None:
    engine = load_engine("kokoro")
    voice = engine.voices()[0]
    first = speak(engine, TEXT, voice)
    assert not same(first, speak(engine, TEXT, voice, seed=1))
    assert same(first, speak(engine, TEXT, voice))


def test_given_phonemes_are_spoken(kokoro: Path) -> None:
    engine = load_engine("kokoro")
    voice = engine.voices()[0]
    told = (Phonemes(span=Span(4, 9), ipa="kˈɔɪɚ"),)
    changed = speak(engine, "The choir sang.", voice, phonemes=told)
    assert not same(changed, speak(engine, "The choir sang.", voice))
    assert same(changed, speak(engine, "The xxxxx sang.", voice, phonemes=told))


def test_speed_beyond_what_it_takes_is_as_near_as_it_can(kokoro: Path) -> None:
    engine = load_engine("kokoro")
    voice = engine.voices()[0]
    fastest, beyond = (speak(engine, TEXT, voice, Delivery(rate=rate)) for rate in (2.0, 9.0))
    assert same(fastest, beyond)


def test_another_model_than_the_registered_one_is_refused(kokoro: Path) -> None:
    voice = load_engine("kokoro").voices()[0]
    write_kokoro(kokoro, {**PITCHES, "am_adam": 120})
    with pytest.raises(EngineError, match="not those that the voice was registered with"):
        speak(load_engine("kokoro"), TEXT, voice)
    (kokoro / "voices-tiny.bin").write_bytes(b"no archive")
    with pytest.raises(EngineError, match=r"voices-tiny.bin: not the voices of a Kokoro model"):
        load_engine("kokoro").voices()
