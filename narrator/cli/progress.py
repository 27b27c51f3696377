"""How a build tells what it is doing: a bar, lines, or events for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from narrator.cli.tables import clock

if TYPE_CHECKING:
    from narrator.build import Progress

Report = Callable[["Progress"], None]

_STAGES = {"level": "Measuring the voices", "speak": "Speaking", "join": "Joining"}
_READING = "Reading, and finding out who speaks"

_EVENT_EVERY_S = 0.5


@contextmanager
def reading(*, quiet: bool, as_json: bool) -> Iterator[None]:
    """Say, while it lasts, that the story is read; for a long one that takes a while."""
    if as_json:
        emit("stage", stage="read")
    elif not quiet:
        click.echo(f"{_READING} …", err=True, nl=not sys.stderr.isatty())
    try:
        yield
    finally:
        if not (as_json or quiet) and sys.stderr.isatty():
            click.echo(f"\r{' ' * (len(_READING) + 2)}\r", err=True, nl=False)


@contextmanager
def shown(characters: int, *, quiet: bool, as_json: bool) -> Iterator[Report]:
    """What to call with each step of a build that speaks so many characters.

    On a terminal, a bar with the speed against real time and the time left; elsewhere, a line for
    each stage; both on stderr. As JSON, events on stdout. Where it is to be quiet, nothing.
    """
    if as_json:
        yield _events(characters)
    elif quiet:
        yield lambda progress: None
    elif sys.stderr.isatty():
        with _bar(characters) as report:
            yield report
    else:
        yield _lines(characters)


class _Pace:
    """How fast sound is being made. What was in the cache does not count."""

    def __init__(self) -> None:
        self.made_s = 0.0
        self.left = 0
        """Characters still to be spoken."""
        self._spoken = 0
        self._begun_s: float | None = None

    def add(self, progress: Progress) -> None:
        self.left -= progress.characters
        if progress.stage == "speak" and not progress.cached:
            if self._begun_s is None or not progress.characters:
                self._begun_s = time.monotonic()
            self._spoken += progress.characters
            self.made_s += progress.sound_s

    @property
    def elapsed_s(self) -> float:
        return 0.0 if self._begun_s is None else time.monotonic() - self._begun_s

    @property
    def factor(self) -> float | None:
        """Seconds of sound for each second; None before there is any."""
        return self.made_s / self.elapsed_s if self.made_s and self.elapsed_s else None

    @property
    def left_s(self) -> float | None:
        if not self._spoken:
            return None
        return self.elapsed_s / self._spoken * max(0, self.left)

    def words(self) -> str:
        """``312 × real time, 0:41 left``."""
        parts = [] if self.factor is None else [f"{self.factor:.0f} × real time"]
        if self.left_s is not None:
            parts.append(f"{clock(self.left_s)} left")
        return ", ".join(parts)


@contextmanager
def _bar(characters: int) -> Iterator[Report]:
    from tqdm import tqdm

    pace = _Pace()
    pace.left = characters
    form = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} ch [{elapsed}{postfix}]"
    with tqdm(
        total=characters, unit_scale=True, leave=False, dynamic_ncols=True, bar_format=form
    ) as bar:

        def report(progress: Progress) -> None:
            pace.add(progress)
            bar.set_description_str(_STAGES[progress.stage], refresh=not progress.characters)
            bar.set_postfix_str(pace.words(), refresh=False)
            bar.update(progress.characters)

        yield report


def _lines(characters: int) -> Report:
    begun: set[str] = set()

    def report(progress: Progress) -> None:
        if progress.stage not in begun:
            begun.add(progress.stage)
            more = f" {characters:,} characters" if progress.stage == "speak" else ""
            click.echo(f"{_STAGES[progress.stage]}{more} …", err=True)

    return report


def _events(characters: int) -> Report:
    pace = _Pace()
    pace.left = characters
    begun: set[str] = set()
    told_s = 0.0

    def report(progress: Progress) -> None:
        nonlocal told_s
        pace.add(progress)
        if progress.stage not in begun:
            begun.add(progress.stage)
            emit("stage", stage=str(progress.stage))
        now_s = time.monotonic()
        if progress.characters and (now_s - told_s > _EVENT_EVERY_S or not pace.left):
            told_s = now_s
            emit(
                "progress",
                characters=characters - pace.left,
                total=characters,
                real_time_factor=None if pace.factor is None else round(pace.factor, 1),
                left_s=None if pace.left_s is None else round(pace.left_s, 1),
            )

    return report


def emit(event: str, **values: object) -> None:
    """Print an event as a line of JSON, in ASCII, so that any pipe passes it on unchanged."""
    click.echo(json.dumps({"event": event, **values}))
    sys.stdout.flush()
