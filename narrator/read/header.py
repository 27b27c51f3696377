"""The block above a story: title, author, and the lines that archives put there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from narrator.model import Skip, Span
from narrator.read.epigraph import epigraph_units
from narrator.read.gutenberg import note_reason, opening_row
from narrator.read.layout import Paragraph, Row
from narrator.read.titles import is_caps, is_title_case, tidy_title

_KEYS = (
    r"title|authors?|by|writer|rating|rated|summary|fandoms?|series|genres?|pairings?|ships?|"
    r"relationships?|characters?|category|categories|warnings?|archive warnings?|content warnings?|"
    r"trigger warnings?|disclaimer|notes?|author['’]?s? notes?|a/n|an|words?|word count|chapters?|"
    r"language|published|posted|updated|completed|status|(?:additional )?tags|translator|"
    r"translated by|illustrator|release date|publication date|date|year|copyright|publisher|isbn|"
    r"source|spoilers?|timeline|feedback|archive|distribution|beta|betas|beta readers?|e-?mail|"
    r"website|url|link|pov|dedication|prompt|written for|collections?|stats|kudos|hits|length|"
    r"keywords|description|blurb|synopsis|licen[cs]e|credits?|editor|cover|season|setting"
)
_KEY_ROW = re.compile(rf"(?P<key>{_KEYS})\s*:\s*(?P<value>.*)", re.IGNORECASE)
_ANY_KEY_ROW = re.compile(r"(?P<key>[A-Z][A-Za-z/'’ -]{1,28}):\s+(?P<value>\S.*)")
_BY = re.compile(
    r"(?:written\s+|a\s+(?:novel|story|tale|fanfic)\s+)?by:?(?:\s+(?P<name>\S.*))?", re.I
)
_YEAR = re.compile(r"[(\[]?(?:c\.\s*)?(?P<year>1[4-9]\d\d|20\d\d)[)\]]?\.?")
_CREDIT = re.compile(
    r"(?P<role>translated|illustrated|edited|adapted|narrated)\s+(?:\w+\s+){0,3}by\s+(?P<name>.+)",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"(?:copyright|©|\(c\)|all rights reserved|first published|published by|printed (?:in|by)|"
    r"isbn|london:|new york:)",
    re.IGNORECASE,
)
_DEDICATION = re.compile(r"(?:to|for|in memory|dedicated|this book)\b", re.IGNORECASE)
_DATES = ("year", "date", "published", "copyright", "publication date")
_MARKS = " \t_*#=~"
_STOPS = '.!?,;:…"”'
_SPEECH_MARKS = '"“”„«»「」『』。！？'
"""Nothing that a story is called by, but what a story that begins at once begins with."""
_MAX_NAME_WORDS = 9
_MAX_KEYS_CHARS = 8000
"""A longer paragraph that begins with a key is a story without blank rows."""
_LANGUAGES = {
    "english": "en",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "russian": "ru",
    "polish": "pl",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "finnish": "fi",
    "japanese": "ja",
    "chinese": "zh",
}
_THREE_LETTERS = {
    "eng": "en", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "ita": "it",
    "por": "pt", "nld": "nl", "dut": "nl", "rus": "ru", "pol": "pl", "swe": "sv", "dan": "da",
    "nor": "no", "fin": "fi", "jpn": "ja", "zho": "zh", "chi": "zh", "ces": "cs", "cze": "cs",
    "ell": "el", "gre": "el", "hun": "hu", "ron": "ro", "rum": "ro", "tur": "tr", "ukr": "uk",
    "ara": "ar", "heb": "he", "hin": "hi", "kor": "ko", "cat": "ca", "lat": "la", "cym": "cy",
    "wel": "cy", "gle": "ga", "isl": "is", "ice": "is", "eus": "eu", "baq": "eu",
}  # fmt: skip
"""ISO 639-2 for languages that have two letters in ISO 639-1, which BCP 47 then asks for."""
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
"""Codes of ISO 639-2 that name none."""


@dataclass(slots=True, kw_only=True)
class Header:
    """What the front of a text says about the story; filled while it is read."""

    title: str | None = None
    author: str | None = None
    language: str | None = None
    year: str | None = None
    summary: str | None = None
    series: str | None = None
    details: list[tuple[str, str]] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    epigraphs: list[Span] = field(default_factory=list)

    def learn(self, key: str, value: str) -> None:
        """Take over one ``Key: value``; what is known already is not said over."""
        name, value = key.strip().lower(), value.strip()
        if not value:
            return
        if name == "title" and not self.title:
            self.title = tidy_title(value)
        elif name in ("author", "authors", "by", "writer") and not self.author:
            self.author = tidy_title(value)
        elif name == "language" and not self.language:
            self.language = language_tag(value)
        elif name in ("summary", "description", "blurb", "synopsis") and not self.summary:
            self.summary = value
        elif name == "series" and not self.series:
            self.series = value
        else:
            found = re.search(r"\b(1[4-9]\d\d|20\d\d)\b", value)
            if name in _DATES and found:
                self.year = self.year or found[1]
            self.details.append((key.strip(), value))


def language_tag(value: str) -> str | None:
    """BCP 47 tag of a language, by its tag, its code of three letters or its English name.

    None for what names no language that is known here.
    """
    bare = value.strip().replace("_", "-")
    first, _, rest = bare.partition("-")
    if re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", bare, re.IGNORECASE):
        if first.lower() in _NO_LANGUAGE:
            return None
        first = _THREE_LETTERS.get(first.lower(), first.lower())
        return f"{first}-{rest}" if rest else first
    return next((tag for name, tag in _LANGUAGES.items() if bare.lower().startswith(name)), None)


def read_header(
    text: str, units: Sequence[Paragraph], limit: int, *, has_headings: bool
) -> tuple[Header, int]:
    """Read the units before the story begins.

    Parameters
    ----------
    text, units
        The text and its paragraphs.
    limit
        Index of the unit with the first heading, or the number of units.
    has_headings
        Whether `limit` is a heading.

    Returns
    -------
    header
        What was learned and what is not to be spoken, in code points of `text`.
    next_unit
        Index of the first unit that is left to speak.
    """
    header = Header()
    at = 0
    while at < limit:
        taken = _read_unit(text, units, at, limit, header, has_headings=has_headings)
        if not taken:
            break
        at += taken
    return header, at


def _read_unit(
    text: str,
    units: Sequence[Paragraph],
    at: int,
    limit: int,
    header: Header,
    *,
    has_headings: bool,
) -> int:
    """Number of units that the header takes at `at`; 0 where the story begins."""
    unit = units[at]
    reason = note_reason(text, unit)
    opening = opening_row(text, unit) if at == 0 else None
    if opening is not None:
        header.learn("title", opening[0])
        header.learn("author", opening[1] or "")
        reason = "Project Gutenberg licence"
    if reason is not None:
        return _skip(header, unit, unit, reason)
    taken = _read_keys(text, units, at, limit, header)
    if taken:
        return taken
    taken = epigraph_units(text, units, at, limit, is_front=has_headings)
    if taken:
        header.epigraphs.append(Span(unit.start, units[at + taken - 1].end))
        return taken
    return _read_credits(text, units, at, limit, header) or _read_title(
        text, units, at, limit, header, has_headings=has_headings
    )


def _skip(header: Header, first: Paragraph, last: Paragraph, reason: str) -> int:
    header.skips.append(Skip(span=Span(first.start, last.end), reason=reason))
    return 1


def _row(text: str, row: Row) -> str:
    return text[row.start : row.end].strip(_MARKS)


def _key_of(bare: str, *, is_any: bool) -> re.Match[str] | None:
    # An archive sets the key in bold: **Summary:** text.
    plain = re.sub(r"[*_]{1,3}", "", bare) if bare[:1] in "*_" or ":*" in bare else bare
    return _KEY_ROW.fullmatch(plain) or (_ANY_KEY_ROW.fullmatch(plain) if is_any else None)


def _read_keys(text: str, units: Sequence[Paragraph], at: int, limit: int, header: Header) -> int:
    """``Key: value`` rows; a value may run on over rows, or stand in the unit below its key."""
    unit = units[at]
    first = unit.rows[0]
    if (
        _key_of(text[first.start : first.end], is_any=False) is None
        or unit.end - unit.start > _MAX_KEYS_CHARS
    ):
        return 0
    entries: list[tuple[str, list[str]]] = []
    for row in unit.rows:
        bare = text[row.start : row.end]
        match = _key_of(bare, is_any=True)
        by = _BY.fullmatch(bare.strip(_MARKS)) if match is None else None
        if match is not None:
            entries.append((match["key"], [match["value"]]))
        elif by is not None and by["name"] and len(by["name"].split()) <= _MAX_NAME_WORDS:
            entries.append(("by", [by["name"]]))
        else:
            entries[-1][1].append(bare)
    taken = 1
    if not "".join(entries[-1][1]).strip() and at + 1 < limit:
        below = units[at + 1]
        bare = text[below.start : below.end]
        if _key_of(text[below.rows[0].start : below.rows[0].end], is_any=True) is None:
            entries[-1][1].append(bare)
            taken = 2
    for key, values in entries:
        header.learn(key, " ".join(" ".join(values).split()))
    _skip(header, unit, units[at + taken - 1], "header: " + _listed(entries))
    return taken


def _listed(entries: Sequence[tuple[str, list[str]]]) -> str:
    return ", ".join(dict.fromkeys(key.strip().lower() for key, _ in entries))


def _read_credits(
    text: str, units: Sequence[Paragraph], at: int, limit: int, header: Header
) -> int:
    """The lines that say by whom and when."""
    unit = units[at]
    rows = [_row(text, row) for row in unit.rows]
    if len(rows) > 4 or len(" ".join(rows)) > 300:
        return 0
    by = _BY.fullmatch(rows[0])
    if by is not None and header.author is None:
        if by["name"]:
            if not _is_name(by["name"]):
                return 0
            header.learn("author", by["name"])
            for row in rows[1:]:
                _learn_credit(header, row)
            return _skip(header, unit, unit, "author")
        if len(rows) > 1:
            header.learn("author", rows[1])
            return _skip(header, unit, unit, "author")
        if at + 1 < limit and len(units[at + 1].rows) <= 2:
            header.learn("author", _row(text, units[at + 1].rows[0]))
            return _skip(header, unit, units[at + 1], "author") + 1
        return 0
    if all(_learn_credit(header, row) for row in rows):
        return _skip(header, unit, unit, "credits")
    return 0


def _is_name(words: str) -> bool:
    """Whether what follows ``by`` can be who wrote it, not the rest of a sentence."""
    is_sentence = words[-1] in "!?,;:" or (words[-1] == "." and tidy_title(words)[-1:] != ".")
    return len(words.split()) <= _MAX_NAME_WORDS and not is_sentence


def _learn_credit(header: Header, row: str) -> bool:
    """Whether a row is a year, a translator, an imprint; what it says is kept."""
    year = _YEAR.fullmatch(row)
    if year is not None:
        header.year = header.year or year["year"]
        return True
    credit = _CREDIT.fullmatch(row)
    if credit is not None:
        header.details.append((credit["role"].capitalize() + " by", tidy_title(credit["name"])))
        return True
    return _IMPRINT.match(row) is not None


def _read_title(
    text: str,
    units: Sequence[Paragraph],
    at: int,
    limit: int,
    header: Header,
    *,
    has_headings: bool,
) -> int:
    """The title, with what else is in its unit, or a subtitle below it."""
    unit = units[at]
    rows = [_row(text, row) for row in unit.rows]
    is_last = at + 1 >= len(units)
    if not any(char.isalnum() for char in "".join(rows)):
        return _skip(header, unit, unit, "ornament") if header.title else 0
    if is_last or len(rows) > 5 or max(map(len, rows)) > 120:
        return 0
    by = next((i for i, row in enumerate(rows) if i and _BY.fullmatch(row)), None)
    names = rows if by is None else rows[:by]
    joined = " ".join(names)
    if header.title is not None:
        may_be = (has_headings or _by_follows(text, units, at, limit)) and not _DEDICATION.match(
            joined
        )
        if may_be and len(names) <= 3 and _is_titular(joined) and at <= 3:
            header.details.append(("Subtitle", tidy_title(joined)))
            return _skip(header, unit, unit, "subtitle")
        return 0
    followed = by is not None or _by_follows(text, units, at, limit)
    if not (followed or (len(names) <= 3 and _is_titular(joined))):
        return 0
    header.title = tidy_title(names[0].strip('"“”'))
    if len(names) > 1:
        header.details.append(("Subtitle", tidy_title(" ".join(names[1:]))))
    if by is not None:
        name = _BY.fullmatch(rows[by])
        said = (name["name"] if name else None) or " ".join(rows[by + 1 : by + 2])
        header.learn("author", said)
    return _skip(header, unit, unit, "title" if by is None else "title and author")


def _is_titular(joined: str) -> bool:
    """Whether words could be a title: no speech; and no sentence, or all in capitals."""
    if joined[0] in "\"“‘'«—–" or any(mark in _SPEECH_MARKS for mark in joined):
        return False
    if is_caps(joined):
        return joined[-1] not in ",;"
    return joined[-1] not in _STOPS and (is_title_case(joined) or len(joined) <= 60)


def _by_follows(text: str, units: Sequence[Paragraph], at: int, limit: int) -> bool:
    """Whether the next unit but one at most names the author or begins the archive's lines."""
    for unit in units[at + 1 : min(at + 3, limit)]:
        row = _row(text, unit.rows[0])
        match = _BY.fullmatch(row)
        if match is not None and (not match["name"] or len(match["name"].split()) <= 6):
            return True
        if _key_of(row, is_any=False) is not None:
            return True
    return False
