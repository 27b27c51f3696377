"""Where the models of the neural engines are: a folder for each engine beside the user's banks."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from narrator.errors import EngineError
from narrator.personal import voices_folder

EXAMPLES = {
    "piper": "https://huggingface.co/rhasspy/piper-voices/resolve/main/"
    "en/en_US/lessac/medium/en_US-lessac-medium.onnx",
    "kokoro": "https://github.com/thewh1teagle/kokoro-onnx/releases/download/"
    "model-files-v1.0/kokoro-v1.0.onnx",
}
"""A model of each engine, for messages. Nothing is fetched from there unless the user says so."""

CHECKSUM_LETTERS = 16


def models_folder(engine: str) -> Path:
    """Where the installed models of an engine are, whether or not there is one."""
    return voices_folder() / engine


def checksum(data: bytes) -> str:
    """The beginning of a model's SHA-256, which tells one from another."""
    return hashlib.sha256(data).hexdigest()[:CHECKSUM_LETTERS]


def checksum_of(path: Path) -> str:
    """The `checksum` of a file, in memory that does not grow with it.

    Raises
    ------
    EngineError
        It cannot be read.
    """
    try:
        status = path.stat()
        return _checksum_of(path, status.st_size, status.st_mtime_ns)
    except OSError as exc:
        raise EngineError(f"{path}: cannot read it: {exc.strerror or exc}") from exc


@lru_cache(maxsize=256)
def _checksum_of(path: Path, size: int, mtime_ns: int) -> str:
    # A model is asked for with every voice of it, and takes a tenth of a second.
    del size, mtime_ns
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:CHECKSUM_LETTERS]


def nothing_installed(engine: str, what: str) -> EngineError:
    """The error where an engine has no model; it gives the command that helps."""
    return EngineError(
        f"no {what} is installed: run 'narrator voices install PATH' for one that you have, or "
        f"'narrator voices install {EXAMPLES[engine]}'"
    )


def package_missing(engine: str, exc: ImportError) -> EngineError:
    """The error where an engine's package is not there."""
    return EngineError(
        f"the engine {engine!r} needs a package that is not there ({exc.name or exc}): "
        f"run pip install 'narrator[{engine}]'"
    )


_BYTES_PER_MODEL_BYTE = 7
"""What a model takes in memory: 1.0 to 1.5 are its weights, once they are read and prepared (models
of 60 to 330 MB); the rest is room for a sentence of 250 characters, which onnxruntime then keeps.
Measured on decoders like those of Piper's voices of 63 MB, which take 370 MB for that, and of
114 MB, which take 660."""


def memory_bytes(path: Path) -> int:
    """What the model at `path` takes when it is loaded, by estimate."""
    try:
        return path.stat().st_size * _BYTES_PER_MODEL_BYTE
    except OSError:
        return 0


def largest_model_mb() -> int:
    """What the largest of all installed models takes when it is loaded, by estimate."""
    sizes = map(memory_bytes, voices_folder().glob("*/*.onnx"))
    return -(-max(sizes, default=0) // 1_000_000)


def refuse_too_large(path: Path, memory_mb: int) -> None:
    """Refuse a model that takes more memory than there is for it.

    Raises
    ------
    EngineError
        The message says how much it takes.
    """
    if (needed := memory_bytes(path)) > memory_mb * 1_000_000:
        raise EngineError(
            f"{path}: the model takes about {needed // 1_000_000:,} MB, and a worker has "
            f"{memory_mb:,} MB for its models: allow more memory, or take fewer jobs"
        )


_PROCESS_MB = 150
"""What a worker takes without models: Python, numpy, the encoder and onnxruntime, 100 MB of them,
and a reel of sound."""


def share_memory(memory_mb: int, jobs: int) -> tuple[int, int]:
    """How many of at most `jobs` workers have room, and how many megabytes each has for models.

    Each could need the largest model that is installed, and one worker there always is.
    """
    fitting = memory_mb // (_PROCESS_MB + largest_model_mb())
    workers = max(1, min(jobs, fitting))
    return workers, max(1, memory_mb // workers - _PROCESS_MB)
