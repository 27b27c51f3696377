"""The default engine on Linux: pyttsx3 on eSpeak NG, which espeakng-loader embeds.

Settings of a voice
-------------------
``voice`` (required): an eSpeak NG language file, ``gmw/en-US``. ``variant``: one of eSpeak NG's own
to begin with. ``shape``: lines of a variant file that change it. ``rate``: words a minute.
"""

from __future__ import annotations

import contextlib
import io
import re
import threading
import unicodedata
import wave
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from narrator.bank import read_bank
from narrator.engines.base import Samples, Utterance, settings_of
from narrator.engines.espeak_binding import start_espeak
from narrator.engines.espeak_library import (
    add_variant,
    find_espeak,
    open_data_folder,
    variant_text,
)
from narrator.errors import EngineError
from narrator.model import Voice
from narrator.pronounce.ipa import to_espeak

_REVISION = 2
"""Of this module, the binding and the library: changes whenever the same input may sound other."""

_SLOWEST_WPM, _FASTEST_WPM = 80, 450
"""Below and above, eSpeak NG stays as it is, or hands over to another algorithm."""

_OCTAVE = 12
"""Semitones; nobody speaks further from their own voice than that."""

_VOLUME = 0.5
"""Full volume drives some voices into eSpeak NG's limiter, which remembers from one text to the
next. Levels are the mixer's business."""

_SECONDS_PER_CHARACTER = 0.02
"""A hundred times what the slowest machine needs."""

_CONTROLS = ("rate", "pitch", "phonemes")

_speaking = threading.Lock()
"""eSpeak NG is one per process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    """The settings of a voice."""

    voice: str
    variant: str = ""
    shape: str = ""
    rate: int = 170


class EspeakEngine:
    """pyttsx3 with the driver ``espeak``; see the module.

    Raises
    ------
    EngineError
        There is no eSpeak NG on this machine; the message says what to install.
    """

    name = "pyttsx3"
    generative = False

    def __init__(self) -> None:
        self._files = find_espeak()
        self._variants: dict[tuple[str, str, float], str] = {}
        self.version = (
            f"pyttsx3-{version('pyttsx3')} espeak-ng-{self._files.version} narrator-{_REVISION}"
        )

    def voices(self) -> tuple[Voice, ...]:
        """The bank's voices, less those that an older eSpeak NG has no data for."""
        return tuple(
            replace(voice, controls=_CONTROLS) for voice in read_bank("espeak") if self._has(voice)
        )

    def _has(self, voice: Voice) -> bool:
        recipe = _recipe(voice)
        variant = self._files.data / "voices" / "!v" / recipe.variant
        language = self._files.data / "lang" / recipe.voice
        return language.is_file() and (not recipe.variant or variant.is_file())

    def synthesize(self, utterance: Utterance) -> tuple[Samples, ...]:
        """Speak, at 22,050 Hz. Nothing but white space and control characters is no block.

        Raises
        ------
        EngineError
            The voice is another engine's or cannot be made, or eSpeak NG failed.
        """
        voice, delivery = utterance.voice, utterance.delivery
        recipe = _recipe(voice)
        spoken = _spelled(utterance)
        if not spoken.strip():
            return ()
        rate = round(min(max(recipe.rate * delivery.rate, _SLOWEST_WPM), _FASTEST_WPM))
        properties: dict[str, str | int | float] = {
            "voice": f"{recipe.voice}+{self._variant(recipe, delivery.pitch_semitones)}",
            "rate": rate,
            "pitch": 50,
            "volume": _VOLUME,
        }
        with _speaking:
            sound = self._save(spoken, properties, voice.name, spells=bool(utterance.phonemes))
        with wave.open(io.BytesIO(sound)) as reader:
            pcm = np.frombuffer(reader.readframes(reader.getnframes()), dtype="<i2")
            rate_hz = reader.getframerate()
        return (Samples(sample_rate_hz=rate_hz, pcm=pcm.astype(np.int16)),)

    def close(self) -> None:
        """Nothing to give back: eSpeak NG starts once in a process and ends with it."""

    @cached_property
    def _folder(self) -> Path:
        return open_data_folder(self._files)

    def _variant(self, recipe: _Recipe, pitch_semitones: float) -> str:
        semitones = min(max(pitch_semitones, -_OCTAVE), _OCTAVE)
        wanted = (recipe.variant, recipe.shape, semitones)
        if wanted not in self._variants:
            text = variant_text(
                self._files, recipe.variant, recipe.shape, pitch_semitones=semitones
            )
            self._variants[wanted] = add_variant(self._folder, text)
        return self._variants[wanted]

    def _save(
        self,
        text: str,
        properties: dict[str, str | int | float],
        voice: str,
        *,
        spells: bool = False,
    ) -> bytes:
        driver, binding = start_espeak(self._files)
        binding.spells = spells
        binding.limit_s = 60 + _SECONDS_PER_CHARACTER * len(text)
        errors: list[Exception] = []
        token = driver.connect("error", lambda name, exception: errors.append(exception))
        sound = io.BytesIO()
        try:
            for key, value in properties.items():
                driver.setProperty(key, value)
            driver.save_to_file(text, sound)
            driver.runAndWait()
        except Exception as exc:
            # The driver lets anything through; a run loop left by an exception must be ended.
            with contextlib.suppress(RuntimeError):
                driver.endLoop()
            raise EngineError(f"eSpeak NG failed with the voice {voice!r}: {exc}") from exc
        finally:
            driver.disconnect(token)
        if errors:
            raise EngineError(f"eSpeak NG failed with the voice {voice!r}: {errors[0]}")
        return sound.getvalue()


@lru_cache(maxsize=1024)
def _recipe(voice: Voice) -> _Recipe:
    known = [field.name for field in fields(_Recipe)]
    given = settings_of(voice, EspeakEngine.name, known)
    if "voice" not in given:
        raise EngineError(
            f"the engine 'pyttsx3' has no voice {voice.name!r}: its setting 'voice' is missing"
        )
    try:
        return _Recipe(
            voice=str(given["voice"]),
            variant=str(given.get("variant", "")),
            shape=str(given.get("shape", "")),
            rate=int(given.get("rate", 170)),
        )
    except ValueError as exc:
        raise EngineError(
            f"the voice {voice.name!r} has a setting that is no number: {exc}"
        ) from exc


def _spelled(utterance: Utterance) -> str:
    """The text, with the phonemes that are given in eSpeak NG's own brackets."""
    if not utterance.phonemes:
        return _speakable(utterance.text)
    parts: list[str] = []
    at = 0
    for each in utterance.phonemes:
        parts.append(_unbracketed(utterance.text[at : each.span.start]))
        native = each.native or to_espeak(each.ipa, utterance.voice.language.split("-")[0].lower())
        parts.append(f"[[{_NOT_PHONEME.sub('', native)}]]")
        at = each.span.end
    parts.append(_unbracketed(utterance.text[at:]))
    return "".join(parts)


def _unbracketed(text: str) -> str:
    # Brackets of the story stay plain text.
    return _speakable(text).replace("[[", "[ [").replace("]]", "] ]")


_NOT_PHONEME = re.compile(r"[\[\]\x00-\x1f]")


def _speakable(text: str) -> str:
    # eSpeak NG takes U+0001 for the beginning of a command and NUL for the end of the text, and
    # half a surrogate pair has no bytes in UTF-8.
    if text.isprintable():  # nearly every text is
        return text
    return "".join(
        " " if unicodedata.category(character) in ("Cc", "Cs", "Co") else character
        for character in text
    )
