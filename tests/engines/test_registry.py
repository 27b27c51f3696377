import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from narrator import engines
from narrator.engines import available_voices, engine_names, load_engine
from narrator.engines.tone import ToneEngine
from narrator.errors import EngineError


def with_entries(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    points = EntryPoints(
        EntryPoint(name=name, value=value, group=engines.GROUP) for name, value in values.items()
    )
    monkeypatch.setattr(engines, "entry_points", lambda *, group: points.select(group=group))


def test_the_shipped_engines_have_names() -> None:
    assert {"pyttsx3", "tone"} <= set(engine_names())
    assert engines.DEFAULT_ENGINE in engine_names()


def test_an_unknown_name_is_refused_with_the_nearest_right_one() -> None:
    with pytest.raises(EngineError, match="'pyttsx'; did you mean 'pyttsx3'"):
        load_engine("pyttsx")
    with pytest.raises(EngineError, match=r"there are: .*pyttsx3, tone"):
        load_engine("zzzz")


def test_another_package_can_add_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    with_entries(monkeypatch, hum="narrator.engines.tone:ToneEngine")
    assert "hum" in engine_names()
    assert isinstance(load_engine("hum"), ToneEngine)


def test_another_package_cannot_take_over_a_shipped_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    with_entries(monkeypatch, tone="nowhere:nothing")
    assert isinstance(load_engine("tone"), ToneEngine)


def test_an_engine_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with_entries(monkeypatch, broken="no_such_package:Engine")
    with pytest.raises(EngineError, match=r"'broken' \(no_such_package:Engine\).*No module"):
        load_engine("broken")


def test_the_voices_on_this_machine_come_best_first(monkeypatch: pytest.MonkeyPatch) -> None:
    voices = available_voices("tone")
    assert [voice.rank for voice in voices] == list(range(len(voices)))
    monkeypatch.setattr(ToneEngine, "voices", lambda self: tuple(reversed(voices)))
    assert available_voices("tone") == voices
    monkeypatch.setattr(ToneEngine, "voices", lambda self: ())
    with pytest.raises(EngineError, match="'tone' has no voice"):
        available_voices("tone")


def test_asking_for_names_imports_no_engine_and_no_numpy() -> None:
    code = (
        "import sys, narrator.engines as e, narrator.bank; e.engine_names(); "
        "print([m for m in ('numpy', 'av', 'pyttsx3', 'narrator.engines.tone', "
        "'narrator.engines.pyttsx3_espeak') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
