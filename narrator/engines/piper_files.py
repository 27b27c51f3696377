"""The files of a Piper voice: ``NAME.onnx`` and beside it ``NAME.onnx.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrator.errors import EngineError
from narrator.model import Setting, Voice
from narrator.store import read_bytes

CONFIG_SUFFIX = ".json"
"""What a config has after the whole name of its model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PiperFile:
    """A Piper voice, as its config describes it."""

    path: Path
    """Of the model."""
    config: dict[str, Any]
    """As piper-tts reads it."""
    sample_rate_hz: int
    language: str
    """BCP 47: ``en-US``."""
    speakers: tuple[tuple[str, int], ...]
    """Names and numbers, by number; empty where there is one speaker only."""
    spells: bool
    """Its phonemes are espeak's, so that it can be told how a word is pronounced."""

    @property
    def name(self) -> str:
        """As the file is called, without its suffix."""
        return self.path.name.removesuffix(".onnx")


def read_piper_file(path: Path) -> PiperFile:
    """Read the config of the model at `path`.

    Raises
    ------
    EngineError
        It is missing, or not the config of a Piper voice.
    """
    config_path = path.with_name(path.name + CONFIG_SUFFIX)
    return parse_piper_config(read_bytes(config_path, EngineError), path, str(config_path))


def parse_piper_config(data: bytes, path: Path, name: str) -> PiperFile:
    """The voice at `path`, whose config is `data`, a file that messages call `name`.

    Raises
    ------
    EngineError
        `data` is not the config of a Piper voice.
    """
    try:
        config: Any = json.loads(data)
    except ValueError as exc:
        raise EngineError(f"{name}: not JSON: {exc}") from exc
    try:
        return _described(config, path)
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        fault = f"lacks {exc}" if isinstance(exc, KeyError) else f"has {exc}"
        raise EngineError(f"{name}: not the config of a Piper voice: it {fault}") from exc


def _described(config: Any, path: Path) -> PiperFile:
    rate = int(config["audio"]["sample_rate"])
    count = int(config["num_speakers"])
    if not isinstance(config["phoneme_id_map"], dict) or not 4_000 <= rate <= 192_000:
        raise ValueError(f"a sample rate of {rate} Hz, or no map of phonemes")
    names = {int(number): str(name) for name, number in config.get("speaker_id_map", {}).items()}
    speakers = tuple((names.get(number, str(number)), number) for number in range(count))
    code = config.get("language", {}).get("code") or config.get("espeak", {}).get("voice") or "en"
    return PiperFile(
        path=path,
        config=config,
        sample_rate_hz=rate,
        language=str(code).replace("_", "-"),
        speakers=speakers if count > 1 else (),
        spells=config.get("phoneme_type", "espeak") == "espeak",
    )


def voices_of(file: PiperFile, checksum: str) -> Iterator[Voice]:
    """A voice for each speaker."""
    controls = ("rate", "phonemes") if file.spells else ("rate",)
    for name, number in file.speakers or (("", 0),):
        settings: dict[str, Setting] = {"checksum": checksum, "model": file.name}
        if file.speakers:
            settings["speaker"] = number
        yield Voice(
            name=f"{file.name} {name}".strip(),
            engine="piper",
            accent=file.language if "-" in file.language else "",
            language=file.language.partition("-")[0],
            rank=min(50 + number, 1000),
            narrates=not file.speakers,
            sample_rate_hz=file.sample_rate_hz,
            controls=controls,
            settings=tuple(sorted(settings.items())),
        )
