"""Thoughts: italics, as plain text marks them, where a whole sentence stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from narrator.model import SegmentKind
from narrator.segment.pieces import Piece

_ITALICS = re.compile(
    r"(?<![\w*_])(?P<mark>_|\*)(?P<words>[^\W_](?:[^_*\n\r]|[\n\r](?![\n\r])){0,600}?|"
    r"[\"'“‘…¿¡][^_*]{1,600}?)(?P=mark)(?![\w*_])"
)
_THINKS = re.compile(
    r"[\s,.!?—–-]{0,3}(?:(?:I|he|she|they|[A-Z][\w’'-]*)\s+)?"
    r"(?:thought|think|thinks|wondered|wonders|mused|reflected|told (?:him|her|my)self)\b"
)
_THOUGHT_BEFORE = re.compile(
    r"\b(?:thought|think|thinks|wondered|wonders|mused|reflected|told (?:him|her|my)self)[:,]?\s*$"
)
_SENTENCE_BEFORE = re.compile(r"(?:^|[.!?…:][\"'”’)\]]*|—|--)\s*$")
_ENDS = (".", "!", "?", "…", "—", "--")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MIN_WORDS = 3
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|me|my|we|us|our|you|your)\b")
_CONTEXT = 60


def with_thoughts(text: str, start: int, end: int, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of the paragraph ``text[start:end]``, thoughts between them added."""
    found = list(pieces)
    for match in _ITALICS.finditer(text, start, end):
        is_free = all(match.end() <= p.start or match.start() >= p.end for p in pieces)
        if is_free and _is_thought(text, start, end, match):
            found.append(Piece(start=match.start(), end=match.end(), kind=SegmentKind.THOUGHT))
    return sorted(found, key=lambda piece: piece.start)


def _is_thought(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether italics hold what someone thinks, not a title, a foreign phrase or a stressed word.

    They do with a verb of thinking beside them, or as a whole sentence that speaks as one does to
    oneself. A paragraph in italics alone may be a letter, a song or a note: narration, unless it
    is short and speaks so.
    """
    words = match["words"].strip()
    before = text[max(start, match.start() - _CONTEXT) : match.start()]
    after = text[match.end() : min(end, match.end() + _CONTEXT)]
    count = sum(1 for _ in _WORD.finditer(words))
    if _THINKS.match(after) or _THOUGHT_BEFORE.search(before):
        return count >= _MIN_WORDS or words.endswith(("!", "?", ".", ","))
    if count < _MIN_WORDS or not words.endswith(_ENDS) or not words[0].isupper():
        return False
    if not _SENTENCE_BEFORE.search(before):
        return False
    return _FIRST_PERSON.search(words) is not None or words.endswith("?")
