"""What speaks for and against each person as the speaker of a turn, in log-odds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from narrator.attribute.chain import Link
from narrator.attribute.cues import Cue, Strength
from narrator.attribute.lexicon import KINSHIP
from narrator.attribute.manner import Manner
from narrator.attribute.mentions import Ref, RefKind
from narrator.attribute.nouns import NounSenses, noun_score, owner_of
from narrator.attribute.presence import Presence
from narrator.attribute.reading import Reading, role_key
from narrator.attribute.turns import Turn
from narrator.model import Gender

__all__ = ["Knowledge", "Lattice", "build_lattice"]

_MOST_CANDIDATES = 8
_PLAINNESS = {Strength.SAID: 11.0, Strength.COLON: 5.0, Strength.BEAT: 3.5, Strength.NEAR: 1.0}
_AFTER_WEIGHT = 0.6
_PRESENCE = 0.5
_FOCUS = 0.2
_FOCUS_OF_PRONOUN = 0.6
_SPOKE = 0.6
_SPOKE_FLOOR = 0.3
_FLOOR = 0.1
_NEWCOMER = 0.5
"""What follows makes nobody more present than this beyond what came before."""
_ANTECEDENT = 1.5
_CALLED_SELF = -4.0
_CALLED_NEXT = 2.5
_CALLED_BACK = 0.9
_TAKES_PART = 1.0
_FAMILY = 2.5
_HEARD = 1.5
_HEARD_OTHER = -1.0
_SPEAKS_OF_SELF = -2.0
_LAST_SUBJECT = 1.0
_SUBJECT_HERE = 2.5
_SUBJECT_ABOVE = 1.0


_LINKS = (
    Link(same=-4.0, back=1.5),
    Link(same=0.0, back=1.0),
    Link(same=0.5, back=0.6),
    Link(same=0.5, back=0.6),
    Link(same=0.0, back=0.0),
)
"""How a turn follows the one before, by the paragraphs of narration between them."""
_RESUMES = Link(same=1.0, back=1.0)
"""The same where the cue says that somebody goes on: *he continued*."""


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
    called = [_called(reading, turn) for turn in reading.turns]
    parts = _takers_of_part(reading, called)
    kin = [_calls_kin(reading, turn) for turn in reading.turns]
    candidates, scores, links = [], [], []
    for t, turn in enumerate(reading.turns):
        who = _candidates(reading, presence, t)
        cue_scores = [_cue_score(reading, presence, t, person, known) for person in who]
        spoken = _spoken_of(reading, turn)
        subject, weight = _subject_before(reading, presence, turn)
        rows = []
        for person, score in zip(who, cue_scores, strict=True):
            before = presence.before[t].get(person, 0.0)
            after = min(presence.after[t].get(person, 0.0), before + _NEWCOMER)
            mass = before + _AFTER_WEIGHT * after
            score += _PRESENCE * log(_FLOOR + mass)
            spoke = presence.spoke_before[t].get(person, 0.0) + presence.spoke_after[t].get(
                person, 0.0
            )
            score += _SPOKE * log(_SPOKE_FLOOR + spoke) if known.chances else 0.0
            score += _FOCUS * log(_FLOOR + presence.focus[t].get(person, 0.0))
            if person in called[t]:
                score += _CALLED_SELF
            elif person in spoken:
                score += _SPEAKS_OF_SELF
            if t and _gap(reading, t) <= 2 and person in called[t - 1]:
                score += _CALLED_NEXT
            if t + 1 < len(called) and _gap(reading, t + 1) <= 2 and person in called[t + 1]:
                score += _CALLED_BACK
            if person in parts[reading.scenes[reading.turns[t].pieces[0]]]:
                score += _TAKES_PART
            if known.manner is not None:
                score += known.manner.score(t, person)
            if t and _gap(reading, t) <= 1:
                score += _heard_score(reading, reading.turns[t - 1].hearers, person)
            if person == subject:
                score += weight
            if kin[t] and person >= 0 and _is_family(reading, known, t, person):
                score += _FAMILY
            rows.append(score)
        candidates.append(who)
        scores.append(rows)
        links.append(_link(reading, t))
    return Lattice(candidates=candidates, scores=scores, links=links)


def _gap(reading: Reading, t: int) -> int:
    """Paragraphs of narration between a turn and the one before it; many across chapters."""
    if t == 0:
        return 99
    a, b = reading.turns[t - 1], reading.turns[t]
    if reading.scenes[a.pieces[-1]] != reading.scenes[b.pieces[0]]:
        return 99
    return max(0, reading.paragraphs[b.pieces[0]] - reading.paragraphs[a.pieces[-1]] - 1)


def _link(reading: Reading, t: int) -> Link:
    gap = _gap(reading, t)
    if gap <= 1 and any(cue.resumes for cue in reading.turns[t].said[:1]):
        return _RESUMES
    link = _LINKS[min(gap, len(_LINKS) - 1)]
    if t > 1 and _gap(reading, t - 1) >= len(_LINKS):
        # Nobody comes back to a conversation that only began with the turn before.
        return Link(same=link.same, back=0.0)
    return link


def _takers_of_part(reading: Reading, called: Sequence[set[int]]) -> defaultdict[int, set[int]]:
    """For each scene, who surely talks in it: those a cue names, and those spoken to."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for turn, who in zip(reading.turns, called, strict=True):
        scene = found[reading.scenes[turn.pieces[0]]]
        scene.update(who)
        for cue in turn.said:
            person = cue_person(reading, turn, cue)
            if cue.ref.kind is not RefKind.NOUN and person >= 0:
                scene.add(person)
    return found


