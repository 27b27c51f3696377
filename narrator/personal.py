"""What the user wants of Narrator in every book: a config file of their own, and banks of voices.

The config is ``config.toml`` in the folder that the system keeps for such files, or what the
environment variable ``NARRATOR_CONFIG`` names. The banks are the ``.toml`` files in the folder
``voices`` of the user's data, or in what ``NARRATOR_VOICES`` names.

Options of engines stand here and never in a story's cast file: they name programs, models and
servers, and a cast file may come from a stranger together with its story.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import platformdirs

from narrator.attribute.registry import DEFAULT_ATTRIBUTOR
from narrator.bank import load_bank
from narrator.castfile import SoundFile
from narrator.config import NOT_A_KEY, Document, parse_toml, read_table
from narrator.errors import ConfigError
from narrator.model import Voice
from narrator.store import read_bytes

CONFIG_VARIABLE = "NARRATOR_CONFIG"
VOICES_VARIABLE = "NARRATOR_VOICES"

Option = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """The content of the user's own config. The default is that of a file which does not exist."""

    engine: str | None = None
    """The engine whose voices are cast where the command line names none."""
    attributor: str = DEFAULT_ATTRIBUTOR
    """What decides who says each line: the one that ships, or another package's."""
    engines: Mapping[str, Mapping[str, Option]] = field(default_factory=dict)
    """Options of the engines, by their names."""
    sounds: Mapping[str, str | SoundFile] = field(default_factory=dict)
    """Sounds for all books, as a cast file has them; paths are relative to the config."""
    document: Document | None = field(default=None, metadata=NOT_A_KEY, compare=False)
    """Where it was read from, for messages."""

    def tables(self) -> tuple[tuple[str, tuple[tuple[str, Option], ...]], ...]:
        """The options of the engines, as plain sorted tuples."""
        return tuple(
            (name, tuple(sorted(options.items()))) for name, options in sorted(self.engines.items())
        )


def config_path() -> Path:
    """Where the user's own config is, whether or not there is one."""
    if named := os.environ.get(CONFIG_VARIABLE):
        return Path(named)
    return Path(platformdirs.user_config_dir("narrator", appauthor=False)) / "config.toml"


def voices_folder() -> Path:
    """Where the user's own banks are, whether or not there is one."""
    if named := os.environ.get(VOICES_VARIABLE):
        return Path(named)
    return Path(platformdirs.user_data_dir("narrator", appauthor=False)) / "voices"


def delivery_path() -> Path:
    """Where the user's own table of ways of speaking is, whether or not there is one."""
    return config_path().parent / "delivery.toml"


def lexicon_path() -> Path:
    """Where the user's own lexicon is, whether or not there is one."""
    return config_path().parent / "lexicon.toml"


def load_personal() -> Personal:
    """Read the user's own config.

    Raises
    ------
    ConfigError
        Something in it is wrong, or the variable names a file that is not there.
    """
    path = config_path()
    if not path.exists() and CONFIG_VARIABLE not in os.environ:
        return Personal()
    document = parse_toml(read_bytes(path, ConfigError), str(path))
    return replace(read_table(document, (), document.root, Personal), document=document)


def own_voices() -> tuple[Voice, ...]:
    """The voices of the user's own banks, bank by bank in the order of their names.

    Raises
    ------
    ConfigError
        A bank cannot be read, or two of them have a voice of the same name for the same engine.
    """
    found: dict[tuple[str, str], tuple[Path, Voice]] = {}
    for path in sorted(voices_folder().glob("*.toml")):
        for voice in load_bank(read_bytes(path, ConfigError), str(path)):
            key = (voice.engine, voice.name.casefold())
            if key in found:
                raise ConfigError(f"{path}: {voice.name!r} is in {found[key][0]} too: rename one")
            found[key] = (path, voice)
    return tuple(voice for _, voice in found.values())
