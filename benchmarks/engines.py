"""What each engine on this machine is worth: speed, first sound, memory, and what Narrator adds.

Run it from the root of a checkout:

    python benchmarks/engines.py
    python benchmarks/engines.py --stand-ins     # Piper and Kokoro without models: stand-ins hum
    python benchmarks/engines.py --url http://127.0.0.1:8880/v1

Each engine runs in a process of its own. The same sentences are spoken in turns by Narrator
(`narrator.engines.base.speak`) and bare, by the few lines that call the engine's own package or
program and keep its samples; what Narrator adds is the median, over the sentences, of the ratio of
the best times: of the processor where the engine works in this process, which other programs of a
busy machine do not lengthen, else of the clock.
A stand-in has the inputs and outputs of a real model and about its work, so the speed is not that
of a voice, but what Narrator adds is: it does not depend on what a model says.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
import wave
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from narrator.engines import EngineTables, engine_names, load_engine
from narrator.engines.base import Utterance, speak
from narrator.engines.decode import decode_audio
from narrator.errors import NarratorError
from narrator.model import Voice
from narrator.personal import VOICES_VARIABLE, load_personal

SENTENCES = (
    "The ferry left at nine, and nobody on the quay waved.",
    "Was it the wind that had shut the door, or had somebody been standing behind it all along?",
    "He counted the coins twice, put them back into the tin, and set the tin on the highest shelf.",
    "No.",
    "Above the roofs a clock began to strike, and everyone looked up to see what it would say.",
    "She laughed, put the paper down and told him about the bridge, and how they had crossed it.",
)
ROUNDS = 8
ELSEWHERE = ("command", "http")
"""Engines whose work is done in another process."""
BAR = 0.05

Bare = Callable[[str], NDArray[np.int16]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    engine: str
    voice: str
    real_time_factor: float
    """Seconds of work for a second of sound."""
    start_s: float
    """From nothing to the first block: the engine's package and model are loaded."""
    first_s: float
    """The same when they are."""
    memory_mb: float
    overhead: float | None
    """Share of the bare time; None where there is nothing bare to compare with."""


