"""Any server that speaks the OpenAI speech API: ``POST /v1/audio/speech``.

The local servers of many large voice models do. A server on another machine is used only where the
config says ``remote = true``.

Settings of a voice
-------------------
``voice`` (required): its name for the server. ``url`` and ``model`` stand in for those of the
config, so that one book can use two servers; what else there is goes into the request as it is.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from narrator.config import check_range, read_options
from narrator.engines import Option
from narrator.engines.base import Samples, Utterance, refuse_foreign
from narrator.engines.decode import BrokenSoundError, decode_stream, pcm_samples
from narrator.engines.http_client import Address, Client, PassingError, RefusedError, parse_address
from narrator.engines.http_voices import described, listed
from narrator.errors import EngineError
from narrator.model import Setting, Voice

T = TypeVar("T")

_FIRST_WAIT_S = 0.5
_FORMATS = ("wav", "pcm", "flac", "mp3", "opus", "aac")
_SLOWEST, _FASTEST = 0.25, 4.0
"""What the API allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpConfig:
    """The table ``[engines.http]``."""

    url: str = ""
    """Where the server is: ``http://127.0.0.1:8880/v1``."""
    model: str = "tts-1"
    """The model's name for the server."""
    format: str = "wav"
    """What is asked for: wav, pcm, flac, mp3, opus or aac. All but the first two are heard when
    they are complete, and the last three lose something."""
    pcm_rate_hz: int = 24_000
    """The sample rate of pcm, which does not say it."""
    remote: bool = False
    """Whether the server may be on another machine: the story is sent there."""
    key_env: str = ""
    """The environment variable that holds the key, where the server wants one."""
    tries: int = 3
    """How often a request is made that fails in passing."""
    silence_s: float = 50.0
    """How long the server may send nothing."""
    version: str = ""
    """Any word: to change it has everything spoken anew, after the server got another model."""

    def __post_init__(self) -> None:
        if self.format not in _FORMATS:
            raise ValueError(f"format {self.format!r} is not one of {', '.join(_FORMATS)}")
        check_range("pcm_rate_hz", self.pcm_rate_hz, 8_000, 192_000)
        check_range("tries", self.tries, 1, 20)
        check_range("silence_s", self.silence_s, 0.1, 3600)


class HttpEngine:
    """Asks a server for each text; see the module."""

    name = "http"
    generative = True

    def __init__(
        self, config: HttpConfig = HttpConfig(), sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._config = config
        self._sleep = sleep
        self._clients: dict[Address, Client] = {}
        decides = [config.url, config.model, config.format, config.version]
        digest = hashlib.sha256(json.dumps(decides).encode()).hexdigest()
        self.version = f"http-1-{digest[:12]}"

    def voices(self) -> tuple[Voice, ...]:
        """The voices that the server lists, under ``/v1/audio/voices`` or else ``/v1/voices``.

        The API itself has no such list: where a server has none either, a bank of voices names
        them.
        """
        client = self._client(self._config.url)
        answer: object = None
        for path in ("/audio/voices", "/voices"):
            try:
                answer = json.loads(b"".join(self._patiently(client, "GET", path, None)))
                break
            except RefusedError:
                continue
            except ValueError as exc:
                raise EngineError(f"{client.address}{path} is no JSON") from exc
        return tuple(
            described(own, label, rank) for rank, (own, label) in enumerate(listed(answer))
        )

    def synthesize(self, utterance: Utterance) -> list[Samples]:
        """Have the server speak, and try again what fails in passing."""
        return _tried(lambda: list(self.stream(utterance)), self._config.tries, self._sleep)

    def stream(self, utterance: Utterance) -> Iterator[Samples]:
        """The same as it comes. What fails midway is not tried again: its beginning was heard."""
        refuse_foreign(utterance.voice, self.name)
        if not any(character.isalnum() for character in utterance.text):
            return
        settings = dict(utterance.voice.settings)
        client = self._client(str(settings.pop("url", self._config.url)))
        body = self._request(utterance, settings)
        blocks = client.ask("POST", "/audio/speech", body)
        if body["response_format"] == "pcm":
            yield from self._bare(blocks, client)
        else:
            yield from decode_stream(blocks, str(client.address))

    def voice_named(self, name: str) -> Voice:
        """The voice that the server has under this name."""
        return described(name, name, 50)

    def close(self) -> None:
        """End the connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _patiently(
        self, client: Client, method: str, path: str, body: Mapping[str, object] | None
    ) -> list[bytes]:
        return _tried(lambda: list(client.ask(method, path, body)), self._config.tries, self._sleep)

    def _client(self, url: str) -> Client:
        if not url:
            raise EngineError(
                "no speech server is named: set url in [engines.http], for example "
                'url = "http://127.0.0.1:8880/v1"'
            )
        address = parse_address(url)
        if address not in self._clients:
            self._clients[address] = Client(
                address,
                remote=self._config.remote,
                silence_s=self._config.silence_s,
                key_env=self._config.key_env,
            )
        return self._clients[address]

    def _request(self, utterance: Utterance, settings: Mapping[str, Setting]) -> dict[str, object]:
        if "voice" not in settings:
            raise EngineError(
                f"the voice {utterance.voice.name!r} of the engine {self.name!r} has no setting "
                "'voice': give the name that the server has for it"
            )
        body: dict[str, object] = {
            "model": self._config.model,
            "response_format": self._config.format,
            **settings,
            "input": utterance.text.encode("utf-8", "replace").decode(),
        }
        if (rate := utterance.delivery.rate) != 1.0:
            speed = float(settings.get("speed", 1.0)) * rate
            body["speed"] = round(min(_FASTEST, max(_SLOWEST, speed)), 3)
        if utterance.seed:
            body["seed"] = utterance.seed
        return body

    def _bare(self, blocks: Iterator[bytes], client: Client) -> Iterator[Samples]:
        kept = b""
        for block in blocks:
            kept += block
            whole = len(kept) // 2 * 2
            if whole:
                yield pcm_samples(kept[:whole], self._config.pcm_rate_hz, str(client.address))
            kept = kept[whole:]
        if kept:
            raise PassingError(f"{client.address}: the sound ends within a sample")


def load(**options: Option) -> HttpEngine:
    """The engine with the options of ``[engines.http]``: the fields of `HttpConfig`.

    Raises
    ------
    ConfigError
        There is no such option, or it cannot have this value.
    """
    return HttpEngine(read_options("http", options, HttpConfig))


def _tried(attempt: Callable[[], T], tries: int, sleep: Callable[[float], None]) -> T:
    """What `attempt` gives, after up to `tries` of them, with longer and longer waits between."""
    for made in range(1, tries + 1):
        try:
            return attempt()
        except (PassingError, BrokenSoundError) as exc:
            if made == tries:
                often = f" (tried {tries} times)" if tries > 1 else ""
                raise EngineError(f"{exc}{often}") from exc
            asked_s = exc.after_s if isinstance(exc, PassingError) else 0.0
            sleep(max(asked_s, _FIRST_WAIT_S * 2 ** (made - 1)))
    raise AssertionError("there is at least one try")
