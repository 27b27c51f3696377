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
