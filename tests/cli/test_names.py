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


@pytest.mark.parametrize(
    ("command", "option", "code"),
    [
        ("cast", (), 8), ("review", (), 8), ("build", ("-o", "{}.m4b"), 8),
        ("say", ("-o", "{}.wav"), 8),
        ("audition", ("-o", "{}"), 8), ("review", ("--export", "{}"), 8), ("play", (), 8),
        ("chapters", ("--exclude", "1", "--cast", "{}"), 3), ("cast", ("--cast-from", "{}"), 3),
        ("review", ("--import", "{}"), 5), ("words", ("--export-pls", "{}.pls"), 8),
    ],
)  # fmt: skip
def test_a_name_that_is_too_long_is_told_in_a_line(
    narrator: Run, tmp_path: Path, command: str, option: tuple[str, ...], code: int
) -> None:
    stem = "s" if option else "x" * 248
    story = tmp_path / f"{stem}.txt"
    story.write_text("One\n\nIt rained.\n\n\u201cSo?\u201d said Ann.\n\n\u201cOh.\u201d\n")
    about: dict[str, str | Path] = {"say": "Hello.", "audition": "Tone Bella", "play": "y" * 300}
    options = [each.format("z" * 300) for each in option]
    result = narrator(command, about.get(command, story), *options, keys="1\nq\n")
    said = result.out if command == "review" and not option else result.err
    assert "fault of Narrator's own" not in result.err
    assert "too long" in said or (command == "play" and "no such file" in said), said
    assert result.code == (0 if said is result.out else code), result.err
