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
    With a voice comes how it is used: rate, pitch and volume, but for what `cast_file` says.
    """
    parts = _parts_of(earlier)
    characters = dict(cast_file.characters)
    for character in script.characters:
        before = _known_part(character, parts)
        if before is not None:
            characters[character.name] = _carried(characters.get(character.name, Part()), before[1])
    return replace(
        cast_file,
        narrator=_carried(cast_file.narrator, earlier.narrator),
        characters=characters,
    )


def voices_taken(
    script: Script, cast_file: CastFile, earlier: CastFile
) -> dict[tuple[str, ...], str]:
    """The voices that `inherit_voices` takes, by the path of their key in the other book's file."""
    parts = _parts_of(earlier)
    taken: dict[tuple[str, ...], str] = {}
    if cast_file.narrator.voice is None and earlier.narrator.voice is not None:
        taken["narrator", "voice"] = earlier.narrator.voice
    for character in script.characters:
        before = _known_part(character, parts)
        own = cast_file.characters.get(character.name, Part())
        if before is not None and own.voice is None and before[1].voice is not None:
            taken["characters", before[0], "voice"] = before[1].voice
    return taken


def _carried(part: Part, before: Part) -> Part:
    if part.voice is not None or before.voice is None:
        return part
    plain = Part()
    return replace(
        part,
        voice=before.voice,
        rate=before.rate if part.rate == plain.rate else part.rate,
        pitch=before.pitch if part.pitch == plain.pitch else part.pitch,
        volume=before.volume if part.volume == plain.volume else part.volume,
    )


def _parts_of(earlier: CastFile) -> dict[str, tuple[str, Part]]:
    """Those who have a voice, with what their table is called, by names and aliases."""
    voiced = {n: p for n, p in earlier.characters.items() if p.voice is not None}
    parts = {name.casefold(): (name, part) for name, part in voiced.items()}
    for name, part in voiced.items():
        for alias in part.aliases:
            parts.setdefault(alias.casefold(), (name, part))
    return parts


def _known_part(
    character: Character, parts: Mapping[str, tuple[str, Part]]
) -> tuple[str, Part] | None:
    names = (character.name, *character.aliases)
    return next((parts[n.casefold()] for n in names if n.casefold() in parts), None)
