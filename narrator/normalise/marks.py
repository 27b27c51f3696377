"""What is set, and not said: quotation and emphasis marks, dashes, line ends, headings."""

from __future__ import annotations

import re

from narrator.normalise.changes import Edit, Spoken, rewrite, substitute
from narrator.normalise.numerals import ROMAN_HEADING, roman_value

_QUOTE_MARKS = re.compile(
    r"[“”„‟«»‹›「」『』\"`]|(?<!\w)[‘’‚'](?=\W|$)|(?:^|(?<=\s))[‘'‚](?=\w)|(?<=[,.!?…—–-])[’']"
)
_PAIRED = re.compile(r"(?<!\w)[‘'](?=\w)([^‘’'\n]{1,80})[’'](?!\w)")
_DASHES = re.compile(r"\s*(?:[—―⸺]{2,}|—(?!(?<=\d—)\d)|―|⸺|--+|(?<=\s)–(?=\s))\s*")
_EMPHASIS = re.compile(
    r"(?<!\w)([_*]{1,3})(?=\S)([^\n]{1,2000}?|.{1,600}?)(?<=\S)\1(?!\w)", re.DOTALL
)
_ELLIPSIS = re.compile(r"…[.…]+|\.(?: ?\.)+")
# A single space is right as it stands, and the commonest of all.
_SPACE = re.compile(r" [\s\x00]+|(?:[^\S ]|\x00)[\s\x00]*")
_ENDS = re.compile(r"\A(?:[ —–]|-(?!\d))+|[ —–-]+\Z")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_LETTERS = re.compile(r"[^\W\d_]+")
_OWN_END = "!?…:;"


def without_marks(spoken: Spoken) -> Spoken:
    """Quotation and emphasis marks go, dashes become pauses that an engine understands."""
    if "_" in spoken.text or "*" in spoken.text:
        for _ in range(2):
            spoken = _without_emphasis(spoken)
    spoken = _without_quotes(spoken)
    if (
        "—" in spoken.text
        or "-" in spoken.text
        or "–" in spoken.text
        or "―" in spoken.text
        or "⸺" in spoken.text
    ):
        spoken = substitute(spoken, _DASHES, " — ", "dash")
    if ".." in spoken.text or ". ." in spoken.text or "…" in spoken.text:
        spoken = substitute(spoken, _ELLIPSIS, "…", "ellipsis")
    return in_one_line(spoken)


def in_one_line(spoken: Spoken) -> Spoken:
    """Single spaces, and none at either end, nor a dash."""
    spoken = substitute(spoken, _SPACE, " ", "space")
    return substitute(spoken, _ENDS, "", "space")


def _without_emphasis(spoken: Spoken) -> Spoken:
    edits = []
    for match in _EMPHASIS.finditer(spoken.text):
        edits.append(Edit(match.start(), match.start(2), "", "emphasis"))
        edits.append(Edit(match.end(2), match.end(), "", "emphasis"))
    return rewrite(spoken, edits)


def _without_quotes(spoken: Spoken) -> Spoken:
    if "'" in spoken.text or "‘" in spoken.text:
        edits = []
        for match in _PAIRED.finditer(spoken.text):
            edits.append(Edit(match.start(), match.start(1), "", "quotes"))
            edits.append(Edit(match.end(1), match.end(), "", "quotes"))
        spoken = rewrite(spoken, edits)
    return substitute(spoken, _QUOTE_MARKS, "", "quotes")


def heading_as_sentence(spoken: Spoken, *, roman: bool) -> Spoken:
    """Lines in capitals become words, lines become sentences, Roman numbers figures."""
    text = spoken.text
    if roman:
        edits = [
            Edit(m.start("numeral"), m.end("numeral"), str(roman_value(m["numeral"])), "roman")
            for m in ROMAN_HEADING.finditer(text)
        ]
        spoken = rewrite(spoken, edits)
        text = spoken.text
    edits, at = [], 0
    join = ""
    for match in _LINE.finditer(text):
        line = match[0].rstrip(".")
        if not line:
            continue
        edits.append(Edit(at, match.start(), join, "heading"))
        at = match.start() + len(line)
        if line.isupper():
            edits += _made_small(match.start(), line)
        join = " " if line[-1] in _OWN_END else ". "
    edits.append(Edit(at, len(text), join.rstrip(), "heading"))
    return rewrite(spoken, edits)


def _made_small(start: int, line: str) -> list[Edit]:
    """Words in capitals made small, each by itself, so that other rules find their own places."""
    small = line.capitalize()
    if len(small) != len(line):
        return [Edit(start, start + len(line), small, "heading")]
    return [
        Edit(start + word.start(), start + word.end(), small[word.start() : word.end()], "heading")
        for word in _LETTERS.finditer(line)
    ]
