"""What one row says, if it is a heading: its kind, its number, its title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from narrator.read.numerals import NUMBER_PATTERN, WORD_PATTERN, is_roman, number_of
from narrator.read.titles import is_caps, is_title_case, tidy_title

_PART = "volume|vol|book|part|act|phase|section|tome"
_CHAPTER = (
    "chapter|chap|ch|letter|canto|stave|scene|episode|fit|lesson|instalment|installment|"
    "adventure|tale|session|round|issue"
)
_TIME = "day|night|week"
_NAMED = (
    "prologue|epilogue|introduction|preface|foreword|afterword|interlude|conclusion|prelude|coda|"
    "postscript|intermission|appendix|introductory|author['’]s note|author['’]s preface|dedication|"
    "acknowledge?ments|about the author|finale|entr['’]acte|envoi|preamble"
)
_FULL = {"vol": "volume", "chap": "chapter", "ch": "chapter"}
_KEYWORDS = f"{_PART}|{_CHAPTER}|{_TIME}"
_SEPARATOR = r"(?P<sep>\s*[.:)\]]*\s*(?:--+|[-–—:])?\s*)"

_WORDED = re.compile(
    rf"(?P<word>{_KEYWORDS})(?:\.\s*|\s+)(?:(?P<the>the)\s+)?(?:no\.?\s*|\#\s*)?"
    rf"(?P<number>{NUMBER_PATTERN})(?![^\W_]){_SEPARATOR}(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ORDINAL = re.compile(
    rf"(?P<the>the\s+)?(?P<number>{WORD_PATTERN})\s+(?P<word>{_KEYWORDS})(?![^\W_])"
    rf"{_SEPARATOR}(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(
    rf"(?P<number>\d{{1,3}}|[IVXLCDM]+|{WORD_PATTERN})(?P<sep>[.:)]?)", re.IGNORECASE
)
_BARE_TITLED = re.compile(
    r"(?P<number>\d{1,3}|[IVXLC]+)(?P<sep>[.:)]\s*(?:--+|[-–—])?\s+|\s*(?:--+|[-–—])\s*|\s+)"
    r"(?P<title>\S.*)",
    re.DOTALL,
)
_NAMED_ROW = re.compile(rf"(?P<word>{_NAMED}){_SEPARATOR}(?P<title>.*)", re.IGNORECASE | re.DOTALL)
OUTSIDE_PARTS = ("epilogue", "afterword", "coda")
"""What stands beside the last part, not in it."""
_ORNAMENTS = " \t_*#=~|<>—–-"
_BRACKETED = re.compile(r"\[\s*(.*?)\s*\]|\(\s*(.*?)\s*\)", re.DOTALL)
_TRAILING_COUNT = re.compile(r"\s+\(\d{1,4}\)$")
_MAX_CHARS = 320
_MAX_TITLE_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A heading, read."""

    word: str
    """``chapter``, ``part``, ``prologue`` …; empty for a bare number."""
    shape: str
    """Rows of one shape are numbered together: ``roman``, ``digits``, ``word``, in brackets or not.
    """
    number: int | None
    numeral: str
    """As the source writes it."""
    title: str = ""
    """What follows the number, as the source writes it."""
    has_article: bool = False
    """``Part the First``."""
    number_first: bool = False
    """``The First Part``."""

    @property
    def is_part(self) -> bool:
        """Whether chapters stand under it."""
        return self.word in _PART.split("|")

    @property
    def is_bare(self) -> bool:
        return not self.word

    @property
    def is_named(self) -> bool:
        return bool(self.word) and self.number is None

    @property
    def is_lone_title(self) -> bool:
        """A title that stands alone, neither numbered nor called a chapter."""
        return not self.word and self.number is None

    @property
    def key(self) -> tuple[str, str]:
        return self.word, self.shape


def read_label(text: str) -> Label | None:
    """What a row says as a heading; None where it cannot be one.

    A bare number with or without a title is only a candidate: whether it heads anything shows in
    its neighbours (`narrator.read.outline`).
    """
    if len(text) > _MAX_CHARS:
        return None
    bare = _TRAILING_COUNT.sub("", text.strip().strip(_ORNAMENTS))
    bracketed = _BRACKETED.fullmatch(bare)
    if bracketed:
        bare = (bracketed[1] or bracketed[2] or "").strip(_ORNAMENTS)
    mark = "[" if bracketed else ""
    for read in (_read_worded, _read_bare, _read_named):
        label = read(bare, mark)
        if label is not None:
            return label
    return None


