from __future__ import annotations

import wave
from pathlib import Path

from tests.cli.conftest import Run


def test_voices_are_listed_and_sampled(narrator: Run, tmp_path: Path) -> None:
    result = narrator("voices", "--sample", tmp_path / "samples")
    assert result.code == 0, result.err
    names = [line.split("  ")[1].strip() for line in result.out.splitlines() if "Tone" in line]
    files = sorted((tmp_path / "samples").iterdir())
    assert len(files) == len(names) == len(set(names)) >= 12
    for path in files:
        with wave.open(str(path)) as file:
            assert file.getnframes() > file.getframerate()


def test_help_shows_an_example(narrator: Run) -> None:
    for command in ("build", "script", "cast", "voices", "check"):
        result = narrator(command, "--help")
        assert result.code == 0
        assert f"narrator {command}" in result.out.split("Example")[1]
    assert "narrator build" in narrator("--help").out
    assert "narrator, version" in narrator("--version").out


def test_distances_are_printed_and_drawn(narrator: Run, tmp_path: Path) -> None:
    picture = tmp_path / "out" / "voices.png"
    result = narrator("voices", "--matrix", "--out", picture)
    assert result.code == 0, result.err
    assert "18 voices, 153 pairs" in result.out
    table = result.out.partition(str(picture))[0]
    assert max(map(len, table.splitlines())) <= 80
    assert picture.read_bytes().startswith(b"\x89PNG")
    few = narrator("voices", "--matrix", "tone alma", "Tone Amos", "Tone Ivy")
    assert few.code == 0, few.err
    rows = [row for row in few.out.splitlines() if row.startswith(" Tone")]
    assert len(rows) == 3
    assert all(row.count(" 0.0") == 1 for row in rows)


def test_measured_voices_are_written_where_they_are_found_again(
    narrator: Run, tmp_path: Path
) -> None:
    file = tmp_path / "tone.toml"
    result = narrator("voices", "--measure", "--out", file)
    assert result.code == 0, result.err
    once = file.read_bytes()
    assert once.count(b"[[voice]]") == 18
    assert narrator("voices", "--measure", "--out", file).code == 0
    assert file.read_bytes() == once


def test_options_that_do_not_go_together_are_refused(narrator: Run) -> None:
    assert narrator("voices", "--matrix", "--measure").code == 2
    assert "--out goes with" in narrator("voices", "--out", "x.png").err
    assert ".png" in narrator("voices", "--matrix", "--out", "x.jpg").err
    wrong = narrator("voices", "--matrix", "Tone Alme")
    assert wrong.code != 0
    assert "'Tone Alma'" in wrong.err


def test_it_says_what_each_engine_has_and_what_it_lacks(narrator: Run, tmp_path: Path) -> None:
    result = narrator("voices", "--engines", environ={"NARRATOR_VOICES": str(tmp_path / "mine")})
    assert result.code == 0, result.err
    assert "tone      18 voices: Tone Alma, Tone Amos, Tone Bella, ..." in result.out
    told = " ".join(result.out.split())
    assert "http no speech server is named: set url in [engines.http]" in told
    # The package is missing, or a voice is: either way a command helps.
    assert "pip install 'narrator[piper]'" in told or "narrator voices install PATH" in told