def main() -> int:
    """Print the table; 1 where an engine is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", action="append", help="only these")
    parser.add_argument("--stand-ins", action="store_true", help="make models that hum")
    parser.add_argument("--url", help="of a speech server")
    wanted = parser.parse_args()
    tables = dict(load_personal().tables())
    if wanted.url:
        tables["http"] = (("url", wanted.url),)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        if wanted.stand_ins:
            os.environ[VOICES_VARIABLE] = folder
            write_stand_ins(Path(folder))
        for name in wanted.engine or engine_names():
            # A process for each: memory is a process's, and what one engine imports is its own.
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                try:
                    rows.append(pool.submit(measured, name, tuple(sorted(tables.items()))).result())
                except NarratorError as exc:
                    print(f"{name}: left out: {exc}", file=sys.stderr)
    print_table(rows)
    return int(any(row.overhead is not None and row.overhead > BAR for row in rows))


def print_table(rows: Iterable[Row]) -> None:
    """As Markdown."""
    print("| engine | voice | real-time factor | cold start | first sound | memory | added |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        added = "-" if row.overhead is None else f"{row.overhead:+.1%}"
        print(
            f"| {row.engine} | {row.voice} | {row.real_time_factor:.4f} | {row.start_s:.2f} s "
            f"| {row.first_s * 1000:.1f} ms | {row.memory_mb:.0f} MB | {added} |"
        )


def measured(name: str, tables: EngineTables) -> Row:
    """Measure one engine, in this process."""
    began = time.perf_counter()
    engine = load_engine(name, tables, threads=1)
    voice = engine.voices()[0]
    first_block(engine.synthesize(Utterance(text=SENTENCES[0], voice=voice)))
    start_s = time.perf_counter() - began
    bare = BARE[name](voice, tables) if name in BARE else None
    for text in SENTENCES:  # caches are warm in both
        speak(engine, text, voice)
        if bare is not None:
            bare(text)
    firsts, spent_s, sound_s = [], 0.0, 0.0
    best: dict[tuple[str, str], float] = {}
    for turn in range(ROUNDS):
        for text in SENTENCES:
            began = time.perf_counter()
            first_block(engine.synthesize(Utterance(text=text, voice=voice)))
            firsts.append(time.perf_counter() - began)
            took = {}
            for who in ("ours", "bare")[:: 1 if turn % 2 else -1]:
                began, worked = time.perf_counter(), time.process_time()
                if who == "ours":
                    samples = speak(engine, text, voice)
                elif bare is not None:
                    bare(text)
                wall_s, work_s = time.perf_counter() - began, time.process_time() - worked
                took[who] = wall_s if name in ELSEWHERE else work_s
                spent_s += wall_s if who == "ours" else 0.0
            sound_s += len(samples.pcm) / samples.sample_rate_hz
            for who, seconds in took.items():
                best[who, text] = min(seconds, best.get((who, text), seconds))
    engine.close()
    ratios = [best["ours", text] / best["bare", text] - 1 for text in SENTENCES]
    return Row(
        engine=name,
        voice=voice.name,
        real_time_factor=spent_s / sound_s,
        start_s=start_s,
        first_s=median(firsts),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        overhead=median(ratios) if bare is not None else None,
    )


def first_block(blocks: Iterable[object]) -> None:
    """Wait for the first block and no other."""
    next(iter(blocks), None)


def bare_piper(voice: Voice, tables: EngineTables) -> Bare:
    """piper-tts as its own documentation calls it, on one thread as in `measured`."""
    import onnxruntime
    from piper import PiperVoice, SynthesisConfig
    from piper.config import PiperConfig

    from narrator.engines.installed import models_folder

    settings = dict(voice.settings)
    path = models_folder("piper") / f"{settings['model']}.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    config = json.loads(path.with_name(path.name + ".json").read_text("utf-8"))
    piper = PiperVoice(
        session=onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        ),
        config=PiperConfig.from_dict(config),
    )
    how = SynthesisConfig(normalize_audio=False)
    return lambda text: np.concatenate(
        [chunk.audio_int16_array for chunk in piper.synthesize(text, how)]
    )


def bare_kokoro(voice: Voice, tables: EngineTables) -> Bare:
    """kokoro-onnx as its own documentation calls it, on one thread as in `measured`."""
    import onnxruntime
    from kokoro_onnx import Kokoro

    from narrator.engines.installed import models_folder
    from narrator.engines.kokoro_engine import kokoro_files

    file = kokoro_files(models_folder("kokoro"))[0]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(file.path), options, providers=["CPUExecutionProvider"]
    )
    kokoro = Kokoro.from_session(session, str(file.voices_path))
    name = str(dict(voice.settings)["voice"])

    def bare(text: str) -> NDArray[np.int16]:
        pcm, _ = kokoro.create(text, name, trim=False)
        whole: NDArray[np.int16] = (np.clip(pcm, -1, 1) * 32767).astype(np.int16)
        return whole

    return bare


def bare_command(voice: Voice, tables: EngineTables) -> Bare:
    """The program, by `subprocess.run`, with the arguments that the preset has."""
    import shlex

    from narrator.engines.command_presets import PRESETS

    settings = dict(voice.settings)
    template = PRESETS[str(settings["command"])].template

    def bare(text: str) -> NDArray[np.int16]:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "clip.wav")
            values = {**settings, "text": text, "out": str(out), "rate": "1.000", "length": "1.000"}
            values |= {"wpm": 175, "pitch": "0", "textfile": str(Path(folder, "text.txt"))}
            if "{textfile}" in template:
                Path(folder, "text.txt").write_text(text, encoding="utf-8")
            command = [part.format_map(values) for part in shlex.split(template)]
            has_text = "{text}" in template or "{textfile}" in template
            subprocess.run(
                command, input=None if has_text else text.encode(), capture_output=True, check=True
            )
            return decode_audio(out.read_bytes(), "the program").pcm

    return bare


def bare_http(voice: Voice, tables: EngineTables) -> Bare:
    """A request by `urllib`."""
    options = dict(dict(tables)["http"])

    def bare(text: str) -> NDArray[np.int16]:
        body = {
            "model": options.get("model", "tts-1"),
            "voice": dict(voice.settings)["voice"],
            "response_format": "wav",
            "input": text,
        }
        request = urllib.request.Request(
            f"{options['url']}/audio/speech",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return decode_audio(answer.read(), "the server").pcm

    return bare


def bare_pyttsx3(voice: Voice, tables: EngineTables) -> Bare:
    """pyttsx3's own calls as it documents them, into memory, with the voice that the engine made.

    Its eSpeak driver is the mended one (`narrator.engines.espeak_binding`): as it comes, it sleeps
    10 ms in each sentence, and loses some.
    """
    from narrator.engines.espeak_binding import start_espeak
    from narrator.engines.espeak_library import find_espeak
    from narrator.engines.pyttsx3_espeak import EspeakEngine, _recipe

    recipe = _recipe(voice)
    name = f"{recipe.voice}+{EspeakEngine()._variant(recipe, 0.0)}"
    driver, _ = start_espeak(find_espeak())

    def bare(text: str) -> NDArray[np.int16]:
        driver.setProperty("voice", name)
        driver.setProperty("rate", recipe.rate)
        driver.setProperty("volume", 0.5)
        driver.setProperty("pitch", 50)
        sound = io.BytesIO()
        driver.save_to_file(text, sound)
        driver.runAndWait()
        with wave.open(io.BytesIO(sound.getvalue())) as reader:
            return np.frombuffer(reader.readframes(reader.getnframes()), dtype=np.int16)

    return bare


BARE: dict[str, Callable[[Voice, EngineTables], Bare]] = {
    "command": bare_command,
    "http": bare_http,
    "kokoro": bare_kokoro,
    "piper": bare_piper,
    "pyttsx3": bare_pyttsx3,
}


def write_stand_ins(folder: Path) -> None:
    """Models of Piper and Kokoro that hum, with about the work of real ones."""
    from tests.engines.models import write_kokoro, write_piper

    with contextlib.suppress(ImportError):
        write_piper(folder / "piper" / "stand-in.onnx", layers=2)
        write_kokoro(folder / "kokoro", {"af_stand_in": 210}, layers=2)


if __name__ == "__main__":
    sys.exit(main())
