"""``narrator voices``: what there is to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from narrator.cli.options import engine_option
from narrator.cli.tables import columns, voice_words
from narrator.engines import available_voices
from narrator.errors import CastError
from narrator.model import Voice
from narrator.store import write_bytes

_SAMPLE_TEXT = "My name is {name}. I could tell you a story, if you have an evening to spare."


@click.command("voices")
@engine_option
@click.option(
    "--sample",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a sample of each voice into DIR, as WAV files.",
)
def voices_command(engine_name: str, folder: Path | None) -> None:
    """List the voices that a cast file can name.

    \b
    Examples:
      narrator voices
      narrator voices --sample output/voices
    """
    voices = available_voices(engine_name)
    if not voices:
        raise CastError(f"the engine {engine_name!r} has no voice on this machine")
    for row in _rows(voices):
        click.echo(row)
    if folder is not None:
        _write_samples(voices, engine_name, folder)
        click.echo(f"\n{len(voices)} samples written to {folder}")


def _rows(voices: Sequence[Voice]) -> Iterator[str]:
    ordered = sorted(voices, key=lambda v: (not v.narrates, v.gender, v.age, v.rank, v.name))
    return columns(
        (voice.name, voice_words(voice), "reads whole books" if voice.narrates else "")
        for voice in ordered
    )


def _write_samples(voices: Sequence[Voice], engine_name: str, folder: Path) -> None:
    from narrator.engines import load_engine
    from narrator.engines.base import speak, wav_bytes
    from narrator.model import Delivery

    engine = load_engine(engine_name)
    try:
        for voice in voices:
            text = _SAMPLE_TEXT.format(name=voice.name)
            samples = speak(engine, text, voice, Delivery())
            name = re.sub(r"[^\w.-]+", "-", voice.name.casefold()).strip("-.") or "voice"
            write_bytes(folder / f"{name}.wav", wav_bytes(samples))
    finally:
        engine.close()
