"""The index of an MP4 file with one AAC track and chapters.

ffmpeg's muxer keeps some sixty bytes for every packet until the file is finished, and each packet
goes through Python: 20 seconds and 300 MB for 40 hours. Here packets are never looked at, only
their sizes, so joining is a copy of bytes.

Notes
-----
ISO/IEC 14496-12 (the file format), 14496-14 (MP4), 14496-1 (descriptors); the chapter track and
its text samples are Apple's QuickTime File Format; ``chpl`` is Nero's.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrator.encode.atoms import atom, full_atom
from narrator.encode.language import UNDETERMINED, packed
from narrator.model import Mark

PACKETS_PER_CHUNK = 64
"""A chunk is what has its own offset: about three seconds."""

_FAR = 0xFFFFFFFF
_CHPL_MARKS = 255
_CHPL_TITLE_BYTES = 255
_TEXT_TITLE_BYTES = 0xFFFF
_UTF_8 = atom(b"encd", struct.pack(">I", 0x0100))
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_AUDIO_TRACK = 1
_CHAPTER_TRACK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What a player has to know of the sound and the chapters."""

    sample_rate_hz: int
    frames: int
    """That are played."""
    priming_frames: int
    """That are decoded before them and not played."""
    frame_size: int
    extradata: bytes
    """The AudioSpecificConfig."""
    sizes: NDArray[np.uint32]
    """Of each packet, in bytes; shape (packets,)."""
    sound_at: int
    """Where the first packet lies in the file."""
    marks: tuple[Mark, ...]
    titles_at: int
    """Where the chapter titles (`title_samples`) lie in the file."""
    language: str = UNDETERMINED
    """In three letters (`narrator.encode.language.three_letters`)."""


def file_type() -> bytes:
    """The first atom of an audiobook file."""
    return atom(b"ftyp", b"M4B ", struct.pack(">I", 0), b"M4B M4A mp42isomiso2")


def title_samples(marks: Sequence[Mark]) -> tuple[bytes, ...]:
    """The samples of the chapter track: each mark's title, in UTF-8."""
    titles = (cut_utf8(mark.title, _TEXT_TITLE_BYTES) for mark in marks)
    return tuple(struct.pack(">H", len(title)) + title + _UTF_8 for title in titles)


def cut_utf8(text: str, most_bytes: int) -> bytes:
    """`text` in UTF-8, cut between two characters where it is too long."""
    return text.encode("utf-8")[:most_bytes].decode("utf-8", "ignore").encode("utf-8")


def movie(index: Index, meta: bytes, *, far: bool) -> bytes:
    """The ``moov`` atom.

    Parameters
    ----------
    meta
        The ``meta`` atom with the tags.
    far
        Chunk offsets take 64 bits.
    """
    tracks = [_audio_track(index, far=far)]
    if index.marks:
        tracks.append(_chapter_track(index))
    header = _timed(
        b"mvhd",
        0,
        index.sample_rate_hz,
        index.frames,
        struct.pack(">IHHQ", 0x10000, 0x0100, 0, 0) + _MATRIX + bytes(24),
        struct.pack(">I", len(tracks) + 1),
    )
    chapters = [_nero_chapters(index)] if index.marks else []
    return atom(b"moov", header, *tracks, atom(b"udta", *chapters, meta))


def _timed(kind: bytes, flags: int, timescale: int, duration: int, *rest: bytes) -> bytes:
    """An atom that begins with times of creation and change (none), time scale and duration."""
    if duration > _FAR:
        return full_atom(kind, 1, flags, struct.pack(">QQIQ", 0, 0, timescale, duration), *rest)
    return full_atom(kind, 0, flags, struct.pack(">IIII", 0, 0, timescale, duration), *rest)


def _track_header(track: int, flags: int, volume: int, duration: int) -> bytes:
    tail = struct.pack(">QHHHH", 0, 0, 0, volume, 0) + _MATRIX + bytes(8)
    if duration > _FAR:
        head = struct.pack(">QQIIQ", 0, 0, track, 0, duration)
        return full_atom(b"tkhd", 1, flags, head, tail)
    return full_atom(b"tkhd", 0, flags, struct.pack(">IIIII", 0, 0, track, 0, duration), tail)


def _edits(*edits: tuple[int, int]) -> bytes:
    """Which part of the media is played when, as (duration, first frame; -1 for none) pairs."""
    far = any(duration > _FAR or at > 0x7FFFFFFF for duration, at in edits)
    form = ">QqI" if far else ">IiI"
    entries = b"".join(struct.pack(form, duration, at, 0x10000) for duration, at in edits)
    return atom(b"edts", full_atom(b"elst", int(far), 0, struct.pack(">I", len(edits)), entries))


def _media(
    handler: bytes, name: bytes, language: str, timescale: int, duration: int, *information: bytes
) -> bytes:
    here = full_atom(b"dref", 0, 0, struct.pack(">I", 1), full_atom(b"url ", 0, 1))
    media_header, *tables = information
    return atom(
        b"mdia",
        _timed(b"mdhd", 0, timescale, duration, packed(language), bytes(2)),
        full_atom(b"hdlr", 0, 0, bytes(4), handler, bytes(12), name, b"\0"),
        atom(b"minf", media_header, atom(b"dinf", here), atom(b"stbl", *tables)),
    )


