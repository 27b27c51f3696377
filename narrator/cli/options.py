"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from narrator.engines import DEFAULT_ENGINE

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


def engine_option(command: F) -> F:
    """``--engine NAME``."""
    return click.option(
        "--engine",
        "engine_name",
        default=DEFAULT_ENGINE,
        show_default=True,
        metavar="NAME",
        help="The speech engine that speaks.",
    )(command)
