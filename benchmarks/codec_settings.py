"""Which codec settings to take: time against quality, on several voices.

Quality is PESQ (ITU-R P.862.2, wideband) of the decoded sound against the samples that were
encoded, both at 16 kHz: 4.64 is no difference, a tenth is about what a careful listener can tell.
It hears nothing over 8 kHz. The mean and the worst voice are given. Time is of the encoder alone,
on one core, the best of three.

PESQ is not a dependency of the project: ``pip install pesq`` into an environment of its own, with
Narrator in it, and run ``python benchmarks/codec_settings.py``.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from narrator.encode import EncodeConfig, EncodedReel, Encoder, Tags, lavc, load_encoder
from narrator.engines import available_voices, load_engine
from narrator.engines.base import speak
from narrator.engines.resample import resample
from narrator.mix import MixConfig, Part, calibrate, mix_reel, trim
from narrator.model import Delivery, Timeline

PESQ_HZ = 16_000
SENTENCES = (
    "The harbour lay quite still, and six small boats were drawn up on the shingle.",
    "Which of these, asked the judge, is yours? She chose the least of them.",
    "Rushing past the chapel, he shouted something that nobody there could catch.",
)
VOICES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table."""

    codec: str
    """Name of the encoder whose files are written."""
    rate_hz: int
    kbps: int
    aac_coder: str = ""
    tns: bool = False

    @property
    def label(self) -> str:
        extra = f" {self.aac_coder}{', TNS' if self.tns else ''}" if self.aac_coder else ""
        return f"{'aac' if self.codec == 'm4b' else self.codec}{extra}"


def settings() -> Iterator[Setting]:
    """All that is tried."""
    for rate in (22_050, 24_000, 44_100):
        for kbps in (32, 48, 64, 80, 96):
            for coder in ("fast", "twoloop"):
                yield Setting(codec="m4b", rate_hz=rate, kbps=kbps, aac_coder=coder)
        yield Setting(codec="m4b", rate_hz=rate, kbps=64, aac_coder="fast", tns=True)
    for rate in (22_050, 44_100):
        for kbps in (32, 48, 64, 96, 128):
            yield Setting(codec="mp3", rate_hz=rate, kbps=kbps)
    for kbps in (16, 24, 32, 48, 64):
        yield Setting(codec="opus", rate_hz=48_000, kbps=kbps)


def clips() -> list[tuple[str, int, NDArray[np.float32]]]:
    """The voices' names, rates and samples, levelled as in a book."""
    found = []
    config = MixConfig()
    voices = [voice for voice in available_voices("pyttsx3") if voice.language.startswith("en")]
    for voice in voices[:: max(1, len(voices) // VOICES)][:VOICES]:
        engine = load_engine(voice.engine)
        samples = [speak(engine, text, voice, Delivery()) for text in SENTENCES]
        engine.close()
        gain_db = calibrate(trim(samples[0]), config)
        parts = [Part(samples=sound, gain_db=gain_db, pause_ms=300) for sound in samples]
        rate = samples[0].sample_rate_hz
        mixed = mix_reel(parts, config=config, sample_rate_hz=rate, frame_size=1)
        found.append((voice.name, rate, mixed.pcm.astype(np.float32) / np.float32(32767)))
    return found


def encode(encoder: Encoder, setting: Setting, pcm: NDArray[np.int16]) -> EncodedReel:
    """As the encoder does; AAC also with what the project does not take."""
    if not setting.aac_coder:
        config = EncodeConfig(bitrate_kbps=setting.kbps)
        return encoder.encode_reel(pcm, sample_rate_hz=setting.rate_hz, config=config)
    packets, extradata = lavc.encode(
        pcm,
        codec="aac",
        sample_format="fltp",
        sample_rate_hz=setting.rate_hz,
        packet_frames=encoder.frame_size,
        bitrate_kbps=setting.kbps,
        options={"aac_coder": setting.aac_coder, "aac_tns": str(int(setting.tns))},
    )
    return EncodedReel(
        sample_rate_hz=setting.rate_hz,
        frames=len(pcm) + encoder.join_frames,
        lead=0,
        extradata=extradata,
        sizes=tuple(map(len, packets)),
        data=b"".join(packets),
    )


def decoded(encoder: Encoder, reel: EncodedReel, kbps: int, folder: Path) -> NDArray[np.float32]:
    """What a player gives."""
    path = folder / f"clip{encoder.suffix}"
    frames = reel.frames - encoder.join_frames
    timeline = Timeline(sample_rate_hz=reel.sample_rate_hz, frames=frames, cues=(), marks=())
    config = EncodeConfig(bitrate_kbps=kbps)
    encoder.join(iter([reel]), path, timeline=timeline, tags=Tags(title="T"), config=config)
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    sound: NDArray[np.float32] = np.concatenate(blocks).astype(np.float32)
    return sound


def measure(
    setting: Setting,
    sources: list[tuple[str, int, NDArray[np.float32]]],
    pesq: Callable[..., float],
    folder: Path,
) -> tuple[float, float, float, float]:
    """Mean and worst PESQ, the bit rate that came out, and how much faster than sound it was."""
    encoder = load_encoder(setting.codec)
    scores, bits, sound_s, spent_s = [], 0, 0.0, 0.0
    for _, rate, source in sources:
        sound = resample(source, rate, setting.rate_hz)
        sound = np.pad(sound, (0, -len(sound) % encoder.frame_size))
        scaled: NDArray[np.float32] = np.rint(sound * np.float32(32767))
        pcm = np.clip(scaled, -32767.0, 32767.0).astype(np.int16)
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            reel = encode(encoder, setting, pcm)
            best = min(best, time.process_time() - begun)
        heard = decoded(encoder, reel, setting.kbps, folder)
        before, after = (resample(s, setting.rate_hz, PESQ_HZ) for s in (sound, heard))
        scores.append(pesq(PESQ_HZ, before, after, "wb"))
        bits += 8 * len(reel.data)
        sound_s += len(pcm) / setting.rate_hz
        spent_s += best
    return float(np.mean(scores)), min(scores), bits / sound_s / 1000, sound_s / spent_s


def main() -> None:
    """Print the table, in Markdown."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    scorer: Any = importlib.import_module("pesq")
    sources = clips()
    length_s = sum(len(sound) / rate for _, rate, sound in sources)
    print(f"{len(sources)} voices, {length_s:.0f} s: {', '.join(name for name, _, _ in sources)}\n")
    print("| codec | Hz | asked, kbit/s | got | PESQ | worst voice | times real time |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for setting in settings():
            mean, worst, kbps, speed = measure(setting, sources, scorer.pesq, Path(folder))
            print(
                f"| {setting.label} | {setting.rate_hz:,} | {setting.kbps} | {kbps:.0f} | "
                f"{mean:.2f} | {worst:.2f} | {speed:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
