"""What there is to review in a script: doubtful lines, who may say them, and where they stand."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from narrator.cast import SPEECH
from narrator.castfile import Correction
from narrator.corrections import corrections_of
from narrator.model import NARRATOR, Candidate, Script, SegmentKind

__all__ = [
    "Item",
    "Run",
    "corrections_for",
    "exchange_of",
    "expected_wrong",
    "item_ids",
    "items_of",
    "known_name",
    "options_for",
    "passage",
    "whole_name",
]

_MOST_OPTIONS = 9
_EXCHANGE_GAP = 2
"""Paragraphs of narration that an exchange bears between two of its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What somebody says in one go, perhaps with a cue in between: the lines are decided together.

    Cut only by narration within its paragraph, or carried on over the paragraphs of one quotation.
    """

    lines: tuple[int, ...]
    """Indices into `Script.lines`."""
    chapter: int
    first_paragraph: int
    last_paragraph: int
    speaker: str | None
    confidence: float
    """Of the least sure of its lines."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a passage."""

    text: str
    is_quote: bool
    """It is what the item says."""


def known_name(script: Script, name: str) -> str | None:
    """What a character is called whose name or alias is `name`, however that is written."""
    wanted = name.casefold()
    for character in script.characters:
        if wanted == character.name.casefold():
            return character.name
    return next(
        (c.name for c in script.characters if wanted in (a.casefold() for a in c.aliases)), None
    )


def whole_name(script: Script, name: str) -> str | None:
    """The only name of a character that has all words of `name`, and more; None for none."""
    wanted = set(name.casefold().split())
    if known_name(script, name) is not None or not wanted:
        return None
    found = {
        character.name
        for character in script.characters
        if any(wanted < set(n.casefold().split()) for n in (character.name, *character.aliases))
    }
    return found.pop() if len(found) == 1 else None


def items_of(script: Script) -> tuple[Item, ...]:
    """Everything that somebody says, in the order of the story."""
    found: list[Item] = []
    for k, line in enumerate(script.lines):
        segment = line.segment
        if segment.kind not in SPEECH:
            continue
        last = found[-1] if found else None
        joins = (
            last is not None
            and last.chapter == segment.chapter
            and last.speaker == line.speaker
            and (last.last_paragraph == segment.paragraph or segment.continued)
        )
        lines: tuple[int, ...] = (k,)
        first, sure = segment.paragraph, line.confidence
        if last is not None and joins:
            lines, first = (*last.lines, k), last.first_paragraph
            sure = min(sure, last.confidence)
            found.pop()
        found.append(
            Item(
                lines=lines,
                chapter=segment.chapter,
                first_paragraph=first,
                last_paragraph=segment.paragraph,
                speaker=line.speaker,
                confidence=sure,
            )
        )
    return tuple(found)


def expected_wrong(script: Script) -> float:
    """How many lines of speech are likely to be given to the wrong speaker."""
    return sum(1.0 - line.confidence for line in script.lines if line.segment.kind in SPEECH)


def options_for(script: Script, item: Item) -> tuple[Candidate, ...]:
    """Who may say an item: its speaker first, then the likeliest, then the rest of the cast."""
    names = {character.id: character.name for character in script.characters}
    lines = [script.lines[k] for k in item.lines]
    doubtful = min(lines, key=lambda line: line.confidence)
    found: list[Candidate] = []
    if item.speaker is not None and item.speaker != NARRATOR:
        found.append(
            Candidate(
                speaker=item.speaker,
                name=names[item.speaker],
                confidence=item.confidence,
                reason=doubtful.reason,
            )
        )
    for each in doubtful.candidates:
        if each.speaker != NARRATOR:
            name = names.get(each.speaker or "", each.name)
            found.append(
                Candidate(
                    speaker=each.speaker, name=name, confidence=each.confidence, reason=each.reason
                )
            )
    found.extend(
        Candidate(speaker=who.id, name=who.name, confidence=0.0, reason="is in the cast")
        for who in script.characters
    )
    unique = {each.name.casefold(): each for each in reversed(found)}
    ordered = dict.fromkeys(each.name.casefold() for each in found)
    return tuple(unique[name] for name in ordered)[:_MOST_OPTIONS]


def passage(script: Script, item: Item) -> tuple[tuple[Run, ...], ...]:
    """The item's paragraphs with the one before and the one after, as runs of text."""
    rows: dict[int, list[Run]] = {}
    for k, line in enumerate(script.lines):
        segment = line.segment
        near = item.first_paragraph - 1 <= segment.paragraph <= item.last_paragraph + 1
        if segment.chapter != item.chapter or not near or segment.kind is SegmentKind.SKIPPED:
            continue
        text = script.words_of(segment)
        rows.setdefault(segment.paragraph, []).append(Run(" ".join(text.split()), k in item.lines))
    return tuple(tuple(run for run in rows[p] if run.text) for p in sorted(rows))


def exchange_of(items: Sequence[Item], item: Item) -> tuple[Item, ...]:
    """The conversation that an item is part of, in the order of the story."""
    at = next(k for k, each in enumerate(items) if each.lines[0] == item.lines[0])
    first = last = at
    while first > 0 and _is_close(items[first - 1], items[first]):
        first -= 1
    while last + 1 < len(items) and _is_close(items[last], items[last + 1]):
        last += 1
    return tuple(items[first : last + 1])


def _is_close(a: Item, b: Item) -> bool:
    gap = b.first_paragraph - a.last_paragraph - 1
    return a.chapter == b.chapter and gap <= _EXCHANGE_GAP


def corrections_for(
    script: Script, said_by: Mapping[Item, str], known: Sequence[Correction] = ()
) -> list[Correction]:
    """What to write down so that each item is said by who has this name.

    Parameters
    ----------
    known
        The corrections that the cast file holds already.
    """
    lines = {line: name for item, name in said_by.items() for line in item.lines}
    return corrections_of(script, lines, known)


def item_ids(script: Script, items: Sequence[Item]) -> dict[str, Item]:
    """A short name for each item, which hangs on its words alone and on how often they came before.

    So it stays the same while the rest of the story is edited.
    """
    seen: Counter[str] = Counter()
    found: dict[str, Item] = {}
    for item in items:
        words = " ".join(" ".join(_words(script, k).casefold().split()) for k in item.lines)
        seen[words] += 1
        digest = hashlib.sha256(f"{seen[words]} {words}".encode()).hexdigest()
        length = 6
        while digest[:length] in found:
            length += 1
        found[digest[:length]] = item
    return found


def _words(script: Script, line: int) -> str:
    segment = script.lines[line].segment
    return script.words_of(segment)
