"""In what form a book is written: the options, and what they come to."""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from narrator.cli.target import OUTPUT, target_of
from narrator.errors import ConfigError

if TYPE_CHECKING:
    from narrator.plan import BuildConfig
    from narrator.presets import Preset

F = TypeVar("F", bound=Callable[..., object])

_PLAYLIST = ".m3u8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the user said of it."""

    encoder: str | None = None
    preset: str | None = None
    split: bool = False
    bitrate_kbps: int | None = None


def form_options(command: F) -> F:
    """``--format``, ``--preset``, ``--split`` and ``--bitrate``, as one `Form`."""

    @functools.wraps(command)
    def with_form(
        *args: object,
        encoder: str | None,
        preset: str | None,
        split: str | None,
        bitrate: int | None,
        **rest: object,
    ) -> object:
        form = Form(encoder=encoder, preset=preset, split=split is not None, bitrate_kbps=bitrate)
        return command(*args, form=form, **rest)

    options = (
        click.option(
            "--format",
            "encoder",
            metavar="NAME",
            help="m4b, mp3, opus, ogg, flac or wav.  [default: as FILE ends, else m4b]",
        ),
        click.option(
            "--preset", metavar="NAME", help="Make it as acx, podcast or mobile asks for."
        ),
        click.option(
            "--split",
            type=click.Choice(["chapters"]),
            help="Write a numbered file for each chapter, and a playlist.",
        ),
        click.option(
            "--bitrate",
            type=click.IntRange(16, 320),
            metavar="KBPS",
            help="Kilobits a second, in formats that lose something.",
        ),
    )
    for option in reversed(options):
        with_form = option(with_form)
    return typing.cast("F", with_form)


def configure(form: Form, output: str | None) -> BuildConfig:
    """What the options come to; `output` is as the user gave it.

    Raises
    ------
    ConfigError
        There is no such preset, or it does not take the format.
    EncodeError
        There is no such format.
    """
    from narrator.encode import encoder_names, load_encoder
    from narrator.plan import BuildConfig
    from narrator.presets import find_preset

    config = BuildConfig(split=form.split)
    if form.preset:
        preset = find_preset(form.preset)
        config = replace(config, encoder=preset.encoder, mix=preset.mix, encode=preset.encode)
    elif output and (named := Path(output).suffix.lower().removeprefix(".")) in encoder_names():
        config = replace(config, encoder=named)
    if form.encoder:
        config = replace(config, encoder=load_encoder(form.encoder.lower()).name)
        if form.preset:
            _refuse_other_codec(find_preset(form.preset), config.encoder)
    if form.bitrate_kbps:
        config = replace(config, encode=replace(config.encode, bitrate_kbps=form.bitrate_kbps))
    return config


def _refuse_other_codec(preset: Preset, encoder: str) -> None:
    """Refuse a format that the place of the preset does not take."""
    from narrator.presets import Quantity

    for bound in preset.bounds:
        if bound.quantity is Quantity.CODEC and encoder not in bound.names:
            wanted = " or ".join(bound.names)
            raise ConfigError(f"{preset.name} takes {wanted} only: leave out --format {encoder}")


def destination(
    name: Path, output: str | None, config: BuildConfig, *, ours: Iterable[Path]
) -> Path:
    """The file that is written, or the playlist, beside which the chapters' files will be.

    See `narrator.cli.target.target_of`.
    """
    from narrator.encode import load_encoder

    suffix = load_encoder(config.encoder).suffix
    if config.split:
        output = output or f"{OUTPUT / name.stem}/"
        suffix = _PLAYLIST
    return target_of(name, output, suffix=suffix, known=(suffix,), ours=ours)