def _heard_score(reading: Reading, hearers: Sequence[Ref], person: int) -> float:
    """Who was spoken to in the turn before is likely to answer."""
    score = 0.0
    for ref in hearers[:1]:
        if ref.kind is RefKind.NAME:
            score += _HEARD if ref.person == person else 0.0
        elif ref.kind is RefKind.FIRST:
            score += _HEARD if person == reading.narrator else 0.0
        elif ref.gender is not Gender.UNKNOWN and person >= 0:
            gender = reading.persons[person].gender
            score += _HEARD_OTHER if gender not in (ref.gender, Gender.UNKNOWN) else 0.0
    return score


def _calls_kin(reading: Reading, turn: Turn) -> bool:
    """Whether someone is called father, aunt and the like."""
    return any(
        (call.noun or reading.names[k][call.name].form[0]) in KINSHIP for k, call in turn.calls
    )


def _is_family(reading: Reading, known: Knowledge, t: int, person: int) -> bool:
    """Whether the one who seems to answer, or to be answered, bears the same surname."""
    last = reading.persons[person].last
    for u in (t + 1, t - 1):
        if 0 <= u < len(known.chances) and _gap(reading, max(t, u)) <= 1:
            row = known.chances[u]
            other = max(row, key=lambda p: (row[p], -p))
            if other >= 0 and other != person and row[other] > 0.5:
                return bool(last) and reading.persons[other].last == last
    return False


def _called(reading: Reading, turn: Turn) -> set[int]:
    """Everyone called by name in a turn; who only says a name at its start gives their own."""
    found: dict[int, int] = {}
    for k, call in turn.calls:
        if call.name >= 0:
            person = reading.of_form.get(reading.names[k][call.name].form, -1)
            if person >= 0:
                found.setdefault(person, k)
    if _introduces(reading, turn):
        found = {p: k for p, k in found.items() if k != turn.pieces[0]}
    return set(found)


def _introduces(reading: Reading, turn: Turn) -> bool:
    """Whether a turn begins with a bare name, a cue, and then calls somebody else: *"Vasko," she
    said. "It was I, Professor."*"""
    first = turn.pieces[0]
    here = reading.names[first]
    words = sum(word[0].isalpha() for word in reading.pieces[first].lower)
    if len(here) != 1 or words != here[0].end - here[0].start or not turn.said:
        return False
    others = any(k != first and call.name >= 0 for k, call in turn.calls)
    return others and turn.said[0].strength is Strength.SAID


def _spoken_of(reading: Reading, turn: Turn) -> set[int]:
    pieces = turn.pieces[1:] if _introduces(reading, turn) else turn.pieces
    return {
        reading.of_form[name.form]
        for k in pieces
        for name in reading.names[k]
        if name.form in reading.of_form
    }


