"""The attributors, by name: the one that ships, and those of other packages.

Another package adds one through the entry point group ``narrator.attributors``: the entry's name is
the attributor's, and its object is an `Attributor`. The user chooses it in their own config:
``attributor = "NAME"``.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

from narrator.config import nearest
from narrator.errors import ConfigError, NarratorError, StoryError
from narrator.model import NARRATOR, Book, Script, Segment
from narrator.plugins import load_plugin

__all__ = ["DEFAULT_ATTRIBUTOR", "GROUP", "Attributor", "attributor_key", "load_attributor"]

GROUP = "narrator.attributors"
"""The entry point group of attributors from other packages."""

DEFAULT_ATTRIBUTOR = "rules"


class Attributor(Protocol):
    """Decides who says each segment of a book."""

    def __call__(self, book: Book, segments: tuple[Segment, ...]) -> Script:
        """Make the script: one line per segment, in order, and the characters who speak.

        The same book and segments always give the same script. A speaker is the id of one of the
        script's characters, `NARRATOR`, or None where nobody can be told; `Line.confidence` is the
        probability of being right.
        """


def attributor_key(name: str) -> str:
    """What a remembered script depends on: the attributor, and the version of its package."""
    if name == DEFAULT_ATTRIBUTOR:
        return name
    distribution = _entry(name).dist
    return f"{name} {distribution.version if distribution else ''}"


def load_attributor(name: str) -> Attributor:
    """The attributor called `name`. What another package's one gives is checked.

    Raises
    ------
    ConfigError
        There is none of that name, or it cannot be loaded.
    """
    if name == DEFAULT_ATTRIBUTOR:
        from narrator.attribute.attributor import attribute

        return attribute
    entry = _entry(name)
    theirs: Attributor = load_plugin(entry, f"the attributor {name!r}", ConfigError)

    def checked(book: Book, segments: tuple[Segment, ...]) -> Script:
        try:
            script = theirs(book, segments)
        except NarratorError:
            raise
        except Exception as exc:
            fault = f"{type(exc).__name__}: {exc}"
            raise StoryError(f"the attributor {name!r} ({entry.value}) failed: {fault}") from exc
        if (wrong := _wrong_with(script, segments)) is not None:
            raise StoryError(f"the attributor {name!r} ({entry.value}) gave {wrong}")
        return script

    return checked


def _wrong_with(script: object, segments: tuple[Segment, ...]) -> str | None:
    """What keeps an attributor's answer from being a script of these segments."""
    if not isinstance(script, Script):
        return f"{type(script).__name__}, not a script"
    if tuple(line.segment for line in script.lines) != segments:
        return "lines that are not the segments of the book, each once and in order"
    known = {character.id for character in script.characters} | {NARRATOR, None}
    for line in script.lines:
        if line.speaker not in known:
            return f"a line to {line.speaker!r}, who is none of its characters"
        if not 0.0 <= line.confidence <= 1.0:
            return f"a confidence of {line.confidence}, not between 0 and 1"
    return None


def _entry(name: str) -> EntryPoint:
    entries = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in entries:
        known = sorted({DEFAULT_ATTRIBUTOR, *entries})
        raise ConfigError(
            f"no attributor is called {name!r}{nearest(name, known)} (there are: "
            f"{', '.join(known)}); your own config names it"
        )
    return entries[name]
