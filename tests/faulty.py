"""An engine that misbehaves when it is told to, also in other processes, and keeps a log."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import narrator.engines
from narrator.engines.base import Engine, Samples, Utterance, whole
from narrator.errors import EngineError
from narrator.model import Voice
from narrator.workshop import close_studio

R = TypeVar("R")

_REAL = dict(narrator.engines._BUILT_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mischief:
    """What goes wrong, and when."""

    folder: Path
    """Holds the log, and a mark for each time that it went wrong."""
    fault: str = ""
    words: str = "breaks"
    """A part of the texts with which it goes wrong."""
    times: int = 1_000_000
    """How often it goes wrong, over all processes."""
    engine: str = "tone"
    voice: str = ""
    """The name of the only voice with which it goes wrong; empty for all."""

    def install(self) -> None:
        """Replace the engine in this process."""
        global _mischief
        _mischief = self
        narrator.engines._BUILT_IN[self.engine] = f"{__name__}:_load"

    def spoken(self) -> list[str]:
        """The texts that were spoken, in all processes."""
        return [text for _, text in self.spoken_by()]

    def spoken_by(self) -> list[tuple[str, str]]:
        """The name of the voice and the text, for each that was spoken, in all processes."""
        log = self.folder / "spoken"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [(voice, text) for voice, _, text in (line.partition("\t") for line in lines)]

    def forget(self) -> None:
        """Empty the log."""
        (self.folder / "spoken").unlink(missing_ok=True)


_mischief: Mischief | None = None


def _load() -> Engine:
    assert _mischief is not None
    module, _, attribute = _REAL[_mischief.engine].partition(":")
    return FaultyEngine(getattr(import_module(module), attribute)(), _mischief)


def uninstall() -> None:
    """Put the engines back."""
    narrator.engines._BUILT_IN.update(_REAL)


class FaultyEngine:
    """Another engine, and what goes wrong with it."""

    def __init__(self, inner: Engine, mischief: Mischief) -> None:
        self.name, self.version = inner.name, inner.version
        self.generative = inner.generative
        self._inner = inner
        self._mischief = mischief

    def voices(self) -> tuple[Voice, ...]:
        return self._inner.voices()

    def synthesize(self, utterance: Utterance) -> tuple[Samples]:
        text = utterance.text
        samples = whole(self._inner.synthesize(utterance), self.name)
        with (self._mischief.folder / "spoken").open("a", encoding="utf-8") as log:
            log.write(f"{utterance.voice.name}\t{text}\n")
        return (self._spoil(samples) if self._goes_wrong(text, utterance.voice) else samples,)

    def close(self) -> None:
        self._inner.close()

    def _goes_wrong(self, text: str, voice: Voice) -> bool:
        mischief = self._mischief
        if not mischief.fault or mischief.words not in text:
            return False
        if mischief.voice not in ("", voice.name):
            return False
        for number in range(mischief.times):
            try:
                (mischief.folder / f"wrong-{number}").touch(exist_ok=False)
            except FileExistsError:
                continue
            return True
        return False

    def _spoil(self, samples: Samples) -> Samples:
        pcm = samples.pcm
        wrong: dict[str, Callable[[], object]] = {
            "silence": lambda: replace(samples, pcm=np.zeros_like(pcm)),
            "nothing": lambda: replace(samples, pcm=pcm[:0]),
            "nan": lambda: replace(samples, pcm=np.full(len(pcm), np.nan, dtype=np.float32)),
            "wide": lambda: replace(samples, pcm=pcm.astype(np.int32)),
            "stereo": lambda: replace(samples, pcm=np.stack((pcm, pcm))),
            "rate": lambda: replace(samples, sample_rate_hz=0),
            "none": lambda: None,
            "raise": lambda: 1 / 0,
            "refuse": _refuse,
            "exit": lambda: os._exit(3),
            "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
            "hang": lambda: time.sleep(1000),
            "leave": _leave,
        }
        spoilt: Any = wrong[self._mischief.fault]()
        return spoilt  # type: ignore[no-any-return]


def _refuse() -> None:
    raise EngineError("no, thank you")


def _leave() -> None:
    raise SystemExit(0)


def with_mischief(mischief: Mischief, fn: Callable[..., R], *args: object) -> R:
    """Call `fn` in a process in which the engine is replaced."""
    if mischief != _mischief:
        close_studio()
        mischief.install()
    return fn(*args)


class Around(Executor):
    """Sends the faulty engine along with every task."""

    def __init__(self, inner: Executor, mischief: Mischief) -> None:
        self._inner = inner
        self._mischief = mischief

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._inner.submit(with_mischief, self._mischief, fn, *args, **kwargs)


class Here(Executor):
    """Calls everything at once, in the thread that asks."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as exc:
            future.set_exception(exc)
        return future
