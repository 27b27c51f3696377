"""A cast file that is changed step by step: every step is saved, and can be undone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from narrator.castfile import CastFile, read_cast_file
from narrator.castwrite import new_cast_text
from narrator.errors import CastError, ConfigError
from narrator.model import Book, Script
from narrator.store import exists, read_bytes, write_text
from narrator.story import decide


class CastEditor:
    """The cast file of a story, and the script as it stands with it."""

    def __init__(
        self, path: Path, found: Script, prepare: Callable[[CastEditor, str | None], str]
    ) -> None:
        """Read the cast file at `path`, for the story whose undecided script was `found`.

        `prepare` is called before the first step, to bring the text of the file up to date.
        """
        self.path = path
        self._prepare = prepare
        self._found = found
        self._steps: list[tuple[str | None, str]] = []
        self.cast_file, self.script = self._read(self.text)

    @property
    def text(self) -> str | None:
        """What the file holds now, which another program may have changed; None without one."""
        if not exists(self.path):
            return None
        return read_bytes(self.path, ConfigError).decode("utf-8-sig")

    @property
    def book(self) -> Book:
        """The story."""
        return self._found.book

    def _read(self, text: str | None) -> tuple[CastFile, Script]:
        cast_file = CastFile() if text is None else read_cast_file(text.encode(), str(self.path))
        return cast_file, decide(self._found, cast_file)

    def change(self, edit: Callable[[str], str]) -> None:
        """Take a step, and save it.

        Raises
        ------
        ConfigError, CastError
            The file would be wrong after it; nothing is changed then.
        """
        before = self.text
        ready = before
        if not self._steps:
            ready = self._prepare(self, before)
        after = edit(new_cast_text(self.book) if ready is None else ready)
        self.cast_file, self.script = self._read(after)
        if after != before:
            write_text(self.path, after)
            self._steps.append((before, after))

    def undo(self) -> bool:
        """Take back the last step; whether there was one.

        Raises
        ------
        CastError
            Something else has changed the file since.
        """
        if not self._steps:
            return False
        before, after = self._steps[-1]
        if self.text != after:
            raise CastError(f"{self.path} was changed by another program: it is left as it is")
        if before is None:
            self.path.unlink()
        else:
            write_text(self.path, before)
        self._steps.pop()
        self.cast_file, self.script = self._read(before)
        return True

    @property
    def steps(self) -> int:
        """How many steps were taken and not undone."""
        return len(self._steps)


def ask(question: str) -> str | None:
    """A line that the user types, or that a script sends; None at the end of the input.

    Where it is not typed, it is shown, so that what is kept of such a session can be read.
    """
    try:
        answer: str = click.prompt(question, default="", show_default=False, prompt_suffix=" ")
    except click.Abort as exc:
        if isinstance(exc.__context__, EOFError):
            click.echo()
            return None
        raise
    if not sys.stdin.isatty():
        click.echo(answer)
    return answer.strip()
