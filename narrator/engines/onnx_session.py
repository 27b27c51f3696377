"""Neural models on onnxruntime: opened on a device, with a number of threads, and with noise that a
seed decides."""

from __future__ import annotations

import contextlib
import functools
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrator.engines.onnx_noise import (
    NORMAL_INPUT,
    TABLE_SIZE,
    UNIFORM_INPUT,
    take_noise_from_inputs,
)
from narrator.errors import EngineError
from narrator.store import read_bytes

DEVICES = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "rocm": "ROCMExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
"""What onnxruntime calls what a config calls by these names."""

_ERRORS_ONLY = 3


class SeededSession:
    """An onnxruntime session whose random numbers come from `seed`.

    All that `onnxruntime.InferenceSession` has is there; `run` adds the noise.
    """

    def __init__(self, session: Any, inputs: tuple[str, ...], path: Path) -> None:
        self.seed = 0
        self._session = session
        self._inputs = inputs
        self._model_path = str(path)

    def run(self, outputs: object, feed: Mapping[str, object]) -> Any:
        """As `InferenceSession.run`."""
        noise = {name: noise_table(name, self.seed) for name in self._inputs}
        return self._session.run(outputs, {**feed, **noise})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


@functools.lru_cache(maxsize=4)
def noise_table(name: str, seed: int) -> NDArray[np.float32]:
    """The noise that the input of this name gets, shape (`TABLE_SIZE`,)."""
    generator = np.random.Generator(np.random.PCG64([seed, len(name)]))
    if name == NORMAL_INPUT:
        return generator.standard_normal(TABLE_SIZE, dtype=np.float32)
    assert name == UNIFORM_INPUT
    return generator.random(TABLE_SIZE, dtype=np.float32)


def open_session(path: Path, *, device: str = "cpu", threads: int = 0) -> SeededSession:
    """Load a model.

    Parameters
    ----------
    device
        A key of `DEVICES`.
    threads
        0 takes one for each core.

    Raises
    ------
    EngineError
        The file is missing or no ONNX model, or onnxruntime does not have the device.
    """
    import onnxruntime

    provider = DEVICES.get(device)
    available = onnxruntime.get_available_providers()
    if provider not in available:
        there = ", ".join(name for name, each in DEVICES.items() if each in available)
        raise EngineError(f"onnxruntime has no device {device!r} on this machine (it has: {there})")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Plans of memory for each length of sentence: they are seldom used twice, and never given up.
    options.enable_mem_pattern = False
    options.log_severity_level = _ERRORS_ONLY
    if threads:
        # Threads that wait for work in a loop would take it from the other workers.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        with _with_noise_inputs(path) as (own_path, inputs):
            session = onnxruntime.InferenceSession(str(own_path), options, providers=[provider])
    except EngineError:
        raise
    except Exception as exc:
        # onnxruntime's errors share no class of their own.
        raise EngineError(f"{path}: not an ONNX model that can be run: {_line(exc)}") from exc
    return SeededSession(session, inputs, path)


@contextlib.contextmanager
def _with_noise_inputs(path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """A file of the model with inputs for its noise, and the names of these; not for long.

    A file, because a session keeps the bytes that it is made from, for as long as it lives.
    """
    model = take_noise_from_inputs(read_bytes(path, EngineError))
    if not model.inputs:
        yield path, ()
        return
    inputs = model.inputs
    with tempfile.TemporaryDirectory(prefix="narrator-") as folder:
        own_path = Path(folder, "model.onnx")
        with own_path.open("wb") as file:
            file.writelines(model.parts)
        del model  # its weights would be in memory twice
        yield own_path, inputs


def check_device(device: str) -> None:
    """Refuse a device that has no name here.

    Raises
    ------
    ValueError
        The message names the devices.
    """
    if device not in DEVICES:
        raise ValueError(f"device {device!r} is not one of {', '.join(DEVICES)}")


def _line(exc: Exception) -> str:
    lines = str(exc).strip().splitlines()
    return lines[0][:200] if lines else type(exc).__name__
