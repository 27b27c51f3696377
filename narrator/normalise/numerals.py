"""Roman numerals: in headings, after the names of kings, in “Part II”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.normalise.changes import Edit
from narrator.normalise.words import cardinal, ordinal

_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

_WELL_FORMED = r"(?=[IVXLC]+\b)(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?<=[IVXLC])"

ROMAN_HEADING = re.compile(
    r"(?ia)^[ \t_*]*(?:(?:chapter|part|book|volume|vol\.|letter|act|scene|canto|section"
    r"|kapitel|teil|buch|band|chapitre|partie|livre|tome|acte"
    r"|cap[iíÍ]tulo|parte|libro|tomo|acto|escena)[ \t]+)?"
    r"(?=[ivxlc])(?P<numeral>c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))\b"
    r"(?=[ \t]*(?:[.:(—–-]|$))",
    re.MULTILINE,
)

_KINGS = (
    "Henry Edward George William Richard Charles James John Elizabeth Mary Victoria Anne Stephen "
    "Louis Philip Philippe Francis François Ferdinand Alfonso Carlos Frederick Friedrich Wilhelm "
    "Otto Leopold Joseph Maximilian Rudolf Ludwig Gustav Christian Haakon Olaf Oscar Eric Erik "
    "Peter Paul Catherine Nicholas Alexander Ivan Boris Basil Michael Constantine Justinian "
    "Theodosius Leo Pius Gregory Clement Innocent Urban Benedict Boniface Adrian Sixtus Julius "
    "Celestine Alexius Manuel Andronicus Ptolemy Cleopatra Ramses Rameses Thutmose Seti Darius "
    "Xerxes Artaxerxes Antiochus Seleucus Mithridates Napoleon Napoléon Umberto Victor Emmanuel "
    "Albert Baudouin Juan Robert David Kenneth Donald Sancho Pedro Afonso Manoel Mehmed "
    "Murad Selim Suleiman Mahmud Abdul Hamid Humbert Stanislaus Sigismund Casimir Ladislaus Bela "
    "Matthias Wenceslaus Conrad Henri Amadeus Cosimo Lothair Childeric Clovis Harold Edmund"
).split()
_TITLES = "King Queen Emperor Empress Pope Tsar Czar Kaiser Sultan Prince Duke Shah Pharaoh".split()
_KING = re.compile(
    rf"\b(?P<title>(?:{'|'.join(_TITLES)}) )?(?P<name>{'|'.join(_KINGS)})"
    rf"(?P<gap> )(?P<numeral>{_WELL_FORMED})\b(?P<after>’s|'s| of\b)?"
)
_ANY_KING = re.compile(
    rf"\b(?:{'|'.join(_TITLES)}) [A-Z][^\W\d_]{{1,20}} (?P<numeral>{_WELL_FORMED})\b"
)
_PLACES = (
    "Chapter|Chap\\.|Part|Book|Volume|Vol\\.|Act|Scene|Canto|Section|Article|Figure|Fig\\.|Table|"
    "Appendix|Letter|Psalm|Type|Class|Phase|Stage|Level|Mark|World War|Apollo|Title|Schedule|"
    "Episode|Season|Lesson|Exhibit|Plate|Map|Division|Corps"
)
_PLACE = re.compile(rf"\b(?:{_PLACES}) (?P<numeral>{_WELL_FORMED})\b")
_SOMEBODY = re.compile(
    r"\b[A-Z][a-z]{1,20} [A-Z][a-z]{1,20}(?:,)? (?P<numeral>II|III|IV)\b(?=[\s,.;:!?’']|$)"
)
_AFTER_I = re.compile(r"\s*(?:$|[.,;:!?)\]—–-]|of\b|and (?:Chapter|Part|Book|Act|Volume|II)\b)")


def roman_value(numeral: str) -> int:
    """The value of a Roman numeral made of I, V, X, L and C, in either case."""
    values = [_VALUES[letter] for letter in numeral.casefold()]
    return sum(
        -value if any(later > value for later in values[i + 1 : i + 2]) else value
        for i, value in enumerate(values)
    )


def find_roman(text: str) -> Iterator[Edit]:
    """“Henry VIII” is “the eighth”, “Part II” is “two”.

    A lone I is left alone where it may be the pronoun.
    """
    for match in _PLACE.finditer(text):
        if match["numeral"] != "I" or _AFTER_I.match(text, match.end()):
            yield _edit(match, cardinal(str(roman_value(match["numeral"]))))
    for match in _KING.finditer(text):
        if match["numeral"] != "I" or match["title"] or match["after"]:
            yield _edit(match, _nth(match["numeral"]))
    for pattern in (_ANY_KING, _SOMEBODY):
        for match in pattern.finditer(text):
            yield _edit(match, _nth(match["numeral"]))


def _nth(numeral: str) -> str:
    return f"the {ordinal(roman_value(numeral)).capitalize()}"


def _edit(match: re.Match[str], words: str) -> Edit:
    return Edit(match.start("numeral"), match.end("numeral"), words, "roman")
