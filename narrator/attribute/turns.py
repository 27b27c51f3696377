"""Turns: runs of speech that one person says, with the cues and vocatives that go with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from narrator.attribute.cues import Cue, Strength, cue_above, cue_after, cue_before
from narrator.attribute.mentions import Ref, RefKind
from narrator.attribute.tokens import Piece
from narrator.attribute.vocatives import Call
from narrator.model import Gender

__all__ = ["Turn", "find_turns"]


@dataclass(slots=True, kw_only=True)
class Turn:
    """What one person says without anyone else speaking in between."""

    pieces: list[int]
    """Positions in the list of pieces."""
    chapter: int
    paragraph: int
    last_paragraph: int
    said: list[Cue] = field(default_factory=list)
    """Cues, the plainest first."""
    calls: list[tuple[int, Call]] = field(default_factory=list)
    """Piece and vocative."""
    hearers: list[Ref] = field(default_factory=list)
    """Whom the cues say that it is said to."""
    is_labelled: bool = False
    """A name and a colon stand before it, as in a play or a chat: who says it may be elsewhere."""


_TRAILS_OPEN = frozenset({",", "—", "–", "--", "---", "-"})
_MOST_CUES = 8
_TOWARDS = frozenset(
    "to at asked told begged informed assured answered reminded warned interrupted addressed "
    "addressing teased towards toward".split()
)
_STOPS = frozenset({".", "!", "?", ";"})
_LEADS_IN = frozenset({":", ",", "—", "--"})
_CLOSERS = frozenset("\"”’»›」』'“‘«")


def find_turns(
    pieces: Sequence[Piece], refs: Sequence[Sequence[Ref]], calls: Sequence[Sequence[Call]]
) -> list[Turn]:
    """The turns of a book, in order."""
    turns: list[Turn] = []
    order = range(len(pieces))
    for _, group in groupby(
        order, key=lambda k: (pieces[k].segment.chapter, pieces[k].segment.paragraph)
    ):
        paragraph = list(group)
        if any(pieces[k].is_speech for k in paragraph):
            turns.extend(_turns_of(paragraph, pieces, refs, calls, turns))
    return turns


def _turns_of(
    paragraph: Sequence[int], pieces: Sequence[Piece], refs: Sequence[Sequence[Ref]],
    calls: Sequence[Sequence[Call]], earlier: Sequence[Turn],
) -> Iterator[Turn]:  # fmt: skip
    current: Turn | None = None
    if pieces[paragraph[0]].segment.continued and earlier:
        current = earlier[-1]
    own = current
    for k in paragraph:
        if not pieces[k].is_speech:
            continue
        segment = pieces[k].segment
        cues = _cues_of(k, paragraph, pieces, refs)
        if current is None or _parts(current, cues, refs):
            if current is not None and current is not own:
                yield current
            current = Turn(pieces=[], chapter=segment.chapter, paragraph=segment.paragraph,
                           last_paragraph=segment.paragraph,
                           is_labelled=k > paragraph[0] and pieces[k - 1].is_label)  # fmt: skip
        current.pieces.append(k)
        current.last_paragraph = segment.paragraph
        if len(current.said) < _MOST_CUES:
            current.said.extend(cue for cue in cues if cue not in current.said)
            current.hearers.extend(_hearers(cues, pieces, refs))
            current.said.sort(key=lambda cue: -cue.strength)
        current.calls.extend((k, call) for call in calls[k])
    if current is not None and current is not own:
        yield current


def _cues_of(
    k: int, paragraph: Sequence[int], pieces: Sequence[Piece], refs: Sequence[Sequence[Ref]]
) -> list[Cue]:
    """The cues of one quotation, the plainest first."""
    before = _cue_before(k, paragraph, pieces, refs)
    found: list[Cue] = []
    after = k + 1 if k + 1 <= paragraph[-1] and not pieces[k + 1].is_speech else None
    if after is None and k == paragraph[-1] and k + 1 < len(pieces):
        following = pieces[k + 1]
        if (
            not following.is_speech
            and following.words
            and following.words[0][0].islower()
            and _same_chapter(following, pieces[k])
        ):
            after = k + 1
    if after is not None and pieces[after].words:
        is_led_in = (
            before is not None
            and before.strength is Strength.SAID
            and _ends_open(pieces[before.piece])
        )
        cue = cue_after(
            pieces[after], refs[after], is_open=_is_open(pieces[k], pieces[after]),
            is_led_in=is_led_in,
        )  # fmt: skip
        if cue and not (is_led_in and _leads_on(after, paragraph, pieces)):
            found.append(cue._replace(piece=after))
    if before:
        found.append(before)
    return sorted(found, key=lambda cue: -cue.strength)


def _cue_before(
    k: int, paragraph: Sequence[int], pieces: Sequence[Piece], refs: Sequence[Sequence[Ref]]
) -> Cue | None:
    before = k - 1
    if before < 0 or pieces[before].is_speech or not pieces[before].words:
        return None
    last = pieces[before].lower[-1]
    leads_in = last in _LEADS_IN or last[0].isalpha()
    if before >= paragraph[0]:
        cue = cue_before(pieces[before], refs[before])
    elif not _same_chapter(pieces[before], pieces[k]):
        return None
    elif leads_in:
        cue = cue_before(pieces[before], refs[before])
    else:
        above = pieces[before - 1].segment if before else None
        is_whole = above is None or above.paragraph != pieces[before].segment.paragraph
        cue = cue_above(pieces[before], refs[before], is_whole=is_whole)
    return cue._replace(piece=before) if cue else None


def _ends_open(piece: Piece) -> bool:
    """Whether narration ends in a comma, a colon or a word, and so leads into what follows."""
    words = [word for word in piece.words[-3:] if word not in _CLOSERS]
    return bool(words) and (words[-1] in _LEADS_IN or words[-1][0].isalpha())


def _leads_on(after: int, paragraph: Sequence[int], pieces: Sequence[Piece]) -> bool:
    """Whether narration leads into the next quotation of its paragraph, in one sentence."""
    return after < paragraph[-1] and pieces[after + 1].is_speech and _ends_open(pieces[after])


def _hearers(
    cues: Sequence[Cue], pieces: Sequence[Piece], refs: Sequence[Sequence[Ref]]
) -> list[Ref]:
    """*said Elizabeth to Jane*, *he asked her*, *turning to Mrs. Bennet*: who is spoken to."""
    found: list[Ref] = []
    for cue in cues:
        lower = pieces[cue.piece].lower
        for ref in refs[cue.piece]:
            if ref.start <= cue.ref.start or ref.is_possessive or ref.kind is RefKind.GROUP:
                continue
            if any(word in _STOPS for word in lower[cue.ref.end : ref.start]):
                break
            if lower[ref.start - 1] in _TOWARDS:
                found.append(ref)
    return found


def _same_chapter(a: Piece, b: Piece) -> bool:
    return a.segment.chapter == b.segment.chapter


def _is_open(quote: Piece, after: Piece) -> bool:
    """Whether the sentence goes on past the quotation's end."""
    first = next((word for word in after.words if word[0].isalpha()), "")
    if first and first[0].islower():
        return True
    words = quote.words
    last = len(words) - 1
    while last > 0 and words[last] in _CLOSERS:
        last -= 1
    return last >= 0 and words[last] in _TRAILS_OPEN


