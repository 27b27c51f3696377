"""Hearing sound on this machine, through a library that brings its own way to the sound card.

miniaudio finds WASAPI, Core Audio, PulseAudio, ALSA and others by itself; no player is called.
Where there is no sound device, or the library has no wheel for the platform, `PlaybackError` says
so, and whoever called writes a file instead.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from narrator.engines.base import Block, Samples, to_int16
from narrator.errors import EncodeError, PlaybackError, StoreError
from narrator.store import is_file

SOUND_VARIABLE = "NARRATOR_SOUND"
"""``off`` never opens a sound device; ``null`` plays into nothing, in real time."""

BOOK_RATE_HZ = 44_100
"""At which `book_blocks` gives sound."""

_BUFFER_MS = 200
_WAITING_BLOCKS = 8
_LONGEST_BLOCK_FRAMES = 8_192
_INSTALL = "`pip install miniaudio` brings what is needed to hear it"


def play(blocks: Iterable[Block]) -> None:
    """Play mono sound, and return when all of it was heard.

    Parameters
    ----------
    blocks
        All at one sample rate. They are taken as they are needed, a little ahead, so that a book
        is never held in memory and what is still being spoken can be heard already.

    Raises
    ------
    PlaybackError
        There is no sound device, or the sample rate changes.
    """
    source = iter(blocks)
    first = next(source, None)
    if first is None:
        return
    with _opened(first.sample_rate_hz) as device:
        stream = _Stream()
        device.start(stream.started())
        try:
            stream.feed(first.pcm)
            for block in source:
                if block.sample_rate_hz != first.sample_rate_hz:
                    raise PlaybackError(
                        f"the sound changes from {first.sample_rate_hz} Hz to "
                        f"{block.sample_rate_hz} Hz and cannot be played in one go"
                    )
                stream.feed(block.pcm)
            stream.finish()
        finally:
            stream.stop()


def why_silent() -> str | None:
    """Why nothing can be heard on this machine; None where something can."""
    try:
        with _opened(BOOK_RATE_HZ):
            return None
    except PlaybackError as exc:
        return str(exc)


class _Stream:
    """What stands between who makes sound and the thread of the sound card that asks for it."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[bytes | None] = queue.Queue(_WAITING_BLOCKS)
        self._heard = threading.Event()
        self._stopped = False

    def feed(self, pcm: NDArray[np.int16] | NDArray[np.float32]) -> None:
        """Hand over sound, waiting while there is enough of it already."""
        samples = to_int16(pcm)
        for start in range(0, len(samples), _LONGEST_BLOCK_FRAMES):
            self._put(samples[start : start + _LONGEST_BLOCK_FRAMES].tobytes())

    def finish(self) -> None:
        """Wait until everything was heard."""
        self._put(None)
        while not self._heard.wait(0.1):  # in steps, so that Ctrl-C gets through everywhere
            pass
        threading.Event().wait(2 * _BUFFER_MS / 1000)  # what the card itself still holds

    def stop(self) -> None:
        """Give nothing more."""
        self._stopped = True

    def _put(self, part: bytes | None) -> None:
        while True:
            with contextlib.suppress(queue.Full):
                self._waiting.put(part, timeout=0.1)
                return

    def started(self) -> Generator[bytes, int, None]:
        """A generator that is sent a number of frames and gives as many bytes of sound as it has.

        Silence where the sound is not made yet, so that the card never waits.
        """
        stream = self._frames()
        next(stream)
        return stream

    def _frames(self) -> Generator[bytes, int, None]:
        held, ended = b"", False
        wanted = yield b""
        while not self._stopped:
            size = wanted * 2
            while len(held) < size and not ended:
                try:
                    part = self._waiting.get_nowait()
                except queue.Empty:
                    break
                ended = part is None
                held += part or b""
            if ended and not held:
                break
            given, held = held[:size], held[size:]
            wanted = yield given.ljust(size, b"\0")
        self._heard.set()


