"""Runs of text inside a block to paragraphs: white space collapsed, emphasis marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SPACES = re.compile(r"[ \t\n\r\f]+|[ \t\n\r\f\u00a0\u202f]{2,}")
_WIDE = re.compile(r"[ \u00a0\u202f]{2,}|\t")
_AROUND_BREAK = re.compile(r" *\n *")
_ENDS = ".!?…:\"'”’»*_)—–-"
_MIN_ROWS = 8
"""So many rows and more may be paragraphs that only line breaks part."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text set in one way. A line break is ``\\n``."""

    text: str
    italic: bool = False
    bold: bool = False


def collapse(text: str) -> str:
    """White space as a browser shows it: one space, but a single no-break space is kept."""
    return _SPACES.sub(" ", text)


def paragraphs(runs: Iterable[Run], *, is_verse: bool, marks: bool = True) -> list[str]:
    """The paragraphs that a block's runs make, none of them empty.

    Parameters
    ----------
    runs
        In order, as the markup gives them.
    is_verse
        Its rows belong together however many they are.
    marks
        Whether italics and bold are marked.
    """
    groups = _split(_spaced(runs))
    texts = [text for group in groups if (text := _text(group, marks=marks))]
    if is_verse:
        return texts
    return [part for text in texts for part in _unwrapped(text)]


class _Gathered:
    """Runs being added to, neighbours set alike made one without copying what they hold."""

    def __init__(self) -> None:
        self.pieces: list[list[str]] = []
        self.styles: list[tuple[bool, bool]] = []

    def add(self, text: str, style: tuple[bool, bool]) -> None:
        if self.styles and self.styles[-1] == style:
            self.pieces[-1].append(text)
        elif text:
            self.pieces.append([text])
            self.styles.append(style)

    def trim_end(self) -> None:
        """Take away the white space at the end of what is there."""
        while self.pieces:
            trimmed = self.pieces[-1][-1].rstrip(" \u00a0")
            if trimmed:
                self.pieces[-1][-1] = trimmed
                return
            self.pieces[-1].pop()
            if not self.pieces[-1]:
                self.pieces.pop()
                self.styles.pop()

    def last_is_space(self) -> bool:
        return bool(self.pieces) and all(not piece.strip() for piece in self.pieces[-1][:3])

    def runs(self) -> list[Run]:
        pairs = zip(self.pieces, self.styles, strict=True)
        return [Run("".join(pieces), *style) for pieces, style in pairs]


def _spaced(runs: Iterable[Run]) -> list[Run]:
    """Runs without white space twice, or at either end of a row; neighbours alike joined."""
    found = _Gathered()
    last = "\n"
    for run in runs:
        text = _WIDE.sub(" ", run.text)
        text = _AROUND_BREAK.sub("\n", text)
        if last in " \n\u00a0":
            text = text.lstrip(" \u00a0") if last == "\n" else text.lstrip(" ")
        if not text:
            continue
        if text[0] == "\n":
            found.trim_end()
        if not text.strip() and found.styles and "\n" not in text:
            # White space between two words in italics is in italics with them.
            found.add(text, found.styles[-1])
        else:
            found.add(text, (run.italic, run.bold))
        last = text[-1]
    return found.runs()


def _split(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs of each paragraph: two line breaks on end part two of them."""
    groups: list[list[Run]] = [[]]
    breaks = 0
    for run in runs:
        for piece in re.split(r"(\n)", run.text):
            if piece == "\n":
                breaks += 1
                continue
            if not piece.strip():
                if piece and not breaks:
                    groups[-1].append(Run(piece, run.italic, run.bold))
                continue
            if breaks >= 2:
                groups.append([])
            elif breaks == 1 and groups[-1]:
                groups[-1].append(Run("\n", run.italic, run.bold))
            breaks = 0
            groups[-1].append(Run(piece, run.italic, run.bold))
    return groups


def _text(runs: Sequence[Run], *, marks: bool) -> str:
    """One paragraph, with marks around what is set apart."""
    if not marks:
        return "".join(run.text for run in runs).strip()
    joined = _joined(runs)
    out: list[str] = []
    for index, run in enumerate(joined):
        before = out[-1][-1] if out else " "
        following = joined[index + 1].text[0] if index + 1 < len(joined) else " "
        out.append(_marked(run, before, following))
    return "".join(out).strip()


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbours alike made one; the white space at a run's edges set outside it."""
    found = _Gathered()
    for run in runs:
        body = run.text.strip()
        style = (run.italic, run.bold)
        if style == (False, False) or not body:
            _append(found, run.text, style)
            continue
        head = run.text[: len(run.text) - len(run.text.lstrip())]
        _append(found, head, (False, False))
        _append(found, body, style)
        _append(found, run.text[len(run.text.rstrip()) :], (False, False))
    return found.runs()


def _append(found: _Gathered, text: str, style: tuple[bool, bool]) -> None:
    """Add text, to the run before it where only white space is between two set alike."""
    if not text:
        return
    if not text.strip() and (not found.styles or found.styles[-1] != style):
        style = (False, False)
    may_join = len(found.styles) >= 2 and style not in ((False, False), found.styles[-1])
    if may_join and found.styles[-2] == style and found.last_is_space():
        space = found.pieces.pop()
        found.styles.pop()
        found.pieces[-1] += space
    found.add(text, style)


def _marked(run: Run, before: str, after: str) -> str:
    """A run between its marks, unless they could not be told from the letters around them."""
    if not (run.italic or run.bold) or not any(map(str.isalnum, run.text)):
        return run.text
    is_inside = _is_word(before) or _is_word(after)
    if is_inside or "_" in run.text or "*" in run.text:
        return run.text
    mark = ("**" if run.bold else "") + ("_" if run.italic else "")
    return mark + run.text + mark[::-1]


def _is_word(char: str) -> bool:
    return char.isalnum() or char in "_*"


def _unwrapped(text: str) -> list[str]:
    """The rows of a block as paragraphs, where so many of them end as sentences do."""
    rows = text.split("\n")
    if len(rows) < _MIN_ROWS:
        return [text]
    ended = sum(1 for row in rows if row[-1:] in _ENDS)
    return rows if ended >= 0.7 * len(rows) else [text]
