"""The default engine on macOS and Windows: the voices of the system, through pyttsx3.

The drivers know three properties: voice, rate and volume. Pitch is changed here: the text is spoken
more slowly and the sound played back faster, by the same factor, or the other way round. That moves
the formants with the pitch, as in a smaller or larger person, so a few installed voices make a cast
of many. SAPI5 and NSSpeechSynthesizer take hold of their caller until they are done, so a hang is
found only by whoever watches the process.

Settings of a voice
-------------------
``id`` (required): as the driver gives it. ``rate``: words a minute. ``size``: 0.9 is a tenth larger
than the installed voice, 1.1 a tenth smaller. In a bank ``match`` stands for ``id``: a word of the
installed voice's name.
"""

from __future__ import annotations

import atexit
import platform
import re
import tempfile
import unicodedata
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from narrator.bank import read_bank
from narrator.engines.base import Samples, Utterance, settings_of
from narrator.errors import EngineError
from narrator.model import Age, Gender, Voice

_REVISION = 1
"""Of this module: changes whenever the same input may sound other."""

_SLOWEST_WPM, _FASTEST_WPM = 60, 440
"""SAPI5 refuses what lies outside."""

_SMALLEST, _LARGEST = 1.6, 0.6
"""Factors beyond which nobody sounds like a person."""

_UNKNOWN_RANK, _FOREIGN_RANK = 60, 500
"""Ranks of installed voices that the bank does not know: English, and other languages."""

_SUFFIX = {"nsss": ".aiff", "sapi5": ".wav"}

