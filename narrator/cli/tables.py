"""Rows that commands print: casts, chapters, times, sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from narrator.cast import YOU_SAID_SO, speech_lines
from narrator.model import Age, Cast, Gender, Script, Timeline, Voice


def clock(seconds: float) -> str:
    """``1:02:03``, the hours only where there are any."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def size(byte_count: int) -> str:
    """Bytes as a person says them, in units of 1,000."""
    value = float(byte_count)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def count_words(count: int, noun: str) -> str:
    """``1 line``, ``2 lines``."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def columns(rows: Iterable[tuple[str, ...]], widest: int = 30) -> Iterator[str]:
    """Rows as aligned columns; the last is not padded, others are cut at `widest`."""
    table = [tuple(map(str, row)) for row in rows]
    if not table:
        return
    widths = [min(widest, max(map(len, column))) for column in zip(*table, strict=True)]
    for row in table:
        cells = [_cell(text, width) for text, width in zip(row[:-1], widths, strict=False)]
        yield "  " + "  ".join([*cells, row[-1]]).rstrip()


def _cell(text: str, width: int) -> str:
    return f"{short(text, width):<{width}}"


def short(text: str, width: int) -> str:
    """`text` in at most `width` characters, an ellipsis where it is cut."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def voice_words(voice: Voice) -> str:
    """``woman, en-GB``."""
    grown = {Gender.FEMALE: "woman", Gender.MALE: "man"}.get(voice.gender, "voice")
    young = {Gender.FEMALE: "girl", Gender.MALE: "boy"}.get(voice.gender, "child")
    word = young if voice.age is Age.CHILD else grown
    age = {Age.OLD: "old ", Age.YOUNG: "young "}.get(voice.age, "")
    return f"{age}{word}, {voice.accent or voice.language}"


def cast_table(script: Script, cast: Cast) -> Iterator[str]:
    """Who is spoken by which voice, the narrator first."""
    count = speech_lines(script)
    narrator = cast.narrator.voice
    rows = [("Narrator", narrator.name, voice_words(narrator), "")]
    for character in script.characters:
        voice = cast.role_of(character.id).voice
        lines = count[character.id]
        rows.append(
            (
                character.name,
                voice.name,
                voice_words(voice),
                count_words(lines, "line"),
            )
        )
    return columns(rows)


def trait_table(script: Script, voices: Sequence[Voice]) -> Iterator[str]:
    """What the story says of how its people sound, in its own words, for which they are cast."""
    accents = {voice.accent.casefold() for voice in voices}
    rows = []
    for character in script.characters:
        for trait in character.traits:
            words = _TRAITS[trait.kind].format(trait.value)
            if trait.kind == "accent" and trait.value.casefold() not in accents:
                words += ": no voice"
            reason = trait.words if trait.words == YOU_SAID_SO else f"“{trait.words}”"
            rows.append((character.name, words, reason))
    return columns(rows)


_TRAITS = {"accent": "accent {}", "age": "{}", "pitch": "{} voice"}


_LONGEST_TITLE = 66
"""What fits beside a time in 80 columns."""


def chapter_table(timeline: Timeline) -> Iterator[str]:
    """When each chapter begins."""
    return columns(
        (clock(mark.start / timeline.sample_rate_hz), short(mark.title, _LONGEST_TITLE))
        for mark in timeline.marks
    )


def seconds_of(timeline: Timeline) -> float:
    """Length of the timeline in seconds."""
    return timeline.frames / timeline.sample_rate_hz


def file_size(path: Path) -> str:
    """Size of a file in words."""
    return size(path.stat().st_size)
