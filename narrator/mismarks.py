"""What an author wrote as marks (`narrator.markup`) and cannot be obeyed, for warnings.

What has the form of a mark is never spoken, even where it asks for nothing that can be. What only
looks like one, as with another word after its brace, is text, and is read aloud.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from narrator.config import nearest
from narrator.markup import (
    LONGEST_MS,
    length_ms,
    marks_at,
    marks_in,
    saying_in,
    sounds_marked,
)
from narrator.model import SILENT, Chapter, Script, Segment

_RIGHT: Mapping[str, str] = {
    "speaker": "{speaker Anna}",
    "pause": "{pause 2s}",
    "say": "{say Thrupp throop}",
    "sound": "{sound door}",
}
"""How each kind of mark is written."""

_LIKE_A_MARK = re.compile(r"\{[^\S\n]*([^\W\d_]\w*)[^{}\n]*(\}?)")
_SHOWN = 40
"""Characters of a text that are shown; without its brace it may be long."""


def unknown_sounds(script: Script, known: Collection[str]) -> tuple[str, ...]:
    """A warning for each sound that the story marks and no ``[sounds]`` table has."""
    folded = {name.casefold() for name in known}
    missing = Counter(name for name in sounds_marked(script) if name.casefold() not in folded)
    return tuple(
        f"{{sound {name}}} is passed over"
        + (f", {count} times" if count > 1 else "")
        + f": no sound of that name is under [sounds] in the cast file{nearest(name, known)}"
        for name, count in missing.items()
    )


def unheeded_marks(script: Script) -> tuple[str, ...]:
    """A warning for each mark that cannot be obeyed, and for what only looks like a mark.

    The same one in several places is told once, with the first.
    """
    spoken: dict[int, list[Segment]] = {}
    for line in script.lines:
        if line.segment.kind not in SILENT:
            spoken.setdefault(line.segment.chapter, []).append(line.segment)
    first: dict[str, str] = {}
    count: Counter[str] = Counter()
    for chapter in script.book.chapters:
        found = [*_faulty(chapter), *_mistaken(chapter, spoken.get(chapter.index, []))]
        for at, fault in sorted(found):
            if fault not in first:
                first[fault] = script.book.place_of(chapter.index, at)
            count[fault] += 1
    return tuple(f"{place}{_more(count[fault])}: {fault}" for fault, place in first.items())


def _more(count: int) -> str:
    return f", and {count - 1} more" if count > 1 else ""


def _faulty(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """The marks of a chapter that ask for what cannot be: where, and what to say."""
    for inner in marks_at(chapter, chapter.markup):
        if fault := _fault(*inner.mark):
            yield inner.span.start, f"{inner.span.of(chapter.text)} {fault}"


def _fault(kind: str, content: str) -> str:
    """What is wrong with a mark; empty where nothing is."""
    right = f"write it as {_RIGHT[kind]}"
    if not content:
        return f"is passed over: {right}"
    if kind == "pause":
        asked_ms = length_ms(content)
        if asked_ms is None:
            return f"is passed over: {content!r} is no length in s or ms; {right}"
        if asked_ms > LONGEST_MS:
            return f"is cut short: no pause is longer than {LONGEST_MS // 1000}s"
    if kind == "say":
        if len(content.split()) == 1:
            return f"is passed over: it says a word and not how; {right}"
        try:
            saying_in(content)
        except ValueError as exc:
            return f"is passed over: {exc}"
    return ""


def _mistaken(chapter: Chapter, spoken: list[Segment]) -> Iterator[tuple[int, str]]:
    """What is read aloud of a chapter and was probably meant for a mark."""
    for segment in spoken:
        text = segment.span.of(chapter.text)
        known = {mark.start for mark in marks_in(text)}
        for match in _LIKE_A_MARK.finditer(text):
            if match.start() in known or not (fault := _mistake(match[1], closed=bool(match[2]))):
                continue
            written = match[0] if len(match[0]) <= _SHOWN else f"{match[0][: _SHOWN - 1]}…"
            yield segment.span.start + match.start(), f"{written.strip()} is read aloud: {fault}"


def _mistake(word: str, *, closed: bool) -> str:
    """Why braces with this word first are no mark; empty where they may not be meant for one."""
    if (right := _RIGHT.get(word.casefold())) is not None:
        return f"write it as {right}" if closed else f"its brace is not closed on its row: {right}"
    hint = nearest(word, _RIGHT)
    return f"no mark is called {word!r}{hint}" if hint and closed else ""
