"""Cues: the reporting clauses and beats beside a quotation, and whom they name.

The order of words in English narration leaves few shapes: ``said X`` and ``X said`` after the
quotation, ``X said,`` before it, and a beat (*She laughed.*) on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from narrator.attribute.clauses import (
    adjacent_subject,
    main_subject,
    relative_subject,
    sentence_end,
    sentence_start,
    subject_at,
    words_between,
)
from narrator.attribute.grammar import is_adverb, is_verb, skip_adverbs
from narrator.attribute.lexicon import words
from narrator.attribute.mentions import Ref, RefKind
from narrator.attribute.tokens import Piece

__all__ = ["Cue", "Strength", "cue_above", "cue_after", "cue_before"]


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
_SAYING = words("saying")
_RESUMING = words("resuming")
_GESTURES = words("gestures")
_REPLIES = words("replies")
_BEING = frozenset("was were is had been has".split())
_QUOTES = frozenset('"“”«»‘’')
_LEADING = frozenset(", — – -- - ... … ) ’ ” » and but then so . ! ? : '".split())
_CONNECTING = frozenset("and but so while whereupon when as then".split())
_WHEN = frozenset("when as after before till until if though which whom".split())
_REACHING = frozenset("accosted hailed greeted addressed interrupted stopped checked met".split())
_SUBORDINATE = _WHEN | words("subordinators") | {"why", "who"}
_NEGATIVE = frozenset("not never nothing neither".split())
_AFTER_VERB = frozenset(
    "out up back on in off forth again at last to himself herself myself aloud".split()
)
_TELLING = frozenset("told asked warned begged informed reminded assured urged advised".split())
"""Before a quotation, whoever comes after these hears it."""
_OF_HIS_OWN = (["that"], ["no"], ["nothing"])
"""*Nora said no more*, *Nora replied that it was*: this is not the quotation's speaker."""
_ANNOUNCING = frozenset("spoke began interposed resumed continued interrupted intervened".split())
_ANNOUNCING_IN = frozenset("joined broke cut put struck".split())
_PERCEIVING = frozenset("heard hear hears saw".split())


def _is_speech(word: str) -> bool:
    return word in _SPEECH


def _refs_from(refs: Sequence[Ref]) -> dict[int, Ref]:
    return {ref.start: ref for ref in refs}


def cue_after(
    piece: Piece, refs: Sequence[Ref], *, is_open: bool, is_led_in: bool = False
) -> Cue | None:
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
    is_led_in
        A verb of speech right before the quotation has named its speaker: what follows is another
        clause (*and Freddy ran away*).
    """
    lower = piece.lower
    by_start = _refs_from(refs)
    first = next((word for word in lower if word[0].isalpha()), "")
    if is_led_in and first in _CONNECTING:
        return None
    is_open = is_open and not is_led_in
    i = 0
    while i < len(lower) and (lower[i] in _LEADING or (is_adverb(lower[i]) and i < 6)):
        i += 1
    end = sentence_end(lower, i)
    if i >= len(lower):
        return None
    if _is_speech(lower[i]) or (
        is_open and is_verb(lower[i]) and lower[i] not in words("auxiliaries")
    ):
        cue = _inverted(piece, i, end, by_start)
        if cue:
            return cue
    reply = _reply(piece, i, end, refs) or (_of_whom(piece, i, by_start) if is_open else None)
    if reply:
        return reply
    subject = subject_at(piece, i, by_start, unknown_nouns=is_open)
    if subject:
        return _direct(piece, subject, end, is_open, refs)
    for ref in refs:
        if ref.start >= end:
            break
        if ref.is_subject and ref.kind is not RefKind.GROUP:
            return Cue(ref, Strength.BEAT, words_between(piece, ref.start, min(ref.end + 2, end)))
    return None


def _heard(piece: Piece, verb: int, end: int, refs: Sequence[Ref]) -> Cue | None:
    """*he heard Katharine say*: the speaker is the one who is heard."""
    lower = piece.lower
    for ref in refs:
        if verb < ref.start < min(end, verb + 4) and ref.end < len(lower):
            k = skip_adverbs(lower, ref.end, 2)
            said = k < len(lower) and (_is_speech(lower[k]) or lower[k].endswith("ing"))
            if said and not ref.is_possessive:
                return Cue(ref, Strength.SAID, words_between(piece, verb, k + 1))
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
            return Cue(ref, Strength.SAID, words_between(piece, i, ref.end))
    return None


def _is_uttered(word: str) -> bool:
    return _is_speech(word) or word in ("uttered", "spoken", "voiced")


def _of_whom(piece: Piece, i: int, by_start: dict[int, Ref]) -> Cue | None:
    """*from Mr. Wilcox*, *was uttered by Captain Wentworth*, *had been Anne's reasoning*."""
    lower = piece.lower
    j = i
    while j < len(lower) and lower[j] in _BEING:
        j += 1
    is_passive = i < j < len(lower) - 1 and _is_uttered(lower[j]) and lower[j + 1] == "by"
    if lower[i] == "from" or is_passive:
        ref = by_start.get(i + 1 if lower[i] == "from" else j + 2)
        named = ref is not None and ref.kind is RefKind.NAME and not ref.is_possessive
    else:
        ref = by_start.get(j) if j > i else None
        named = ref is not None and ref.is_possessive and ref.kind is RefKind.NAME
    if ref is None or not named:
        return None
    return Cue(ref, Strength.SAID, words_between(piece, i, ref.end))