def is_keyword_alone(text: str) -> bool:
    """Whether a row is only ``CHAPTER``, its number standing below it."""
    return re.fullmatch(rf"(?:{_PART}|{_CHAPTER})\.?", text.strip(_ORNAMENTS), re.I) is not None


def _shape(numeral: str, mark: str) -> str:
    if numeral.isdecimal():
        return mark + "digits"
    return mark + ("roman" if is_roman(numeral) else "word")


def _read_worded(bare: str, mark: str) -> Label | None:
    match = _WORDED.fullmatch(bare) or _ORDINAL.fullmatch(bare)
    if match is None or not (bare[0].isupper() or not match["title"]):
        return None
    number = number_of(match["number"])
    title = match["title"].strip()
    word = match["word"].lower()
    if number is None or not _may_follow(title, match["sep"]):
        return None
    if title and word in _TIME.split("|") and not match["sep"].strip():
        return None
    return Label(
        word=_FULL.get(word, word),
        shape=_shape(match["number"], mark),
        number=number,
        numeral=match["number"],
        title=title,
        has_article=bool(match["the"]),
        number_first=match.start("number") < match.start("word"),
    )


def _may_follow(title: str, separator: str) -> bool:
    """Whether `title` can be one, rather than the rest of a sentence that began with the number."""
    if not title:
        return True
    if separator.strip():
        return title[0].isupper() or not title[0].isalpha()
    return title[0].isupper() and (is_caps(title) or is_title_case(title))


def _read_bare(bare: str, mark: str) -> Label | None:
    match = _BARE.fullmatch(bare)
    if match is not None:
        number = number_of(match["number"])
        # In a story "one" is a word and "mix" a verb; as headings they have a capital.
        if number is None or not (match["number"][0].isupper() or match["number"].isdecimal()):
            return None
        return Label(
            word="", shape=_shape(match["number"], mark), number=number, numeral=match["number"]
        )
    match = _BARE_TITLED.fullmatch(bare)
    if match is None or mark:
        return None
    number, title = number_of(match["number"]), match["title"].strip()
    if number is None or not _may_follow(title, match["sep"]):
        return None
    if len(title.split()) > _MAX_TITLE_WORDS or title.endswith((",", ";")):
        return None
    if not match["sep"].strip() and not (is_caps(title) or match["number"].isdecimal()):
        return None  # "I Have a Dream" is a title, not a heading numbered one
    return Label(
        word="",
        shape=_shape(match["number"], "titled "),
        number=number,
        numeral=match["number"],
        title=title,
    )


def _read_named(bare: str, mark: str) -> Label | None:
    match = _NAMED_ROW.fullmatch(bare)
    if match is None or not bare[0].isupper():
        return None
    title = match["title"].strip()
    if title and not (match["sep"].strip() and _may_follow(title, match["sep"])):
        return None
    return Label(word=match["word"].lower(), shape=mark, number=None, numeral="", title=title)


def show_label(label: Label, title: str) -> str:
    """A heading as a player shows it: ``Chapter 4: The Tale of a Detective``.

    Roman numerals become figures, number words stay words. A bare number with a title is
    ``4. The Return``; without one it is called a chapter.
    """
    shown = tidy_title(title)
    if label.is_lone_title:
        return shown
    if label.is_named:
        name = label.word[:1].upper() + label.word[1:]
        return f"{name}: {shown}" if shown else name
    numeral = str(label.number)
    if label.shape.endswith("word"):
        numeral = label.numeral.title()
    if label.is_bare:
        return f"{numeral}. {shown}" if shown else f"Chapter {numeral}"
    word = label.word.capitalize()
    if label.number_first:
        name = f"The {numeral} {word}" if label.has_article else f"{numeral} {word}"
    else:
        name = f"{word} the {numeral}" if label.has_article else f"{word} {numeral}"
    return f"{name}: {shown}" if shown else name
