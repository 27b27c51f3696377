"""How each person speaks: their words, and what they call the others.

A second pass knows most speakers already. Words that one person uses more than the others then
speak for that person where nothing else does, if only a little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log

from narrator.attribute.reading import Reading

__all__ = ["Manner", "learn_manner"]

_SURE = 0.7
_LEAST_TURNS = 4
_LEAST_COUNT = 3
_TRUST = 3000.0
"""Words of the whole book's dialogue that each person's own count is mixed with."""
_WEIGHT = 0.5
_MOST = 1.5


class Manner:
    """Word counts of the persons of a book, with each turn able to leave itself out."""

    def __init__(self, reading: Reading, chances: Sequence[Mapping[int, float]]) -> None:
        self.words = [_words_of(reading, t) for t in range(len(reading.turns))]
        self.all: dict[str, int] = {}
        for turn in self.words:
            for word in turn:
                self.all[word] = self.all.get(word, 0) + 1
        self.total = max(1, sum(self.all.values()))
        self.said: dict[int, dict[str, int]] = {}
        self.size: dict[int, int] = {}
        self.turns: dict[int, int] = {}
        self.speaker: list[int] = []
        for t, row in enumerate(chances):
            person = max(row, key=lambda p: (row[p], -p))
            if row[person] < _SURE or person < 0:
                self.speaker.append(-1)
                continue
            self.speaker.append(person)
            self.turns[person] = self.turns.get(person, 0) + 1
            counts = self.said.setdefault(person, {})
            for word in self.words[t]:
                counts[word] = counts.get(word, 0) + 1
            self.size[person] = self.size.get(person, 0) + len(self.words[t])

    def score(self, t: int, person: int) -> float:
        """Log-odds for `person` as the speaker of turn `t` by its words, held within bounds."""
        if self.turns.get(person, 0) < _LEAST_TURNS:
            return 0.0
        counts, size = self.said[person], self.size[person]
        is_own = self.speaker[t] == person
        if is_own:
            size -= len(self.words[t])
        found = 0.0
        own_words = Counter(self.words[t]) if is_own else Counter[str]()
        for word in self.words[t]:
            everywhere = self.all[word]
            if everywhere < _LEAST_COUNT:
                continue
            share = everywhere / self.total
            own = counts.get(word, 0) - own_words[word]
            found += log((own + _TRUST * share) / ((size + _TRUST) * share))
        return max(-_MOST, min(_MOST, _WEIGHT * found))


def _words_of(reading: Reading, t: int) -> list[str]:
    return [
        word
        for k in reading.turns[t].pieces
        for word in reading.pieces[k].lower
        if word[0].isalpha()
    ]


def learn_manner(reading: Reading, chances: Sequence[Mapping[int, float]]) -> Manner | None:
    """Learn from a pass's probabilities; None before the first."""
    return Manner(reading, chances) if chances else None
