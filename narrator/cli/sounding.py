"""Speaking a few words as a book would have them: normalised, cast, and at the book's loudness."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from narrator.engines import EngineTables
from narrator.model import NARRATOR, Delivery, Phonemes, Voice
from narrator.normalise.spoken import spoken
from narrator.pronounce import Lexicon, Pronounced

if TYPE_CHECKING:
    from narrator.engines.base import Engine, Samples

_LEAST_S = 0.4
"""Loudness is measured in stretches of this length; shorter sound is left as it is."""


class Booth:
    """The engines that speak for a command, each started when it is first needed."""

    def __init__(self, tables: EngineTables = ()) -> None:
        self._tables = tables
        self._engines: dict[str, Engine] = {}

    def say(
        self,
        text: str,
        voice: Voice,
        delivery: Delivery = Delivery(),  # noqa: B008 - frozen
        *,
        phonemes: tuple[Phonemes, ...] = (),
        as_is: bool = False,
        lexicon: Lexicon | None = None,
        speaker: str = NARRATOR,
    ) -> Samples:
        """Speak `text`, as loud as it would be in a book.

        Parameters
        ----------
        as_is
            The text is what an engine gets: nothing is put into words first. `phonemes` refer to
            such a text.
        lexicon
            How words are said that are not `as_is`.
        speaker
            The `Character.id` of whom the lexicon may know to say them another way.

        Raises
        ------
        EngineError
            The engine is missing, or failed.
        """
        from narrator.engines import load_engine
        from narrator.engines.base import speak

        if voice.engine not in self._engines:
            self._engines[voice.engine] = load_engine(voice.engine, self._tables)
        if not as_is:
            said = Pronounced(words=spoken(text, language=voice.language))
            if lexicon is not None:
                said = lexicon.apply(said.words, speaker, voice)
            text, phonemes = said.words.text, said.phonemes
        manner = replace(delivery, gain_db=0.0)
        samples = speak(self._engines[voice.engine], text, voice, manner, phonemes=phonemes)
        return _levelled(samples, delivery.gain_db)

    def close(self) -> None:
        """Close the engines."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()


def _levelled(samples: Samples, gain_db: float) -> Samples:
    import numpy as np

    from narrator.mix import MixConfig, calibrate, limit, trim

    config = MixConfig()
    samples = trim(samples)
    if len(samples.pcm) < _LEAST_S * samples.sample_rate_hz:
        return samples
    gain_db += calibrate(samples, config)
    if not math.isfinite(gain_db):
        return samples
    sound = samples.pcm.astype(np.float32) / np.float32(32767) * np.float32(10 ** (gain_db / 20))
    limit(sound, config.ceiling_dbfs, samples.sample_rate_hz)
    return replace(samples, pcm=np.rint(np.clip(sound, -1, 1) * 32767).astype(np.int16))
