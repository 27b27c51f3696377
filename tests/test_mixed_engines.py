"""A book of three engines: Piper tells, eSpeak has the small parts, a server speaks the hero."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

for _package in ("piper", "onnx"):
    pytest.importorskip(_package, reason=f"{_package} is not installed")

from narrator.build import Built, build
from narrator.encode import Tags
from narrator.engines import find_voices, load_engine
from narrator.loudness import measure_lufs
from narrator.model import Span, Take, Voice
from narrator.personal import VOICES_VARIABLE
from narrator.plan import BuildConfig
from narrator.store import Cache
from tests.engines.models import write_piper
from tests.engines.test_http import Server

TOLD = (
    "The ferry left at nine, and nobody on the quay waved, for the morning was cold and grey.",
    "Then the bells rang over the harbour, and the gulls rose from the roofs all together.",
    "So they walked home by the long road, and neither of them said another word that day.",
)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.released.set()
    server.server_close()
    thread.join()


class Book:
    """A book whose roles can be given to other voices."""

    def __init__(self, tmp_path: Path, url: str) -> None:
        self.tmp_path = tmp_path
        self.tables = (("http", (("url", url),)),)
        espeak = load_engine("pyttsx3").voices()
        self.roles: dict[str, Voice] = {
            "narrator": find_voices(["piper:en_US-tiny-low"])["piper:en_US-tiny-low"],
            "porter": espeak[0],
            "clerk": espeak[1],
            "hero": find_voices(["http:emma"], self.tables)["http:emma"],
        }

    def build(self) -> Built:
        said = [(who, text) for text in TOLD for who in self.roles]
        takes = [
            Take(
                chapter=0,
                segment=index,
                span=Span(0, 1),
                text=text,
                speaker=who,
                voice=self.roles[who],
                pause_ms=300,
                mark="One" if index == 0 else None,
            )
            for index, (who, text) in enumerate(said)
        ]
        config = replace(BuildConfig(), encoder="wav", jobs=1, engines=self.tables)
        return build(
            takes,
            self.tmp_path / "book.wav",
            tags=Tags(title="T"),
            cache=Cache(root=self.tmp_path / "cache"),
            config=config,
        )


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> Book:
    """The book, with a tiny Piper voice and a server on the loopback."""
    monkeypatch.setenv(VOICES_VARIABLE, str(tmp_path / "voices"))
    write_piper(tmp_path / "voices" / "piper" / "en_US-tiny-low.onnx")
    return Book(tmp_path, server.url)


def samples_of(path: Path) -> tuple[NDArray[np.int16], int]:
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        blocks = [frame.to_ndarray()[0] for frame in container.decode(stream)]
        return np.concatenate(blocks), stream.rate


def test_it_has_one_rate_and_all_voices_are_equally_loud(book: Book) -> None:
    built = book.build()
    assert not built.mute
    # The server hums, which no voice does: what may hallucinate is listened to, and nothing else.
    assert {take.speaker for take, _ in built.suspect} <= {"hero"}
    pcm, rate = samples_of(built.audiobook.path)
    timeline = built.audiobook.timeline
    # The server's 24 kHz, as the highest of them.
    assert rate == timeline.sample_rate_hz == 24_000
    levels: dict[str, list[NDArray[np.int16]]] = {}
    for cue, who in zip(timeline.cues, [*book.roles] * len(TOLD), strict=True):
        levels.setdefault(who, []).append(pcm[cue.start : cue.end])
    lufs = {who: measure_lufs(np.concatenate(parts), rate) for who, parts in levels.items()}
    assert max(lufs.values()) - min(lufs.values()) < 1.0, lufs


def test_another_engine_for_one_character_speaks_that_one_anew_alone(book: Book) -> None:
    assert book.build().clips_spoken == 4 * len(TOLD)
    assert book.build().clips_spoken == 0
    book.roles["hero"] = load_engine("pyttsx3").voices()[2]
    assert book.build().clips_spoken == len(TOLD)
    assert book.build().clips_spoken == 0
