import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from narrator.engines.base import Samples, speak
from narrator.engines.espeak_library import EspeakFiles
from narrator.engines.pyttsx3_espeak import EspeakEngine
from narrator.errors import EngineError
from narrator.model import Delivery, Setting, Voice
from tests.engines.pitch import pitch_track_hz

pytestmark = pytest.mark.skipif(
    sys.platform in ("darwin", "win32"), reason="eSpeak NG is the engine of other systems"
)

TEXT = "A narrow road ran round the harbour; rarely did a car arrive there."


def voice(**settings: Setting) -> Voice:
    every = {"voice": "gmw/en-US", **settings}
    return Voice(name="V", engine="pyttsx3", settings=tuple(sorted(every.items())))


def spoken(text: str = TEXT, delivery: Delivery | None = None, **settings: Setting) -> Samples:
    return speak(EspeakEngine(), text, voice(**settings), delivery or Delivery())


def checksum(seed: int) -> int:
    """Speak in an order of its own, and give a sum over what one sentence sounded like."""
    engine = EspeakEngine()
    voices = engine.voices()
    for index in np.random.default_rng(seed).integers(0, len(voices), 5):
        speak(engine, "Words before.", voices[index], Delivery())
    pcm = speak(engine, TEXT, voices[0], Delivery()).pcm.astype(np.int64)
    return int(np.sum(pcm * np.arange(len(pcm)) % 1_000_003))


def test_other_processes_hear_the_same() -> None:
    here = checksum(1)
    code = "from tests.engines.test_pyttsx3_espeak import checksum; print(checksum(2))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(here)]
    assert done.stderr == ""


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_process_forked_while_the_library_is_in_use_can_speak() -> None:
    here = checksum(1)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        assert pool.submit(checksum, 3).result(timeout=60) == here


def test_every_voice_of_the_bank_can_be_made() -> None:
    assert len(EspeakEngine().voices()) >= 36


def test_voices_that_an_older_library_has_no_data_for_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = EspeakEngine()
    bank = [replace(voice(), name="A"), replace(voice(voice="gmw/en-XX"), name="B")]
    bank += [replace(voice(variant="f1"), name="C"), replace(voice(variant="zz"), name="D")]
    monkeypatch.setattr("narrator.engines.pyttsx3_espeak.read_bank", lambda driver: bank)
    assert [one.name for one in engine.voices()] == ["A", "C"]


def test_the_pitch_moves_by_the_interval_asked_for() -> None:
    def median_hz(semitones: float) -> float:
        samples = spoken(delivery=Delivery(pitch_semitones=semitones), shape="pitch 150 210")
        return float(np.median(pitch_track_hz(samples)))

    plain = median_hz(0)
    assert 150 < plain < 210
    for semitones in (-6, 3, 9):
        assert 12 * np.log2(median_hz(semitones) / plain) == pytest.approx(semitones, abs=0.8)


def test_any_number_of_voices_and_pitches_can_be_made() -> None:
    # eSpeak NG holds 350 voices at most in the list that it makes when it starts.
    code = (
        "from narrator.engines.espeak_library import *; files = find_espeak(); "
        "folder = open_data_folder(files); "
        "[add_variant(folder, f'language variant\\nname x\\npitch 80 {n}\\n') "
        "for n in range(90, 500)]; "
        "from tests.engines.test_pyttsx3_espeak import spoken; print(len(spoken().pcm))"
    )
    short = Path(tempfile.mkdtemp(prefix="n"))
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(short)},
    )
    shutil.rmtree(short)
    assert done.stderr == ""
    assert int(done.stdout) == len(spoken().pcm)


def test_the_shape_of_a_voice_is_heard() -> None:
    low, high = (spoken(shape=shape) for shape in ("pitch 70 100", "pitch 200 260"))
    assert np.median(pitch_track_hz(low)) < 110
    assert np.median(pitch_track_hz(high)) > 190


def test_words_in_brackets_are_spoken_and_not_taken_for_phonemes_or_markup() -> None:
    assert len(spoken("[[h@l'oU]] there").pcm) > len(spoken("there").pcm) * 1.5
    assert len(spoken("if a < b then & only").pcm) > len(spoken("if a b then only").pcm)


def test_a_command_hidden_in_the_text_is_not_obeyed() -> None:
    hidden = spoken("\x01+40P\x01-60S Good morning everyone.")
    assert np.median(pitch_track_hz(hidden)) < 120
    again = spoken("Good morning everyone.")
    assert np.median(pitch_track_hz(again)) == pytest.approx(np.median(pitch_track_hz(hidden)), 0.1)


def test_a_long_text_is_spoken_to_its_end() -> None:
    one, many = (len(spoken("Good morning everyone. " * count).pcm) for count in (10, 200))
    assert many == pytest.approx(20 * one, rel=0.1)


def test_no_voice_comes_near_the_limiter_of_the_library() -> None:
    engine = EspeakEngine()
    for one in engine.voices():
        pcm = speak(engine, "Oh! All our hour, how loud! " + TEXT, one, Delivery()).pcm
        assert np.abs(pcm.astype(int)).max() < 30_000, one.name


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"voice": "gmw/en-XX"}, "EE_"),
        ({"variant": "nobody"}, "no variant 'nobody'"),
        ({"variant": "klatt4"}, "twice"),
        ({"rate": "fast"}, "no number"),
        ({"rat": 150}, "did you mean 'rate'"),
    ],
)
def test_a_voice_that_cannot_be_made_is_refused(settings: dict[str, Setting], said: str) -> None:
    with pytest.raises(EngineError, match=said):
        speak(EspeakEngine(), TEXT, voice(**settings), Delivery())
    assert np.any(spoken().pcm)


def test_a_driver_that_raises_is_an_engine_error_and_speaks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pyttsx3.drivers import _espeak

    def fail(*given: object) -> int:
        raise OSError("the library is on fire")

    before = spoken().pcm
    with monkeypatch.context() as broken:
        broken.setattr(_espeak, "cSynth", fail)
        with pytest.raises(EngineError, match=r"'V'.*on fire"):
            spoken()
    assert np.array_equal(spoken().pcm, before)


def test_a_library_that_does_not_start_is_an_engine_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import narrator.engines.espeak_binding as binding

    files = EspeakEngine()._files
    odd = EspeakFiles(library=files.library, data=files.data, version="odd")
    monkeypatch.setitem(sys.modules, "pyttsx3", None)
    with pytest.raises(EngineError, match="cannot start eSpeak NG odd"):
        binding.start_espeak(odd)
