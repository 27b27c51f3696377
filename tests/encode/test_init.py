"""The registry of encoders, and what every encoder promises."""

from __future__ import annotations

import base64
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import av
import mutagen
import numpy as np
import pytest

from narrator.check import faults, inspect
from narrator.encode import (
    EncodeConfig,
    EncodedReel,
    Encoder,
    Tags,
    encoder_names,
    load_encoder,
)
from narrator.errors import EncodeError
from narrator.model import Mark, Timeline
from tests.encode.sound import (
    decode,
    encoded,
    find_burst,
    reel_pcm,
    timeline_of,
    whole_frames,
)

WANTED_HZ = 22_050
TITLES = ("Opening", "I. “Où est-il?”", "第三章 – 雨", "IV 🎧", "V & <VI>")
TAGS = Tags(
    title="The Tide – “é”",
    author="A. Wríter",
    narrator="Several Voices",
    series="The Sea, 雨",
    year="1999",
    comment="Read aloud",
    description="A story.",
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(params=encoder_names())
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return load_encoder(request.param)


def rate_of(encoder: Encoder) -> int:
    return encoder.sample_rate_hz(WANTED_HZ)


def reels_of(encoder: Encoder, count: int) -> tuple[list[EncodedReel], list[int]]:
    """Reels with one burst each, and where in the book the bursts are."""
    reels: list[EncodedReel] = []
    bursts: list[int] = []
    rate = rate_of(encoder)
    at = 0
    for number in range(count):
        frames = whole_frames(encoder, 8000 + 1000 * (number % 5))
        inside = (1103 * number) % (frames - 1300)
        reel = encoded(encoder, reel_pcm(frames, (inside,), rate), rate)
        bursts.append(at + reel.lead + inside)
        reels.append(reel)
        at += reel.frames
    return reels, bursts


def silent(encoder: Encoder, least: int, rate: int | None = None) -> EncodedReel:
    pcm = np.zeros(whole_frames(encoder, least), dtype=np.int16)
    return encoded(encoder, pcm, rate or rate_of(encoder))


def book(
    encoder: Encoder,
    path: Path,
    reels: list[EncodedReel],
    marks: tuple[Mark, ...] = (),
    tags: Tags = TAGS,
) -> Timeline:
    timeline = timeline_of(encoder, reels, marks)
    encoder.join(iter(reels), path, timeline=timeline, tags=tags, config=EncodeConfig())
    return timeline


def as_mutagen(path: Path) -> Any:
    return mutagen.File(path)


def test_it_says_who_it_is(encoder: Encoder) -> None:
    assert encoder.name in encoder_names()
    assert encoder.suffix.startswith(".")
    assert encoder.version
    assert encoder.frame_size > 0
    assert encoder.join_frames >= 0


@pytest.mark.parametrize("wanted", [8000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_it_takes_the_rates_that_engines_have(encoder: Encoder, wanted: int) -> None:
    rate = encoder.sample_rate_hz(wanted)
    assert rate >= wanted
    assert encoder.sample_rate_hz(rate) == rate
    assert encoded(encoder, np.zeros(encoder.frame_size * 8, dtype=np.int16), rate).sizes


def test_a_reel_takes_its_samples_and_the_join(encoder: Encoder) -> None:
    pcm = np.zeros(encoder.frame_size * 7, dtype=np.int16)
    reel = encoded(encoder, pcm, rate_of(encoder))
    assert reel.frames == len(pcm) + encoder.join_frames
    assert reel.sample_rate_hz == rate_of(encoder)


def test_the_same_samples_give_the_same_bytes(encoder: Encoder) -> None:
    pcm = reel_pcm(whole_frames(encoder, 9000), (700,), rate_of(encoder))
    assert encoded(encoder, pcm, rate_of(encoder)) == encoded(encoder, pcm, rate_of(encoder))


def test_samples_that_are_not_whole_frames_are_a_mistake(encoder: Encoder) -> None:
    for frames in {0, encoder.frame_size // 2, encoder.frame_size + 1} - {encoder.frame_size * 2}:
        with pytest.raises(ValueError, match="whole number"):
            encoded(encoder, np.zeros(frames, dtype=np.int16), rate_of(encoder))


def test_every_burst_is_where_the_timeline_says(encoder: Encoder, tmp_path: Path) -> None:
    reels, bursts = reels_of(encoder, 40)
    target = tmp_path / f"book{encoder.suffix}"
    timeline = book(encoder, target, reels)
    first, samples = decode(target)
    assert first == 0
    assert len(samples) == timeline.frames
    found = [find_burst(samples, near, rate_of(encoder)) for near in bursts]
    assert found == pytest.approx(bursts, abs=2)


def test_seeking_gives_the_sound_of_that_place(encoder: Encoder, tmp_path: Path) -> None:
    reels, bursts = reels_of(encoder, 40)
    target = tmp_path / f"book{encoder.suffix}"
    book(encoder, target, reels)
    # Not the very end: there ffmpeg finds no place in a FLAC file that is all but silent.
    for at in (bursts[5], bursts[20], bursts[35]):
        first, samples = decode(target, from_frame=at - 4000)
        # Not so far before it that seeking would have done nothing.
        assert at - 4000 - 1.1 * rate_of(encoder) < first <= at
        assert first + find_burst(samples, at - first, rate_of(encoder)) == pytest.approx(at, abs=2)


def test_sound_at_the_end_of_many_reels(encoder: Encoder, tmp_path: Path) -> None:
    rate = encoder.sample_rate_hz(8000)
    quiet = silent(encoder, 3 * rate, rate)
    frames = whole_frames(encoder, 20_000)
    last = encoded(encoder, reel_pcm(frames, (9000,), rate), rate)
    begin = 200 * quiet.frames
    target = tmp_path / f"book{encoder.suffix}"
    mark = Mark(title="The end", start=begin + last.lead + 9000)
    timeline = book(encoder, target, [*[quiet] * 200, last], (Mark(title="A", start=0), mark))
    _, samples = decode(target)
    assert len(samples) == timeline.frames > 600 * rate
    found = find_burst(samples, mark.start, rate, reach=6000)
    assert found == pytest.approx(mark.start, abs=2)
    with av.open(str(target)) as container:
        chapter = container.chapters()[1]
    heard = float(chapter["start"] * (chapter["time_base"] or 0)) * rate
    assert heard == pytest.approx(found, abs=rate / 1000)


def test_joins_are_silent(encoder: Encoder, tmp_path: Path) -> None:
    reels, bursts = reels_of(encoder, 12)
    target = tmp_path / f"book{encoder.suffix}"
    book(encoder, target, reels)
    _, samples = decode(target)
    heard = np.zeros(len(samples), dtype=bool)
    for at in bursts:
        # What a transform codec spreads around a sound stays within two of its frames.
        heard[max(0, at - 2 * encoder.frame_size) : at + 1200 + 2 * encoder.frame_size] = True
    assert not heard.all()
    assert np.abs(samples[~heard]).max() < 10 ** (-75 / 20)


@pytest.mark.parametrize("count", [1, 5, 300])
def test_chapters_are_read_back(encoder: Encoder, tmp_path: Path, count: int) -> None:
    reels, _ = reels_of(encoder, 6)
    marks = tuple(
        Mark(title=f"{TITLES[n % 5]} {n}" if n else "Opening", start=n * 137) for n in range(count)
    )
    target = tmp_path / f"book{encoder.suffix}"
    timeline = book(encoder, target, reels, marks)
    with av.open(str(target)) as container:
        found = container.chapters()
    assert [chapter["metadata"]["title"] for chapter in found] == [mark.title for mark in marks]
    for chapter, mark in zip(found, marks, strict=True):
        assert chapter["time_base"] is not None
        assert float(chapter["start"] * chapter["time_base"]) == pytest.approx(
            mark.start / timeline.sample_rate_hz, abs=0.001
        )
    end = found[-1]["end"] * (found[-1]["time_base"] or 0)
    assert float(end) == pytest.approx(timeline.frames / timeline.sample_rate_hz, abs=0.01)


def test_tags_are_read_back(encoder: Encoder, tmp_path: Path) -> None:
    target = tmp_path / f"book{encoder.suffix}"
    book(encoder, target, [silent(encoder, 9000)])
    report = inspect(target)
    assert report.tag("title") == TAGS.title
    assert report.tag("album") == TAGS.title
    assert report.tag("artist") == TAGS.author
    assert report.tag("composer") == TAGS.narrator
    assert report.tag("genre") == "Audiobook"
    assert report.tag("date") == "1999"
    assert {TAGS.comment, TAGS.series} <= {text for _, text in report.tags}
    assert as_mutagen(target).tags is not None


@pytest.mark.parametrize(
    ("tag", "letters"),
    [("de", "deu"), ("en-GB", "eng"), ("haw", "haw"), ("x-unknown", "und"), (None, "und")],
)
def test_the_language_is_read_back(
    encoder: Encoder, tmp_path: Path, tag: str | None, letters: str
) -> None:
    target = tmp_path / f"book{encoder.suffix}"
    book(encoder, target, [silent(encoder, 9000)], tags=Tags(title="T", language=tag))
    with av.open(str(target)) as container:
        found = {**container.streams.audio[0].metadata, **container.metadata}
    told = {name.lower(): text for name, text in found.items()}.get("language")
    if encoder.name in ("opus", "ogg", "flac"):
        assert told == tag  # free text, for which BCP 47 is usual
    elif encoder.name == "m4b":
        assert told == letters
    else:
        assert told == (None if tag is None else letters)


def test_a_file_in_several_has_its_number(encoder: Encoder, tmp_path: Path) -> None:
    target = tmp_path / f"book{encoder.suffix}"
    tags = Tags(title="Dusk", album="The Lamp", track=(3, 12))
    book(encoder, target, [silent(encoder, 9000)], tags=tags)
    report = inspect(target)
    assert report.tag("track") in ("3/12", "3")
    assert (report.tag("title"), report.tag("album")) == ("Dusk", "The Lamp")


def test_what_is_not_known_is_not_written(encoder: Encoder, tmp_path: Path) -> None:
    target = tmp_path / f"book{encoder.suffix}"
    timeline = book(encoder, target, [silent(encoder, 9000)], tags=Tags(title="T"))
    assert len(decode(target)[1]) == timeline.frames
    named = {key for key, text in inspect(target).tags if text not in ("T", "Audiobook")}
    assert named <= {"media_type", "encoder"}
    assert inspect(target).chapters == ()


def test_a_cover_is_kept(encoder: Encoder, tmp_path: Path) -> None:
    target = tmp_path / f"book{encoder.suffix}"
    # Larger than a page of an Ogg file, and than what a tag editor leaves free.
    cover = PNG + bytes(90_000)
    timeline = book(
        encoder,
        target,
        [silent(encoder, 9000)],
        (Mark(title="One", start=0),),
        Tags(title="T", cover=cover),
    )
    with av.open(str(target)) as container:
        assert [stream.codec_context.name for stream in container.streams.video] == ["png"]
        (packet,) = [p for p in container.demux(video=0) if p.size]
        assert bytes(packet) == cover
        assert [chapter["metadata"]["title"] for chapter in container.chapters()] == ["One"]
    assert len(decode(target)[1]) == timeline.frames


def test_a_cover_that_is_no_image_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match="neither a JPEG nor a PNG"):
        book(
            encoder,
            tmp_path / "book",
            [silent(encoder, 9000)],
            tags=Tags(title="T", cover=b"GIF89a"),
        )


def test_the_length_that_mutagen_reads(encoder: Encoder, tmp_path: Path) -> None:
    target = tmp_path / f"book{encoder.suffix}"
    timeline = book(encoder, target, reels_of(encoder, 9)[0])
    info = as_mutagen(target).info
    # An M4B's index counts the frame of priming, which its edit list hides.
    assert info.length == pytest.approx(timeline.frames / timeline.sample_rate_hz, abs=0.05)


def test_the_check_finds_no_fault(encoder: Encoder, tmp_path: Path) -> None:
    reels, bursts = reels_of(encoder, 5)
    target = tmp_path / f"book{encoder.suffix}"
    book(encoder, target, reels, (Mark(title="A", start=0), Mark(title="B", start=bursts[2])))
    assert faults(inspect(target)) == ()


def test_files_are_reproducible(encoder: Encoder, tmp_path: Path) -> None:
    reels, _ = reels_of(encoder, 3)
    for name in ("one", "two"):
        book(encoder, tmp_path / name, reels, (Mark(title="A", start=0),))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_reels_of_two_rates_are_refused(encoder: Encoder, tmp_path: Path) -> None:
    rate = rate_of(encoder)
    reels = [silent(encoder, 3000), silent(encoder, 3000)]
    timeline = Timeline(
        sample_rate_hz=24_000, frames=timeline_of(encoder, reels).frames, cues=(), marks=()
    )
    with pytest.raises(EncodeError, match=f"reel of {rate} Hz cannot be in a book of 24000 Hz"):
        encoder.join(
            iter(reels),
            tmp_path / "book",
            timeline=timeline,
            tags=Tags(title="T"),
            config=EncodeConfig(),
        )


@pytest.mark.parametrize("given", [1, 3, 0])
def test_reels_that_do_not_fill_the_timeline_are_refused(
    encoder: Encoder, tmp_path: Path, given: int
) -> None:
    reel = silent(encoder, 3000)
    with pytest.raises(EncodeError, match="timeline"):
        encoder.join(
            iter([reel] * given),
            tmp_path / "book",
            timeline=timeline_of(encoder, [reel, reel]),
            tags=Tags(title="T"),
            config=EncodeConfig(),
        )


@pytest.mark.parametrize("starts", [(0, 5000, 4000), (0, 10**9), (-1,)])
def test_marks_out_of_place_are_refused(
    encoder: Encoder, tmp_path: Path, starts: tuple[int, ...]
) -> None:
    marks = tuple(Mark(title="A", start=start) for start in starts)
    with pytest.raises(EncodeError, match="chapter mark 'A'"):
        book(encoder, tmp_path / "book", [silent(encoder, 9000)], marks)


@pytest.mark.parametrize("name", ["m4b", "mp3", "ogg", "opus"])
def test_an_impossible_sample_rate_is_refused(name: str) -> None:
    encoder = load_encoder(name)
    with pytest.raises(EncodeError, match="12345 Hz"):
        encoded(encoder, np.zeros(encoder.frame_size, dtype=np.int16), 12_345)


def test_an_unknown_encoder_is_refused_with_the_nearest() -> None:
    with pytest.raises(EncodeError, match="did you mean 'm4b'"):
        load_encoder("m4a")


def test_encoders_can_be_added(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("mine", "narrator.encode.m4b:M4bEncoder", "narrator.encoders")
    broken = EntryPoint("broken", "narrator.encode.nothing:Here", "narrator.encoders")

    def points(*, group: str, name: str | None = None) -> tuple[EntryPoint, ...]:
        return tuple(p for p in (point, broken) if p.group == group and name in (None, p.name))

    monkeypatch.setattr("narrator.encode.entry_points", points)
    assert "mine" in encoder_names()
    assert load_encoder("mine").suffix == ".m4b"
    with pytest.raises(EncodeError, match="'broken' cannot be loaded"):
        load_encoder("broken")
