"""What an engine gave for a text, in the cache and without loss.

A clip is one file, so that a build that is killed loses the sentence being spoken and no other.
"""

from __future__ import annotations

import hashlib
import json
import struct

import numpy as np
from numpy.typing import NDArray

from narrator.engines.base import Samples
from narrator.engines.pitch import shift_mark
from narrator.model import Delivery, Phonemes, Take, Voice
from narrator.store import Cache

_REVISION = 1
"""Of this module: changes whenever clips of an older program must not be used."""

_HEADER = struct.Struct("<4sIQ")
_MAGIC = b"NCL1"

_BLOCK_FRAMES = 32
_LEAST = np.array([1, 16, 256, 4096], dtype=np.uint16)
"""The least values that do not fit into 0, 4, 8 and 12 bits."""


def take_key(take: Take, version: str) -> str:
    """`clip_key` of a take."""
    return clip_key(take.text, take.voice, take.delivery, version, phonemes=take.phonemes)


def clip_key(
    text: str,
    voice: Voice,
    delivery: Delivery,
    version: str,
    *,
    phonemes: tuple[Phonemes, ...] = (),
) -> str:
    """A hash of everything that decides the sound of a clip. `version` is the engine's.

    The delivery's gain is not among it: that is the mixer's.
    """
    manner = [delivery.rate, delivery.pitch_semitones]
    values: list[object] = [_REVISION, text, voice.engine, voice.settings, manner, version]
    values += shift_mark(voice, delivery)
    if phonemes:
        values.append([(p.span.start, p.span.end, p.ipa, p.native) for p in phonemes])
    data = json.dumps(values, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def recall_clip(cache: Cache, key: str) -> Samples | None:
    """A clip that is in the cache and whole, else None."""
    if (blob := cache.get("clip", key)) is None:
        return None
    return unpack(blob)


def keep_clip(cache: Cache, key: str, samples: Samples) -> None:
    """Put a clip into the cache.

    Raises
    ------
    StoreError
        The cache cannot be written.
    """
    cache.put("clip", key, pack(samples))


def pack(samples: Samples) -> bytes:
    """Samples as bytes, without loss, in about six tenths of their size.

    Notes
    -----
    Second differences, in blocks of as many bits as the block's largest one needs. FLAC saves a
    tenth more and takes eight times as long through PyAV (700 times real time on one core, this
    5,000), which in a book spoken by eSpeak NG would be felt.
    """
    folded = _folded(samples.pcm)
    blocks = np.zeros((-(-len(folded) // _BLOCK_FRAMES), _BLOCK_FRAMES), dtype=np.uint16)
    blocks.reshape(-1)[: len(folded)] = folded
    widths = np.searchsorted(_LEAST, _bits_of(blocks), side="right").astype(np.uint8)
    twelve = blocks[widths == 3]
    parts = (
        widths,
        _join_nibbles(blocks[widths == 1]),
        blocks[widths == 2].astype(np.uint8),
        twelve.astype(np.uint8),
        _join_nibbles(twelve >> 8),
        blocks[widths == 4].astype("<u2"),
    )
    head = _HEADER.pack(_MAGIC, samples.sample_rate_hz, len(samples.pcm))
    return b"".join((head, *(part.tobytes() for part in parts)))


def unpack(blob: bytes) -> Samples:
    """The samples that `pack` made these bytes from.

    Raises
    ------
    ValueError
        They are not a packed clip, or not a whole one.
    """
    if len(blob) < _HEADER.size or blob[:4] != _MAGIC:
        raise ValueError("these bytes are not a packed clip")
    _, sample_rate_hz, frames = _HEADER.unpack_from(blob)
    count = -(-frames // _BLOCK_FRAMES)
    widths = np.frombuffer(blob, np.uint8, count, _HEADER.size)
    at = _HEADER.size + count

    def take(blocks: int, bits: int) -> NDArray[np.uint8]:
        nonlocal at
        size = blocks * _BLOCK_FRAMES * bits // 8
        part: NDArray[np.uint8] = np.frombuffer(blob, np.uint8, size, at)
        at += size
        return part.reshape(blocks, -1)

    found = [int(np.count_nonzero(widths == width)) for width in range(5)]
    folded = np.zeros((count, _BLOCK_FRAMES), dtype=np.uint16)
    if found[1]:
        folded[widths == 1] = _split_nibbles(take(found[1], 4))
    if found[2]:
        folded[widths == 2] = take(found[2], 8)
    if found[3]:
        low = take(found[3], 8).astype(np.uint16)
        folded[widths == 3] = low | (_split_nibbles(take(found[3], 4)).astype(np.uint16) << 8)
    if found[4]:
        folded[widths == 4] = take(found[4], 16).view("<u2")
    return Samples(sample_rate_hz=sample_rate_hz, pcm=_unfolded(folded.reshape(-1)[:frames]))


def _bits_of(blocks: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """All bits that are set in a block: they need as much room as its largest value does."""
    fours = blocks.view(np.uint64)
    bits = fours[:, 0].copy()
    for column in fours.T[1:]:
        bits |= column
    bits |= bits >> np.uint64(32)
    bits |= bits >> np.uint64(16)
    return bits.astype(np.uint16)


def _folded(pcm: NDArray[np.int16]) -> NDArray[np.uint16]:
    """Second differences (modulo 2^16), the sign in the lowest bit so that small is small."""
    first = pcm.copy()
    first[1:] -= pcm[:-1]
    second = first.copy()
    second[1:] -= first[:-1]
    return ((second << 1) ^ (second >> 15)).view(np.uint16)


def _unfolded(folded: NDArray[np.uint16]) -> NDArray[np.int16]:
    second = ((folded >> 1) ^ -(folded & 1)).view(np.int16)
    first = np.cumsum(second, dtype=np.int16)
    return np.cumsum(first, dtype=np.int16)


def _join_nibbles(values: NDArray[np.uint16]) -> NDArray[np.uint8]:
    small = values.astype(np.uint8)
    return small[:, 0::2] | (small[:, 1::2] << np.uint8(4))


def _split_nibbles(pairs: NDArray[np.uint8]) -> NDArray[np.uint8]:
    values = np.empty((len(pairs), _BLOCK_FRAMES), dtype=np.uint8)
    values[:, 0::2] = pairs & 15
    values[:, 1::2] = pairs >> 4
    return values
