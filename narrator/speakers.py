"""What is known of the speakers of a model with several: by its card, or by the corpus that it was
trained on.

Nothing is guessed: a corpus is known by its name, and its speakers by theirs, as the model's own
config has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from narrator.bank import voices_home
from narrator.config import check_range, parse_toml, read_table
from narrator.errors import ConfigError
from narrator.model import Age, Gender, Voice
from narrator.store import read_bytes

_GENDERS = {"female": Gender.FEMALE, "f": Gender.FEMALE, "woman": Gender.FEMALE}
_GENDERS |= {"male": Gender.MALE, "m": Gender.MALE, "man": Gender.MALE}
_ACCENTS = {
    "british": "en-GB", "scottish": "scottish", "welsh": "welsh", "irish": "en-IE",
    "american": "en-US", "canadian": "en-CA", "australian": "en-AU", "indian": "en-IN",
    "new zealand": "en-NZ", "south african": "en-ZA", "northern irish": "northern irish",
}  # fmt: skip
"""Accents as banks of voices call them, by the words of a card. *English* is a language there."""
_ACCENT = re.compile(rf"\b(?:{'|'.join(sorted(_ACCENTS, key=len, reverse=True))})\b", re.I)
_OF_AGE = 20
"""Years; who is younger sounds so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """What is known of a speaker."""

    gender: Gender = Gender.UNKNOWN
    years: int | None = None
    accent: str = ""
    """As banks of voices have it."""

    def __post_init__(self) -> None:
        if self.years is not None:
            check_range("years", self.years, 1, 120)


def as_known(voice: Voice, *, speaker: str, card: str, dataset: str) -> Voice:
    """A voice with what is known of its speaker. What the card says counts for more.

    Parameters
    ----------
    speaker
        As the model's config has the name; empty where it has one speaker alone.
    card
        The text of the model's card.
    dataset
        What the model was trained on, as its config has it.
    """
    known = speakers_of(dataset).get(speaker.casefold(), Speaker())
    told = told_of(card, speaker)
    years = known.years
    return replace(
        voice,
        gender=told.gender if told.gender is not Gender.UNKNOWN else known.gender,
        age=Age.YOUNG if years is not None and years < _OF_AGE else voice.age,
        accent=told.accent or known.accent or voice.accent,
    )


def told_of(card: str, speaker: str) -> Speaker:
    """What a model's card says of a speaker, or of the only one (whose name is empty)."""
    lead = rf"^\W*{re.escape(speaker)}\b" if speaker else r"^\W*(?:gender|sex|accent)\b"
    gender, accent = Gender.UNKNOWN, ""
    for line in re.findall(rf"{lead}(.*)$", card, re.I | re.M):
        found = [
            _GENDERS[word] for word in re.findall(r"[a-z]+", line.casefold()) if word in _GENDERS
        ]
        gender = found[0] if found and gender is Gender.UNKNOWN else gender
        if not accent and (match := _ACCENT.search(line)):
            accent = _ACCENTS[match[0].casefold()]
    return Speaker(gender=gender, accent=accent)


@cache
def speakers_of(dataset: str) -> Mapping[str, Speaker]:
    """The speakers of a corpus that ships in ``voices/speakers/``, by name; of another, none.

    Raises
    ------
    ConfigError
        The file is wrong; the message names file and line.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", dataset):
        return {}
    path = voices_home() / "speakers" / f"{dataset.casefold()}.toml"
    if not path.is_file():
        return {}
    document = parse_toml(read_bytes(path, ConfigError), str(path))
    return {
        name.casefold(): read_table(document, (name,), table, Speaker)
        for name, table in document.root.items()
    }
