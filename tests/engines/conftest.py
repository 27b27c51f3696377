"""Neural engines with tiny models, in a folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrator.personal import VOICES_VARIABLE


@pytest.fixture
def voices_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder of voices, empty."""
    folder = tmp_path / "voices"
    monkeypatch.setenv(VOICES_VARIABLE, str(folder))
    return folder


@pytest.fixture(scope="session")
def tiny_voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of voices with tiny models of every neural engine."""
    pytest.importorskip("onnx", reason="onnx is not installed")
    from tests.engines.models import write_kokoro, write_piper

    folder = tmp_path_factory.mktemp("voices")
    write_piper(folder / "piper" / "en_US-tiny-low.onnx")
    write_piper(
        folder / "piper" / "en_GB-many-low.onnx",
        speakers=("p01", "p02", "p03"),
        sample_rate_hz=16_000,
        language="en_GB",
    )
    write_kokoro(folder / "kokoro", {"af_sarah": 210, "am_adam": 110, "bf_emma": 190})
    return folder
