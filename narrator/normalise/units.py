"""Measures in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.normalise.changes import Edit, ends_at
from narrator.normalise.figures import NUMBER
from narrator.normalise.words import cardinal

_UNITS = {
    "km": "kilometre", "cm": "centimetre", "mm": "millimetre", "m": "metre", "kg": "kilogram",
    "mg": "milligram", "g": "gram", "ml": "millilitre", "cl": "centilitre", "ft": "foot/feet",
    "ft.": "foot/feet", "in.": "inch/inches", "yd": "yard", "yds": "yard", "yds.": "yard",
    "yd.": "yard", "lb": "pound", "lb.": "pound", "lbs": "pound", "lbs.": "pound", "oz": "ounce",
    "oz.": "ounce", "cwt": "hundredweight/hundredweight", "mph": "mile/miles per hour",
    "m.p.h.": "mile/miles per hour", "km/h": "kilometre/kilometres per hour",
    "kph": "kilometre/kilometres per hour", "m/s": "metre/metres per second", "hr": "hour",
    "hrs": "hour", "hr.": "hour", "hrs.": "hour", "min.": "minute", "min": "minute",
    "mins": "minute", "mins.": "minute", "sec": "second", "sec.": "second", "secs": "second",
    "secs.": "second", "ms": "millisecond", "Hz": "hertz/hertz", "kHz": "kilohertz/kilohertz",
    "MHz": "megahertz/megahertz", "GHz": "gigahertz/gigahertz", "kW": "kilowatt",
    "kWh": "kilowatt hour", "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte",
    "GB": "gigabyte", "TB": "terabyte", "dB": "decibel", "°": "degree", "º": "degree",
    "°C": "degree/degrees Celsius", "° C": "degree/degrees Celsius",
    "°F": "degree/degrees Fahrenheit", "° F": "degree/degrees Fahrenheit",
    "%": "per cent/per cent", "sq ft": "square foot/square feet",
    "sq. ft.": "square foot/square feet", "m²": "square metre", "km²": "square kilometre",
}  # fmt: skip
_ALTERNATIVES = "|".join(sorted(map(re.escape, _UNITS), key=lambda unit: (-len(unit), unit)))
_MEASURE = re.compile(
    rf"(?<![\w.,/:£$€])(?P<sign>(?<![\w-])[-−](?=\d))?(?P<number>{NUMBER}|\.\d+)"
    rf"(?: ?(?P<to>[-–—]|to) ?(?P<last>{NUMBER}))?"
    rf"(?P<space> ?)(?P<unit>{_ALTERNATIVES})(?P<more>-(?=[a-z]))?(?![\w²/])"
)
_FEET = re.compile(
    r"(?<![\w.])(?P<feet>\d{1,2})['’′] ?(?P<inches>\d{1,2})(?:[\"”″]|''|’’|(?![\w'’]))"
)
_FEET_ALONE = re.compile(r"(?<![\w.])(?P<feet>\d{1,3})′(?!\d)")
_INCHES = re.compile(r"(?<![\w.])(?P<inches>\d{1,3})″")


def find_heights(text: str) -> Iterator[Edit]:
    """``6'2"``: to be found before quotation marks are taken away."""
    for match in _FEET.finditer(text):
        if int(match["inches"]) < 12:
            words = f"{cardinal(match['feet'])} foot {cardinal(match['inches'])}"
            yield Edit(match.start(), match.end(), words, "units")
    for match in _FEET_ALONE.finditer(text):
        yield Edit(match.start(), match.end(), _many(match["feet"], "foot", "feet"), "units")
    for match in _INCHES.finditer(text):
        yield Edit(match.start(), match.end(), _many(match["inches"], "inch", "inches"), "units")


def find_units(text: str) -> Iterator[Edit]:
    """“5 km”, “20–30 °C”, “50%”, “6 ft. 2 in.”."""
    for match in _MEASURE.finditer(text):
        unit, end = match["unit"], match.end()
        if (
            unit == "in."
            and match["space"]
            and not re.search(r"f(?:ee)?t\.?,? $", text[max(0, match.start() - 6) : match.start()])
        ):
            continue
        if unit in ("m", "g", "ms") and match["space"] and re.match(r" [a-z]", text[end : end + 2]):
            continue
        if unit.endswith(".") and ends_at(text, end):
            end -= 1  # the stop is the sentence's
        one, _, many = _UNITS[unit].partition("/")
        many = many or f"{one}s"
        if " " in many and "/" in _UNITS[unit] and " " not in one:
            one += many[many.index(" ") :]
        words = cardinal(match["number"])
        if match["sign"]:
            words = f"minus {words}"
        if match["last"]:
            words += f" to {cardinal(match['last'])}"
        single = match["number"] == "1" and not match["last"]
        yield Edit(
            match.start(), end, f"{words} {one if single else many}{match['more'] or ''}", "units"
        )


def _many(figures: str, one: str, many: str) -> str:
    return f"{cardinal(figures)} {one if figures == '1' else many}"
