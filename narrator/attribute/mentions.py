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
_BARE_ROLES = frozenset(
    "nanny nurse cook matron mother father mummy mamma mama mum mom daddy dad papa granny grandma "
    "grandpa grandmother grandfather".split()
)
"""Nouns that stand for somebody without an article: *said nanny*."""
_BEFORE_BARE = words("speech_strong") | frozenset(", . ! ? ; : and but when then as while".split())
_FOREWORDS = frozenset("the old young poor little dear good this that".split())
_REPORTING = words("speech_strong") - words("speech_weak")
_SENTENCE_ENDS = frozenset({".", "!", "?", ";", "…", ":"})


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


def find_refs(
    piece: Piece,
    names: Sequence[Name],
    of_form: Mapping[Form, int],
    genders: Sequence[Gender] = (),
) -> list[Ref]:
    """The references in a piece of narration, in order; names of no person are left out.

    Parameters
    ----------
    piece
        The narration.
    names
        The names in it.
    of_form
        The person that each form means.
    genders
        Each person's gender, where it is known already.
    """
    found: list[Ref] = []
    lower = piece.lower
    by_start = {_phrase_start(lower, name): name for name in names}
    i, size = 0, len(lower)
    while i < size:
        name = by_start.get(i)
        ref = _named(lower, i, name, of_form, genders) if name else _other(lower, i, by_start)
        if ref is None:
            i = name.end if name else i + 1
            continue
        found.append(ref)
        i = ref.end
    return found


def _phrase_start(lower: Sequence[str], name: Name) -> int:
    """Where the phrase around a name begins: *the Rabbit*, *poor old Mrs. Mingott*."""
    i = name.start
    while i > 0 and name.start - i < 3 and lower[i - 1] in _FOREWORDS:
        i -= 1
    return i


def _is_subject(lower: Sequence[str], start: int, end: int) -> bool:
    """Whether a verb follows, perhaps past a phrase between commas, or a verb of speech stands
    before."""
    if verb_follows(lower, end) or (start and lower[start - 1] in _REPORTING):
        return True
    if end < len(lower) and lower[end] == ",":
        for k in range(end + 2, min(len(lower) - 1, end + 16)):
            if lower[k] in _SENTENCE_ENDS:
                return False
            if lower[k] == ",":
                return verb_follows(lower, k + 1)
    return False


def _part_acts(lower: Sequence[str], start: int, noun: int) -> bool:
    """*Her voice shook*, *Tony's face fell*: at a clause's start a part acts for the whole."""
    if start and lower[start - 1][0].isalpha() and lower[start - 1] not in ("and", "but", "then"):
        return False
    for k in range(noun, min(noun + 3, len(lower) - 1)):
        if lower[k] in KINSHIP or (lower[k] in NOUN_GENDER and lower[k] != "voice"):
            return False
        if not lower[k][0].isalpha() or lower[k] in _STOPS:
            return False
        if verb_follows(lower, k + 1):
            return True
    return False


def _named(
    lower: Sequence[str], start: int, name: Name, of_form: Mapping[Form, int],
    genders: Sequence[Gender],
) -> Ref | None:  # fmt: skip
    person = of_form.get(name.form, -1)
    acts = name.is_possessive and _part_acts(lower, start, name.end + 1)
    if name.is_possessive and not acts:
        phrase = noun_phrase_at(lower, name.end)
        if phrase:
            end, noun = phrase
            gender = KINSHIP.get(noun, NOUN_GENDER.get(noun, Gender.UNKNOWN))
            subject = _is_subject(lower, start, end)
            if noun == "voice" and person >= 0:
                gender = genders[person] if genders else Gender.UNKNOWN
                return Ref(start, end, RefKind.NAME, person, gender, "", "", -1, subject, False)
            return Ref(start, end, RefKind.NOUN, -1, gender, noun, "'s", person, subject, False)
    if person < 0:
        return None
    gender = genders[person] if genders else Gender.UNKNOWN
    subject = acts or (not name.is_possessive and _is_subject(lower, start, name.end))
    return Ref(start, name.end, RefKind.NAME, person, gender, "", "", -1, subject,
               name.is_possessive and not acts)  # fmt: skip


def _other(lower: Sequence[str], i: int, by_start: Mapping[int, Name]) -> Ref | None:
    word = lower[i]
    if word == "it" and i + 1 < len(lower) and lower[i + 1] in _REPORTING:
        return Ref(i, i + 1, RefKind.PRONOUN, -1, Gender.NEUTRAL, "", "", -1, True, False)
    gender = _SUBJECT_PRONOUNS.get(word)
    if gender is not None:
        return Ref(i, i + 1, RefKind.PRONOUN, -1, gender, "", "", -1, True, False)
    if word in ("his", "her", "my") and _part_acts(lower, i, i + 1):
        kind = RefKind.FIRST if word == "my" else RefKind.PRONOUN
        owner = PRONOUN_GENDER.get(word, Gender.UNKNOWN)
        return Ref(i, i + 1, kind, -1, owner, "", "", -1, True, False)
    if word in _OWNERS or word in _ARTICLES:
        phrase = noun_phrase_at(lower, i)
        if phrase and not any(k in by_start for k in range(i + 1, phrase[0])):
            end, noun = phrase
            kin = KINSHIP.get(noun, NOUN_GENDER.get(noun, Gender.UNKNOWN))
            owned = end < len(lower) and lower[end] in POSSESSIVE
            if owned and lower[end + 1 : end + 2] == ["voice"]:  # *a man's voice said*
                end, owned = end + 2, False
            subject = not owned and _is_subject(lower, i, end)
            return Ref(i, end, RefKind.NOUN, -1, kin, noun, word, -1, subject, owned)
    if word in _BARE_ROLES and (not i or lower[i - 1] in _BEFORE_BARE):
        gender = KINSHIP.get(word, NOUN_GENDER.get(word, Gender.FEMALE))
        subject = _is_subject(lower, i, i + 1)
        return Ref(i, i + 1, RefKind.NOUN, -1, gender, word, "the", -1, subject, False)
    if word in PRONOUN_GENDER:
        return Ref(i, i + 1, RefKind.PRONOUN, -1, PRONOUN_GENDER[word], "", "", -1, False,
                   word in ("his", "her"))  # fmt: skip
    if word in _FIRST:
        return Ref(i, i + 1, RefKind.FIRST, -1, Gender.UNKNOWN, "", "", -1, word == "i",
                   word == "my")  # fmt: skip
    if word in _GROUPS:
        return Ref(i, i + 1, RefKind.GROUP, -1, Gender.UNKNOWN, "", "", -1, True, False)
    return None