@contextlib.contextmanager
def _opened(sample_rate_hz: int) -> Iterator[Any]:
    """A sound device for mono sound, 16 bits."""
    wanted = os.environ.get(SOUND_VARIABLE, "")
    if wanted == "off":
        raise PlaybackError(f"sound is switched off ({SOUND_VARIABLE}=off)")
    try:
        import miniaudio
    except ImportError as exc:
        raise PlaybackError(f"nothing here can play sound: {_INSTALL}") from exc
    backends = [miniaudio.Backend.NULL] if wanted == "null" else _real_backends(miniaudio)
    try:
        with _quiet_stderr():
            device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=sample_rate_hz,
                buffersize_msec=_BUFFER_MS,
                backends=backends,
                app_name="Narrator",
            )
    except miniaudio.MiniaudioError as exc:
        raise PlaybackError("there is no sound device on this machine") from exc
    try:
        yield device
    finally:
        device.close()


def _real_backends(miniaudio: Any) -> list[Any]:
    # Asked for any, miniaudio ends with the null backend: silence that looks like success.
    unreal = (miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM)
    return [backend for backend in miniaudio.Backend if backend not in unreal]


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep ALSA's own complaints, two screens of them where there is no card, from the user."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def book_blocks(path: Path, chapter: int | None = None) -> Iterator[Block]:
    """The sound of an audiobook, or of any other sound file, as it is decoded.

    Parameters
    ----------
    path
        The file.
    chapter
        Number of a chapter mark, from 1: the sound from there to the next mark. None is all of it.

    Yields
    ------
    Block
        Mono, at `BOOK_RATE_HZ`.

    Raises
    ------
    StoreError
        The file is missing.
    EncodeError
        It is no sound file, or has no such chapter.
    """
    if not is_file(path):
        raise StoreError(f"{path}: no such file; `narrator build STORY` makes one")
    try:
        container = av.open(str(path), "r", metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as exc:
        raise EncodeError(f"{path}: not a media file, or too damaged to open") from exc
    with container:
        if not container.streams.audio:
            raise EncodeError(f"{path}: holds no sound (no audio stream)")
        start_s, end_s = _bounds(container, path, chapter)
        if start_s:
            container.seek(round(start_s * av.time_base))
        yield from _decoded(container, start_s, end_s)


def chapter_titles(path: Path) -> tuple[str, ...]:
    """The titles of a sound file's chapter marks.

    Raises
    ------
    StoreError, EncodeError
        See `book_blocks`.
    """
    if not is_file(path):
        raise StoreError(f"{path}: no such file; `narrator build STORY` makes one")
    try:
        with av.open(str(path), "r", metadata_errors="replace") as container:
            chapters = container.chapters()
            return tuple(str(each["metadata"].get("title", "")) for each in chapters)
    except (av.error.FFmpegError, OSError) as exc:
        raise EncodeError(f"{path}: not a media file, or too damaged to open") from exc


def _bounds(container: Any, path: Path, chapter: int | None) -> tuple[float, float | None]:
    if chapter is None:
        return 0.0, None
    marks = container.chapters()
    if not 1 <= chapter <= len(marks):
        has = f"has {len(marks)} chapters" if marks else "has no chapter marks"
        raise EncodeError(f"{path}: {has}, so there is no chapter {chapter}")
    mark = marks[chapter - 1]
    return float(mark["start"] * mark["time_base"]), float(mark["end"] * mark["time_base"])


def _decoded(container: Any, start_s: float, end_s: float | None) -> Iterator[Block]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=BOOK_RATE_HZ)
    try:
        for frame in container.decode(audio=0):
            if frame.time is not None and end_s is not None and frame.time >= end_s:
                break
            if frame.time is not None and frame.time + frame.samples / frame.rate <= start_s:
                continue
            for part in resampler.resample(frame):
                yield _block(part)
        for part in resampler.resample(None):
            yield _block(part)
    except av.error.FFmpegError as exc:
        raise EncodeError(f"the sound breaks off: {exc}") from exc


def _block(frame: av.AudioFrame) -> Block:
    pcm = frame.to_ndarray().reshape(-1).astype(np.int16, copy=False)
    return Samples(sample_rate_hz=BOOK_RATE_HZ, pcm=pcm)
