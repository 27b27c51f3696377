"""Pieces of a paragraph that are not plain narration."""

from __future__ import annotations

from dataclasses import dataclass

from narrator.model import SegmentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Dialogue or thought within one paragraph, its marks included."""

    start: int
    end: int
    kind: SegmentKind
    continued: bool = False
