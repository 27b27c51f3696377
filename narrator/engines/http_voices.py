"""The lists of voices that speech servers give, and what the names in them say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from narrator.engines.kokoro_names import kokoro_traits
from narrator.model import Voice


def listed(answer: object) -> Iterator[tuple[str, str]]:
    """The server's names of voices, and those that people read.

    Servers differ: a list, or one under ``voices`` or ``data``, of names or of objects with an
    ``id``, a ``voice_id`` or a ``name``.
    """
    found: Any = answer
    if isinstance(found, dict):
        found = found.get("voices") or found.get("data")
    if isinstance(found, dict):  # by name
        found = list(found)
    seen: set[str] = set()
    labels: set[str] = set()
    for entry in found if isinstance(found, list) else ():
        own, label = entry, ""
        if isinstance(entry, dict):
            names = [entry.get(key) for key in ("id", "voice_id", "name")]
            own = next((name for name in names if isinstance(name, str)), "")
            label = entry["name"] if isinstance(entry.get("name"), str) else ""
        if isinstance(own, str) and own.strip() and own not in seen and own.isprintable():
            seen.add(own)
            told = label.isprintable() and label.casefold() not in labels
            labels.add(label.casefold())
            yield own, label if told else ""


def described(own: str, label: str, rank: int) -> Voice:
    """A voice as its server's name for it describes it.

    Kokoro's names do: ``bf_emma`` is British and a woman. Those of other models say nothing; a bank
    of voices can.
    """
    language, gender = kokoro_traits(own)
    return Voice(
        name=f"http {label or own}",
        engine="http",
        gender=gender,
        accent=language if "-" in language else "",
        language=language.partition("-")[0],
        rank=50 + min(rank, 900),
        controls=("rate",),
        settings=(("voice", own),),
    )
