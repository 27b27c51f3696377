"""A long story is prepared in a process of its own: nothing else about it is different."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import cast as typed

import pytest

from narrator.cli import preparing
from narrator.cli.preparing import Errand, Prepared, errand_for, prepared
from narrator.cli.source import Source
from narrator.cli.voicing import load_voicing
from narrator.errors import StoryError
from narrator.mix import MixConfig
from narrator.model import Role, Take
from narrator.orders import VoiceLevel, VoiceOrder, voice_order
from narrator.plan import voice_orders
from narrator.selection import Preview, Selection
from narrator.spool import Spool
from narrator.store import Cache
from narrator.walk import Measuring
from tests.test_sounds import tone, write_wav

CAST = '[characters.Bert]\nvoice = "tone edgar" # mine\n[pronounce]\nlamp = "lahmp"\n'


def errand(story: Path, folder: Path, selection: Selection | None = None) -> Errand:
    return errand_for(
        Source(story=story),
        series_path=None,
        engine_name="tone",
        selection=selection or Selection(),
        cache=Cache(root=folder),
    )


def both(
    wanted: Errand, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[Prepared, list[object]], tuple[Prepared, list[object]]]:
    found = []
    for most in (preparing.LONG_BYTES, 0):
        monkeypatch.setattr(preparing, "LONG_BYTES", most)
        with prepared(wanted) as ready:
            found.append((ready, [list(ready.takes), ready.script()]))
    here, there = found
    return here, there


@pytest.mark.parametrize(
    "selection", [Selection(), Selection(first="2"), Selection(preview=Preview(seconds=3.0))]
)
def test_another_process_finds_the_same(
    selection: Selection, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.with_name("lamp.cast.toml").write_text(CAST, encoding="utf-8")
    (here, values), (there, others) = both(errand(story, tmp_path / "c", selection), monkeypatch)
    assert isinstance(there.takes, Spool)
    assert isinstance(there.kept, Spool)
    assert others == values
    for name in ("book", "characters", "cast", "ledger", "warnings", "engine", "given"):
        assert getattr(there, name) == getattr(here, name), name
    assert not any((tmp_path / "c" / "scratch").iterdir())


def test_marked_sounds_come_from_another_process_too(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = f'{CAST}[reading]\nmarkup = true\n[sounds]\nclick = "click.wav"\n'
    story.with_name("lamp.cast.toml").write_text(cast, encoding="utf-8")
    write_wav(story.with_name("click.wav"), tone(2000.0, 0.3))
    text = story.read_text(encoding="utf-8").replace("He put", "{sound click}{sound owl}He put")
    story.write_text(text, encoding="utf-8")
    (here, values), (there, others) = both(errand(story, tmp_path / "c"), monkeypatch)
    assert others == values
    assert "{sound click}" in [take.shown for take in typed("list[Take]", others[0])]
    assert here.warnings == there.warnings
    assert "{sound owl} is passed over" in there.warnings[0]


def test_what_is_wrong_is_said_as_ever(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "LONG_BYTES", 0)
    story.write_text("* * *\n", encoding="utf-8")
    with (
        pytest.raises(StoryError, match="there is nothing to speak"),
        prepared(errand(story, tmp_path / "c")),
    ):
        pass


def test_the_book_and_its_report_are_the_same(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from narrator.cli import cli

    made = []
    for most in (preparing.LONG_BYTES, 0):
        monkeypatch.setattr(preparing, "LONG_BYTES", most)
        folder = tmp_path / str(most)
        words = ["build", str(story), "-o", str(folder / "b.m4b"), "--cache", str(folder / "c")]
        result = CliRunner().invoke(cli, [*words, "--engine", "tone", "--jobs", "1"])
        assert result.exit_code == 0, result.output
        report = json.loads((folder / "b.report.json").read_bytes())
        made.append(((folder / "b.m4b").read_bytes(), report))
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("selection", "most_bytes", "met"),
    [
        (Selection(), preparing.LONG_BYTES, True),
        (Selection(first="2"), preparing.LONG_BYTES, True),
        (Selection(preview=Preview(seconds=3.0)), preparing.LONG_BYTES, False),
        (Selection(), 0, False),
    ],
)
def test_who_speaks_is_met_before_it_is_known_what(
    selection: Selection,
    most_bytes: int,
    met: bool,
    story: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story.with_name("lamp.cast.toml").write_text(CAST, encoding="utf-8")
    monkeypatch.setattr(preparing, "LONG_BYTES", most_bytes)
    mix = MixConfig()
    known: list[set[VoiceOrder]] = []

    def meet(roles: Iterable[Role]) -> Measuring:
        known.append({voice_order(role.voice, role.delivery, mix) for role in roles})
        return dict.fromkeys(known[-1], VoiceLevel(gain_db=0.0, sample_rate_hz=8000))

    with prepared(errand(story, tmp_path / "c", selection), meet) as ready:
        spoken = set(voice_orders(ready.takes, mix))
    assert known == ([spoken] if met else [])
    assert set(ready.measuring) == (spoken if met else set())


def test_a_pitch_that_a_voice_cannot_have_is_told(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.with_name("lamp.cast.toml").write_text(
        '[narrator]\npitch = 2\n[characters.Bert]\nvoice = "tone edgar"\npitch = -6\n',
        encoding="utf-8",
    )
    with prepared(errand(story, tmp_path / "c")) as ready:
        assert ready.warnings == ()

    found = load_voicing("tone")
    voices = tuple(replace(voice, controls=("rate",)) for voice in found.voices)
    monkeypatch.setattr(preparing, "load_voicing", lambda name: replace(found, voices=voices))
    with prepared(errand(story, tmp_path / "c")) as ready:
        assert ready.warnings == (
            "Bert: the voice 'Tone Edgar' cannot be moved by -6 semitones, and is moved by -3",
        )
