"""What other packages add through entry points."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

from narrator.errors import NarratorError


def load_plugin(entry: EntryPoint, noun: str, error: type[NarratorError]) -> Any:
    """Import what another package adds.

    Parameters
    ----------
    noun
        What to call it in a message: ``the engine 'flute'``.
    error
        What to raise.

    Raises
    ------
    NarratorError
        Of the type asked for: whatever the package does while it is imported, the user gets one
        line.
    """
    try:
        return entry.load()
    except Exception as exc:
        raise error(f"{noun} ({entry.value}) cannot be loaded: {exc}") from exc
