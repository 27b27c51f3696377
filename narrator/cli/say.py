"""``narrator say``: a few words in somebody's voice."""

from __future__ import annotations

from pathlib import Path

import click

from narrator.castfile import CastFile, files_of
from narrator.cli.cache import open_cache
from narrator.cli.hearing import hear
from narrator.cli.options import cast_option, engine_option
from narrator.cli.sounding import Booth
from narrator.cli.source import Source
from narrator.cli.target import ensure_spare
from narrator.cli.voicing import Voicing, load_voicing
from narrator.config import nearest
from narrator.errors import CastError
from narrator.model import NARRATOR, Cast, Delivery, Role, Script, Voice
from narrator.story import load_lexicon, load_own_lexicon, load_script


@click.command("say")
@click.argument("text")
@click.option(
    "--as",
    "name",
    metavar="NAME",
    help="A voice, or a character of --story.  [default: the narrator]",
)
@click.option(
    "--story",
    type=click.Path(path_type=Path),
    metavar="STORY",
    help="Whose cast NAME belongs to; its cast file is obeyed.",
)
@cast_option
@engine_option
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a WAV file rather than play it.",
)
def say_command(
    text: str,
    name: str | None,
    story: Path | None,
    cast_path: Path | None,
    engine_name: str | None,
    file: Path | None,
) -> None:
    """Say TEXT in the voice of NAME, and play it.

    Words are said as the cast file and your own lexicon have them (see `narrator words`).
    Where there is no sound device, or with -o, it is written as a WAV file.

    \b
    Examples:
      narrator say "The tide stayed out." --as Rosalind
      narrator say "Not today." --as Thrupp --story stories/the-tide-stayed-out.txt
    """
    if not text.strip():
        raise click.UsageError("there is nothing to say: give some words")
    if file is not None:
        ensure_spare(file, suffixes=(".wav",))
    voicing = load_voicing(engine_name)
    if story is None:
        voice = voice_called(name, voicing) if name else _default_voice(voicing)
        role, lexicon = Role(character=NARRATOR, voice=voice), load_own_lexicon(voice.language)
    else:
        source = Source(story=story, named=cast_path)
        cast_file = source.cast_file()
        if file is not None:
            inputs = (story, source.cast_path, *files_of(cast_file, source.cast_path.parent))
            ensure_spare(file, suffixes=(), ours=inputs)
        script = load_script(story, cast_file)
        role, lexicon = (
            _role(story, script, cast_file, voicing, name),
            load_lexicon(script, cast_file),
        )
    booth = Booth(voicing.tables)
    try:
        samples = booth.say(
            text, role.voice, role.delivery, lexicon=lexicon, speaker=role.character
        )
    finally:
        booth.close()
    hear(samples, f"say-{name or role.voice.name}", file=file)


def voice_called(name: str, voicing: Voicing) -> Voice:
    """The voice of this name, of any engine.

    Raises
    ------
    CastError
        There is none.
    """
    by_name = {voice.name.casefold(): voice for voice in voicing.voices}
    found = by_name.get(name.casefold()) or voicing.find((name,)).get(name)
    if found is None:
        hint = nearest(name, (voice.name for voice in voicing.voices))
        raise CastError(f"no voice is called {name!r}{hint} (`narrator voices` lists them)")
    return found


def _default_voice(voicing: Voicing) -> Voice:
    """The narrator of an English story, in which most words to try will be."""
    narrators = [voice for voice in voicing.voices if voice.narrates] or voicing.voices
    english = (voice for voice in narrators if voice.language.startswith("en"))
    return next(english, narrators[0])


def _role(
    story: Path, script: Script, cast_file: CastFile, voicing: Voicing, name: str | None
) -> Role:
    who = voicing.cast(script, cast_file, story=story, cache=open_cache(None))
    if name is None or name.casefold() == NARRATOR:
        return who.narrator
    if (role := role_called(name, script, who)) is not None:
        return role
    try:
        return Role(character=NARRATOR, voice=voice_called(name, voicing), delivery=Delivery())
    except CastError:
        names = [character.name for character in script.characters]
        hint = nearest(name, names) or nearest(name, (v.name for v in voicing.voices))
        raise CastError(
            f"{story}: neither a character nor a voice is called {name!r}{hint} "
            "(`narrator script` and `narrator voices` list them)"
        ) from None


def role_called(name: str, script: Script, who: Cast) -> Role | None:
    """The role of the character with this name, alias, or part of a name that only one has."""
    wanted = name.casefold()
    names = {c.id: [c.name.casefold(), *map(str.casefold, c.aliases)] for c in script.characters}
    for found in (
        [who_id for who_id, all_names in names.items() if wanted in all_names],
        [i for i, all_names in names.items() if any(wanted in n.split() for n in all_names)],
    ):
        if len(found) == 1:
            return who.role_of(found[0])
    return None
