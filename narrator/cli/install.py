"""``narrator voices install``: a model of neural voices, placed and registered."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.cli.cache import open_cache
from narrator.cli.matrix import timbre_from_json, timbre_to_json
from narrator.cli.tables import columns, count_words, voice_words
from narrator.engines import EngineTables, load_engine
from narrator.model import Voice
from narrator.personal import load_personal, voices_folder
from narrator.store import Cache, write_text
from narrator.timbre import Timbre, fingerprint, timbres_text

if TYPE_CHECKING:
    from narrator.install import Package

_SHOWN = 12
_SPEAKERS_A_PROCESS = 4
"""Fewer are not worth another process, which has to load the model first."""


@click.command("install")
@click.argument("source", metavar="PATH|URL")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0, 64),
    default=0,
    help="Processes that measure speakers.  [default: one a core]",
)
def install_command(source: str, jobs: int) -> None:
    """Install the voices of a Piper or Kokoro model.

    PATH is a model (NAME.onnx, with NAME.onnx.json or voices-*.bin beside it) or a folder of them.
    From a URL, what belongs to the model is fetched with it; cut off, it goes on the next time.
    Each speaker is measured, so that casting knows who sounds like whom.

    \b
    Examples:
      narrator voices install Downloads/en_US-lessac-medium.onnx
      narrator voices install Downloads/my-voices
    """
    # onnxruntime and numpy take a while to import.
    from narrator.install import find_packages, gendered, place, register

    with _Downloads() as show:
        packages = find_packages(source, show)
    tables = load_personal().tables()
    for engine in {package.engine for package in packages}:
        load_engine(engine, tables).close()  # what it lacks is said before anything is placed
    for package in packages:
        folder = place(package)
        timbres = _measured(package, tables, jobs)
        heard = [None if each is None else each.pitch_st for each in timbres]
        voices = gendered(package, heard)
        known = {v: t for v, t in zip(voices, timbres, strict=True) if t is not None}
        write_text(
            voices_folder() / "timbre" / f"{package.engine}-{package.name}.toml",
            timbres_text(known),
        )
        bank = register(package, voices, source)
        _tell(package, voices, folder, bank)


def _tell(package: Package, voices: Sequence[Voice], folder: Path, bank: Path) -> None:
    count = count_words(len(voices), "voice")
    click.echo(f"{package.name}: {count} for the engine {package.engine}")
    rows = [
        ("model", str(folder / package.files[0][1])),
        ("sha256", f"{package.sha256}..."),
        ("licence", package.licence or "not stated: ask whoever made it"),
        ("bank", f"{bank} (names, genders and accents are yours to edit)"),
    ]
    for row in columns(rows):
        click.echo(row)
    for row in columns((voice.name, voice_words(voice)) for voice in voices[:_SHOWN]):
        click.echo(row)
    if len(voices) > _SHOWN:
        more = f"{len(voices) - _SHOWN} more"
        click.echo(f"  ... and {more}: narrator voices --engine {package.engine}")


def _measured(package: Package, tables: EngineTables, jobs: int) -> list[Timbre | None]:
    """The timbre of each voice, from the cache or measured; None where it says nothing."""
    cache = open_cache(None)
    keys = [_key(package, voice) for voice in package.voices]
    known = [cache.get("timbre", key) for key in keys]
    found = [None if blob is None else timbre_from_json(blob) for blob in known]
    missing = [index for index, timbre in enumerate(found) if timbre is None]
    if not missing:
        return found
    hidden = not sys.stderr.isatty()
    workers = min(jobs or _cores(), -(-len(missing) // _SPEAKERS_A_PROCESS))
    with (
        ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool,
        click.progressbar(length=len(missing), label="Measuring", file=sys.stderr, hidden=hidden)
        as bar,
    ):  # fmt: skip
        wanted = [package.voices[index] for index in missing]
        work = pool.map(_measure, wanted, [tables] * len(wanted), chunksize=_SPEAKERS_A_PROCESS)
        for index, timbre in zip(missing, work, strict=True):
            bar.update(1)
            found[index] = timbre
            if timbre is not None:
                _keep(cache, keys[index], timbre)
    return found


def _keep(cache: Cache, key: str, timbre: Timbre) -> None:
    cache.put("timbre", key, timbre_to_json(timbre))


def _key(package: Package, voice: Voice) -> str:
    from narrator.listen import REVISION

    what = json.dumps([REVISION, "install", package.sha256, fingerprint(voice)])
    return hashlib.sha256(what.encode()).hexdigest()


_engines: dict[str, object] = {}
"""The engine of a measuring process: each starts one, and ends with it."""


def _measure(voice: Voice, tables: EngineTables) -> Timbre | None:
    from narrator.engines.base import speak
    from narrator.errors import EngineError
    from narrator.listen import SAMPLE_TEXT, timbre_of

    if voice.engine not in _engines:
        _engines[voice.engine] = load_engine(voice.engine, tables, threads=1)
    engine = _engines[voice.engine]
    samples = speak(engine, SAMPLE_TEXT, voice)  # type: ignore[arg-type]
    try:
        return timbre_of(samples)
    except EngineError:
        return None  # a speaker that does not speak is none to compare


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Downloads:
    """Progress of downloads, on a terminal only."""

    def __init__(self) -> None:
        self._name = ""

    def __enter__(self) -> Callable[[str, int, int | None], None]:
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._name:
            click.echo(err=True)

    def _show(self, name: str, got: int, total: int | None) -> None:
        if not sys.stderr.isatty():
            return
        if self._name and name != self._name:
            click.echo(err=True)
        self._name = name
        share = f"{got / 1e6:.1f}" + (f" of {total / 1e6:.1f} MB" if total else " MB")
        click.echo(f"\r{name}: {share}", nl=False, err=True)