def _inverted(piece: Piece, verb: int, end: int, by_start: dict[int, Ref]) -> Cue | None:
    """*said Elizabeth*, *cried out the old man*, *said she softly*."""
    lower = piece.lower
    j = verb + 1
    while j < end and j <= verb + 3 and (lower[j] in _AFTER_VERB or is_adverb(lower[j])):
        if j in by_start and lower[j] not in ("himself", "herself", "myself"):
            break
        j += 1
    # *landed in the ditch*, *brought the answer*, *came a hoarse reply*: no one of that name.
    is_told = _is_speech(lower[verb]) or lower[verb] in _GESTURES
    subject = subject_at(piece, j, by_start, unknown_nouns=is_told)
    if subject is None:
        return None
    resumes = lower[verb] in _RESUMING
    owner = _voice_of(lower, subject, by_start)
    if owner:
        return Cue(owner, Strength.SAID, words_between(piece, verb, owner.end), resumes)
    return Cue(subject, Strength.SAID, words_between(piece, verb, subject.end), resumes)


def _voice_of(lower: Sequence[str], subject: Ref, by_start: dict[int, Ref]) -> Ref | None:
    """*exclaimed the voice of old Mr. Emerson*: whose voice it is."""
    if subject.noun != "voice" or lower[subject.end : subject.end + 1] != ["of"]:
        return None
    return next(
        (by_start[k] for k in range(subject.end + 1, subject.end + 4) if k in by_start), None
    )


def _direct(piece: Piece, subject: Ref, end: int, is_open: bool, refs: Sequence[Ref]) -> Cue | None:
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
        if not is_open and lower[j + 1 : j + 2] in _OF_HIS_OWN:
            return None  # it is the answer
        strong = lower[j] not in _GESTURES or is_open
        strength = Strength.SAID if strong else Strength.BEAT
        resumes = lower[j] in _RESUMING
        heard = _heard(piece, j, end, refs) if lower[j] in _PERCEIVING else None
        if heard:
            return heard
        return Cue(subject, strength, words_between(piece, subject.start, j + 1), resumes)
    if j < end and lower[j] in _PERCEIVING:
        heard = _heard(piece, j, end, refs)
        if heard:
            return heard
    if is_open and j < end and is_verb(lower[j]):
        return Cue(subject, Strength.SAID, words_between(piece, subject.start, j + 1))
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
                return Cue(subject, Strength.SAID, words_between(piece, subject.start, k + 2))
    return Cue(subject, Strength.BEAT, words_between(piece, subject.start, min(j + 1, end)))


def cue_before(piece: Piece, refs: Sequence[Ref]) -> Cue | None:
    """The cue in the last sentence of the narration that leads up to a quotation."""
    lower = piece.lower
    size = len(lower)
    while size and lower[size - 1] in _QUOTES:
        size -= 1
    if not size:
        return None
    leads = lower[size - 1] in (",", ":", "—", "–", "--", "-") or lower[size - 1][0].isalpha()
    start = sentence_start(lower, size - 1)
    inside = [ref for ref in refs if start <= ref.start < size]
    if leads:
        cue = _accosted(piece, inside, size) or _last_speech(
            piece, inside, start, size, {ref.start: ref for ref in inside}
        )
        if cue:
            return cue
    subject = main_subject(lower, inside, start)
    if subject is None:
        return None
    if start == 0 and _is_speech(lower[0]) and lower[subject.start - 1] in _WHEN:
        return None  # *said Mr. Bennet, when Elizabeth had read it,*
    strength = Strength.COLON if lower[size - 1] in (":", ",") else Strength.BEAT
    return Cue(subject, strength, words_between(piece, subject.start, min(subject.end + 2, size)))


