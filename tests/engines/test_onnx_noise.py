"""Models whose operators draw random numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

import onnx
from onnx import TensorProto, helper

from narrator.engines.onnx_noise import TABLE_SIZE, take_noise_from_inputs
from narrator.engines.onnx_session import open_session
from narrator.errors import EngineError


def model_of(*nodes: onnx.NodeProto, outputs: int) -> bytes:
    graph = helper.make_graph(
        list(nodes),
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", "columns"])],
        [
            helper.make_tensor_value_info(f"y{index}", TensorProto.FLOAT, None)
            for index in range(outputs)
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    data: bytes = model.SerializeToString()
    return data


def drawn(tmp_path: Path, data: bytes, seed: int = 0, rows: int = 50) -> list[NDArray[np.float32]]:
    (tmp_path / "m.onnx").write_bytes(data)
    session = open_session(tmp_path / "m.onnx")
    session.seed = seed
    found: list[NDArray[np.float32]] = session.run(None, {"x": np.zeros((rows, 300), np.float32)})
    return found


def test_a_model_without_them_stays_as_it_is() -> None:
    data = model_of(helper.make_node("Abs", ["x"], ["y0"]), outputs=1)
    changed = take_noise_from_inputs(data)
    assert changed.data == data
    assert changed.inputs == ()


def test_what_is_drawn_has_the_shape_and_spread_that_was_asked_for(tmp_path: Path) -> None:
    data = model_of(
        helper.make_node("RandomNormalLike", ["x"], ["y0"], mean=5.0, scale=2.0),
        helper.make_node("RandomUniformLike", ["x"], ["y1"], low=-3.0, high=1.0),
        helper.make_node("RandomNormal", [], ["y2"], shape=[2, 9000]),
        helper.make_node("RandomUniform", [], ["y3"], shape=[40, 500]),
        outputs=4,
    )
    normal, uniform, fixed, unit = drawn(tmp_path, data)
    assert normal.shape == uniform.shape == (50, 300)
    assert fixed.shape == (2, 9000)
    assert (normal.mean(), normal.std()) == pytest.approx((5, 2), abs=0.1)
    assert (fixed.mean(), fixed.std()) == pytest.approx((0, 1), abs=0.05)
    assert (uniform.min(), uniform.max(), uniform.mean()) == pytest.approx((-3, 1, -1), abs=0.05)
    assert (unit.min(), unit.max(), unit.mean()) == pytest.approx((0, 1, 0.5), abs=0.05)


def test_the_seed_alone_decides_and_no_two_operators_draw_the_same(tmp_path: Path) -> None:
    nodes = [helper.make_node("RandomNormalLike", ["x"], [f"y{index}"]) for index in (0, 1)]
    data = model_of(*nodes, outputs=2)
    first, again, other = (drawn(tmp_path, data, seed) for seed in (0, 0, 1))
    assert all(map(np.array_equal, first, again))
    assert not np.array_equal(first[0], other[0])
    assert abs(np.corrcoef(first[0].ravel(), first[1].ravel())[0, 1]) < 0.05


def test_more_than_the_table_holds_can_be_drawn(tmp_path: Path) -> None:
    data = model_of(helper.make_node("RandomNormalLike", ["x"], ["y0"]), outputs=1)
    (found,) = drawn(tmp_path, data, rows=2 * TABLE_SIZE // 300)
    assert found.std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("data", [b"", b"\x0fnot a model", b"PK\x03\x04" * 50])
def test_what_is_no_model_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EngineError, match=r"m\.onnx: not an ONNX model"):
        drawn(tmp_path, data)


def test_a_device_that_is_not_there_is_refused(tmp_path: Path) -> None:
    import onnxruntime

    if "ROCMExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this machine has it")
    with pytest.raises(EngineError, match=r"no device 'rocm' on this machine \(it has: cpu"):
        open_session(tmp_path / "m.onnx", device="rocm")


_LOAD = """
import re, sys
from pathlib import Path
import onnxruntime
from narrator.engines.onnx_session import open_session
def peak_mb():
    return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before = peak_mb()
session = open_session(Path(sys.argv[1]), threads=1)
print(len(session._inputs), peak_mb() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it alone has /proc")
def test_the_weights_are_in_memory_hardly_more_than_once(tmp_path: Path) -> None:
    megabytes, path = 64, tmp_path / "large.onnx"
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((megabytes * 1024 * 256 // 4096, 4096), dtype=np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("RandomNormalLike", ["x"], ["noise"]),
            helper.make_node("MatMul", ["noise", "weights"], ["y"]),
        ],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, weights.shape[0]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [onnx.numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    onnx.save(model, str(path))
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, str(path)], capture_output=True, text=True, check=True
    )
    inputs, taken_mb = done.stdout.split()
    assert inputs == "1"
    assert megabytes * 0.9 < float(taken_mb) < megabytes * 2.6  # kept as bytes, it was four times
