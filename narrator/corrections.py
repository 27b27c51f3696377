"""Lines whose speaker the user decided, found again in a story that was edited since.

A correction knows its line by the words themselves, by the words around them, and by its chapter
and number. All may have changed a little. A correction is placed where enough of it is left, on one
line at most; what cannot be placed is told and stays in the cast file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from narrator.attribute.neighbours import settle_neighbours
from narrator.cast import SPEECH, YOU_SAID_SO, speech_lines
from narrator.castfile import CastFile, Correction, Part, merged_names, settled_name
from narrator.markup import AUTHOR_SAYS_SO
from narrator.model import NARRATOR, Age, Character, Gender, Line, Script, Span

__all__ = ["YOU_SAID_SO", "apply_corrections", "correction_for", "corrections_of", "place"]

_CONTEXT_WORDS = 8
_TEXT_WORDS = 40
"""Of a longer line, only so many words are kept."""
_PLAIN_WORDS = 6
"""So many words are enough to know a line by, wherever it stands."""
_LEAST_LIKENESS = 0.5
_LEAST_EVIDENCE = 0.8
_CONTEXT_WEIGHT = 0.9
_ONLY_ONE = 0.3
_SAME_NUMBER, _SAME_CHAPTER = 0.1, 0.05


def _words(text: str) -> tuple[str, ...]:
    folded = text.casefold().replace("’", "'").replace("‘", "'")
    return tuple(re.findall(r"\w+(?:'\w+)*", folded))


def _shown(text: str) -> str:
    """A line's words as a person reads them, in one row and without the marks around them."""
    return " ".join(text.split()).strip("\"“”„«»‹›‘’'—–- ")


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line that somebody says, and where it stands."""

    line: int
    words: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    chapter: int
    nth: int
    alone: bool
    """Whether no other line of the book has the same words."""


def _spots(script: Script) -> list[_Spot]:
    said = [k for k, line in enumerate(script.lines) if line.segment.kind in SPEECH]
    words = {k: _words(_text(script, k)) for k in said}
    in_book = Counter(words.values())
    in_chapter: Counter[tuple[int, tuple[str, ...]]] = Counter()
    found: list[_Spot] = []
    for k in said:
        chapter = script.lines[k].segment.chapter
        in_chapter[chapter, words[k]] += 1
        before, after = _around(script, k)
        found.append(
            _Spot(
                k, words[k], _words(before), _words(after), chapter + 1,
                in_chapter[chapter, words[k]], in_book[words[k]] == 1,
            )
        )  # fmt: skip
    return found


def _text(script: Script, line: int) -> str:
    segment = script.lines[line].segment
    return script.words_of(segment)


def _around(script: Script, line: int) -> tuple[str, str]:
    """The few words right before and right after a line."""
    segment = script.lines[line].segment
    chapter, span = script.book.chapters[segment.chapter], segment.span
    reach = 20 * _CONTEXT_WORDS
    before = chapter.words_of(Span(max(0, span.start - reach), span.start)).split()
    after = chapter.words_of(Span(span.end, span.end + reach)).split()
    return " ".join(before[-_CONTEXT_WORDS:]), " ".join(after[:_CONTEXT_WORDS])


def correction_for(script: Script, line: int, speaker: str) -> Correction:
    """What to write down so that this line is known again.

    Parameters
    ----------
    line
        Index into `Script.lines`.
    speaker
        The name of who says it.
    """
    return corrections_of(script, {line: speaker})[0]


def corrections_of(
    script: Script, said_by: Mapping[int, str], known: Sequence[Correction] = ()
) -> list[Correction]:
    """The same for several lines, in the order of the story.

    A line that one of the `known` corrections is about keeps that one, with another speaker.
    """
    decided = any(script.lines[line].reason == YOU_SAID_SO for line in said_by)
    placed = {line: k for k, line in place(script, known).items()} if decided else {}
    return [
        replace(known[placed[spot.line]], speaker=said_by[spot.line])
        if spot.line in placed
        else _correction(script, spot, said_by[spot.line])
        for spot in _spots(script)
        if spot.line in said_by
    ]


def _correction(script: Script, spot: _Spot, speaker: str) -> Correction:
    shown = _shown(_text(script, spot.line)) or _text(script, spot.line).strip()
    parts = shown.split(" ")
    if len(parts) > _TEXT_WORDS:
        shown = f"{' '.join(parts[:_TEXT_WORDS])} …"
    before, after = _around(script, spot.line)
    return Correction(
        text=shown,
        speaker=speaker,
        before=before,
        after=after,
        chapter=spot.chapter,
        nth=None if spot.alone else spot.nth,
    )


def place(script: Script, corrections: Sequence[Correction]) -> dict[int, int]:
    """Find the line of each correction.

    Returns
    -------
    dict
        Index into `Script.lines` by index into `corrections`. One that cannot be placed is not in
        it, and no line is there twice. Of two for the same place, the later is placed.
    """
    if not corrections:
        return {}
    spots = _spots(script)
    by_words: dict[tuple[str, ...], list[_Spot]] = {}
    for spot in spots:
        by_words.setdefault(spot.words, []).append(spot)
    pairs: list[tuple[float, int, int]] = []
    for index in sorted(_latest(corrections)):
        each = corrections[index]
        words, is_part = _words(each.text), each.text.rstrip().endswith("…")
        same = by_words.get(words, [])
        if is_part:
            same = [spot for spot in spots if spot.words[: len(words)] == words]
        found = list(_evidence(each, words, same, is_part=is_part)) if same else []
        if not found:
            found = list(_evidence(each, words, spots, is_part=is_part))
        pairs += [(evidence, index, line) for evidence, line in found]
    placed: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, line in sorted(pairs, key=lambda pair: (-pair[0], -pair[1], pair[2])):
        if index not in placed and line not in taken:
            placed[index] = line
            taken.add(line)
    return placed


def _evidence(
    correction: Correction, words: tuple[str, ...], spots: Iterable[_Spot], *, is_part: bool
) -> Iterator[tuple[float, int]]:
    """How much speaks for each of the spots that may well be the correction's own."""
    before, after = _words(correction.before), _words(correction.after)
    if not words:
        return
    spots = tuple(spots)
    if not before and not after:
        yield from _by_number(correction, words, spots, is_part=is_part)
        return
    plain = 0.4 + 0.6 * min(1.0, len(words) / _PLAIN_WORDS)
    matcher = SequenceMatcher(None, b=words, autojunk=False)
    for spot in spots:
        theirs = spot.words[: len(words)] if is_part else spot.words
        likeness = _likeness_to(matcher, words, theirs)
        if likeness < _LEAST_LIKENESS:
            continue
        sides = [_likeness(a, b) for a, b in ((before, spot.before), (after, spot.after)) if a]
        evidence = likeness**2 * plain + _CONTEXT_WEIGHT * sum(sides) / len(sides)
        if likeness == 1.0 and spot.alone and correction.nth is None:
            evidence += _ONLY_ONE
        if evidence < _LEAST_EVIDENCE:
            continue
        if correction.chapter == spot.chapter:
            evidence += _SAME_CHAPTER + _SAME_NUMBER * (correction.nth == spot.nth)
        yield evidence, spot.line


