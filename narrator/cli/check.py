"""``narrator check``: would a player choke on this file?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.cli.tables import clock, columns, count_words, size
from narrator.errors import CheckError

if TYPE_CHECKING:
    from narrator.check import Finding, Report

_LONGEST_TAG = 60


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--preset",
    "preset_name",
    metavar="NAME",
    help="Judge it by what acx, podcast or mobile asks for.",
)
def check_command(file: Path, preset_name: str | None) -> None:
    """Decode the audiobook FILE, by whatever program, and say what is in it.

    Fails where a player would stumble: sound that breaks off, chapters out of order, no title. With
    a preset, also where a criterion of it is not met.

    \b
    Examples:
      narrator check output/the-tide-stayed-out.m4b
      narrator check --preset acx "output/01 - Dusk.mp3"
    """
    from narrator.check import faults, inspect, judge, remarks
    from narrator.presets import find_preset

    preset = find_preset(preset_name) if preset_name else None
    report = inspect(file)
    for row in _rows(report):
        click.echo(row)
    for remark in remarks(report):
        click.echo(f"note: {remark}")
    findings = judge(report, preset) if preset else ()
    if findings:
        click.echo(f"\nFor {preset_name}")
        for row in columns(map(_judged, findings)):
            click.echo(row)
    found = faults(report)
    for fault in found:
        click.echo(f"fault: {fault}", err=True)
    missed = [finding.name for finding in findings if not finding.passed]
    if found or missed:
        parts = [count_words(len(found), "fault")] if found else []
        parts += [f"not fit for {preset_name}: {', '.join(missed)}"] if missed else []
        raise CheckError(f"{file}: {'; '.join(parts)}")
    click.echo(f"No faults, and fit for {preset_name}." if findings else "No faults.")


def _judged(finding: Finding) -> tuple[str, ...]:
    verdict = "pass" if finding.passed else "FAIL"
    return verdict, finding.name, finding.value, finding.bound


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
            ("RMS", f"{report.levels.rms_dbfs:.1f} dBFS"),
            ("noise floor", _noise(report)),
        ]
    )
    if report.tags:
        yield "\nTags"
        yield from columns((key, _short(value)) for key, value in report.tags)
    if report.chapters:
        yield "\nChapters"
        yield from columns((clock(c.start_s), c.title) for c in report.chapters)


def _noise(report: Report) -> str:
    floor = report.levels.noise_floor_dbfs
    return f"{floor:.1f} dBFS" if math.isfinite(floor) else "digital silence"


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_TAG else f"{line[: _LONGEST_TAG - 1]}…"
