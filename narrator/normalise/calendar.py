"""Dates and times of day in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.normalise.changes import Edit
from narrator.normalise.words import cardinal, digits, ordinal, year

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_SHORT = {
    "Jan.": "January", "Feb.": "February", "Mar.": "March", "Apr.": "April", "Jun.": "June",
    "Jul.": "July", "Aug.": "August", "Sept.": "September", "Sep.": "September",
    "Oct.": "October", "Nov.": "November", "Dec.": "December",
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|(?:{'|'.join(map(re.escape, _SHORT))}))"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?P<suffix>st|nd|rd|th)?"
_YEAR = r"(?:(?P<gap>,? |, )(?P<year>1\d{3}|20\d\d)(?![\w%/]|[.,]\d))?"

_DAY_FIRST = re.compile(rf"\b(?P<the>[Tt]he )?(?<![\d.,/:-]){_DAY} (?P<of>of )?{_MONTH}\b{_YEAR}")
_DAY_FIRST_SHORT = re.compile(
    rf"\b(?P<the>[Tt]he )?(?<![\d.,/:-]){_DAY} (?P<of>of )?{_MONTH}{_YEAR}"
)
_MONTH_FIRST = re.compile(rf"\b{_MONTH} {_DAY}(?![\w:/%-]|[.,]\d){_YEAR}")
_MONTH_YEAR = re.compile(
    rf"\b(?P<month>{'|'.join(map(re.escape, _SHORT))}),? "
    r"(?P<year>1\d{3}|20\d\d)(?![\w%/]|[.,]\d)"
)
_ISO = re.compile(
    r"(?<![\w/-])(?P<year>1\d{3}|20\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w/-])"
)
_SLASHED = re.compile(r"(?<![\w/])(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>\d{4}|\d\d)(?![\w/])")

_HALF = r"(?P<half> ?(?:[ap]\.m\.?|[AP]\.M\.?|[ap]m\b\.?|[AP]M\b\.?))"
_CLOCK = re.compile(
    rf"(?<![\w.,:/$£€-])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
    rf"{_HALF}?(?![\w:]|\.\d)"
)
_POINT_CLOCK = re.compile(
    rf"(?<![\w.,:/$£€-])(?P<hour>1[0-2]|0?[1-9])\.(?P<minute>[0-5]\d){_HALF}(?!\w)"
)
_TRAIN = re.compile(
    r"\b(?:[Tt]he|[Aa]t|[Bb]y|[Uu]ntil|[Tt]ill|[Bb]efore|[Aa]fter|[Aa]bout"
    r"|[Aa]rriv(?:e|es|ing)|[Ll]eav(?:e|es|ing)) "
    r"(?P<hour>1\d|2[0-3]|[1-9])\.(?P<minute>[0-5]\d)"
    r"(?=[.,;:!?)]?(?:\s*$|\s+(?:train|bus|boat|ferry|express|from|to|in the|on|that|this|and|for"
    r"|up|down)\b))"
)
_HOUR = re.compile(rf"(?<![\w.,:/$£€-])(?P<hour>1[0-2]|0?[1-9]){_HALF}(?!\w)")
_O_CLOCK = re.compile(r"(?<![\w.,:/$£€-])(?P<hour>1[0-2]|[1-9]) ?(?=o[’']\s?clock)")
_RATIO = re.compile(r"(?<![\w.,:/-])(?P<one>\d{1,4}):(?P<two>\d{1,4})(?![\w:]|\.\d)")


def find_dates(text: str) -> Iterator[Edit]:
    """“5 June 1997”, “June 5th, 1997”, “1997-06-05”, “6/25/1997”."""
    for pattern in (_DAY_FIRST, _DAY_FIRST_SHORT):
        for match in pattern.finditer(text):
            words = f"{ordinal(int(match['day']))} of {_month(match['month'])}"
            article = match["the"] or "the "
            yield _edit(match, article + words + _spoken_year(match), "dates")
    for match in _MONTH_FIRST.finditer(text):
        words = f"{_month(match['month'])} {ordinal(int(match['day']))}"
        yield _edit(match, words + _spoken_year(match), "dates")
    for match in _MONTH_YEAR.finditer(text):
        yield _edit(match, f"{_month(match['month'])} {year(int(match['year']))}", "dates")
    for match in _ISO.finditer(text):
        yield _edit(match, _full(match["day"], match["month"], match["year"]), "dates")
    for match in _SLASHED.finditer(text):
        one, two = int(match["one"]), int(match["two"])
        if two > 12 >= one >= 1 and two <= 31:
            words = _full(match["two"], match["one"], match["year"])
        elif one > 12 >= two >= 1 and one <= 31:
            words = _full(match["one"], match["two"], match["year"])
        else:  # which is the month, nobody can tell
            words = f"{one and cardinal(str(one))} {cardinal(str(two))} {_short(match['year'])}"
        yield _edit(match, words, "dates")


def _month(written: str) -> str:
    return _SHORT.get(written, written)


def _spoken_year(match: re.Match[str]) -> str:
    return f"{match['gap']}{year(int(match['year']))}" if match["year"] else ""


def _full(day: str, month: str, written: str) -> str:
    return f"the {ordinal(int(day))} of {_MONTHS[int(month) - 1]} {_short(written)}"


def _short(written: str) -> str:
    if len(written) == 4:
        return year(int(written))
    return f"oh {digits(written[1])}" if written[0] == "0" else cardinal(written)


def find_times(text: str) -> Iterator[Edit]:
    """“5:30 pm”, “17.05 p.m.”, “5 o’clock”; “3:1” is a proportion."""
    for pattern in (_CLOCK, _POINT_CLOCK):
        for match in pattern.finditer(text):
            yield _edit(match, _clock(match), "times")
    for match in _TRAIN.finditer(text):
        yield Edit(match.start("hour"), match.end(), _clock(match), "times")
    for match in _HOUR.finditer(text):
        yield _edit(match, f"{cardinal(str(int(match['hour'])))} {_half(match)}", "times")
    for match in _O_CLOCK.finditer(text):
        yield _edit(match, cardinal(match["hour"]) + " ", "times")
    for match in _RATIO.finditer(text):
        yield _edit(match, f"{cardinal(match['one'])} to {cardinal(match['two'])}", "times")


def _clock(match: re.Match[str]) -> str:
    hour, minute = match["hour"], match["minute"]
    words = cardinal(str(int(hour)))
    if minute == "00":
        if not _halved(match):
            words += " o’clock" if 1 <= int(hour) <= 12 and len(hour.lstrip("0")) else " hundred"
    elif minute[0] == "0":
        words += f" oh {digits(minute[1])}"
    else:
        words += f" {cardinal(minute)}"
    if "second" in match.re.groupindex and match["second"]:
        words += f" and {cardinal(str(int(match['second'])))} seconds"
    return f"{words} {_half(match)}" if _halved(match) else words


def _halved(match: re.Match[str]) -> bool:
    return "half" in match.re.groupindex and match["half"] is not None


def _half(match: re.Match[str]) -> str:
    # Engines know “a.m.”; of “A M” they make an article.
    return "a.m." if "a" in match["half"].lower() else "p.m."


def _edit(match: re.Match[str], words: str, rule: str) -> Edit:
    return Edit(match.start(), match.end(), words, rule)
