"""Hearing a line of a story while it is reviewed, or a voice on a character's own line."""

from __future__ import annotations

import click

from narrator.cast import speech_lines
from narrator.castfile import new_cast_text, update_cast_file
from narrator.cli.editing import CastEditor
from narrator.cli.hearing import hear
from narrator.cli.sounding import Booth
from narrator.cli.voicing import Voicing, load_voicing
from narrator.errors import EngineError
from narrator.model import NARRATOR, Cast, Role, Voice
from narrator.normalise import spoken


class Reader:
    """The voices of a command; they are looked for when the first is needed."""

    def __init__(self, engine_name: str | None) -> None:
        self._engine_name = engine_name
        self._voicing: Voicing | None = None
        self._booth: Booth | None = None

    @property
    def voicing(self) -> Voicing:
        """The engine and its voices."""
        if self._voicing is None:
            self._voicing = load_voicing(self._engine_name)
        return self._voicing

    def cast(self, editor: CastEditor) -> Cast:
        """Who has which voice, as the cast file stands."""
        return self.voicing.cast(editor.script, editor.cast_file)

    def propose(self, editor: CastEditor, text: str | None) -> str:
        """The cast file's text with a voice for everyone who has none yet.

        What is decided about one character then leaves the voices of the others alone. Without an
        engine on this machine, no voices are proposed.
        """
        try:
            who = self.cast(editor)
        except EngineError:
            return text or new_cast_text(editor.book)
        return update_cast_file(
            text,
            book=editor.book,
            characters=editor.script.characters,
            cast=who,
            lines=speech_lines(editor.script),
        )

    def hear(self, editor: CastEditor, lines: tuple[int, ...], name: str | None) -> None:
        """Let the first of the lines be heard, as its speaker or as the character of this name."""
        line = editor.script.lines[lines[0]]
        segment = line.segment
        text = segment.span.of(editor.script.book.chapters[segment.chapter].text)
        speaker = line.speaker
        if name is not None:
            ids = {c.name.casefold(): c.id for c in editor.script.characters}
            speaker = NARRATOR if name.casefold() == NARRATOR else ids.get(name.casefold())
        role = self.cast(editor).role_of(speaker)
        click.echo(f"  {name or ''} {role.voice.name}".rstrip())
        self.say(spoken(text).text, role)

    def say(self, text: str, role: Role, voice: Voice | None = None) -> None:
        """Let some words be heard in the voice of a role, or in another voice."""
        if self._booth is None:
            self._booth = Booth(self.voicing.tables)
        chosen = voice or role.voice
        hear(self._booth.say(text, chosen, role.delivery), f"hear-{chosen.name}")

    def close(self) -> None:
        """Close the engines that were started."""
        if self._booth is not None:
            self._booth.close()
