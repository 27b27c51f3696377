"""Piper: neural voices of a few dozen megabytes that speak faster than real time on a processor.

Settings of a voice
-------------------
``model`` (required): the name of an installed model, or the whole path of one. ``checksum``: the
beginning of its SHA-256; another model is then refused. ``speaker``: a number, where the model has
several. ``noise`` and ``noise_w``: how much the sound and the lengths vary, where the model's own
values do not please.
"""

from __future__ import annotations

import importlib.metadata
import logging
import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrator.config import nearest, read_options
from narrator.engines import Option
from narrator.engines.base import Block, Utterance, settings_of
from narrator.engines.installed import (
    checksum_of,
    memory_bytes,
    models_folder,
    nothing_installed,
    package_missing,
    refuse_too_large,
)
from narrator.engines.onnx_session import check_device, open_session
from narrator.engines.piper_files import PiperFile, read_piper_file, voices_of
from narrator.errors import EngineError
from narrator.model import Setting, Voice

try:
    from piper import PiperVoice, SynthesisConfig
    from piper.config import PiperConfig
except ImportError as exc:
    raise package_missing("piper", exc) from exc

_SETTINGS = ("checksum", "model", "noise", "noise_w", "speaker")
_SLOWEST, _FASTEST = 0.25, 4.0
_OPENING = re.compile(r"\[(?=\[)")
_USUAL_ROOM = 2_000_000_000

# What a voice's phonemes lack is worth a line in a log, not on a user's terminal.
logging.getLogger("piper").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class PiperOptions:
    """The table ``[engines.piper]``."""

    folder: str = ""
    """A folder with more models than those that ``narrator voices install`` placed."""
    device: str = "cpu"
    """Or cuda, where onnxruntime has it."""
    threads: int = 0
    """For each worker; 0 shares the cores among them."""
    memory_mb: int = 0
    """For the models that a worker holds at once; 0 takes two gigabytes, and one model whatever its
    size."""

    def __post_init__(self) -> None:
        check_device(self.device)


