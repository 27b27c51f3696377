"""MP3: tags of the older kind, the header for players, and packets that stand alone."""

from __future__ import annotations

import itertools
import struct
from pathlib import Path
from typing import Any

import mutagen.mp3
import numpy as np
import pytest

from narrator.encode import EncodeConfig, EncodedReel, Tags
from narrator.encode.mp3 import Mp3Encoder
from narrator.errors import EncodeError
from narrator.model import Mark
from tests.encode.sound import encoded, reel_pcm, timeline_of

RATE = 44_100
FRAME = 1152
ENCODER = Mp3Encoder()


def book(
    path: Path,
    reels: list[EncodedReel],
    count: int = 2,
    *,
    kbps: int = 64,
    tags: Tags | None = None,
) -> Path:
    marks = tuple(Mark(title=f"Chapter {n}", start=n * 200) for n in range(count))
    ENCODER.join(
        iter(reels),
        path,
        timeline=timeline_of(ENCODER, reels, marks),
        tags=tags or Tags(title="T"),
        config=EncodeConfig(bitrate_kbps=kbps),
    )
    return path


def as_mp3(path: Path) -> Any:
    return mutagen.mp3.MP3(path)  # type: ignore[no-untyped-call]


def loud(frames: int) -> np.ndarray[Any, np.dtype[np.int16]]:
    noise = np.random.default_rng(5).normal(0, 5000, frames * FRAME)
    return np.clip(noise, -32767, 32767).astype(np.int16)


def test_no_packet_borrows_from_another() -> None:
    reel = encoded(ENCODER, loud(30), RATE)
    # The side information begins with where the packet's data begin: nine bits, 0 for here.
    assert [packet[4] << 1 | packet[5] >> 7 for packet in reel.packets()] == [0] * 31


@pytest.mark.parametrize(("rate", "kbps"), [(44_100, 192), (22_050, 64), (8000, 16), (48_000, 320)])
def test_the_header_that_players_read(tmp_path: Path, rate: int, kbps: int) -> None:
    config = EncodeConfig(bitrate_kbps=kbps)
    reel = ENCODER.encode_reel(loud(30), sample_rate_hz=rate, config=config)
    path = book(tmp_path / "b.mp3", [reel] * 4, kbps=kbps)
    info = as_mp3(path).info
    assert info.length == pytest.approx((4 * 31 - 1) * FRAME / rate, abs=1e-3)
    assert info.bitrate_mode == mutagen.mp3.BitrateMode.CBR
    assert (info.sample_rate, info.channels) == (rate, 1)
    data = path.read_bytes()
    tag = data.index(b"Info")
    packets, size = struct.unpack_from(">II", data, tag + 8)
    assert packets == 4 * len(reel.sizes)
    sound = data.index(b"LAME3.100") - 120 - (21 if rate >= 32_000 else 13)
    assert size == len(data) - sound


def test_the_tag_as_mutagen_reads_it(tmp_path: Path) -> None:
    tags = Tags(
        title="The Tide", author="A", narrator="N", series="S", comment="c", description="d"
    )
    path = book(
        tmp_path / "b.mp3", [encoded(ENCODER, reel_pcm(FRAME * 9, (7,), RATE), RATE)], tags=tags
    )
    found = as_mp3(path).tags
    assert found.version == (2, 3, 0)
    texts = {key: str(frame) for key, frame in found.items() if key[:4] not in ("CHAP", "CTOC")}
    assert texts == {
        "TIT2": "The Tide",
        "TALB": "The Tide",
        "TPE1": "A",
        "TPE2": "A",
        "TCOM": "N",
        "TCON": "Audiobook",
        "TIT1": "S",
        "MVNM": "S",
        "TXXX:SERIES": "S",
        "TXXX:DESCRIPTION": "d",
        "COMM::XXX": "c",
    }


@pytest.mark.parametrize("count", [1, 255, 256, 600])
def test_the_contents_list_every_chapter_in_order(tmp_path: Path, count: int) -> None:
    reel = encoded(ENCODER, np.zeros(FRAME * 120, dtype=np.int16), RATE)
    tags = as_mp3(book(tmp_path / "b.mp3", [reel], count)).tags
    (top,) = [toc for toc in tags.getall("CTOC") if toc.flags & 2]
    names = list(top.child_element_ids)
    if count > 255:
        by_name = {toc.element_id: toc for toc in tags.getall("CTOC")}
        names = [name for part in names for name in by_name[part].child_element_ids]
    chapters = [tags[f"CHAP:{name}"] for name in names]
    titles = [str(chapter.sub_frames["TIT2"]) for chapter in chapters]
    assert titles == [f"Chapter {n}" for n in range(count)]
    assert [chapter.start_time for chapter in chapters] == [
        round(n * 200 * 1000 / RATE) for n in range(count)
    ]
    for before, after in itertools.pairwise(chapters):
        assert before.end_time == after.start_time


def test_a_bit_rate_that_mp3_lacks_is_refused_with_those_it_has() -> None:
    with pytest.raises(EncodeError, match="no 192 kbit/s at 22050 Hz: give one of 8, 16"):
        ENCODER.encode_reel(
            np.zeros(FRAME, dtype=np.int16),
            sample_rate_hz=22_050,
            config=EncodeConfig(bitrate_kbps=192),
        )
