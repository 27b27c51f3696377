"""What is found in good files, in damaged ones, and in those of other programs."""

from __future__ import annotations

import dataclasses
import math
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from narrator.check import FileChapter, Levels, Mp4Layout, Report, faults, inspect, remarks
from narrator.encode import EncodeConfig, Tags
from narrator.encode.m4b import M4bEncoder
from narrator.errors import EncodeError, StoreError
from narrator.loudness import Loudness
from narrator.model import Mark, Timeline

RATE = 22_050
FRAME = 1024
ENCODER = M4bEncoder()

GOOD = Report(
    path=Path("book.m4b"),
    size_bytes=1000,
    container="mov,mp4,m4a,3gp,3g2,mj2",
    codec="aac",
    profile="LC",
    sample_rate_hz=RATE,
    channels=1,
    bitrate_bps=64_000,
    stated_s=100.0,
    decoded_s=100.0,
    damaged_packets=0,
    format_changes=0,
    is_constant_bitrate=False,
    loudness=Loudness(integrated_lufs=-20.0, sample_peak_dbfs=-3.0, true_peak_dbtp=None),
    levels=Levels(rms_dbfs=-20.5, noise_floor_dbfs=-70.0, head_s=0.7, tail_s=2.0),
    clipped_samples=0,
    chapters=(
        FileChapter(title="One", start_s=0.0, end_s=40.0),
        FileChapter(title="Two", start_s=40.0, end_s=100.0),
    ),
    tags=(("artist", "A"), ("title", "T")),
    mp4=Mp4Layout(brand="M4B ", index_first=True, missing_bytes=0),
)


def sine(seconds: float, peak: float = 0.3) -> NDArray[np.int16]:
    frames = round(seconds * RATE) // FRAME * FRAME
    wave = 32767 * peak * np.sin(2 * np.pi * 997 * np.arange(frames) / RATE)
    return np.clip(np.rint(wave), -32767, 32767).astype(np.int16)


