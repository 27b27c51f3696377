"""The word tables that attribution looks at, read once from ``data/``."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from narrator.model import Gender

__all__ = [
    "KINSHIP",
    "NOUN_GENDER",
    "PRONOUN_GENDER",
    "TITLES",
    "diminutives",
    "given_names",
    "words",
]

TITLE_SAME: dict[str, str] = {
    "mister": "mr", "m": "monsieur", "mme": "madame", "mlle": "mademoiselle", "doctor": "dr",
    "prof": "professor", "capt": "captain", "col": "colonel", "lt": "lieutenant", "sgt": "sergeant",
    "reverend": "rev", "auntie": "aunt", "grandpa": "grandfather", "granny": "grandmother",
    "missus": "mrs", "senora": "signora", "señora": "signora", "señor": "senor",
    "senorita": "signorina", "señorita": "signorina", "di": "inspector", "dci": "inspector",
    "ds": "sergeant", "dc": "constable", "pc": "constable", "wpc": "constable",
    "dsi": "superintendent",
}  # fmt: skip
"""Two ways to write one title."""

PRONOUN_GENDER: dict[str, Gender] = {
    "he": Gender.MALE,
    "him": Gender.MALE,
    "his": Gender.MALE,
    "himself": Gender.MALE,
    "she": Gender.FEMALE,
    "her": Gender.FEMALE,
    "hers": Gender.FEMALE,
    "herself": Gender.FEMALE,
}


def _sections(name: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    rows: list[str] = []
    for row in files(__package__).joinpath("data", name).read_text(encoding="utf-8").splitlines():
        if row.startswith("["):
            rows = sections.setdefault(row.strip("[]"), [])
        elif row and not row.startswith("#"):
            rows.extend(row.split())
    return sections


@lru_cache(maxsize=1)
def _word_sections() -> dict[str, frozenset[str]]:
    return {name: frozenset(found) for name, found in _sections("words.txt").items()}


def words(section: str) -> frozenset[str]:
    """The words of one section of ``data/words.txt``."""
    return _word_sections()[section]


@lru_cache(maxsize=1)
def given_names() -> dict[str, Gender]:
    """Given names in lower case, with the gender they are mostly given to."""
    found: dict[str, Gender] = {}
    sections = _sections("given_names.txt")
    for section, gender in (("female", Gender.FEMALE), ("male", Gender.MALE)):
        for name in sections[section]:
            known = found.setdefault(name.lower(), gender)
            if known is not gender:
                found[name.lower()] = Gender.UNKNOWN
    found.update((name.lower(), Gender.UNKNOWN) for name in sections["either"])
    return found


@lru_cache(maxsize=1)
def diminutives() -> dict[str, frozenset[str]]:
    """Short forms in lower case, each with the full given names that it may stand for."""
    found: dict[str, set[str]] = {}
    text = files(__package__).joinpath("data", "diminutives.txt").read_text(encoding="utf-8")
    for row in text.splitlines():
        full, colon, short = row.partition(":")
        if colon and not row.startswith("#"):
            for name in short.split():
                found.setdefault(name.lower(), set()).add(full.lower())
    return {name: frozenset(fulls) for name, fulls in found.items()}


def _by_gender(either: str, male: str, female: str) -> dict[str, Gender]:
    found = dict.fromkeys(words(either), Gender.UNKNOWN)
    found.update(dict.fromkeys(words(male), Gender.MALE))
    found.update(dict.fromkeys(words(female), Gender.FEMALE))
    return found


TITLES: dict[str, Gender] = _by_gender("title_either", "title_male", "title_female")
"""Titles without their dot, and the gender each one tells."""

NOUN_GENDER: dict[str, Gender] = {
    **dict.fromkeys(words("animals"), Gender.UNKNOWN),
    **_by_gender("human_either", "human_male", "human_female"),
}
"""Nouns for people (and for the animals that speak in fables), with the gender they tell."""

KINSHIP: dict[str, Gender] = _by_gender("kin_either", "kin_male", "kin_female")
"""Nouns that stand for someone through someone else: *her mother*, *his friend*."""
