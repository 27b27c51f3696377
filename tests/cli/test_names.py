"""Whatever a story is called, a build writes in its output folder alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.read.builders import epub, xhtml

_BODY = xhtml("<h2>One</h2><p>It rained.</p><h2>Two</h2><p>“So?” said Ann.</p>")
_TITLES = ("../../x", "/etc/passwd", "CON", "x" * 300, "🦊 “what”?", "a\nb", ".", "-o")


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("title", _TITLES, ids=range(len(_TITLES)))
def test_a_title_leads_nowhere(narrator: Run, tmp_path: Path, title: str) -> None:
    said = f"<dc:title>{title}</dc:title><dc:creator>{title}</dc:creator>"
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "mill.epub").write_bytes(epub({"a.xhtml": _BODY}, metadata=said))
    before = _files(tmp_path)
    result = narrator("build", inner / "mill.epub", "-o", "out/")
    assert result.code == 0, result.err
    new = {name for name in _files(tmp_path) - before if "cache" not in name.lower()}
    assert any(name.startswith("out/mill.") for name in new)
    # The cast file stands beside the story.
    assert all(name.startswith(("out/mill.", "inner/mill.cast.toml")) for name in new), new


@pytest.mark.parametrize("stem", ["🦊 “what”?", "-o", "CON", "a.b..", "x" * 245, "x" * 251])
def test_a_file_may_have_any_name(narrator: Run, tmp_path: Path, stem: str) -> None:
    (tmp_path / f"{stem}.txt").write_text("It rained.\n")
    before = _files(tmp_path)
    result = narrator("build", tmp_path / f"{stem}.txt", "-o", "out/")
    assert "fault of Narrator's own" not in result.err
    assert result.code == 0 or "too long" in result.err, result.err
    new = {name for name in _files(tmp_path) - before if "cache" not in name.lower()}
    assert all(name.startswith(("out/", stem)) for name in new), new
