"""The speech engines, by name. Nothing here imports one before it is asked for.

Another package adds an engine through the entry point group ``narrator.engines``: the entry's name
is the engine's, and its object is called without arguments and gives an
`Engine <narrator.engines.base.Engine>`. The names of the engines that ship cannot be taken over.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from narrator.config import nearest
from narrator.errors import EngineError

if TYPE_CHECKING:
    from narrator.engines.base import Engine
    from narrator.model import Voice

GROUP = "narrator.engines"
"""The entry point group of engines from other packages."""

DEFAULT_ENGINE = "pyttsx3"

_BUILT_IN = {
    "command": "narrator.engines.command:CommandEngine",
    "http": "narrator.engines.http:HttpEngine",
    "pyttsx3": "narrator.engines.pyttsx3_engine:load",
    "tone": "narrator.engines.tone:ToneEngine",
}


def engine_names() -> tuple[str, ...]:
    """Every engine that can be asked for, in alphabetical order; importing one may still fail."""
    return tuple(sorted({*_BUILT_IN, *_entries()}))


def load_engine(name: str) -> Engine:
    """Start the engine called `name`.

    Raises
    ------
    EngineError
        There is none of that name, or what it needs is missing.
    """
    loader = _loader(name)
    try:
        return loader()
    except ImportError as exc:
        raise EngineError(f"the engine {name!r} cannot be loaded: {exc}") from exc


def available_voices(name: str) -> tuple[Voice, ...]:
    """The voices of the engine called `name` that can be used on this machine, best first.

    Raises
    ------
    EngineError
        There is no such engine, what it needs is missing, or it has no voice.
    """
    engine = load_engine(name)
    try:
        voices = engine.voices()
    finally:
        engine.close()
    if not voices:
        raise EngineError(f"the engine {name!r} has no voice on this machine")
    return tuple(sorted(voices, key=lambda voice: (voice.rank, voice.name)))


def _loader(name: str) -> Callable[[], Engine]:
    if name in _BUILT_IN:
        module, _, attribute = _BUILT_IN[name].partition(":")
        loader: Callable[[], Engine] = getattr(import_module(module), attribute)
        return loader
    entries = _entries()
    if name not in entries:
        known = engine_names()
        raise EngineError(
            f"no engine is called {name!r}{nearest(name, known)} (there are: {', '.join(known)})"
        )
    try:
        loaded: Callable[[], Engine] = entries[name].load()
    except Exception as exc:
        # Whatever another package does while it is imported, the user gets one line.
        raise EngineError(
            f"the engine {name!r} ({entries[name].value}) cannot be loaded: {exc}"
        ) from exc
    return loaded


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP) if entry.name not in _BUILT_IN}
