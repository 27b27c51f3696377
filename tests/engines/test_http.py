"""Speech servers: one on the loopback that does well, and every way of doing badly."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from narrator.engines.base import Samples, Utterance, speak, wav_bytes
from narrator.engines.http import HttpConfig, HttpEngine
from narrator.engines.http_client import Address, parse_address
from narrator.engines.http_voices import described, listed
from narrator.errors import EngineError
from narrator.model import Delivery, Gender, Voice

RATE = 24_000
EMMA = Voice(name="Emma", engine="http", settings=(("voice", "bf_emma"),))

Behaviour = Callable[["Handler", dict[str, object]], None]


def sound(text: str) -> Samples:
    at = np.arange(RATE * len(text) // 50)
    pcm = np.rint(9000 * np.sin(2 * np.pi * 440 / RATE * at)).astype(np.int16)
    return Samples(sample_rate_hz=RATE, pcm=pcm)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        status, answer = self.server.lists.get(self.path, (404, {"detail": "Not Found"}))
        self.give(status, json.dumps(answer).encode())

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        self.server.requests.append((self.path, body, self.headers.get("Authorization")))
        behaviours = self.server.behaviours
        (behaviours.pop(0) if behaviours else well)(self, body)

    def give(self, status: int, data: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def start_chunks(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def well(handler: Handler, body: dict[str, object]) -> None:
    samples = sound(str(body["input"]))
    is_pcm = body["response_format"] == "pcm"
    handler.give(200, samples.pcm.tobytes() if is_pcm else wav_bytes(samples))


def in_chunks(handler: Handler, body: dict[str, object]) -> None:
    """A streamed WAV, which does not know its size, in odd pieces."""
    data = bytearray(wav_bytes(sound(str(body["input"]))))
    struct.pack_into("<I", data, 40, 0xFFFF_FFFF)
    handler.start_chunks()
    for at in range(0, len(data), 999):
        handler.chunk(bytes(data[at : at + 999]))
    handler.wfile.write(b"0\r\n\r\n")


def cut_chunks(handler: Handler, body: dict[str, object]) -> None:
    handler.start_chunks()
    handler.chunk(wav_bytes(sound("a" * 100))[:5000])
    handler.close_connection = True


def cut_length(handler: Handler, body: dict[str, object]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "50000")
    handler.end_headers()
    handler.wfile.write(wav_bytes(sound("a" * 100))[:5000])
    handler.close_connection = True


def cut_silently(handler: Handler, body: dict[str, object]) -> None:
    """Only the WAV itself tells that there should be more."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(wav_bytes(sound("a" * 100))[:5001])


def hang_up(handler: Handler, body: dict[str, object]) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def stay_silent(handler: Handler, body: dict[str, object]) -> None:
    handler.server.released.wait(20)
    handler.close_connection = True


def answering(status: int, data: bytes = b"", **headers: str) -> Behaviour:
    return lambda handler, body: handler.give(status, data, **headers)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, object], str | None]] = []
        self.behaviours: list[Behaviour] = []
        self.lists: dict[str, tuple[int, object]] = {}
        self.released = threading.Event()
        self.connections = 0

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


class Asker:
    """An engine for the server, which does not really wait between two tries."""

    def __init__(self, server: Server) -> None:
        self.waited: list[float] = []
        self.config = HttpConfig(url=server.url, silence_s=5.0)
        self.engines: list[HttpEngine] = []

    def engine(self, **config: object) -> HttpEngine:
        engine = HttpEngine(replace(self.config, **config), self.waited.append)  # type: ignore[arg-type]
        self.engines.append(engine)
        return engine

    def say(self, text: str = "Good evening.", **config: object) -> Samples:
        return speak(self.engine(**config), text, EMMA, Delivery())


@pytest.fixture
def asker(server: Server) -> Iterator[Asker]:
    asker = Asker(server)
    yield asker
    for engine in asker.engines:
        engine.close()


