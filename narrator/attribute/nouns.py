"""Whom a noun means: *the old man*, *her mother*, learned from who says the lines it reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from narrator.attribute.cues import Cue, Strength
from narrator.attribute.lexicon import KINSHIP, PRONOUN_GENDER, words
from narrator.attribute.mentions import RefKind
from narrator.attribute.reading import Reading
from narrator.attribute.turns import Turn

__all__ = ["NounSenses", "learn_nouns", "noun_score", "owner_of"]

_SENSE = 0.75
_ROLE_SHARE = {"kin": 0.0, "vague": 0.25, "new": 0.5}
"""How much of its weight goes to a person known by the noun alone, if it could mean another."""
_OWN_KIN = -3.0
_NO_ROLE = frozenset({"other", "one", "speaker"})

NounSenses = Mapping[str, Mapping[int, float]]
"""For each phrase, how often each person is the one it means; empty before the first pass."""


def phrase_of(reading: Reading, cue: Cue) -> str:
    """The phrase of a noun as it is looked up."""
    return " ".join(reading.pieces[cue.piece].lower[cue.ref.start : cue.ref.end])


def learn_nouns(reading: Reading, chances: Sequence[Mapping[int, float]]) -> NounSenses:
    """Count who says the lines that a noun reports.

    Parameters
    ----------
    reading
        The book.
    chances
        For each turn, probabilities by person.
    """
    found: dict[str, dict[int, float]] = {}
    for turn, row in zip(reading.turns, chances, strict=True):
        for cue in turn.said:
            if cue.ref.kind is RefKind.NOUN and cue.strength >= Strength.BEAT:
                known = found.setdefault(phrase_of(reading, cue), {})
                for person, chance in row.items():
                    known[person] = known.get(person, 0.0) + chance
    return found


def owner_of(reading: Reading, cue: Cue, focus: Mapping[int, float]) -> int:
    """The person through whom kin is named: the *her* of *her mother*; -1 if nobody is in focus."""
    ref = cue.ref
    if ref.owner_person >= 0 or ref.owner == "my":
        return ref.owner_person if ref.owner_person >= 0 else reading.narrator
    gender = PRONOUN_GENDER.get(ref.owner)
    fits = [p for p in focus if gender is not None and reading.persons[p].gender is gender]
    return max(fits, key=lambda p: (focus[p], -p), default=-1)


def noun_score(
    reading: Reading, turn: Turn, cue: Cue, person: int, *, plain: float, role: int, owner: int,
    senses: NounSenses, own_chance: float,
) -> float:  # fmt: skip
    """What a noun beside a quotation says for a person, gender aside."""
    ref = cue.ref
    is_kin = ref.noun in KINSHIP and ref.owner not in ("the", "a", "an")
    score: float = 0.0
    if is_kin and person == owner:
        score += _OWN_KIN
    if person == role:
        if ref.noun in _NO_ROLE:
            return -plain
        is_vague = is_kin or ref.noun in words("human_generic") or ref.noun in KINSHIP
        is_new = ref.owner in ("a", "an", "another")
        share = "new" if is_new else "kin" if is_kin else "vague"
        score += plain * (_ROLE_SHARE[share] if is_vague else 1.0)
    known = senses.get(phrase_of(reading, cue))
    if known and ref.noun not in _NO_ROLE:
        # Less what this very turn put in, or every guess would confirm itself.
        seen = max(0.0, known.get(person, 0.0) - own_chance)
        rest = max(0.0, sum(known.values()) - 1.0)
        score += _SENSE * log((seen + 0.3) / (rest + 1.0))
    return score
