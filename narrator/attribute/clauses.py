"""Clauses of narration: where a sentence ends, and which reference in it is the subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from narrator.attribute.grammar import is_adverb, is_verb
from narrator.attribute.lexicon import KINSHIP, words
from narrator.attribute.mentions import Ref, RefKind
from narrator.attribute.tokens import POSSESSIVE, Piece
from narrator.model import Gender

__all__ = [
    "adjacent_subject",
    "main_subject",
    "relative_subject",
    "sentence_end",
    "sentence_start",
    "subject_at",
    "words_between",
]

_SPEECH = words("speech_strong")
_SUBORDINATORS = words("subordinators")
_STOPS = frozenset({".", "!", "?", "…", "...", "....", ";"})
_ABBREVIATED = frozenset("mr mrs ms dr st prof capt col lt sgt rev messrs mme mlle m".split())


_NO_ADJECTIVES = (
    words("prepositions") | words("clause_links") | words("auxiliaries") | KINSHIP.keys()
    | frozenset("and or but nor his her my its their our your me him them us it".split())
)  # fmt: skip
_ACCUSATIVE = frozenset(("him", "her", "me"))
_BETWEEN = frozenset("had would was has is who".split())


def words_between(piece: Piece, start: int, end: int) -> str:
    """Tokens ``[start, end)`` as a reader would write them."""
    return " ".join(piece.words[start:end]).replace(" .", ".").replace(" ,", ",")


def subject_at(
    piece: Piece, i: int, by_start: Mapping[int, Ref], *, unknown_nouns: bool
) -> Ref | None:
    """The reference that begins at token `i`, where a subject may stand."""
    ref = by_start.get(i)
    if ref is not None:
        bare = ref.kind is RefKind.PRONOUN and piece.lower[i] not in ("he", "she", "it")
        return None if bare or ref.is_possessive or piece.lower[i] in ("me", "my") else ref
    lower = piece.lower
    if i >= len(lower):
        return None
    if lower[i] in words("groups") or lower[i] in ("someone", "somebody"):
        return Ref(i, i + 1, RefKind.GROUP, -1, Gender.UNKNOWN, lower[i], "", -1, True, False)
    if unknown_nouns and (named := _described(lower, i, by_start)) is not None:
        return named
    if unknown_nouns and lower[i] in ("the", "a", "an", "another", "one"):
        return _unknown_noun(lower, i)
    return None


def _described(lower: Sequence[str], i: int, by_start: Mapping[int, Ref]) -> Ref | None:
    """*the gallant Mr. Elton*, *dour Major Callendar*: a name behind its adjectives."""
    for k in range(i, min(i + 4, len(lower))):
        ref = by_start.get(k)
        if ref is not None:
            is_name = ref.kind is RefKind.NAME and not ref.is_possessive
            return ref if is_name and k > i else None
        if not lower[k][0].isalpha() or lower[k] in _NO_ADJECTIVES:
            return None
        if is_adverb(lower[k]) and lower[k] not in ("more", "most", "ever"):
            return None
    return None


def _unknown_noun(lower: Sequence[str], i: int) -> Ref | None:
    """*the hatter*: a noun that the tables do not hold becomes a person by speaking."""
    k = i + 1
    breaks = words("prepositions") | words("clause_links") | words("auxiliaries")
    while k < len(lower) and k < i + 5 and lower[k][0].isalpha():
        if lower[k] in breaks or (k > i + 1 and (is_adverb(lower[k]) or lower[k] in _SPEECH)):
            break
        k += 1
    if k == i + 1:
        return None
    return Ref(i, k, RefKind.NOUN, -1, Gender.UNKNOWN, lower[k - 1], "the", -1, True, False)


def sentence_end(lower: Sequence[str], start: int) -> int:
    """Where the sentence that holds token `start` ends."""
    for k in range(start, len(lower)):
        if lower[k] in _STOPS and not (lower[k] == "." and k and lower[k - 1] in _ABBREVIATED):
            return k
    return len(lower)


def sentence_start(lower: Sequence[str], last: int) -> int:
    """Where the sentence that holds token `last` begins."""
    for k in range(last - 1, -1, -1):
        if lower[k] in _STOPS and not (lower[k] == "." and k and lower[k - 1] in _ABBREVIATED):
            return k + 1
    return 0


def relative_subject(lower: Sequence[str], verb: int, inside: Sequence[Ref]) -> Ref | None:
    """*Isabella, who in great spirits exclaimed*: whom the nearest *who* goes with."""
    for k in range(verb - 1, max(0, verb - 12), -1):
        if lower[k] in _STOPS or is_verb(lower[k]):
            return None
        if lower[k] == "who":
            return next((r for r in reversed(inside) if r.end in (k, k - 1)), None)
    return None


def main_subject(lower: Sequence[str], refs: Sequence[Ref], start: int) -> Ref | None:
    """The last subject that no *which*, *though* or *as* makes a subordinate clause's."""
    nominative = [
        ref for ref in refs
        if not ref.is_possessive and ref.kind is not RefKind.GROUP
        and (ref.is_subject or ref.start == start)
    ]  # fmt: skip
    for ref in reversed(nominative):
        if ref.start == 0 or lower[ref.start - 1] not in _SUBORDINATORS:
            return ref
    if nominative:
        return nominative[0]
    free = [
        ref for ref in refs
        if ref.kind is RefKind.NAME and not ref.is_possessive
        and (ref.start == start or lower[ref.start - 1] not in words("prepositions"))
    ]  # fmt: skip
    return free[0] if free else None


