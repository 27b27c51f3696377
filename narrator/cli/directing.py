"""All that decides how a story's lines become takes, gathered for a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from narrator.castfile import CastFile
from narrator.direct import Spell, direct
from narrator.direction import load_table
from narrator.markup import sounds_marked
from narrator.model import Cast, Script, Sound, Take
from narrator.personal import config_path, delivery_path, load_personal
from narrator.store import Cache
from narrator.story import load_lexicon


def director(
    script: Script,
    who: Cast,
    cast_file: CastFile,
    spell: Spell | None = None,
    *,
    sounds: Mapping[str, Sound] = MappingProxyType({}),
) -> Callable[[Script], Iterator[Take]]:
    """What turns a story's script, or a part of it, into takes, one after the other.

    Raises
    ------
    ConfigError
        The user's own table of deliveries or lexicon, or the cast file's, is wrong.
    """
    ways = load_table(cast_file.direction, delivery_path())
    lexicon = load_lexicon(script, cast_file)

    def takes_of(part: Script) -> Iterator[Take]:
        return direct(part, who, cast_file.pauses, spell, ways=ways, lexicon=lexicon, sounds=sounds)

    return takes_of


def sounds_for(
    script: Script, cast_file: CastFile, cast_path: Path, cache: Cache
) -> dict[str, Sound]:
    """The sounds that a story marks: those of the cast file, and of the user's own config.

    Raises
    ------
    ConfigError
        A file is missing, holds no sound, or one that is too long.
    """
    if not sounds_marked(script):
        return {}
    # Only a story that asks for sounds needs an audio library before it is spoken.
    from narrator.sounds import SoundTable, load_sounds

    own = load_personal()
    tables = (
        SoundTable(files=own.sounds, folder=config_path().parent, document=own.document),
        SoundTable(files=cast_file.sounds, folder=cast_path.parent, document=cast_file.document),
    )
    return load_sounds(script, tables, cache)
