"""``narrator audition``: hear voices, one after another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from narrator.cast import SPEECH
from narrator.cli.cache import open_cache
from narrator.cli.hearing import file_name, play_or_write
from narrator.cli.options import cast_option, engine_option
from narrator.cli.say import role_called, voice_called
from narrator.cli.sounding import Booth
from narrator.cli.source import Source
from narrator.cli.tables import voice_words
from narrator.cli.voicing import Voicing, load_voicing
from narrator.config import nearest
from narrator.errors import CastError
from narrator.model import NARRATOR, Script
from narrator.normalise.spoken import spoken
from narrator.pronounce import Lexicon
from narrator.story import load_lexicon, load_own_lexicon, load_script

SAMPLE_TEXT = "My name is {name}. I could tell you a story, if you have an evening to spare."

_BEST_LENGTH = 90
"""Characters of a line that is good to judge a voice by."""


@click.command("audition")
@click.argument("voices", nargs=-1, required=True, metavar="VOICE...")
@click.option("--text", metavar="TEXT", help="What they say.")
@click.option(
    "--story",
    type=click.Path(path_type=Path),
    metavar="STORY",
    help="Let them speak a line of a character of this story.",
)
@click.option("--as", "name", metavar="NAME", help="That character.  [default: who says most]")
@cast_option
@engine_option
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write WAV files into DIR rather than play them.",
)
def audition_command(
    voices: tuple[str, ...],
    text: str | None,
    story: Path | None,
    name: str | None,
    cast_path: Path | None,
    engine_name: str | None,
    folder: Path | None,
) -> None:
    """Hear each VOICE say the same words, all equally loud.

    Where there is no sound device, or with -o, they are written as WAV files.

    \b
    Examples:
      narrator audition Rosalind Maud Hugh
      narrator audition Maud Hugh --story stories/the-tide-stayed-out.txt --as Thrupp
    """
    if name is not None and story is None:
        raise click.UsageError("--as names a character: say of which story with --story")
    voicing = load_voicing(engine_name)
    chosen = [voice_called(each, voicing) for each in dict.fromkeys(voices)]
    part = None if story is None else _part_of(story, cast_path, voicing, name)
    if part is not None and text is None:
        if not part.script.characters:
            raise CastError(f"{story}: nobody speaks in it; give the words with --text")
        text = own_line(part.script, part.speaker)
        click.echo(f"“{text}”")
    text = text or SAMPLE_TEXT
    booth = Booth(voicing.tables)
    try:
        for voice in chosen:
            click.echo(f"  {voice.name}, {voice_words(voice)}")
            samples = booth.say(
                text.replace("{name}", voice.name),
                voice,
                lexicon=part.lexicon if part else load_own_lexicon(voice.language),
                speaker=part.speaker if part else NARRATOR,
            )
            stem = f"audition-{voice.name}"
            file = None if folder is None else folder / f"{file_name(stem)}.wav"
            path, reason = play_or_write(samples, stem, file=file)
            if path is not None:
                click.echo(f"    {reason}{path}", err=True)
    finally:
        booth.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A character of a story whose words are spoken."""

    script: Script
    speaker: str
    lexicon: Lexicon


def _part_of(story: Path, cast_path: Path | None, voicing: Voicing, name: str | None) -> _Part:
    cast_file = Source(story=story, named=cast_path).cast_file()
    script = load_script(story, cast_file)
    speaker = script.characters[0].id if script.characters else NARRATOR
    if name is not None:
        who = voicing.cast(script, cast_file, story=story, cache=open_cache(None))
        role = role_called(name, script, who)
        if role is None:
            hint = nearest(name, (character.name for character in script.characters))
            raise CastError(f"{story}: nobody in it is called {name!r}{hint}")
        speaker = role.character
    return _Part(script=script, speaker=speaker, lexicon=load_lexicon(script, cast_file))


def own_line(script: Script, character: str) -> str:
    """A line of a character's that is good to judge a voice by; a stock one where there is none.

    Parameters
    ----------
    character
        A `Character.id`.
    """
    lines = [
        spoken(script.words_of(line.segment)).text
        for line in script.lines
        if line.speaker == character and line.segment.kind in SPEECH
    ]
    # Sure lines are not preferred: the length of a sentence or two tells more about a voice.
    return min(lines, key=lambda text: abs(len(text) - _BEST_LENGTH), default=SAMPLE_TEXT)