def _subject_before(reading: Reading, presence: Presence, turn: Turn) -> tuple[int, float]:
    """The last subject of the narration right before a turn, and how much that tells: of any
    gender for a turn without a cue of its own, else of that of the *he* or *she* who speaks it."""
    k = turn.pieces[0] - 1
    if k < 0 or reading.pieces[k].is_speech:
        return -1, 0.0
    gender, weight = None, _LAST_SUBJECT
    if turn.said:
        cue = turn.said[0]
        if cue.ref.kind is not RefKind.PRONOUN or cue.piece < turn.pieces[0]:
            return -1, 0.0
        here = reading.paragraphs[k] == reading.paragraphs[turn.pieces[0]]
        gender, weight = cue.ref.gender, _SUBJECT_HERE if here else _SUBJECT_ABOVE
    for ref in reversed(reading.refs[k]):
        person = presence.meant.get((k, ref.start), -1)
        if not ref.is_subject or person < 0:
            continue
        if gender is None or reading.persons[person].gender is gender:
            return person, weight
    return -1, 0.0


def _candidates(reading: Reading, presence: Presence, t: int) -> list[int]:
    turn = reading.turns[t]
    named: list[int] = []
    for cue in turn.said:
        person = cue_person(reading, turn, cue)
        if person >= 0 and person not in named:
            named.append(person)
        main = reading.main_of.get(cue.ref.gender, -1)
        if cue.ref.kind is RefKind.PRONOUN and main >= 0 and main not in named:
            named.append(main)
    before, after = presence.before[t], presence.after[t]
    mass = {
        p: before.get(p, 0.0) + _AFTER_WEIGHT * after.get(p, 0.0)
        for p in before.keys() | after.keys()
    }
    ranked = sorted(mass, key=lambda p: (-mass[p], p))
    found = [*named, *(p for p in ranked if p not in named)][: _MOST_CANDIDATES + len(named)]
    return found or ([reading.narrator] if reading.narrator >= 0 else [-1])


def cue_person(reading: Reading, turn: Turn, cue: Cue) -> int:
    """The person that a cue can only mean, or for a noun the one it would be by itself; else -1."""
    ref = cue.ref
    if ref.kind is RefKind.NAME:
        return ref.person
    if ref.kind is RefKind.FIRST:
        return reading.narrator
    if ref.kind is RefKind.NOUN:
        return reading.roles.get(role_key(turn.chapter, ref), -1)
    return -1


def _cue_score(
    reading: Reading, presence: Presence, t: int, person: int, known: Knowledge
) -> float:
    turn, focus = reading.turns[t], presence.focus[t]
    score = 0.0
    for n, cue in enumerate(turn.said[:2]):
        plain = _PLAINNESS[cue.strength] * (1.0 if n == 0 else 0.5)
        score += _one_cue(reading, presence, t, cue, person, plain, known)
    if turn.said and turn.said[0].ref.kind is RefKind.PRONOUN:
        score += _FOCUS_OF_PRONOUN * log(_FLOOR + focus.get(person, 0.0))
    return score


def _one_cue(
    reading: Reading, presence: Presence, t: int, cue: Cue, person: int, plain: float,
    known: Knowledge,
) -> float:  # fmt: skip
    ref, turn, focus = cue.ref, reading.turns[t], presence.focus[t]
    if person < 0:
        return 0.0
    if ref.kind in (RefKind.NAME, RefKind.FIRST):
        return plain if person == cue_person(reading, turn, cue) else 0.0
    if ref.kind is RefKind.GROUP:
        return 0.0
    gender = reading.persons[person].gender
    if person == reading.narrator and ref.kind is RefKind.PRONOUN:
        return -plain
    score = 0.0
    if ref.gender is not Gender.UNKNOWN and gender is not ref.gender:
        score -= plain * (0.15 if gender is Gender.UNKNOWN else 0.9)
    if ref.kind is RefKind.PRONOUN:
        is_before = cue.piece < turn.pieces[0]
        if is_before and presence.meant.get((cue.piece, ref.start)) == person:
            score += _ANTECEDENT
        return score
    return score + noun_score(
        reading, turn, cue, person, plain=plain, role=cue_person(reading, turn, cue),
        owner=owner_of(reading, cue, focus), senses=known.senses,
        own_chance=known.chances[t].get(person, 0.0) if known.chances else 0.0,
    )  # fmt: skip
