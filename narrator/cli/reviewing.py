"""Hearing a line of a story while it is reviewed, or a voice on a character's own line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.cast import speech_lines
from narrator.castwrite import new_cast_text, update_cast_file
from narrator.cli.cache import open_cache
from narrator.cli.directing import director
from narrator.cli.editing import CastEditor
from narrator.cli.hearing import hear
from narrator.cli.sounding import Booth
from narrator.cli.voicing import Voicing, load_voicing
from narrator.direct import speller
from narrator.errors import CastError, EngineError
from narrator.model import NARRATOR, Cast, Role, Take, Voice
from narrator.story import load_cast_file, load_lexicon

if TYPE_CHECKING:
    from narrator.engines.base import Samples


_AROUND = 6
"""Lines before and after one that may say how it is spoken."""


class Reader:
    """The voices of a command; they are looked for when the first is needed."""

    def __init__(
        self,
        engine_name: str | None,
        story: Path,
        series_path: Path | None = None,
        cache_path: Path | None = None,
    ) -> None:
        self._cache_path = cache_path
        self._engine_name = engine_name
        self._story = story
        self._series = None if series_path is None else load_cast_file(series_path, required=True)
        self._voicing: Voicing | None = None
        self._open_booth: Booth | None = None

    @property
    def voicing(self) -> Voicing:
        """The engine and its voices."""
        if self._voicing is None:
            self._voicing = load_voicing(self._engine_name)
        return self._voicing

    def cast(self, editor: CastEditor) -> Cast:
        """Who has which voice, as the cast file stands."""
        wanted = editor.cast_file
        if self._series is not None:
            wanted = self.voicing.inherit(editor.script, wanted, self._series)
        return self.voicing.cast(
            editor.script, wanted, story=self._story, cache=open_cache(self._cache_path)
        )

    def propose(self, editor: CastEditor, text: str | None) -> str:
        """The cast file's text with a voice for everyone who has none yet.

        What is decided about one character then leaves the voices of the others alone. Without an
        engine on this machine, or in a file to which nothing can be added without loss, no voices
        are proposed.
        """
        try:
            return update_cast_file(
                text,
                book=editor.book,
                characters=editor.script.characters,
                cast=self.cast(editor),
                lines=speech_lines(editor.script),
            )
        except (EngineError, CastError):
            return text or new_cast_text(editor.book)

    def hear(self, editor: CastEditor, lines: tuple[int, ...], name: str | None) -> None:
        """Let lines be heard as the book would have them, or as the character of this name."""
        script, who = editor.script, self.cast(editor)
        speaker = script.lines[lines[0]].speaker
        if name is not None:
            ids = {c.name.casefold(): c.id for c in script.characters}
            speaker = NARRATOR if name.casefold() == NARRATOR else ids.get(name.casefold())
        # What is around the lines says how they are spoken: *he whispered*.
        first, last = max(0, lines[0] - _AROUND), lines[-1] + _AROUND
        part = tuple(
            replace(line, speaker=speaker) if k in lines else line
            for k, line in enumerate(script.lines[first:last], first)
        )
        role = who.role_of(speaker)
        click.echo(f"  in the voice {role.voice.name}")
        spell = speller(script, editor.cast_file.normalise)
        takes = director(script, who, editor.cast_file, spell)(replace(script, lines=part))
        wanted = [take for take in takes if take.segment + first in lines]
        self._play([self._say(take) for take in wanted], role.voice)

    def audition(self, editor: CastEditor, text: str, role: Role, voice: Voice) -> None:
        """Let some words of a story be heard in a voice, spoken the way of a role."""
        lexicon = load_lexicon(editor.script, editor.cast_file)
        samples = self._booth().say(
            text, voice, role.delivery, lexicon=lexicon, speaker=role.character
        )
        self._play([samples], voice)

    def _say(self, take: Take) -> Samples:
        return self._booth().say(
            take.text, take.voice, take.delivery, phonemes=take.phonemes, as_is=True
        )

    def _play(self, parts: Sequence[Samples], voice: Voice) -> None:
        import numpy as np

        if parts:
            joined = replace(parts[0], pcm=np.concatenate([part.pcm for part in parts]))
            hear(joined, f"hear-{voice.name}")

    def _booth(self) -> Booth:
        if self._open_booth is None:
            self._open_booth = Booth(self.voicing.tables)
        return self._open_booth

    def close(self) -> None:
        """Close the engines that were started."""
        if self._open_booth is not None:
            self._open_booth.close()