class PiperEngine:
    """Speaks through piper-tts; see the module."""

    name = "piper"
    generative = False

    def __init__(self, options: PiperOptions = PiperOptions()) -> None:
        self._options = options
        self._loaded: OrderedDict[Path, tuple[Any, str]] = OrderedDict()
        parts = [importlib.metadata.version(name) for name in ("piper-tts", "onnxruntime")]
        # A graphics card rounds otherwise.
        self.version = "-".join(("piper-1", *parts, options.device))

    def voices(self) -> tuple[Voice, ...]:
        """The speakers of every model that is installed."""
        found = [
            voice
            for path in self._models()
            for voice in voices_of(read_piper_file(path), checksum_of(path))
        ]
        if not found:
            raise nothing_installed("piper", "Piper voice")
        return tuple(found)

    def synthesize(self, utterance: Utterance) -> Iterator[Block]:
        """Speak, a sentence at a time."""
        voice = utterance.voice
        settings = settings_of(voice, self.name, _SETTINGS, needed="model")
        path = self._path_of(str(settings["model"]), voice.name)
        if not any(character.isalnum() for character in utterance.text):
            return
        piper = self._piper(path, settings)
        rate = min(_FASTEST, max(_SLOWEST, utterance.delivery.rate))
        config = SynthesisConfig(
            speaker_id=_speaker(settings, piper.config.num_speakers, voice.name),
            length_scale=piper.config.length_scale / rate,
            noise_scale=_number(settings, "noise"),
            noise_w_scale=_number(settings, "noise_w"),
            # The level of a sentence is the voice's: it would rise with each that is spoken softly.
            normalize_audio=False,
        )
        piper.session.seed = utterance.seed
        try:
            for chunk in piper.synthesize(_spelled(utterance, piper.config), config):
                yield Block(sample_rate_hz=chunk.sample_rate, pcm=chunk.audio_float_array)
        except Exception as exc:
            # The border to another package, and to onnxruntime, whose errors share no class.
            raise EngineError(f"Piper failed: {type(exc).__name__}: {exc}") from exc

    def expect(self, utterances: Sequence[Utterance]) -> None:
        """Load the model of what comes first."""
        voice = utterances[0].voice
        settings = settings_of(voice, self.name, _SETTINGS, needed="model")
        self._piper(self._path_of(str(settings["model"]), voice.name), settings)

    def close(self) -> None:
        """Let go of the models."""
        self._loaded.clear()

    def _models(self) -> list[Path]:
        folders = [models_folder("piper")]
        if self._options.folder:
            folders.append(Path(self._options.folder).expanduser())
        return [path for folder in folders for path in sorted(folder.glob("*.onnx"))]

    def _path_of(self, model: str, voice: str) -> Path:
        if (path := Path(model).expanduser()).is_absolute():
            return path
        wanted = model.removesuffix(".onnx")
        models = {path.name.removesuffix(".onnx"): path for path in reversed(self._models())}
        if wanted not in models:
            raise EngineError(
                f"the voice {voice!r} needs the Piper model {model!r}, which is not installed"
                f"{nearest(wanted, models)}: run 'narrator voices install PATH/{wanted}.onnx'"
            )
        return models[wanted]

    def _piper(self, path: Path, settings: dict[str, Setting]) -> Any:
        if path not in self._loaded:
            file = read_piper_file(path)
            self._make_room(path)
            self._loaded[path] = (_load(file, self._options), checksum_of(path))
        self._loaded.move_to_end(path)
        piper, found = self._loaded[path]
        if settings.get("checksum", found) != found:
            raise EngineError(
                f"{path}: not the model that the voice was registered with (checksum "
                f"{settings['checksum']}): run 'narrator voices install {path}' to take it as it is"
            )
        return piper

    def _make_room(self, path: Path) -> None:
        room = self._options.memory_mb * 1_000_000 or _USUAL_ROOM
        if self._options.memory_mb:
            refuse_too_large(path, self._options.memory_mb)
        while self._loaded and room < sum(map(memory_bytes, (path, *self._loaded))):
            self._loaded.popitem(last=False)


def load(threads: int = 0, memory_mb: int = 0, **options: Option) -> PiperEngine:
    """The engine with the options of ``[engines.piper]``: the fields of `PiperOptions`.

    Raises
    ------
    ConfigError
        There is no such option, or it cannot have this value.
    """
    return PiperEngine(
        read_options("piper", {**options, "threads": threads, "memory_mb": memory_mb}, PiperOptions)
    )


def _load(file: PiperFile, options: PiperOptions) -> Any:
    session = open_session(file.path, device=options.device, threads=options.threads)
    try:
        config = PiperConfig.from_dict(file.config)
    except (KeyError, TypeError, ValueError) as exc:
        raise EngineError(f"{file.path}: its config lacks or has a wrong {exc}") from exc
    return PiperVoice(session=session, config=config, download_dir=file.path.parent)


def _speaker(settings: dict[str, Setting], count: int, voice: str) -> int | None:
    number = settings.get("speaker")
    if number is None:
        return None
    if not isinstance(number, int) or not 0 <= number < count:
        raise EngineError(
            f"the voice {voice!r} has speaker = {number!r}, but its model has {count} (from 0)"
        )
    return number


def _number(settings: dict[str, Setting], key: str) -> float | None:
    value = settings.get(key)
    return None if value is None else float(value)


def _spelled(utterance: Utterance, config: PiperConfig) -> str:
    """The text with the given phonemes in Piper's brackets, and its own brackets made harmless."""
    text = utterance.text
    if config.phoneme_type != "espeak":
        return _plain(text)
    parts: list[str] = []
    at = 0
    for each in utterance.phonemes:
        if spelling := (each.native or each.ipa).replace("]]", ""):
            parts += [_plain(text[at : each.span.start]), f"[[{spelling}]]"]
            at = each.span.end
    return "".join((*parts, _plain(text[at:])))


def _plain(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode().replace("\0", " ")
    return _OPENING.sub("[ ", whole)
