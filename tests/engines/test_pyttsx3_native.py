"""NSSpeechSynthesizer and SAPI5, played by stand-ins that behave as pyttsx3's drivers do."""

import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from narrator.engines import pyttsx3_engine, pyttsx3_native
from narrator.engines.base import speak
from narrator.engines.pyttsx3_espeak import EspeakEngine
from narrator.engines.pyttsx3_native import Installed, NativeEngine, match_voices, read_sound
from narrator.errors import EngineError
from narrator.model import Age, Delivery, Gender, Voice

RATE_HZ = 16000

Listener = Callable[[str, Exception], None]


def write_wav(path: str, pcm: np.ndarray[Any, np.dtype[np.int16]]) -> None:
    with wave.open(path, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(pcm.astype("<i2").tobytes())


def write_aiff(path: str, pcm: np.ndarray[Any, np.dtype[np.int16]]) -> None:
    with av.open(path, "w", format="aiff") as container:
        stream = container.add_stream("pcm_s16be", rate=RATE_HZ, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


class Speaker:
    """pyttsx3's engine: commands wait in a queue; what fails there is told to listeners only."""

    def __init__(self, driver: ModuleType, voices: list[Any]) -> None:
        self.driver = driver
        self.voices = voices
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.write: Callable[..., object] = write_aiff if driver.kind == "nsss" else write_wav
        self._properties: dict[str, Any] = {"voice": None, "rate": 200, "volume": 1.0}
        self._queue: list[Callable[[], None]] = []
        self._listeners: list[Listener] = []

    def connect(self, topic: str, listener: Listener) -> object:
        assert topic == "error"
        self._listeners.append(listener)
        return listener

    def disconnect(self, token: Any) -> None:
        self._listeners.remove(token)

    def getProperty(self, name: str) -> Any:  # noqa: N802
        return self.voices if name == "voices" else self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        self._queue.append(lambda: self._set(name, value))

    def _set(self, name: str, value: Any) -> None:
        self.driver.chat(name)
        if name == "voice" and value not in [voice.id for voice in self.voices]:
            raise ValueError("unknown voice id %s", value)
        if name == "rate" and (not isinstance(value, int) or not 56 <= value <= 444):
            raise OSError("COM error: rate")
        self._properties[name] = value

    def save_to_file(self, text: str, filename: str) -> None:
        assert text
        assert filename
        self._queue.append(lambda: self._save(text, filename))

    def _save(self, text: str, filename: str) -> None:
        self.said.append((text, dict(self._properties)))
        seconds = 60 * len(text.split()) / self._properties["rate"]
        time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        self.write(filename, (8000 * np.sin(2 * np.pi * 500 * time_s)).astype(np.int16))

    def runAndWait(self) -> None:  # noqa: N802
        while self._queue:
            try:
                self._queue.pop(0)()
            except Exception as exc:
                for listener in self._listeners:
                    listener("", exc)


def driver_module(kind: str) -> ModuleType:
    module = ModuleType(f"pyttsx3.drivers.{kind}")
    module.kind = kind  # type: ignore[attr-defined]
    exec("def chat(what):\n    print('not supported:', what)", vars(module))
    return module


SAPI5 = [
    SimpleNamespace(
        id="HKEY\\TTS_MS_EN-US_DAVID_11.0",
        name="Microsoft David Desktop - English (United States)",
        languages=["en-US"],
        gender="Male",
        age="Adult",
    ),
    SimpleNamespace(
        id="HKEY\\TTS_MS_EN-US_ZIRA_11.0",
        name="Microsoft Zira Desktop - English (United States)",
        languages=["en-US"],
        gender="Female",
        age="Adult",
    ),
    SimpleNamespace(
        id="HKEY\\TTS_X_GREET",
        name="Acme Greet",
        languages=["nl-NL"],
        gender=None,
        age="Senior",
    ),
]

NSSS = [
    SimpleNamespace(
        id="com.apple.voice.compact.en-GB.Daniel",
        name="Daniel",
        languages=["en_GB"],
        gender="VoiceGenderMale",
        age="35",
    ),
    SimpleNamespace(
        id="com.apple.voice.compact.en-US.Samantha",
        name="Samantha",
        languages=["en_US"],
        gender="VoiceGenderFemale",
        age=35,
    ),
    SimpleNamespace(
        id="com.example.pip",
        name="Pip",
        languages=[b"\x05en_GB"],
        gender="VoiceGenderNeuter",
        age="9",
    ),
]


@pytest.fixture(params=["nsss", "sapi5"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def speaker(kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Speaker]:
    module = driver_module(kind)
    speaker = Speaker(module, NSSS if kind == "nsss" else SAPI5)
    package = ModuleType("pyttsx3")
    package.init = lambda name: {kind: speaker}[name]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyttsx3", package)
    monkeypatch.setitem(sys.modules, "pyttsx3.drivers", ModuleType("pyttsx3.drivers"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    pyttsx3_native._start.cache_clear()
    yield speaker
    pyttsx3_native._start.cache_clear()


@pytest.fixture
def engine(kind: str, speaker: Speaker) -> NativeEngine:
    return NativeEngine(kind)


def plain(kind: str, **settings: str | int | float) -> Voice:
    every = {"id": (NSSS if kind == "nsss" else SAPI5)[0].id, **settings}
    return Voice(name="V", engine="pyttsx3", settings=tuple(sorted(every.items())))


TEXT = "Ten short words are quite enough to tell a tale."


def test_each_system_gets_its_engine(
    monkeypatch: pytest.MonkeyPatch, kind: str, speaker: Speaker
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin" if kind == "nsss" else "win32")
    engine = pyttsx3_engine.load()
    assert isinstance(engine, NativeEngine)
    assert kind in engine.version


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="about the other systems")
def test_every_other_system_gets_espeak() -> None:
    assert isinstance(pyttsx3_engine.load(), EspeakEngine)


def test_two_installed_voices_make_a_cast(engine: NativeEngine, speaker: Speaker) -> None:
    voices = engine.voices()
    people = [voice for voice in voices if voice.gender in (Gender.FEMALE, Gender.MALE)]
    assert len(people) >= 10
    assert {voice.age for voice in people} == set(Age)
    assert sum(voice.narrates for voice in people) == 2
    assert len({voice.name for voice in voices}) == len(voices)
    ids = {voice.id for voice in speaker.voices}
    assert {dict(voice.settings)["id"] for voice in voices} == ids


def test_a_voice_that_the_bank_does_not_know_is_as_the_driver_says(
    engine: NativeEngine, kind: str
) -> None:
    last = max(engine.voices(), key=lambda voice: voice.rank)
    if kind == "nsss":
        assert (last.name, last.gender, last.age) == ("Pip", Gender.NEUTRAL, Age.CHILD)
        assert (last.accent, last.language) == ("en-GB", "en")
    else:
        assert (last.name, last.gender, last.age) == ("Acme Greet", Gender.UNKNOWN, Age.OLD)
        assert (last.accent, last.language) == ("nl-NL", "nl")


def test_the_sound_is_read_at_its_own_rate(engine: NativeEngine, kind: str) -> None:
    samples = speak(engine, TEXT, plain(kind, rate=150), Delivery())
    assert samples.sample_rate_hz == RATE_HZ
    assert samples.pcm.dtype == np.int16
    assert len(samples.pcm) == 4 * RATE_HZ
    assert np.abs(samples.pcm).max() == pytest.approx(8000, rel=0.01)


def test_voice_rate_and_volume_are_set_anew_each_time(
    engine: NativeEngine, speaker: Speaker, kind: str
) -> None:
    speak(engine, TEXT, plain(kind, rate=150), Delivery(rate=1.2))
    speak(engine, TEXT, plain(kind), Delivery())
    rates = [properties["rate"] for _, properties in speaker.said]
    assert rates == [180, 175]
    assert {properties["volume"] for _, properties in speaker.said} == {1.0}


@pytest.mark.parametrize(("size", "semitones"), [(1.25, 0.0), (0.8, 0.0), (1.0, 4.0), (1.1, -3.0)])
def test_size_and_pitch_move_the_tone_and_keep_the_tempo(
    engine: NativeEngine, kind: str, size: float, semitones: float
) -> None:
    delivery = Delivery(pitch_semitones=semitones)
    samples = speak(engine, TEXT, plain(kind, size=size, rate=150), delivery)
    assert len(samples.pcm) == pytest.approx(4 * RATE_HZ, rel=0.01)
    middle = samples.pcm[RATE_HZ : 3 * RATE_HZ] * np.hanning(2 * RATE_HZ)
    heard_hz = np.argmax(np.abs(np.fft.rfft(middle))) / 2
    assert heard_hz == pytest.approx(500 * size * 2 ** (semitones / 12), rel=0.01)


def test_rates_that_the_driver_would_refuse_are_not_asked_for(
    engine: NativeEngine, speaker: Speaker, kind: str
) -> None:
    for rate in (0.01, 100.0):
        assert len(speak(engine, TEXT, plain(kind), Delivery(rate=rate)).pcm)
    assert [properties["rate"] for _, properties in speaker.said] == [60, 440]


def test_commands_of_the_system_are_not_spoken_as_commands(
    engine: NativeEngine, speaker: Speaker, kind: str
) -> None:
    speak(engine, "<speak>[[slnc 900]] a\x00b \ud800", plain(kind), Delivery())
    said = speaker.said[0][0]
    assert not any(bad in said for bad in ("\x00", "\ud800", "[[" if kind == "nsss" else "<"))
    assert "slnc 900" in said


def test_nothing_to_pronounce_is_not_handed_to_the_driver(
    engine: NativeEngine, speaker: Speaker, kind: str
) -> None:
    for text in ("", " ", "…", "\x00", "—"):
        assert not len(speak(engine, text, plain(kind), Delivery()).pcm)
    assert speaker.said == []


def test_nothing_is_printed(
    engine: NativeEngine, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    speak(engine, TEXT, plain(kind), Delivery())
    assert capfd.readouterr() == ("", "")


def test_what_fails_in_the_queue_is_an_engine_error(engine: NativeEngine, kind: str) -> None:
    gone = plain(kind, id="gone")
    with pytest.raises(EngineError, match=rf"{kind} failed with the voice 'V'.*unknown voice"):
        speak(engine, TEXT, gone, Delivery())
    assert len(speak(engine, TEXT, plain(kind), Delivery()).pcm)


def test_a_driver_that_writes_nothing_is_an_engine_error(
    engine: NativeEngine, speaker: Speaker, kind: str
) -> None:
    speaker.write = lambda path, pcm: None
    with pytest.raises(EngineError, match="wrote no sound"):
        speak(engine, TEXT, plain(kind), Delivery())


def test_a_driver_that_writes_rubbish_is_an_engine_error(
    engine: NativeEngine, speaker: Speaker, kind: str
) -> None:
    speaker.write = lambda path, pcm: Path(path).write_text("rubbish" * 99)
    with pytest.raises(EngineError, match="cannot be decoded"):
        speak(engine, TEXT, plain(kind), Delivery())


def test_a_voice_that_is_not_installed_is_refused(engine: NativeEngine) -> None:
    with pytest.raises(EngineError, match="'Ann' is not installed"):
        speak(engine, TEXT, Voice(name="Ann", engine="pyttsx3"), Delivery())


def test_a_driver_that_does_not_start_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    package = ModuleType("pyttsx3")

    def refuse(name: str) -> None:
        raise ImportError("No module named 'objc'")

    package.init = refuse  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyttsx3", package)
    pyttsx3_native._start.cache_clear()
    with pytest.raises(EngineError, match=rf"cannot start {kind}.*objc.*pip install"):
        NativeEngine(kind)


def test_stereo_sound_is_read_in_mono(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(2)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(np.full((1000, 2), 500, dtype="<i2").tobytes())
    samples = read_sound(path)
    assert samples.pcm.shape == (1000,)
    assert abs(int(samples.pcm[500]) - 500) <= 1


def test_installed_voices_of_one_name_are_told_apart() -> None:
    twins = (Installed(id="a", name="Sam"), Installed(id="b", name="Sam"))
    assert [voice.name for voice in match_voices((), twins)] == ["Sam", "Sam (b)"]


def test_a_bank_word_has_to_be_a_whole_word_of_the_name() -> None:
    bank = (Voice(name="Mark", engine="pyttsx3", settings=(("match", "Mark"), ("rate", 9))),)
    (voice,) = match_voices(bank, (Installed(id="m", name="Denmark", language="da-DK"),))
    assert voice.name == "Denmark"
    (voice,) = match_voices(bank, (Installed(id="m", name="Microsoft Mark - English"),))
    assert voice.settings == (("id", "m"), ("rate", 9))
