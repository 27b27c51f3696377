"""M4B files: atoms, tags and chapters as different players read them."""

from __future__ import annotations

import base64
import math
import sys
from pathlib import Path
from typing import Any

import av
import mutagen.mp4
import numpy as np
import pytest

from narrator.encode import EncodeConfig, EncodedReel, Tags
from narrator.encode.atoms import atom, find_atom, header, read_atoms
from narrator.encode.m4b import M4bEncoder
from narrator.encode.mp4 import Index, cut_utf8, file_type, movie
from narrator.errors import EncodeError
from narrator.model import Mark, Timeline
from tests.encode.sound import decode, encoded, find_burst, reel_pcm, timeline_of

RATE = 22_050
FRAME = 1024
ENCODER = M4bEncoder()
TAGS = Tags(
    title="The Tide",
    author="A. Writer",
    narrator="Several Voices",
    year="1999",
    comment="Read aloud by a program – “é”",
    description="A story.",
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def as_mp4(path: Path) -> Any:
    """The file as mutagen sees it, which has types for half of what it gives."""
    return mutagen.mp4.MP4(path)  # type: ignore[no-untyped-call]


def short_reels(count: int) -> list[EncodedReel]:
    reel = encoded(ENCODER, reel_pcm(FRAME * 10, (2000,), RATE), RATE)
    return [reel] * count


def book(
    path: Path, reels: list[EncodedReel], marks: tuple[Mark, ...] = (), tags: Tags = TAGS
) -> Path:
    timeline = timeline_of(ENCODER, reels, marks)
    ENCODER.join(iter(reels), path, timeline=timeline, tags=tags, config=EncodeConfig())
    return path


def chapters(path: Path) -> list[tuple[str, float, float]]:
    with av.open(str(path)) as container:
        return [
            (
                chapter["metadata"].get("title", ""),
                float(chapter["start"] * (chapter["time_base"] or 0)),
                float(chapter["end"] * (chapter["time_base"] or 0)),
            )
            for chapter in container.chapters()
        ]


def without(path: Path, kind: bytes) -> Path:
    """A copy in which the atoms of one kind are made unreadable."""
    data = path.read_bytes()
    assert kind in data
    copy = path.with_name(f"without-{kind.decode()}.m4b")
    copy.write_bytes(data.replace(kind, b"skip"))
    return copy


def test_the_index_comes_first_and_the_brand_is_m4b(tmp_path: Path) -> None:
    path = book(tmp_path / "b.m4b", short_reels(2))
    size = path.stat().st_size
    with path.open("rb") as file:
        atoms = list(read_atoms(file, 0, size))
    assert [found.kind for found in atoms] == [b"ftyp", b"moov", b"free", b"mdat"]
    assert atoms[-1].end == size
    assert path.read_bytes()[8:12] == b"M4B "


def test_tags_as_mutagen_reads_them(tmp_path: Path) -> None:
    path = book(tmp_path / "b.m4b", short_reels(2), tags=TAGS)
    tags = as_mp4(path).tags
    assert dict(tags) == {
        "\xa9nam": ["The Tide"],
        "\xa9alb": ["The Tide"],
        "\xa9ART": ["A. Writer"],
        "aART": ["A. Writer"],
        "\xa9nrt": ["Several Voices"],
        "\xa9wrt": ["Several Voices"],
        "\xa9gen": ["Audiobook"],
        "\xa9day": ["1999"],
        "\xa9cmt": ["Read aloud by a program – “é”"],
        "desc": ["A story."],
        "ldes": ["A story."],
        "stik": [2],
    }


def test_tags_as_ffmpeg_reads_them(tmp_path: Path) -> None:
    path = book(tmp_path / "b.m4b", short_reels(2), tags=TAGS)
    with av.open(str(path)) as container:
        tags = container.metadata
    wanted = {
        "title": "The Tide",
        "album": "The Tide",
        "artist": "A. Writer",
        "album_artist": "A. Writer",
        "composer": "Several Voices",
        "genre": "Audiobook",
        "date": "1999",
        "comment": "Read aloud by a program – “é”",
        "description": "A story.",
        "media_type": "2",
    }
    assert wanted.items() <= tags.items()


def test_what_is_not_known_is_not_written(tmp_path: Path) -> None:
    path = book(tmp_path / "b.m4b", short_reels(1), tags=Tags(title="T", album="Series"))
    tags = as_mp4(path).tags
    assert set(tags) == {"\xa9nam", "\xa9alb", "\xa9gen", "stik"}
    assert tags["\xa9alb"] == ["Series"]


def test_a_series_is_where_players_look(tmp_path: Path) -> None:
    tags = Tags(title="T", series="The Sea, 雨", track=(2, 9))
    path = book(tmp_path / "b.m4b", short_reels(1), tags=tags)
    found = as_mp4(path).tags
    assert found["\xa9grp"] == found["\xa9mvn"] == ["The Sea, 雨"]
    assert bytes(found["----:com.apple.iTunes:SERIES"][0]).decode() == "The Sea, 雨"
    assert found["trkn"] == [(2, 9)]


def test_a_cover_is_kept(tmp_path: Path) -> None:
    path = book(tmp_path / "b.m4b", short_reels(1), tags=Tags(title="T", cover=PNG))
    (cover,) = as_mp4(path).tags["covr"]
    assert bytes(cover) == PNG
    assert cover.imageformat == mutagen.mp4.MP4Cover.FORMAT_PNG
    with av.open(str(path)) as container:
        assert [stream.codec_context.name for stream in container.streams.video] == ["png"]
        assert len(container.streams.audio) == 1


def test_a_cover_that_is_no_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match="neither a JPEG nor a PNG"):
        book(tmp_path / "b.m4b", short_reels(1), tags=Tags(title="T", cover=b"GIF89a"))


