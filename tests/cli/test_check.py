from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_check_judges_by_a_preset(narrator: Run, story: Path) -> None:
    assert narrator("build", story).code == 0
    result = narrator("check", "--preset", "acx", "output/lamp.m4b")
    assert result.code == 9
    assert "FAIL  codec" in result.out
    assert "aac" in result.out
    assert "pass  noise floor" in result.out
    assert "not fit for acx: codec, sample rate" in result.err
    # The file itself is in order.
    assert "fault" not in result.err
    assert narrator("check", "output/lamp.m4b").code == 0


def test_an_unknown_preset_is_refused(narrator: Run, story: Path) -> None:
    result = narrator("check", "--preset", "axc", story)
    assert result.code == 3
    assert "no preset 'axc'" in result.err
