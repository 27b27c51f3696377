"""Runs of text inside a block to paragraphs: white space collapsed, emphasis marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SPACES = re.compile(r"[ \t\n\r\f]+|[ \t\n\r\f\u00a0\u202f]{2,}")
_WIDE = re.compile(r"[ \u00a0\u202f]{2,}|\t")
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


def _spaced(runs: Iterable[Run]) -> list[Run]:
    """Runs without white space twice, or at either end of a row; neighbours alike joined."""
    found: list[Run] = []
    last = "\n"
    for run in runs:
        text = _WIDE.sub(" ", run.text)
        text = re.sub(r" *\n *", "\n", text)
        if last in " \n\u00a0":
            text = text.lstrip(" \u00a0") if last == "\n" else text.lstrip(" ")
        if not text:
            continue
        if text[0] == "\n":
            _trim_end(found)
        if found and (found[-1].italic, found[-1].bold) == (run.italic, run.bold):
            found[-1] = Run(found[-1].text + text, run.italic, run.bold)
        elif not text.strip() and found and "\n" not in text:
            # White space between two words in italics is in italics with them.
            found[-1] = Run(found[-1].text + text, found[-1].italic, found[-1].bold)
        else:
            found.append(Run(text, run.italic, run.bold))
        last = text[-1]
    return found


def _trim_end(found: list[Run]) -> None:
    while found and found[-1].text.endswith((" ", "\u00a0")):
        trimmed = found[-1].text.rstrip(" \u00a0")
        if trimmed:
            found[-1] = Run(trimmed, found[-1].italic, found[-1].bold)
            return
        found.pop()


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
    out = ""
    for index, run in enumerate(joined):
        following = joined[index + 1].text[0] if index + 1 < len(joined) else " "
        out += _marked(run, out[-1:] or " ", following)
    return out.strip()


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbours alike made one; the white space at a run's edges set outside it."""
    found: list[Run] = []
    for run in runs:
        body = run.text.strip()
        if not (run.italic or run.bold) or not body:
            pieces = [run]
        else:
            head = run.text[: len(run.text) - len(run.text.lstrip())]
            tail = run.text[len(run.text.rstrip()) :]
            pieces = [Run(head), Run(body, run.italic, run.bold), Run(tail)]
        for piece in pieces:
            _append(found, piece)
    return found


def _append(found: list[Run], piece: Run) -> None:
    """Add a piece, to the run before it where only white space is between two set alike."""
    if not piece.text:
        return
    if found and not piece.text.strip():
        is_styled = piece.italic or piece.bold
        if is_styled and (found[-1].italic, found[-1].bold) == (piece.italic, piece.bold):
            found[-1] = Run(found[-1].text + piece.text, piece.italic, piece.bold)
            return
        piece = Run(piece.text)
    style = (piece.italic, piece.bold)
    if (
        len(found) >= 2
        and style != (False, False)
        and not found[-1].text.strip()
        and (found[-2].italic, found[-2].bold) == style
    ):
        space = found.pop()
        found[-1] = Run(found[-1].text + space.text + piece.text, *style)
    elif found and (found[-1].italic, found[-1].bold) == style:
        found[-1] = Run(found[-1].text + piece.text, *style)
    else:
        found.append(piece)


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
