"""References to people in narration: names, pronouns, and nouns such as *the old man*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from narrator.attribute.grammar import verb_follows
from narrator.attribute.lexicon import KINSHIP, NOUN_GENDER, PRONOUN_GENDER, words
from narrator.attribute.names import Form, Name
from narrator.attribute.tokens import POSSESSIVE, Piece
from narrator.model import Gender

__all__ = ["Ref", "RefKind", "find_refs", "noun_phrase_at"]


class RefKind(Enum):
    """How a text refers to someone."""

    NAME = "name"
    PRONOUN = "pronoun"
    FIRST = "first"
    NOUN = "noun"
    GROUP = "group"


class Ref(NamedTuple):
    """A reference at tokens ``[start, end)`` of a piece."""

    start: int
    end: int
    kind: RefKind
    person: int
    """Index into the roster, or -1."""
    gender: Gender
    noun: str
    """Head of a noun phrase, else ""."""
    owner: str
    """What stands before a noun: *the*, *his*, *my* …, or "" ."""
    owner_person: int
    is_subject: bool
    is_possessive: bool


_OWNERS = frozenset("his her my your their our".split())
_ARTICLES = frozenset("the a an this that another".split())
_SUBJECT_PRONOUNS = {"he": Gender.MALE, "she": Gender.FEMALE}
_FIRST = frozenset({"i", "me", "my", "myself"})
_GROUPS = frozenset({"they", "we"})
_STOPS = (
    words("prepositions") | words("clause_links") | words("auxiliaries")
    | frozenset("the a an his her my their our your this that he she it they we i you".split())
)  # fmt: skip
_COMPOUND = 5


def noun_phrase_at(lower: Sequence[str], i: int) -> tuple[int, str] | None:
    """Where a phrase that begins with its article or owner at `i` ends, and the person it names."""
    k = i + 1
    stop = min(len(lower), k + _COMPOUND)
    while k < stop:
        word = lower[k]
        if word in NOUN_GENDER or word in KINSHIP:
            if (
                k + 1 < stop
                and lower[k + 1] in NOUN_GENDER
                and lower[k + 1] not in ("one", "other", "host")
            ):
                k += 1
                continue
            return k + 1, word
        if not word[0].isalpha() or word in _STOPS:
            return None
        k += 1
    return None


def find_refs(piece: Piece, names: Sequence[Name], of_form: Mapping[Form, int]) -> list[Ref]:
    """The references in a piece of narration, in order; names of no person are left out."""
    found: list[Ref] = []
    lower = piece.lower
    by_start = {name.start: name for name in names}
    i, size = 0, len(lower)
    while i < size:
        word = lower[i]
        name = by_start.get(i)
        ref = _named(lower, name, of_form) if name else _other(lower, i, word)
        if ref is None:
            i = name.end if name else i + 1
            continue
        found.append(ref)
        i = ref.end
    return found


def _named(lower: Sequence[str], name: Name, of_form: Mapping[Form, int]) -> Ref | None:
    person = of_form.get(name.form, -1)
    if name.is_possessive:
        phrase = noun_phrase_at(lower, name.end)
        if phrase:
            end, noun = phrase
            gender = KINSHIP.get(noun, NOUN_GENDER.get(noun, Gender.UNKNOWN))
            return Ref(name.start, end, RefKind.NOUN, -1, gender, noun, "'s", person,
                       verb_follows(lower, end), False)  # fmt: skip
    if person < 0:
        return None
    subject = not name.is_possessive and verb_follows(lower, name.end)
    return Ref(name.start, name.end, RefKind.NAME, person, Gender.UNKNOWN, "", "", -1, subject,
               name.is_possessive)  # fmt: skip


def _other(lower: Sequence[str], i: int, word: str) -> Ref | None:
    gender = _SUBJECT_PRONOUNS.get(word)
    if gender is not None:
        return Ref(i, i + 1, RefKind.PRONOUN, -1, gender, "", "", -1, True, False)
    if word in _OWNERS or word in _ARTICLES:
        phrase = noun_phrase_at(lower, i)
        if phrase and not (lower[phrase[0] : phrase[0] + 1] and lower[phrase[0]] in POSSESSIVE):
            end, noun = phrase
            kin = KINSHIP.get(noun, NOUN_GENDER.get(noun, Gender.UNKNOWN))
            return Ref(
                i, end, RefKind.NOUN, -1, kin, noun, word, -1, verb_follows(lower, end), False
            )
    if word in PRONOUN_GENDER:
        return Ref(i, i + 1, RefKind.PRONOUN, -1, PRONOUN_GENDER[word], "", "", -1, False,
                   word in ("his", "her"))  # fmt: skip
    if word in _FIRST:
        return Ref(
            i, i + 1, RefKind.FIRST, -1, Gender.UNKNOWN, "", "", -1, word == "i", word == "my"
        )
    if word in _GROUPS:
        return Ref(i, i + 1, RefKind.GROUP, -1, Gender.UNKNOWN, "", "", -1, True, False)
    return None