@pytest.mark.parametrize("behaviour", [well, in_chunks])
def test_the_sound_is_what_the_server_gave(
    server: Server, asker: Asker, behaviour: Behaviour
) -> None:
    server.behaviours = [behaviour]
    samples = asker.say("“Où ça?” — there.")
    assert samples.sample_rate_hz == RATE
    np.testing.assert_array_equal(samples.pcm, sound("“Où ça?” — there.").pcm)
    [(path, body, key)] = server.requests
    assert (path, key) == ("/v1/audio/speech", None)
    assert body == {
        "model": "tts-1",
        "voice": "bf_emma",
        "input": "“Où ça?” — there.",
        "response_format": "wav",
    }


def test_bare_samples_have_the_rate_of_the_config(server: Server, asker: Asker) -> None:
    samples = asker.say(format="pcm", pcm_rate_hz=16_000)
    assert samples.sample_rate_hz == 16_000
    np.testing.assert_array_equal(samples.pcm, sound("Good evening.").pcm)


def test_delivery_seed_and_settings_go_into_the_request(server: Server, asker: Asker) -> None:
    settings = (("model", "kokoro"), ("temperature", 0.3), ("voice", "af_sky"))
    voice = Voice(name="Sky", engine="http", settings=settings)
    speak(asker.engine(), "Yes.", voice, Delivery(rate=1.25), seed=2)
    speak(asker.engine(), "Yes.", voice, Delivery(rate=9.0))
    (_, first, _), (_, second, _) = server.requests
    assert (first["model"], first["temperature"], first["seed"]) == ("kokoro", 0.3, 2)
    assert (first["speed"], second["speed"]) == (1.25, 4.0)
    assert "seed" not in second


def test_a_connection_is_used_again(server: Server, asker: Asker) -> None:
    engine = asker.engine()
    server.behaviours = [well, in_chunks, well]
    for text in ("One.", "Two.", "Three.", "Four."):
        speak(engine, text, EMMA, Delivery())
    assert (len(server.requests), server.connections) == (4, 1)


def test_a_connection_that_was_closed_meanwhile_is_made_anew(server: Server, asker: Asker) -> None:
    engine = asker.engine()
    speak(engine, "One.", EMMA, Delivery())
    server.behaviours = [hang_up]
    speak(engine, "Two.", EMMA, Delivery())
    assert (len(server.requests), server.connections, asker.waited) == (3, 2, [])


@pytest.mark.parametrize(
    "fault",
    [
        answering(500, b'{"error": {"message": "CUDA out of memory"}}'),
        answering(503, b"busy"),
        cut_chunks,
        cut_length,
        cut_silently,
        answering(200, b""),
        answering(200, b"<html>Welcome</html>"),
        answering(200, b"\0\1\2\3" * 900),
    ],
    ids=["500", "503", "chunks", "length", "silently", "empty", "page", "no sound"],
)
def test_what_fails_in_passing_is_tried_again(
    server: Server, asker: Asker, fault: Behaviour
) -> None:
    server.behaviours = [fault, fault]
    np.testing.assert_array_equal(asker.say().pcm, sound("Good evening.").pcm)
    assert len(server.requests) == 3
    assert asker.waited == [0.5, 1.0]


def test_after_the_third_try_it_says_what_the_server_said(server: Server, asker: Asker) -> None:
    fault = answering(500, b'{"error": {"message": "CUDA out of memory"}}')
    server.behaviours = [fault] * 3
    with pytest.raises(EngineError, match=r"answered 500 .*: CUDA out of memory \(tried 3 times"):
        asker.say()


def test_a_server_that_asks_for_time_gets_it_up_to_a_limit(server: Server, asker: Asker) -> None:
    server.behaviours = [answering(429, Retry_After="7"), answering(429, Retry_After="9999")]
    asker.say()
    assert asker.waited == [7.0, 20.0]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (answering(400, b'{"detail": "unknown voice bf_emma"}'), "400 .*: unknown voice bf_emma"),
        (answering(401, b"no key"), "401 .*: no key"),
        (answering(404, b"<html>x</html>"), "answered 404 Not Found$"),
        (answering(422, b'{"detail": [{"loc": ["voice"]}]}'), r"422 .*\"loc\": \[\"voice\"\]"),
        (answering(302, Location="http://elsewhere/v1"), "it points to http://elsewhere/v1"),
    ],
)
def test_a_refusal_is_final(server: Server, asker: Asker, fault: Behaviour, message: str) -> None:
    server.behaviours = [fault]
    with pytest.raises(EngineError, match=message):
        asker.say()
    assert len(server.requests) == 1


