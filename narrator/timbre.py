"""How far two voices are apart, by what was measured of their sound.

A voice's `Timbre` is a handful of numbers (`narrator.listen` measures them). They ship for the
voices of this program in ``voices/timbre/``; for other voices `narrator voices --measure` writes
them into the folder ``timbre`` of the user's own banks.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from narrator.bank import voices_home
from narrator.config import check_range, parse_toml, read_table
from narrator.errors import ConfigError
from narrator.model import Age, Gender, Voice
from narrator.store import read_bytes

COEFFICIENTS = 12
"""Cepstral coefficients of a timbre, from the second on: the first is loudness."""

_PITCH_ST, _SPREAD_ST, _ENVELOPE_DB, _TEMPO = 2.0, 2.0, 2.0, 0.1
"""One unit of distance: two semitones, two semitones of range, two decibels of spectrum (root mean
square over the bands), a tenth of speed. Each is a difference that a listener hears at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timbre:
    """What a voice sounds like."""

    pitch_st: float
    """Median pitch in semitones above 55 Hz (an octave is 12)."""
    spread_st: float
    """From the 10th to the 90th percentile of its pitch, in semitones."""
    seconds: float
    """How long it takes for the sample text, pauses included."""
    envelope_db: tuple[float, ...]
    """The mean spectrum, smoothed: cepstral coefficients over mel bands, scaled so that the
    Euclidean distance of two of them is the root mean square of their difference in decibels."""

    def __post_init__(self) -> None:
        check_range("seconds", self.seconds, 0.01, 600)
        if len(self.envelope_db) != COEFFICIENTS:
            raise ValueError(f"envelope_db holds {COEFFICIENTS} numbers, not these")


def distance(one: Timbre, other: Timbre) -> float:
    """How far two voices are apart.

    Returns
    -------
    float
        0 for the same sound; 1 is two semitones of pitch, two of its range, two decibels of the
        spectrum, or ten per cent of speed; differences of several kinds add as squares do.
    """
    return math.hypot(
        (one.pitch_st - other.pitch_st) / _PITCH_ST,
        (one.spread_st - other.spread_st) / _SPREAD_ST,
        math.dist(one.envelope_db, other.envelope_db) / _ENVELOPE_DB,
        math.log(one.seconds / other.seconds) / _TEMPO,
    )


def fingerprint(voice: Voice) -> str:
    """Twelve digits that change whenever the voice is made in another way."""
    recipe = json.dumps([voice.engine, voice.settings], ensure_ascii=True)
    return hashlib.sha256(recipe.encode()).hexdigest()[:12]


CLEARLY_DIFFERENT = 2.0
"""Distance from which two voices are clearly different where no bank says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timbres:
    """The timbres of some voices, by the voices' fingerprints, and how far apart is far enough."""

    by_fingerprint: Mapping[str, Timbre]
    clearly_different: float = CLEARLY_DIFFERENT

    def of(self, voice: Voice) -> Timbre | None:
        """The timbre of a voice; None where it was not measured, or was made otherwise then."""
        return self.by_fingerprint.get(fingerprint(voice))

    def distance(self, one: Voice, other: Voice) -> float:
        """How far two voices are apart; a guess from what their banks say where not measured.

        The guess is as far as voices of this gender and age are from each other on the whole.
        """
        if one == other:
            return 0.0
        mine, its = self.of(one), self.of(other)
        if mine is not None and its is not None:
            return distance(mine, its)
        return _guessed(one, other) * self.clearly_different


NOTHING_MEASURED = Timbres(by_fingerprint={})

_AGES = (Age.CHILD, Age.YOUNG, Age.ADULT, Age.OLD)


def _guessed(one: Voice, other: Voice) -> float:
    """In units of what is clearly different."""
    genders = {one.gender, other.gender}
    apart = 1.0 + 2.0 * (genders == {Gender.FEMALE, Gender.MALE})
    apart += 0.5 * abs(_AGES.index(one.age) - _AGES.index(other.age))
    return apart + 0.25 * (one.accent != other.accent)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    name: str
    fingerprint: str
    pitch_st: float
    spread_st: float
    seconds: float
    envelope_db: tuple[float, ...]

    def timbre(self) -> Timbre:
        return Timbre(
            pitch_st=self.pitch_st,
            spread_st=self.spread_st,
            seconds=self.seconds,
            envelope_db=self.envelope_db,
        )

    def __post_init__(self) -> None:
        self.timbre()  # refuses what it cannot hold, where the file can be named


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    clearly_different: float = CLEARLY_DIFFERENT
    voice: tuple[_Entry, ...] = ()

    def __post_init__(self) -> None:
        check_range("clearly_different", self.clearly_different, 0, 1000)


def parse_timbres(data: bytes, name: str) -> Timbres:
    """Read a file of timbres.

    Raises
    ------
    ConfigError
        It is not TOML, or a key or a value is not one that it can have; with file and line.
    """
    document = parse_toml(data, name)
    content = read_table(document, (), document.root, _File)
    return Timbres(
        by_fingerprint={entry.fingerprint: entry.timbre() for entry in content.voice},
        clearly_different=content.clearly_different,
    )


_HEADER = """\
# How voices sound, as measured by `narrator voices --measure`: there is nothing to edit but
# `clearly_different`, the distance from which casting takes two voices to be clearly different.
# A voice that is made in another way since (its fingerprint tells) counts as not measured.

clearly_different = {threshold}
"""


def timbres_text(
    measured: Mapping[Voice, Timbre], *, clearly_different: float = CLEARLY_DIFFERENT
) -> str:
    """A file of timbres: the same voices give the same text."""
    parts = [_HEADER.format(threshold=clearly_different)]
    for voice, timbre in measured.items():
        envelope = ", ".join(f"{value:.2f}" for value in timbre.envelope_db)
        parts.append(
            f"\n[[voice]]\nname = {json.dumps(voice.name)}\n"
            f'fingerprint = "{fingerprint(voice)}"\npitch_st = {timbre.pitch_st:.2f}\n'
            f"spread_st = {timbre.spread_st:.2f}\nseconds = {timbre.seconds:.3f}\n"
            f"envelope_db = [{envelope}]\n"
        )
    return "".join(parts)


def load_timbres(own: Path | None = None) -> Timbres:
    """The timbres that ship with the program, and those in the folder `own`.

    Where several files say how far apart is far enough, the last of the user's own is obeyed.

    Raises
    ------
    ConfigError
        A file cannot be read.
    """
    found: dict[str, Timbre] = {}
    threshold = CLEARLY_DIFFERENT
    for folder in (voices_home() / "timbre", own):
        for path in sorted(folder.glob("*.toml")) if folder is not None else ():
            timbres = parse_timbres(read_bytes(path, ConfigError), str(path))
            found.update(timbres.by_fingerprint)
            threshold = timbres.clearly_different
    return Timbres(by_fingerprint=found, clearly_different=threshold)
