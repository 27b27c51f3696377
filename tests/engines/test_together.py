"""Engines in one process: each is there for itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ENGINES = ("command", "http", "kokoro", "piper", "pyttsx3", "tone")

_IMPORTS = """
import json, sys
from narrator.engines import load_engine
from narrator.errors import EngineError
try:
    load_engine(sys.argv[1])
except EngineError as exc:
    assert "pip install" in str(exc), exc
print(json.dumps(sorted(sys.modules)))
"""

_SPEAK = """
import hashlib, json, sys
from narrator.engines import load_engine
from narrator.engines.base import speak
engines, found = {}, []
for name in sys.argv[1:]:
    engine = engines.setdefault(name, None) or load_engine(name)
    engines[name] = engine
    sound = speak(engine, "The ferry left at nine; nobody waved.", engine.voices()[0])
    found.append(hashlib.sha256(sound.pcm.tobytes()).hexdigest())
print(json.dumps(found))
"""


def run(code: str, *args: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        env={**os.environ, "NARRATOR_VOICES": str(folder)},
        check=False,
    )
    assert not done.returncode, (done.returncode, done.stderr)
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", ENGINES)
def test_importing_one_engine_imports_no_other(name: str, tmp_path: Path) -> None:
    loaded = set(run(_IMPORTS, name, folder=tmp_path))
    modules = {
        "command": {"narrator.engines.command"},
        "http": {"narrator.engines.http"},
        "kokoro": {"narrator.engines.kokoro_engine", "kokoro_onnx", "phonemizer"},
        "piper": {"narrator.engines.piper_engine", "piper"},
        "pyttsx3": {"narrator.engines.pyttsx3_engine", "pyttsx3"},
        "tone": {"narrator.engines.tone"},
    }
    for other in ENGINES:
        if other != name:
            assert not loaded & modules[other], other


@pytest.mark.parametrize("first", ["pyttsx3", "piper", "kokoro"])
def test_engines_that_hold_espeak_each_keep_their_own(first: str, tiny_voices: Path) -> None:
    # Three copies of eSpeak NG in one process: one that takes another's functions crashes.
    for package in ("piper", "kokoro_onnx"):
        pytest.importorskip(package, reason=f"{package} is not installed")
    names = [first, *(name for name in ("pyttsx3", "piper", "kokoro") if name != first)]
    alone = [run(_SPEAK, name, folder=tiny_voices)[0] for name in names]
    assert run(_SPEAK, *names, *names, folder=tiny_voices) == alone + alone
