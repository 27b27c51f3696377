"""What a command reads: a story, and the cast file that goes with it."""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import click

from narrator.castfile import CastFile
from narrator.cli.options import cast_option, story_argument
from narrator.story import cast_path_of, load_cast_file

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A story, its cast file, and what the command line says of how it is read."""

    story: Path
    named: Path | None = None
    """The cast file that the user named."""
    markup: bool | None = None
    """Whether the author's marks count; None leaves it to the cast file."""

    @property
    def cast_path(self) -> Path:
        """Where the cast file is, whether or not there is one."""
        return self.named or cast_path_of(self.story)

    def cast_file(self, *, may_be_new: bool = False) -> CastFile:
        """The cast file, with what the command line says.

        Parameters
        ----------
        may_be_new
            The command writes it: one that the user named need not be there yet.

        Raises
        ------
        ConfigError
            It was named and is missing, or something in it is wrong.
        """
        required = self.named is not None and not may_be_new
        found = load_cast_file(self.cast_path, required=required)
        if self.markup is None:
            return found
        return replace(found, reading=replace(found.reading, markup=self.markup))


def markup_option(command: F) -> F:
    """``--markup/--no-markup``."""
    return click.option(
        "--markup/--no-markup",
        default=None,
        help="Whether {pause 2s} and the like in the story are the author's marks.  [default: as "
        "the cast file says]",
    )(command)


def story_options(command: F) -> F:
    """STORY, ``--cast FILE`` and ``--markup/--no-markup``, as one `Source`."""

    @functools.wraps(command)
    def with_source(
        *args: object, story: Path, cast_path: Path | None, markup: bool | None, **rest: object
    ) -> object:
        source = Source(story=story, named=cast_path, markup=markup)
        return command(*args, source=source, **rest)

    for option in (markup_option, cast_option, story_argument):
        with_source = option(with_source)
    return typing.cast("F", with_source)
