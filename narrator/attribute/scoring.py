"""What speaks for and against each person as the speaker of a turn, in log-odds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from narrator.attribute.address import (
    called_gender,
    called_in,
    calls_kin,
    gives_own_name,
    heard_score,
    is_family,
    spoken_of_in,
    takers_of_part,
)
from narrator.attribute.chain import Link, likeliest
from narrator.attribute.cues import Strength
from narrator.attribute.links import gap_before, link_before
from narrator.attribute.manner import Manner
from narrator.attribute.mentions import RefKind
from narrator.attribute.nouns import NounSenses
from narrator.attribute.pointing import (
    FLOOR,
    cue_person,
    cue_score,
    score_mentioned,
    tells_no_name,
)
from narrator.attribute.presence import Presence
from narrator.attribute.reading import Reading
from narrator.attribute.turns import Turn
from narrator.model import Gender

__all__ = ["Knowledge", "Lattice", "build_lattice"]

_MOST_CANDIDATES = 8
_AFTER_WEIGHT = 0.6
_PRESENCE = 0.25
_PRESENCE_AFTER, _PRESENCE_AFTER_AT_START = 0.2, 0.4
_FOCUS = 0.1
_SPOKE, _SPOKE_FLOOR = -0.3, 0.3
"""By how much somebody speaks nearby, of which taking turns and being there tell enough."""
_START = 2
"""So many paragraphs of narration before a turn make it the first of a conversation."""
_NEWCOMER = 0.5
"""What follows makes nobody more present than this beyond what came before."""
_FOREMOST, _FOREMOST_OF_TOLD = 0.3, 0.1
"""By how often a person speaks in the whole book: within a conversation, without a cue and with
one."""
_TIMES_NAMED = 3
"""So many turns at most are counted for each that names its speaker or calls them."""
_GIVES_NAME = 5.0
_CALLED_SELF = -3.0
_SPEAKS_OF_SELF = -2.0
_CALLED_NEXT, _CALLED_NEXT_FAR = 2.0, 0.5
_CALLED_BACK = 0.5
_CALLED_SO = 0.5
"""For whoever a neighbouring *sir* or *madam* suits, and against whom it does not."""
_TAKES_PART, _TAKES_PART_OF_TOLD = 0.5, 1.0
"""For who surely talks in the scene; the latter where a cue says *he* or *the old man*."""
_FAMILY = 1.5
_LAST_SUBJECT = 0.3
"""For whom the narration right before a turn was last about."""
_NEXT_SUBJECT = -0.75
"""For whom the paragraph after a turn is about: who hears it is told of, not who said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """What the chain is solved over; all lists run parallel to the turns."""

    candidates: list[list[int]]
    scores: list[list[float]]
    links: list[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What an earlier pass over the book found out; empty before the first."""

    chances: Sequence[Mapping[int, float]] = ()
    """For each turn, probabilities by person."""
    senses: NounSenses = field(default_factory=dict)
    manner: Manner | None = None


def build_lattice(reading: Reading, presence: Presence, known: Knowledge) -> Lattice:
    """Candidates and scores for every turn."""
    scorer = _Scorer(reading, presence, known)
    turns = range(len(reading.turns))
    candidates = [_candidates(reading, presence, t, scorer.own_names[t]) for t in turns]
    return Lattice(
        candidates=candidates,
        scores=[scorer.scores(t, who) for t, who in zip(turns, candidates, strict=True)],
        links=[link_before(reading, t) for t in turns],
    )


class _Scorer:
    """The scores of a pass; what they look up is gathered once."""

    def __init__(self, reading: Reading, presence: Presence, known: Knowledge) -> None:
        self.reading, self.presence, self.known = reading, presence, known
        self.called = [called_in(reading, turn) for turn in reading.turns]
        self.own_names = [gives_own_name(reading, turn) for turn in reading.turns]
        self.called_so = [called_gender(turn) for turn in reading.turns]
        self.parts = takers_of_part(reading, self.called)
        self.gaps = [gap_before(reading, t) for t in range(len(reading.turns))]
        self.best = [likeliest(row) for row in known.chances]
        self.times = self._times()

    def _times(self) -> dict[int, int]:
        """How often each person seems to speak in the book, within bounds that the book sets: a
        name that no cue and nobody calls stands for no one who speaks."""
        named: Counter[int] = Counter()
        turns = self.reading.turns
        for turn, called in zip(turns, self.called, strict=True):
            if turn.is_labelled:
                continue
            named.update(called)
            for cue in turn.said[:1]:
                if cue.strength >= Strength.COLON and cue.ref.kind is not RefKind.NOUN:
                    named[cue_person(self.reading, turn, cue)] += 1
        times = Counter(
            person
            for person, turn in zip(self.best, turns, strict=False)  # `best` may be empty
            if not turn.is_labelled
        )
        return {p: min(n, _TIMES_NAMED * named[p] + 1) for p, n in times.items()}

    def scores(self, t: int, who: Sequence[int]) -> list[float]:
        """Of every candidate of turn `t`."""
        reading, turn = self.reading, self.reading.turns[t]
        spoken_of = spoken_of_in(reading, turn)
        part = self.parts[reading.scenes[turn.pieces[0]]]
        before = -1 if turn.said else _subject_above(reading, self.presence, turn)
        mentioned = score_mentioned(reading, self.presence, turn)
        after = _subject_after(reading, self.presence, turn)
        has_kin = calls_kin(reading, turn)
        is_told = tells_no_name(turn)
        found = []
        for person in who:
            score = self._of_cues(t, person) + self._of_presence(t, person)
            score += self._of_neighbours(t, person)
            score += mentioned.get(person, 0.0)
            if person in self.own_names[t]:
                score += _GIVES_NAME
            elif person in self.called[t]:
                score += _CALLED_SELF
            elif person in spoken_of:
                score += _SPEAKS_OF_SELF
            if person in part:
                score += _TAKES_PART_OF_TOLD if is_told else _TAKES_PART
            if self.known.manner is not None:
                score += self.known.manner.score(t, person)
            if person >= 0:
                score += _LAST_SUBJECT * (person == before) + _NEXT_SUBJECT * (person == after)
                if has_kin and is_family(reading, self.known.chances, t, person):
                    score += _FAMILY
            found.append(score)
        return found

    def _of_cues(self, t: int, person: int) -> float:
        chances = self.known.chances
        own = chances[t].get(person, 0.0) if chances else 0.0
        return cue_score(self.reading, self.presence, t, person, self.known.senses, own)

    def _of_presence(self, t: int, person: int) -> float:
        """Who is there, and who speaks much in this book."""
        presence, turn = self.presence, self.reading.turns[t]
        before, after = presence.before[t].get(person, 0.0), presence.after[t].get(person, 0.0)
        is_named, is_start = bool(turn.said) and not tells_no_name(turn), self.gaps[t] >= _START
        bounded = min(after, before + _NEWCOMER)
        score = _PRESENCE * log(FLOOR + before + _AFTER_WEIGHT * bounded)
        score += _FOCUS * log(FLOOR + presence.focus[t].get(person, 0.0))
        late = _PRESENCE_AFTER_AT_START if is_start and not is_named else _PRESENCE_AFTER
        score += late * log(FLOOR + after)
        if not is_named and (turn.said or not is_start):
            spoke = presence.spoke_before[t].get(person, 0.0)
            spoke += presence.spoke_after[t].get(person, 0.0)
            score += _SPOKE * log(_SPOKE_FLOOR + spoke)
        if self.best and (turn.said or not is_start):
            own = self.best[t] == person and not turn.is_labelled
            times = self.times.get(person, 0) - own
            score += (_FOREMOST_OF_TOLD if turn.said else _FOREMOST) * log(1 + times)
        return score

    def _of_neighbours(self, t: int, person: int) -> float:
        """Whom the turns beside this one call, and whom the one before was said to."""
        score = 0.0
        for u, gap, is_next in ((t - 1, self.gaps[t], True), (t + 1, self._gap(t + 1), False)):
            if gap > 2:
                continue
            if person in self.called[u]:
                score += _CALLED_BACK if not is_next else _CALLED_NEXT if not gap else (
                    _CALLED_NEXT_FAR
                )  # fmt: skip
            so = self.called_so[u]
            gender = self.reading.persons[person].gender if person >= 0 else Gender.UNKNOWN
            if Gender.UNKNOWN not in (so, gender):
                score += _CALLED_SO if gender is so else -_CALLED_SO
        if self.gaps[t] <= 1:
            score += heard_score(self.reading, self.reading.turns[t - 1], person)
        return score

    def _gap(self, t: int) -> int:
        return self.gaps[t] if t < len(self.gaps) else 99


def _subject_above(reading: Reading, presence: Presence, turn: Turn) -> int:
    """The last subject of a paragraph of narration right before a turn."""
    k = turn.pieces[0] - 1
    if k < 0 or reading.pieces[k].is_speech:
        return -1
    if reading.paragraphs[k] == reading.paragraphs[turn.pieces[0]]:
        return -1
    for ref in reversed(reading.refs[k]):
        person = presence.meant.get((k, ref.start), -1)
        if ref.is_subject and person >= 0:
            return person
    return -1


def _subject_after(reading: Reading, presence: Presence, turn: Turn) -> int:
    """The first subject of a paragraph of narration right after a turn."""
    last = turn.pieces[-1]
    k = last + 1
    if k >= len(reading.pieces) or reading.pieces[k].is_speech:
        return -1
    if (
        reading.paragraphs[k] == reading.paragraphs[last]
        or reading.scenes[k] != reading.scenes[last]
    ):
        return -1
    first = next((ref for ref in reading.refs[k] if ref.is_subject), None)
    return presence.meant.get((k, first.start), -1) if first else -1


def _candidates(
    reading: Reading, presence: Presence, t: int, own_names: Collection[int]
) -> list[int]:
    turn = reading.turns[t]
    named: list[int] = []
    for cue in turn.said:
        person = cue_person(reading, turn, cue)
        if person >= 0 and person not in named:
            named.append(person)
        main = reading.main_of.get(cue.ref.gender, -1)
        if cue.ref.kind is RefKind.PRONOUN and main >= 0 and main not in named:
            named.append(main)
    named += [person for person in sorted(own_names) if person not in named]
    before, after = presence.before[t], presence.after[t]
    mass = {
        p: before.get(p, 0.0) + _AFTER_WEIGHT * after.get(p, 0.0)
        for p in before.keys() | after.keys()
    }
    ranked = sorted(mass, key=lambda p: (-mass[p], p))
    found = [*named, *(p for p in ranked if p not in named)][: _MOST_CANDIDATES + len(named)]
    return found or ([reading.narrator] if reading.narrator >= 0 else [-1])