def test_a_server_that_says_nothing(server: Server, asker: Asker) -> None:
    server.behaviours = [stay_silent, stay_silent]
    with pytest.raises(EngineError, match=r"did not answer in time \(tried 2 times\)"):
        asker.say(tries=2, silence_s=0.2)


def test_no_server(asker: Asker) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(EngineError, match="no server answers there: start it, or correct"):
            asker.say(url=url, tries=1)


def test_sound_is_given_as_it_comes(server: Server, asker: Asker) -> None:
    def slowly(handler: Handler, body: dict[str, object]) -> None:
        data = bytearray(wav_bytes(sound("a" * 50)))
        struct.pack_into("<I", data, 40, 0xFFFF_FFFF)
        handler.start_chunks()
        handler.chunk(bytes(data[:4044]))
        handler.server.released.wait(20)
        handler.chunk(bytes(data[4044:]))
        handler.wfile.write(b"0\r\n\r\n")

    server.behaviours = [slowly]
    parts = asker.engine().stream(Utterance(text="a" * 50, voice=EMMA))
    first = next(parts)
    assert len(first.pcm) == 2000, "the rest is still held back"
    server.released.set()
    pcm = np.concatenate([first.pcm, *(part.pcm for part in parts)])
    np.testing.assert_array_equal(pcm, sound("a" * 50).pcm)


def test_a_stream_that_is_given_up_leaves_nothing_behind(server: Server, asker: Asker) -> None:
    engine = asker.engine()
    server.behaviours = [in_chunks]
    parts = engine.stream(Utterance(text="a" * 500, voice=EMMA))
    next(parts)
    del parts
    np.testing.assert_array_equal(speak(engine, "Yes.", EMMA, Delivery()).pcm, sound("Yes.").pcm)


@pytest.mark.parametrize("text", ["", "…", " — "])
def test_nothing_to_pronounce_asks_for_nothing(server: Server, asker: Asker, text: str) -> None:
    assert len(asker.say(text).pcm) == 0
    assert not server.requests


def test_odd_characters_arrive(server: Server, asker: Asker) -> None:
    asker.say("a\ud800b 😀 \0")
    assert server.requests[0][1]["input"] == "a?b 😀 \0"


