"""The sounds that an author marked in a story: from the user's files to samples in the cache."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from narrator.castfile import SoundFile
from narrator.clips import keep_clip, recall_clip
from narrator.config import Document
from narrator.engines.base import Samples
from narrator.engines.decode import decode_audio
from narrator.errors import ConfigError, EngineError, NarratorError
from narrator.markup import sounds_marked
from narrator.mix import MixConfig, calibrate, trim
from narrator.model import Script, Sound
from narrator.store import Cache, read_bytes

__all__ = ["LONGEST_S", "SoundTable", "gain_of", "load_sounds", "samples_of"]

LONGEST_S = 60.0
"""A sound is no music to read to: what is longer must be cut by the user."""

_REVISION = 1
"""Of decoding: changes whenever samples that an older program kept must not be used."""
_FADE_OUT_S = 0.25
_MOST_MAKE_UP_DB = 12.0
_LEAST_S = 0.5
"""What is shorter is measured with silence after it: BS.1770 looks at blocks of 400 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundTable:
    """A ``[sounds]`` table: what it says, and where it stands."""

    files: Mapping[str, str | SoundFile]
    folder: Path
    """What its paths are relative to."""
    document: Document | None = None

    def error(self, name: str, message: str) -> ConfigError:
        """A ConfigError with the place of an entry."""
        if self.document is None:
            return ConfigError(f"sounds.{name}: {message}")
        return self.document.error(("sounds", name), f"sounds.{name}: {message}")


def load_sounds(script: Script, tables: Sequence[SoundTable], cache: Cache) -> dict[str, Sound]:
    """The sounds that a story marks and a table has, by folded name; their samples are kept.

    Parameters
    ----------
    tables
        Where two have a sound of one name, the later one counts.

    Raises
    ------
    ConfigError
        A file is missing, holds no sound, or one that is too long; the message gives the line.
    StoreError
        The cache cannot be written.
    """
    entries = {
        name.casefold(): (name, table) for table in tables for name, _ in table.files.items()
    }
    wanted = {name.casefold() for name in sounds_marked(script)} & entries.keys()
    return {name: _load(*entries[name], cache) for name in sorted(wanted)}


def _load(name: str, table: SoundTable, cache: Cache) -> Sound:
    entry = table.files[name]
    entry = SoundFile(file=entry) if isinstance(entry, str) else entry
    path = table.folder / Path(entry.file).expanduser()
    try:
        data = read_bytes(path, ConfigError)
    except ConfigError as exc:
        raise table.error(name, str(exc)) from exc
    sound = Sound(
        name=name,
        path=path,
        digest=hashlib.sha256(data).hexdigest(),
        length_s=0.0,
        gain_db=entry.volume,
        most_s=entry.seconds,
    )
    key = _key(sound)
    samples = recall_clip(cache, key)
    if samples is None:
        try:
            samples = _decoded(data, sound)
        except NarratorError as exc:
            raise table.error(name, str(exc)) from exc
        keep_clip(cache, key, samples)
    return replace(sound, length_s=len(samples.pcm) / samples.sample_rate_hz)


def samples_of(sound: Sound, cache: Cache | None = None) -> Samples:
    """The samples of a sound, from the cache or else from its file.

    Raises
    ------
    EngineError
        The file is no longer what it was when the sound was loaded.
    """
    key = _key(sound)
    if cache is not None and (samples := recall_clip(cache, key)) is not None:
        return samples
    data = read_bytes(sound.path, EngineError)
    if hashlib.sha256(data).hexdigest() != sound.digest:
        raise EngineError(f"{sound.path}: it was changed meanwhile")
    samples = _decoded(data, sound)
    if cache is not None:
        keep_clip(cache, key, samples)
    return samples


def _key(sound: Sound) -> str:
    """Of the samples: all that decides them. The gain is the mixer's."""
    return hashlib.sha256(f"sound {_REVISION} {sound.digest} {sound.most_s}".encode()).hexdigest()


def _decoded(data: bytes, sound: Sound) -> Samples:
    most_s = LONGEST_S if sound.most_s is None else sound.most_s
    samples = decode_audio(data, str(sound.path), most_s=most_s)
    rate = samples.sample_rate_hz
    most = round(most_s * rate)
    if len(samples.pcm) > most and sound.most_s is None:
        raise EngineError(
            f"{sound.path} lasts longer than {LONGEST_S:.0f} s: cut it, or say how much of it "
            f'is played: {{ file = "{sound.path.name}", seconds = 10 }}'
        )
    if len(samples.pcm) > most:
        samples = _cut(samples, most)
    if not len(trim(samples).pcm):
        where = "" if sound.most_s is None else f" in its first {sound.most_s:g} s"
        raise EngineError(f"{sound.path} is silent, or nearly so{where}")
    return samples


def _cut(samples: Samples, most: int) -> Samples:
    """The first frames of a sound, faded out."""
    pcm = samples.pcm[:most].astype(np.float32)
    fade = min(round(_FADE_OUT_S * samples.sample_rate_hz), most)
    pcm[most - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return replace(samples, pcm=np.rint(pcm).astype(np.int16))


def gain_of(samples: Samples, mix: MixConfig) -> float:
    """The gain in dB that makes a sound about as loud as a voice, raised by 12 dB at the most."""
    short = round(_LEAST_S * samples.sample_rate_hz) - len(samples.pcm)
    measured = replace(samples, pcm=np.pad(samples.pcm, (0, short))) if short > 0 else samples
    gain_db = calibrate(measured, mix)
    return min(gain_db, _MOST_MAKE_UP_DB) if math.isfinite(gain_db) else 0.0
