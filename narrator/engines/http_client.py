"""Requests to a speech server: kept connections, time limits, and what is worth another try.

Nothing here follows a redirect or asks a proxy: what is sent goes to the server that was named.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from narrator.errors import EngineError

_BLOCK_BYTES = 16_384
_MOST_BYTES = 512 * 2**20
_CONNECT_S = 10.0
_LONGEST_WAIT_S = 20.0
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})


class PassingError(EngineError):
    """A fault that may be gone in a moment.

    Parameters
    ----------
    message
        In words.
    after_s
        How long the server asks to be left alone, in seconds; 0 where it says nothing.
    """

    def __init__(self, message: str, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.after_s = min(after_s, _LONGEST_WAIT_S)


class RefusedError(EngineError):
    """The server understood and said no: asking again would change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server is."""

    secure: bool
    host: str
    port: int
    path: str
    """Of the API, without a slash at its end: ``/v1``."""

    @property
    def is_this_machine(self) -> bool:
        """Whether the name alone says so; what it leads to is checked when connected."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        return _is_loopback(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}{self.path}"


def _is_loopback(ip: str) -> bool:
    try:
        return ipaddress.ip_address(ip.partition("%")[0]).is_loopback
    except ValueError:  # a name
        return False


def parse_address(url: str) -> Address:
    """Read a server's URL; its path is ``/v1`` where it has none.

    Raises
    ------
    EngineError
        It is no http or https URL, or holds a user, a password, a query or a fragment.
    """
    example = "give one such as http://127.0.0.1:8880/v1"
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as exc:
        raise EngineError(f"{url!r} is no URL ({exc}): {example}") from exc
    if parts.scheme not in ("http", "https") or not host:
        raise EngineError(f"{url!r} is no http or https URL: {example}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise EngineError(
            f"the speech server's URL has more than host, port and path: {example}; "
            "a key belongs into an environment variable, named by key_env"
        )
    path = parts.path.rstrip("/").removesuffix("/audio/speech").rstrip("/")
    secure = parts.scheme == "https"
    return Address(
        secure=secure, host=host, port=port or (443 if secure else 80), path=path or "/v1"
    )


class Client:
    """One kept connection to one server. Not for two threads at once.

    Parameters
    ----------
    remote
        Whether a server on another machine may be used.
    silence_s
        How long the server may send nothing.
    whole_s
        How long an answer may take altogether.
    key_env
        The environment variable that holds the key; nothing where none is needed.
    """

    def __init__(
        self,
        address: Address,
        *,
        remote: bool = False,
        silence_s: float = 60.0,
        whole_s: float = 300.0,
        key_env: str = "",
    ) -> None:
        self.address = address
        self._remote = remote
        self._silence_s = silence_s
        self._whole_s = whole_s
        self._key_env = key_env
        self._connection: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> Iterator[bytes]:
        """Send a request and give the answer's body as it comes.

        Raises
        ------
        PassingError
            Another try may help.
        RefusedError
            The server says what is wrong with the request.
        EngineError
            It may not be used, or does not do what is asked of it.
        """
        until = time.monotonic() + self._whole_s
        try:
            response = self._respond(method, path, body)
            sent = 0
            while block := response.read1(_BLOCK_BYTES):
                sent += len(block)
                if sent > _MOST_BYTES:
                    raise EngineError(f"{self.address}: more than {_MOST_BYTES} bytes came")
                if time.monotonic() > until:
                    raise PassingError(f"{self.address}: no end after {self._whole_s:.0f} s")
                yield block
            if response.length:  # read1 does not complain, as read does
                raise PassingError(f"{self.address}: the answer is cut off")
            response.close()  # which leaves the connection for the next request
        except (OSError, http.client.HTTPException) as exc:
            self.close()
            raise PassingError(f"{self.address}: {self._words(exc)}") from exc
        except BaseException:
            self.close()  # half an answer is still in it
            raise

    def close(self) -> None:
        """End the connection; the next request makes another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _respond(
        self, method: str, path: str, body: Mapping[str, object] | None
    ) -> http.client.HTTPResponse:
        data = None if body is None else json.dumps(body).encode()
        for kept in (self._connection is not None, False):
            try:
                response = self._send(method, path, data)
                break
            except (ConnectionError, http.client.RemoteDisconnected):
                # A connection that was kept may have been closed meanwhile; a new one was not.
                self.close()
                if not kept:
                    raise
        if response.status == 200:
            return response
        said = _said(response.read(_BLOCK_BYTES))
        self.close()
        message = f"{self.address}: the server answered {response.status} {response.reason}{said}"
        if response.status in _WORTH_ANOTHER_TRY:
            raise PassingError(message, _seconds(response.getheader("Retry-After")))
        if 300 <= response.status < 400:
            where = response.getheader("Location", "elsewhere")
            raise RefusedError(
                f"{message}: it points to {where}; if that is right, make it the url"
            )
        raise RefusedError(message)

    def _send(self, method: str, path: str, data: bytes | None) -> http.client.HTTPResponse:
        connection = self._connection or self._connect()
        headers = {"Accept": "*/*", "User-Agent": "narrator"}
        if data is not None:
            headers["Content-Type"] = "application/json"
        if self._key_env:
            headers["Authorization"] = f"Bearer {self._key()}"
        connection.request(method, f"{self.address.path}{path}", body=data, headers=headers)
        return connection.getresponse()

    def _connect(self) -> http.client.HTTPConnection:
        address = self.address
        if not (self._remote or address.is_this_machine):
            raise EngineError(
                f"{address} is not on this machine, and the story would be sent there: "
                "if that is what you want, say remote = true beside the url"
            )
        kind = http.client.HTTPSConnection if address.secure else http.client.HTTPConnection
        connection = kind(address.host, address.port, timeout=_CONNECT_S)
        connection.connect()
        peer = connection.sock.getpeername()[0]
        if not (self._remote or _is_loopback(peer)):
            connection.close()
            raise EngineError(f"{address} leads to {peer}, which is not on this machine")
        connection.sock.settimeout(self._silence_s)
        self._connection = connection
        return connection

    def _key(self) -> str:
        key = os.environ.get(self._key_env, "").strip()
        if not key:
            raise EngineError(
                f"{self.address}: the environment variable {self._key_env} (key_env) is not set"
            )
        return key

    def _words(self, exc: Exception) -> str:
        if isinstance(exc, ConnectionRefusedError):
            return "no server answers there: start it, or correct the url"
        if isinstance(exc, TimeoutError):
            return "the server did not answer in time"
        if isinstance(exc, http.client.IncompleteRead):
            return "the answer is cut off"
        if isinstance(exc, http.client.RemoteDisconnected):
            return "the server hung up without an answer"
        return f"{type(exc).__name__}: {exc}"


def _said(data: bytes) -> str:
    """What the server gives as a reason: ``{"error": {"message": …}}``, ``{"detail": …}``."""
    text = data.decode("utf-8", "replace").strip()
    with contextlib.suppress(ValueError):
        answer = json.loads(text)
        for key in ("error", "detail", "message"):
            if isinstance(answer, dict) and answer.get(key):
                answer = answer[key]
        text = answer if isinstance(answer, str) else json.dumps(answer)
    shown = " ".join(text.split())[:200]
    return f": {shown}" if shown and not shown.startswith("<") else ""


def _seconds(header: str | None) -> float:
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0
