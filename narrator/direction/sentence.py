"""How one sentence of a line is spoken, by the mark that ends it and by its capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from narrator.direction.table import DeliveryTable
from narrator.model import SegmentKind

_CLOSERS = "\"'”’»›)]}」』_*"
_CAPITALS = re.compile(r"[^\W\d_]{2,}")
_LEAST_LETTERS = 6


def sentence_ways(
    source: str, kind: SegmentKind, cue: Sequence[str], table: DeliveryTable
) -> Iterator[str]:
    """Names of ways, for a sentence of somebody's speech or thought; none for narration.

    Parameters
    ----------
    source
        The sentence as written, with its marks.
    cue
        The ways that its cue told of.
    """
    if kind not in (SegmentKind.DIALOGUE, SegmentKind.THOUGHT):
        return
    text = source.rstrip().rstrip(_CLOSERS).rstrip()
    lowered = table.is_lowered(cue)
    if text.endswith(("!", "！")) or "!" in text[-3:]:
        if not lowered:
            yield "shout" if _is_in_capitals(text) and "scream" not in cue else "exclamation"
    elif text.endswith(("?", "？")):
        yield "question"
    elif text.endswith(("…", "...", ". . .")):
        yield "trailing-off"
    elif text.endswith(("—", "–", "--", "-")):
        yield "interruption"


def _is_in_capitals(text: str) -> bool:
    words = _CAPITALS.findall(text)
    return len(words) > 1 and sum(map(len, words)) >= _LEAST_LETTERS and text.upper() == text
