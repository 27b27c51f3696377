from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_chapters_are_listed_left_out_and_taken_in_again(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    listed = narrator("chapters", story)
    assert listed.code == 0, listed.err
    assert "Chapter 1: Dusk" in listed.out
    assert "2 of 2 chapters read: " in listed.out
    assert all(len(row) <= 80 for row in listed.out.splitlines())

    left_out = narrator("chapters", story, "--exclude", "dusk")
    assert "1 of 2 chapters read" in left_out.out
    assert 'exclude = ["Chapter 1: Dusk"]' in (tmp_path / "lamp.cast.toml").read_text()
    rows = [json.loads(row) for row in narrator("chapters", story, "--json").out.splitlines()]
    assert [row["excluded"] for row in rows] == [True, False]

    built = narrator("build", story, "--json")
    done = json.loads(built.out.splitlines()[-1])
    assert [chapter["title"] for chapter in done["chapters"]] == ["Chapter 2: Dark"]

    again = narrator("chapters", story, "--include", "1")
    assert "2 of 2 chapters read" in again.out
    wrong = narrator("chapters", story, "--exclude", "Dawn")
    assert wrong.code == 4
    assert "no chapter 'Dawn': the chapters are 1 “Chapter 1: Dusk”" in wrong.err
