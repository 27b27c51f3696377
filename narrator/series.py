"""Voices that stay the same from book to book of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from narrator.castfile import CastFile, Part
from narrator.model import Character, Script


def inherit_voices(script: Script, cast_file: CastFile, earlier: CastFile) -> CastFile:
    """A cast file with the voices of another book's, for those who are in both.

    Characters are known again by a name or an alias, whatever the case; where several of the other
    book's fit, the character's own name goes first. A voice in `cast_file` itself goes before all.
    """
    voices = _voices_of(earlier)
    characters = dict(cast_file.characters)
    for character in script.characters:
        part = characters.get(character.name, Part())
        voice = _known_voice(character, voices)
        if part.voice is None and voice is not None:
            characters[character.name] = replace(part, voice=voice)
    narrator = cast_file.narrator
    narrator = replace(narrator, voice=narrator.voice or earlier.narrator.voice)
    return replace(cast_file, narrator=narrator, characters=characters)


def _voices_of(earlier: CastFile) -> dict[str, str]:
    voices: dict[str, str] = {}
    for name, part in earlier.characters.items():
        if part.voice is not None:
            voices[name.casefold()] = part.voice
    for part in earlier.characters.values():
        for alias in part.aliases:
            if part.voice is not None:
                voices.setdefault(alias.casefold(), part.voice)
    return voices


def _known_voice(character: Character, voices: Mapping[str, str]) -> str | None:
    names = (character.name, *character.aliases)
    return next((voices[n.casefold()] for n in names if n.casefold() in voices), None)
