"""Piper, with tiny models of its own kind, through piper-tts as it is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("piper", reason="piper-tts is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from narrator.engines import available_voices, load_engine
from narrator.engines.base import AS_IS, Samples, Utterance, speak
from narrator.engines.piper_engine import PiperEngine, PiperOptions
from narrator.errors import EngineError, NarratorError
from narrator.model import Phonemes, Span, Voice
from tests.engines.models import write_piper
from tests.engines.pitch import pitch_track_hz

TEXT = "The ferry left at nine, and nobody waved."


def same(one: Samples, other: Samples) -> bool:
    return np.array_equal(one.pcm, other.pcm)


def test_without_a_voice_it_says_which_command_installs_one(voices_folder: Path) -> None:
    with pytest.raises(EngineError, match=r"narrator voices install PATH.*lessac-medium.onnx'"):
        available_voices("piper")


def test_a_model_with_one_speaker_is_one_voice(voices_folder: Path) -> None:
    write_piper(voices_folder / "piper" / "de_DE-eins-low.onnx", language="de_DE")
    (voice,) = available_voices("piper")
    assert (voice.name, voice.language, voice.accent) == ("de_DE-eins-low", "de", "de-DE")
    assert voice.sample_rate_hz == 22_050
    assert voice.controls == ("rate", "phonemes")


def test_a_model_of_many_speakers_is_a_cast(voices_folder: Path) -> None:
    names = tuple(f"p{number:03}" for number in range(904))
    write_piper(voices_folder / "piper" / "many.onnx", speakers=names, sample_rate_hz=16_000)
    voices = available_voices("piper")
    assert len(voices) == 904
    assert {voice.name for voice in voices} == {f"many {name}" for name in names}
    engine = load_engine("piper")
    chosen = [voice for voice in voices if dict(voice.settings)["speaker"] in (0, 3, 7)]
    pitches = [np.median(pitch_track_hz(speak(engine, TEXT, voice))) for voice in chosen]
    # Speaker 7 of the tiny model is an octave above speaker 0.
    assert pitches[2] / pitches[0] == pytest.approx(2, rel=0.1)
    assert pitches[0] < pitches[1] < pitches[2]
    assert speak(engine, TEXT, chosen[0]).sample_rate_hz == 16_000


def test_its_noise_comes_from_the_seed_alone(voices_folder: Path) -> None:
    write_piper(voices_folder / "piper" / "noisy.onnx")
    engine = load_engine("piper")
    (voice,) = engine.voices()
    first, other = (speak(engine, TEXT, voice, seed=seed) for seed in (0, 1))
    assert len(first.pcm) == len(other.pcm)
    assert not same(first, other)
    assert same(speak(engine, TEXT, voice), first)
    still = Voice(name="Still", engine="piper", settings=(*voice.settings, ("noise", 0.0)))
    assert same(speak(engine, TEXT, still, seed=0), speak(engine, TEXT, still, seed=1))


def test_each_sentence_is_a_block(voices_folder: Path) -> None:
    write_piper(voices_folder / "piper" / "one.onnx")
    engine = load_engine("piper")
    (voice,) = engine.voices()
    said = Utterance(text="It rained. It poured. We left.", voice=voice, delivery=AS_IS)
    assert len(list(engine.synthesize(said))) == 3


def test_brackets_in_a_text_are_text_and_given_phonemes_are_spoken(voices_folder: Path) -> None:
    write_piper(voices_folder / "piper" / "one.onnx")
    engine = load_engine("piper")
    (voice,) = engine.voices()
    obeyed = speak(engine, "a [[ɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹ]]", voice)
    assert same(obeyed, speak(engine, "a [ [ɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹɹ]]", voice))
    told = Phonemes(span=Span(4, 9), ipa="kwaɪə")
    plain, changed = (
        speak(engine, "The choir sang.", voice, phonemes=given) for given in ((), (told,))
    )
    assert not same(plain, changed)
    assert same(changed, speak(engine, "The xxxxx sang.", voice, phonemes=(told,)))


def test_what_is_wrong_with_a_voice_is_named(voices_folder: Path) -> None:
    path = write_piper(voices_folder / "piper" / "two.onnx", speakers=("a", "b"))

    def fails(match: str, **settings: str | int) -> None:
        voice = Voice(name="V", engine="piper", settings=tuple(sorted(settings.items())))
        with pytest.raises(EngineError, match=match):
            speak(load_engine("piper"), TEXT, voice)

    fails(r"'V' has speaker = 2, but its model has 2", model="two", speaker=2)
    fails(r"'tow', which is not installed; did you mean 'two'.*PATH/tow.onnx", model="tow")
    fails(r"not the model that the voice was registered with", model="two", checksum="0123")
    path.write_bytes(path.read_bytes()[:300])
    fails(r"two.onnx: not an ONNX model", model=str(path))
    config = path.with_name("two.onnx.json")
    config.write_text(json.dumps({"audio": {"sample_rate": 22050}}))
    fails(r"two.onnx.json: not the config of a Piper voice: it lacks 'num_speakers'", model="two")
    config.unlink()
    fails(r"two.onnx.json: no such file", model="two")


def test_options_are_checked() -> None:
    with pytest.raises(NarratorError, match="device 'gpu' is not one of cpu, cuda"):
        load_engine("piper", (("piper", (("device", "gpu"),)),))
    with pytest.raises(NarratorError, match=r"engines\.piper\.devise.*did you mean 'device'"):
        load_engine("piper", (("piper", (("devise", "cpu"),)),))


def test_models_beyond_the_memory_leave_and_come_back(
    voices_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        write_piper(voices_folder / "piper" / f"{name}.onnx", noisy=name == "a")
    size = 3 * (voices_folder / "piper" / "a.onnx").stat().st_size
    monkeypatch.setattr("narrator.engines.installed._BYTES_PER_MODEL_BYTE", 3e6 * 4 / size)
    engine = PiperEngine(PiperOptions(memory_mb=10))
    voices = engine.voices()
    before = [speak(engine, TEXT, voice) for voice in voices]
    assert len(engine._loaded) == 2
    assert all(same(speak(engine, TEXT, v), b) for v, b in zip(voices, before, strict=True))
