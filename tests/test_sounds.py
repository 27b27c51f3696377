"""Sounds that an author marked: from a file of any kind to the place where it is heard."""

from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from narrator.build import Built, build
from narrator.cast import cast
from narrator.castfile import CastFile, read_cast_file
from narrator.cli.directing import director, sounds_for
from narrator.encode import Tags
from narrator.engines import load_engine
from narrator.errors import ConfigError, EngineError, LedgerError
from narrator.ledger import settle
from narrator.loudness import measure, measure_lufs
from narrator.mix import MixConfig
from narrator.model import Script, Take
from narrator.plan import BuildConfig, plan
from narrator.report import account_for, report_to_json
from narrator.selection import Preview, Selection, select_beginning, select_chapters
from narrator.sounds import gain_of, samples_of
from narrator.store import Cache
from narrator.story import load_script
from tests.test_build import decode, hum_hz

STORY = """\
The Rain

by N. N.

Chapter 1: Rain

There was a street. {sound Door} "Look at it now," said Anna.

Then it stopped.

Chapter 2: Sun

{sound gull}

The sun was out. {sound nothing}
"""
ON = '[reading]\nmarkup = true\n[sounds]\ndoor = "door.wav"\n'
RATE = 24_000
DOOR_HZ, GULL_HZ = 3000.0, 5000.0


def tone(hz: float, seconds: float, level: float = 0.5) -> NDArray[np.int16]:
    at = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(np.rint(32767 * level * np.sin(2 * np.pi * hz * at)), dtype=np.int16)


def write_wav(path: Path, pcm: NDArray[np.int16]) -> None:
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(pcm.tobytes())


def write_as(path: Path, codec: str, pcm: NDArray[np.int16]) -> None:
    """A file of another kind."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(pcm[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format="fltp" if codec == "aac" else "s16", rate=48_000)
        for out in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(out))
        container.mux(stream.encode(None))


class Book:
    """A story that marks sounds, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = Cache(root=folder / "cache")
        self.cast_path = folder / "rain.cast.toml"
        self.path = folder / "rain.txt"
        self.path.write_text(STORY)
        write_wav(folder / "door.wav", tone(DOOR_HZ, 0.8))
        write_wav(folder / "gull.wav", tone(GULL_HZ, 1.2, 0.05))

    def load(self, text: str = ON) -> tuple[Script, CastFile]:
        cast_file = read_cast_file(text.encode(), "rain.cast.toml")
        return load_script(self.path, cast_file), cast_file

    def takes(self, text: str = ON) -> tuple[Script, tuple[Take, ...]]:
        script, cast_file = self.load(text)
        sounds = sounds_for(script, cast_file, self.cast_path, self.cache)
        who = cast(script, load_engine("tone").voices(), cast_file)
        return script, tuple(director(script, who, cast_file, sounds=sounds)(script))

    def build(self, takes: tuple[Take, ...], name: str = "book.wav") -> Built:
        return build(
            takes,
            self.folder / name,
            tags=Tags(title="T"),
            cache=self.cache,
            config=BuildConfig(encoder="wav"),
        )


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


BOTH = ON + 'gull = { file = "gull.wav", volume = -6 }\n'


