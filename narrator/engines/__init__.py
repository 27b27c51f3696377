"""The speech engines, by name. Nothing here imports one before it is asked for.

Another package adds an engine through the entry point group ``narrator.engines``: the entry's name
is the engine's, and its object is called with the options of the table ``[engines.NAME]`` in the
user's own config, as keyword arguments, and gives an `Engine <narrator.engines.base.Engine>`. The
names of the engines that ship cannot be taken over.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from narrator.config import nearest
from narrator.errors import EngineError, NarratorError
from narrator.plugins import load_plugin

if TYPE_CHECKING:
    from narrator.engines.base import Engine
    from narrator.model import Voice

GROUP = "narrator.engines"
"""The entry point group of engines from other packages."""

DEFAULT_ENGINE = "pyttsx3"

Option = str | int | float | bool
Options = tuple[tuple[str, Option], ...]
"""What the user wants of one engine: keys and values, sorted by key."""
EngineTables = tuple[tuple[str, Options], ...]
"""The options of each engine that has some, by its name."""

_BUILT_IN = {
    "command": "narrator.engines.command:CommandEngine",
    "http": "narrator.engines.http:load",
    "kokoro": "narrator.engines.kokoro_engine:load",
    "piper": "narrator.engines.piper_engine:load",
    "pyttsx3": "narrator.engines.pyttsx3_engine:load",
    "tone": "narrator.engines.tone:ToneEngine",
}


def engine_names() -> tuple[str, ...]:
    """Every engine that can be asked for, in alphabetical order; importing one may still fail."""
    return tuple(sorted({*_BUILT_IN, *_entries()}))


def load_engine(
    name: str, tables: EngineTables = (), *, threads: int = 0, memory_mb: int = 0
) -> Engine:
    """Start the engine called `name`, with the options that `tables` has for it.

    Parameters
    ----------
    threads
        How many threads it may use, where it has such an option and the user has not set it; 0
        leaves it to the engine.
    memory_mb
        Megabytes that it may take for its models, likewise.

    Raises
    ------
    EngineError
        There is none of that name, what it needs is missing, or it has no such option.
    """
    loader = _loader(name)
    options = dict(dict(tables).get(name, ()))
    _refuse_unknown(options, loader, name)
    for key, share in (("threads", threads), ("memory_mb", memory_mb)):
        if share and key in inspect.signature(loader).parameters:
            options.setdefault(key, share)
    try:
        return loader(**options)
    except NarratorError:
        raise
    except ImportError as exc:
        raise EngineError(f"the engine {name!r} cannot be loaded: {exc}") from exc
    except Exception as exc:
        # Whatever another package does while it starts, the user gets one line.
        fault = f"{type(exc).__name__}: {exc}"
        raise EngineError(f"the engine {name!r} cannot be started: {fault}") from exc


def available_voices(
    name: str, tables: EngineTables = (), own: Iterable[Voice] = ()
) -> tuple[Voice, ...]:
    """The voices of the engine called `name` that can be used on this machine, best first.

    Parameters
    ----------
    own
        Voices of the user's own banks, of any engine: they are added to those that the engine
        names itself, and stand in for those of the same name.

    Raises
    ------
    EngineError
        There is no such engine, what it needs is missing, or it has no voice.
    """
    ours = {voice.name.casefold(): voice for voice in own if voice.engine == name}
    try:
        engine = load_engine(name, tables)
        try:
            theirs = engine.voices()
        finally:
            engine.close()
    except EngineError:
        # A server that is asleep does not keep a book from being cast for it.
        if not ours or name not in engine_names():
            raise
        theirs = ()
    voices = {voice.name.casefold(): voice for voice in theirs} | ours
    if not voices:
        raise EngineError(f"the engine {name!r} has no voice on this machine")
    return tuple(sorted(voices.values(), key=lambda voice: (voice.rank, voice.name)))


def find_voices(
    names: Iterable[str], tables: EngineTables = (), own: Iterable[Voice] = ()
) -> dict[str, Voice]:
    """Voices of whatever engine, by their names; what is not found is left out.

    Parameters
    ----------
    names
        Names of voices, or ``engine:name``. Where engines share a name, the first in alphabetical
        order has it.
    """
    wanted = dict.fromkeys(names)
    known: dict[str, dict[str, Voice]] = {}
    found: dict[str, Voice] = {}
    ours = tuple(own)
    for name in wanted:
        prefix, _, rest = name.partition(":")
        engines = (prefix,) if rest and prefix in engine_names() else engine_names()
        for engine in engines:
            if engine not in known:
                known[engine] = _voices_or_none(engine, tables, ours)
            short = (rest if len(engines) == 1 else name).strip().casefold()
            if short in known[engine]:
                found[name] = known[engine][short]
                break
        else:
            if len(engines) == 1 and (voice := _unlisted(prefix, rest.strip(), tables)):
                found[name] = voice
    return found


def _voices_or_none(engine: str, tables: EngineTables, own: tuple[Voice, ...]) -> dict[str, Voice]:
    try:
        return {voice.name.casefold(): voice for voice in available_voices(engine, tables, own)}
    except NarratorError:
        return {}  # an engine that cannot start has no voice to offer


def _unlisted(engine: str, name: str, tables: EngineTables) -> Voice | None:
    """A voice that its engine does not list, but can take by its name."""
    from narrator.engines.base import Naming

    loaded = load_engine(engine, tables)
    try:
        if not isinstance(loaded, Naming) or not name:
            return None
        return replace(loaded.voice_named(name), name=f"{engine}:{name}")
    finally:
        loaded.close()


def _refuse_unknown(options: dict[str, Option], loader: Callable[..., Engine], name: str) -> None:
    parameters = inspect.signature(loader).parameters
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()):
        return  # it checks them itself
    for key in options:
        if key not in parameters:
            hint = nearest(key, parameters)
            raise EngineError(f"[engines.{name}]: the engine {name!r} has no option {key!r}{hint}")


def _loader(name: str) -> Callable[..., Engine]:
    if name in _BUILT_IN:
        module, _, attribute = _BUILT_IN[name].partition(":")
        loader: Callable[..., Engine] = getattr(import_module(module), attribute)
        return loader
    entries = _entries()
    if name not in entries:
        known = engine_names()
        raise EngineError(
            f"no engine is called {name!r}{nearest(name, known)} (there are: {', '.join(known)})"
        )
    loaded: Callable[..., Engine] = load_plugin(entries[name], f"the engine {name!r}", EngineError)
    return loaded


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP) if entry.name not in _BUILT_IN}
