"""The engine in docs/ENGINES.md, as it stands there."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import narrator

TEXT = Path(narrator.__file__).parents[1] / "docs" / "ENGINES.md"


def documented(language: str, containing: str) -> str:
    """The block of the page in this language that holds this."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", TEXT.read_text("utf-8"), re.M | re.S)
    found: list[str] = blocks
    return next(block for block in found if containing in block)


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the page's engine known, by its own entry point."""
    import tomllib
    from importlib.metadata import EntryPoint, EntryPoints

    from narrator import engines

    module = ModuleType("narrator_buzz")
    exec(compile(documented("python", "class BuzzEngine"), str(TEXT), "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "narrator_buzz", module)
    entries = tomllib.loads(documented("toml", "entry-points"))["project"]["entry-points"]
    points = EntryPoints(
        EntryPoint(name=name, value=value, group=group)
        for group, values in entries.items()
        for name, value in values.items()
    )
    monkeypatch.setattr(engines, "entry_points", lambda *, group: points.select(group=group))


def test_it_has_forty_lines() -> None:
    code = documented("python", "class BuzzEngine").splitlines()
    assert len([line for line in code if line.strip()]) <= 40


def test_its_options_are_those_of_the_config(monkeypatch: pytest.MonkeyPatch) -> None:
    from narrator.engines import load_engine
    from narrator.engines.base import speak
    from narrator.errors import EngineError

    install(monkeypatch)
    soft = load_engine("buzz", (("buzz", (("loudness", 0.1),)),))
    loud = load_engine("buzz")
    assert soft.version != loud.version
    levels = [abs(speak(each, "Well.", each.voices()[0]).pcm).max() for each in (soft, loud)]
    assert levels == pytest.approx([3277, 9830], rel=0.01)
    with pytest.raises(EngineError, match=r"no option 'loudnes'; did you mean 'loudness'"):
        load_engine("buzz", (("buzz", (("loudnes", 0.1),)),))


def test_it_speaks_a_book(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from narrator.build import build
    from narrator.encode import Tags
    from narrator.engines import find_voices
    from narrator.model import Span, Take
    from narrator.plan import BuildConfig
    from narrator.store import Cache
    from narrator.workshop import close_studio

    install(monkeypatch)
    voices = find_voices(["Bee", "buzz:Hornet", "tone:Tone Alma"])
    assert [voice.engine for voice in voices.values()] == ["buzz", "buzz", "tone"]
    takes = [
        Take(
            chapter=0,
            segment=index,
            span=Span(0, 1),
            text=f"This is sentence {index}, said by {name}.",
            speaker="x",
            voice=voice,
            pause_ms=300,
            mark="One" if index == 0 else None,
        )
        for index, (name, voice) in enumerate(voices.items())
    ]
    with ThreadPoolExecutor(1) as executor:
        built = build(
            takes,
            tmp_path / "book.flac",
            tags=Tags(title="T"),
            cache=Cache(root=tmp_path / "cache"),
            config=BuildConfig(encoder="flac", jobs=1),
            executor=executor,
        )
        executor.submit(close_studio).result()
    assert not built.mute
    assert built.clips_spoken == 3
    assert built.audiobook.timeline.sample_rate_hz == 24_000
