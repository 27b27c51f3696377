"""What is found in a sound file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from narrator.loudness import Loudness


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChapter:
    """A chapter, as a player finds it."""

    title: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mp4Layout:
    """What only an MP4 file has."""

    brand: str
    """``"M4B "`` in an audiobook."""
    index_first: bool
    """The index comes before the sound, so that playing can begin while loading."""
    missing_bytes: int
    """How much shorter the file is than its atoms say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How strong the sound is, over the whole file; all channels together."""

    rms_dbfs: float
    """Of all samples, pauses too. A sine of full scale has −3.01."""
    noise_floor_dbfs: float
    """What is left in the pauses: see `narrator.check.levels`."""
    head_s: float
    """Quiet before the first sound."""
    tail_s: float
    """Quiet after the last sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is in a file."""

    path: Path
    size_bytes: int
    container: str
    """ffmpeg's name of the format."""
    codec: str
    profile: str | None
    sample_rate_hz: int
    channels: int
    bitrate_bps: int
    """Of the sound alone, on average."""
    stated_s: float | None
    """What the container says of its length."""
    decoded_s: float
    """How much sound came out."""
    damaged_packets: int
    """Packets that could not be decoded."""
    format_changes: int
    """Frames whose sample rate or channels are not those of the first."""
    is_constant_bitrate: bool
    """All packets are equally long, give or take a byte."""
    loudness: Loudness
    levels: Levels
    clipped_samples: int
    """In runs of three or more at full scale."""
    chapters: tuple[FileChapter, ...]
    tags: tuple[tuple[str, str], ...]
    """Sorted, under ffmpeg's names in lower case: ``title``, ``artist``, ``composer``."""
    mp4: Mp4Layout | None

    def tag(self, key: str) -> str:
        """The text of a tag; empty where there is none."""
        return dict(self.tags).get(key, "")
