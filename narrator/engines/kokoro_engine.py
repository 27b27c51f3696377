"""Kokoro: one neural model with dozens of voices, which can be blended.

Settings of a voice
-------------------
``voice`` (required): a name such as ``af_sarah``, or a blend such as ``af_sarah*0.6+am_adam*0.4``:
the shares are made to add up to 1. ``model``: the name of an installed model, where there are
several. ``checksum``: the beginning of the SHA-256 of the model's file and of the voices' one;
others are then refused.
"""

from __future__ import annotations

import importlib.metadata
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrator.config import nearest, read_options
from narrator.engines import Option
from narrator.engines.base import Block, Utterance, settings_of
from narrator.engines.installed import (
    checksum,
    checksum_of,
    models_folder,
    nothing_installed,
    package_missing,
    refuse_too_large,
)
from narrator.engines.kokoro_names import kokoro_traits
from narrator.engines.onnx_session import check_device, open_session
from narrator.errors import EngineError
from narrator.model import Setting, Voice

try:
    from kokoro_onnx import Kokoro
except ImportError as exc:
    raise package_missing("kokoro", exc) from exc

_SETTINGS = ("checksum", "model", "voice")
_SLOWEST, _FASTEST = 0.5, 2.0
"""What kokoro-onnx takes."""
_SAMPLE_RATE_HZ = 24_000
_ESPEAK = {"en": "en-us", "en-US": "en-us", "en-GB": "en-gb", "fr": "fr-fr", "pt-BR": "pt-br"}
"""What espeak calls languages of which it has several kinds."""

for _logger in ("kokoro_onnx", "phonemizer"):
    logging.getLogger(_logger).addHandler(logging.NullHandler())
    logging.getLogger(_logger).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class KokoroOptions:
    """The table ``[engines.kokoro]``."""

    folder: str = ""
    """A folder with a model and its voices, beside those that ``narrator voices install`` placed.
    """
    device: str = "cpu"
    """Or cuda, where onnxruntime has it."""
    threads: int = 0
    """For each worker; 0 shares the cores among them."""
    memory_mb: int = 0
    """For a worker's model, which is not loaded where it takes more; 0 sets no bound."""

    def __post_init__(self) -> None:
        check_device(self.device)


@dataclass(frozen=True, slots=True, kw_only=True)
class KokoroFile:
    """A model and its voices."""

    path: Path
    voices_path: Path

    @property
    def name(self) -> str:
        """As the model is called, without its suffix."""
        return self.path.name.removesuffix(".onnx")

    def checksum(self) -> str:
        """That of both files."""
        both = checksum_of(self.path) + checksum_of(self.voices_path)
        return checksum(both.encode())

    def voice_names(self) -> tuple[str, ...]:
        """The voices, in alphabetical order.

        Raises
        ------
        EngineError
            The file is no archive of arrays.
        """
        try:
            with np.load(self.voices_path) as archive:
                return tuple(sorted(archive.files))
        except (OSError, ValueError, AttributeError, TypeError) as exc:
            raise EngineError(f"{self.voices_path}: not the voices of a Kokoro model") from exc


def kokoro_files(folder: Path) -> list[KokoroFile]:
    """The models in a folder that have voices beside them (``voices*.bin`` or ``.npz``)."""
    voices = sorted((*folder.glob("voices*.bin"), *folder.glob("voices*.npz")))
    found = []
    for path in sorted(folder.glob("*.onnx")):
        if voices:
            # Of several, those of the same version: kokoro-v1.0.onnx and voices-v1.0.bin.
            version = path.name.removesuffix(".onnx").partition("-")[2].partition(".")[0]
            fit = [each for each in voices if version and version in each.name]
            found.append(KokoroFile(path=path, voices_path=(fit or voices)[-1]))
    return found


