"""What an audiobook file holds, by decoding all of it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from numpy.typing import NDArray

from narrator.encode.atoms import read_atoms
from narrator.errors import EncodeError, StoreError
from narrator.loudness import Loudness, Meter
from narrator.store import describe

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_NOT_TAGS = frozenset(
    ("compatible_brands", "handler_name", "language", "major_brand", "minor_version", "vendor_id")
)
"""ffmpeg lists facts of the container among the tags."""
_SILENT_BELOW_DBFS = -60.0
_FLAT_TOP_SAMPLES = 3
_LEAST_DIFFERENCE_S = 0.5
_DIFFERENCE_SHARE = 0.001
_CHAPTER_SLACK_S = 0.05
"""Players and containers round to milliseconds, codecs to packets."""


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
    loudness: Loudness
    clipped_samples: int
    """In runs of three or more at full scale."""
    chapters: tuple[FileChapter, ...]
    tags: tuple[tuple[str, str], ...]
    """Sorted, under ffmpeg's names in lower case: ``title``, ``artist``, ``composer``."""
    mp4: Mp4Layout | None

    def tag(self, key: str) -> str:
        """The text of a tag; empty where there is none."""
        return dict(self.tags).get(key, "")


def inspect(path: Path) -> Report:
    """Decode all of a sound file, in constant memory, and say what is in it.

    Raises
    ------
    StoreError
        The file is missing, a folder, or cannot be read.
    EncodeError
        It is empty, or not a media file, or holds no sound.
    """
    layout, size = _read_layout(path)
    try:
        container = av.open(str(path), "r", metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as exc:
        raise EncodeError(f"{path}: not a media file, or too damaged to open") from exc
    with container:
        if not container.streams.audio:
            raise EncodeError(f"{path}: holds no sound (no audio stream)")
        stream = container.streams.audio[0]
        sound = _decode(container, stream)
        stated = container.duration
        return Report(
            path=path,
            size_bytes=size,
            container=container.format.name,
            codec=stream.codec_context.name,
            profile=stream.codec_context.profile,
            sample_rate_hz=stream.codec_context.sample_rate,
            channels=stream.codec_context.channels,
            bitrate_bps=round(sound.packet_bytes * 8 / sound.seconds) if sound.seconds else 0,
            stated_s=None if stated is None else stated / av.time_base,
            decoded_s=sound.seconds,
            damaged_packets=sound.damaged,
            format_changes=sound.changes,
            loudness=sound.loudness(),
            clipped_samples=sound.clipped,
            chapters=tuple(_chapters(container)),
            tags=tuple(_tags(container, stream)),
            mp4=layout,
        )


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


def _read_layout(path: Path) -> tuple[Mp4Layout | None, int]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            atoms = list(read_atoms(file, 0, size))
            brand = b""
            if atoms and atoms[0].kind == b"ftyp":
                file.seek(atoms[0].body)
                brand = file.read(4)
    except OSError as exc:
        raise StoreError(describe(path, exc, "read")) from exc
    if size == 0:
        raise EncodeError(f"{path}: is empty")
    if not brand:
        return None, size
    kinds = [found.kind for found in atoms]
    index_first = b"moov" in kinds and (
        b"mdat" not in kinds or kinds.index(b"moov") < kinds.index(b"mdat")
    )
    missing = max(0, atoms[-1].end - size)
    layout = Mp4Layout(
        brand=brand.decode("latin-1"), index_first=index_first, missing_bytes=missing
    )
    return layout, size


def _tags(container: InputContainer, stream: AudioStream) -> Iterator[tuple[str, str]]:
    found = {**stream.metadata, **container.metadata}
    for key, text in sorted((key.lower(), text) for key, text in found.items()):
        if key not in _NOT_TAGS:
            yield key, text


def _chapters(container: InputContainer) -> Iterator[FileChapter]:
    for chapter in container.chapters():
        base = chapter["time_base"]
        if base is not None:
            yield FileChapter(
                title=chapter["metadata"].get("title", ""),
                start_s=float(chapter["start"] * base),
                end_s=float(chapter["end"] * base),
            )


@dataclass(slots=True, kw_only=True)
class _Sound:
    """What decoding has found so far."""

    seconds: float = 0.0
    packet_bytes: int = 0
    damaged: int = 0
    changes: int = 0
    clipped: int = 0
    form: tuple[int, str, str] | None = None
    meter: Meter | None = None
    waiting: av.AudioFifo = field(default_factory=av.AudioFifo)
    """Packets are short; measuring by the second is three times as fast."""

    def add(self, frame: av.AudioFrame) -> None:
        form = (frame.sample_rate, frame.layout.name, frame.format.name)
        if self.meter is None:
            self.form, self.meter = form, Meter(*form)
        self.seconds += frame.samples / frame.sample_rate
        if form != self.form:
            self.changes += 1
            return
        frame.pts = None
        self.waiting.write(frame)
        if self.waiting.samples >= frame.sample_rate:
            self.measure()

    def measure(self) -> None:
        if self.meter is not None and (block := self.waiting.read()) is not None:
            self.clipped += _flat_tops(block)
            self.meter.add(block)

    def loudness(self) -> Loudness:
        if self.meter is None:
            nothing = float("-inf")
            return Loudness(integrated_lufs=nothing, sample_peak_dbfs=nothing, true_peak_dbtp=None)
        return self.meter.result()


def _decode(container: InputContainer, stream: AudioStream) -> _Sound:
    sound = _Sound()
    try:
        for packet in container.demux(stream):
            sound.packet_bytes += packet.size
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                sound.damaged += 1
                continue
            for frame in frames:
                sound.add(frame)
    except av.error.FFmpegError:
        # The container itself breaks off.
        sound.damaged += 1
    sound.measure()
    return sound


def _flat_tops(frame: av.AudioFrame) -> int:
    """Samples in runs at full scale. A lone one is a peak; a run is a wave with its top cut off."""
    values: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        values = values.reshape(-1, frame.layout.nb_channels).T
    if values.dtype.kind == "f":
        at_top = np.abs(values) >= 1.0
    else:
        limits = np.iinfo(values.dtype)
        at_top = (values >= limits.max) | (values <= max(limits.min, -limits.max))
    if not at_top.any():
        return 0
    return sum(_long_runs(channel) for channel in at_top)


def _long_runs(at_top: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.pad(at_top.astype(np.int8), 1)))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= _FLAT_TOP_SAMPLES].sum())
