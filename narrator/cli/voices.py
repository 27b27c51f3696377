"""``narrator voices``: what there is to choose from."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from narrator.cli.install import install_command
from narrator.cli.matrix import show_matrix, write_timbres
from narrator.cli.options import engine_option
from narrator.cli.tables import columns, count_words, voice_words
from narrator.cli.target import ensure_spare
from narrator.cli.voicing import Voicing, load_voicing
from narrator.config import nearest
from narrator.engines import available_voices, engine_names
from narrator.errors import CastError, NarratorError
from narrator.model import Voice
from narrator.personal import load_personal, own_voices
from narrator.store import write_bytes

_SAMPLE_TEXT = "My name is {name}. I could tell you a story, if you have an evening to spare."


class _Voices(click.Command):
    """``narrator voices``, and ``narrator voices install`` as a command of its own."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        if args[:1] == ["install"]:
            return install_command.make_context("voices install", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("voices", cls=_Voices)
@click.argument("names", nargs=-1, metavar="[VOICE]...")
@engine_option
@click.option(
    "--sample",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a sample of each voice into DIR, as WAV files.",
)
@click.option("--engines", is_flag=True, help="Say what each engine has, or what it lacks.")
@click.option("--matrix", is_flag=True, help="Say how far the voices are apart, by their sound.")
@click.option(
    "--measure", is_flag=True, help="Measure the voices of an engine, for casts made from them."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --matrix: draw it as a PNG picture. With --measure: the file to write.",
)
def voices_command(
    names: tuple[str, ...],
    engine_name: str | None,
    folder: Path | None,
    engines: bool,
    matrix: bool,
    measure: bool,
    out: Path | None,
) -> None:
    """List the voices that a cast file can name: all of them, or each VOICE.

    `narrator voices install PATH|URL` adds those of a Piper or Kokoro model.

    \b
    Examples:
      narrator voices
      narrator voices --sample output/voices
      narrator voices --matrix --out output/voices.png
      narrator voices --matrix Rosalind Clara Maud
    """
    if matrix and measure:
        raise click.UsageError("--matrix and --measure are two things: ask for one")
    if out is not None and not (matrix or measure):
        raise click.UsageError("--out goes with --matrix or --measure")
    if engines:
        for row in _engine_rows():
            click.echo(row)
        return
    voicing = load_voicing(engine_name)
    voices = _picked(voicing.voices, names)
    if matrix:
        if out is not None and out.suffix.lower() != ".png":
            raise click.UsageError(f"--out {out}: the picture is a PNG, so its name ends in .png")
        show_matrix(voices, voicing, out)
    elif measure:
        if out is not None:
            if out.name.endswith(".cast.toml"):
                raise click.UsageError(f"--out {out}: a cast file has such a name: give another")
            ensure_spare(out, suffixes=(".toml",))
        write_timbres(voices, voicing, out)
    else:
        for row in _rows(voices):
            click.echo(row)
    if folder is not None:
        _write_samples(voices, voicing, folder)
        click.echo(f"\n{len(voices)} samples written to {folder}")


def _engine_rows() -> Iterator[str]:
    """Each engine with the number of its voices, or with what keeps it from having some."""
    tables, own = load_personal().tables(), own_voices()
    for name in engine_names():
        try:
            found = available_voices(name, tables, own)
        except NarratorError as exc:
            text = str(exc)
        else:
            shown = ", ".join(voice.name for voice in found[:3])
            text = f"{count_words(len(found), 'voice')}: {shown}{', ...' * (len(found) > 3)}"
        yield from textwrap.wrap(
            text, 78, initial_indent=f"  {name:10}", subsequent_indent=" " * 12,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def _picked(voices: Sequence[Voice], names: Sequence[str]) -> tuple[Voice, ...]:
    if not names:
        return tuple(voices)
    by_name = {voice.name.casefold(): voice for voice in voices}
    for name in names:
        if name.casefold() not in by_name:
            hint = nearest(name, (voice.name for voice in voices))
            raise CastError(f"no voice is called {name!r}{hint} (`narrator voices` lists them)")
    return tuple(dict.fromkeys(by_name[name.casefold()] for name in names))


def _rows(voices: Sequence[Voice]) -> Iterator[str]:
    ordered = sorted(voices, key=lambda v: (not v.narrates, v.gender, v.age, v.rank, v.name))
    return columns(
        (voice.name, voice_words(voice), "reads whole books" if voice.narrates else "")
        for voice in ordered
    )


def _write_samples(voices: Sequence[Voice], voicing: Voicing, folder: Path) -> None:
    from narrator.engines import load_engine
    from narrator.engines.base import speak, wav_bytes
    from narrator.model import Delivery

    engine = load_engine(voicing.engine, voicing.tables)
    try:
        for voice in voices:
            text = _SAMPLE_TEXT.format(name=voice.name)
            samples = speak(engine, text, voice, Delivery())
            name = re.sub(r"[^\w.-]+", "-", voice.name.casefold()).strip("-.") or "voice"
            write_bytes(folder / f"{name}.wav", wav_bytes(samples))
    finally:
        engine.close()
