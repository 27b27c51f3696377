"""Opening a file, and what its container says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av

from narrator.check.report import FileChapter, Mp4Layout, Report
from narrator.check.sound import measure_sound
from narrator.encode.atoms import read_atoms
from narrator.errors import EncodeError, StoreError
from narrator.store import describe

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_NOT_TAGS = frozenset(
    ("compatible_brands", "handler_name", "language", "major_brand", "minor_version", "vendor_id")
)
"""ffmpeg lists facts of the container among the tags."""


_PLAYLISTS = (".m3u8", ".m3u")


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
    if path.suffix.lower() in _PLAYLISTS:
        raise EncodeError(f"{path}: a playlist, and no sound: give the files that it lists")
    try:
        container = av.open(str(path), "r", metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as exc:
        raise EncodeError(f"{path}: not a media file, or too damaged to open") from exc
    with container:
        if not container.streams.audio:
            raise EncodeError(f"{path}: holds no sound (no audio stream)")
        stream = container.streams.audio[0]
        if stream.codec_context is None or stream.codec_context.codec is None:
            raise EncodeError(f"{path}: its sound is of no known kind, or too damaged to open")
        sound = measure_sound(container, stream)
        stated = container.duration
        return Report(
            path=path,
            size_bytes=size,
            container=container.format.name,
            # ffmpeg has two decoders of MP3, and says which.
            codec=stream.codec_context.name.removesuffix("float"),
            profile=stream.codec_context.profile,
            sample_rate_hz=stream.codec_context.sample_rate,
            channels=stream.codec_context.channels,
            bitrate_bps=round(sound.packet_bytes * 8 / sound.seconds) if sound.seconds else 0,
            stated_s=None if stated is None else stated / av.time_base,
            decoded_s=sound.seconds,
            damaged_packets=sound.damaged,
            format_changes=sound.changes,
            is_constant_bitrate=sound.is_constant_bitrate,
            loudness=sound.loudness(),
            levels=sound.levels(),
            clipped_samples=sound.clipped,
            chapters=tuple(_chapters(container)),
            tags=tuple(_tags(container, stream)),
            mp4=layout,
        )


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
