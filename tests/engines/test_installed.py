"""How workers share memory and threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrator.engines import load_engine
from narrator.engines.installed import largest_model_mb, refuse_too_large, share_memory
from narrator.errors import EngineError


def model(folder: Path, name: str, megabytes: int) -> Path:
    path = folder / "piper" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(megabytes * 1_000_000)  # a hole: it takes no room on the disk
    return path


def test_no_more_workers_than_have_room_for_the_largest_model(voices_folder: Path) -> None:
    assert share_memory(1000, 8) == (6, 16)
    model(voices_folder, "small.onnx", 10)
    model(voices_folder, "large.onnx", 100)
    assert largest_model_mb() == 700
    assert share_memory(1700, 8) == (2, 700)
    assert share_memory(8000, 4) == (4, 1850)
    assert share_memory(300, 8) == (1, 150)


def test_a_model_beyond_a_workers_share_is_refused(voices_folder: Path) -> None:
    path = model(voices_folder, "large.onnx", 100)
    refuse_too_large(path, 700)
    with pytest.raises(EngineError, match=r"large.onnx: the model takes about 700 MB.*has 699 MB"):
        refuse_too_large(path, 699)


def test_engines_get_their_share_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[dict[str, object]] = []

    def load(threads: int = 0, memory_mb: int = 0, **rest: object) -> object:
        given.append({"threads": threads, "memory_mb": memory_mb, **rest})
        return object()

    monkeypatch.setattr("narrator.engines._loader", lambda name: load)
    load_engine("any", threads=3, memory_mb=500)
    load_engine("any", (("any", (("threads", 7),)),), threads=3)
    load_engine("any")
    assert given == [
        {"threads": 3, "memory_mb": 500},
        {"threads": 7, "memory_mb": 0},
        {"threads": 0, "memory_mb": 0},
    ]


def test_engines_without_such_options_start_as_well() -> None:
    assert load_engine("tone", threads=3, memory_mb=9).name == "tone"