def cue_above(piece: Piece, refs: Sequence[Ref], *, is_whole: bool) -> Cue | None:
    """The cue in a paragraph that ends by saying that somebody speaks: *Mrs. Hale began again.*

    Parameters
    ----------
    is_whole
        The piece begins its paragraph: its first sentence reports no quotation before it.
    """
    lower = piece.lower
    size = len(lower)
    while size and not lower[size - 1][0].isalpha():
        size -= 1
    verb = size - 1
    while verb > 0 and size - verb <= 2 and (lower[verb] in _AFTER_VERB or is_adverb(lower[verb])):
        verb -= 1
    breaks_in = lower[verb] in _ANNOUNCING_IN and lower[verb + 1 : verb + 2] == ["in"]
    if verb < 1 or not (breaks_in or lower[verb] in _ANNOUNCING):
        return None
    start = sentence_start(lower, verb)
    if not (start or is_whole):
        return None
    inside = [ref for ref in refs if start <= ref.start < verb]
    subject = adjacent_subject(piece, verb, inside, is_gerund=False)
    if subject is None or subject.kind is RefKind.GROUP:
        return None
    if subject.start > start and lower[subject.start - 1] in _SUBORDINATE:
        return None  # *They listened as she spoke.*
    if not _NEGATIVE.isdisjoint(lower[subject.end : verb]):
        return None
    return Cue(subject, Strength.COLON, words_between(piece, subject.start, size))


def _accosted(piece: Piece, inside: Sequence[Ref], size: int) -> Cue | None:
    """*he was thus accosted by Miss Bingley,*: whoever the passive names speaks."""
    lower = piece.lower
    ref = inside[-1] if inside else None
    if ref is None or ref.end != size - 1 or ref.is_possessive or ref.start < 2:
        return None
    by, verb = lower[ref.start - 1], lower[ref.start - 2]
    if by != "by" or not (_is_speech(verb) or verb in _REACHING):
        return None
    return Cue(ref, Strength.SAID, words_between(piece, ref.start - 2, ref.end))


def _last_speech(
    piece: Piece, inside: Sequence[Ref], start: int, size: int, by_start: dict[int, Ref]
) -> Cue | None:
    """The subject of the last verb of speech before a quotation."""
    lower = piece.lower
    is_led = start == 0 and (_is_speech(lower[0]) or piece.words[0][0].islower())
    for k in range(size - 1, max(start - 1, size - 40), -1):
        word = lower[k]
        is_last = k == size - 2 or (k == size - 3 and is_adverb(lower[k + 1]))
        is_gerund = word in _SAYING or (word.endswith("ing") and is_last)
        if not is_gerund and (not _is_speech(word) or _is_noun_use(lower, k)):
            continue
        resumes = word in _RESUMING
        before = adjacent_subject(piece, k, inside, is_gerund=is_gerund)
        if before is None and is_gerund and word not in _SAYING:
            continue
        if before and is_led and lower[before.start - 1] in _WHEN:
            continue  # *said Mr. Bennet, when Elizabeth had read it aloud,*
        if before:
            return Cue(before, Strength.SAID, words_between(piece, before.start, k + 1), resumes)
        after = subject_at(piece, k + 1, by_start, unknown_nouns=False)
        if after and after.end >= size - 4 and not is_gerund and word not in _TELLING:
            return Cue(after, Strength.SAID, words_between(piece, k, after.end), resumes)
        subject = relative_subject(lower, k, inside) or main_subject(
            lower, [ref for ref in inside if ref.start < k], start
        )
        if subject:
            text = f"{words_between(piece, subject.start, subject.end)} … {piece.words[k]}"
            return Cue(subject, Strength.SAID, text, resumes)
    return None


def _is_noun_use(lower: Sequence[str], k: int) -> bool:
    return k > 0 and lower[k - 1] in ("the", "a", "his", "her", "my", "of", "no", "to", "in", "an")
