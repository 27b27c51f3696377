from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def taken(folder: Path) -> int:
    kinds = [path for path in folder.iterdir() if path.name != "parts"]
    return sum(path.stat().st_size for kind in kinds for path in kind.rglob("*") if path.is_file())


def test_the_cache_is_shown_and_pruned_and_a_build_gives_the_same_bytes(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "kept"
    assert narrator("build", story, "--cache", cache, "-q").code == 0
    data = (tmp_path / "output/lamp.m4b").read_bytes()
    shown = narrator("cache", "--cache", cache)
    assert shown.code == 0
    rows = {line.split()[0]: line.split()[1] for line in shown.out.splitlines()[1:]}
    assert rows["clip"] == "9"
    assert rows["reel"] == rows["sheet"] == "2"
    before = taken(cache)
    half = narrator("cache", "--cache", cache, "prune", "--max-size", f"{before // 2}")
    assert half.code == 0
    assert before // 4 < taken(cache) <= before // 2
    assert narrator("build", story, "--cache", cache, "-q").code == 0
    assert (tmp_path / "output/lamp.m4b").read_bytes() == data
    assert "files removed" in narrator("cache", "--cache", cache, "prune", "--max-size", "0").out
    left = [path for path in cache.rglob("*") if path.is_file()]
    assert {path.relative_to(cache).parts[0] for path in left} == {"casting"}


def test_pruning_casts_nobody_anew(narrator: Run, story: Path, tmp_path: Path) -> None:
    def cast() -> set[str]:
        done = narrator("build", story, "--cache", tmp_path / "kept")
        rows = done.out.partition("Cast\n")[2].partition("\n\n")[0].splitlines()
        return {" ".join(row.split()[:2]) for row in rows}

    before = cast()
    # The newcomers speak most, and would get the best voices.
    lines = [f'"{word} is mine," said Zoe.\n\n"No," said Tom.' for word in "ABCDEFGHI"]
    text = story.read_text(encoding="utf-8")
    story.write_text("\n\n".join([text, *lines]) + "\n", encoding="utf-8")
    assert narrator("cache", "--cache", tmp_path / "kept", "prune", "--max-size", "0").code == 0
    assert before < cast()


def test_an_empty_cache_is_shown(narrator: Run, tmp_path: Path) -> None:
    result = narrator("cache", "--cache", tmp_path / "none")
    assert result.code == 0
    assert "0 bytes" in result.out
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("size", ["much", "-1", "2XB", "", "1e9"])
def test_a_size_that_is_none_is_refused(narrator: Run, tmp_path: Path, size: str) -> None:
    result = narrator("cache", "--cache", tmp_path, "prune", "--max-size", size)
    assert result.code == 2
    assert "give one like 2GB" in result.err
