"""Why a line is given to its speaker, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from narrator.attribute.cues import Strength
from narrator.attribute.mentions import RefKind
from narrator.attribute.naming import display_name
from narrator.attribute.pointing import cue_person
from narrator.attribute.reading import Reading

__all__ = ["explain", "explain_others"]

_FAR_PARAGRAPHS = 3


def explain(reading: Reading, speakers: Sequence[int]) -> list[str]:
    """A reason for each turn."""
    counts = Counter(name.form for here in reading.names for name in here)
    shown = {p: display_name(reading, p, counts) for p in set(speakers) if p >= 0}
    places = _places(reading)
    found = []
    for t, person in enumerate(speakers):
        if person < 0:
            found.append("nobody is near who could say it")
            continue
        found.append(_cue_reason(reading, t, person) or _turn_reason(speakers, shown, places, t))
    return found


def explain_others(
    reading: Reading, speakers: Sequence[int], others: Sequence[Sequence[int]]
) -> list[dict[int, tuple[str, str]]]:
    """For each turn, the name of each of the `others` who may say it, and what speaks for them."""
    counts = Counter(name.form for here in reading.names for name in here)
    everyone = {p for row in others for p in row} | {p for p in speakers if p >= 0}
    shown = {p: display_name(reading, p, counts) for p in sorted(everyone)}
    found: list[dict[int, tuple[str, str]]] = []
    for t, row in enumerate(others):
        called = _called_before(reading, t)
        found.append(
            {
                p: (shown[p], _cue_reason(reading, t, p) or _near_reason(speakers, called, t, p))
                for p in row
            }
        )
    return found


def _called_before(reading: Reading, t: int) -> set[int]:
    if not t or reading.turns[t - 1].chapter != reading.turns[t].chapter:
        return set()
    return {
        reading.of_form.get(reading.names[k][call.name].form, -1)
        for k, call in reading.turns[t - 1].calls
        if call.name >= 0
    }


def _near_reason(speakers: Sequence[int], called: set[int], t: int, person: int) -> str:
    if person in called:
        return "was spoken to just before"
    if t and speakers[t - 1] == person:
        return "spoke just before"
    if t > 1 and speakers[t - 2] == person:
        return "spoke before last"
    if t + 1 < len(speakers) and speakers[t + 1] == person:
        return "speaks next"
    return "is near"


def _cue_reason(reading: Reading, t: int, person: int) -> str:
    turn = reading.turns[t]
    for cue in turn.said:
        told = cue_person(reading, turn, cue)
        if told == person:
            verb = "named by" if cue.strength >= Strength.COLON else "beside"
            return f'{verb} "{cue.text}"'
        if (
            told < 0
            and cue.ref.kind is RefKind.PRONOUN
            and cue.ref.gender is reading.persons[person].gender
        ):
            return f'fits "{cue.text}"'
        if cue.ref.kind is RefKind.NOUN:
            return f'may be meant by "{cue.text}"'
    return ""


def _places(reading: Reading) -> list[tuple[int, int]]:
    """For each turn its number within its conversation, and the turns of that conversation."""
    runs: list[list[int]] = []
    for t, turn in enumerate(reading.turns):
        gap = 99
        if t and reading.turns[t - 1].chapter == turn.chapter:
            gap = (
                reading.paragraphs[turn.pieces[0]]
                - reading.paragraphs[reading.turns[t - 1].pieces[-1]]
            )
        if gap > _FAR_PARAGRAPHS or not runs:
            runs.append([])
        runs[-1].append(t)
    return [(n, len(run)) for run in runs for n, _ in enumerate(run, 1)]


def _turn_reason(
    speakers: Sequence[int], shown: Mapping[int, str], places: Sequence[tuple[int, int]], t: int
) -> str:
    number, size = places[t]
    if number > 1 and speakers[t - 1] >= 0 and speakers[t - 1] != speakers[t]:
        return f"answers {shown[speakers[t - 1]]}, turn {number} of {size}"
    if number > 1 and speakers[t - 1] == speakers[t]:
        return f"goes on speaking, turn {number} of {size}"
    return f"is nearest, turn {number} of {size}"
