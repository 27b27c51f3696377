from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import STORY, Run


def test_json_lines_tile_the_file(narrator: Run, story: Path) -> None:
    result = narrator("script", story, "--json")
    assert result.code == 0, result.err
    rows = [json.loads(line) for line in result.out.splitlines()]
    assert rows[0]["type"] == "book"
    assert rows[0]["title"] == "The Lamp"
    assert rows[0]["author"] == "N. N."
    people = {row["name"]: row for row in rows if row["type"] == "character"}
    assert set(people) == {"Anna", "Bert"}
    assert people["Anna"]["gender"] == "female"
    segments = [row for row in rows if row["type"] == "segment"]
    assert [row["type"] for row in rows] == ["book"] + ["character"] * 2 + ["segment"] * len(
        segments
    )
    assert segments[0]["start"] == 0
    assert segments[-1]["end"] == len(STORY)
    assert all(a["end"] == b["start"] for a, b in itertools.pairwise(segments))
    said = [(STORY[s["start"] : s["end"]].strip(), s["speaker"]) for s in segments]
    assert ('"You are late, Bert,"', "Anna") in said
    assert ('"I am never late,"', "Bert") in said
    assert {s["kind"] for s in segments} == {"skipped", "heading", "narration", "dialogue"}
    assert all(s["reason"] for s in segments if s["kind"] in ("skipped", "dialogue"))


def test_the_script_fits_eighty_columns_and_names_the_speakers(narrator: Run, story: Path) -> None:
    result = narrator("script", story, "--reasons")
    assert all(len(line) <= 80 for line in result.out.splitlines())
    assert 'Anna "You are late, Bert,"' in result.out
    assert "Chapter 2: Dark" in result.out
    assert "3 lines of speech" in result.out
    assert "\x1b[" not in result.out


def test_a_reader_that_goes_away_is_no_error(narrator: Run, story: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text(STORY * 300, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "narrator", "script", str(long)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) in (0, 1)  # 1 is what Click makes of a broken pipe
    assert errors == b""


def test_a_story_in_which_nobody_speaks_is_remarked_on(narrator: Run, tmp_path: Path) -> None:
    (tmp_path / "play.txt").write_text("MARGARET: You had it.\n\nJOHN: I did not.\n")
    result = narrator("script", "play.txt")
    assert result.code == 0
    assert "warning: no speech was found" in result.err


def test_the_command_line_says_whether_the_authors_marks_count(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    story.write_text(
        STORY.replace("Anna lit", "{speaker Carl}{pause 2s}Anna lit"), encoding="utf-8"
    )
    assert "{pause 2s}" in narrator("script", story).out
    assert "{pause" not in narrator("script", story, "--markup").out
    (tmp_path / "lamp.cast.toml").write_text("[reading]\nmarkup = true\n", encoding="utf-8")
    assert "{pause" not in narrator("script", story).out
    assert "{pause 2s}" in narrator("script", story, "--no-markup").out
    for command in ("chapters", "words", "cast"):
        plain = narrator(command, story, "--no-markup").out
        assert narrator(command, story, "--markup").out != plain
    built = narrator("build", story, "--markup", "--dry-run", "--json")
    assert (
        json.loads(built.out)["characters"]
        < json.loads(narrator("build", story, "--no-markup", "--dry-run", "--json").out)[
            "characters"
        ]
    )
