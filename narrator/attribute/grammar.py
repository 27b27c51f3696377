"""As much grammar as attribution needs: is this word a verb, and where does its clause end."""

from __future__ import annotations

from collections.abc import Sequence

from narrator.attribute.lexicon import words

__all__ = ["is_adverb", "is_verb", "skip_adverbs", "verb_follows"]

_NOT_PAST = frozenset(
    "hundred kindred need indeed bed red seed weed speed breed deed feed bleed reed "
    "creed greed shed sacred wicked naked hatred".split()
)
_ADVERBS_NOT_LY = frozenset(
    "then now at once again also too still only just even soon never always often "
    "last quite rather almost merely simply already here there instead first next out "
    "up back in down aloud over together much more most very so thus meanwhile perhaps".split()
)
_NOT_ADVERBS = frozenset(
    "family only reply lily lovely july folly ally belly holy jelly bully".split()
)


def is_verb(word: str) -> bool:
    """A past or present form that can follow its subject."""
    if word in words("verbs") or word in words("speech_strong"):
        return True
    return len(word) > 3 and word.endswith("ed") and word not in _NOT_PAST


def is_adverb(word: str) -> bool:
    """A word that may stand between a subject and its verb."""
    return word in _ADVERBS_NOT_LY or (word.endswith("ly") and word not in _NOT_ADVERBS)


def skip_adverbs(lower: Sequence[str], i: int, most: int = 4) -> int:
    """The first token from `i` on that is no adverb, at most `most` tokens later."""
    stop = min(len(lower), i + most)
    while i < stop and is_adverb(lower[i]):
        i += 1
    return i


def verb_follows(lower: Sequence[str], i: int) -> bool:
    """Whether the token at `i`, adverbs aside, is a verb: what stands before it is a subject."""
    i = skip_adverbs(lower, i, 2)
    return i < len(lower) and is_verb(lower[i])
