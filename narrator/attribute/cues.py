"""Cues: the reporting clauses and beats beside a quotation, and whom they name.

The order of words in English narration leaves few shapes: ``said X`` and ``X said`` after the
quotation, ``X said,`` before it, and a beat (*She laughed.*) on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from narrator.attribute.grammar import is_adverb, is_verb, skip_adverbs
from narrator.attribute.lexicon import words
from narrator.attribute.mentions import Ref, RefKind, noun_phrase_at
from narrator.attribute.tokens import Piece
from narrator.model import Gender

__all__ = ["Cue", "Strength", "cue_after", "cue_before"]


class Strength(IntEnum):
    """How plainly a cue says who speaks."""

    NEAR = 1
    """Someone is named or does something close by."""
    BEAT = 2
    """Somebody acts in the sentence beside the quotation."""
    COLON = 3
    """The sentence leads into the quotation without a verb of speech."""
    SAID = 4
    """A verb of speech has this subject."""


class Cue(NamedTuple):
    """Who speaks, according to the narration beside a quotation."""

    ref: Ref
    strength: Strength
    text: str
    """The words that say so."""
    resumes: bool = False
    """The verb or the words before it say that the same person goes on."""
    piece: int = -1
    """The piece of narration that holds it."""


_SPEECH = words("speech_strong")
_WEAK = words("speech_weak")
_SAYING = frozenset(
    "saying asking adding crying calling whispering murmuring muttering shouting "
    "exclaiming remarking replying answering repeating observing declaring yelling "
    "telling begging continuing".split()
)
_STOPS = frozenset({".", "!", "?", "…", "...", "....", ";"})
_QUOTES = frozenset('"“”«»‘’')
_LEADING = frozenset(
    {
        ",",
        "—",
        "–",
        "--",
        "-",
        "...",
        "…",
        ")",
        "’",
        "”",
        "»",
        "and",
        "but",
        "then",
        "so",
        ".",
        "!",
        "?",
        ":",
        "'",
    }
)
_AFTER_VERB = frozenset(
    "out up back on in off forth again at last to himself herself myself aloud".split()
)
_RESUMING = frozenset(
    "continued continues resumed resumes added adds pursued proceeded persisted repeated repeats "
    "finished concluded went".split()
)
_PERCEIVING = frozenset("heard hear hears saw".split())
_GESTURES = _WEAK & frozenset(
    "put threw returned returns read reads related pressed offered offers pointed signed wrote writes "
    "beamed snorted snorts giggled giggles chuckled chuckles laughed laughs grinned grins smiled "
    "smiles nodded shrugged frowned winced sniffed sniffs coughed yawned yawns started starts broke "
    "finished ended ends stormed rattled rapped breathed breathes spat comforted mocked saluted".split()
)
"""Verbs that after a finished quotation are a beat: *He smiled.*"""
_REPLIES = frozenset(
    "reply answer response question observation remark words comment cry exclamation retort "
    "rejoinder verdict voice greeting whisper".split()
)
_SUBORDINATORS = frozenset(
    "which that though although while as if whom where because since than how whether what".split()
)


def _is_speech(word: str) -> bool:
    return word in _SPEECH


def _refs_from(refs: Sequence[Ref]) -> dict[int, Ref]:
    return {ref.start: ref for ref in refs}


def _words(piece: Piece, start: int, end: int) -> str:
    return " ".join(piece.words[start:end]).replace(" .", ".").replace(" ,", ",")


def _subject_at(
    piece: Piece, i: int, by_start: dict[int, Ref], *, unknown_nouns: bool
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
    if unknown_nouns and lower[i] in ("the", "a", "an", "another", "one"):
        return _unknown_noun(lower, i)
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


def _sentence_end(lower: Sequence[str], start: int) -> int:
    for k in range(start, len(lower)):
        if lower[k] in _STOPS and not (lower[k] == "." and k and lower[k - 1] in _ABBREVIATED):
            return k
    return len(lower)


_ABBREVIATED = frozenset("mr mrs ms dr st prof capt col lt sgt rev messrs mme mlle m".split())


def cue_after(piece: Piece, refs: Sequence[Ref], *, is_open: bool) -> Cue | None:
    """The cue at the beginning of the narration that follows a quotation.

    Parameters
    ----------
    piece
        The narration.
    refs
        Its references.
    is_open
        The quotation ended with a comma or the like, or the narration begins small: the sentence
        goes on, so even a verb that is no verb of speech reports it (*he grinned*).
    """
    lower = piece.lower
    by_start = _refs_from(refs)
    i = 0
    while i < len(lower) and (lower[i] in _LEADING or (is_adverb(lower[i]) and i < 6)):
        i += 1
    end = _sentence_end(lower, i)
    if i >= len(lower):
        return None
    if _is_speech(lower[i]) or (
        is_open and is_verb(lower[i]) and lower[i] not in words("auxiliaries")
    ):
        cue = _inverted(piece, i, end, by_start)
        if cue:
            return cue
    reply = _reply(piece, i, end, refs)
    if reply:
        return reply
    subject = _subject_at(piece, i, by_start, unknown_nouns=is_open)
    if subject:
        return _direct(piece, subject, end, is_open, refs)
    for ref in refs:
        if ref.start >= end:
            break
        if ref.is_subject and ref.kind is not RefKind.GROUP:
            return Cue(ref, Strength.BEAT, _words(piece, ref.start, min(ref.end + 2, end)))
    return None


def _heard(piece: Piece, verb: int, end: int, refs: Sequence[Ref]) -> Cue | None:
    """*he heard Katharine say*: the speaker is the one who is heard."""
    lower = piece.lower
    for ref in refs:
        if verb < ref.start < min(end, verb + 4) and ref.end < len(lower):
            k = skip_adverbs(lower, ref.end, 2)
            said = k < len(lower) and (_is_speech(lower[k]) or lower[k].endswith("ing"))
            if said and not ref.is_possessive:
                return Cue(ref, Strength.SAID, _words(piece, verb, k + 1))
    return None


def _reply(piece: Piece, i: int, end: int, refs: Sequence[Ref]) -> Cue | None:
    """*was his next observation*, *came the voice of Aziz*, *was Mrs. Allen's reply*."""
    lower = piece.lower
    stop = min(end, i + 9)
    verb = lower[i] in ("was", "came", "were", "is") or _is_speech(lower[i])
    if not verb or not any(word in _REPLIES for word in lower[i:stop]):
        return None
    for ref in refs:
        if i < ref.start < stop and (ref.is_possessive or lower[ref.start - 1] == "of"):
            return Cue(ref, Strength.SAID, _words(piece, i, ref.end))
    return None


