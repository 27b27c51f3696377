"""English words that are written alike and said differently, where the words beside them tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.pronounce.entries import Saying
from narrator.pronounce.heteronym_rules import HETERONYMS

_COMPILED = tuple(
    (rule, re.compile(rf"(?<![\w'-]){pattern}(?![\w'-])", re.IGNORECASE))
    for rule in HETERONYMS
    for pattern in rule.patterns
)


def find_heteronyms(text: str) -> Iterator[tuple[int, int, Saying]]:
    """Start, end and saying of the words in `text` that are surely told.

    One whose stress alone is moved is respelt as it is, so that a voice which takes no phonemes
    gets the word itself.
    """
    lower = text.casefold()
    plain = text.replace("’", "'")
    told: set[tuple[int, int]] = set()
    for rule, pattern in _COMPILED:
        if rule.word in lower:
            for match in pattern.finditer(plain):
                start, end = match.span(1)
                if (start, end) in told:
                    continue
                told.add((start, end))
                respelling = rule.respelling or text[start:end]
                yield start, end, Saying(respelling=respelling, ipa=rule.ipa)
