"""``narrator check``: would a player choke on this file?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.cli.tables import clock, columns, count_words, size
from narrator.errors import CheckError

if TYPE_CHECKING:
    from narrator.check import Report

_LONGEST_TAG = 60


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_command(file: Path) -> None:
    """Decode the audiobook FILE and say what is in it.

    Fails where a player would stumble: sound that breaks off, chapters out of order, no title.

    \b
    Example:
      narrator check output/the-tide-stayed-out.m4b
    """
    from narrator.check import faults, inspect, remarks

    report = inspect(file)
    for row in _rows(report):
        click.echo(row)
    for remark in remarks(report):
        click.echo(f"note: {remark}")
    found = faults(report)
    for fault in found:
        click.echo(f"fault: {fault}", err=True)
    if found:
        raise CheckError(f"{file}: {count_words(len(found), 'fault')}")
    click.echo("No faults.")


def _rows(report: Report) -> Iterator[str]:
    loudness = report.loudness
    channels = {1: "mono", 2: "stereo"}.get(report.channels, f"{report.channels} channels")
    codec = f"{report.codec} {report.profile or ''}".strip()
    yield str(report.path)
    yield from columns(
        [
            ("file", f"{report.container}, {size(report.size_bytes)}"),
            ("codec", f"{codec}, {report.bitrate_bps / 1000:.0f} kbit/s"),
            ("sound", f"{report.sample_rate_hz:,} Hz, {channels}"),
            ("length", clock(report.decoded_s)),
            ("loudness", f"{loudness.integrated_lufs:.1f} LUFS"),
            ("peak", f"{loudness.sample_peak_dbfs:.1f} dBFS"),
        ]
    )
    if report.tags:
        yield "\nTags"
        yield from columns((key, _short(value)) for key, value in report.tags)
    if report.chapters:
        yield "\nChapters"
        yield from columns((clock(c.start_s), c.title) for c in report.chapters)


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_TAG else f"{line[: _LONGEST_TAG - 1]}…"