def _by_number(
    correction: Correction, words: tuple[str, ...], spots: Iterable[_Spot], *, is_part: bool
) -> Iterator[tuple[float, int]]:
    """A correction without context, written by hand: its words must leave one line only."""
    found = [
        spot
        for spot in spots
        if (spot.words[: len(words)] if is_part else spot.words) == words
        and correction.chapter in (None, spot.chapter)
        and correction.nth in (None, spot.nth)
    ]
    if len(found) == 1:
        yield 1.0, found[0].line


def _likeness(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """How much of two runs of words is the same and in the same order, 0 to 1."""
    if a == b:
        return 1.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _likeness_to(
    matcher: SequenceMatcher[str], words: tuple[str, ...], other: tuple[str, ...]
) -> float:
    """`_likeness` to the words that `matcher` was made for; 0 where it is too small to matter."""
    if words == other:
        return 1.0
    most = 2 * min(len(words), len(other)) / (len(words) + len(other))
    if most < _LEAST_LIKENESS or not other:
        return 0.0
    matcher.set_seq1(other)
    return matcher.ratio() if matcher.quick_ratio() >= _LEAST_LIKENESS else 0.0


def apply_corrections(script: Script, cast_file: CastFile) -> Script:
    """Give the lines that the user decided to those he named, for certain.

    Parameters
    ----------
    script
        As `narrator.cast.apply_decisions` leaves it.

    Returns
    -------
    Script
        With new characters where a correction names somebody new, the lines around decided again
        (`settle_neighbours`), and a warning for every correction that could not be placed.
    """
    by_author = {
        index: line.speaker
        for index, line in enumerate(script.lines)
        if line.reason == AUTHOR_SAYS_SO and line.speaker is not None
    }
    if not cast_file.lines:
        return replace(settle_neighbours(script, by_author), turns=())
    placed = place(script, cast_file.lines)
    characters = {character.id: character for character in script.characters}
    decided: dict[int, str] = {}
    for index, line in placed.items():
        name = cast_file.lines[index].speaker
        decided[line] = speaker_named(name, characters, cast_file)
    lines = tuple(
        _decided(line, decided[k]) if k in decided else line for k, line in enumerate(script.lines)
    )
    known = replace(script, lines=lines, characters=tuple(characters.values()))
    had, has = speech_lines(script), speech_lines(known)
    gone = {who for who in had if not has[who]}
    lines = settle_neighbours(known, by_author | decided, gone).lines
    warnings = tuple(
        _unplaced(cast_file, index)
        for index in sorted(_latest(cast_file.lines))
        if index not in placed
    )
    warned = (*script.warnings, *warnings)
    changed = replace(script, lines=lines, warnings=warned, turns=())
    return _only_heard(changed, characters, speech_lines(script))


def speaker_named(name: str, characters: dict[str, Character], cast_file: CastFile) -> str:
    """The id of whom a name means; somebody new is added to `characters`."""
    stands_for = merged_names(cast_file.narrator, cast_file.characters)
    wanted = settled_name(name.strip(), stands_for)
    folded = wanted.casefold()
    if folded == NARRATOR:
        return NARRATOR
    for known in characters.values():
        if known.name.casefold() == folded:
            return known.id
    own = next((entry for entry in cast_file.characters if entry.casefold() == folded), None)
    if own is None:
        for known in characters.values():
            if folded in (alias.casefold() for alias in known.aliases):
                return known.id
    part = cast_file.characters.get(own or "", Part())
    new = Character(
        id=_new_id(wanted, characters),
        name=own or wanted,
        aliases=part.aliases,
        gender=part.gender or Gender.UNKNOWN,
        age=part.age or Age.ADULT,
    )
    characters[new.id] = new
    return new.id


def _new_id(name: str, taken: Iterable[str]) -> str:
    base = re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "voice"
    known = {*taken, NARRATOR}
    found, number = base, 2
    while found in known:
        found, number = f"{base}-{number}", number + 1
    return found


def _decided(line: Line, speaker: str) -> Line:
    return replace(line, speaker=speaker, confidence=1.0, reason=YOU_SAID_SO)


def _only_heard(script: Script, characters: dict[str, Character], before: Counter[str]) -> Script:
    """The script without those whose every line was given to others, the most heard first."""
    count = speech_lines(script)
    kept = [
        character
        for character in characters.values()
        if count[character.id] or not before[character.id] or character.is_narrator
    ]
    kept.sort(key=lambda character: -count[character.id])
    return replace(script, characters=tuple(kept))


def _latest(corrections: Sequence[Correction]) -> set[int]:
    """The indices of those that no later one replaces."""
    return set({replace(each, speaker="x"): k for k, each in enumerate(corrections)}.values())


def _unplaced(cast_file: CastFile, index: int) -> str:
    correction = cast_file.lines[index]
    shown = correction.text if len(correction.text) <= 60 else f"{correction.text[:59]}…"
    place = ""
    if cast_file.document is not None:
        line = cast_file.document.line_of(("lines", index, "text"))
        place = f"{cast_file.document.name}, line {line}: "
    chapter = f", once in chapter {correction.chapter}," if correction.chapter else ""
    return (
        f"{place}the line “{shown}”{chapter} that you gave to {correction.speaker} is not in the "
        "story any more, or not where it can be told from others: correct it or delete the entry"
    )