def _inverted(piece: Piece, verb: int, end: int, by_start: dict[int, Ref]) -> Cue | None:
    """*said Elizabeth*, *cried out the old man*, *said she softly*."""
    lower = piece.lower
    j = verb + 1
    while j < end and j <= verb + 3 and (lower[j] in _AFTER_VERB or is_adverb(lower[j])):
        if j in by_start and lower[j] not in ("himself", "herself", "myself"):
            break
        j += 1
    subject = _subject_at(piece, j, by_start, unknown_nouns=True)
    if subject is None:
        return None
    resumes = lower[verb] in _RESUMING
    return Cue(subject, Strength.SAID, _words(piece, verb, subject.end), resumes)


def _direct(piece: Piece, subject: Ref, end: int, is_open: bool, refs: Sequence[Ref]) -> Cue:
    """*Elizabeth said*, *Mr. Bennet, smiling, replied*; or a beat if no verb of speech follows."""
    lower = piece.lower
    j = skip_adverbs(lower, subject.end, 3)
    if (
        j < end
        and lower[j] in ("had", "would", "could", "has")
        and j + 1 < end
        and _is_speech(lower[j + 1])
    ):
        j += 1
    if j < end and _is_speech(lower[j]):
        strong = lower[j] not in _GESTURES or is_open
        strength = Strength.SAID if strong else Strength.BEAT
        resumes = lower[j] in _RESUMING
        heard = _heard(piece, j, end, refs) if lower[j] in _PERCEIVING else None
        if heard:
            return heard
        return Cue(subject, strength, _words(piece, subject.start, j + 1), resumes)
    if j < end and lower[j] in _PERCEIVING:
        heard = _heard(piece, j, end, refs)
        if heard:
            return heard
    if is_open and j < end and is_verb(lower[j]):
        return Cue(subject, Strength.SAID, _words(piece, subject.start, j + 1))
    if j < end and lower[j] == ",":
        for k in range(j + 1, min(end, j + 16)):
            if (
                lower[k] == ","
                and k + 1 < end
                and _is_speech(
                    lower[skip_adverbs(lower, k + 1, 2)]
                    if skip_adverbs(lower, k + 1, 2) < end
                    else ""
                )
            ):
                return Cue(subject, Strength.SAID, _words(piece, subject.start, k + 2))
    return Cue(subject, Strength.BEAT, _words(piece, subject.start, min(j + 1, end)))


