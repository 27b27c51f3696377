"""An engine that hallucinates gets other seeds; what stays suspect is told of and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from narrator.clips import clip_key, recall_clip
from narrator.encode import EncodeConfig
from narrator.engines import load_engine
from narrator.engines.base import Samples, Utterance, speak
from narrator.mix import MixConfig
from narrator.model import Delivery, Span, Take, Voice
from narrator.orders import ReelOrder, VoiceOrder, recall_sheet
from narrator.speak import Studio, Workshop
from narrator.store import Cache

FINE, ILL = "The ferry left at nine, and nobody waved.", "The stairs were dark, and nobody came."


class Moody:
    """Speaks well, but gives noise for one text until the seed is high enough."""

    name = "moody"
    version = "moody-1"
    generative = True

    def __init__(self, cured_by: int) -> None:
        self._cured_by = cured_by
        self._engine = load_engine("pyttsx3")
        self._voice = self._engine.voices()[0]
        self.asked: list[tuple[str, int]] = []

    def voices(self) -> tuple[Voice, ...]:
        return (replace(self._voice, engine=self.name),)

    def synthesize(self, utterance: Utterance) -> tuple[Samples]:
        text, seed = utterance.text, utterance.seed
        self.asked.append((text, seed))
        samples = speak(self._engine, text, self._voice, utterance.delivery)
        if text == ILL and seed < self._cured_by:
            noise = np.random.default_rng(seed).integers(-9000, 9000, len(samples.pcm))
            return (replace(samples, pcm=noise.astype(np.int16)),)
        return (samples,)

    def close(self) -> None:
        self._engine.close()


def order_of(engine: Moody) -> ReelOrder:
    [voice] = engine.voices()
    takes = tuple(
        Take(
            chapter=0,
            segment=index,
            span=Span(0, len(text)),
            text=text,
            speaker="narrator",
            voice=voice,
        )
        for index, text in enumerate((FINE, ILL, FINE))
    )
    return ReelOrder(
        takes=takes,
        gains_db=(0.0,) * 3,
        sample_rate_hz=22_050,
        mix=MixConfig(),
        encode=EncodeConfig(),
        encoder="wav",
    )


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(Workshop(cache=Cache(root=tmp_path)))


def with_engine(studio: Studio, engine: Moody, monkeypatch: pytest.MonkeyPatch) -> ReelOrder:
    monkeypatch.setattr("narrator.speak.load_engine", lambda name, tables, **limits: engine)
    order = order_of(engine)
    studio.level(
        VoiceOrder(voice=order.takes[0].voice, delivery=order.takes[0].delivery, mix=order.mix)
    )
    engine.asked.clear()
    return order


def test_another_seed_mends_it(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Moody(cured_by=2)
    made = studio.reel(with_engine(studio, engine, monkeypatch))
    assert engine.asked == [(FINE, 0), (ILL, 0), (ILL, 1), (ILL, 2)]
    assert made.sheet.suspects == ()
    voice = engine.voices()[0]
    kept = recall_clip(studio.shop.cache, clip_key(ILL, voice, Delivery(), engine.version))
    assert kept is not None
    np.testing.assert_array_equal(kept.pcm, speak(engine, ILL, voice, Delivery(), seed=2).pcm)


def test_what_stays_suspect_is_told_and_remembered(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Moody(cured_by=99)
    order = with_engine(studio, engine, monkeypatch)
    made = studio.reel(order)
    assert [seed for text, seed in engine.asked if text == ILL] == [0, 1, 2]
    assert made.sheet.suspects == ((1, "noise rather than speech"),)
    assert recall_sheet(studio.shop.cache, made.sheet.key) == made.sheet
    engine.asked.clear()
    assert studio.reel(order).sheet.suspects == made.sheet.suspects
    assert engine.asked == [], "the clips were kept, suspect or not"


def test_an_engine_without_moods_is_not_judged(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Moody(cured_by=99)
    monkeypatch.setattr(engine, "generative", False)
    made = studio.reel(with_engine(studio, engine, monkeypatch))
    assert [seed for _, seed in engine.asked] == [0, 0]
    assert made.sheet.suspects == ()


class Foreseeing(Moody):
    """Hears what comes."""

    def __init__(self) -> None:
        super().__init__(cured_by=0)
        self.heard: list[tuple[str, ...]] = []

    def expect(self, utterances: Sequence[Utterance]) -> None:
        self.heard.append(tuple(each.text for each in utterances))
        raise RuntimeError("a hint is no order")


def test_an_engine_hears_what_it_will_have_to_speak(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Foreseeing()
    order = with_engine(studio, engine, monkeypatch)
    studio.reel(replace(order, takes=order.takes[:1], gains_db=(0.0,)))
    studio.reel(order)
    studio.reel(order)
    # What was spoken before is kept, and asked for no more.
    assert engine.heard == [(FINE,), (ILL,)]
