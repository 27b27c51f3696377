"""Sums of money in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.normalise.changes import Edit, ends_at
from narrator.normalise.words import cardinal

# (one, many, a hundredth, many of these)
_CURRENCIES = {
    "£": ("pound", "pounds", "penny", "pence"),
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₽": ("rouble", "roubles", "kopeck", "kopecks"),
}
_COUNTRIES = {
    "US": "US ",
    "U.S.": "US ",
    "A": "Australian ",
    "C": "Canadian ",
    "NZ": "New Zealand ",
}
_SCALES = {
    "k": "thousand", "m": "million", "mn": "million", "bn": "billion", "b": "billion",
    "tn": "trillion", "thousand": "thousand", "million": "million", "billion": "billion",
    "trillion": "trillion", "hundred": "hundred",
}  # fmt: skip
_WHOLE = r"\d{1,3}(?:,\d{3})+|\d+"
_SUM = re.compile(
    rf"(?<![\w.])(?P<country>(?:US|U\.S\.|NZ|A|C)(?=\$))?(?P<sign>[£$€¥₹₽]) ?(?P<whole>{_WHOLE})"
    rf"(?:\.(?P<part>\d+))?(?P<to> ?[-–—] ?[£$€¥₹₽]?"
    rf"(?P<last>{_WHOLE})(?:\.(?P<lastpart>\d+))?)?"
    r"(?:(?P<scale>k|mn?|bn?|tn|[KMB])\b| (?P<long>thousand|million|billion|trillion|hundred)\b)?"
    r"(?P<noun>[ -](?:bill|note|coin|piece|fine|ticket|prize|bet|reward|job|check|cheque|fee"
    r"|deposit|suit|loan|debt|tip|meal|dress|watch|a)\b)?(?![\d])"
)
_OLD = re.compile(
    r"(?<![\w.])£ ?(?P<pounds>\d[\d,]*)(?:[ .,]{0,2}(?P<shillings>\d{1,2}) ?s\b\.?)"
    r"(?:,? ?(?P<pence>\d{1,2}) ?d\b\.?)?"
)
_OLD_PENCE = re.compile(r"(?<![\w.])£ ?(?P<pounds>\d[\d,]*) (?P<pence>\d{1,2}) ?d\b\.?")
_SHILLINGS = re.compile(r"(?<![\w.,£$-])(?P<shillings>\d{1,3}) ?s\.,? ?(?P<pence>\d{1,2}) ?d\b\.?")
_SMALL = re.compile(r"(?<![\w.,£$-])(?P<count>\d{1,3}) ?(?P<unit>¢|p\b(?!\.))")
_CODE = re.compile(rf"(?<![\w.])(?P<whole>{_WHOLE})(?:\.(?P<part>\d\d))? ?(?P<sign>[€£])(?!\d)")


def find_money(text: str) -> Iterator[Edit]:
    """“£3 10s 6d”, “$1.5m”, “€20”, “$5–10”, “a $5 bill”, “50p”."""
    for pattern in (_OLD, _OLD_PENCE, _SHILLINGS):
        for match in pattern.finditer(text):
            end = match.end()
            # the stop of the sentence is not that of the abbreviation
            if match[0].endswith(".") and ends_at(text, end):
                end -= 1
            yield Edit(match.start(), end, _old(match), "money")
    for match in _SUM.finditer(text):
        yield Edit(match.start(), match.end(), _sum(match), "money")
    for match in _CODE.finditer(text):
        words = _amount(match["whole"], match["part"], _CURRENCIES[match["sign"]], "")
        yield Edit(match.start(), match.end(), words, "money")
    for match in _SMALL.finditer(text):
        one, many = ("cent", "cents") if match["unit"] == "¢" else ("penny", "pence")
        yield Edit(match.start(), match.end(), _count(match["count"], one, many), "money")


def _old(match: re.Match[str]) -> str:
    given = match.groupdict()
    words = []
    if given.get("pounds"):
        words.append(_count(given["pounds"], "pound", "pounds"))
    if given.get("shillings"):
        words.append(_count(given["shillings"], "shilling", "shillings"))
    if given.get("pence"):
        pence = int(given["pence"])
        words.append(
            "a penny"
            if pence == 1
            else f"{cardinal(given['pence'])}{'' if pence < 12 else ' '}pence"
        )
    return " and ".join([" ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _sum(match: re.Match[str]) -> str:
    currency = _CURRENCIES[match["sign"]]
    country = _COUNTRIES.get(match["country"] or "", "")
    scale = (
        _SCALES[(match["scale"] or match["long"] or "").lower()]
        if (match["scale"] or match["long"])
        else ""
    )
    if match["last"]:
        first = cardinal(_figures(match["whole"], match["part"]))
        last = cardinal(_figures(match["last"], match["lastpart"]))
        words = " ".join(filter(None, (first, "to", last, scale, country + currency[1])))
    elif scale:
        figures = cardinal(_figures(match["whole"], match["part"]))
        words = f"{figures} {scale} {country}{currency[1]}"
    else:
        words = _amount(match["whole"], match["part"], currency, country)
    if match["noun"]:
        words = words.replace(currency[1], currency[0]) if match["noun"][1:] != "a" else words
        words += match["noun"]
    return words


def _figures(whole: str, part: str | None) -> str:
    return f"{whole}.{part}" if part else whole


def _amount(whole: str, part: str | None, currency: tuple[str, str, str, str], country: str) -> str:
    one, many, cent, cents = currency
    if part is not None and len(part) == 2:
        if int(part) == 0:
            return _count(whole, country + one, country + many)
        small = _count(str(int(part)), cent, cents)
        if whole == "0":
            return small
        return f"{_count(whole, country + one, country + many)} and {small}"
    if part is not None:
        return f"{cardinal(f'{whole}.{part}')} {country}{many}"
    return _count(whole, country + one, country + many)


def _count(figures: str, one: str, many: str) -> str:
    return f"{cardinal(figures)} {one if figures == '1' else many}"
