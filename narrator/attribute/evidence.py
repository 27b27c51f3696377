"""What the text around each name says of it: a person or a place, a he or a she."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from narrator.attribute.grammar import is_adverb, verb_follows
from narrator.attribute.lexicon import words
from narrator.attribute.names import Form, Name
from narrator.attribute.tokens import ENDERS, Piece
from narrator.attribute.vocatives import is_vocative

__all__ = ["Evidence", "gather_evidence"]

_REACH_TOKENS = 22
"""How far after a name a pronoun still says whether it is a he or a she."""
_PRONOUN_VOTES = {"he": 1.0, "she": -1.0, "his": 1.0, "himself": 2.0, "herself": -2.0}


@dataclass(slots=True, kw_only=True)
class Evidence:
    """Counts for one form of a name."""

    count: int = 0
    in_narration: int = 0
    as_subject: int = 0
    as_speaker: int = 0
    as_place: int = 0
    as_vocative: int = 0
    male_votes: float = 0.0
    female_votes: float = 0.0


def gather_evidence(
    pieces: Sequence[Piece], names: Sequence[Sequence[Name]]
) -> dict[Form, Evidence]:
    """Evidence for every form in `names`, which holds the names of each piece."""
    found: dict[Form, Evidence] = {}
    for piece, here in zip(pieces, names, strict=True):
        for k, name in enumerate(here):
            evidence = found.setdefault(name.form, Evidence())
            evidence.count += 1
            limit = here[k + 1].start if k + 1 < len(here) else len(piece.lower)
            _vote(piece, name, limit, evidence)
            if piece.is_speech:
                evidence.as_vocative += is_vocative(piece, name.start, name.end)
            else:
                _count_narration(piece, name, evidence)
    return found


def _count_narration(piece: Piece, name: Name, evidence: Evidence) -> None:
    lower = piece.lower
    before = lower[name.start - 1] if name.start else ""
    after = lower[name.end] if name.end < len(lower) else ""
    speech = words("speech_strong")
    evidence.in_narration += 1
    evidence.as_subject += verb_follows(lower, name.end)
    weak = words("speech_weak")
    cue = lower[name.start - 2] if before == "the" and name.start > 1 else before
    is_label = name.start == 0 and lower[name.end :] == [":"]  # as in a play
    evidence.as_speaker += (
        is_label or (after in speech and after not in weak) or (cue in speech and cue not in weak)
    )
    if before in ("in", "at", "from", "near", "of", "into") or (
        before == "the" and name.start > 1 and lower[name.start - 2] in words("prepositions")
    ):
        evidence.as_place += 1


def _vote(piece: Piece, name: Name, limit: int, evidence: Evidence) -> None:
    """Count the first pronoun after a name, if no other name stands between."""
    weight = 0.4 if piece.is_speech else 1.0
    sentences = 0
    lower = piece.lower
    for k in range(name.end, min(limit, name.end + _REACH_TOKENS)):
        word = lower[k]
        if word in ENDERS:
            sentences += 1
            if sentences == 2:
                return
        vote = _PRONOUN_VOTES.get(word)
        if vote is None:
            if word not in ("him", "her"):
                continue
            vote = _object_vote(lower, k, is_subject=verb_follows(lower, name.end))
        if vote > 0:
            evidence.male_votes += weight * vote
        else:
            evidence.female_votes -= weight * vote
        if abs(vote) >= 0.5:
            return


def _object_vote(lower: Sequence[str], k: int, *, is_subject: bool) -> float:
    """*him* and *her* after a name: the object of a verb is not its subject."""
    following = lower[k + 1] if k + 1 < len(lower) else "."
    is_owner = lower[k] == "her" and following[0].isalpha() and not is_adverb(following)
    if is_owner and following not in words("prepositions") | words("clause_links"):
        return -0.8
    if not is_subject:
        return 0.0
    return 0.3 if lower[k] == "her" else -0.3


def total(parts: Iterable[Evidence]) -> Evidence:
    """The sum of several forms' evidence."""
    found = Evidence()
    for part in parts:
        found.count += part.count
        found.in_narration += part.in_narration
        found.as_subject += part.as_subject
        found.as_speaker += part.as_speaker
        found.as_place += part.as_place
        found.as_vocative += part.as_vocative
        found.male_votes += part.male_votes
        found.female_votes += part.female_votes
    return found
