"""Abbreviations in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.normalise.changes import Edit, ends_at

# Before a name.
_TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Dr": "Doctor", "Prof": "Professor", "Rev": "Reverend",
    "Revd": "Reverend", "Hon": "Honourable", "Capt": "Captain", "Col": "Colonel", "Gen": "General",
    "Lieut": "Lieutenant", "Lt": "Lieutenant", "Sgt": "Sergeant", "Sergt": "Sergeant",
    "Maj": "Major", "Cmdr": "Commander", "Adm": "Admiral", "Gov": "Governor", "Sen": "Senator",
    "Messrs": "Messers", "Mme": "Madame", "Mlle": "Mademoiselle", "Mt": "Mount", "Ft": "Fort",
    "Supt": "Superintendent", "Insp": "Inspector", "Cpl": "Corporal", "Pvt": "Private",
    "Brig": "Brigadier", "Pres": "President", "Mgr": "Monsignor",
}  # fmt: skip
# Whatever stands after them.
_ALWAYS = {
    "etc": "et cetera", "viz": "namely", "vs": "versus", "approx": "approximately",
    "dept": "department", "Dept": "Department", "Esq": "Esquire", "Bros": "Brothers",
    "Ltd": "Limited", "Inc": "Incorporated", "Corp": "Corporation", "Blvd": "Boulevard",
    "Mr": "Mister", "Mrs": "Missus", "Messrs": "Messers", "Mme": "Madame", "Mlle": "Mademoiselle",
}  # fmt: skip
# Before a number.
_NUMBERED = {
    "No": "number", "no": "number", "Nos": "numbers", "nos": "numbers", "vol": "volume",
    "Vol": "Volume", "vols": "volumes", "Vols": "Volumes", "ch": "chapter", "Ch": "Chapter",
    "chap": "chapter", "Chap": "Chapter", "p": "page", "pp": "pages", "fig": "figure",
    "Fig": "Figure", "figs": "figures", "Figs": "Figures", "sec": "section", "art": "article",
    "c": "circa", "ca": "circa", "circ": "circa", "ver": "version", "Op": "Opus", "op": "opus",
}  # fmt: skip
_LAST_WORDS = frozenset({"et cetera", "Esquire", "Limited", "Incorporated", " Junior", " Senior"})
"""Followed by a capital letter, these end a sentence."""
_CAPITAL = re.compile(r"\s+[A-Z]")
_TITLE = re.compile(
    rf"\b(?P<short>{'|'.join(_TITLES)})\.(?=[\s\xa0]+(?:[A-Z]|and\b|de\b|von\b|’|'))"
)
_LOUD_TITLE = re.compile(r"\b(?P<short>MRS?|DR|MME|MLLE)\.(?=[\s\xa0]+[A-Z])")
_BARE_TITLE = re.compile(r"\b(?P<short>Mr|Mrs|Dr)(?=[ \xa0][A-Z][a-z])")
_ANYWHERE = re.compile(rf"\b(?P<short>{'|'.join(_ALWAYS)})\.")
_NUMBER = re.compile(rf"(?<![\w.])(?P<short>{'|'.join(_NUMBERED)})\. ?(?=\d|(?!I\b)[IVXLC]+\b)")
_LATIN = (
    (re.compile(r"(?<![\w.])e\. ?g\.(?P<comma>,?)"), "for example"),
    (re.compile(r"(?<![\w.])i\. ?e\.(?P<comma>,?)"), "that is"),
    (re.compile(r"(?<![\w.])et al\."), "et al"),
    (re.compile(r"(?<![\w.])cf\."), "compare"),
    (re.compile(r"(?<![\w&])&c\.?(?!\w)"), "et cetera"),
    (re.compile(r"№ ?(?=\d)"), "number "),
)
_SENIORITY = re.compile(r"(?<=[a-z])(?P<comma>,?) (?P<short>Jr|Sr)\b\.?")
_COMPANY = re.compile(r"(?P<before>(?:&|and) )Co\.")
_WAY = re.compile(r"(?P<before>\b(?:[A-Z][a-z]+|\d+(?:st|nd|rd|th)) )(?P<short>Ave|Rd)\.")
_SAINT = re.compile(r"\bSt\.?[ \xa0](?=[A-Z][a-z’']|[A-Z]{2})")
_STREET = re.compile(r"(?P<before>\b(?:[A-Z][a-z]+|\d+(?:st|nd|rd|th)) )St\.")
_DRIVE = re.compile(r"(?P<before>\b\d+ [A-Z][a-z]+ )Dr\.")
_AFTER_STREET = re.compile(r"\s+(?:Station|Bridge|Corner|Theatre|Market|Church|School|Bank)\b")
_MONSIEUR = re.compile(
    r"(?<![A-Z]\. )(?<![\w.’'-])M\.(?=\s(?:(?:le|la|de|du|des)\b|d[’']|l[’']|[A-ZÀ-Þ][a-zß-ÿ’']))"
)
_NAME_BEFORE = re.compile(r"[A-Z][a-z]+ $")

_SENTENCE_STARTERS = (
    "He|She|It|They|We|You|I|The|A|An|This|That|There|Then|But|And|So|Not|His|Her|My|Your|Their|"
    "What|Who|Why|How|When|Where|If|In|On|At|As|For|No|Yes|Now|One|With|Of"
)
_DOTTED = re.compile(r"\s[A-Z]\.")
_INITIAL = re.compile(
    rf"(?<![\w.’'-])(?P<letter>[A-Z])\.(?=[\s\xa0][A-Z](?:\.|[a-z’']))(?![\s\xa0](?:{_SENTENCE_STARTERS})\b)"
)


def find_abbreviations(text: str) -> Iterator[Edit]:
    """“Dr. Hale, of Baker St., e.g.” in full. The stop that ends a sentence stays."""
    yield from _streets(text)
    for match in _TITLE.finditer(text):
        yield _edit(match, _TITLES[match["short"]])
    for match in _LOUD_TITLE.finditer(text):
        yield _edit(match, _TITLES[match["short"].capitalize()])
    for match in _BARE_TITLE.finditer(text):
        yield _edit(match, _TITLES[match["short"]])
    for match in _NUMBER.finditer(text):
        yield _edit(match, _NUMBERED[match["short"]] + " ")
    for pattern, words in _LATIN:
        for match in pattern.finditer(text):
            yield _stopped(match, words + ("," if "," in match[0] else ""))
    for match in _SENIORITY.finditer(text):
        words = " Junior" if match["short"] == "Jr" else " Senior"
        yield _stopped(match, words)
    for match in _COMPANY.finditer(text):
        yield _stopped(match, "Company", match.end("before"))
    for match in _WAY.finditer(text):
        words = "Avenue" if match["short"] == "Ave" else "Road"
        yield _stopped(match, words, match.end("before"))
    for match in _MONSIEUR.finditer(text):
        if not _NAME_BEFORE.search(text, max(0, match.start() - 12), match.start()):
            yield _edit(match, "Monsieur")
    for match in _ANYWHERE.finditer(text):
        yield _stopped(match, _ALWAYS[match["short"]])
    for match in _INITIAL.finditer(text):
        if match["letter"] != "I" or _DOTTED.match(text, match.end()):
            yield _edit(match, match["letter"])


def _streets(text: str) -> Iterator[Edit]:
    """“St.” is a saint before a name, and else, after one, a street."""
    for match in _STREET.finditer(text):
        named = _SAINT.match(text, match.end("before"))
        if not named or _AFTER_STREET.match(text, match.end()) or match["before"][0].isdigit():
            yield _stopped(match, "Street", match.end("before"))
    for match in _DRIVE.finditer(text):
        yield _stopped(match, "Drive", match.end("before"))
    for match in _SAINT.finditer(text):
        yield _edit(match, "Saint ")


def _stopped(match: re.Match[str], words: str, start: int | None = None) -> Edit:
    """An edit that keeps the full stop where it ends the sentence too."""
    ends = match[0].endswith(".") and (
        ends_at(match.string, match.end())
        or (words in _LAST_WORDS and _CAPITAL.match(match.string, match.end()) is not None)
    )
    begin = match.start() if start is None else start
    return Edit(begin, match.end() - ends, words, "abbreviations")


def _edit(match: re.Match[str], words: str) -> Edit:
    return Edit(match.start(), match.end(), words, "abbreviations")