def test_a_key_comes_from_the_environment(
    server: Server, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEECH_KEY", "s3cret")
    asker.say(key_env="SPEECH_KEY")
    assert server.requests[0][2] == "Bearer s3cret"
    monkeypatch.delenv("SPEECH_KEY")
    with pytest.raises(EngineError, match="environment variable SPEECH_KEY"):
        asker.say(key_env="SPEECH_KEY")


@pytest.mark.parametrize("url", ["http://192.0.2.1:8880", "https://speech.example/v1"])
def test_another_machine_only_when_allowed(asker: Asker, url: str) -> None:
    begun = time.monotonic()
    with pytest.raises(EngineError, match=r"not on this machine.*say remote = true"):
        asker.say(url=url)
    assert time.monotonic() - begun < 5, "it was asked for all the same"
    assert not asker.waited


def test_a_name_that_leads_away_is_refused(
    server: Server, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("narrator.engines.http_client._is_loopback", lambda _: False)
    with pytest.raises(EngineError, match=r"leads to 127.0.0.1, which is not on this machine"):
        asker.say(url=server.url.replace("127.0.0.1", "localhost"))


def test_proxies_are_not_asked(
    server: Server, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert len(asker.say().pcm)


def test_no_server_named() -> None:
    with pytest.raises(EngineError, match=r"set url in \[engines.http\]"):
        HttpEngine().voices()
    with pytest.raises(EngineError, match=r"set url in \[engines.http\]"):
        speak(HttpEngine(), "Yes.", EMMA, Delivery())


def test_a_voice_without_a_name_for_the_server(asker: Asker) -> None:
    with pytest.raises(EngineError, match=r"'Emma' .* has no setting 'voice'"):
        speak(asker.engine(), "Yes.", replace(EMMA, settings=()), Delivery())


def test_a_voice_may_have_a_server_of_its_own(server: Server, asker: Asker) -> None:
    voice = replace(EMMA, settings=(("url", server.url), ("voice", "x")))
    assert len(speak(asker.engine(url=""), "Yes.", voice, Delivery()).pcm)
    assert server.requests[0][1] == {
        "model": "tts-1",
        "voice": "x",
        "input": "Yes.",
        "response_format": "wav",
    }


@pytest.mark.parametrize("path", ["/v1/audio/voices", "/v1/voices"])
def test_voices_are_listed(server: Server, asker: Asker, path: str) -> None:
    server.lists[path] = (200, {"voices": ["bf_emma", "am_adam", "alloy"]})
    voices = asker.engine().voices()
    assert [(voice.name, voice.gender, voice.accent) for voice in voices] == [
        ("http bf_emma", Gender.FEMALE, "en-GB"),
        ("http am_adam", Gender.MALE, "en-US"),
        ("http alloy", Gender.UNKNOWN, ""),
    ]
    assert len(speak(asker.engine(), "Yes.", voices[0], Delivery()).pcm)


def test_a_server_without_a_list(asker: Asker) -> None:
    assert asker.engine().voices() == ()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ([], []),
        (None, []),
        ({"detail": "x"}, []),
        (["a", "a", "", 3, None, "b"], [("a", ""), ("b", "")]),
        ({"data": [{"id": "1", "name": "Emma"}, {"id": "2", "name": "Emma"}]}, None),
        ({"voices": [{"voice_id": "v1"}, {"name": "n"}, {"x": 1}]}, [("v1", ""), ("n", "n")]),
        ({"voices": {"alloy": {}, "echo": {}}}, [("alloy", ""), ("echo", "")]),
    ],
)
def test_lists_of_many_kinds(answer: object, found: list[tuple[str, str]] | None) -> None:
    assert list(listed(answer)) == (found if found is not None else [("1", "Emma"), ("2", "")])


def test_a_blend_is_described_by_its_first_voice() -> None:
    voice = described("bm_george+af_sky", "", 3)
    assert (voice.gender, voice.accent, voice.language) == (Gender.MALE, "en-GB", "en")


def test_the_version_is_the_models(asker: Asker) -> None:
    plain = asker.engine().version
    assert plain == asker.engine(tries=1, silence_s=1.0).version
    others = {asker.engine(**{key: "flac"}).version for key in ("model", "version", "format")}
    assert len(others | {plain}) == 4


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:8880", "http://127.0.0.1:8880/v1"),
        ("http://localhost/v1/", "http://localhost:80/v1"),
        ("https://[::1]:9/api/v1/audio/speech", "https://[::1]:9/api/v1"),
    ],
)
def test_addresses(url: str, told: str) -> None:
    address = parse_address(url)
    assert str(address) == told
    assert address.is_this_machine


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:8880", "ftp://x", "http://", "http://a:b@c", "http://x/?k=1", "http://x:99999"],
)
def test_urls_that_are_none(url: str) -> None:
    with pytest.raises(EngineError, match=r"http://127.0.0.1:8880/v1"):
        parse_address(url)


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.9.9.9", True), ("::1", True), ("a.localhost", True), ("localhost.example", False)],
)
def test_this_machine(host: str, here: bool) -> None:
    assert Address(secure=False, host=host, port=1, path="").is_this_machine is here


@pytest.mark.parametrize(
    ("key", "value"), [("format", "ogg"), ("tries", 0), ("silence_s", 0.0), ("pcm_rate_hz", 1)]
)
def test_config_out_of_range(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=key):
        HttpConfig(**{key: value})  # type: ignore[arg-type]