def adjacent_subject(
    piece: Piece, verb: int, inside: Sequence[Ref], *, is_gerund: bool
) -> Ref | None:
    """The reference that ends right before `verb`; adverbs, auxiliaries and a phrase between
    commas may stand between."""
    lower = piece.lower
    j = verb
    while j > 0 and (is_adverb(lower[j - 1]) or lower[j - 1] in _BETWEEN):
        j -= 1
    found = _ending_at(inside, j, lower, is_gerund)
    if is_gerund and lower[max(0, j - 2) : j] == [",", "and"]:
        # *without Mr. Woodhouse's giving a sigh, and saying*: both are his.
        found = found or next((r for r in reversed(inside) if _owns_gerund(lower, r, j)), None)
    if found or not j or lower[j - 1] != ",":
        return found
    if is_gerund:
        # *before Thorpe came running upstairs, calling out*: the subject of the clause before.
        # *Mrs. Reynolds replied that he was, adding*: not that of what is reported.
        acting = [
            r
            for r in inside
            if r.end < j and r.is_subject and not r.is_possessive
            and lower[r.start] not in _ACCUSATIVE
            and "that" not in lower[max(0, r.start - 1) : r.start + 1]
        ]  # fmt: skip
        if acting:
            return acting[-1]
    k = j - 2
    while k > 0 and j - k < 24:
        if lower[k] == ",":
            found = _ending_at(inside, k, lower, False)
            # *when Tom had gone for the maid, he shut the door, and, turning round, said*
            if found and (not found.start or lower[found.start - 1] not in words("prepositions")):
                return found
        k -= 1
    return None


def _owns_gerund(lower: Sequence[str], ref: Ref, before: int) -> bool:
    """*Mr. Woodhouse's giving*"""
    is_owner = ref.is_possessive and ref.end + 1 < before and lower[ref.end] in POSSESSIVE
    return is_owner and lower[ref.end + 1].endswith("ing")


def _ending_at(
    inside: Sequence[Ref], end: int, lower: Sequence[str], is_gerund: bool
) -> Ref | None:
    """The nominative reference that ends at token `end`; before a gerund, a possessive one or the
    one who is heard (*Tom heard her saying*)."""
    for ref in reversed(inside):
        is_subject = not ref.is_possessive and lower[ref.start] not in _ACCUSATIVE
        if ref.end == end and (is_subject or (is_gerund and ref.end == ref.start + 1)):
            return ref
        if is_gerund and ref.end == end - 1 and ref.is_possessive and lower[end - 1] != ",":
            return ref
    return None
