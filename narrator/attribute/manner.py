"""How each person speaks: their words, how they put them together, how long they go on.

A second pass knows most speakers already. What one person does more than the others then speaks for
that person where nothing else does, if only a little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from narrator.attribute.chain import likeliest
from narrator.attribute.reading import Reading

__all__ = ["Manner", "Wording"]

_SURE = 0.7
_LEAST_TURNS = 4
_LEAST_COUNT = 3
_TRUST = 3000.0
"""Words of the whole book's dialogue that each person's own count is mixed with."""
_WORDS, _MOST_OF_WORDS = 0.25, 0.75
_TURNS_OF_PHRASE, _MOST_OF_PHRASE = 0.15, 0.45
_LENGTH = 0.5
_LENGTH_TRUST = 10
"""Turns of the whole book that each person's own mean length is mixed with."""
_QUOTES = frozenset("\"“”'’‘")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tokens:
    """One kind of token, whoever says it."""

    turns: list[tuple[tuple[str, int], ...]]
    """The tokens of each turn that the book has often enough, and how often."""
    totals: list[int]
    """The sum of those counts."""
    sizes: list[int]
    """The tokens of each turn, all of them."""
    shares: dict[str, float]
    """Of all tokens, by those of `turns`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Habit:
    """Counts of one kind of token, by person, with each turn able to leave itself out."""

    tokens: _Tokens
    weight: float
    most: float
    said: dict[int, Counter[str]]
    size: dict[int, int]
    leanings: dict[int, dict[str, float]]
    """For each person and token, the logarithm of how much more they say it than others."""

    def score(self, t: int, person: int, *, is_own: bool) -> float:
        """Log-odds for `person` as the speaker of turn `t`, held within bounds."""
        here, size = self.tokens.turns[t], self.size[person]
        if is_own:
            size -= self.tokens.sizes[t]
            leaning = self._leaning_without(t, person)
        else:
            leaning = self.leanings[person]
        # Of log((own / share + trust) / (size + trust)) for each token, what all have in common.
        found = log(_TRUST / (size + _TRUST)) * self.tokens.totals[t]
        for token, times in here:
            if token in leaning:
                found += times * leaning[token]
        return max(-self.most, min(self.most, self.weight * found))

    def _leaning_without(self, t: int, person: int) -> dict[str, float]:
        """A person's leaning to the tokens of turn `t`, had they not said it."""
        counts = self.said[person]
        return {
            token: log(1.0 + (counts[token] - times) / (self.tokens.shares[token] * _TRUST))
            for token, times in self.tokens.turns[t]
        }


def _counted(tokens: Sequence[list[str]]) -> _Tokens:
    everywhere = Counter(token for turn in tokens for token in turn)
    total = max(1, everywhere.total())
    shares = {token: n / total for token, n in everywhere.items() if n >= _LEAST_COUNT}
    turns: list[tuple[tuple[str, int], ...]] = []
    # Equal pairs are one object: a long book has hundreds of thousands, and few different ones.
    pairs: dict[tuple[str, int], tuple[str, int]] = {}
    for turn in tokens:
        counted = Counter(token for token in turn if token in shares)
        turns.append(tuple([pairs.setdefault(pair, pair) for pair in counted.items()]))
    return _Tokens(
        turns=turns,
        totals=[sum(times for _, times in turn) for turn in turns],
        sizes=[len(turn) for turn in tokens],
        shares=shares,
    )


def _learn_habit(tokens: _Tokens, speakers: Sequence[int], weight: float, most: float) -> _Habit:
    said: dict[int, Counter[str]] = {}
    size: dict[int, int] = {}
    for turn, length, person in zip(tokens.turns, tokens.sizes, speakers, strict=True):
        counts = said.setdefault(person, Counter())
        for token, times in turn:
            counts[token] += times
        size[person] = size.get(person, 0) + length
    leanings = {
        person: {
            token: log(1.0 + n / (tokens.shares[token] * _TRUST)) for token, n in counts.items()
        }
        for person, counts in said.items()
    }
    return _Habit(tokens=tokens, weight=weight, most=most, said=said, size=size, leanings=leanings)


class Wording:
    """What is said in a book, whoever says it: every pass learns from the same."""

    def __init__(self, reading: Reading) -> None:
        words = [list(_words_of(reading, t)) for t in range(len(reading.turns))]
        known: dict[str, str] = {}
        phrases = [
            [known.setdefault(phrase, phrase) for phrase in _phrases_of(reading, t)]
            for t in range(len(reading.turns))
        ]
        self.words, self.phrases = _counted(words), _counted(phrases)
        self.lengths = [log(1 + len(turn)) for turn in words]
        self.mean = sum(self.lengths) / max(1, len(self.lengths))


class Manner:
    """How the persons of a book speak, by a pass's probabilities."""

    def __init__(self, wording: Wording, chances: Sequence[Mapping[int, float]]) -> None:
        self.speakers = [_sure_speaker(row) for row in chances]
        self.turns = Counter(self.speakers)
        self.habits = (
            _learn_habit(wording.words, self.speakers, _WORDS, _MOST_OF_WORDS),
            _learn_habit(wording.phrases, self.speakers, _TURNS_OF_PHRASE, _MOST_OF_PHRASE),
        )
        self.lengths, self.mean = wording.lengths, wording.mean
        self.sums: dict[int, float] = {}
        for person, length in zip(self.speakers, self.lengths, strict=True):
            self.sums[person] = self.sums.get(person, 0.0) + length

    def score(self, t: int, person: int) -> float:
        """Log-odds for `person` as the speaker of turn `t` by the way it is said."""
        is_own = self.speakers[t] == person
        if person < 0 or self.turns[person] - is_own < _LEAST_TURNS:
            return 0.0
        found = sum(habit.score(t, person, is_own=is_own) for habit in self.habits)
        return found + self._length_score(t, person, is_own=is_own)

    def _length_score(self, t: int, person: int, *, is_own: bool) -> float:
        length = self.lengths[t]
        known = self.sums[person] - (length if is_own else 0.0) + _LENGTH_TRUST * self.mean
        mean = known / (self.turns[person] - is_own + _LENGTH_TRUST)
        return _LENGTH * ((length - self.mean) ** 2 - (length - mean) ** 2)


def _sure_speaker(row: Mapping[int, float]) -> int:
    person = likeliest(row)
    return person if row[person] >= _SURE else -1


def _words_of(reading: Reading, t: int) -> Iterator[str]:
    for k in reading.turns[t].pieces:
        for word in reading.pieces[k].lower:
            if word[0].isalpha():
                yield word


def _phrases_of(reading: Reading, t: int) -> Iterator[str]:
    """Marks, and pairs of words or marks: who cries *!*, and who says *you know*."""
    for k in reading.turns[t].pieces:
        lower = [word for word in reading.pieces[k].lower if word not in _QUOTES]
        yield from (word for word in lower if not word[0].isalpha())
        yield from (f"{a} {b}" for a, b in pairwise(lower))
