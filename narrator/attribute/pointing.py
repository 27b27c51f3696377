"""Whom the cues beside a turn point at, in log-odds."""

from __future__ import annotations

from math import log

from narrator.attribute.cues import Cue, Strength
from narrator.attribute.mentions import RefKind
from narrator.attribute.nouns import NounSenses, noun_score, owner_of
from narrator.attribute.presence import Presence
from narrator.attribute.reading import Reading, role_key
from narrator.attribute.turns import Turn
from narrator.model import Gender

__all__ = ["FLOOR", "cue_person", "cue_score", "score_mentioned", "tells_no_name"]

FLOOR = 0.1
"""What is added to a weight before its logarithm is taken."""
_NAMED = {Strength.SAID: 8.0, Strength.COLON: 4.0, Strength.BEAT: 3.0, Strength.NEAR: 1.0}
_OTHER_GENDER = {Strength.SAID: -5.0, Strength.COLON: -2.5, Strength.BEAT: -2.0, Strength.NEAR: 0.0}
_NO_GENDER = 0.4
"""How much of that counts against somebody whose gender is not known."""
_ROLE = {Strength.SAID: 4.0, Strength.COLON: 2.0, Strength.BEAT: 1.0, Strength.NEAR: 0.0}
"""For a person known by the cue's noun alone."""
_NOT_I = {Strength.SAID: -6.0, Strength.COLON: -3.0, Strength.BEAT: -2.0, Strength.NEAR: 0.0}
"""Against the one who tells the story as *I*, where the cue says *he* or *she*."""
_SECOND = 0.5
"""How much of all this the second cue of a turn counts."""
_ANTECEDENT = -0.5
"""Whom the pronoun of a cue would mean were there no quotation: often the one who is answered."""
_FOCUS_OF_PRONOUN = 0.6
_MENTIONED_HERE = {"subject": 0.75, "object": 0.5, "owner": 0.5}
_MENTIONED_ABOVE = {"subject": 1.25, "object": 1.0, "owner": 1.0}
"""For whom the narration right before a turn speaks of, where its cue says *he* or *she*."""
_SUBJECT_IS_NOUN = 1.0
"""For the last subject of the same paragraph, where the cue says *the old man*."""


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


def tells_no_name(turn: Turn) -> bool:
    """Whether a turn has a cue, and that says *he*, *she* or *the old man*."""
    return bool(turn.said) and turn.said[0].ref.kind in (RefKind.PRONOUN, RefKind.NOUN)


def score_mentioned(reading: Reading, presence: Presence, turn: Turn) -> dict[int, float]:
    """For each person of whom the narration right before a turn speaks, what that tells of the
    *he*, the *she* or the *old man* of its cue."""
    k = turn.pieces[0] - 1
    if k < 0 or reading.pieces[k].is_speech or not tells_no_name(turn):
        return {}
    is_here = reading.paragraphs[k] == reading.paragraphs[turn.pieces[0]]
    last: dict[int, str] = {}
    for ref in reading.refs[k]:
        person = presence.meant.get((k, ref.start), -1)
        if person >= 0:
            last[person] = (
                "subject" if ref.is_subject else "owner" if ref.is_possessive else "object"
            )
    if turn.said[0].ref.kind is RefKind.NOUN:
        return {p: _SUBJECT_IS_NOUN for p, role in last.items() if is_here and role == "subject"}
    table = _MENTIONED_HERE if is_here else _MENTIONED_ABOVE
    return {person: table[role] for person, role in last.items()}


def cue_score(
    reading: Reading, presence: Presence, t: int, person: int, senses: NounSenses, own_chance: float
) -> float:
    """What the cues of turn `t` say for a person.

    Parameters
    ----------
    reading, presence
        The book.
    t
        The turn.
    person
        Index into the roster, or -1 for nobody.
    senses
        What each noun has meant so far.
    own_chance
        How likely an earlier pass thought the person.
    """
    turn = reading.turns[t]
    if person < 0 or not turn.said:
        return 0.0
    score = 0.0
    for n, cue in enumerate(turn.said[:2]):
        one = _one_cue(reading, presence, t, cue, person, senses, own_chance)
        score += one * (_SECOND if n else 1.0)
    if turn.said[0].ref.kind is RefKind.PRONOUN:
        score += _FOCUS_OF_PRONOUN * log(FLOOR + presence.focus[t].get(person, 0.0))
    return score


def _one_cue(
    reading: Reading, presence: Presence, t: int, cue: Cue, person: int, senses: NounSenses,
    own_chance: float,
) -> float:  # fmt: skip
    ref, turn = cue.ref, reading.turns[t]
    if ref.kind in (RefKind.NAME, RefKind.FIRST):
        return _NAMED[cue.strength] if person == cue_person(reading, turn, cue) else 0.0
    if ref.kind is RefKind.GROUP:
        return 0.0
    gender = reading.persons[person].gender
    if person == reading.narrator and ref.kind is RefKind.PRONOUN:
        return _NOT_I[cue.strength]
    score = 0.0
    if ref.gender is not Gender.UNKNOWN and gender is not ref.gender:
        share = _NO_GENDER if gender is Gender.UNKNOWN else 1.0
        score += _OTHER_GENDER[cue.strength] * share
    if ref.kind is RefKind.PRONOUN:
        meant = presence.meant.get((cue.piece, ref.start))
        return score + (_ANTECEDENT if meant == person else 0.0)
    return score + noun_score(
        reading, turn, cue, person, plain=_ROLE[cue.strength], role=cue_person(reading, turn, cue),
        owner=owner_of(reading, cue, presence.focus[t]), senses=senses, own_chance=own_chance,
    )  # fmt: skip