def test_a_marked_sound_is_heard_where_it_stands_as_loud_as_a_voice(book: Book) -> None:
    _, takes = book.takes(BOTH)
    shown = [take.shown for take in takes]
    assert shown[1:4] == ["There was a street.", "{sound door}", "Look at it now,"]
    built = book.build(takes)
    sound, rate = decode(built.audiobook.path)
    cues = built.audiobook.timeline.cues
    assert len(cues) == len(takes)
    loud = {}
    for take, cue in zip(takes, cues, strict=True):
        if take.sound is not None:
            heard = sound[cue.start : cue.end]
            expected = {"door": DOOR_HZ, "gull": GULL_HZ}[take.sound.name]
            assert hum_hz(heard, rate) == pytest.approx(expected, abs=5)
            assert len(heard) / rate == pytest.approx(take.sound.length_s, abs=0.02)
            middle = heard[rate // 10 : -rate // 10]
            loud[take.sound.name] = measure_lufs(np.rint(middle).astype(np.int16), rate)
            assert abs(heard[0]) < 400  # faded in
            assert abs(heard[-1]) < 400
    target = MixConfig().target_lufs
    assert loud["door"] == pytest.approx(target, abs=0.7)
    # The quiet one is raised, and is as much softer as was asked for.
    assert loud["gull"] == pytest.approx(target - 6, abs=0.7)


def test_the_pauses_around_a_sound_are_its_own(book: Book) -> None:
    _, takes = book.takes(BOTH + "[pauses]\nsound_ms = 111\n")
    at = next(k for k, take in enumerate(takes) if take.sound is not None)
    assert [take.pause_ms for take in takes[at - 1 : at + 1]] == [111, 111]
    gull = next(k for k, t in enumerate(takes) if t.sound is not None and t.sound.name == "gull")
    assert takes[gull - 1].pause_ms == CastFile().pauses.heading_ms


def test_the_ledger_and_the_report_count_what_sounds(book: Book) -> None:
    script, takes = book.takes(BOTH)
    ledger = settle(script, takes)
    heard = sum(len(take.span) for take in takes if take.sound is not None)
    assert ledger.sounds == heard
    assert "heard as sounds" in ledger.summary()
    parts = ledger.narrator + ledger.characters + ledger.sounds
    assert parts + sum(count for _, count in ledger.skipped) == ledger.source
    assert dict(ledger.skipped)["author's markup"] == len("{sound nothing}\n")
    report = account_for(script, takes, book.build(takes).audiobook.timeline)
    assert report.whole.sounds == heard
    text = report_to_json(report, title="T", audiobook="book.wav")
    assert '"sound": "door"' in text
    with pytest.raises(LedgerError, match="skipped and spoken"):
        settle(script, tuple(replace(take, sound=None) for take in takes))


def test_only_what_a_sound_changes_is_made_anew(book: Book) -> None:
    _, takes = book.takes(BOTH)
    first = book.build(takes)
    data = first.audiobook.path.read_bytes()
    again = book.build(book.takes(BOTH)[1])
    assert (again.reels_made, again.clips_spoken, again.changed) == (0, 0, False)
    moved = BOTH.replace("door.wav", "sounds/bang.wav")
    write_wav(book.folder / "sounds" / "bang.wav", tone(DOOR_HZ, 0.8))
    same = book.build(book.takes(moved)[1])
    assert (same.reels_made, same.changed) == (0, False)
    write_wav(book.folder / "door.wav", tone(1500.0, 0.8))
    _, changed = book.takes(BOTH)
    planned = plan(changed, cache=book.cache, config=BuildConfig(encoder="wav"))
    assert (planned.sounds, planned.clips_to_speak, planned.reels_to_encode) == (2, 0, 1)
    other = book.build(changed)
    assert (other.reels_made, other.clips_spoken) == (1, 0)
    assert other.audiobook.path.read_bytes() != data
    book.cache = Cache(root=book.folder / "other")
    write_wav(book.folder / "door.wav", tone(DOOR_HZ, 0.8))
    assert book.build(book.takes(BOTH)[1], "b.wav").audiobook.path.read_bytes() == data


@pytest.mark.parametrize(("name", "codec"), [("a.m4a", "aac"), ("a.flac", "flac")])
def test_a_sound_of_any_kind_is_played(book: Book, name: str, codec: str) -> None:
    write_as(book.folder / name, codec, tone(DOOR_HZ, 0.8))
    _, takes = book.takes(ON.replace("door.wav", name))
    [sound] = [take.sound for take in takes if take.sound is not None]
    assert sound.length_s == pytest.approx(0.8, abs=0.1)
    samples = samples_of(sound)
    assert hum_hz(samples.pcm.astype(np.float32), samples.sample_rate_hz) == pytest.approx(
        DOOR_HZ, abs=5
    )


def test_of_a_long_sound_the_beginning_is_played_and_faded_out(book: Book) -> None:
    write_wav(book.folder / "door.wav", tone(DOOR_HZ, 61.5))
    with pytest.raises(ConfigError, match=r"line 4: sounds\.door: .*lasts longer than 60 s.*secon"):
        book.takes()
    _, takes = book.takes(ON.replace('"door.wav"', '{ file = "door.wav", seconds = 2.5 }'))
    [sound] = [take.sound for take in takes if take.sound is not None]
    assert sound.length_s == 2.5
    samples = samples_of(sound, book.cache)
    assert np.array_equal(samples.pcm, samples_of(sound).pcm)
    peak = np.abs(samples.pcm.astype(int))
    assert peak[-RATE // 100 :].max() < 0.1 * peak[RATE : 2 * RATE].max()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.unlink(), "no such file"),
        (lambda path: path.write_bytes(b"no sound at all" * 9), "gave no sound that can be"),
        (lambda path: write_wav(path, np.zeros(9999, np.int16)), "is silent"),
        (lambda path: write_wav(path, tone(DOOR_HZ, 1.0, 1e-4)), "is silent, or nearly so"),
        (lambda path: path.write_bytes(b""), "no sound at all"),
    ],
)
def test_a_file_that_cannot_be_played_is_told_with_its_line(
    book: Book, make: object, why: str
) -> None:
    assert callable(make)
    make(book.folder / "door.wav")
    with pytest.raises(ConfigError, match=rf"rain\.cast\.toml, line 4: sounds\.door: .*{why}"):
        book.takes()


