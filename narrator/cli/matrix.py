"""``narrator voices --matrix`` and ``--measure``: how far the voices are apart."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from narrator.cli.cache import open_cache
from narrator.cli.tables import count_words, short, voice_words
from narrator.cli.voicing import Voicing
from narrator.model import Voice
from narrator.personal import voices_folder
from narrator.picture import heat_map
from narrator.store import write_bytes, write_text
from narrator.timbre import Timbre, distance, fingerprint, load_timbres, timbres_text

_NAME, _COLUMN = 16, 6


def show_matrix(voices: Sequence[Voice], voicing: Voicing, picture: Path | None) -> None:
    """Print the distances of voices, and draw them where a picture is wanted.

    Raises
    ------
    EngineError
        A voice cannot be measured.
    """
    known = load_timbres(voicing.timbre_folder)
    timbres = {voice: known.of(voice) for voice in voices}
    missing = [voice for voice, timbre in timbres.items() if timbre is None]
    measured = _measured(missing, voicing) if missing else {}
    heard = {voice: timbre or measured[voice] for voice, timbre in timbres.items()}
    ordered = sorted(heard, key=lambda voice: (voice.gender, heard[voice].pitch_st, voice.name))
    table = [[distance(heard[one], heard[other]) for other in ordered] for one in ordered]
    for row in _rows(ordered, table, known.clearly_different):
        click.echo(row)
    if picture is not None:
        title = f"Distance of voices: {known.clearly_different:g} and more is clearly different"
        names = [voice.name for voice in ordered]
        write_bytes(picture, heat_map(names, table, threshold=known.clearly_different, title=title))
        click.echo(f"\n{picture}: drawn")


def write_timbres(voices: Sequence[Voice], voicing: Voicing, path: Path | None) -> None:
    """Measure voices anew and write what casting needs to know of them.

    Raises
    ------
    EngineError
        A voice cannot be measured.
    """
    path = path or voices_folder() / "timbre" / f"{voicing.engine}.toml"
    known = load_timbres(voicing.timbre_folder)
    text = timbres_text(
        _measured(voices, voicing),
        clearly_different=known.clearly_different,
    )
    write_text(path, text)
    click.echo(f"{path}: {len(voices)} voices measured")


def _measured(voices: Sequence[Voice], voicing: Voicing) -> dict[Voice, Timbre]:
    """Timbres from the cache, or else from the voices themselves."""
    from narrator.engines import load_engine
    from narrator.listen import REVISION, measure

    cache = open_cache(None)
    engine = load_engine(voicing.engine, voicing.tables)
    found: dict[Voice, Timbre] = {}
    hidden = not sys.stderr.isatty()
    try:
        with click.progressbar(voices, label="Measuring", file=sys.stderr, hidden=hidden) as bar:
            for voice in bar:
                what = json.dumps([REVISION, engine.version, fingerprint(voice)])
                key = hashlib.sha256(what.encode()).hexdigest()
                blob = cache.get("timbre", key)
                if blob is None:
                    found[voice] = measure(engine, voice)
                    cache.put("timbre", key, timbre_to_json(found[voice]))
                else:
                    found[voice] = timbre_from_json(blob)
    finally:
        engine.close()
    return found


def timbre_to_json(timbre: Timbre) -> bytes:
    """A timbre as an array of its fields."""
    fields = (timbre.pitch_st, timbre.spread_st, timbre.seconds, timbre.envelope_db)
    return json.dumps(fields).encode()


def timbre_from_json(data: bytes) -> Timbre:
    """The timbre that `timbre_to_json` made this from."""
    pitch_st, spread_st, seconds, envelope_db = json.loads(data)
    return Timbre(
        pitch_st=pitch_st, spread_st=spread_st, seconds=seconds, envelope_db=tuple(envelope_db)
    )


def _rows(
    voices: Sequence[Voice], table: Sequence[Sequence[float]], threshold: float
) -> Iterator[str]:
    width = max(40, shutil.get_terminal_size().columns)
    if _NAME + 1 + _COLUMN * len(voices) <= width:
        yield from _whole(voices, table)
    else:
        yield from _nearest(voices, table, width)
    pairs = [
        (value, voices[row].name, voices[column].name)
        for row, values in enumerate(table)
        for column, value in enumerate(values[:row])
    ]
    close = sum(value < threshold for value, _, _ in pairs)
    yield ""
    pairs_in_words = f"{count_words(len(voices), 'voice')}, {count_words(len(pairs), 'pair')}"
    yield f"{pairs_in_words}, {close} closer than {threshold:g}: from there on, voices count as"
    yield "clearly different, and casting keeps those that are closer out of one scene."
    yield "1 is two semitones, two decibels of the spectrum, or a tenth of speed."


def _whole(voices: Sequence[Voice], table: Sequence[Sequence[float]]) -> Iterator[str]:
    heads = (f"{short(voice.name, _COLUMN - 1):>{_COLUMN}}" for voice in voices)
    yield " " * (_NAME + 1) + "".join(heads)
    for voice, values in zip(voices, table, strict=True):
        cells = "".join(f"{value:{_COLUMN}.1f}" for value in values)
        yield f" {short(voice.name, _NAME):{_NAME}}{cells}"


def _nearest(
    voices: Sequence[Voice], table: Sequence[Sequence[float]], width: int
) -> Iterator[str]:
    """Of each voice those that it is most easily taken for."""
    words = max(len(voice_words(voice)) for voice in voices)
    words = min(words, 24)
    for row, voice in enumerate(voices):
        text = f" {short(voice.name, _NAME):{_NAME}} {short(voice_words(voice), words):{words}}"
        others = sorted((value, voices[i].name) for i, value in enumerate(table[row]) if i != row)
        for value, name in others:
            more = f"  {short(name, _NAME)} {value:.1f}"
            if len(text) + len(more) > width - 1:
                break
            text += more
        yield text
