"""How fast, how small and how incremental builds are, against the bars of the project.

    python benchmarks/production.py --corpus PATH/TO/NorthangerAbbey
    python benchmarks/production.py --corpus PATH/TO/NorthangerAbbey --excerpt
    python benchmarks/production.py --long

Every ratio is of times taken in one run, on one machine. The first takes about four minutes on two
quiet cores for a book of seven hours; ``--excerpt`` takes its first hour only; ``--long`` builds
books of one and of forty hours (a story of the repository over and over, no sentence twice the
same), and takes about nine minutes.

The shell pipe needs Debian's espeak-ng and ffmpeg; without them its row says so. It is bound by
the coder and takes as long for each hour, so it speaks the first hour of the book, and is set
against a build of that hour. ``--whole-pipe`` has it speak all.

The ideal is bare synthesis and bare encoding of every fourth reel, by as many processes as there
are cores, at the same time: two cores at work are slower than one, whatever they do. Memory is that
of all processes together, shared pages counted once (PSS), and can only be read on Linux. On a
machine that others use too, the ratios of CPU time say more than those of wall time.

Leave the disk alone for some minutes before it begins. ext4 gives the number of a file that was
just deleted to no other for a while (a minute, where it was measured), and steps over each of them
whenever it makes a file: after thousands were deleted, as by this program at its end, each clip
takes a fifth of a millisecond more.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import tomlkit

from narrator.cast import speech_lines
from narrator.cli.preparing import errand_for, prepared
from narrator.cli.source import Source
from narrator.encode import Tags, load_encoder
from narrator.engines import available_voices, load_engine
from narrator.engines.base import speak
from narrator.mix import Part, mix_reel
from narrator.model import Take
from narrator.orders import ReelOrder, recall_level, recall_sheet, reel_key
from narrator.plan import BuildConfig, reel_orders, versions_for, voice_orders, worker_count
from narrator.selection import Selection
from narrator.speak import Workshop
from narrator.store import Cache, replacing
from narrator.story import cast_path_of, load_cast_file, load_script
from narrator.timeline import chapter_titles, lay_out
from narrator.walk import Desk

ROOT = Path(__file__).resolve().parent.parent
STORY = ROOT / "stories" / "the-last-ferry.txt"

_SAMPLE_EVERY_S = 0.5
"""Adding up the pages of a process takes time too, from the cores that are measured."""
_SAMPLE_OFTEN_S = 0.05
"""Where peaks are compared: an hour is built in ten seconds, and a peak lasts a tenth of one."""
_REBUILDS = 3
_FORTY_HOURS_S = 40 * 3600
_CHARACTERS_PER_HOUR = 52_000
"""What the default voices speak in an hour, pauses included."""
_SENTENCE_END = re.compile(r"(?<=\w)([.!?])(?=[\s”’\"']|$)")
_IDEAL_ONE_IN = 4
"""Reels of which the ideal is measured: all of them would take as long as the build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a command."""

    wall_s: float
    cpu_s: float
    peak_bytes: int | None
    done: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table."""

    what: str
    value: float | None
    bar: float
    beyond: float
    unit: str = ""
    note: str = ""


def run(*words: str | Path, every_s: float = _SAMPLE_EVERY_S) -> Run:
    """Run ``narrator`` and watch its processes."""
    events = ("--json",) if words[0] == "build" else ()
    command = [sys.executable, "-m", "narrator", *map(str, words), *events]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun_s = time.perf_counter()
    # As it is installed: without bytecode on disk each start would compile the whole program.
    surroundings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        peak: list[int] = []
        watcher = threading.Thread(target=watch_memory, args=(process, peak, every_s))
        watcher.start()
        output, _ = process.communicate()
        wall_s = time.perf_counter() - begun_s
        watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rows = [json.loads(line) for line in output.splitlines()] if events else []
    return Run(
        wall_s=wall_s,
        cpu_s=cpu_s,
        peak_bytes=max(peak, default=None),
        done=rows[-1] if rows else {},
    )


def watch_memory(process: subprocess.Popen[bytes], peak: list[int], every_s: float) -> None:
    """Add up the memory of a process and all below it, until it ends."""
    while process.poll() is None:
        total = sum(map(memory_of, tree(process.pid)))
        if total:
            peak.append(total)
        time.sleep(every_s)


def tree(pid: int) -> Iterator[int]:
    """A process and its descendants."""
    yield pid
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return
    for child in children:
        yield from tree(child)


