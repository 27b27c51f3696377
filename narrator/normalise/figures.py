"""Figures in English: whole and broken numbers, years, ranges, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.normalise.changes import Edit
from narrator.normalise.words import cardinal, digits, fraction, ordinal, plural, room, year

# Not in the middle of a word, a number, a path.
BEFORE = r"(?<![\w.,/:])(?<!\d[-–])"
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
TO = r" ?[-–—−‒] ?"

_PHONE = re.compile(
    r"(?<![\w.,-])(?:\+\d{1,3}[ -]?)?(?:\(\d{2,5}\)|\d{2,5})(?:[ -]\d{2,5}){1,4}"
    r"(?![\w-]|[.,]\d)"
)
_LOCAL_PHONE = re.compile(r"(?:\d[ -])?(?:\(?\d{3}\)?[ -]){1,2}\d{4}")
_YEAR_WORDS = (
    "in|since|of|by|until|till|before|after|from|to|between|during|circa|about|around|year|years|"
    "summer|autumn|fall|winter|spring|early|late|and|or|back|dated|A\\.D\\.|AD|anno|class|christmas|"
    "january|february|march|april|may|june|july|august|september|october|november|december|for"
)
_YEAR_BEFORE = re.compile(rf"(?i)\b(?:{_YEAR_WORDS}),?\s$")
_SINGULAR = frozenset(
    "perhaps always yes does unless towards afterwards whereas sometimes besides has was".split()
)
_PLURALS = frozenset("men people women children feet horse foot head dead sheep souls".split())
_FUNCTION_WORDS = frozenset(
    """
    she he it they the an my her his our their who which that when and or but if you we was were
    is had has have did would could should with without for from to in on at by as then there
    after before until some many most all no not only both
    """.split()
)
_COUNTED = re.compile(r" (?P<one>[a-z]{2,20})\b(?: (?P<two>[a-z]{3,20})\b)?")
_FOUR = re.compile(rf"{BEFORE}(?<!-)(?P<year>[12]\d{{3}})(?![\w%°/]|[.,:]\d|-\w)")
_DECADE = re.compile(rf"{BEFORE}[’‘']?(?:(?P<year>1[0-9]\d0|20\d0)|(?P<ten>[1-9]0))[’']?s\b")
_REDACTED = re.compile(
    r"(?<![\w.,/:$£€-])(?P<year>1[5-9](?:\d(?=[-–—]))?)(?:--+|[—–⸺]+|(?<=\d{3})-)(?=[\s,.;:)!?’”\"]|$)"
)
_YEARS = re.compile(
    rf"{BEFORE}(?<!-)(?P<first>1[0-9]\d\d|20\d\d){TO}"
    r"(?P<last>1[0-9]\d\d|20\d\d|\d\d)(?![\w%/]|[.,]\d|-\d)"
)
_RANGE = re.compile(
    rf"{BEFORE}(?<!-)(?P<first>{NUMBER}){TO}(?P<last>{NUMBER})(?![\d/]|[.,]\d|[-–]\d|(?!(?:st|nd|rd|th)\b)[^\W\d_])"
)
_ORDINAL = re.compile(rf"{BEFORE}(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+)(?:st|nd|rd|th|d)\b", re.I)
_FRACTION = re.compile(
    rf"{BEFORE}(?:(?P<whole>\d+)[ -])?(?P<above>\d{{1,3}})[/⁄]"
    r"(?P<below>\d{1,4})(?![\w/])"
)
_GLYPHS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
    "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8),
    "⅞": (7, 8),
}  # fmt: skip
_GLYPH = re.compile(rf"(?:{BEFORE}(?P<whole>\d+) ?)?(?P<glyph>[{''.join(_GLYPHS)}])")
_ROOM = re.compile(
    r"\b(?:Room|Flight|Suite|Apartment|Apt\.?|Bus|Highway|Route|Interstate|Platform|Boeing|Cell|"
    r"[Ee]xtension|[Ee]xt\.|Area|Locker) (?P<number>[1-9]\d{2,3})(?![\w%/]|[.,:-]\d)"
)
_DOTTED = re.compile(r"(?<![\w.])v?(?P<number>\d+(?:\.\d+){2,})(?![\w]|\.\d)")
_PLAIN = re.compile(
    rf"(?<![\w.,/:])(?<!\d[-–])(?P<sign>(?<![\w–-])[-−](?=[\d.]))?"
    rf"(?P<number>{NUMBER}|\.\d+)(?![\d/]|[.,:]\d|[^\W\d_])"
)


def find_years(text: str) -> Iterator[Edit]:
    """“1914–18”, “the 1920s”, “in 1997”; other numbers of four figures that count nothing."""
    for match in _YEARS.finditer(text):
        first, last = int(match["first"]), match["last"]
        if len(last) == 2 and int(last) <= first % 100:
            continue
        if len(last) == 4 and int(last) <= first:
            continue
        later = cardinal(last) if len(last) == 2 and last[0] != "0" else year(int(last))
        yield _edit(match, f"{year(first)} to {later}", "years")
    for match in _DECADE.finditer(text):
        words = year(int(match["year"])) if match["year"] else cardinal(match["ten"])
        yield _edit(match, plural(words), "years")
    for match in _FOUR.finditer(text):
        number = int(match["year"])
        told = _YEAR_BEFORE.search(text, max(0, match.start() - 14), match.start())
        if number >= (2100 if told else 2030) or (number < 1100 and not told):
            continue
        if not _counts(text, match.end(), told=told is not None):
            yield _edit(match, year(number), "years")


def _counts(text: str, end: int, *, told: bool) -> bool:
    """Whether a number that ends there counts things: “1500 men”, “1200 wooden ships”.

    `told`: a word before it says that it is a year, so that an adjective proves nothing.
    """
    match = _COUNTED.match(text, end)
    if match is None:
        return False
    if _is_plural(match["one"]):
        return True
    adjective = not told and match["one"] not in _FUNCTION_WORDS
    return adjective and match["two"] is not None and _is_plural(match["two"])


def _is_plural(word: str) -> bool:
    if word in _PLURALS:
        return True
    return len(word) > 3 and word.endswith("s") and word[-2] not in "sui" and word not in _SINGULAR


def find_redacted(text: str) -> Iterator[Edit]:
    """“In 18—” and “April 187-”, as old books hide a year; before dashes become pauses."""
    for match in _REDACTED.finditer(text):
        yield Edit(match.start(), match.end(), f"{_hidden(match['year'])} something", "years")


def _hidden(figures: str) -> str:
    century = cardinal(figures[:2])
    return century if len(figures) == 2 else f"{century} {cardinal(figures[2] + '0')}"


def find_figures(text: str) -> Iterator[Edit]:
    """Every other number, the odd ones first."""
    for match in _PHONE.finditer(text):
        if _is_phone(match[0]):
            yield _edit(match, _phone(match[0]), "numbers")
    for match in _ROOM.finditer(text):
        yield _part(match, "number", room(match["number"]), "numbers")
    for match in _DOTTED.finditer(text):
        words = " point ".join(map(cardinal, match["number"].split(".")))
        yield _part(match, "number", words, "numbers")
    yield from _find_fractions(text)
    for match in _ORDINAL.finditer(text):
        number = int(match["number"].replace(",", ""))
        if _suffix_fits(number, match[0]):
            yield _edit(match, ordinal(number), "numbers")
    for match in _RANGE.finditer(text):
        yield from _range(match)
    for match in _PLAIN.finditer(text):
        words = cardinal(match["number"])
        yield _edit(match, f"minus {words}" if match["sign"] else words, "numbers")


def _find_fractions(text: str) -> Iterator[Edit]:
    for match in _GLYPH.finditer(text):
        above, below = _GLYPHS[match["glyph"]]
        yield _edit(match, _mixed(match["whole"], above, below), "numbers")
    for match in _FRACTION.finditer(text):
        above, below = int(match["above"]), int(match["below"])
        if (above, below) in ((24, 7), (9, 11), (7, 7)) or above >= below or below > 100:
            words = f"{cardinal(match['above'])} {cardinal(match['below'])}"
            if match["whole"]:
                words = f"{cardinal(match['whole'])} {words}"
        elif below < 2:
            continue
        else:
            words = _mixed(match["whole"], above, below)
        yield _edit(match, words, "numbers")


def _mixed(whole: str | None, above: int, below: int) -> str:
    if whole is None:
        return fraction(above, below)
    part = fraction(above, below)
    return f"{cardinal(whole)} and {'a ' + part[4:] if above == 1 else part}"


def _range(match: re.Match[str]) -> Iterator[Edit]:
    """“10–12” is “ten to twelve”; a score, “3–2”, is “three two”."""
    first, last = match["first"], match["last"]
    if first[0] == "0" or last[0] == "0":
        return
    low, high = (float(figures.replace(",", "")) for figures in (first, last))
    tail = match.string[match.end() : match.end() + 2].lower()
    if tail in ("st", "nd", "rd", "th"):
        return
    yield _edit(
        match, f"{cardinal(first)}{' to ' if low < high else ' '}{cardinal(last)}", "numbers"
    )


def _suffix_fits(number: int, written: str) -> bool:
    suffix = re.sub(r"[\d,]", "", written).lower()
    right = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return suffix == right or (suffix == "d" and right in ("nd", "rd"))


def _is_phone(text: str) -> bool:
    figures = sum(character.isdigit() for character in text)
    return 7 <= figures <= 15 and (text[0] in "+(0" or _LOCAL_PHONE.fullmatch(text) is not None)


def _phone(text: str) -> str:
    groups = re.findall(r"\d+", text)
    words = ", ".join(digits(group) for group in groups)
    return f"plus {words}" if text.startswith("+") else words


def _edit(match: re.Match[str], words: str, rule: str) -> Edit:
    return Edit(match.start(), match.end(), words, rule)


def _part(match: re.Match[str], group: str, words: str, rule: str) -> Edit:
    return Edit(match.start(group), match.end(group), words, rule)
