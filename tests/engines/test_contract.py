"""What every engine has to keep to, whoever wrote it."""

import shutil
import sys
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any, SupportsIndex

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrator.engines import http, load_engine
from narrator.engines.base import Engine, Samples, speak, wav_bytes
from narrator.errors import EngineError
from narrator.model import Delivery, Voice
from narrator.personal import VOICES_VARIABLE
from tests.engines import test_documented
from tests.engines.test_http import Behaviour, Handler, Server

TEXT = "The ferry left at nine, and nobody waved."

ODD_TEXTS = (
    *("", " ", "\n\n", "\t", ".", "…", "—", "!?!", "’", "“”", "***", "\u200b", "\ufeff", "\u202e"),
    *("a\x00b", "\x00", "\x01+99P loud", "\x1b[31mred", "\ud800", "a\udfffb", "\ue000", "\uffff"),
    *("😀", "👩‍👩‍👧", "日本語", "שלום", "Ελληνικά", "naïve café", "e\u0301", "½ ²", "€5 & £6"),
    *("<b>bold</b>", "<speak>", "&lt;", "</", "[[h@l'oU]]", "[[slnc 9]]", "{x}", "%s %n", "\\n"),
    *("A", "1", "1,234,567.89", "MCMXCIV", "http://a.b/c?d=e", "x" * 700, "no " * 900),
)


FREE = ("command", "http")
"""Engines whose voices may have any setting: a placeholder's, or one that is the server's to know.
"""

NEURAL = {"piper": "piper", "kokoro": "kokoro_onnx"}
"""The packages of the engines that come as extras."""