def test_a_sound_whose_played_part_is_silent_is_told_with_its_line(book: Book) -> None:
    late = np.concatenate((np.zeros(RATE, np.int16), tone(DOOR_HZ, 1.0)))
    write_wav(book.folder / "door.wav", late)
    book.takes(ON.replace('"door.wav"', '{ file = "door.wav", seconds = 1.5 }'))
    with pytest.raises(ConfigError, match=r"line 4: sounds\.door: .*nearly so in its first 0\.5 s"):
        book.takes(ON.replace('"door.wav"', '{ file = "door.wav", seconds = 0.5 }'))


def test_a_sound_that_nothing_marks_is_not_looked_for(book: Book) -> None:
    book.takes(ON + 'unused = "nowhere.wav"\n')


def test_what_no_table_has_is_passed_over_with_a_warning(book: Book) -> None:
    script, _ = book.load(BOTH)
    assert [w for w in script.warnings if "sound" in w] == [
        "{sound nothing} is passed over: no sound of that name is under [sounds] in the cast file"
    ]
    typo, _ = book.load(ON + 'gul = "gull.wav"\n')
    assert any("did you mean 'gul'?" in warning for warning in typo.warnings)
    off, _ = book.load('[sounds]\ndoor = "door.wav"\n')
    assert not off.warnings


@pytest.mark.parametrize("entry", ["volume = 20", "seconds = 0", "seconds = 61", "loud = 1"])
def test_an_entry_that_cannot_be_is_refused(book: Book, entry: str) -> None:
    with pytest.raises(ConfigError, match="line 4"):
        book.load(ON.replace('"door.wav"', f'{{ file = "door.wav", {entry} }}'))


def test_sounds_outside_of_what_is_chosen_are_not_heard(book: Book) -> None:
    script, cast_file = book.load(BOTH)
    sounds = sounds_for(script, cast_file, book.cast_path, book.cache)
    who = cast(script, load_engine("tone").voices(), cast_file)
    takes_of = director(script, who, cast_file, sounds=sounds)
    second = select_chapters(script, Selection(chapters="2"))
    assert [t.sound.name for t in takes_of(second) if t.sound is not None] == ["gull"]
    settle(second, tuple(takes_of(second)))
    start = select_beginning(script, tuple(takes_of(script)), Preview(seconds=0.1))
    assert not [take for take in takes_of(start) if take.sound is not None]


def test_a_file_that_changes_while_the_book_is_made_is_told(book: Book) -> None:
    _, takes = book.takes()
    [sound] = [take.sound for take in takes if take.sound is not None]
    write_wav(book.folder / "door.wav", tone(GULL_HZ, 0.3))
    assert len(samples_of(sound, book.cache).pcm) == round(0.8 * RATE)
    with pytest.raises(EngineError, match="changed meanwhile"):
        samples_of(sound)


def test_a_loud_sound_stays_below_the_ceiling_and_a_faint_one_is_not_blown_up(book: Book) -> None:
    write_wav(book.folder / "door.wav", np.sign(tone(200.0, 0.6)) * np.int16(32767))
    _, takes = book.takes(ON.replace('"door.wav"', '{ file = "door.wav", volume = 12 }'))
    built = book.build(takes)
    sound, rate = decode(built.audiobook.path)
    peaks = measure(np.rint(sound).astype(np.int16), rate)
    assert peaks.true_peak_dbtp is not None
    assert peaks.true_peak_dbtp <= MixConfig().ceiling_dbfs + 0.3
    write_wav(book.folder / "door.wav", tone(DOOR_HZ, 0.6, 0.001))
    [faint] = [take.sound for take in book.takes()[1] if take.sound is not None]
    assert gain_of(samples_of(faint), MixConfig()) == 12.0