def test_a_tag_editor_does_no_harm(tmp_path: Path) -> None:
    marks = (Mark(title="One", start=0), Mark(title="Two", start=5000))
    path = book(tmp_path / "b.m4b", short_reels(3), marks)
    before, heard = chapters(path), decode(path)[1]
    size = path.stat().st_size
    edited = as_mp4(path)
    edited["\xa9cmt"] = ["Longer than it was. " * 20]
    edited.save()
    assert path.stat().st_size == size
    assert chapters(path) == before
    assert np.array_equal(decode(path)[1], heard)


def test_a_cover_added_later_does_no_harm(tmp_path: Path) -> None:
    path = book(tmp_path / "b.m4b", short_reels(3), (Mark(title="One", start=0),))
    before, heard = chapters(path), decode(path)[1]
    edited = as_mp4(path)
    edited["covr"] = [mutagen.mp4.MP4Cover(PNG + bytes(9000), 14)]  # type: ignore[no-untyped-call]
    edited.save()
    assert chapters(path) == before
    assert np.array_equal(decode(path)[1], heard)


@pytest.mark.parametrize("first", [0, 3000])
@pytest.mark.parametrize("gone", [b"chpl", b"chap"])
def test_chapters_are_there_twice(tmp_path: Path, gone: bytes, first: int) -> None:
    marks = (
        Mark(title="Prologue", start=first),
        Mark(title="I. “Où?”", start=15_000),
        Mark(title="Epilogue", start=40_001),
    )
    path = book(tmp_path / "b.m4b", short_reels(5), marks)
    found = chapters(without(path, gone))
    assert [title for title, _, _ in found] == [mark.title for mark in marks]
    starts = [start for _, start, _ in found]
    assert starts == pytest.approx([mark.start / RATE for mark in marks], abs=1 / RATE)
    ends = [end for _, _, end in found][:-1]
    assert ends == pytest.approx([15_000 / RATE, 40_001 / RATE], abs=2 / RATE)


def test_the_last_chapter_ends_with_the_book(tmp_path: Path) -> None:
    marks = (Mark(title="One", start=0), Mark(title="Two", start=9000))
    path = book(tmp_path / "b.m4b", short_reels(5), marks)
    for copy in (path, without(path, b"chpl"), without(path, b"chap")):
        assert chapters(copy)[-1][2] == pytest.approx((5 * 11 - 1) * FRAME / RATE, abs=0.001)


def test_chapters_as_mutagen_reads_them(tmp_path: Path) -> None:
    marks = (Mark(title="One", start=0), Mark(title="Zwei – drei", start=22_050))
    path = book(tmp_path / "b.m4b", short_reels(4), marks)
    found = as_mp4(path).chapters
    assert [(chapter.title, chapter.start) for chapter in found] == [
        ("One", 0.0),
        ("Zwei – drei", 1.0),
    ]


def test_more_chapters_than_one_byte_counts(tmp_path: Path) -> None:
    marks = tuple(Mark(title=f"{n}", start=n * 500) for n in range(300))
    path = book(tmp_path / "b.m4b", short_reels(15), marks)
    assert [title for title, _, _ in chapters(path)] == [mark.title for mark in marks]


def test_titles_too_long_are_cut_between_characters(tmp_path: Path) -> None:
    title = "x" + "é" * 200
    path = book(tmp_path / "b.m4b", short_reels(2), (Mark(title=title, start=0),))
    (nero,) = as_mp4(path).chapters
    assert nero.title == "x" + "é" * 127
    assert chapters(without(path, b"chpl"))[0][0] == title
    assert cut_utf8("ab€", 4) == b"ab"


