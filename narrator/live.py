"""Takes -> sound while it is heard: spoken ahead of the listener, in the order of the book."""

from __future__ import annotations

import contextlib
import math
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

import numpy as np

from narrator.engines import EngineTables, load_engine
from narrator.engines.base import Block, Engine, Samples, Utterance, foretell, speak
from narrator.engines.resample import resample
from narrator.errors import NarratorError
from narrator.mix import MixConfig, calibrate, limit, trim
from narrator.model import Delivery, Take, Voice
from narrator.sounds import gain_of, samples_of

AHEAD = 24
"""Sentences that are spoken ahead: a minute or two, so that a slow one is not heard as a gap."""

_LEAST_S = 0.4
"""Loudness is measured in stretches of this length."""
_ENOUGH_S = 2.0
"""A take of this length tells how loud a voice is; until there is one, each tells for itself."""

_DONE = object()
_THREAD = "narrator-live"
_STEP_S = 0.1
_SOON_S = 0.5
"""Within which a thread ends that only waits for the listener."""
_PATIENCE_S = 3.0
"""So long, at the most, is an engine waited for when nobody listens any more."""


@dataclass(slots=True, kw_only=True)
class Reader:
    """Speaks takes at the loudness of a book. It belongs to one thread, as its engines do."""

    tables: EngineTables = ()
    mix: MixConfig = field(default_factory=MixConfig)
    _engines: dict[str, Engine] = field(default_factory=dict)
    _gains_db: dict[tuple[Voice, Delivery], float] = field(default_factory=dict)

    def read(self, take: Take, sample_rate_hz: int) -> Block:
        """A take and the pause after it.

        Raises
        ------
        EngineError
            Its engine is missing, or failed.
        """
        if take.sound is not None:
            samples = trim(samples_of(take.sound))
            gain_db = gain_of(samples, self.mix) + take.sound.gain_db
        else:
            samples = trim(self._speak(take))
            gain_db = self._gain_db(samples, take) + take.delivery.gain_db
        sound = samples.pcm.astype(np.float32) / np.float32(32767)
        sound = resample(sound, samples.sample_rate_hz, sample_rate_hz)
        if len(sound):
            sound = sound * np.float32(10 ** (gain_db / 20))
            limit(sound, self.mix.ceiling_dbfs, sample_rate_hz)
        pause = np.zeros(sample_rate_hz * take.pause_ms // 1000, np.float32)
        pcm = np.concatenate((sound, pause)).astype(np.float32)
        return Block(sample_rate_hz=sample_rate_hz, pcm=pcm)

    def prepare(self, voice: Voice) -> None:
        """Have the engine of a voice ready, as far as it can be without a word to speak."""
        # What is wrong with it is told when it has to speak; it may not have to.
        with contextlib.suppress(NarratorError):
            foretell(self._engine(voice.engine), [Utterance(text="", voice=voice)])

    def _engine(self, name: str) -> Engine:
        if name not in self._engines:
            self._engines[name] = load_engine(name, self.tables)
        return self._engines[name]

    def _speak(self, take: Take) -> Samples:
        engine = self._engine(take.voice.engine)
        manner = replace(take.delivery, gain_db=0.0)
        return speak(engine, take.text, take.voice, manner, phonemes=take.phonemes)

    def close(self) -> None:
        """Close the engines."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()

    def _gain_db(self, samples: Samples, take: Take) -> float:
        # A build measures half a minute of each voice first, for which nobody wants to wait here.
        key = (take.voice, take.delivery)
        if key in self._gains_db:
            return self._gains_db[key]
        seconds = len(samples.pcm) / samples.sample_rate_hz
        gain_db = calibrate(samples, self.mix) if seconds >= _LEAST_S else 0.0
        gain_db = gain_db if math.isfinite(gain_db) else 0.0
        if seconds >= _ENOUGH_S:
            self._gains_db[key] = gain_db
        return gain_db


def read_ahead(
    takes: Callable[[], Iterable[Take]],
    *,
    sample_rate_hz: int,
    tables: EngineTables = (),
    ahead: int = AHEAD,
    likely: Voice | None = None,
) -> Iterator[tuple[Take, Block]]:
    """Speak takes in a thread of their own, each given as soon as it is there.

    Parameters
    ----------
    takes
        Called and gone through in other threads, though never in two at once, so that what comes
        later in a book can be made ready meanwhile.
    likely
        The voice that the first take probably has: its engine gets ready while that take is made.
    ahead
        How many may wait for the listener.

    Raises
    ------
    NarratorError
        Whatever went wrong, when it is that take's turn.
    """
    reading = _Ahead(
        reader=Reader(tables=tables), sample_rate_hz=sample_rate_hz, waiting=queue.Queue(ahead)
    )
    thread = threading.Thread(target=reading.work, args=(takes, likely), name=_THREAD, daemon=True)
    try:
        thread.start()  # here, because Ctrl-C may come while it starts
        while (item := reading.take()) is not _DONE:
            if isinstance(item, BaseException):
                raise item
            assert isinstance(item, tuple)
            yield item
    finally:
        reading.stop()
        if thread.is_alive():
            thread.join(timeout=_SOON_S)


@dataclass(slots=True, kw_only=True)
class _Ahead:
    """A reader in a thread of its own, and what it has read that nobody has heard yet."""

    reader: Reader
    sample_rate_hz: int
    waiting: queue.Queue[object]
    stopped: threading.Event = field(default_factory=threading.Event)
    at_work: threading.Lock = field(default_factory=threading.Lock)
    """Held while an engine does something."""

    def work(self, takes: Callable[[], Iterable[Take]], likely: Voice | None) -> None:
        """All that the thread does."""
        try:
            for take in _begun(takes, partial(self._prepare, likely) if likely else None):
                with self.at_work:
                    if self.stopped.is_set():
                        return
                    block = self.reader.read(take, self.sample_rate_hz)
                if not self._put((take, block)):
                    return
            self._put(_DONE)
        except BaseException as exc:  # it is the listener's thread that can tell of it
            self._put(exc)
        finally:
            with self.at_work:
                self.reader.close()

    def take(self) -> object:
        """What comes next, as soon as it is there."""
        while True:
            with contextlib.suppress(queue.Empty):
                # in steps, so that Ctrl-C gets through everywhere
                return self.waiting.get(timeout=_STEP_S)

    def stop(self) -> None:
        """Let no engine do anything more.

        What one does now is waited for: the program must not end in the midst of an engine's own
        code. Whoever looks for speakers is left to it, which can take seconds and harms nothing.
        """
        self.stopped.set()
        if self.at_work.acquire(timeout=_PATIENCE_S):
            self.at_work.release()

    def _prepare(self, voice: Voice) -> None:
        with self.at_work:
            if not self.stopped.is_set():
                self.reader.prepare(voice)

    def _put(self, item: object) -> bool:
        """Hand something over; False where nobody wants it any more."""
        while not self.stopped.is_set():
            with contextlib.suppress(queue.Full):
                self.waiting.put(item, timeout=_STEP_S)
                return True
        return False


def _begun(
    takes: Callable[[], Iterable[Take]], meanwhile: Callable[[], None] | None
) -> Iterator[Take]:
    """The takes, the first of which is made in another thread while this one does something."""
    found: list[Take] = []
    faults: list[BaseException] = []
    rest: list[Iterator[Take]] = []

    def begin() -> None:
        try:
            rest.append(iter(takes()))
            found.extend(islice(rest[0], 1))
        except BaseException as exc:  # raised where it is waited for
            faults.append(exc)

    if meanwhile is None:
        begin()
    else:
        beginner = threading.Thread(target=begin, name=_THREAD, daemon=True)
        beginner.start()
        meanwhile()
        beginner.join()
    if faults:
        raise faults[0]
    yield from found
    yield from rest[0]
