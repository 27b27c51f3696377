"""Letting the user hear something; where that cannot be, a file instead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.cli.target import OUTPUT
from narrator.errors import PlaybackError
from narrator.store import write_bytes

if TYPE_CHECKING:
    from narrator.engines.base import Samples


def hear(samples: Samples, name: str, *, file: Path | None = None) -> Path | None:
    """Play `samples`; where nothing can be heard, or a file is given, write them as WAV.

    What happened is said on stderr, so that a screen which is being drawn is the caller's affair.

    Parameters
    ----------
    name
        What the file is called where the user named none: ``output/NAME.wav``.

    Returns
    -------
    Path or None
        The file that was written; None where the sound was played.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    path, reason = play_or_write(samples, name, file=file)
    if path is not None:
        click.echo(f"{reason}{path}", err=True)
    return path


def play_or_write(
    samples: Samples, name: str, *, file: Path | None = None
) -> tuple[Path | None, str]:
    """What `hear` does, saying nothing: the file, and the words that go before its name."""
    from narrator.engines.base import wav_bytes
    from narrator.playback import play

    if file is None:
        try:
            play((samples,))
        except PlaybackError as exc:
            file, reason = OUTPUT / f"{file_name(name)}.wav", f"{exc}; written instead: "
        else:
            return None, ""
    else:
        reason = "written: "
    write_bytes(file, wav_bytes(samples))
    return file, reason


def file_name(text: str) -> str:
    """`text` as a file can be called."""
    return re.sub(r"[^\w.-]+", "-", text.casefold()).strip("-.")[:60] or "sound"
