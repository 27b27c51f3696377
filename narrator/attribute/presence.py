"""Who is there: how strongly each person is in the reader's mind at each turn.

Every mention adds to a person's weight, every paragraph lets it fade. Run forwards it says who has
been there, run backwards who is about to be named. The same walk settles whom each *he* and *she*
of the narration means: the weightiest person of that gender.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from narrator.attribute.lexicon import KINSHIP
from narrator.attribute.mentions import Ref, RefKind
from narrator.attribute.reading import Reading, role_key
from narrator.model import Gender

__all__ = ["Presence", "measure_presence"]

_FADE = 0.85
"""What is left of a weight one paragraph later."""
_FOCUS_FADE = 0.3
"""The same for focus, which is on whoever the last sentences were about."""
_SENTENCE_FADE = 0.7
"""The same for focus, one sentence later."""
_SCENE_FADE = 0.1
_ENDS = frozenset({".", "!", "?", ";"})
_FAINT = 0.01
_SUBJECT, _OBJECT, _OWNER = 1.5, 0.9, 0.6
_PRONOUN = 0.7
_STANDING = 0.15
"""How much the root of presence counts beside focus for whom a pronoun means: who has been there
for pages is not ten times as likely as who has for one."""
_DEFAULT = 0.12
"""What the foremost person of a gender weighs where nobody who fits has been named."""
_SPEAKER = 1.6
_CALLED, _SPOKEN_OF = 0.7, 0.15


@dataclass(slots=True, kw_only=True)
class Presence:
    """The result of the walk."""

    before: list[dict[int, float]] = field(default_factory=list)
    """For each turn, persons' weights as it begins."""
    focus: list[dict[int, float]] = field(default_factory=list)
    """The same with a memory of a paragraph or two: whom the last sentences were about."""
    after: list[dict[int, float]] = field(default_factory=list)
    """For each turn, persons' weights as seen from what follows."""
    spoke_before: list[dict[int, float]] = field(default_factory=list)
    """For each turn, how much each person has just spoken."""
    spoke_after: list[dict[int, float]] = field(default_factory=list)
    """For each turn, how much each person is about to speak."""
    meant: dict[tuple[int, int], int] = field(default_factory=dict)
    """The person that the reference at (piece, token) means."""


Speakers = Sequence[Mapping[int, float]]


def measure_presence(reading: Reading, speakers: Speakers) -> Presence:
    """Walk over the book both ways.

    Parameters
    ----------
    reading
        The book.
    speakers
        For each turn, what is known so far of who says it: probabilities by person; may be empty.
    """
    found = Presence()
    events = _events(reading, speakers, found)
    found.after = _backwards(reading, events)
    found.spoke_before = _spoken(reading, speakers, range(len(reading.turns)))
    found.spoke_after = _spoken(reading, speakers, range(len(reading.turns) - 1, -1, -1))
    return found


Event = tuple[int, int, float]
"""Piece, person, weight."""


def _turn_of_piece(reading: Reading) -> dict[int, int]:
    return {k: t for t, turn in enumerate(reading.turns) for k in turn.pieces}


def _fade(weights: dict[int, float], factor: float) -> dict[int, float]:
    return {p: w * factor for p, w in weights.items() if w * factor > _FAINT}


def _events(reading: Reading, speakers: Speakers, found: Presence) -> list[list[tuple[int, float]]]:
    """Forward walk: fills `before` and `meant`; each piece's (person, weight) events."""
    turn_of = _turn_of_piece(reading)
    weights: dict[int, float] = {}
    focus: dict[int, float] = {}
    events: list[list[tuple[int, float]]] = []
    paragraph, scene = 0, 0
    for k, piece in enumerate(reading.pieces):
        if reading.paragraphs[k] != paragraph:
            cut = 1.0 if reading.scenes[k] == scene else _SCENE_FADE
            steps = min(reading.paragraphs[k] - paragraph, 40)
            weights, focus = (
                _fade(weights, _FADE**steps * cut),
                _fade(focus, _FOCUS_FADE**steps * cut),
            )
            paragraph, scene = reading.paragraphs[k], reading.scenes[k]
        if piece.is_speech:
            t = turn_of[k]
            if t == len(found.before):
                found.before.append(dict(weights))
                found.focus.append(dict(focus))
            is_there = not reading.turns[t].is_labelled
            here = _speech_events(reading, k) if is_there else []
            if is_there and k == reading.turns[t].pieces[-1] and speakers:
                spoke = [(p, _SPEAKER * prob) for p, prob in speakers[t].items() if prob > 0.05]
                here.extend(spoke)
                _add(focus, spoke)
            _add(weights, here)
        else:
            here = _narration_events(reading, k, weights, focus, found)
        events.append(here)
    return events


