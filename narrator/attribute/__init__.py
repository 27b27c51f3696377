"""Segments to script: who is in the story, who says each line, how sure we are, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from narrator.attribute.attributor import attribute

__all__ = ["attribute"]


def __getattr__(name: str) -> Any:
    # A build whose script is remembered needs no more of this package than its word lists.
    if name != "attribute":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from narrator.attribute.attributor import attribute

    return attribute
