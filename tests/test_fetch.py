"""Downloads from a server of our own, whole and cut off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from narrator.errors import StoreError
from narrator.fetch import fetch, is_address

DATA = bytes(range(256)) * 2000


class Server(ThreadingHTTPServer):
    """Serves `files`, knows ranges, and hangs up after `cut` bytes where that is set."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {"/model.onnx": DATA}
        self.tag = '"one"'
        self.cut: int | None = None
        self.ranges: list[str | None] = []
        self.knows_ranges = True

    def address(self, path: str = "/model.onnx") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server, wanted = self.server, self.headers.get("Range")
        server.ranges.append(wanted)
        if self.path not in server.files:
            self.send_error(404, "Not Found")
            return
        data, start = server.files[self.path], 0
        if wanted and server.knows_ranges and self.headers.get("If-Range") == server.tag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(data) > 0:
            self.send_error(416, "Range Not Satisfiable")
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.send_header("ETag", server.tag)
        self.end_headers()
        self.wfile.write(data[start : None if server.cut is None else start + server.cut])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def cut_off(server: Server, path: Path, after: int) -> None:
    server.cut = after
    with pytest.raises(StoreError, match=r"cut off after [\d,]+ of 512,000 bytes; what came"):
        fetch(server.address(), path)
    server.cut = None


def test_a_file_comes_whole(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    got = fetch(server.address(), tmp_path / "new" / "m", progress=lambda *now: seen.append(now))
    assert (tmp_path / "new" / "m").read_bytes() == DATA
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["m"]
    assert (got.size, got.resumed_at) == (len(DATA), 0)
    assert seen[0] == (0, len(DATA))
    assert seen[-1] == (len(DATA), len(DATA))


def test_what_is_cut_off_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "m"
    cut_off(server, path, 100_000)
    cut_off(server, path, 50_000)
    assert path.stat().st_size == 150_000
    got = fetch(server.address(), path)
    assert server.ranges == [None, "bytes=100000-", "bytes=150000-"]
    assert got.resumed_at == 150_000
    assert path.read_bytes() == DATA


def test_a_file_that_changed_meanwhile_begins_anew(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "m"
    cut_off(server, path, 100_000)
    server.tag, server.files["/model.onnx"] = '"two"', DATA[::-1]
    assert fetch(server.address(), path).resumed_at == 0
    assert path.read_bytes() == DATA[::-1]


def test_a_server_without_ranges_sends_it_all_again(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "m"
    cut_off(server, path, 100_000)
    server.knows_ranges = False
    fetch(server.address(), path)
    assert path.read_bytes() == DATA


def test_a_beginning_of_another_file_is_not_gone_on_with(server: Server, tmp_path: Path) -> None:
    server.files["/other.onnx"] = DATA[::-1]
    path = tmp_path / "m"
    cut_off(server, path, 100_000)
    fetch(server.address("/other.onnx"), path)
    assert server.ranges[-1] is None
    assert path.read_bytes() == DATA[::-1]


def test_what_cannot_be_fetched_is_said(server: Server, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"/nothing: the server answers 404"):
        fetch(server.address("/nothing"), tmp_path / "m")
    with pytest.raises(StoreError, match="cannot be fetched"):
        fetch("http://127.0.0.1:9/x.onnx", tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_addresses_are_told_from_paths() -> None:
    assert is_address("https://a.b/c.onnx")
    assert not is_address("voices/c.onnx")
    assert not is_address("C:/voices/c.onnx")
    assert not is_address("file:///etc/passwd")
