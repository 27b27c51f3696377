"""Values flow one way: no module imports a later stage, and the text half imports no sound."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import narrator

ROOT = Path(narrator.__file__).parent

# A module may import from its own rank and from those before it.
RANKS = (
    ("errors", "model"),
    ("config", "plugins", "cuts"),
    ("store", "heap", "tomlplace"),
    ("spool",),
    ("fetch",),
    ("read", "sentences"),
    ("segment",),
    ("attribute",),
    ("normalise",),
    ("memo",),
    ("castfile", "bank", "direction", "pronounce", "markup", "picture"),
    ("given", "mismarks"),
    ("weave",),
    ("timbre", "scenes", "accent", "speakers"),
    ("casting",),
    ("cast", "personal", "series"),
    ("castwrite", "corrections"),
    ("castedit",),
    ("review", "schema"),
    ("example",),
    ("direct",),
    ("ledger",),
    ("concerns",),
    ("report",),
    ("story", "reels"),
    ("opening",),
    ("selection",),
    ("choosing",),
    ("engines",),
    ("loudness", "mix", "encode", "presets", "check", "guard", "listen", "install"),
    ("clips", "watch", "orders", "playback"),
    ("sounds",),
    ("live",),
    ("speak",),
    ("workshop",),
    ("plan", "walk", "split", "timeline"),
    ("bind",),
    ("build",),
    ("cli",),
    ("__init__", "__main__"),
)
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}
FIRST_WITH_SOUND = RANK["engines"]
SOUND = {"numpy", "av", "pydub", "pyttsx3", "mutagen", "espeakng_loader", "miniaudio"}

MODULES = sorted(ROOT.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            if node.module == "narrator":
                found.update(f"narrator.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_imports_a_later_stage(path: Path) -> None:
    assert part_of(path) in RANK, f"{part_of(path)} has no place in the order; give it one"
    for name in imports_of(path):
        top, _, rest = name.partition(".")
        if top != "narrator" or not rest or rest.startswith("__"):
            continue
        other = rest.split(".")[0]
        assert RANK[other] <= RANK[part_of(path)], f"{name} comes after {part_of(path)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_text_half_imports_no_sound(path: Path) -> None:
    if RANK[part_of(path)] < FIRST_WITH_SOUND:
        assert not SOUND & {name.split(".")[0] for name in imports_of(path)}


def test_only_the_command_line_prints() -> None:
    for path in MODULES:
        if part_of(path) != "cli":
            calls = [
                node.func.id
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            ]
            assert "print" not in calls, path
