"""Running the real command, with the fake engine, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

STORY = """\
The Lamp

by N. N.

Chapter 1: Dusk

Anna lit the lamp and looked at her brother.

"You are late, Bert," said Anna.

"I am never late," said Bert.

Chapter 2: Dark

"Put it out," said Anna.

He put it out.
"""


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """A little story in an empty folder."""
    path = tmp_path / "lamp.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


_WITH_ENGINE = ("build", "cast", "review", "voices", "say", "audition", "words")


@pytest.fixture
def narrator(tmp_path: Path) -> Run:
    """Runs ``narrator`` in `tmp_path`; commands that take an engine get the fake one."""

    def run(
        *args: str | Path,
        file_limit: int | None = None,
        columns: int = 80,
        environ: dict[str, str] | None = None,
        keys: str = "",
    ) -> Result:
        words = [str(arg) for arg in args]
        if words[0] in ("build", "cast", "review", "voices", "say", "audition", "words") and not (
            {"--engine", "install"} & set(words)
        ):
            words += ["--engine", "tone"]
        environment = {
            **os.environ,
            "HOME": str(tmp_path / "home"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "LOCALAPPDATA": str(tmp_path / "cache"),
            "COLUMNS": str(columns),
            "PYTHONUTF8": "1",
            "NARRATOR_SOUND": "off",
            **(environ or {}),
        }

        def limit() -> None:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit or 0, file_limit or 0))

        done = subprocess.run(
            [sys.executable, "-m", "narrator", *words],
            cwd=tmp_path,
            env=environment,
            input=keys,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            preexec_fn=limit if file_limit is not None else None,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Result(code=done.returncode, out=done.stdout, err=done.stderr)

    return run
