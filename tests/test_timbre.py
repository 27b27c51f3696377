from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.bank import bank_files, read_bank, voices_home
from narrator.errors import ConfigError
from narrator.model import Age, Gender
from narrator.timbre import (
    COEFFICIENTS,
    NOTHING_MEASURED,
    Timbre,
    distance,
    fingerprint,
    load_timbres,
    parse_timbres,
    timbres_text,
)
from tests.values import voice

timbres = st.builds(
    Timbre,
    pitch_st=st.floats(0, 40),
    spread_st=st.floats(0, 20),
    seconds=st.floats(0.1, 60),
    envelope_db=st.tuples(*[st.floats(-30, 30)] * COEFFICIENTS),
)


def timbre(*, pitch_st: float = 12, spread_st: float = 4, seconds: float = 10) -> Timbre:
    return Timbre(
        pitch_st=pitch_st, spread_st=spread_st, seconds=seconds, envelope_db=(0.0,) * COEFFICIENTS
    )


@given(timbres, timbres, timbres)
def test_distance_is_a_metric(one: Timbre, other: Timbre, third: Timbre) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert distance(one, third) <= distance(one, other) + distance(other, third) + 1e-9


def test_one_is_two_semitones_or_two_decibels_or_a_tenth_of_speed() -> None:
    here = timbre()
    assert distance(here, timbre(pitch_st=14)) == pytest.approx(1)
    assert distance(here, timbre(spread_st=6)) == pytest.approx(1)
    assert distance(here, timbre(seconds=10 * math.exp(0.1))) == pytest.approx(1)
    louder = replace(here, envelope_db=(2.0, *here.envelope_db[1:]))
    assert distance(here, louder) == pytest.approx(1)
    assert distance(here, timbre(pitch_st=18, spread_st=12)) == pytest.approx(5)


def test_every_shipped_espeak_voice_is_measured_as_it_is_now() -> None:
    known = load_timbres()
    stale = [one.name for one in read_bank("espeak") if known.of(one) is None]
    assert not stale, "run `narrator voices --measure --out voices/timbre/espeak.toml`"
    assert known.clearly_different == 2


def test_a_file_of_timbres_is_no_bank() -> None:
    assert (voices_home() / "timbre" / "espeak.toml").is_file()
    assert [path.stem for path in bank_files()].count("espeak") == 1


def test_a_file_gives_back_what_was_written() -> None:
    other = replace(voice('O"Hara'), settings=(("pitch", 3),))
    measured = {voice("Ann"): timbre(), other: timbre(pitch_st=20.25)}
    text = timbres_text(measured, clearly_different=1.5)
    again = parse_timbres(text.encode(), "t.toml")
    assert again.clearly_different == 1.5
    assert set(again.by_fingerprint.values()) == set(measured.values())
    assert timbres_text(measured, clearly_different=1.5) == text


def test_a_voice_made_otherwise_counts_as_not_measured() -> None:
    one = replace(voice("Ann"), settings=(("pitch", 3),))
    known = replace(NOTHING_MEASURED, by_fingerprint={fingerprint(one): timbre()})
    assert known.of(one) == timbre()
    assert known.of(replace(one, name="Bea")) == timbre()
    assert known.of(replace(one, settings=(("pitch", 4),))) is None


def test_what_was_not_measured_is_guessed_and_is_itself_only() -> None:
    ann, bea = voice("Ann"), voice("Bea")
    guess = NOTHING_MEASURED
    assert guess.distance(ann, ann) == 0
    assert guess.distance(ann, bea) == guess.distance(bea, ann) >= guess.clearly_different
    man, child = voice("Max", Gender.MALE), voice("Kit", age=Age.CHILD)
    assert guess.distance(ann, man) > guess.distance(ann, child) > guess.distance(ann, bea)


def test_the_users_own_file_comes_last(tmp_path: Path) -> None:
    one = read_bank("espeak")[0]
    own = timbres_text({one: timbre(pitch_st=33)}, clearly_different=3)
    (tmp_path / "mine.toml").write_text(own, encoding="utf-8")
    known = load_timbres(tmp_path)
    assert known.of(one) == timbre(pitch_st=33)
    assert known.clearly_different == 3


_SHORT = """\
[[voice]]
name = "A"
fingerprint = "x"
pitch_st = 1.0
spread_st = 1.0
seconds = 3.0
envelope_db = [1.0]
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clearly_diferent = 2", "clearly_different"),
        ("clearly_different = -1", "out of range"),
        ("[[voice]]\nname = 'A'\n", "line 1"),
        (_SHORT, "holds 12 numbers"),
    ],
)
def test_a_wrong_file_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=r"t\.toml") as caught:
        parse_timbres(text.encode(), "t.toml")
    assert message in str(caught.value)
