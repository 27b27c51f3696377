"""How soon `narrator play --live STORY` is heard, from the call of the program on.

Run it from the root of a checkout:

    python benchmarks/live.py stories/the-tide-stayed-out.txt
    python benchmarks/live.py novel.epub --rounds 9

Each round starts the program anew, with a sound device that plays into nothing, and waits until the
first sentence is handed to it. `first` is with an empty cache, `again` once it is kept there who
says what in the story, as after a build. Beside the time of the clock, which other programs of a
busy machine lengthen, stands what the program had taken of the processor by then.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
AIM_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One round."""

    wall_s: float
    processor_s: float


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stories", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engine", default="pyttsx3")
    wanted = parser.parse_args()
    print("| story | | wall, least | median | processor, least | median |")
    print("|---|---|---:|---:|---:|---:|")
    for story in wanted.stories:
        with tempfile.TemporaryDirectory() as folder:
            for row in ("first", "again"):
                starts = []
                for round_ in range(wanted.rounds):
                    cache = Path(folder, "kept" if row == "again" else f"{round_}")
                    if row == "again" and not round_:
                        learn(story, cache)
                    starts.append(started(story, wanted.engine, cache))
                walls = sorted(each.wall_s for each in starts)
                works = sorted(each.processor_s for each in starts)
                print(
                    f"| {story.name} | {row} | {walls[0]:.2f} s | {median(walls):.2f} s "
                    f"| {works[0]:.2f} s | {median(works):.2f} s |"
                )
    print(f"\n(aim: {AIM_S} s)")
    return 0


def learn(story: Path, cache: Path) -> None:
    """Have it kept who says what in a story."""
    subprocess.run(
        [sys.executable, "-m", "narrator", "chapters", str(story)],
        env=environment(cache),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def environment(cache: Path) -> dict[str, str]:
    """Of a program whose cache is in this folder."""
    return {
        **os.environ,
        "NARRATOR_SOUND": "null",
        "XDG_CACHE_HOME": str(cache),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }


def started(story: Path, engine: str, cache: Path) -> Start:
    """Start the program, wait for its first sentence, and end it."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "narrator", "play", "--live", str(story), "--text"]
    process = subprocess.Popen(
        [*command, "--engine", engine],
        stdout=subprocess.PIPE,
        env=environment(cache),
    )
    assert process.stdout is not None
    try:
        while not process.stdout.readline().startswith(b"Narrator:"):  # not a chapter's title
            if process.poll() is not None:
                raise SystemExit(f"it ended with {process.returncode}")
        wall_s, processor_s = time.perf_counter() - began, processor_of(process.pid)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
    return Start(wall_s=wall_s, processor_s=processor_s)


def processor_of(pid: int) -> float:
    """What a process has taken of the processor (Linux; elsewhere 0)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