def cue_before(piece: Piece, refs: Sequence[Ref]) -> Cue | None:
    """The cue in the last sentence of the narration that leads up to a quotation."""
    lower = piece.lower
    size = len(lower)
    while size and lower[size - 1] in _QUOTES:
        size -= 1
    if not size:
        return None
    leads = lower[size - 1] in (",", ":", "—", "–", "--", "-") or lower[size - 1][0].isalpha()
    start = _sentence_start(lower, size - 1)
    inside = [ref for ref in refs if start <= ref.start < size]
    if leads:
        cue = _last_speech(piece, inside, start, size, {ref.start: ref for ref in inside})
        if cue:
            return cue
    subject = _main_subject(lower, inside, start)
    if subject is None:
        return None
    strength = Strength.COLON if lower[size - 1] in (":", ",") else Strength.BEAT
    return Cue(subject, strength, _words(piece, subject.start, min(subject.end + 2, size)))


def _sentence_start(lower: Sequence[str], last: int) -> int:
    for k in range(last - 1, -1, -1):
        if lower[k] in _STOPS and not (lower[k] == "." and k and lower[k - 1] in _ABBREVIATED):
            return k + 1
    return 0


def _last_speech(
    piece: Piece, inside: Sequence[Ref], start: int, size: int, by_start: dict[int, Ref]
) -> Cue | None:
    """The subject of the last verb of speech before a quotation."""
    lower = piece.lower
    for k in range(size - 1, max(start - 1, size - 40), -1):
        word = lower[k]
        is_gerund = word in _SAYING or (word.endswith("ing") and k == size - 2)
        if not is_gerund and (not _is_speech(word) or _is_noun_use(lower, k)):
            continue
        resumes = word in _RESUMING
        before = _adjacent_subject(piece, k, inside, is_gerund=is_gerund)
        if before is None and is_gerund and word not in _SAYING:
            continue
        if before:
            return Cue(before, Strength.SAID, _words(piece, before.start, k + 1), resumes)
        after = _subject_at(piece, k + 1, by_start, unknown_nouns=False)
        if after and after.end >= size - 4 and not is_gerund:
            return Cue(after, Strength.SAID, _words(piece, k, after.end), resumes)
        subject = _relative(lower, k, inside) or _main_subject(
            lower, [ref for ref in inside if ref.start < k], start
        )
        if subject:
            text = f"{_words(piece, subject.start, subject.end)} … {piece.words[k]}"
            return Cue(subject, Strength.SAID, text, resumes)
    return None


def _relative(lower: Sequence[str], verb: int, inside: Sequence[Ref]) -> Ref | None:
    """*Isabella, who in great spirits exclaimed*: whom the nearest *who* goes with."""
    for k in range(verb - 1, max(0, verb - 12), -1):
        if lower[k] in _STOPS or is_verb(lower[k]):
            return None
        if lower[k] == "who":
            return next((r for r in reversed(inside) if r.end in (k, k - 1)), None)
    return None


def _main_subject(lower: Sequence[str], refs: Sequence[Ref], start: int) -> Ref | None:
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


def _is_noun_use(lower: Sequence[str], k: int) -> bool:
    return k > 0 and lower[k - 1] in ("the", "a", "his", "her", "my", "of", "no", "to", "in", "an")


def _adjacent_subject(
    piece: Piece, verb: int, inside: Sequence[Ref], *, is_gerund: bool
) -> Ref | None:
    """The reference that ends right before `verb`; adverbs, auxiliaries and a phrase between
    commas may stand between."""
    lower = piece.lower
    j = verb
    while j > 0 and (is_adverb(lower[j - 1]) or lower[j - 1] in _BETWEEN):
        j -= 1
    found = _ending_at(inside, j, lower, is_gerund)
    if found or not j or lower[j - 1] != ",":
        return found
    k = j - 2
    while k > 0 and j - k < 24:
        if lower[k] == ",":
            found = _ending_at(inside, k, lower, False)
            if found:
                return found
        k -= 1
    return None


_BETWEEN = frozenset("had would was has is who".split())


def _ending_at(
    inside: Sequence[Ref], end: int, lower: Sequence[str], is_gerund: bool
) -> Ref | None:
    """The nominative reference that ends at token `end`; before a gerund, a possessive one."""
    for ref in reversed(inside):
        if (
            ref.end == end
            and not ref.is_possessive
            and lower[ref.start] not in ("him", "her", "me")
        ):
            return ref
        if is_gerund and ref.end == end - 1 and ref.is_possessive:
            return ref
    return None


def phrase_of(piece: Piece, ref: Ref) -> str:
    """The words of a reference as written."""
    return _words(piece, ref.start, ref.end)


def is_noun_phrase(lower: Sequence[str], i: int) -> bool:
    """Whether a phrase for a person begins at `i`."""
    return noun_phrase_at(lower, i) is not None
