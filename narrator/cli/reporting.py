"""The report beside an audiobook, and the few lines of it that a command prints."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from narrator.cli.tables import count_words
from narrator.concerns import Concern
from narrator.report import Report, report_to_json
from narrator.store import is_file, write_text

_MOST_SHOWN = 3
_TOLD_ELSEWHERE = frozenset({"no_voice", "left_out", "suspect_sound", "speaks_once"})

_MAX_STEM_BYTES = 240


def report_path(target: Path) -> Path:
    """``<audiobook>.report.json`` beside it."""
    # No file system that matters has names of more than 255 bytes.
    stem = target.stem
    if len(os.fsencode(stem)) > _MAX_STEM_BYTES:
        stem = os.fsencode(stem)[:_MAX_STEM_BYTES].decode(errors="ignore")
    return target.with_name(f"{stem}.report.json")


def write_report(report: Report, target: Path, title: str) -> Path:
    """Write the report beside the audiobook `target`.

    Raises
    ------
    StoreError
        It cannot be written.
    """
    path = report_path(target)
    text = report_to_json(report, title=title, audiobook=target.name)
    if not is_file(path) or path.read_bytes() != text.encode():
        write_text(path, text)
    return path


def summary_rows(report: Report, path: Path) -> Iterator[str]:
    """What was put into other words, and where the rest can be read."""
    whole = report.whole
    if whole.places:
        ranked = sorted(whole.places.items(), key=lambda item: (-item[1], item[0]))
        rules = ", ".join(f"{rule.replace('_', ' ')} {count:,}" for rule, count in ranked[:6])
        yield f"put into words: {rules}"
    once = [concern for concern in report.concerns if concern.kind == "speaks_once"]
    if once:
        yield f"{count_words(len(once), 'character')} with a single line"
    yield f"chapter by chapter: {path}"


def concern_rows(report: Report, path: Path) -> Iterator[str]:
    """Warnings for a person: a few of each kind."""
    by_kind: dict[str, list[Concern]] = defaultdict(list)
    for concern in report.concerns:
        if concern.kind not in _TOLD_ELSEWHERE:
            by_kind[concern.kind].append(concern)
    for found in by_kind.values():
        yield from (concern.message for concern in found[:_MOST_SHOWN])
        if len(found) > _MOST_SHOWN:
            yield f"and {len(found) - _MOST_SHOWN} more like it: see {path}"
