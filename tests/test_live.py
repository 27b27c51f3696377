"""Sound that is heard while it is spoken."""

from __future__ import annotations

import _thread
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from narrator.engines import load_engine
from narrator.engines.base import Utterance
from narrator.engines.tone import ToneEngine
from narrator.errors import EngineError
from narrator.live import Reader, read_ahead
from narrator.loudness import measure_lufs
from narrator.model import Span, Take, Voice

VOICES = load_engine("tone").voices()


def take(text: str, voice: Voice = VOICES[0], pause_ms: int = 200) -> Take:
    return Take(
        chapter=0,
        segment=0,
        span=Span(0, 1),
        text=text,
        speaker="x",
        voice=voice,
        pause_ms=pause_ms,
    )


def level(voice: Voice, **settings: float) -> Voice:
    return replace(voice, settings=tuple(sorted({**dict(voice.settings), **settings}.items())))


def test_takes_come_in_order_at_one_rate_with_their_pauses() -> None:
    odd = level(VOICES[1], sample_rate_hz=16_000)
    takes = [take("one two three"), take("four five", odd), take("six", pause_ms=1000)]
    found = list(read_ahead(lambda: takes, sample_rate_hz=24_000))
    assert [spoken for spoken, _ in found] == takes
    assert {block.sample_rate_hz for _, block in found} == {24_000}
    # 40 ms a letter, and the pause.
    lengths = [len(block.pcm) / 24_000 for _, block in found]
    assert lengths == pytest.approx([0.44 + 0.2, 0.32 + 0.2, 0.12 + 1.0], abs=0.03)
    assert not found[2][1].pcm[-23_000:].any()


def test_voices_are_equally_loud_and_a_voice_keeps_its_gain() -> None:
    reader = Reader()
    long = "a sentence that takes rather longer than two seconds to say, as it were, in all"
    quiet, loud = (level(VOICES[0], level=value) for value in (0.05, 0.6))
    pcm = [reader.read(take(long, voice, 0), 24_000).pcm for voice in (quiet, loud)]
    lufs = [measure_lufs(np.rint(p * 32767).astype(np.int16), 24_000) for p in pcm]
    assert lufs[0] == pytest.approx(lufs[1], abs=1)
    short = reader.read(take("so", quiet, 0), 24_000).pcm
    assert np.abs(short).max() == pytest.approx(np.abs(pcm[0]).max(), rel=0.1)


def test_the_first_is_heard_before_the_last_is_spoken() -> None:
    asked = threading.Event()
    go_on = threading.Event()

    def takes() -> Iterator[Take]:
        yield take("first")
        asked.set()
        assert go_on.wait(20)
        yield take("last")

    spoken = read_ahead(takes, sample_rate_hz=22_050)
    assert next(spoken)[0].text == "first"
    assert asked.wait(20)
    go_on.set()
    assert [each.text for each, _ in spoken] == ["last"]


def test_no_more_is_spoken_ahead_than_was_asked_for() -> None:
    seen: list[int] = []

    def takes() -> Iterator[Take]:
        for number in range(1000):
            seen.append(number)
            yield take("word")

    spoken = read_ahead(takes, sample_rate_hz=22_050, ahead=3)
    next(spoken)
    spoken.close()  # type: ignore[attr-defined]
    assert len(seen) <= 6
    assert not [each for each in threading.enumerate() if each.name == "narrator-live"]


def test_what_goes_wrong_is_told_when_it_is_its_turn() -> None:
    broken = Voice(name="Broken", engine="tone")
    spoken = read_ahead(lambda: [take("fine"), take("not", broken)], sample_rate_hz=22_050)
    assert next(spoken)[0].text == "fine"
    with pytest.raises(EngineError, match="Broken"):
        next(spoken)


def test_the_engine_gets_ready_while_the_first_take_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ready, told = threading.Event(), []

    class Ready(ToneEngine):
        def expect(self, utterances: Sequence[Utterance]) -> None:
            told.append([each.voice for each in utterances])
            ready.set()

    monkeypatch.setattr("narrator.live.load_engine", lambda name, tables: Ready())

    def takes() -> Iterator[Take]:
        assert ready.wait(20)
        yield take("first")
        yield take("second")

    spoken = read_ahead(takes, sample_rate_hz=22_050, likely=VOICES[1])
    assert [each.text for each, _ in spoken] == ["first", "second"]
    assert told == [[VOICES[1]]]


def test_an_engine_that_cannot_get_ready_is_told_of_when_it_is_its_turn() -> None:
    other = Voice(name="Nobody", engine="no such engine")
    spoken = read_ahead(lambda: [take("fine")], sample_rate_hz=22_050, likely=other)
    assert [each.text for each, _ in spoken] == ["fine"]


def test_what_goes_wrong_before_the_first_take_is_told() -> None:
    def takes() -> Iterator[Take]:
        raise EngineError("no story")
        yield

    spoken = read_ahead(takes, sample_rate_hz=22_050, likely=VOICES[0])
    with pytest.raises(EngineError, match="no story"):
        next(spoken)


def test_who_stops_waits_for_no_take_that_is_still_looked_for() -> None:
    go_on = threading.Event()

    def takes() -> Iterator[Take]:
        go_on.wait(20)
        yield take("late")

    spoken = read_ahead(takes, sample_rate_hz=22_050, likely=VOICES[0])
    threading.Timer(0.3, _thread.interrupt_main).start()
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            next(spoken)
        assert time.monotonic() - began < 3  # it was more than five
    finally:
        go_on.set()


def test_who_stops_waits_for_what_an_engine_is_at(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, closed, done = threading.Event(), threading.Event(), []

    class Slow(ToneEngine):
        def expect(self, utterances: Sequence[Utterance]) -> None:
            begun.set()
            time.sleep(1)
            done.append("expect")

        def close(self) -> None:
            super().close()
            closed.set()

    monkeypatch.setattr("narrator.live.load_engine", lambda name, tables: Slow())
    spoken = read_ahead(lambda: [take("one"), take("two")], sample_rate_hz=22_050, likely=VOICES[0])

    def interrupt() -> None:
        assert begun.wait(20)
        _thread.interrupt_main()

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        next(spoken)
    assert done[:1] == ["expect"]
    assert closed.wait(20)