def _audio_track(index: Index, *, far: bool) -> bytes:
    packets = len(index.sizes)
    roll = full_atom(b"sgpd", 1, 0, b"roll", struct.pack(">IIh", 2, 1, -1))
    references = [atom(b"tref", atom(b"chap", struct.pack(">I", _CHAPTER_TRACK)))]
    return atom(
        b"trak",
        _track_header(_AUDIO_TRACK, 3, 0x0100, index.frames),
        _edits((index.frames, index.priming_frames)),
        *(references if index.marks else []),
        _media(
            b"soun",
            b"SoundHandler",
            index.language,
            index.sample_rate_hz,
            packets * index.frame_size,
            full_atom(b"smhd", 0, 0, bytes(4)),
            full_atom(b"stsd", 0, 0, struct.pack(">I", 1), _aac_entry(index)),
            full_atom(b"stts", 0, 0, struct.pack(">III", 1, packets, index.frame_size)),
            _chunks(packets),
            full_atom(b"stsz", 0, 0, struct.pack(">II", 0, packets), _big(index.sizes, 4)),
            _chunk_offsets(index, far=far),
            # Each packet needs the one before it to be decoded.
            roll,
            full_atom(b"sbgp", 0, 0, b"roll", struct.pack(">III", 1, packets, 1)),
        ),
    )


def _aac_entry(index: Index) -> bytes:
    total_bits = int(index.sizes.sum(dtype=np.uint64)) * 8
    seconds = len(index.sizes) * index.frame_size / index.sample_rate_hz
    average = round(total_bits / seconds) if seconds else 0
    config = struct.pack(">BBBHII", 0x40, 0x15, 0, 0, average, average)
    decoder = _descriptor(4, config + _descriptor(5, index.extradata))
    stream = _descriptor(3, struct.pack(">HB", _AUDIO_TRACK, 0) + decoder + _descriptor(6, b"\x02"))
    rate = index.sample_rate_hz << 16 if index.sample_rate_hz <= 0xFFFF else 0
    return atom(
        b"mp4a",
        struct.pack(">6xH8xHHHHI", 1, 1, 16, 0, 0, rate),
        full_atom(b"esds", 0, 0, stream),
    )


def _descriptor(tag: int, body: bytes) -> bytes:
    size = len(body)
    groups = [0x80 | size >> 21 & 0x7F, 0x80 | size >> 14 & 0x7F, 0x80 | size >> 7 & 0x7F]
    return bytes([tag, *groups, size & 0x7F]) + body


def _chunks(packets: int) -> bytes:
    whole, rest = divmod(packets, PACKETS_PER_CHUNK)
    runs = [(1, PACKETS_PER_CHUNK)] if whole else []
    if rest:
        runs.append((whole + 1, rest))
    entries = b"".join(struct.pack(">III", first, count, 1) for first, count in runs)
    return full_atom(b"stsc", 0, 0, struct.pack(">I", len(runs)), entries)


def _chunk_offsets(index: Index, *, far: bool) -> bytes:
    firsts = np.arange(0, len(index.sizes), PACKETS_PER_CHUNK)
    totals = np.add.reduceat(index.sizes, firsts, dtype=np.uint64)
    offsets = np.cumsum(totals) - totals + np.uint64(index.sound_at)
    count = struct.pack(">I", len(offsets))
    return full_atom(b"co64" if far else b"stco", 0, 0, count, _big(offsets, 8 if far else 4))


def _big(values: NDArray[np.unsignedinteger], width: int) -> bytes:
    return values.astype(f">u{width}").tobytes()


def _chapter_track(index: Index) -> bytes:
    first = index.marks[0].start
    rate = index.sample_rate_hz
    bounds = [*(mark.start for mark in index.marks), index.frames]
    if max(np.diff(bounds)) > _FAR:
        # A chapter of 25 hours at 48 kHz: its length does not fit, except in milliseconds.
        rate = 1000
        bounds = [bound * rate // index.sample_rate_hz for bound in bounds]
    spans = [int(span) for span in np.diff(bounds)]
    samples = title_samples(index.marks)
    times = b"".join(struct.pack(">II", 1, span) for span in spans)
    sizes = b"".join(struct.pack(">I", len(sample)) for sample in samples)
    edits = [(first, -1)] if first else []
    one = struct.pack(">I", 1)
    number = struct.pack(">I", len(samples))
    generic = full_atom(b"gmin", 0, 0, struct.pack(">4H4x", 0x40, 0x8000, 0x8000, 0x8000))
    return atom(
        b"trak",
        # Not enabled: a player finds it by reference and never shows it as subtitles.
        _track_header(_CHAPTER_TRACK, 2, 0, index.frames),
        _edits(*edits, (index.frames - first, 0)),
        _media(
            b"text",
            b"ChapterHandler",
            index.language,
            rate,
            sum(spans),
            atom(b"gmhd", generic, atom(b"text", _MATRIX)),
            full_atom(b"stsd", 0, 0, one, _text_entry()),
            full_atom(b"stts", 0, 0, number, times),
            full_atom(b"stsc", 0, 0, one, struct.pack(">III", 1, len(samples), 1)),
            full_atom(b"stsz", 0, 0, bytes(4), number, sizes),
            full_atom(b"stco", 0, 0, one, struct.pack(">I", index.titles_at)),
        ),
    )


def _text_entry() -> bytes:
    # Flags, justification, colours, box and font (43 bytes) say how to draw it, which nobody does.
    return atom(b"text", struct.pack(">6xH", 1), bytes(43))


def _nero_chapters(index: Index) -> bytes:
    # The count is one byte, so the rest of a longer list is in the chapter track only.
    entries = []
    for mark in index.marks[:_CHPL_MARKS]:
        title = cut_utf8(mark.title, _CHPL_TITLE_BYTES)
        at = (mark.start * 10_000_000 + index.sample_rate_hz // 2) // index.sample_rate_hz
        entries.append(struct.pack(">QB", at, len(title)) + title)
    return full_atom(b"chpl", 1, 0, struct.pack(">IB", 0, len(entries)), *entries)