def m4b(path: Path, pcm: NDArray[np.int16], title: str = "The Tide") -> Path:
    reel = ENCODER.encode_reel(pcm, sample_rate_hz=RATE, config=EncodeConfig())
    marks = (Mark(title="One", start=0), Mark(title="Two", start=len(pcm) // 2))
    timeline = Timeline(sample_rate_hz=RATE, frames=len(pcm), cues=(), marks=marks)
    tags = Tags(title=title, author="A. Writer", narrator="V")
    ENCODER.join(iter([reel]), path, timeline=timeline, tags=tags, config=EncodeConfig())
    return path


def written_by_ffmpeg(path: Path, codec: str, pcm: NDArray[np.int16], **tags: str) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        out.metadata.update(tags)
        frame = av.AudioFrame.from_ndarray(pcm[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_a_good_file(tmp_path: Path) -> None:
    pcm = sine(6.0, peak=0.1 * math.sqrt(2))
    report = inspect(m4b(tmp_path / "b.m4b", pcm))
    assert faults(report) == ()
    assert remarks(report) == ()
    assert (report.codec, report.profile) == ("aac", "LC")
    assert (report.sample_rate_hz, report.channels) == (RATE, 1)
    assert report.decoded_s == pytest.approx(len(pcm) / RATE, abs=1e-6)
    assert report.stated_s == pytest.approx(len(pcm) / RATE, abs=0.001)
    assert report.loudness.integrated_lufs == pytest.approx(-20.0, abs=0.3)
    assert report.loudness.sample_peak_dbfs == pytest.approx(-17.0, abs=0.3)
    assert report.bitrate_bps == pytest.approx(64_000, rel=0.3)
    assert report.tag("title") == "The Tide"
    assert report.tag("composer") == "V"
    assert report.tag("nothing") == ""
    assert "major_brand" not in dict(report.tags)
    assert [chapter.title for chapter in report.chapters] == ["One", "Two"]
    assert report.chapters[1].start_s == pytest.approx(len(pcm) / 2 / RATE, abs=0.001)
    assert report.mp4 == Mp4Layout(brand="M4B ", index_first=True, missing_bytes=0)


def test_a_file_cut_short(tmp_path: Path) -> None:
    path = m4b(tmp_path / "b.m4b", sine(6.0))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    report = inspect(path)
    assert report.mp4 is not None
    assert report.mp4.missing_bytes == len(data) - len(data) * 2 // 3
    assert report.decoded_s < 5
    found = faults(report)
    assert any("cut short" in fault for fault in found)
    assert any("says it is 6.0 s long" in fault for fault in found)


def test_a_file_with_flipped_bytes(tmp_path: Path) -> None:
    path = m4b(tmp_path / "b.m4b", sine(6.0))
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 2, len(data) - 100, 40):
        data[at] ^= 0xFF
    path.write_bytes(data)
    report = inspect(path)
    assert report.damaged_packets > 0
    assert any("damaged" in fault for fault in faults(report))


def test_a_silent_file(tmp_path: Path) -> None:
    report = inspect(m4b(tmp_path / "b.m4b", np.zeros(FRAME * 60, dtype=np.int16)))
    assert report.loudness.integrated_lufs == -math.inf
    assert faults(report) == ("it is silent throughout",)


def test_a_file_without_a_title(tmp_path: Path) -> None:
    report = inspect(m4b(tmp_path / "b.m4b", sine(2.0), title=""))
    assert faults(report) == ("it has no title (tag title)",)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("b.wav", "pcm_s16le"), ("b.flac", "flac"), ("b.mp3", "libmp3lame")],
)
def test_files_of_other_kinds(tmp_path: Path, name: str, codec: str) -> None:
    pcm = sine(4.0)
    report = inspect(written_by_ffmpeg(tmp_path / name, codec, pcm, title="T"))
    assert faults(report) == ()
    assert report.mp4 is None
    assert report.decoded_s == pytest.approx(len(pcm) / RATE, abs=0.1)
    assert report.loudness.integrated_lufs == pytest.approx(-13.5, abs=0.6)
    assert "there are no chapters" in remarks(report)


def test_an_mp4_by_ffmpeg(tmp_path: Path) -> None:
    report = inspect(written_by_ffmpeg(tmp_path / "b.m4b", "aac", sine(3.0), title="T"))
    assert report.mp4 is not None
    assert not report.mp4.index_first
    assert any("index is at the end" in remark for remark in remarks(report))
    assert any("brand is" in fault for fault in faults(report))


def test_clipping(tmp_path: Path) -> None:
    wave = written_by_ffmpeg(tmp_path / "b.wav", "pcm_s16le", sine(2.0, peak=3.0), title="T")
    report = inspect(wave)
    # Of a sine three times too high, the tops take 78 %.
    assert report.clipped_samples == pytest.approx(0.78 * 2 * RATE, rel=0.05)
    assert any("it clips" in fault for fault in faults(report))


def test_a_lone_peak_is_not_clipping(tmp_path: Path) -> None:
    pcm = sine(2.0)
    pcm[::5000] = 32767
    wave = written_by_ffmpeg(tmp_path / "b.wav", "pcm_s16le", pcm, title="T")
    assert inspect(wave).clipped_samples == 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.m4b", b"", "is empty"),
        ("text.m4b", b"It was a dark and stormy night.\n" * 40, "not a media file"),
        ("bytes.mp3", bytes(range(256)) * 20, "not a media file"),
        ("book.m3u8", b"#EXTM3U\n01 - One.mp3\n", "a playlist, and no sound: give the files"),
        ("story.txt", b"It was a dark and stormy night.\n" * 40, "no"),
        ("head.m4b", b"\0\0\0\x14ftypM4B \0\0\0\0M4B ", "not a media file"),
    ],
)
def test_what_is_no_sound_file(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EncodeError, match=message) as caught:
        inspect(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_f32le"])
def test_a_sound_shorter_than_the_meters_step(tmp_path: Path, codec: str) -> None:
    report = inspect(written_by_ffmpeg(tmp_path / "b.wav", codec, sine(0.06), title="T"))
    assert report.loudness.sample_peak_dbfs == pytest.approx(-10.5, abs=0.2)
    assert faults(report) == ()


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s32le", "pcm_f32le"])
def test_levels_in_every_sample_format(tmp_path: Path, codec: str) -> None:
    quiet = np.zeros(RATE, dtype=np.int16)
    pcm = np.concatenate([quiet, sine(4.0, peak=0.5), quiet, quiet])
    report = inspect(written_by_ffmpeg(tmp_path / "b.wav", codec, pcm, title="T"))
    share = 10 * math.log10((len(pcm) - 3 * RATE) / len(pcm))
    assert report.levels.rms_dbfs == pytest.approx(-9.03 + share, abs=0.1)
    assert report.levels.head_s == pytest.approx(1.0, abs=0.02)
    assert report.levels.tail_s == pytest.approx(2.0, abs=0.03)


def test_two_channels_are_measured_together(tmp_path: Path) -> None:
    path = tmp_path / "b.wav"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE, layout="stereo")
        pcm = np.stack([sine(3.0, peak=0.5), np.zeros_like(sine(3.0))]).T.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm), format="s16", layout="stereo")
        frame.sample_rate = RATE
        frame.pts = 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    report = inspect(path)
    assert report.channels == 2
    assert report.levels.rms_dbfs == pytest.approx(-9.03 - 3.01, abs=0.05)


