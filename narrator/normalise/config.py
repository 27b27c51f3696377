"""``[normalise]`` of a cast file: what is put into words before an engine gets it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EmojiMode(StrEnum):
    """What becomes of emoji and emoticons."""

    NAME = "name"
    """Their names are read."""
    SKIP = "skip"
    """They are passed over."""
    KEEP = "keep"
    """The engine gets them, and does what it likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormaliseConfig:
    """What is put into words; all but `emoji` and `roman` is done for English alone."""

    numbers: bool = True
    """``3,000``, ``2.5``, ``1/2``, ``10-12``, ``21st``, ``555-0134``."""
    years: bool = True
    """``in 1997``, ``the 1920s``."""
    dates: bool = True
    """``5 June 1997``, ``June 5th``, ``1997-06-05``."""
    times: bool = True
    """``5:30 pm``, ``17:05``."""
    money: bool = True
    """``£3 10s``, ``$1.5m``, ``€20``."""
    units: bool = True
    """``5 km``, ``20 °C``, ``6'2"``, ``50%``."""
    roman: bool = True
    """``Chapter XIV``, ``Henry VIII``."""
    abbreviations: bool = True
    """``Mr.``, ``Dr.``, ``St.``, ``e.g.``, ``No. 5``."""
    addresses: bool = True
    """E-mail and web addresses."""
    symbols: bool = True
    """``&``, ``+``, ``#``, ``°``."""
    capitals: bool = True
    """``STOP`` is a word, ``FBI`` is not."""
    stutter: bool = True
    """``W-w-what``."""
    drawn_out: bool = True
    """``Nooo``."""
    heteronyms: bool = True
    """``She read it``, ``a terrible row``, ``excuse me``: said as the words beside them tell."""
    emoji: EmojiMode = EmojiMode.NAME
    """``"name"``, ``"skip"`` or ``"keep"``."""
