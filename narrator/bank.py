"""Voice banks: what a listener would say of each voice of an engine.

A bank is a TOML file in ``voices/``, one for each driver. It names the engine, and for each voice
its gender, age, accent, rank, and the settings with which the engine makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from narrator.config import Document, check_range, parse_toml, read_table
from narrator.errors import ConfigError
from narrator.model import Age, Gender, Setting, Voice
from narrator.store import read_bytes

_NO_BANKS = ("delivery.toml",)
"""Files in the folder that hold no voices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One voice, as a bank states it; the fields are those of `Voice`."""

    name: str
    gender: Gender
    age: Age = Age.ADULT
    accent: str = ""
    language: str = "en"
    rank: int = 50
    narrates: bool = False
    sample_rate_hz: int | None = None
    controls: tuple[str, ...] = ("rate", "pitch")
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.name.isprintable():
            raise ValueError(f"name {self.name!r} cannot be typed: give a printable name")
        check_range("rank", self.rank, 0, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bank:
    engine: str
    voice: tuple[_Entry, ...]


def load_bank(data: bytes | str, name: str) -> tuple[Voice, ...]:
    """Read a voice bank.

    Parameters
    ----------
    data
        The TOML text.
    name
        Of the file, as messages give it.

    Raises
    ------
    ConfigError
        It is not TOML, a key is unknown or missing, a value is not one that the key can have, or
        two voices share a name. The message holds file, line, key, and the nearest right one.
    """
    document = parse_toml(data.encode() if isinstance(data, str) else data, name)
    bank = read_table(document, (), document.root, _Bank)
    _refuse_namesakes(document, bank)
    return tuple(
        Voice(
            name=entry.name,
            engine=bank.engine,
            gender=entry.gender,
            age=entry.age,
            accent=entry.accent,
            language=entry.language,
            rank=entry.rank,
            narrates=entry.narrates,
            sample_rate_hz=entry.sample_rate_hz,
            controls=entry.controls,
            settings=tuple(sorted(entry.settings.items())),
        )
        for entry in bank.voice
    )


def _refuse_namesakes(document: Document, bank: _Bank) -> None:
    # A cast file finds voices without regard to case, so neither may two of them differ by it only.
    seen: dict[str, str] = {}
    for index, entry in enumerate(bank.voice):
        folded = entry.name.casefold()
        if folded in seen:
            raise document.error(
                ("voice", index, "name"), f"two voices are called {seen[folded]!r}"
            )
        seen[folded] = entry.name


def voices_home() -> Path:
    """The folder of what ships with the program about voices."""
    package = Path(__file__).parent
    # An installed wheel has them inside the package; a checkout has them beside it.
    folders = (package / "_voices", package.parent / "voices")
    return next((folder for folder in folders if folder.is_dir()), folders[0])


def bank_files() -> tuple[Path, ...]:
    """The banks that ship with the program, sorted by name."""
    found = voices_home().glob("*.toml")
    return tuple(sorted(path for path in found if path.name not in _NO_BANKS))


def read_bank(driver: str) -> tuple[Voice, ...]:
    """The bank that ships for `driver`: ``espeak``, ``nsss`` or ``sapi5``.

    Raises
    ------
    ConfigError
        There is no such bank, or it cannot be read.
    """
    path = next((path for path in bank_files() if path.stem == driver), None)
    if path is None:
        known = ", ".join(path.stem for path in bank_files()) or "none: the installation is broken"
        raise ConfigError(f"no voice bank is called {driver!r} (there are: {known})")
    return load_bank(read_bytes(path, ConfigError), path.name)
