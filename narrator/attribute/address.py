"""Who is spoken to, and who is spoken of, in each turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from narrator.attribute.chain import likeliest
from narrator.attribute.cues import Strength
from narrator.attribute.lexicon import KINSHIP
from narrator.attribute.links import gap_before
from narrator.attribute.mentions import RefKind
from narrator.attribute.names import Name, is_capital
from narrator.attribute.pointing import cue_person
from narrator.attribute.reading import Reading
from narrator.attribute.tokens import Piece
from narrator.attribute.turns import Turn
from narrator.model import Gender

__all__ = [
    "called_gender",
    "called_in",
    "calls_kin",
    "gives_own_name",
    "heard_score",
    "is_family",
    "spoken_of_in",
    "takers_of_part",
]

_OWN = frozenset({("i", "am"), ("name", "is"), ("name", "'s"), ("call", "me"), ("called", "me")})
_AFTER_OWN = frozenset({"and", "from", "of", "at", "with", "by", "the"})
_HEARD = 1.5
_HEARD_OTHER = -1.0


def called_in(reading: Reading, turn: Turn) -> set[int]:
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


def gives_own_name(reading: Reading, turn: Turn) -> set[int]:
    """Who a turn says that its speaker is: *"I'm Ruth Lane," … "My name is Lane."*"""
    return {
        person
        for k in turn.pieces
        for name in reading.names[k]
        if not name.is_possessive
        and _is_own(reading.pieces[k], name)
        and (person := reading.of_form.get(name.form, -1)) >= 0
    }


def _is_own(piece: Piece, name: Name) -> bool:
    lower, end = piece.lower, name.end
    while end < len(lower) and is_capital(piece.words[end]):
        end += 1  # a surname that the book does not know for one
    before = tuple(lower[max(0, name.start - 2) : name.start])
    after = lower[end] if end < len(lower) else "."
    is_said = before[-1:] == ("i'm",) or before in _OWN
    return is_said and (not after[0].isalnum() or after in _AFTER_OWN)


def spoken_of_in(reading: Reading, turn: Turn) -> set[int]:
    """Everyone whose name is in a turn."""
    pieces = turn.pieces[1:] if _introduces(reading, turn) else turn.pieces
    return {
        reading.of_form[name.form]
        for k in pieces
        for name in reading.names[k]
        if name.form in reading.of_form
    }


def called_gender(turn: Turn) -> Gender:
    """Of the one called *sir* or *madam* in a turn."""
    for _, call in turn.calls:
        if call.name < 0 and call.gender is not Gender.UNKNOWN:
            return call.gender
    return Gender.UNKNOWN


def takers_of_part(reading: Reading, called: Sequence[set[int]]) -> defaultdict[int, set[int]]:
    """For each scene, who surely talks in it: those a cue names, and those spoken to."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for turn, who in zip(reading.turns, called, strict=True):
        if turn.is_labelled:
            continue
        scene = found[reading.scenes[turn.pieces[0]]]
        scene.update(who)
        for cue in turn.said:
            person = cue_person(reading, turn, cue)
            if cue.ref.kind is not RefKind.NOUN and person >= 0:
                scene.add(person)
    return found


def heard_score(reading: Reading, turn: Turn, person: int) -> float:
    """Whom a turn was said to is likely to answer."""
    score = 0.0
    for ref in turn.hearers[:1]:
        if ref.kind is RefKind.NAME:
            score += _HEARD if ref.person == person else 0.0
        elif ref.kind is RefKind.FIRST:
            score += _HEARD if person == reading.narrator else 0.0
        elif ref.gender is not Gender.UNKNOWN and person >= 0:
            gender = reading.persons[person].gender
            score += _HEARD_OTHER if gender not in (ref.gender, Gender.UNKNOWN) else 0.0
    return score


def calls_kin(reading: Reading, turn: Turn) -> bool:
    """Whether someone is called father, aunt and the like."""
    return any(
        (call.noun or reading.names[k][call.name].form[0]) in KINSHIP for k, call in turn.calls
    )


def is_family(
    reading: Reading, chances: Sequence[Mapping[int, float]], t: int, person: int
) -> bool:
    """Whether the one who seems to answer, or to be answered, bears the same surname."""
    last = reading.persons[person].last
    for u in (t + 1, t - 1):
        if 0 <= u < len(chances) and gap_before(reading, max(t, u)) <= 1:
            row = chances[u]
            other = likeliest(row)
            if other >= 0 and other != person and row[other] > 0.5:
                return bool(last) and reading.persons[other].last == last
    return False
