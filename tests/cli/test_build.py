from __future__ import annotations

import sys
from pathlib import Path

import av
import pytest
from mutagen.mp4 import MP4

from tests.cli.conftest import Run

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
    tags = MP4(book)
    assert tags["\xa9nam"] == ["The Lamp"]
    assert [chapter.title for chapter in tags.chapters] == titles
    assert narrator("check", BOOK).code == 0


def test_a_second_build_makes_nothing_anew_and_gives_the_same_bytes(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    first = narrator("build", story)
    data = (tmp_path / BOOK).read_bytes()
    second = narrator("build", story)
    assert "2 of 2 reels made anew" in first.out
    assert "0 of 2 reels made anew" in second.out
    assert (tmp_path / BOOK).read_bytes() == data
    elsewhere = narrator("build", story, "--cache", tmp_path / "other", "-o", tmp_path, "-j", "1")
    assert elsewhere.code == 0
    assert (tmp_path / "lamp.m4b").read_bytes() == data


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
    assert MP4(tmp_path / BOOK)["\xa9nam"] == ["The Other Lamp"]


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