def test_facts_as_mutagen_reads_them(tmp_path: Path) -> None:
    reels = short_reels(40)
    info = as_mp4(book(tmp_path / "b.m4b", reels)).info
    assert info.codec == "mp4a.40.2"
    assert (info.channels, info.sample_rate) == (1, RATE)
    assert info.length == pytest.approx(40 * 11 * FRAME / RATE, abs=0.1)
    total_bits = 8 * sum(len(reel.data) for reel in reels)
    assert info.bitrate == pytest.approx(total_bits / info.length, rel=0.01)


def test_seeking_gives_the_sound_of_that_place(tmp_path: Path) -> None:
    path = book(tmp_path / "b.m4b", short_reels(30))
    for number in (0, 13, 29):
        begin = number * 11 * FRAME
        first, samples = decode(path, from_frame=begin)
        assert abs(first - begin) <= FRAME
        assert first + find_burst(samples, begin + 2000 - first, RATE) == begin + 2000


def test_forty_hours(tmp_path: Path) -> None:
    # At 48 kHz, times pass 32 bits after 25 hours.
    rate = 48_000
    silent = encoded(ENCODER, np.zeros(FRAME * 2800, dtype=np.int16), rate)
    last = encoded(ENCODER, reel_pcm(FRAME * 20, (7777,), rate), rate)
    count = math.ceil(40 * 3600 * rate / silent.frames)
    begin = count * silent.frames
    assert begin > 2**32
    starts = (0, begin // 2, begin + 7777)
    marks = tuple(Mark(title=f"At {start}", start=start) for start in starts)
    frames = begin + last.frames - FRAME
    path = tmp_path / "long.m4b"
    ENCODER.join(
        (silent if number < count else last for number in range(count + 1)),
        path,
        timeline=Timeline(sample_rate_hz=rate, frames=frames, cues=(), marks=marks),
        tags=TAGS,
        config=EncodeConfig(),
    )
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert (stream.start_time, stream.duration) == (0, frames)
        found = container.chapters()
        assert [chapter["start"] * (chapter["time_base"] or 0) * rate for chapter in found] == list(
            starts
        )
        container.seek(begin, stream=stream)
        heard = list(container.decode(stream))
    first = heard[0].pts or 0
    samples = np.concatenate([frame.to_ndarray()[0] for frame in heard])
    assert first + find_burst(samples, begin + 7777 - first, rate) == begin + 7777
    assert first + len(samples) == frames


def test_a_chapter_longer_than_32_bits_of_frames(tmp_path: Path) -> None:
    frames = 30 * 3600 * 48_000
    index = Index(
        sample_rate_hz=48_000,
        frames=frames,
        priming_frames=FRAME,
        frame_size=FRAME,
        extradata=b"\x11\x88",
        sizes=np.full(1, 8, dtype=np.uint32),
        sound_at=0,
        marks=(Mark(title="One", start=0), Mark(title="Two", start=frames - 96_001)),
        titles_at=0,
    )
    path = tmp_path / "book.m4b"
    path.write_bytes(file_type() + movie(index, b"", far=False) + atom(b"mdat", bytes(8)))
    assert chapters(path)[1][1] == pytest.approx((frames - 96_001) / 48_000, abs=0.001)


@pytest.mark.skipif(sys.platform == "win32", reason="files with holes are not the default there")
def test_sound_past_four_gigabytes(tmp_path: Path) -> None:
    reel = encoded(ENCODER, reel_pcm(FRAME * 50, (30_000,), RATE), RATE)
    path = tmp_path / "large.m4b"
    sound_at = 5 << 30
    index = Index(
        sample_rate_hz=RATE,
        frames=50 * FRAME,
        priming_frames=FRAME,
        frame_size=FRAME,
        extradata=reel.extradata,
        sizes=np.array(reel.sizes, dtype=np.uint32),
        sound_at=sound_at,
        marks=(),
        titles_at=0,
    )
    with path.open("wb") as file:
        file.write(file_type() + movie(index, b"", far=True))
        body = file.tell() + 16
        file.write(header(b"mdat", sound_at + len(reel.data) - body))
        assert file.tell() == body
        file.seek(sound_at)
        file.write(reel.data)
    _, samples = decode(path)
    assert len(samples) == 50 * FRAME
    assert find_burst(samples, 30_000, RATE) == 30_000
    with path.open("rb") as file:
        assert find_atom(file, path.stat().st_size, b"mdat") is not None
