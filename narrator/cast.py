"""Script + voices + what the user decided -> Cast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from narrator.castfile import CastFile, Part, merged_names, settled_name
from narrator.config import nearest
from narrator.errors import CastError, ConfigError
from narrator.model import (
    NARRATOR,
    Age,
    Cast,
    Character,
    Gender,
    Line,
    Role,
    Script,
    SegmentKind,
    Voice,
)

SPEECH = (SegmentKind.DIALOGUE, SegmentKind.THOUGHT)
"""What characters, not the narrator, say."""


def speech_lines(script: Script) -> Counter[str]:
    """How many lines each character has, by `Character.id`."""
    return Counter(
        line.speaker
        for line in script.lines
        if line.speaker not in (None, NARRATOR) and line.segment.kind in SPEECH
    )


def apply_decisions(script: Script, cast_file: CastFile) -> Script:
    """Follow what the cast file says of who is who.

    A character whose name is an alias of an entry is merged into it, or into the narrator; one whom
    no entry names is the entry that has one of its aliases, which is how a renamed character is
    known again. An entry's gender, age and aliases replace what was worked out.
    """
    entries = cast_file.characters
    stands_for = merged_names(cast_file.narrator, entries)
    kept: dict[str, Character] = {}
    new_id: dict[str, str] = {}
    for character in script.characters:
        name = _name_in(entries, stands_for, character)
        if name == NARRATOR:
            new_id[character.id] = NARRATOR
            continue
        if name not in kept:
            kept[name] = _decided(replace(character, name=name), entries.get(name))
        elif character.name == name:
            kept[name] = _decided(replace(character, id=kept[name].id), entries.get(name))
        new_id[character.id] = kept[name].id
    lines = tuple(_renamed(line, new_id) for line in script.lines)
    decided = replace(script, characters=tuple(kept.values()), lines=lines)
    count = speech_lines(decided)
    ordered = sorted(decided.characters, key=lambda character: -count[character.id])
    return replace(decided, characters=tuple(ordered))


def _name_in(
    entries: Mapping[str, Part], stands_for: Mapping[str, str], character: Character
) -> str:
    """What the cast file calls a character; its own name where the file says nothing of it."""
    by_name = {name.casefold(): name for name in entries}
    own = character.name.casefold()
    found = stands_for.get(own) or by_name.get(own)
    if found is None:
        known = (stands_for.get(alias.casefold()) for alias in character.aliases)
        found = next((name for name in known if name not in (None, NARRATOR)), None)
    return settled_name(found or character.name, stands_for)


def _decided(character: Character, part: Part | None) -> Character:
    if part is None:
        return character
    return replace(
        character,
        gender=part.gender or character.gender,
        age=part.age or character.age,
        aliases=part.aliases or character.aliases,
    )


def _renamed(line: Line, new_id: dict[str, str]) -> Line:
    candidates = line.candidates
    if any(new_id.get(each.speaker or "", each.speaker) != each.speaker for each in candidates):
        candidates = tuple(
            replace(each, speaker=new_id.get(each.speaker or "", each.speaker))
            for each in candidates
        )
    speaker = None if line.speaker is None else new_id.get(line.speaker, line.speaker)
    if speaker == line.speaker and candidates is line.candidates:
        return line
    return replace(line, speaker=speaker, candidates=candidates)


def cast(
    script: Script,
    voices: Sequence[Voice],
    cast_file: CastFile,
    named: Mapping[str, Voice] = MappingProxyType({}),
) -> Cast:
    """Give the narrator and every character a voice.

    What the cast file says is obeyed. The rest are cast in order of their share of speech: a voice
    of the character's gender and age that nobody has yet, the best first; when all that fit are
    taken, the one that is heard least. A first-person narrator speaks in the narrator's voice. The
    same script, voices and cast file always give the same cast.

    Parameters
    ----------
    voices
        Those that may be given to anyone who speaks the language of the book (`voices_for`).
    named
        Others that the cast file asks for, by what it calls them.

    Raises
    ------
    CastError
        There is no voice at all.
    ConfigError
        The cast file names a voice that does not exist.
    """
    if not voices:
        raise CastError("no voice was found on this machine; see `narrator voices`")
    count = speech_lines(script)
    chosen = _chosen_voices(script, voices, cast_file, named)
    voices = voices_for(script.book.language, voices)
    narrator = chosen.get(NARRATOR) or _narrator_voice(script, voices, set(chosen.values()))
    heard: Counter[str] = Counter({narrator.name: 1 << 30})
    for character_id, voice in chosen.items():
        heard[voice.name] += count[character_id] + 1
    roles: list[Role] = []
    for character in script.characters:
        part = cast_file.characters.get(character.name, Part())
        own = chosen.get(character.id) or (narrator if character.is_narrator else None)
        voice = own or min(voices, key=lambda v: _cost(v, character, heard))
        if own is None:
            heard[voice.name] += count[character.id] + 1
        roles.append(Role(character=character.id, voice=voice, delivery=part.delivery()))
    return Cast(
        narrator=Role(character=NARRATOR, voice=narrator, delivery=cast_file.narrator.delivery()),
        roles=tuple(roles),
    )


def voices_for(language: str, voices: Sequence[Voice]) -> Sequence[Voice]:
    """The voices that speak a language (BCP 47); where none does, English ones, else all."""
    for wanted in (language, "en"):
        base = wanted.split("-")[0].lower()
        if found := [voice for voice in voices if voice.language.split("-")[0].lower() == base]:
            return found
    return voices


def named_voices(cast_file: CastFile) -> tuple[str, ...]:
    """What a cast file calls the voices that it asks for, each once."""
    parts = (cast_file.narrator, *cast_file.characters.values())
    return tuple(dict.fromkeys(part.voice for part in parts if part.voice is not None))


def _chosen_voices(
    script: Script, voices: Sequence[Voice], cast_file: CastFile, named: Mapping[str, Voice]
) -> dict[str, Voice]:
    by_name = {name.casefold(): voice for name, voice in named.items()}
    by_name |= {voice.name.casefold(): voice for voice in voices}
    chosen: dict[str, Voice] = {}
    ids = {character.name: character.id for character in script.characters}
    parts: list[tuple[str | None, tuple[str, ...], Part]] = [
        (NARRATOR, ("narrator",), cast_file.narrator)
    ]
    parts += [(ids.get(n), ("characters", n), p) for n, p in cast_file.characters.items()]
    for speaker, path, part in parts:
        if part.voice is None:
            continue
        voice = by_name.get(part.voice.casefold())
        if voice is None:
            hint = nearest(part.voice, (v.name for v in voices))
            message = f"no voice is called {part.voice!r}{hint} (`narrator voices` lists them)"
            if cast_file.document is None:
                raise ConfigError(message)
            raise cast_file.document.error((*path, "voice"), message)
        if speaker is not None:
            chosen[speaker] = voice
    return chosen


def _narrator_voice(script: Script, voices: Sequence[Voice], taken: set[Voice]) -> Voice:
    first_person = next((c for c in script.characters if c.is_narrator), None)
    gender = first_person.gender if first_person else Gender.UNKNOWN

    def cost(voice: Voice) -> tuple[bool, int, bool, int, str]:
        return (
            voice in taken,
            _gender_cost(voice.gender, gender),
            not voice.narrates,
            voice.rank,
            voice.name,
        )

    return min(voices, key=cost)


def _cost(
    voice: Voice, character: Character, heard: Counter[str]
) -> tuple[int, bool, bool, int, int, int, str]:
    fits = _age_cost(voice.age, character.age)
    gender = _gender_cost(voice.gender, character.gender)
    # A wrong gender is worse than a shared voice; a shared voice is worse than a wrong age.
    return (
        gender,
        heard[voice.name] > 0,
        voice.narrates,
        fits,
        heard[voice.name],
        voice.rank,
        voice.name,
    )


def _gender_cost(voice: Gender, character: Gender) -> int:
    known = (Gender.FEMALE, Gender.MALE)
    if character not in known or voice == character:
        return 0
    return 2 if voice in known else 1


_AGES = (Age.CHILD, Age.YOUNG, Age.ADULT, Age.OLD)


def _age_cost(voice: Age, character: Age) -> int:
    distance = abs(_AGES.index(voice) - _AGES.index(character))
    # A child's voice on a grown person jars more than a step in age elsewhere.
    odd = (voice is Age.CHILD) != (character is Age.CHILD)
    return distance + 2 * odd
