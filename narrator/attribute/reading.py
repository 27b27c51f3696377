"""A book as attribution reads it: pieces, names, people, references, vocatives and turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from narrator.attribute.cues import Strength
from narrator.attribute.evidence import gather_evidence
from narrator.attribute.lexicon import KINSHIP, NOUN_GENDER, words
from narrator.attribute.mentions import Ref, RefKind, find_refs
from narrator.attribute.names import Form, Name, find_names, learn_vocabulary
from narrator.attribute.roster import Person, Roster, gather_roster
from narrator.attribute.tokens import Piece, pieces_of
from narrator.attribute.turns import Turn, find_turns
from narrator.attribute.vocatives import Call, find_calls
from narrator.model import Book, Gender, Segment

__all__ = ["Reading", "read_people"]

_FIRST_PERSON_SHARE = 0.004
"""Narration with more *I* than this, of all its words, is told in the first person."""
_FIRST_PERSON_LEAST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that later steps look at; lists run parallel to `pieces`."""

    pieces: list[Piece]
    names: list[list[Name]]
    refs: list[list[Ref]]
    calls: list[list[Call]]
    paragraphs: list[int]
    """Number of each piece's paragraph within the book."""
    persons: list[Person]
    of_form: dict[Form, int]
    shown: dict[Form, str]
    """Each form as the book writes it."""
    turns: list[Turn]
    roles: dict[tuple[int, str], int]
    """Persons known by a noun: (chapter, noun), chapter -1 for the whole book."""
    narrator: int
    """The person who tells the story as *I*, or -1."""


def read_people(book: Book, segments: Sequence[Segment]) -> Reading:
    """Read a book once, from its words to its turns."""
    pieces = list(pieces_of(book, segments))
    vocabulary = learn_vocabulary(pieces)
    names = [find_names(piece, vocabulary) for piece in pieces]
    roster = gather_roster(gather_evidence(pieces, names))
    refs = [
        [] if piece.is_speech else find_refs(piece, here, roster.of_form)
        for piece, here in zip(pieces, names, strict=True)
    ]
    calls = [
        find_calls(piece, here) if piece.is_speech else []
        for piece, here in zip(pieces, names, strict=True)
    ]
    turns = find_turns(pieces, refs, calls)
    narrator = _add_narrator(pieces, refs, roster)
    return Reading(
        pieces=pieces, names=names, refs=refs, calls=calls, paragraphs=_paragraph_numbers(pieces),
        persons=roster.persons, of_form=roster.of_form, shown=_shown(pieces, names), turns=turns,
        roles=_add_roles(turns, roster), narrator=narrator,
    )  # fmt: skip


def _paragraph_numbers(pieces: Sequence[Piece]) -> list[int]:
    found: list[int] = []
    number, last = -1, (-1, -1)
    for piece in pieces:
        here = (piece.segment.chapter, piece.segment.paragraph)
        if here != last:
            number, last = number + 1, here
        found.append(number)
    return found


def _shown(pieces: Sequence[Piece], names: Sequence[Sequence[Name]]) -> dict[Form, str]:
    found: dict[Form, str] = {}
    for piece, here in zip(pieces, names, strict=True):
        for name in here:
            known = found.get(name.form)
            if known is None or known.isupper():
                text = " ".join(piece.words[name.start : name.end]).replace(" .", ".")
                found[name.form] = text
    return found


def _add_narrator(pieces: Sequence[Piece], refs: Sequence[Sequence[Ref]], roster: Roster) -> int:
    """A person for the *I* of a first-person story; -1 where there is none."""
    size = sum(len(piece.words) for piece in pieces if not piece.is_speech)
    count = sum(ref.kind is RefKind.FIRST and ref.is_subject for here in refs for ref in here)
    if count < _FIRST_PERSON_LEAST or count < _FIRST_PERSON_SHARE * size:
        return -1
    roster.persons.append(Person(forms=[], is_role=True))
    return len(roster.persons) - 1


def _add_roles(turns: Sequence[Turn], roster: Roster) -> dict[tuple[int, str], int]:
    """A person for each noun that speaks: *the waiter* in the book, *the man* in one chapter."""
    found: dict[tuple[int, str], int] = {}
    for turn in turns:
        for cue in turn.said:
            ref = cue.ref
            if ref.kind is not RefKind.NOUN or cue.strength < Strength.BEAT:
                continue
            key = role_key(turn.chapter, ref)
            if key not in found:
                gender = ref.gender
                if gender is Gender.UNKNOWN:
                    gender = KINSHIP.get(ref.noun, NOUN_GENDER.get(ref.noun, Gender.UNKNOWN))
                roster.persons.append(Person(forms=[], last=ref.noun, gender=gender, is_role=True))
                found[key] = len(roster.persons) - 1
            roster.persons[found[key]].count += 1
    return found


def role_key(chapter: int, ref: Ref) -> tuple[int, str]:
    """How long a noun goes on to mean the same person."""
    is_local = ref.noun in words("human_generic") or ref.noun in KINSHIP
    return (chapter if is_local else -1, ref.noun)
