"""Reels and marks -> one file. Encoders are loaded by name, when they are asked for."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points

from narrator.config import nearest
from narrator.encode.base import EncodeConfig, EncodedReel, Encoder, Tags
from narrator.errors import EncodeError

__all__ = ["EncodeConfig", "EncodedReel", "Encoder", "Tags", "encoder_names", "load_encoder"]

GROUP = "narrator.encoders"
"""Entry points of this group add encoders: name = ``package.module:Class``."""

_BUILT_IN = {
    "flac": "narrator.encode.flac:FlacEncoder",
    "m4b": "narrator.encode.m4b:M4bEncoder",
    "mp3": "narrator.encode.mp3:Mp3Encoder",
    "ogg": "narrator.encode.opus:OggEncoder",
    "opus": "narrator.encode.opus:OpusEncoder",
    "wav": "narrator.encode.wav:WavEncoder",
}


def encoder_names() -> tuple[str, ...]:
    """The names that `load_encoder` knows, sorted."""
    return tuple(sorted({*_BUILT_IN, *(point.name for point in entry_points(group=GROUP))}))


def load_encoder(name: str) -> Encoder:
    """Make the encoder of this name.

    Raises
    ------
    EncodeError
        No such encoder, or it cannot be imported.
    """
    if (path := _BUILT_IN.get(name)) is None:
        points = entry_points(group=GROUP, name=name)
        if not points:
            names = encoder_names()
            hint = nearest(name, names)
            raise EncodeError(f"no encoder {name!r}: give one of {', '.join(names)}{hint}")
        path = next(iter(points)).value
    module, _, attribute = path.partition(":")
    try:
        encoder: Encoder = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError) as exc:
        raise EncodeError(f"the encoder {name!r} cannot be loaded from {path}: {exc}") from exc
    return encoder
