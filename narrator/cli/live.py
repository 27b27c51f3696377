"""``narrator play --live``: a story is heard while it is being spoken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.cli.cache import open_cache
from narrator.cli.directing import director, sounds_for
from narrator.cli.voicing import load_voicing
from narrator.direct import speller
from narrator.errors import PlaybackError
from narrator.model import NARRATOR, Script, Take
from narrator.selection import Selection, select_chapters
from narrator.story import cast_path_of, load_cast_file, load_script

if TYPE_CHECKING:
    from narrator.engines.base import Block

_LEAST_RATE_HZ = 22_050


def play_live(
    story: Path,
    *,
    cast_path: Path | None,
    engine_name: str | None,
    chapter: int | None,
    show_text: bool,
) -> None:
    """Speak a story with its cast, and play it meanwhile.

    Raises
    ------
    NarratorError
        The story cannot be read or cast, an engine failed, or there is no sound device.
    """
    from narrator.live import read_ahead
    from narrator.playback import play, why_silent

    cast_file = load_cast_file(cast_path or cast_path_of(story), required=cast_path is not None)
    voicing = load_voicing(engine_name)
    cache = open_cache(None)
    script = whole = load_script(story, cast_file, cache)
    if chapter is not None:
        script = select_chapters(script, Selection(chapters=str(chapter)))
    if (reason := why_silent()) is not None:
        raise PlaybackError(f"{reason}; `narrator build {story}` makes a file of it")
    who = voicing.cast(whole, cast_file, story=story, cache=cache)
    rates = [role.voice.sample_rate_hz or 0 for role in (who.narrator, *who.roles)]
    names = {character.id: character.name for character in script.characters}
    names[NARRATOR] = "Narrator"

    sounds = sounds_for(script, cast_file, cast_path or cast_path_of(story), cache)
    spell = speller(script, cast_file.normalise)
    takes_of = director(script, who, cast_file, spell, sounds=sounds)

    def takes() -> Iterator[Take]:
        # Chapter by chapter: to put a whole novel into spoken words takes longer than a second.
        for part in _chapters(script):
            yield from takes_of(part)

    def blocks() -> Iterator[Block]:
        spoken = read_ahead(
            takes, sample_rate_hz=max(*rates, _LEAST_RATE_HZ), tables=voicing.tables
        )
        for take, block in spoken:
            if take.mark is not None:
                click.echo(f"\n{take.mark}\n")
            if show_text:
                click.echo(f"{names.get(take.speaker, take.speaker)}: {take.shown}")
            yield block

    play(blocks())


def _chapters(script: Script) -> Iterator[Script]:
    """The script of each chapter alone that has something to speak."""
    spoken = {line.segment.chapter for line in script.lines if line.segment.skip_reason is None}
    for index in range(len(script.book.chapters)):
        if index in spoken:
            yield select_chapters(script, Selection(chapters=str(index + 1)))