def test_constant_and_variable_bit_rate(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 1, RATE * 3) * np.linspace(0, 6000, RATE * 3)
    pcm = noise.astype(np.int16)
    assert inspect(written_by_ffmpeg(tmp_path / "b.mp3", "libmp3lame", pcm)).is_constant_bitrate
    assert not inspect(written_by_ffmpeg(tmp_path / "b.flac", "flac", pcm)).is_constant_bitrate


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"):
        inspect(tmp_path / "none.m4b")
    with pytest.raises(StoreError, match=r"folder|read"):
        inspect(tmp_path)


def test_the_good_report_has_no_faults() -> None:
    assert faults(GOOD) == ()
    assert remarks(GOOD) == ()


def chapter(title: str, start_s: float, end_s: float) -> FileChapter:
    return FileChapter(title=title, start_s=start_s, end_s=end_s)


@pytest.mark.parametrize(
    ("chapters", "message"),
    [
        ((chapter("", 0, 100),), "chapter 1 has no title"),
        ((chapter("A", 0, 100), chapter(" ", 100, 100.01)), "chapter 2 (' ') has no title"),
        ((chapter("A", 50, 100), chapter("B", 0, 50)), "'B') begins before the chapter that it"),
        ((chapter("A", 0, 60), chapter("B", 50, 100)), "begins before the chapter before it ends"),
        ((chapter("A", 0, 100), chapter("B", 101, 102)), "begins at 101.0 s, after the end"),
        ((chapter("A", 0, 130),), "ends at 130.0 s, after the end"),
        ((chapter("A", 0, 0), chapter("B", 0, 100)), "has no length"),
    ],
)
def test_chapter_faults(chapters: tuple[FileChapter, ...], message: str) -> None:
    found = faults(dataclasses.replace(GOOD, chapters=chapters))
    assert any(message in fault for fault in found), found


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decoded_s": 99.0}, "says it is 100.0 s long, but holds 99.0 s"),
        ({"decoded_s": 0.0}, "no sound can be decoded"),
        ({"stated_s": None}, "does not say how long it is"),
        ({"damaged_packets": 3}, "3 packets of sound are damaged"),
        ({"format_changes": 2}, "change midway"),
        ({"clipped_samples": 9}, "it clips: 9 samples"),
        ({"tags": (("title", "  "),)}, "no title"),
        ({"mp4": Mp4Layout(brand="M4A ", index_first=True, missing_bytes=0)}, "'M4A '"),
    ],
)
def test_other_faults(changes: dict[str, object], message: str) -> None:
    found = faults(dataclasses.replace(GOOD, **changes))  # type: ignore[arg-type]
    assert any(message in fault for fault in found), found


def test_an_m4a_may_be_branded_as_music() -> None:
    layout = Mp4Layout(brand="M4A ", index_first=True, missing_bytes=0)
    assert faults(dataclasses.replace(GOOD, path=Path("song.m4a"), mp4=layout)) == ()


def test_sound_of_many_channels_is_not_decoded(tmp_path: Path) -> None:
    """What is damaged may seem to have fifty, and PyAV crashes over the ninth plane."""
    path = tmp_path / "wide.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((16, 2, RATE, RATE, "NONE", "none"))
        out.writeframes(bytes(16 * 2 * RATE))
    report = inspect(path)
    assert report.damaged_packets > 0
    assert report.decoded_s == 0
    assert "no sound can be decoded" in faults(report)


def test_a_track_without_a_codec_is_refused(tmp_path: Path) -> None:
    path = m4b(tmp_path / "b.m4b", sine(2.0))
    path.write_bytes(path.read_bytes().replace(b"stbl", b"stbX"))
    with pytest.raises(EncodeError, match="no known kind"):
        inspect(path)