def memory_of(pid: int) -> int:
    """Bytes in memory, with a share of what it shares with others; 0 where it cannot be read."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def pipe_s(story: Path, folder: Path) -> float | None:
    """Time of the shell pipe, or None where a program is missing."""
    if not (shutil.which("espeak-ng") and shutil.which("ffmpeg")):
        return None
    begun_s = time.perf_counter()
    with subprocess.Popen(
        ["espeak-ng", "--stdout", "-f", str(story)], stdout=subprocess.PIPE
    ) as speaker:
        subprocess.run(
            ["ffmpeg", "-v", "error", "-y", "-i", "-", "-c:a", "aac", "-b:a", "64k",
             str(folder / "pipe.m4a")],
            stdin=speaker.stdout, check=True,
        )  # fmt: skip
    return time.perf_counter() - begun_s


def ideal_cpu_s(story: Path, cache: Cache) -> float:
    """CPU seconds of bare synthesis and bare encoding of the book, from a part of its reels."""
    config = BuildConfig()
    takes = takes_of(story, cache)
    version = load_engine("pyttsx3").version
    levels = {
        order: level
        for order in voice_orders(takes, config.mix)
        if (level := recall_level(cache, order, version)) is not None
    }
    some = list(reel_orders(takes, levels, config))[::_IDEAL_ONE_IN]
    with ProcessPoolExecutor(cores(), multiprocessing.get_context("spawn")) as workers:
        list(workers.map(bare_s, [some[:1]] * cores()))  # so that all have started
        parts = [some[start :: cores()] for start in range(cores())]
        times = list(workers.map(bare_s, parts))
    speaking_s, encoding_s = map(sum, zip(*times, strict=True))
    share = sum(len(take.text) for order in some for take in order.takes) / sum(
        len(take.text) for take in takes
    )
    print(f"  bare synthesis {speaking_s / share:.1f} s, bare encoding {encoding_s / share:.1f} s")
    return (speaking_s + encoding_s) / share


def bare_s(orders: Sequence[ReelOrder]) -> tuple[float, float]:
    """CPU seconds of this process to speak reels, and to encode them."""
    engine = load_engine("pyttsx3")
    speaking_s = encoding_s = 0.0
    for order in orders:
        encoder = load_encoder(order.encoder)
        begun_s = time.process_time()
        sounds = [speak(engine, take.text, take.voice, take.delivery) for take in order.takes]
        speaking_s += time.process_time() - begun_s
        pcm = mix_reel(
            [
                Part(samples=sound, gain_db=gain_db, pause_ms=take.pause_ms)
                for sound, gain_db, take in zip(sounds, order.gains_db, order.takes, strict=True)
            ],
            config=order.mix,
            sample_rate_hz=order.sample_rate_hz,
            frame_size=encoder.frame_size,
            join_frames=encoder.join_frames,
        ).pcm
        begun_s = time.process_time()
        encoder.encode_reel(pcm, sample_rate_hz=order.sample_rate_hz, config=order.encode)
        encoding_s += time.process_time() - begun_s
    return speaking_s, encoding_s


def takes_of(story: Path, cache: Cache) -> tuple[Take, ...]:
    """The takes of a story, as a build has them."""
    errand = errand_for(
        Source(story=story),
        series_path=None,
        engine_name=None,
        selection=Selection(),
        cache=cache,
    )
    with prepared(errand) as ready:
        return tuple(ready.takes)


def change_one_line(story: Path, cache: Cache) -> str:
    """Give a character who says one line another voice, in the cast file; the name."""
    path = cast_path_of(story)
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    spoken = Counter(take.speaker for take in takes_of(story, cache))
    script = load_script(story, load_cast_file(path, required=True))
    lines = speech_lines(script)
    character = min(
        (c for c in script.characters if lines[c.id] and not c.is_narrator),
        key=lambda c: (lines[c.id], spoken[c.id]),
    )
    parts: Any = document["characters"]
    used = {str(part.get("voice")) for part in parts.values()}
    free = [v.name for v in available_voices("pyttsx3") if v.name not in used and not v.narrates]
    parts[character.name]["voice"] = free[-1]
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    print(f"  {character.name} ({lines[character.id]} line) is now spoken by {free[-1]}")
    return character.name


def join_s(story: Path, cache: Cache, folder: Path, *, sound_s: float) -> float:
    """Time to join so much sound, of the book's reels over and over, as a build does it."""
    config = BuildConfig()
    takes = takes_of(story, cache)
    versions = versions_for(takes, cache, config)
    levels = {
        order: level
        for order in voice_orders(takes, config.mix)
        if (level := recall_level(cache, order, versions[order.voice.engine])) is not None
    }
    orders = list(reel_orders(takes, levels, config))
    keys = [reel_key(order, versions) for order in orders]
    sheets = [sheet for key in keys if (sheet := recall_sheet(cache, key)) is not None]
    if len(sheets) < len(orders):
        sys.exit(f"{len(orders) - len(sheets)} of {len(orders)} reels are not in the cache")
    rate = orders[0].sample_rate_hz
    times = -(-int(sound_s * rate) // sum(sheet.frames for sheet in sheets))
    many, encoder = sheets * times, load_encoder(config.encoder)
    desk = Desk(executor=ThreadPoolExecutor(1), shop=Workshop(cache=cache), jobs=1)
    begun_s = time.perf_counter()
    timeline = lay_out(chapter_titles(list(takes) * times), many, encoder, rate)
    with replacing(folder / "long.m4b") as temporary:
        encoder.join(
            desk.recall(many, cycle(orders)),
            temporary,
            timeline=timeline,
            tags=Tags(title="Forty hours"),
            config=config.encode,
        )
    taken_s = time.perf_counter() - begun_s
    size = (folder / "long.m4b").stat().st_size
    hours = timeline.frames / rate / 3600
    print(f"  joined {hours:.1f} h, {size / 1e6:.0f} MB")
    (folder / "long.m4b").unlink()
    return taken_s


def against_pipe(story: Path, folder: Path) -> Row:
    """The first row: a build of `story` and the pipe with the same text."""
    what = "wall time / espeak-ng piped into ffmpeg"
    if (piped_s := pipe_s(story, folder)) is None:
        return Row(what=what, value=None, bar=0.60, beyond=0.25,
                   note="espeak-ng or ffmpeg is not here")  # fmt: skip
    built = run("build", story, "-o", folder / "piped.m4b", "--cache", folder / "cache-of-piped")
    note = f"{built.wall_s:.1f} s / {piped_s:.1f} s"
    return Row(what=what, value=built.wall_s / piped_s, bar=0.60, beyond=0.25, note=note)


def measure(story: Path, folder: Path) -> list[Row]:
    """The rows that one book gives."""
    cache, book = folder / "cache", folder / "book.m4b"
    build = ("build", story, "-o", book, "--cache", cache)
    run("cast", story)
    first = run(*build)
    length_s = float(str(first.done["length_s"]))
    print(
        f"  {length_s / 3600:.2f} h of sound; first build {first.wall_s:.1f} s, "
        f"{first.cpu_s:.1f} s of CPU, {length_s / first.wall_s:.0f} × real time"
    )
    again = min((run(*build) for _ in range(_REBUILDS)), key=lambda done: done.wall_s)
    again_s = again.wall_s
    ideal_s = ideal_cpu_s(story, Cache(root=cache)) / cores()
    joined_s = join_s(story, Cache(root=cache), folder, sound_s=_FORTY_HOURS_S)
    change_one_line(story, Cache(root=cache))
    changed = run(*build)
    print(
        f"  then {changed.done['sentences_spoken']} sentence(s) spoken, "
        f"{changed.done['reels_made']} of {changed.done['reels']} reels made"
    )
    peak = None if first.peak_bytes is None else first.peak_bytes / 1e6
    return [
        Row(what="wall time / ideal", value=first.wall_s / ideal_s, bar=1.25, beyond=1.08,
            note=f"{first.wall_s:.1f} s / {ideal_s:.1f} s, "
            f"CPU {first.cpu_s / cores() / ideal_s:.3f}"),
        Row(what="peak memory of all processes", value=peak, bar=600, beyond=350, unit="MB",
            note="" if peak else "can be read on Linux only"),
        Row(what="rebuild, nothing changed / first build", value=again_s / first.wall_s,
            bar=0.05, beyond=0.02, note=f"{again_s:.2f} s, CPU {again.cpu_s / first.cpu_s:.3f}"),
        Row(what="rebuild, one line's voice changed / first build",
            value=changed.wall_s / first.wall_s, bar=0.06, beyond=0.03,
            note=f"{changed.wall_s:.2f} s, CPU {changed.cpu_s / first.cpu_s:.3f}"),
        Row(what="joining 40 hours", value=joined_s, bar=15, beyond=5, unit="s"),
    ]  # fmt: skip


def measure_long(folder: Path) -> list[Row]:
    """The rows that books of one hour and of forty give."""
    short, long = growth(folder)
    peaks = [peak / 1e6 for _, peak in (short, long) if peak is not None]
    ratio = peaks[1] / peaks[0] if len(peaks) == 2 else None
    return [
        Row(what="peak memory of all processes, 40 h", value=peaks[-1] if peaks else None,
            bar=600, beyond=350, unit="MB"),
        Row(what="the same at 40 h / at 1 h", value=ratio, bar=1.10, beyond=1.10),
        Row(what="time per hour of sound, at 40 h / at 1 h", value=long[0] / short[0],
            bar=1.10, beyond=1.02, note=f"{long[0]:.2f} s / {short[0]:.2f} s"),
    ]  # fmt: skip


def growth(folder: Path) -> list[tuple[float, int | None]]:
    """For an hour and for forty: seconds to build an hour of it, and the peak memory."""
    found = []
    for hours in (1, 40):
        story = folder / f"hours-{hours}.txt"
        write_long_story(story, hours * _CHARACTERS_PER_HOUR)
        cache = folder / f"cache-{hours}"
        book = folder / f"hours-{hours}.m4b"
        done = run("build", story, "-o", book, "--cache", cache, every_s=_SAMPLE_OFTEN_S)
        length_h = float(str(done.done["length_s"])) / 3600
        print(f"  {length_h:.1f} h of sound in {done.wall_s:.0f} s")
        found.append((done.wall_s / length_h, done.peak_bytes))
        shutil.rmtree(cache)
    return found


def write_long_story(path: Path, characters: int) -> None:
    """A story of so many characters: another as often as it takes, no sentence twice the same."""
    paragraphs = STORY.read_text(encoding="utf-8").split("\n\n")[4:]
    text = ["The Long Way\n\nby N. N."]
    size = number = 0
    while size < characters:
        number += 1
        text.append(f"Chapter {number}")
        for paragraph in paragraphs:
            text.append(_SENTENCE_END.sub(rf" on day {number}\1", paragraph.rstrip()))
            size += len(text[-1])
    path.write_text("\n\n".join(text), encoding="utf-8")


def cores() -> int:
    """Cores that this process may use."""
    return worker_count(BuildConfig())


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows in Markdown."""
    yield "| what | measured | bar | beyond | |"
    yield "|---|---:|---:|---:|---|"
    for row in rows:
        unit = f" {row.unit}" if row.unit else ""
        value = "–" if row.value is None else f"{row.value:.{0 if row.value > 20 else 3}f}{unit}"
        verdict = "" if row.value is None else _verdict(row, row.value)
        more = ", ".join(filter(None, (verdict, row.note)))
        yield f"| {row.what} | {value} | ≤ {row.bar:g}{unit} | ≤ {row.beyond:g}{unit} | {more} |"


def _verdict(row: Row, value: float) -> str:
    if value <= row.beyond:
        return "beyond"
    return "holds" if value <= row.bar else "MISSED"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="a story, or a folder that holds text.txt")
    parser.add_argument("--excerpt", action="store_true", help="its first hour only")
    parser.add_argument("--whole-pipe", action="store_true", help="the shell pipe speaks all of it")
    parser.add_argument("--no-pipe", action="store_true", help="leave the shell pipe out")
    parser.add_argument("--long", action="store_true", help="books of one and of forty hours")
    options = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{cores()} cores, load {load:.1f} before it began")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.long:
            rows = measure_long(folder)
        else:
            story, hour = folder / "story.txt", folder / "hour.txt"
            text = read_story(options.corpus) if options.corpus else None
            if text is None:
                write_long_story(story, _CHARACTERS_PER_HOUR)
                text = story.read_text(encoding="utf-8")
            beginning = text[: text.rfind("\n\n", 0, _CHARACTERS_PER_HOUR)]
            hour.write_text(text if options.whole_pipe else beginning, encoding="utf-8")
            story.write_text(beginning if options.excerpt else text, encoding="utf-8")
            rows = [] if options.no_pipe else [against_pipe(hour, folder)]
            rows += measure(story, folder)
        for row in table(rows):
            print(row)


def read_story(path: Path) -> str:
    """The text of a story, or of the one that a folder of the corpus holds."""
    return (path / "text.txt" if path.is_dir() else path).read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