class KokoroEngine:
    """Speaks through kokoro-onnx; see the module."""

    name = "kokoro"
    generative = False

    def __init__(self, options: KokoroOptions = KokoroOptions()) -> None:
        self._options = options
        self._loaded: tuple[Path, Any] | None = None
        packages = ("kokoro-onnx", "onnxruntime", "espeakng-loader")
        parts = [importlib.metadata.version(name) for name in packages]
        self.version = "-".join(("kokoro-1", *parts, options.device))

    def voices(self) -> tuple[Voice, ...]:
        """The voices of every model that is installed, of the first one without its name."""
        files = self._files()
        if not files:
            raise nothing_installed("kokoro", "Kokoro model")
        found: dict[str, Voice] = {}
        for file in files:
            for voice in file_voices(file):
                name = voice.name if voice.name not in found else f"{file.name} {voice.name}"
                found[name] = replace(voice, name=name)
        return tuple(found.values())

    def voice_named(self, name: str) -> Voice:
        """A blend, or a voice by its name."""
        files = self._files()
        if not files:
            raise nothing_installed("kokoro", "Kokoro model")
        return _voice(name, name, files[0], files[0].checksum(), 50)

    def synthesize(self, utterance: Utterance) -> Iterator[Block]:
        """Speak; kokoro-onnx parts what is long itself."""
        voice = utterance.voice
        settings = settings_of(voice, self.name, _SETTINGS, needed="voice")
        file = self._file_of(settings, voice.name)
        if not any(character.isalnum() for character in utterance.text):
            return
        kokoro = self._kokoro(file, settings)
        style = blended(str(settings["voice"]), kokoro.voices, voice.name)
        language, _ = kokoro_traits(str(settings["voice"]))
        kokoro.sess.seed = utterance.seed
        try:
            phonemes = _phonemes(utterance, kokoro, _ESPEAK.get(language, language))
            if not any(character.isalpha() for character in phonemes):
                return
            pcm, rate = kokoro.create(
                phonemes,
                style,
                speed=min(_FASTEST, max(_SLOWEST, utterance.delivery.rate)),
                is_phonemes=True,
                # It tells silence from sound by level, and Narrator does that itself.
                trim=False,
            )
        except Exception as exc:
            # The border to another package, and to onnxruntime, whose errors share no class.
            raise EngineError(f"Kokoro failed: {type(exc).__name__}: {exc}") from exc
        yield Block(sample_rate_hz=rate, pcm=np.asarray(pcm, dtype=np.float32))

    def expect(self, utterances: Sequence[Utterance]) -> None:
        """Load the model of what comes first."""
        voice = utterances[0].voice
        settings = settings_of(voice, self.name, _SETTINGS, needed="voice")
        self._kokoro(self._file_of(settings, voice.name), settings)

    def close(self) -> None:
        """Let go of the model."""
        self._loaded = None

    def _files(self) -> list[KokoroFile]:
        files = kokoro_files(models_folder("kokoro"))
        if self._options.folder:
            files += kokoro_files(Path(self._options.folder).expanduser())
        return files

    def _file_of(self, settings: dict[str, Setting], voice: str) -> KokoroFile:
        files = {file.name: file for file in reversed(self._files())}
        if not files:
            raise nothing_installed("kokoro", "Kokoro model")
        wanted = str(settings.get("model", "")).removesuffix(".onnx")
        if wanted and wanted not in files:
            raise EngineError(
                f"the voice {voice!r} needs the Kokoro model {wanted!r}, which is not installed"
                f"{nearest(wanted, files)}: run 'narrator voices install PATH/{wanted}.onnx'"
            )
        return files[wanted] if wanted else self._files()[0]

    def _kokoro(self, file: KokoroFile, settings: dict[str, Setting]) -> Any:
        if self._loaded is None or self._loaded[0] != file.path:
            if (wanted := settings.get("checksum")) and file.checksum() != wanted:
                raise EngineError(
                    f"{file.path}: model or voices are not those that the voice was registered "
                    f"with (checksum {wanted}): run 'narrator voices install {file.path}'"
                )
            self._loaded = None  # one model at a time
            if self._options.memory_mb:
                refuse_too_large(file.path, self._options.memory_mb)
            session = open_session(
                file.path, device=self._options.device, threads=self._options.threads
            )
            try:
                kokoro = Kokoro.from_session(session, str(file.voices_path))
            except Exception as exc:
                raise EngineError(f"{file.path}: not a Kokoro model: {exc}") from exc
            self._loaded = (file.path, kokoro)
        return self._loaded[1]


def load(threads: int = 0, memory_mb: int = 0, **options: Option) -> KokoroEngine:
    """The engine with the options of ``[engines.kokoro]``: the fields of `KokoroOptions`.

    Raises
    ------
    ConfigError
        There is no such option, or it cannot have this value.
    """
    return KokoroEngine(
        read_options(
            "kokoro", {**options, "threads": threads, "memory_mb": memory_mb}, KokoroOptions
        )
    )


def file_voices(file: KokoroFile) -> Iterator[Voice]:
    """The voices of a model, by their own names."""
    mark = file.checksum()
    for rank, own in enumerate(file.voice_names()):
        yield _voice(own, own, file, mark, rank)


def blended(blend: str, styles: Any, voice: str) -> NDArray[np.float32]:
    """The style of a voice or of a blend, shape as in the archive `styles`.

    Raises
    ------
    EngineError
        A part of it is no voice, or its share no number above 0.
    """
    total: NDArray[np.float32] | None = None
    shares = 0.0
    for part in blend.split("+"):
        name, star, number = (piece.strip() for piece in part.partition("*"))
        if name not in styles:
            hint = nearest(name, styles)
            raise EngineError(f"the voice {voice!r}: Kokoro has no voice {name!r}{hint}")
        try:
            share = float(number) if star else 1.0
        except ValueError:
            share = 0.0
        if not 0 < share < 1e6:
            raise EngineError(
                f"the voice {voice!r}: {number!r} is no share of {name!r}: give a number above 0"
            )
        style = np.asarray(styles[name], dtype=np.float32) * share
        total = style if total is None else total + style
        shares += share
    assert total is not None
    scaled: NDArray[np.float32] = (total / shares).astype(np.float32)
    return scaled


def _voice(name: str, own: str, file: KokoroFile, mark: str, rank: int) -> Voice:
    language, gender = kokoro_traits(own)
    return Voice(
        name=name,
        engine="kokoro",
        gender=gender,
        accent=language if "-" in language else "",
        language=language.partition("-")[0],
        rank=min(50 + rank, 1000),
        narrates=rank == 0,
        sample_rate_hz=_SAMPLE_RATE_HZ,
        controls=("rate", "phonemes"),
        settings=(("checksum", mark), ("model", file.name), ("voice", own)),
    )


def _phonemes(utterance: Utterance, kokoro: Any, language: str) -> str:
    """The whole text in IPA, with what is given put in."""
    text, at = utterance.text, 0
    parts: list[str] = []
    for each in utterance.phonemes:
        if spelling := each.native or each.ipa:
            parts += [_said(text[at : each.span.start], kokoro, language), spelling]
            at = each.span.end
    parts.append(_said(text[at:], kokoro, language))
    return " ".join(part for part in parts if part)


def _said(text: str, kokoro: Any, language: str) -> str:
    whole = text.encode("utf-8", "replace").decode().replace("\0", " ")
    if not whole.strip():
        return ""
    phonemes: str = kokoro.tokenizer.phonemize(whole, language)
    return phonemes