_NEEDS = {
    "nsss": "`pip install pyobjc-framework-Cocoa`",
    "sapi5": "`pip install comtypes pywin32`",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    """The settings of a voice."""

    id: str
    rate: int = 175
    size: float = 1.0


class NativeEngine:
    """pyttsx3 with the driver ``nsss`` or ``sapi5``; see the module.

    Raises
    ------
    EngineError
        The driver does not start; the message says what to install.
    """

    name = "pyttsx3"
    generative = False

    def __init__(self, driver: str) -> None:
        self._driver = driver
        self._speaker = _start(driver)
        system = platform.mac_ver()[0] or platform.version()
        self.version = f"pyttsx3-{version('pyttsx3')} {driver}-{system} narrator-{_REVISION}"

    def voices(self) -> tuple[Voice, ...]:
        """The bank's voices that can be made of those installed, then the installed ones left."""
        try:
            installed = tuple(self._speaker.getProperty("voices"))
        except Exception as exc:
            raise EngineError(f"{self._driver} does not list its voices: {exc}") from exc
        return match_voices(read_bank(self._driver), tuple(_describe(voice) for voice in installed))

    def synthesize(self, utterance: Utterance) -> tuple[Samples, ...]:
        """Speak, at the sample rate of the installed voice.

        Raises
        ------
        EngineError
            The voice is another engine's, is not installed, or the driver failed.
        """
        voice, delivery = utterance.voice, utterance.delivery
        recipe = _recipe(voice)
        size = recipe.size * 2 ** (delivery.pitch_semitones / 12)
        size = min(max(size, _LARGEST), _SMALLEST)
        spoken = _literal(utterance.text, self._driver)
        if not any(character.isalnum() for character in spoken):
            return ()
        rate = recipe.rate * delivery.rate / size
        properties: dict[str, str | int | float] = {
            "voice": recipe.id,
            "rate": round(min(max(rate, _SLOWEST_WPM), _FASTEST_WPM)),
            "volume": 1.0,
        }
        with tempfile.TemporaryDirectory(prefix="narrator-") as folder:
            path = Path(folder) / f"take{_SUFFIX[self._driver]}"
            self._save(spoken, path, properties, voice.name)
            return (read_sound(path, speed=size),)

    def close(self) -> None:
        """Nothing to give back: pyttsx3 keeps its drivers for the life of the process."""

    def _save(
        self, text: str, path: Path, properties: dict[str, str | int | float], voice: str
    ) -> None:
        # pyttsx3 swallows what goes wrong in its queue, but tells those who have asked.
        errors: list[Exception] = []
        token = self._speaker.connect("error", lambda name, exception: errors.append(exception))
        try:
            for key, value in properties.items():
                self._speaker.setProperty(key, value)
            self._speaker.save_to_file(text, str(path))
            self._speaker.runAndWait()
        except Exception as exc:
            raise EngineError(f"{self._driver} failed with the voice {voice!r}: {exc}") from exc
        finally:
            self._speaker.disconnect(token)
        if errors:
            raise EngineError(f"{self._driver} failed with the voice {voice!r}: {errors[0]}")
        if not path.exists() or not path.stat().st_size:
            raise EngineError(f"{self._driver} wrote no sound with the voice {voice!r}")


@cache
def _start(driver: str) -> Any:
    try:
        speaker = import_module("pyttsx3").init(driver)
        # For every property that a driver lacks, it prints a line to stdout.
        module: Any = import_module(f"pyttsx3.drivers.{driver}")
        module.print = lambda *args, **kwargs: None
        # Left to the end of the process, pyttsx3 complains of modules that are already gone.
        atexit.register(_start.cache_clear)
    except Exception as exc:
        # The drivers raise whatever they like: ImportError, RuntimeError, COM errors.
        raise EngineError(
            f"pyttsx3 cannot start {driver}: {exc}; try {_NEEDS.get(driver, 'another driver')}"
        ) from exc
    return speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What a driver says of a voice."""

    id: str
    name: str
    language: str = ""
    gender: Gender = Gender.UNKNOWN
    age: Age = Age.ADULT


def _describe(voice: Any) -> Installed:
    languages = [
        language.decode("utf-8", "ignore") if isinstance(language, bytes) else str(language)
        for language in voice.languages or ()
        if language
    ]
    return Installed(
        id=str(voice.id),
        name=str(voice.name or voice.id),
        language=languages[0].strip("\x05").replace("_", "-") if languages else "",
        gender=_gender(voice.gender),
        age=_age(voice.age),
    )


def _gender(gender: object) -> Gender:
    # "Female" or "VoiceGenderFemale"; the order matters, since "male" is a part of "female".
    words = {"female": Gender.FEMALE, "male": Gender.MALE, "neuter": Gender.NEUTRAL}
    text = str(gender or "").lower()
    return next((words[word] for word in words if word in text), Gender.UNKNOWN)


def _age(age: object) -> Age:
    words = {"child": Age.CHILD, "teen": Age.YOUNG, "adult": Age.ADULT, "senior": Age.OLD}
    text = str(age or "").lower()
    if text in words:
        return words[text]
    years = int(text) if text.isdecimal() else 0
    if not years:
        return Age.ADULT
    limits = ((13, Age.CHILD), (25, Age.YOUNG), (60, Age.ADULT))
    return next((age for limit, age in limits if years < limit), Age.OLD)


def match_voices(bank: tuple[Voice, ...], installed: tuple[Installed, ...]) -> tuple[Voice, ...]:
    """Make the bank's voices out of those installed.

    A bank voice is there if the word in its setting ``match`` is in an installed voice's name; the
    setting ``id`` then takes its place. Installed voices that the bank does not know come last,
    with what the driver says of them.
    """
    voices: list[Voice] = []
    known: set[str] = set()
    for voice in bank:
        settings = dict(voice.settings)
        word = str(settings.pop("match"))
        found = next((one for one in installed if _has_word(one.name, word)), None)
        if found is not None:
            known.add(found.id)
            settings["id"] = found.id
            voices.append(replace(voice, settings=tuple(sorted(settings.items()))))
    taken = {voice.name.casefold() for voice in voices}
    for one in installed:
        if one.id in known:
            continue
        name = one.name if one.name.casefold() not in taken else f"{one.name} ({one.id})"
        taken.add(name.casefold())
        english = one.language.lower().startswith("en") or not one.language
        voices.append(
            Voice(
                name=name,
                engine=NativeEngine.name,
                gender=one.gender,
                age=one.age,
                accent=one.language,
                language=one.language.split("-")[0].lower() or "en",
                rank=_UNKNOWN_RANK if english else _FOREIGN_RANK,
                settings=(("id", one.id),),
            )
        )
    return tuple(voices)


def _has_word(name: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", name, re.IGNORECASE) is not None


def _recipe(voice: Voice) -> _Recipe:
    known = [field.name for field in fields(_Recipe)]
    given = settings_of(voice, NativeEngine.name, known)
    if "id" not in given:
        raise EngineError(f"the voice {voice.name!r} is not installed on this machine")
    try:
        return _Recipe(
            id=str(given["id"]),
            rate=int(given.get("rate", 175)),
            size=float(given.get("size", 1.0)),
        )
    except ValueError as exc:
        raise EngineError(
            f"the voice {voice.name!r} has a setting that is no number: {exc}"
        ) from exc


def _literal(text: str, driver: str) -> str:
    # Control characters and halves of surrogate pairs upset the bridges to Objective-C and COM.
    text = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cs", "Co") else character
        for character in text
    )
    if driver == "nsss":
        return text.replace("[[", "[ [")  # begins a command of NSSpeechSynthesizer
    return text.replace("<", " ")  # makes SAPI5 take the text for XML


def read_sound(path: Path, *, speed: float = 1.0) -> Samples:
    """Read a sound file in mono, played back `speed` times as fast, at its own sample rate.

    Raises
    ------
    EngineError
        It is no sound that can be decoded.
    """
    blocks: list[NDArray[np.int16]] = []
    try:
        with av.open(str(path)) as container:
            stream = container.streams.audio[0]
            sample_rate_hz = int(stream.rate)
            mono = av.AudioResampler(format="s16", layout="mono", rate=sample_rate_hz)
            for frame in container.decode(stream):
                blocks += [np.ravel(part.to_ndarray()) for part in mono.resample(frame)]
            blocks += [np.ravel(part.to_ndarray()) for part in mono.resample(None)]
    except (av.FFmpegError, IndexError) as exc:
        raise EngineError(f"the driver's sound cannot be decoded: {exc}") from exc
    pcm = np.concatenate([np.zeros(0, dtype=np.int16), *blocks])
    return Samples(sample_rate_hz=sample_rate_hz, pcm=_play_at(pcm, sample_rate_hz, speed))


def _play_at(pcm: NDArray[np.int16], sample_rate_hz: int, speed: float) -> NDArray[np.int16]:
    if speed == 1.0 or not len(pcm):
        return pcm
    frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = round(sample_rate_hz * speed)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=sample_rate_hz)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    played: NDArray[np.int16] = np.concatenate([np.ravel(part.to_ndarray()) for part in parts])
    return played