def _turns_to_other(a: Cue, b: Cue, refs: Sequence[Sequence[Ref]]) -> bool:
    """Whether the *he* of the second cue is somebody whom the narration since the first has named.

    *“Wait!” cried Tom. He ran on. Max came after him. “Not so fast,” he called.*
    """
    if a.ref.kind is not RefKind.NAME or b.ref.kind is not RefKind.PRONOUN:
        return False
    if min(a.strength, b.strength) < Strength.SAID or a.ref.gender is not b.ref.gender:
        return False
    last = a.ref.person
    for piece in range(a.piece, b.piece + 1):
        for ref in refs[piece]:
            at = (piece, ref.start)
            is_between = (a.piece, a.ref.start) < at < (b.piece, b.ref.start)
            if is_between and ref.kind is RefKind.NAME and ref.is_subject:
                last = ref.person if ref.gender in (b.ref.gender, Gender.UNKNOWN) else last
    return last != a.ref.person


def _parts(turn: Turn, cues: Sequence[Cue], refs: Sequence[Sequence[Ref]]) -> bool:
    """Whether a quotation with `cues` is another's than the turn before it in the paragraph."""
    if not turn.said or not cues:
        return False
    a, b = turn.said[0], cues[0]
    if min(a.strength, b.strength) < Strength.COLON:
        return False
    if a.piece == b.piece and a.ref.start < b.ref.start and b.ref.kind is RefKind.NAME:
        # *she began; and May interposed*: no one is called *she* first and by name after.
        return a.ref.person != b.ref.person
    return _differ(a.ref, b.ref) or _turns_to_other(a, b, refs)


def _differ(a: Ref, b: Ref) -> bool:
    if a.kind is not b.kind:
        if Gender.UNKNOWN in (a.gender, b.gender):
            return RefKind.FIRST in (a.kind, b.kind)
        return a.gender is not b.gender
    if a.kind is RefKind.NAME:
        return a.person != b.person
    if a.kind is RefKind.NOUN:
        return a.noun != b.noun
    return a.gender is not b.gender
