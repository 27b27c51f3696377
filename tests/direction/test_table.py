from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.direction import (
    DirectionConfig,
    combine,
    load_table,
    read_table_file,
    sentence_ways,
)
from narrator.errors import ConfigError
from narrator.model import Delivery, SegmentKind
from tests.values import voice

TABLE = load_table(DirectionConfig())
VOICE = voice("A")


def test_the_shipped_table_is_gentle_and_names_no_word_twice() -> None:
    for name, way in TABLE.ways.items():
        assert 0.85 <= way.rate <= 1.15, name
        assert abs(way.pitch) <= 2, name
        assert abs(way.volume) <= 6, name
    for kind in ("verbs", "participles", "adverbs", "adjectives"):
        words = [word for way in TABLE.ways.values() for word in (getattr(way, kind) or "").split()]
        assert len(words) == len(set(words)), kind


@given(st.lists(st.sampled_from(sorted(TABLE.ways)), max_size=6))
def test_whatever_comes_together_stays_within_the_limits(names: list[str]) -> None:
    delivery, rest = combine(names, TABLE, VOICE, Delivery())
    assert 0.8 <= delivery.rate <= 1.2
    assert -2 <= delivery.pitch_semitones <= 2
    assert -6 <= delivery.gain_db <= 4
    assert 0.2 <= rest <= 3


def test_the_speakers_own_delivery_is_added_to() -> None:
    own = Delivery(rate=0.9, pitch_semitones=-3, gain_db=2)
    assert combine((), TABLE, VOICE, own) == (own, 1.0)
    way = TABLE.ways["whisper"]
    found, _ = combine(["whisper"], TABLE, VOICE, own)
    assert found.rate == round(0.9 * way.rate, 2)
    assert found.pitch_semitones == -3 + way.pitch
    assert found.gain_db == 2 + way.volume


def test_a_voice_is_asked_only_for_what_it_can_do() -> None:
    mute = replace(VOICE, controls=())
    found, _ = combine(["shout"], TABLE, mute, Delivery())
    assert (found.rate, found.pitch_semitones) == (1.0, 0.0)
    assert found.gain_db > 0


@pytest.mark.parametrize(
    ("source", "cue", "wanted"),
    [
        ("“Go!”", [], ["exclamation"]),
        ("“Go!”", ["whisper"], []),
        ("“GO AWAY, YOU!”", [], ["shout"]),
        ("“Why?”", [], ["question"]),
        ("“Well…”", [], ["trailing-off"]),
        ("“Well...”", [], ["trailing-off"]),
        ("“But I—”", [], ["interruption"]),
        ("“Go.”", [], []),
    ],
)
def test_the_mark_that_ends_a_sentence(source: str, cue: list[str], wanted: list[str]) -> None:
    assert list(sentence_ways(source, SegmentKind.DIALOGUE, cue, TABLE)) == wanted
    assert not list(sentence_ways(source, SegmentKind.NARRATION, cue, TABLE))


def test_the_users_own_table_replaces_parts_of_a_way(tmp_path: Path) -> None:
    path = tmp_path / "delivery.toml"
    path.write_text('[ways.whisper]\nvolume = -2\n[ways.robot]\nrate = 0.9\nverbs = "beeped"\n')
    table = load_table(DirectionConfig(), path)
    assert table.ways["whisper"].volume == -2
    assert table.ways["whisper"].rate == TABLE.ways["whisper"].rate
    assert table.verbs["beeped"] == "robot"


def test_half_strength_halves(tmp_path: Path) -> None:
    table = load_table(DirectionConfig(strength=0.5))
    assert table.ways["whisper"].volume == TABLE.ways["whisper"].volume / 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[way.whisper]\n", "did you mean 'ways'?"),
        ("[ways.whisper]\nvolum = 3\n", "line 2"),
        ("[ways.whisper]\nrate = 9\n", "0.5 to 2"),
        ("[limits]\nrate = [2, 1]\n", "the lowest and the highest"),
        ("ways = 3\n", "should be a table"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml") as caught:
        read_table_file(text.encode(), "mine.toml")
    assert words in str(caught.value)
