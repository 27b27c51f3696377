"""What is wrong with a file."""

from __future__ import annotations

from collections.abc import Iterator

from narrator.check.report import FileChapter, Report

_SILENT_BELOW_DBFS = -60.0
_LEAST_DIFFERENCE_S = 0.5
_DIFFERENCE_SHARE = 0.001
_CHAPTER_SLACK_S = 0.05
"""Players and containers round to milliseconds, codecs to packets."""


def faults(report: Report) -> tuple[str, ...]:
    """What a player would choke on, each in one line; nothing for a good file."""
    return (*_sound_faults(report), *_file_faults(report), *_chapter_faults(report))


def remarks(report: Report) -> tuple[str, ...]:
    """What could be better but stops no player."""
    found = []
    if report.mp4 and not report.mp4.index_first:
        found.append("the index is at the end: a player must load all of it before it can begin")
    if not report.chapters:
        found.append("there are no chapters")
    if not report.tag("artist"):
        found.append("no author is named (tag artist)")
    return tuple(found)


def _sound_faults(report: Report) -> Iterator[str]:
    if report.damaged_packets:
        yield f"{report.damaged_packets} packets of sound are damaged and cannot be decoded"
    if report.decoded_s == 0:
        yield "no sound can be decoded"
        return
    if report.format_changes:
        yield f"sample rate or channels change midway, in {report.format_changes} frames"
    if report.loudness.sample_peak_dbfs < _SILENT_BELOW_DBFS:
        yield "it is silent throughout"
    if report.clipped_samples:
        yield f"it clips: {report.clipped_samples} samples are cut off at full scale"


def _file_faults(report: Report) -> Iterator[str]:
    if report.mp4 and report.mp4.missing_bytes:
        yield f"it is cut short: {report.mp4.missing_bytes} bytes are missing at the end"
    if report.stated_s is None:
        yield "it does not say how long it is"
    elif abs(report.stated_s - report.decoded_s) > _difference_allowed(report.stated_s):
        yield f"it says it is {report.stated_s:.1f} s long, but holds {report.decoded_s:.1f} s"
    if not report.tag("title").strip():
        yield "it has no title (tag title)"
    if report.mp4 and report.path.suffix.lower() == ".m4b" and report.mp4.brand != "M4B ":
        yield f"its brand is {report.mp4.brand!r}, not 'M4B ': players take it for music"


def _difference_allowed(seconds: float) -> float:
    return max(_LEAST_DIFFERENCE_S, _DIFFERENCE_SHARE * seconds)


def _chapter_faults(report: Report) -> Iterator[str]:
    end = max(report.decoded_s, report.stated_s or 0.0) + _CHAPTER_SLACK_S
    previous: FileChapter | None = None
    for number, chapter in enumerate(report.chapters, 1):
        name = f"chapter {number} ({chapter.title!r})" if chapter.title else f"chapter {number}"
        if not chapter.title.strip():
            yield f"{name} has no title"
        if chapter.start_s >= end:
            yield f"{name} begins at {chapter.start_s:.1f} s, after the end"
        elif chapter.end_s > end:
            yield f"{name} ends at {chapter.end_s:.1f} s, after the end"
        if chapter.end_s <= chapter.start_s:
            yield f"{name} has no length"
        if previous and chapter.start_s < previous.start_s:
            yield f"{name} begins before the chapter that it follows"
        elif previous and chapter.start_s < previous.end_s - _CHAPTER_SLACK_S:
            yield f"{name} begins before the chapter before it ends"
        previous = chapter