def _add(weights: dict[int, float], events: Sequence[tuple[int, float]]) -> None:
    for person, weight in events:
        weights[person] = weights.get(person, 0.0) + weight


def _speech_events(reading: Reading, k: int) -> list[tuple[int, float]]:
    called = {call.name for call in reading.calls[k]}
    return [
        (reading.of_form[name.form], _CALLED if i in called else _SPOKEN_OF)
        for i, name in enumerate(reading.names[k])
        if name.form in reading.of_form
    ]


def _narration_events(
    reading: Reading, k: int, weights: dict[int, float], focus: dict[int, float], found: Presence
) -> list[tuple[int, float]]:
    here: list[tuple[int, float]] = []
    if reading.pieces[k].is_label:
        return here
    chapter, lower = reading.pieces[k].segment.chapter, reading.pieces[k].lower
    at = 0
    for ref in reading.refs[k]:
        if not _ENDS.isdisjoint(lower[at : ref.start]):
            for one in focus:
                focus[one] *= _SENTENCE_FADE
        at = ref.start
        person = _resolve(reading, ref, chapter, weights, focus)
        if person < 0:
            continue
        weight = _SUBJECT if ref.is_subject else _OWNER if ref.is_possessive else _OBJECT
        if ref.kind is not RefKind.NAME:
            weight *= _PRONOUN
        found.meant[k, ref.start] = person
        here.append((person, weight))
        _add(weights, here[-1:])
        _add(focus, here[-1:])
    return here


def _resolve(
    reading: Reading, ref: Ref, chapter: int, weights: Mapping[int, float],
    focus: Mapping[int, float],
) -> int:  # fmt: skip
    if ref.kind is RefKind.NAME:
        return ref.person
    if ref.kind is RefKind.FIRST:
        return reading.narrator
    if ref.kind is RefKind.NOUN:
        if ref.noun in KINSHIP or ref.owner in ("another", "that"):
            return -1
        return reading.roles.get(role_key(chapter, ref), -1)
    if ref.kind is not RefKind.PRONOUN:
        return -1
    best = reading.main_of.get(ref.gender, -1)
    most = _DEFAULT
    for person, weight in weights.items():
        if person == reading.narrator:
            continue
        gender = reading.persons[person].gender
        if gender is not ref.gender:
            if gender is not Gender.UNKNOWN:
                continue
            weight *= 0.5
        weight = focus.get(person, 0.0) + _STANDING * sqrt(weight)
        if weight > most:
            best, most = person, weight
    return best


def _backwards(
    reading: Reading, events: Sequence[Sequence[tuple[int, float]]]
) -> list[dict[int, float]]:
    last_piece = {turn.pieces[-1]: t for t, turn in enumerate(reading.turns)}
    found: list[dict[int, float]] = [{} for _ in reading.turns]
    weights: dict[int, float] = {}
    paragraph = reading.paragraphs[-1] if reading.paragraphs else 0
    scene = reading.scenes[-1] if reading.scenes else 0
    for k in range(len(reading.pieces) - 1, -1, -1):
        if reading.paragraphs[k] != paragraph:
            cut = 1.0 if reading.scenes[k] == scene else _SCENE_FADE
            weights = _fade(weights, _FADE ** min(paragraph - reading.paragraphs[k], 40) * cut)
            paragraph, scene = reading.paragraphs[k], reading.scenes[k]
        if k in last_piece:
            found[last_piece[k]] = dict(weights)
        _add(weights, events[k])
    return found


def _spoken(reading: Reading, speakers: Speakers, order: range) -> list[dict[int, float]]:
    """How much each person has spoken before each turn, in the sense of `order`."""
    found: list[dict[int, float]] = [{} for _ in reading.turns]
    weights: dict[int, float] = {}
    paragraph = scene = -1
    for t in order:
        k = reading.turns[t].pieces[0]
        cut = 1.0 if reading.scenes[k] == scene else _SCENE_FADE
        weights = _fade(weights, _FADE ** min(abs(reading.paragraphs[k] - paragraph), 40) * cut)
        paragraph, scene = reading.paragraphs[k], reading.scenes[k]
        found[t] = dict(weights)
        if speakers and not reading.turns[t].is_labelled:
            _add(weights, [(p, chance) for p, chance in speakers[t].items() if chance > 0.05])
    return found
