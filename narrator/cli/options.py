"""Arguments and options that several commands share."""

from __future__ import annotations

import functools
import re
import typing
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from narrator.cast import SPEECH
from narrator.engines import DEFAULT_ENGINE
from narrator.model import Script
from narrator.selection import Preview, Selection

F = TypeVar("F", bound=Callable[..., object])


def story_argument(command: F) -> F:
    """The STORY argument, a path that may yet prove missing."""
    return click.argument("story", type=click.Path(path_type=Path))(command)


def cast_option(command: F) -> F:
    """``--cast FILE``."""
    return click.option(
        "--cast",
        "cast_path",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The cast file.  [default: STORY's name with .cast.toml, beside it]",
    )(command)


def series_option(command: F) -> F:
    """``--cast-from FILE``."""
    return click.option(
        "--cast-from",
        "series_path",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Another book's cast file: who is in both books keeps voice, rate and pitch.",
    )(command)


def engine_option(command: F) -> F:
    """``--engine NAME``."""
    return click.option(
        "--engine",
        "engine_name",
        metavar="NAME",
        help=f"The speech engine whose voices are cast.  [default: {DEFAULT_ENGINE}, or the one in "
        "your own config]",
    )(command)


def cache_option(command: F) -> F:
    """``--cache DIR``."""
    return click.option(
        "--cache",
        "cache_path",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Where finished sound is kept between runs.",
    )(command)


def selection_options(command: F) -> F:
    """``--chapters``, ``--from``, ``--to`` and ``--preview``, as one `Selection`."""

    @functools.wraps(command)
    def with_selection(
        *args: object, chapters: str, first: str, last: str, preview: Preview | None, **rest: object
    ) -> object:
        selection = Selection(chapters=chapters, first=first, last=last, preview=preview)
        return command(*args, selection=selection, **rest)

    options = (
        click.option(
            "--chapters",
            default="",
            metavar="LIST",
            help="Build these chapters only, by number: 3-5,8.",
        ),
        click.option(
            "--from",
            "first",
            default="",
            metavar="CHAPTER",
            help="Begin with this chapter: its number, its title, or words of its title alone.",
        ),
        click.option(
            "--to", "last", default="", metavar="CHAPTER", help="End with this chapter, likewise."
        ),
        click.option(
            "--preview",
            type=_PreviewType(),
            metavar="TIME",
            help="Build about the first 60s or 5m of it; 60s-per-chapter: of each chapter.",
        ),
    )
    for option in reversed(options):
        with_selection = option(with_selection)
    return typing.cast("F", with_selection)


_PREVIEW = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|min)?(-per-chapter)?")


class _PreviewType(click.ParamType[Preview]):
    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> Preview:
        if isinstance(value, Preview):
            return value
        match = _PREVIEW.fullmatch(str(value).strip().lower())
        if match is None or float(match[1]) <= 0:
            self.fail(f"{value!r} is no time: give 60s, 5m or 60s-per-chapter", param, context)
        seconds = float(match[1]) * (60 if match[2] in ("m", "min") else 1)
        return Preview(seconds=seconds, each_chapter=match[3] is not None)


def warnings_of(script: Script) -> Iterator[str]:
    """What of the user's decisions could not be followed, and whether nobody speaks at all, since
    that is seldom what the author wrote."""
    yield from script.warnings
    if not any(line.segment.kind in SPEECH for line in script.lines):
        yield (
            "no speech was found between quotation marks or after dashes; "
            "the narrator reads everything"
        )


def warn_about(script: Script) -> None:
    """Say the script's `warnings_of` on stderr."""
    warn(warnings_of(script))


def warn(warnings: Iterable[str]) -> None:
    """Say warnings on stderr."""
    for warning in warnings:
        click.echo(f"narrator: warning: {warning}", err=True)