@pytest.fixture(params=["tone", "pyttsx3", "buzz", "command", "http", *NEURAL], scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "buzz":
            test_documented.install(patch)
        if (package := NEURAL.get(request.param)) is not None:
            pytest.importorskip(package, reason=f"{package} is not installed")
            patch.setenv(VOICES_VARIABLE, str(request.getfixturevalue("tiny_voices")))
        if request.param == "command" and not shutil.which("flite"):
            pytest.skip("flite is not installed")
        if request.param == "http":
            server = request.getfixturevalue("speech_server")
            patch.setattr("narrator.engines.http.load", partial(http.load, url=server.url))
        yield from started(request.param)


class Always(list[Behaviour]):
    """A server's behaviour that never changes: a hum, as long as the text and the speed say."""

    def __bool__(self) -> bool:
        return True

    def pop(self, index: SupportsIndex = -1) -> Behaviour:
        return hum


def hum(handler: Handler, body: dict[str, Any]) -> None:
    frames = int(24_000 * len(body["input"]) / 20 / body.get("speed", 1.0))
    pcm = np.rint(9000 * np.sin(np.arange(frames) / 9)).astype(np.int16)
    handler.give(200, wav_bytes(Samples(sample_rate_hz=24_000, pcm=pcm)))


@pytest.fixture(scope="module")
def speech_server() -> Iterator[Server]:
    """A server on the loopback that has two voices."""
    server = Server()
    server.lists["/v1/audio/voices"] = (200, {"voices": ["af_sky", "am_adam"]})
    server.behaviours = Always()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def started(name: str) -> Iterator[Engine]:
    try:
        engine = load_engine(name)
        engine.voices()
    except EngineError as exc:
        # On Linux the voices come with the package; elsewhere a bare machine may have none.
        if sys.platform == "linux":
            raise
        pytest.skip(str(exc))
    yield engine
    engine.close()


def same(one: Samples, other: Samples) -> bool:
    return one.sample_rate_hz == other.sample_rate_hz and np.array_equal(one.pcm, other.pcm)


def test_voices_have_names_of_their_own_and_belong_to_the_engine(engine: Engine) -> None:
    voices = engine.voices()
    assert voices
    assert len({voice.name.casefold() for voice in voices}) == len(voices)
    assert {voice.engine for voice in voices} == {engine.name}
    assert all(voice.settings == tuple(sorted(voice.settings)) for voice in voices)
    assert engine.voices() == voices


def test_the_version_says_something(engine: Engine) -> None:
    assert engine.version.strip()
    assert engine.version == load_engine(engine.name).version


def test_every_voice_speaks(engine: Engine) -> None:
    for voice in engine.voices():
        samples = speak(engine, TEXT, voice, Delivery())
        assert samples.pcm.dtype == np.int16
        assert samples.pcm.ndim == 1
        assert 8_000 <= samples.sample_rate_hz <= 96_000
        seconds = len(samples.pcm) / samples.sample_rate_hz
        assert 0.5 < seconds < 10, voice.name
        assert np.abs(samples.pcm.astype(int)).max() > 1000, voice.name


def test_the_same_words_sound_the_same_whatever_was_said_before(engine: Engine) -> None:
    # A third of them: they have rolled r, breath, and all accents among them.
    voices = engine.voices()[::3]
    orders = [(text, voice) for text in (TEXT, "Is there iron? Rarely!") for voice in voices]
    first = [speak(engine, text, voice, Delivery()) for text, voice in orders]
    speak(engine, "And now for something else.", voices[-1], Delivery(rate=1.7))
    for (text, voice), before in reversed(list(zip(orders, first, strict=True))):
        assert same(speak(engine, text, voice, Delivery()), before), voice.name


def test_a_new_engine_of_the_name_sounds_the_same(engine: Engine) -> None:
    voice = engine.voices()[0]
    other = load_engine(engine.name)
    before = speak(engine, TEXT, voice, Delivery(pitch_semitones=1.5))
    assert same(speak(other, TEXT, voice, Delivery(pitch_semitones=1.5)), before)
    other.close()
    assert same(speak(engine, TEXT, voice, Delivery(pitch_semitones=1.5)), before)


@pytest.mark.parametrize("rate", [0.75, 1.5])
def test_the_rate_changes_the_length_in_proportion(engine: Engine, rate: float) -> None:
    for voice in engine.voices()[:4]:
        plain = len(speak(engine, TEXT, voice, Delivery()).pcm)
        changed = len(speak(engine, TEXT, voice, Delivery(rate=rate)).pcm)
        assert changed == pytest.approx(plain / rate, rel=0.15)


def test_gain_is_left_to_the_mixer(engine: Engine) -> None:
    voice = engine.voices()[0]
    plain = speak(engine, TEXT, voice, Delivery())
    assert same(speak(engine, TEXT, voice, Delivery(gain_db=-20)), plain)


def test_a_voice_that_it_does_not_have_is_refused(engine: Engine) -> None:
    nobody = Voice(name="Nobody At All", engine=engine.name)
    with pytest.raises(EngineError, match="Nobody At All"):
        speak(engine, TEXT, nobody, Delivery())
    stranger = Voice(name="Stranger", engine="elsewhere", settings=engine.voices()[0].settings)
    with pytest.raises(EngineError, match=r"Stranger.*elsewhere"):
        speak(engine, TEXT, stranger, Delivery())
    if engine.name in FREE:
        return
    odd = Voice(name="Odd", engine=engine.name, settings=(("no_such_setting", 1),))
    with pytest.raises(EngineError, match=r"Odd.*no_such_setting"):
        speak(engine, TEXT, odd, Delivery())


def test_after_a_refusal_it_speaks_on(engine: Engine) -> None:
    voice = engine.voices()[0]
    before = speak(engine, TEXT, voice, Delivery())
    with pytest.raises(EngineError):
        speak(engine, TEXT, Voice(name="Nobody", engine=engine.name), Delivery())
    assert same(speak(engine, TEXT, voice, Delivery()), before)


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: ascii(text[:12]))
def test_odd_texts_neither_crash_nor_hang(engine: Engine, text: str) -> None:
    voice = engine.voices()[0]
    samples = speak(engine, text, voice, Delivery())
    assert samples.pcm.dtype == np.int16
    if len(text) > 2000:
        assert len(samples.pcm) > 60 * samples.sample_rate_hz


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=60))
def test_any_text_at_all_gives_samples(engine: Engine, text: str) -> None:
    samples = speak(engine, text, engine.voices()[1], Delivery())
    assert samples.pcm.dtype == np.int16
    assert len(samples.pcm) < 240 * samples.sample_rate_hz


@pytest.mark.parametrize("rate", [0.01, 50.0])
@pytest.mark.parametrize("pitch_semitones", [-60.0, 60.0])
def test_a_delivery_beyond_all_bounds_still_gives_sound(
    engine: Engine, rate: float, pitch_semitones: float
) -> None:
    delivery = Delivery(rate=rate, pitch_semitones=pitch_semitones)
    assert np.any(speak(engine, "Well then.", engine.voices()[0], delivery).pcm)


def test_nothing_reaches_stdout_or_stderr(
    engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    fresh = load_engine(engine.name)
    for voice in fresh.voices()[:3]:
        speak(fresh, TEXT, voice, Delivery())
    with pytest.raises(EngineError):
        speak(fresh, TEXT, Voice(name="Nobody", engine=engine.name), Delivery())
    fresh.close()
    assert capfd.readouterr() == ("", "")
