"""Script + voices + what the user decided -> Cast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

from narrator.accent import accent_of
from narrator.castfile import CastFile, Part, merged_names, settled_name
from narrator.casting import Problem, Wish, assign, gender_cost, kept_voices, main_cast, obedient
from narrator.config import nearest
from narrator.errors import CastError, ConfigError
from narrator.model import (
    NARRATOR,
    Cast,
    Character,
    Gender,
    Line,
    Role,
    Script,
    Trait,
    Turn,
    Voice,
)
from narrator.scenes import SPEECH as SPEECH
from narrator.scenes import company_of
from narrator.timbre import NOTHING_MEASURED, Timbres

YOU_SAID_SO = "you said so"
"""The reason of what the user decided."""


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
    turns = tuple(_renamed_turn(turn, new_id) for turn in script.turns)
    decided = replace(script, characters=tuple(kept.values()), lines=lines, turns=turns)
    count = speech_lines(decided)
    ordered = sorted(decided.characters, key=lambda character: -count[character.id])
    return replace(decided, characters=tuple(ordered))


def unknown_characters(script: Script, decided: Script, cast_file: CastFile) -> tuple[str, ...]:
    """A warning for each entry of the cast file that is about nobody in the story.

    Parameters
    ----------
    script, decided
        The whole story's, before the user's decisions and after them all: a correction may name
        somebody whom nothing else does.
    """
    if cast_file.document is None:
        return ()
    stands_for = merged_names(cast_file.narrator, cast_file.characters)
    people = (*script.characters, *decided.characters)
    known = {character.name.casefold() for character in people}
    also = {alias.casefold(): who.name for who in decided.characters for alias in who.aliases}
    for start in (*known, *(alias.casefold() for who in people for alias in who.aliases)):
        at = start
        while (after := stands_for.get(at, "").casefold()) and after not in known:
            known.add(after)
            at = after
    names = [character.name for character in decided.characters]
    return tuple(
        f"{cast_file.document.name}: no character is called {name!r}{_meant(name, also, names)}"
        for name in cast_file.characters
        if name.casefold() not in known
    )


def _meant(name: str, also: Mapping[str, str], names: Sequence[str]) -> str:
    if (known := also.get(name.casefold())) is not None:
        return f" (did you mean {known!r}?)"
    hint = nearest(name, names).removeprefix("; ")
    return f" ({hint})" if hint else ""


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
    decided = {"age": part.age, "accent": part.accent}
    traits = [t for t in character.traits if decided.get(t.kind) in (None, t.value)]
    if part.accent and part.accent not in (trait.value for trait in traits):
        traits.append(Trait(kind="accent", value=part.accent, words=YOU_SAID_SO))
    return replace(
        character,
        gender=part.gender or character.gender,
        age=part.age or character.age,
        aliases=part.aliases or character.aliases,
        traits=tuple(traits),
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


def _renamed_turn(turn: Turn, new_id: dict[str, str]) -> Turn:
    """A turn with the ids that are kept; what speaks for two who are one is what does for one."""
    if all(new_id.get(who, who) == who for who, _ in turn.options):
        return turn
    best: dict[str, float] = {}
    for who, score in turn.options:
        known = new_id.get(who, who)
        best[known] = max(score, best.get(known, score))
    return replace(turn, options=tuple(best.items()))


def cast(
    script: Script,
    voices: Sequence[Voice],
    cast_file: CastFile,
    named: Mapping[str, Voice] = MappingProxyType({}),
    *,
    timbres: Timbres = NOTHING_MEASURED,
    kept: Mapping[str, str] = MappingProxyType({}),
) -> Cast:
    """Give the narrator and every character a voice.

    What the cast file says is obeyed. The others get voices of their gender, age and accent, those
    who are heard together in voices that are clearly different, the main cast first: see
    `narrator.casting`. A first-person narrator speaks in the narrator's voice.

    The same arguments always give the same cast, in whatever order voices come. And it is stable:

    - Characters who are not of the main cast (`narrator.casting.main_cast`) never change the voices
      of those who are.
    - With `kept`, what `voices_given` said of an earlier cast, everyone keeps their voice but for
      those whom it can no longer be left to: its gender contradicts what is known by now, the cast
      file asks for an age or accent that it has not and another one has, no engine
      has it any more, or, for one outside the main cast, somebody with more lines has it too who
      now speaks in a scene with them, and another voice is free there. That holds for whatever
      else changed: lines, scenes, characters, chapters.

    Parameters
    ----------
    voices
        Those that may be given to anyone who speaks the language of the book (`voices_for`).
    named
        Others that the cast file asks for, by what it calls them.
    timbres
        How voices sound.
    kept
        Names of voices that an earlier cast gave, by the characters' names.

    Raises
    ------
    CastError
        There is no voice at all.
    ConfigError
        The cast file names a voice that does not exist.
    """
    chosen = _chosen_voices(script, voices, cast_file, named)
    teller = _narrator_role(script, voices, cast_file, chosen, kept)
    narrator = teller.voice
    voices = voices_for(script.book.language, voices)
    fixed = {c.id: narrator for c in script.characters if c.is_narrator}
    fixed |= {speaker: voice for speaker, voice in chosen.items() if speaker != NARRATOR}
    given = _assigned(script, voices, narrator, fixed, timbres, cast_file, kept)
    roles = []
    for character in script.characters:
        part = cast_file.characters.get(character.name, Part())
        role = Role(character=character.id, voice=given[character.id], delivery=part.delivery())
        roles.append(role)
    return Cast(narrator=teller, roles=tuple(roles))


def narrator_role(
    script: Script,
    voices: Sequence[Voice],
    cast_file: CastFile,
    named: Mapping[str, Voice] = MappingProxyType({}),
    *,
    kept: Mapping[str, str] = MappingProxyType({}),
) -> Role:
    """The narrator's part in what `cast` gives, which asks for less than the whole.

    Raises
    ------
    CastError, ConfigError
        See `cast`.
    """
    chosen = _chosen_voices(script, voices, cast_file, named)
    return _narrator_role(script, voices, cast_file, chosen, kept)


def _narrator_role(
    script: Script,
    voices: Sequence[Voice],
    cast_file: CastFile,
    chosen: Mapping[str, Voice],
    kept: Mapping[str, str],
) -> Role:
    voice = chosen.get(NARRATOR) or _narrator_voice(
        script,
        voices_for(script.book.language, voices),
        set(chosen.values()),
        kept.get(NARRATOR, ""),
    )
    return Role(character=NARRATOR, voice=voice, delivery=cast_file.narrator.delivery())


def voices_for(language: str, voices: Sequence[Voice]) -> Sequence[Voice]:
    """The voices that speak a language (BCP 47); where none does, English ones, else all."""
    for wanted in (language, "en"):
        base = wanted.split("-")[0].lower()
        if found := [voice for voice in voices if voice.language.split("-")[0].lower() == base]:
            return found
    return voices


def voices_given(script: Script, cast: Cast, cast_file: CastFile) -> dict[str, str]:
    """What the program chose, for `cast` to keep: names of voices, by the characters' names.

    What the user decided is left out: it is in the cast file, and free again once it is not.
    """
    parts = cast_file.characters
    given = {
        character.name: cast.role_of(character.id).voice.name
        for character in script.characters
        if parts.get(character.name, Part()).voice is None and not character.is_narrator
    }
    if cast_file.narrator.voice is None:
        given[NARRATOR] = cast.narrator.voice.name
    return given


def hard_to_tell_apart(
    script: Script, cast: Cast, timbres: Timbres
) -> tuple[tuple[Character, Character], ...]:
    """Pairs of the main cast who speak in a scene together, in voices not clearly different."""
    company = company_of(script)
    main = set(main_cast(script.characters, company))
    people = [character for character in script.characters if character.id in main]
    return tuple(
        (one, other)
        for one, other in combinations(people, 2)
        if company.share_scene(one.id, other.id)
        and timbres.distance(cast.role_of(one.id).voice, cast.role_of(other.id).voice)
        < timbres.clearly_different
    )


def _assigned(
    script: Script,
    voices: Sequence[Voice],
    narrator: Voice,
    fixed: Mapping[str, Voice],
    timbres: Timbres,
    cast_file: CastFile,
    kept: Mapping[str, str],
) -> dict[str, Voice]:
    known = list(dict.fromkeys((*voices, narrator, *fixed.values())))
    index = {voice: at for at, voice in enumerate(known)}
    company = company_of(script)
    main = main_cast(script.characters, company)
    problem = Problem(
        voices=known,
        narrator=index[narrator],
        company=company,
        main=main,
        timbres=timbres,
        home_accent=accent_of(script.book),
        elsewhere=frozenset(range(len(known))) - {index[voice] for voice in voices},
    )
    by_name = {voice.name.casefold(): index[voice] for voice in voices}
    accents = {voice.accent.casefold(): voice.accent for voice in voices}
    earlier = {name.casefold(): by_name.get(voice.casefold()) for name, voice in kept.items()}
    wishes = [
        _wish(character, accents, earlier, cast_file.characters.get(character.name, Part()))
        for character in script.characters
        if character.id not in fixed
    ]
    wishes = [obedient(problem, wish) for wish in wishes]
    taken = {speaker: index[voice] for speaker, voice in fixed.items()}
    settled = kept_voices(problem, wishes, taken)
    left = [wish for wish in wishes if wish.id not in settled]
    assigned = assign(problem, left, taken | settled)
    return {speaker: known[voice] for speaker, voice in assigned.items()}


def _wish(
    character: Character,
    accents: Mapping[str, str],
    earlier: Mapping[str, int | None],
    part: Part,
) -> Wish:
    accent = accents.get(character.trait("accent").casefold(), "")
    return Wish(
        id=character.id,
        gender=character.gender,
        age=character.age,
        accent=accent,
        pitch={"low": -1, "high": 1}.get(character.trait("pitch"), 0),
        kept=_earlier_voice(character, earlier),
        asked_age=part.age is not None,
        asked_accent=bool(part.accent and accent),
    )


def _earlier_voice(character: Character, earlier: Mapping[str, int | None]) -> int | None:
    names = (character.name, *character.aliases)
    return next((v for n in names if (v := earlier.get(n.casefold())) is not None), None)


def named_voices(cast_file: CastFile) -> tuple[str, ...]:
    """What a cast file calls the voices that it asks for, each once."""
    parts = (cast_file.narrator, *cast_file.characters.values())
    return tuple(dict.fromkeys(part.voice for part in parts if part.voice is not None))


def _chosen_voices(
    script: Script, voices: Sequence[Voice], cast_file: CastFile, named: Mapping[str, Voice]
) -> dict[str, Voice]:
    if not voices:
        raise CastError("no voice was found on this machine; see `narrator voices`")
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
            raise no_such_voice(cast_file, (*path, "voice"), part.voice, voices)
        if speaker is not None:
            chosen[speaker] = voice
    return chosen


def no_such_voice(
    cast_file: CastFile, path: Sequence[str], name: str, voices: Sequence[Voice]
) -> ConfigError:
    """The error that the key at `path` names a voice which there is not."""
    hint = nearest(name, (voice.name for voice in voices))
    message = f"no voice is called {name!r}{hint} (`narrator voices` lists them)"
    if cast_file.document is None:
        return ConfigError(message)
    return cast_file.document.error(path, message)


def _narrator_voice(script: Script, voices: Sequence[Voice], taken: set[Voice], kept: str) -> Voice:
    first_person = next((c for c in script.characters if c.is_narrator), None)
    gender = first_person.gender if first_person else Gender.UNKNOWN

    def cost(voice: Voice) -> tuple[bool, int, bool, bool, int, str]:
        return (
            voice in taken,
            gender_cost(voice.gender, gender),
            voice.name.casefold() != kept.casefold(),
            not voice.narrates,
            voice.rank,
            voice.name,
        )

    return min(voices, key=cost)
