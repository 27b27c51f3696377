"""What each engine on this machine is worth: speed, first sound, memory, and what Narrator adds.

Run it from the root of a checkout:

    python benchmarks/engines.py
    python benchmarks/engines.py --stand-ins     # Piper, Kokoro and http without models or server
    python benchmarks/engines.py --url http://127.0.0.1:8880/v1

Each engine runs in a process of its own. The same sentences are spoken in turns by Narrator
(`narrator.engines.base.speak`) and bare, by the few lines that call the engine's own package or
program and keep its samples. What Narrator adds is the ratio of the best times, those of all
sentences summed up. The time is the processor's, of this process and of the programs that it
started, which others on a busy machine do not lengthen; for a server elsewhere it is the clock's.
A stand-in has the inputs and outputs of a real model and about its work, so the speed is not that
of a voice, but what Narrator adds is: it does not depend on what a model says. The stand-in of a
server is one in this process, on loopback, that has eSpeak NG speak: no real one answers as fast,
so none has more added to it.
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
import threading
import time
import urllib.request
import wave
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from narrator.engines import EngineTables, engine_names, load_engine
from narrator.engines.base import Engine, Samples, Utterance, speak, wav_bytes
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
LEAST_ROUNDS, MOST_ROUNDS, ENOUGH_S = 8, 60, 12.0
"""Rounds go on until they took long enough: best times of few are chance."""
BAR = 0.05

Bare = Callable[[str], NDArray[np.int16]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    engine: str
    voice: str
    stand_in: bool
    """Whether it is not a real voice."""
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
                    given = tuple(sorted(tables.items()))
                    rows.append(pool.submit(measured, name, given, wanted.stand_ins).result())
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
        engine = f"{row.engine} (stand-in)" if row.stand_in else row.engine
        print(
            f"| {engine} | {row.voice} | {row.real_time_factor:.4f} | {row.start_s:.2f} s "
            f"| {row.first_s * 1000:.1f} ms | {row.memory_mb:.0f} MB | {added} |"
        )


def measured(name: str, tables: EngineTables, stand_ins: bool) -> Row:
    """Measure one engine, in this process."""
    with contextlib.ExitStack() as stack:
        if served := name == "http" and stand_ins and "http" not in dict(tables):
            url = stack.enter_context(speech_server())
            tables = (*tables, ("http", (("url", url),)))
        began = time.perf_counter()
        engine = load_engine(name, tables, threads=1)
        stack.callback(engine.close)
        voice = engine.voices()[0]
        first_block(engine.synthesize(Utterance(text=SENTENCES[0], voice=voice)))
        start_s = time.perf_counter() - began
        bare = BARE[name](voice, tables) if name in BARE else None
        clock = time.perf_counter if name == "http" and not served else processor_s
        times = in_turns(engine, voice, bare, clock)
    best = {who: sum(min(each) for each in times[who].values()) for who in times}
    return Row(
        engine=name,
        voice=voice.name,
        stand_in=served or (name in ("piper", "kokoro") and stand_ins),
        real_time_factor=times["spent"][""][0] / times["sound"][""][0],
        start_s=start_s,
        first_s=median(times["first"][""]),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        overhead=best["ours"] / best["bare"] - 1 if bare is not None else None,
    )


def in_turns(
    engine: Engine, voice: Voice, bare: Bare | None, clock: Callable[[], float]
) -> dict[str, dict[str, list[float]]]:
    """Times that each text took ``ours`` and ``bare``, by `clock`.

    Beside them, in seconds: how long each ``first`` block took, what all of ours took together
    (``spent``), and the ``sound`` of it.
    """
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    spent_s, sound_s = 0.0, 0.0
    began_all = time.perf_counter()
    for turn in range(-1, MOST_ROUNDS):  # the first only warms caches
        if turn >= LEAST_ROUNDS and time.perf_counter() - began_all > ENOUGH_S:
            break
        for text in SENTENCES:
            began = time.perf_counter()
            first_block(engine.synthesize(Utterance(text=text, voice=voice)))
            first_s = time.perf_counter() - began
            for who in ("ours", "bare")[:: 1 if turn % 2 else -1]:
                began, worked = time.perf_counter(), clock()
                # Neither keeps its sound: what lies where it was is fresh memory, which takes time.
                if who == "ours":
                    length_s = length_of(speak(engine, text, voice))
                elif bare is not None:
                    bare(text)
                took_s, wall_s = clock() - worked, time.perf_counter() - began
                if turn >= 0:
                    times[who][text].append(took_s)
                    spent_s += wall_s if who == "ours" else 0.0
            if turn >= 0:
                times["first"][""].append(first_s)
                sound_s += length_s
    times["spent"][""], times["sound"][""] = [spent_s], [sound_s]
    return times


def length_of(samples: Samples) -> float:
    """In seconds."""
    return len(samples.pcm) / samples.sample_rate_hz


def processor_s() -> float:
    """What this process and those that it started and waited for took of the processor."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@contextlib.contextmanager
def speech_server() -> Iterator[str]:
    """A server of the OpenAI speech API that has eSpeak NG speak; its address."""
    engine = load_engine("pyttsx3")
    voice = engine.voices()[0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer("application/json", b'{"voices": ["eSpeak"]}')

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer("audio/wav", wav_bytes(speak(engine, asked["input"], voice)))

        def answer(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


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
            return wav_samples(out.read_bytes())

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
            return wav_samples(answer.read())

    return bare


def wav_samples(file: bytes) -> NDArray[np.int16]:
    """By the standard library; of one channel, as every voice has."""
    with wave.open(io.BytesIO(file)) as reader:
        return np.frombuffer(reader.readframes(reader.getnframes()), dtype=np.int16)


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
        return wav_samples(sound.getvalue())

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
