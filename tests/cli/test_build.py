from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from mutagen.mp4 import MP4

from tests.cli.conftest import Run
from tests.test_sounds import tone, write_wav

BOOK = Path("output/lamp.m4b")


def test_a_story_becomes_an_audiobook(narrator: Run, story: Path, tmp_path: Path) -> None:
    result = narrator("build", story)
    assert result.code == 0, result.err
    book = tmp_path / BOOK
    assert str(BOOK) in result.out
    assert "Chapter 1: Dusk" in result.out
    assert "Anna" in result.out
    with av.open(str(book)) as container:
        titles = [chapter["metadata"]["title"] for chapter in container.chapters()]
        assert titles == ["Chapter 1: Dusk", "Chapter 2: Dark"]
        assert container.metadata["title"] == "The Lamp"
        assert container.metadata["artist"] == "N. N."
        assert container.metadata["genre"] == "Audiobook"
    tags = MP4(book)  # type: ignore[no-untyped-call]
    assert tags["\xa9nam"] == ["The Lamp"]
    assert tags.chapters is not None
    assert [chapter.title for chapter in tags.chapters] == titles
    assert narrator("check", BOOK).code == 0


def test_a_second_build_makes_nothing_anew_and_gives_the_same_bytes(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    first = narrator("build", story)
    data = (tmp_path / BOOK).read_bytes()
    second = narrator("build", story)
    assert "2 of 2 reels made anew" in first.out
    assert "0 sentences spoken, 0 of 2 reels made anew" in second.out
    assert (tmp_path / BOOK).read_bytes() == data
    elsewhere = narrator("build", story, "--cache", tmp_path / "other", "-o", tmp_path, "-j", "1")
    assert elsewhere.code == 0
    assert (tmp_path / "lamp.m4b").read_bytes() == data


def test_marked_sounds_are_counted_mixed_in_and_told_of(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    text = story.read_text().replace(
        "He put it out.", "He put it out. {sound click}\n\n{sound owl}"
    )
    story.write_text(text.replace("Anna lit", "{sound match}Anna lit"))
    cast = tmp_path / "lamp.cast.toml"
    cast.write_text('[reading]\nmarkup = true\n[sounds]\nclick = "click.wav"\n')
    config = tmp_path / "own" / "config.toml"
    config.parent.mkdir()
    config.write_text('[sounds]\nmatch = "match.wav"\n')
    for path in (tmp_path / "click.wav", config.parent / "match.wav"):
        write_wav(path, tone(2000.0, 0.3))
    own = {"NARRATOR_CONFIG": str(config)}
    planned = narrator("build", story, "--dry-run", environ=own)
    assert "to mix in  2 sounds" in planned.out
    built = narrator("build", story, environ=own)
    assert built.code == 0
    assert "{sound owl} is passed over: no sound of that name" in built.err
    assert "28 heard as sounds" in " ".join(built.out.split())
    report = json.loads((tmp_path / "output/lamp.report.json").read_text())
    heard = [row["sound"] for chapter in report["chapters"] for row in chapter["heard"]]
    assert heard == ["match", "click"]
    (tmp_path / "click.wav").unlink()
    missing = narrator("build", story, environ=own)
    assert missing.code != 0
    assert "lamp.cast.toml, line 4: sounds.click: " in missing.err


def test_the_cast_file_is_obeyed_and_only_what_it_changes_is_made_anew(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    assert narrator("build", story).code == 0
    (tmp_path / "lamp.cast.toml").write_text(
        'title = "The Other Lamp"\n[characters.Bert]\nvoice = "tone edgar"\n', encoding="utf-8"
    )
    result = narrator("build", story)
    assert "1 of 2 reels made anew" in result.out
    assert "Tone Edgar" in result.out
    assert MP4(tmp_path / BOOK)["\xa9nam"] == ["The Other Lamp"]  # type: ignore[no-untyped-call]


def test_quiet_says_nothing(narrator: Run, story: Path) -> None:
    result = narrator("build", story, "--quiet")
    assert (result.code, result.out, result.err) == (0, "", "")


def refused(result: object, code: int, *words: str) -> None:
    """One clear line, the right exit code."""
    from tests.cli.conftest import Result

    assert isinstance(result, Result)
    assert result.code == code, result
    last = result.err.strip().splitlines()[-1]
    assert last.startswith("narrator: ")
    for word in words:
        assert word in last


def test_bad_stories_are_refused(narrator: Run, tmp_path: Path) -> None:
    book = tmp_path / BOOK
    book.parent.mkdir()
    book.write_bytes(b"an old book")
    refused(narrator("build", "none.txt", "-o", BOOK), 4, "none.txt", "no such file")
    for name, data in {
        "empty.txt": b"",
        "blank.txt": b" \n\n\t\n",
        "binary.txt": bytes(range(256)) * 40,
        "marks.txt": b"* * *\n\n...\n",
        "header.txt": b"",
    }.items():
        (tmp_path / name).write_bytes(data)
        refused(narrator("build", name, "-o", BOOK), 4, name)
    refused(narrator("build", tmp_path, "-o", BOOK), 4, "is a folder")
    assert book.read_bytes() == b"an old book"


def test_bad_cast_files_are_refused(narrator: Run, story: Path, tmp_path: Path) -> None:
    cast = tmp_path / "lamp.cast.toml"
    cast.write_text("[narrator]\nvoice = 'Tone Elma'\n")
    refused(narrator("build", story), 3, "lamp.cast.toml, line 2", "'Tone Alma'")
    cast.write_text("[narrator]\nvoise = 'Tone Alma'\n")
    refused(narrator("build", story), 3, "lamp.cast.toml, line 2", "did you mean 'voice'?")
    cast.unlink()
    refused(narrator("build", story, "--cast", "no.toml"), 3, "no.toml", "no such file")
    assert not (tmp_path / BOOK).exists()


def test_bad_engines_and_options_are_refused(narrator: Run, story: Path) -> None:
    refused(narrator("build", story, "--engine", "tune"), 6, "'tune'", "did you mean 'tone'?")
    assert narrator("build", story, "--no-such-option").code == 2
    assert narrator("build").code == 2


def test_an_output_that_cannot_be_written_is_refused(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    refused(narrator("build", story, "-o", "file/book.m4b"), 8, "file is not a folder")
    refused(narrator("build", story, "-o", ""), 8, "no name")
    refused(narrator("build", story, "-o", "/dev/null"), 8, "ends in .m4b")
    assert narrator("build", story, "-o", "new/").code == 0
    assert (tmp_path / "new" / "lamp.m4b").is_file()
    (tmp_path / "folder.m4b").mkdir()
    assert narrator("build", story, "-o", "folder.m4b").code == 0  # a folder: the book goes into it
    assert (tmp_path / "folder.m4b" / "lamp.m4b").exists()


def test_what_a_build_reads_is_never_overwritten(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    text = story.read_text(encoding="utf-8")
    cast = tmp_path / "lamp.cast.toml"
    cast.write_text("# mine\n")
    for output in (story, "lamp.txt", "./lamp.cast.toml"):
        refused(narrator("build", story, "-o", output), 8, "will not be overwritten")
    (tmp_path / "notes.txt").write_text("mine")
    refused(narrator("build", story, "-o", "notes.txt"), 8, "ends in")
    assert story.read_text(encoding="utf-8") == text
    assert cast.read_text() == "# mine\n"
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
@pytest.mark.parametrize("limit", [500, 8_000])
def test_a_full_disk_harms_nothing_and_the_next_run_finishes(
    narrator: Run, story: Path, tmp_path: Path, limit: int
) -> None:
    book = tmp_path / BOOK
    book.parent.mkdir()
    book.write_bytes(b"an old book")
    refused(narrator("build", story, file_limit=limit), 8, "full")
    assert book.read_bytes() == b"an old book"
    assert [path.name for path in book.parent.iterdir()] == ["lamp.m4b"]
    assert narrator("build", story).code == 0
    assert narrator("check", BOOK).code == 0


def json_rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_events_tell_programs_what_happens(narrator: Run, story: Path, tmp_path: Path) -> None:
    result = narrator("build", story, "--json")
    assert result.code == 0
    assert result.err == ""
    rows = json_rows(result.out)
    stages = [row["stage"] for row in rows if row["event"] == "stage"]
    assert stages == ["read", "level", "speak", "join"]
    last = [row for row in rows if row["event"] == "progress"][-1]
    assert last["characters"] == last["total"]
    done = rows[-1]
    assert done["event"] == "done"
    assert Path(str(done["path"])) == BOOK
    chapters = done["chapters"]
    assert isinstance(chapters, list)
    assert [chapter["title"] for chapter in chapters] == ["Chapter 1: Dusk", "Chapter 2: Dark"]
    with av.open(str(tmp_path / BOOK)) as container:
        assert container.duration is not None
        assert abs(container.duration / av.time_base - float(str(done["length_s"]))) < 0.1
    assert done["warnings"] == []
    assert done["reels_made"] == 2


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    def plan() -> dict[str, object]:
        result = narrator("build", story, "--dry-run", "--json")
        assert result.code == 0, result.err
        [row] = json_rows(result.out)
        return row

    before = plan()
    assert not (tmp_path / BOOK).exists()
    assert (before["clips"], before["clips_to_speak"]) == (10, 9)  # “said Anna.” is there twice
    assert before["reels_to_encode"] == before["reels"] == 2
    assert narrator("build", story, "-q").code == 0
    after = plan()
    assert (after["clips_to_speak"], after["reels_to_encode"]) == (0, 0)
    assert after["characters_to_speak"] == 0
    size = (tmp_path / BOOK).stat().st_size
    assert abs(int(str(after["size_bytes"])) - size) < 10_000
    (tmp_path / "lamp.cast.toml").write_text('[characters.Bert]\nvoice = "tone edgar"\n')
    changed = plan()
    # Bert says one line, in the first chapter; and nobody has heard Edgar yet.
    assert (changed["clips_to_speak"], changed["reels_to_encode"]) == (1, 1)
    assert changed["characters_to_speak"] == len("I am never late,")
    words = narrator("build", story, "--dry-run").out
    assert "1 of 10 sentences, 16 of " in words
    assert "1 of 2 reels" in words


def test_a_changed_line_alone_is_spoken_again(narrator: Run, story: Path) -> None:
    assert narrator("build", story, "-q").code == 0
    text = story.read_text(encoding="utf-8")
    story.write_text(text.replace("I am never late", "I was never late"), encoding="utf-8")
    done = json_rows(narrator("build", story, "--json").out)[-1]
    assert (done["sentences_spoken"], done["reels_made"], done["changed"]) == (1, 1, True)


def chapter_titles(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [chapter["metadata"]["title"] for chapter in container.chapters()]


def test_chapters_are_selected_and_get_a_file_of_their_own(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    result = narrator("build", story, "--chapters", "2")
    assert result.code == 0, result.err
    assert "not selected" in " ".join(result.out.split())
    assert chapter_titles(tmp_path / "output/lamp-part.m4b") == ["Chapter 2: Dark"]
    assert not (tmp_path / BOOK).exists()
    one = narrator("build", story, "--from", "dark", "-o", "dark.m4b")
    assert one.code == 0
    assert (tmp_path / "dark.m4b").read_bytes() == (tmp_path / "output/lamp-part.m4b").read_bytes()
    refused(
        narrator("build", story, "--to", "Dawn"), 4, "'Dawn'", "1 “Chapter 1: Dusk”, 2 “Chapter 2"
    )
    refused(narrator("build", story, "--chapters", "3"), 4, "there is no 3", "2 “Chapter 2: Dark”")
    assert narrator("build", story, "--preview", "soon").code == 2


def test_a_preview_of_each_chapter_is_short_and_has_all_marks(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    assert narrator("build", story, "--preview", "2s-per-chapter").code == 0
    preview = tmp_path / "output/lamp-preview.m4b"
    assert chapter_titles(preview) == ["Chapter 1: Dusk", "Chapter 2: Dark"]
    assert narrator("build", story, "--preview", "2s").code == 0
    assert chapter_titles(preview) == ["Chapter 1: Dusk"]


ENGINE = """
from dataclasses import replace
from narrator.engines.tone import ToneEngine


class Picky:
    name = "picky"
    version = "1"
    generative = False

    def __init__(self):
        self.tone = ToneEngine()

    def voices(self):
        return tuple(replace(voice, engine="picky") for voice in self.tone.voices())

    def synthesize(self, utterance):
        if "never" in utterance.text:
            raise ValueError("I do not say never")
        voice = replace(utterance.voice, engine="tone")
        return self.tone.synthesize(replace(utterance, voice=voice))

    def close(self):
        pass
"""


@pytest.fixture
def picky(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an engine of another package, which refuses one sentence of the story."""
    site = tmp_path / "site"
    info = site / "picky-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "picky.py").write_text(ENGINE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: picky\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[narrator.engines]\npicky = picky:Picky\n")
    monkeypatch.setenv("PYTHONPATH", str(site))
    return "picky"


def test_what_cannot_be_spoken_stops_the_build_or_is_left_out(
    narrator: Run, story: Path, tmp_path: Path, picky: str
) -> None:
    result = narrator("build", story, "--engine", picky)
    refused(result, 6, "I am never late", "I do not say never", "3 times")
    assert not (tmp_path / BOOK).exists()
    result = narrator("build", story, "--engine", picky, "--keep-going")
    refused(result, 6, "1 sentence could not be spoken")
    assert "warning: chapter 1, character" in result.err
    assert "left out “I am never late,”" in result.err
    assert narrator("check", BOOK).code == 0


def begin(tmp_path: Path, story: Path) -> subprocess.Popen[bytes]:
    """A long build with processes of its own, some way into it."""
    text = story.read_text(encoding="utf-8")
    story.write_text(
        text + "".join(f"\n\nSentence {i} of a long story." for i in range(3000)),
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "narrator", "build", str(story), "--engine", "tone",
         "-o", "long.m4b", "--cache", "cache", "-j", "2"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while len(list((tmp_path / "cache" / "reel").glob("*/*"))) < 3:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    return process


def all_gone(group: int) -> bool:
    """Whether every process of a group has ended within ten seconds."""
    deadline = time.monotonic() + 10
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("how", ["kill", "interrupt", "interrupt twice"])
def test_a_build_that_is_ended_leaves_no_process_and_no_file(
    story: Path, tmp_path: Path, how: str
) -> None:
    process = begin(tmp_path, story)
    if how == "kill":
        process.kill()
    else:
        # To the whole group, as a terminal does it.
        os.killpg(process.pid, signal.SIGINT)
        if how == "interrupt twice":
            time.sleep(0.05)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == (-signal.SIGKILL if how == "kill" else 130)
    assert all_gone(process.pid)
    assert not list(tmp_path.glob("*.m4b"))
    if how != "kill":
        assert errors.decode().strip().splitlines()[-1].startswith("narrator: interrupted")
        assert not list(tmp_path.glob(".*.part"))


def test_a_format_is_named_or_follows_from_the_file(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    for args, name in (
        (("--format", "mp3"), "output/lamp.mp3"),
        (("-o", "there.opus"), "there.opus"),
        (("--format", "flac", "-o", "other/"), "other/lamp.flac"),
    ):
        result = narrator("build", story, *args)
        assert result.code == 0, result.err
        assert name in result.out
        assert narrator("check", name).code == 0
    refused = narrator("build", story, "--format", "mp3", "-o", "there.opus")
    assert refused.code == 8
    assert "ends in .mp3" in refused.err
    unknown = narrator("build", story, "--format", "mp4")
    assert unknown.code == 7
    assert "did you mean" in unknown.err


def test_the_report_lies_beside_the_book_and_its_sums_are_right(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    result = narrator("build", story)
    assert result.code == 0, result.err
    assert "lamp.report.json" in result.out
    report = json.loads((tmp_path / "output/lamp.report.json").read_text(encoding="utf-8"))
    for part in (report, *report["chapters"]):
        spoken = part["narrator"] + sum(part["cast"].values())
        assert part["source"] == spoken + sum(part["skipped"].values())
    assert report["source"] == len(story.read_text(encoding="utf-8"))


def test_a_book_for_acx_in_a_file_for_each_chapter(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    (tmp_path / "lamp.cast.toml").write_text('series = "Lights"\n', encoding="utf-8")
    result = narrator("build", story, "--preset", "acx", "--split", "chapters")
    assert result.code == 0, result.err
    assert "in 2 files" in result.out
    folder = tmp_path / "output" / "lamp"
    files = sorted(path.name for path in folder.iterdir())
    assert files == [
        "01 - Chapter 1 Dusk.mp3",
        "02 - Chapter 2 Dark.mp3",
        "lamp.m3u8",
        "lamp.report.json",
    ]
    for name in files[:2]:
        checked = narrator("check", "--preset", "acx", folder / name)
        assert "Lights" in checked.out
        failed = [row.split()[1] for row in checked.out.splitlines() if "  FAIL" in row]
        # In a chapter of five seconds, the quiet at its ends weighs too much.
        assert set(failed) <= {"RMS"}


def test_a_bit_rate_is_heeded(narrator: Run, story: Path, tmp_path: Path) -> None:
    assert narrator("build", story, "--bitrate", "24", "-o", "small.mp3").code == 0
    assert narrator("build", story, "--bitrate", "128", "-o", "large.mp3").code == 0
    sizes = [(tmp_path / name).stat().st_size for name in ("small.mp3", "large.mp3")]
    assert sizes[1] > 4 * sizes[0]
    for more in ((), ("--dry-run",)):
        refused = narrator("build", story, "--bitrate", "192", "-o", "x.mp3", *more)
        assert refused.code == 7
        assert "no 192 kbit/s at 22050 Hz" in refused.err


def test_nothing_that_a_book_is_made_from_is_written_over(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    text = story.read_bytes()

    def lost(made_from: Path, *words: str | Path) -> None:
        before = made_from.read_bytes()
        result = narrator(*words)
        assert result.code != 0
        assert "will not be overwritten" in result.err
        assert made_from.read_bytes() == before

    folder = tmp_path / "parts"
    folder.mkdir()
    part = folder / "01 - Chapter 1 Dusk.m4b"
    part.write_bytes(text)
    lost(part, "build", part, "--split", "chapters", "-o", folder)
    part.write_text("# a cast file", encoding="utf-8")
    lost(part, "build", story, "--cast", part, "--split", "chapters", "-o", folder)
    told = tmp_path / "b.report.json"
    told.write_bytes(text)
    lost(told, "build", told, "-o", "b.m4b")
    link = tmp_path / "c.report.json"
    link.symlink_to(story)
    lost(story, "build", story, "-o", "c.m4b")
    door = tmp_path / "door.wav"
    door.write_bytes(b"RIFF")
    cast = tmp_path / "lamp.cast.toml"
    cast.write_text('[sounds]\ndoor = "door.wav"\n', encoding="utf-8")
    lost(door, "build", story, "-o", door)
    lost(door, "say", "Hello.", "--story", story, "-o", door)


def test_a_preset_refuses_what_its_place_does_not_take(narrator: Run, story: Path) -> None:
    result = narrator("build", story, "--preset", "acx", "--format", "wav")
    assert result.code == 3
    assert "acx takes mp3 only: leave out --format wav" in result.err
    assert (
        narrator("build", story, "--preset", "podcast", "--format", "opus", "--dry-run").code == 0
    )


def test_a_casting_is_remembered_when_the_story_grows(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    def to_speak() -> int:
        result = narrator("build", story, "--dry-run", "--json")
        assert result.code == 0, result.err
        return int(json.loads(result.out)["clips_to_speak"])

    assert narrator("build", story).code == 0
    lines = [f'"{word} is mine," said Zoe.' for word in "ABCDEFGHI"]
    grown = "\n\n".join(["Chapter 3: Day", *lines])
    story.write_text(f"{story.read_text(encoding='utf-8')}\n{grown}\n", encoding="utf-8")
    (kept,) = (tmp_path / "cache").rglob("casting/*/*")
    before = kept.read_bytes()
    # The heading, nine lines of Zoe's, "said Zoe": nothing that was there before.
    assert to_speak() == 11
    assert kept.read_bytes() == before, "a plan remembers nothing"
    for harm in (lambda: kept.write_bytes(before[:-3]), kept.unlink):
        harm()
        assert to_speak() > 11, "the leading part goes to Zoe, and with it the voice"
    assert narrator("build", story).code == 0
    assert to_speak() == 0
