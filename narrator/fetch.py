"""A file from a server, when the user asks for it by its address; what is cut off goes on later."""

from __future__ import annotations

import contextlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from narrator.errors import StoreError
from narrator.store import describe, write_text

_BLOCK_BYTES = 1 << 16
_SILENCE_S = 60.0
_NOT_SATISFIABLE = 416


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """How much came, in bytes."""

    size: int
    resumed_at: int
    """What was there already."""


def is_address(source: str) -> bool:
    """Whether this is the address of a server, and no path."""
    return urlsplit(source).scheme in ("http", "https")


def fetch(
    address: str,
    path: Path,
    *,
    progress: Callable[[int, int | None], None] = lambda got, total: None,
) -> Fetched:
    """Download into `path`, going on where an earlier attempt was cut off.

    Parameters
    ----------
    path
        Beside it, ``path.mark`` tells which file of the server it is the beginning of.
    progress
        Called with the bytes that are there, and how many there will be, where that is known.

    Raises
    ------
    StoreError
        The server refuses, cannot be reached, or the connection ends early: what came is kept.
    """
    mark = path.with_name(path.name + ".mark")
    have = path.stat().st_size if path.exists() else 0
    known = _known(mark, address) if have else None
    have = have if known else 0
    headers = {"User-Agent": "narrator", "Accept-Encoding": "identity"}
    if known:
        headers |= {"Range": f"bytes={have}-", "If-Range": known}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers=headers), timeout=_SILENCE_S
        ) as answer:
            have = have if _goes_on(answer, have) else 0
            total = _total(answer, have)
            _note(mark, address, answer)
            size = _receive(answer, path, have, total, progress)
    except urllib.error.HTTPError as exc:
        if exc.code == _NOT_SATISFIABLE and known:
            path.unlink()  # it changed on the server, or is longer than it should be
            return fetch(address, path, progress=progress)
        raise StoreError(f"{address}: the server answers {exc.code} ({exc.reason})") from exc
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError) as exc:
        reason = getattr(exc, "reason", None) or exc
        raise StoreError(f"{address}: cannot be fetched: {reason}{_kept(path)}") from exc
    except ValueError as exc:
        raise StoreError(f"{address}: not an address that can be fetched: {exc}") from exc
    except OSError as exc:
        raise StoreError(describe(path, exc, "write") + _kept(path)) from exc
    if total is not None and size != total:
        raise StoreError(f"{address}: cut off after {size:,} of {total:,} bytes{_kept(path)}")
    mark.unlink(missing_ok=True)
    return Fetched(size=size, resumed_at=have)


def _receive(
    answer: Any,
    path: Path,
    have: int,
    total: int | None,
    progress: Callable[[int, int | None], None],
) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    size = have
    with path.open("ab" if have else "wb") as file:
        progress(size, total)
        while block := answer.read1(_BLOCK_BYTES):
            file.write(block)
            size += len(block)
            progress(size, total)
    return size


def _goes_on(answer: Any, have: int) -> bool:
    said = answer.headers.get("Content-Range", "")
    return bool(have) and answer.status == 206 and said.startswith(f"bytes {have}-")


def _total(answer: Any, have: int) -> int | None:
    length = answer.headers.get("Content-Length")
    return None if length is None else have + int(length)


def _known(mark: Path, address: str) -> str | None:
    """What the server calls the state of the file whose beginning is there."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(mark.read_text("utf-8"))
        if found["address"] == address and isinstance(found["state"], str):
            return found["state"] or None
    return None


def _note(mark: Path, address: str, answer: Any) -> None:
    tag = answer.headers.get("ETag", "")
    state = answer.headers.get("Last-Modified", "") if tag.startswith("W/") or not tag else tag
    write_text(mark, json.dumps({"address": address, "state": state}))


def _kept(path: Path) -> str:
    if path.exists() and path.stat().st_size:
        return "; what came is kept: run the same command again, and it goes on from there"
    return ""
