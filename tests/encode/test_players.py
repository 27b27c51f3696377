"""What other programs find in the files: ffprobe and mpv, where they are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from narrator.encode import EncodeConfig, Encoder, load_encoder
from narrator.model import Mark
from tests.encode.sound import timeline_of
from tests.encode.test_init import PNG, TAGS, TITLES, rate_of, reels_of

FORMATS = ("m4b", "mp3", "opus", "flac")
# They know no name in common for who reads and for the series.
NAMES = {
    "m4b": {"title": TAGS.title, "artist": TAGS.author, "composer": TAGS.narrator},
    "mp3": {"title": TAGS.title, "artist": TAGS.author, "composer": TAGS.narrator},
    "opus": {"title": TAGS.title, "artist": TAGS.author, "performer": TAGS.narrator},
    "flac": {"title": TAGS.title, "artist": TAGS.author, "performer": TAGS.narrator},
}


@pytest.fixture(params=FORMATS)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return load_encoder(request.param)


def write_book(encoder: Encoder, folder: Path) -> tuple[Path, list[float], float]:
    """A file with chapters and a cover; where its chapters begin, and its length, in seconds."""
    reels, bursts = reels_of(encoder, 12)
    marks = tuple(Mark(title=t, start=bursts[2 * i] if i else 0) for i, t in enumerate(TITLES))
    timeline = timeline_of(encoder, reels, marks)
    path = folder / f"book{encoder.suffix}"
    encoder.join(
        iter(reels),
        path,
        timeline=timeline,
        tags=replace(TAGS, cover=PNG),
        config=EncodeConfig(),
    )
    rate = rate_of(encoder)
    return path, [mark.start / rate for mark in marks], timeline.frames / rate


def output_of(program: str, *words: str | Path) -> str:
    if (found := shutil.which(program)) is None:
        pytest.skip(f"{program} is not installed")
    done = subprocess.run(
        [found, *map(str, words)],
        capture_output=True,
        timeout=60,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def test_ffprobe_finds_chapters_tags_cover_and_length(encoder: Encoder, tmp_path: Path) -> None:
    path, starts, length = write_book(encoder, tmp_path)
    told = output_of(
        "ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams",
        "-show_chapters", path,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(told)
    frame_s = encoder.frame_size / rate_of(encoder)
    assert [chapter["tags"]["title"] for chapter in found["chapters"]] == list(TITLES)
    for chapter, start, end in zip(found["chapters"], starts, [*starts[1:], length], strict=True):
        assert float(chapter["start_time"]) == pytest.approx(start, abs=frame_s)
        assert float(chapter["end_time"]) == pytest.approx(end, abs=frame_s)
    assert float(found["format"]["duration"]) == pytest.approx(length, abs=frame_s)
    sound = [stream for stream in found["streams"] if stream["codec_type"] == "audio"]
    pictures = [stream for stream in found["streams"] if stream["codec_type"] == "video"]
    assert len(sound) == len(pictures) == 1
    assert pictures[0]["codec_name"] == "png"
    tags = {**sound[0].get("tags", {}), **found["format"].get("tags", {})}
    tags = {key.lower(): value for key, value in tags.items()}
    for name, value in NAMES[encoder.name].items():
        assert tags[name] == value


def test_mpv_plays_it_and_shows_its_chapters(encoder: Encoder, tmp_path: Path) -> None:
    path, starts, length = write_book(encoder, tmp_path)
    lines = [f"@${{chapter-list/{i}/title}}\t${{=chapter-list/{i}/time}}" for i in range(5)]
    told = output_of(
        "mpv", "--no-config", "--term-status-msg=", "--ao=null", "--vo=null",
        "--ao-null-untimed=yes", "--audio-display=no",
        "--term-playing-msg=" + "\n".join(["@${=duration}", *lines]), path,
    )  # fmt: skip
    rows = [row[1:] for row in told.splitlines() if row.startswith("@")]
    assert float(rows[0]) == pytest.approx(length, abs=0.1)
    for row, title, start in zip(rows[1:6], TITLES, starts, strict=True):
        shown, at = row.split("\t")
        assert shown == title
        assert float(at) == pytest.approx(start, abs=encoder.frame_size / rate_of(encoder))
