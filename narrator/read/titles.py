"""Titles as a player should show them."""

from __future__ import annotations

import re

from narrator.read.numerals import is_roman

_SMALL = frozenset(
    "a an the of and in on to for with by at from or nor but as into upon vs is it's".split()
) - {"is", "it's"}
_WORD = re.compile(r"[^\W\d_]+(?:[.'’][^\W\d_]+)*\.?")
_EDGES = " \t_*#=~|"
_SPACE = re.compile(r"\s+")
_IRISH = re.compile(r"^(O['’]|D['’]|L['’])([^\W\d_])", re.IGNORECASE)


def is_caps(text: str) -> bool:
    """Whether a text has letters, and hardly any of them is small."""
    letters = [char for char in text if char.isalpha()]
    small = sum(1 for char in letters if char.islower())
    return bool(letters) and small <= 0.1 * len(letters)


def is_title_case(text: str) -> bool:
    """Whether most of the words that would be capitals in a title are."""
    words = [word for word in _WORD.findall(text) if len(word) > 3 or word[0].isupper()]
    capital = sum(1 for word in words if word[0].isupper())
    return bool(words) and capital >= 0.7 * len(words)


def tidy_title(text: str) -> str:
    """A title on one line, without the marks set around it, its capitals calmed.

    The wording stays. ``"THE SECRET OF GABRIEL SYME"`` becomes ``"The Secret of Gabriel Syme"``;
    a title that has small letters keeps its own.
    """
    flat = _SPACE.sub(" ", text.replace("_", " ")).strip(_EDGES)
    flat = re.sub(r"\s*--\s*", " – ", flat).strip(" –—-:")
    if flat.endswith(".") and not flat.endswith(("...", "..")) and not _ends_in_initial(flat):
        flat = flat[:-1].rstrip()
    return _calm(flat) if is_caps(flat) else flat


def _ends_in_initial(text: str) -> bool:
    """Whether the last full stop is part of ``G. K. C.`` or ``Mr.``."""
    return re.search(r"(?:^|[\s.])(?:[^\W\d_]|Mrs?|Dr|St|Jr|Sr|etc)\.$", text) is not None


def _calm(text: str) -> str:
    spans = list(_WORD.finditer(text))
    out: list[str] = []
    at = 0
    for index, match in enumerate(spans):
        out.append(text[at : match.start()])
        is_edge = index in (0, len(spans) - 1)
        starts = is_edge or text[: match.start()].rstrip().endswith((":", "–", "—", ".", "?", "!"))
        out.append(_calm_word(match.group(), keeps_capital=starts))
        at = match.end()
    out.append(text[at:])
    return "".join(out)


def _calm_word(word: str, *, keeps_capital: bool) -> str:
    bare = word.rstrip(".")
    if len(bare) > 1 and is_roman(bare) and bare.upper() not in ("MIX", "DI", "MILL", "CIVIC"):
        return word
    if "." in bare:
        return word  # initials
    low = word.lower()
    if low in _SMALL and not keeps_capital:
        return low
    irish = _IRISH.match(word)
    if irish:
        return irish[1].capitalize() + word[irish.end() - 1].upper() + low[irish.end() :]
    return low[:1].upper() + low[1:]
