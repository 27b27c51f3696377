"""Attributors of other packages."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from narrator.attribute import registry
from narrator.attribute.registry import GROUP, load_attributor
from narrator.castfile import CastFile
from narrator.errors import ConfigError, StoryError
from narrator.model import Book, Character, Line, Script, Segment, SegmentKind
from narrator.store import Cache
from narrator.story import load_script

_STORY = "“Who is it?” asked Nora.\n\n“Nobody,” said Elby.\n"
_ECHO = Character(id="echo", name="Echo")


def echo(book: Book, segments: tuple[Segment, ...]) -> Script:
    """Gives every line of speech to one character."""
    lines = tuple(
        Line(
            segment=segment,
            speaker="echo" if segment.kind is SegmentKind.DIALOGUE else "narrator",
            confidence=1.0,
            reason="an echo",
        )
        for segment in segments
    )
    return Script(book=book, characters=(_ECHO,), lines=lines)


def short(book: Book, segments: tuple[Segment, ...]) -> Script:
    """Forgets a line."""
    script = echo(book, segments)
    return replace(script, lines=script.lines[1:])


def stranger(book: Book, segments: tuple[Segment, ...]) -> Script:
    """Gives lines to somebody it does not tell of."""
    return replace(echo(book, segments), characters=())


def broken(book: Book, segments: tuple[Segment, ...]) -> Script:
    """Fails."""
    raise ZeroDivisionError("of a kind")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        EntryPoint(name=name, value=f"{__name__}:{name}", group=GROUP)
        for name in ("echo", "short", "stranger", "broken", "absent")
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: entries if group == GROUP else [])


def choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'attributor = "{name}"\n', encoding="utf-8")
    monkeypatch.setenv("NARRATOR_CONFIG", str(config))


def speakers(path: Path, cache: Cache) -> list[str]:
    script = load_script(path, CastFile(), cache)
    return [str(line.speaker) for line in script.lines if line.segment.kind is SegmentKind.DIALOGUE]


@pytest.mark.usefixtures("installed")
def test_the_users_choice_is_obeyed_and_remembered_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = tmp_path / "story.txt"
    story.write_text(_STORY, encoding="utf-8")
    cache = Cache(root=tmp_path / "cache")
    assert speakers(story, cache) == ["nora", "elby"]
    choose(tmp_path, monkeypatch, "echo")
    assert speakers(story, cache) == ["echo", "echo"]
    choose(tmp_path, monkeypatch, "rules")
    assert speakers(story, cache) == ["nora", "elby"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("short", "gave lines that are not the segments"),
        ("stranger", "gave a line to 'echo', who is none of its characters"),
        ("broken", "failed: ZeroDivisionError: of a kind"),
    ],
)
def test_what_another_package_does_wrong_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    story = tmp_path / "story.txt"
    story.write_text(_STORY, encoding="utf-8")
    choose(tmp_path, monkeypatch, name)
    with pytest.raises(StoryError, match=said):
        load_script(story, CastFile())


@pytest.mark.usefixtures("installed")
def test_an_attributor_that_is_not_there_is_a_fault_of_the_config() -> None:
    with pytest.raises(ConfigError, match=r"'ecko'; did you mean 'echo'"):
        load_attributor("ecko")
    with pytest.raises(ConfigError, match=r"'absent' .* cannot be loaded"):
        load_attributor("absent")
