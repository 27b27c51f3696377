"""``narrator play --live``: a story is heard while it is being spoken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.castfile import CastFile
from narrator.choosing import choose_chapters
from narrator.cli.cache import open_cache
from narrator.cli.directing import director, sounds_for
from narrator.cli.source import Source
from narrator.cli.voicing import Voicing, load_voicing
from narrator.direct import speller
from narrator.errors import PlaybackError
from narrator.model import NARRATOR, Cast, Script, Take, Voice
from narrator.opening import narrator_is_known, opening_takes
from narrator.selection import Selection, select_chapters
from narrator.store import Cache
from narrator.story import begin_script, decide

if TYPE_CHECKING:
    from narrator.engines.base import Block

_LEAST_RATE_HZ = 22_050


def play_live(
    source: Source,
    *,
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

    story, cast_file = source.story, source.cast_file()
    voicing = load_voicing(engine_name)
    if (reason := why_silent()) is not None:
        raise PlaybackError(f"{reason}; `narrator build {story}` makes a file of it")
    hearing = Hearing(
        story=story,
        cast_file=cast_file,
        cast_path=source.cast_path,
        voicing=voicing,
        chapter=chapter,
    )

    def blocks() -> Iterator[Block]:
        rate_hz = hearing.sample_rate_hz
        takes = partial(hearing.takes, open_cache(None))
        spoken = read_ahead(
            takes, sample_rate_hz=rate_hz, tables=voicing.tables, likely=hearing.likely_voice
        )
        for take, block in spoken:
            if take.mark is not None:
                click.echo(f"\n{take.mark}\n")
            if show_text:
                click.echo(f"{hearing.names.get(take.speaker, take.speaker)}: {take.shown}")
            yield block

    play(blocks())


@dataclass(kw_only=True)
class Hearing:
    """A story that is listened to while it is read."""

    story: Path
    cast_file: CastFile
    cast_path: Path
    voicing: Voicing
    chapter: int | None
    """The only one that is heard, from 1."""
    names: dict[str, str] = field(default_factory=lambda: {NARRATOR: "Narrator"})
    """Of those who speak, by `Character.id`, as far as they are known."""

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """All that somebody may get."""
        return (*self.voicing.voices, *self.voicing.elsewhere(self.cast_file).values())

    @property
    def sample_rate_hz(self) -> int:
        """One that suits whoever may get a voice: who does is not known yet."""
        return max(_LEAST_RATE_HZ, *(voice.sample_rate_hz or 0 for voice in self.voices))

    @property
    def likely_voice(self) -> Voice:
        """Who probably begins: the voice that the cast file gives the narrator, or a usual one."""
        wanted = (self.cast_file.narrator.voice or "").casefold()
        named = (voice for voice in self.voices if voice.name.casefold() == wanted)
        usual = (voice for voice in self.voices if voice.narrates)
        return next(chain(named, usual), self.voices[0])

    def takes(self, cache: Cache) -> Iterator[Take]:
        """All that is heard. What can only be the narrator's comes before the rest is known."""
        beginning = begin_script(self.story, self.cast_file, cache)
        said = 0
        if beginning.script is not None and narrator_is_known(beginning, self.cast_file):
            for take in self._opening(beginning.script, cache):
                said += 1
                yield take
        whole = decide(beginning.finish(), self.cast_file)
        # By number: a sound may have no place of its own in the text (`narrator.direct`).
        yield from islice(self._cast(whole, cache), said, None)

    def _opening(self, script: Script, cache: Cache) -> Iterator[Take]:
        script = self._selected(decide(script, self.cast_file))
        teller = self.voicing.narrator(script, self.cast_file, story=self.story, cache=cache)
        return opening_takes(script, self._directed(script, Cast(narrator=teller, roles=()), cache))

    def _cast(self, whole: Script, cache: Cache) -> Iterator[Take]:
        who = self.voicing.cast(whole, self.cast_file, story=self.story, cache=cache)
        self.names.update((character.id, character.name) for character in whole.characters)
        return self._directed(self._selected(whole), who, cache)

    def _directed(self, script: Script, who: Cast, cache: Cache) -> Iterator[Take]:
        sounds = sounds_for(script, self.cast_file, self.cast_path, cache)
        spell = speller(script, self.cast_file.normalise)
        return director(script, who, self.cast_file, spell, sounds=sounds)(script)

    def _selected(self, script: Script) -> Script:
        """What is heard of it: as in a build, the chapter asked for, or those that are wanted."""
        if self.chapter is None:
            return choose_chapters(script, self.cast_file)
        return select_chapters(script, Selection(chapters=str(self.chapter)))
