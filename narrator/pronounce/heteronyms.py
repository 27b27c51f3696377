"""English words that are written alike and said differently, where the words beside them tell."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from narrator.pronounce.entries import Saying
from narrator.pronounce.heteronym_rules import HETERONYMS, Heteronym

_WORD = re.compile(r"[a-z]+")
_WORDS = frozenset(rule.word for rule in HETERONYMS)


def find_heteronyms(text: str) -> Iterator[tuple[int, int, Saying]]:
    """Start, end and saying of the words in `text` that are surely told.

    One whose stress alone is moved is respelt as it is, so that a voice which takes no phonemes
    gets the word itself.
    """
    if not (here := _WORDS.intersection(_WORD.findall(text.casefold()))):
        return
    plain = text.replace("’", "'")
    told: set[tuple[int, int]] = set()
    for rule, pattern in _compiled(here):
        for match in pattern.finditer(plain):
            start, end = match.span(1)
            if (start, end) in told:
                continue
            told.add((start, end))
            respelling = rule.respelling or text[start:end]
            yield start, end, Saying(respelling=respelling, ipa=rule.ipa)


@functools.cache
def _compiled(words: frozenset[str]) -> tuple[tuple[Heteronym, re.Pattern[str]], ...]:
    """The patterns of some words. Few are in a story, and compiling all takes as long as starting
    Python."""
    return tuple(
        (rule, _compile(pattern))
        for rule in HETERONYMS
        if rule.word in words
        for pattern in rule.patterns
    )


@functools.cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'-]){pattern}(?![\w'-])", re.IGNORECASE)
