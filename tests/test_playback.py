"""Playing, into miniaudio's null device: in real time, hence sounds of a tenth of a second."""

from __future__ import annotations

import builtins
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from narrator import playback
from narrator.engines.base import Samples
from narrator.errors import EncodeError, PlaybackError, StoreError


def tone(frames: int, rate: int = 8000) -> Samples:
    pcm = np.arange(frames, dtype=np.int16)
    return Samples(sample_rate_hz=rate, pcm=pcm)


class FakeDevice:
    """Asks for sound as a card does, in pieces of its own size, on a thread of its own."""

    def __init__(self, piece: int) -> None:
        self.piece = piece
        self.heard = b""

    def start(self, stream: Any) -> None:
        import threading

        def pull() -> None:
            while True:
                try:
                    self.heard += bytes(stream.send(self.piece))
                except StopIteration:
                    return

        threading.Thread(target=pull, daemon=True).start()


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FakeDevice:
    import contextlib

    fake = FakeDevice(700)

    @contextlib.contextmanager
    def opened(sample_rate_hz: int) -> Iterator[FakeDevice]:
        yield fake

    monkeypatch.setattr(playback, "_opened", opened)
    monkeypatch.setattr(playback, "_BUFFER_MS", 1)
    return fake


def test_every_sample_is_heard_once_and_in_order(device: FakeDevice) -> None:
    playback.play(tone(size) for size in (1, 699, 20_000, 3))
    heard = np.frombuffer(device.heard, dtype=np.int16)
    wanted = np.concatenate([tone(size).pcm for size in (1, 699, 20_000, 3)])
    # Sound that comes late is preceded by silence, never dropped.
    assert np.array_equal(heard[heard != 0], wanted[wanted != 0])


def test_a_change_of_rate_is_refused(device: FakeDevice) -> None:
    with pytest.raises(PlaybackError, match="8000 Hz to 16000 Hz"):
        playback.play((tone(10), tone(10, 16_000)))


def test_nothing_is_played_in_no_time() -> None:
    playback.play(())


def test_the_null_device_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("miniaudio")
    monkeypatch.setenv(playback.SOUND_VARIABLE, "null")
    playback.play((tone(800),))
    assert playback.why_silent() is None


def test_sound_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(playback.SOUND_VARIABLE, "off")
    assert "NARRATOR_SOUND=off" in str(playback.why_silent())
    with pytest.raises(PlaybackError):
        playback.play((tone(8),))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(playback.SOUND_VARIABLE, raising=False)
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "miniaudio":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install miniaudio" in str(playback.why_silent())


def test_a_file_is_decoded_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        file.writeframes(tone(22_050).pcm.tobytes())
    blocks = list(playback.book_blocks(path))
    assert len(blocks) > 1
    assert {block.sample_rate_hz for block in blocks} == {playback.BOOK_RATE_HZ}
    assert abs(sum(len(block.pcm) for block in blocks) - 44_100) < 100
    with pytest.raises(EncodeError, match="no chapter marks, so there is no chapter 1"):
        list(playback.book_blocks(path, 1))


def test_a_missing_file_and_one_that_is_no_sound(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"):
        list(playback.book_blocks(tmp_path / "no.m4b"))
    path = tmp_path / "a.txt"
    path.write_text("words")
    with pytest.raises(EncodeError, match="not a media file"):
        list(playback.book_blocks(path))
