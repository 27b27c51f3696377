"""Tiny ONNX models with the inputs and outputs of the real ones, for tests of the neural engines.

They hum: each phoneme sounds for a while at a pitch that its number and the speaker decide, with a
little of the noise that the real ones draw.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_FRAMES = 1024
"""Of sound, for each phoneme at length 1."""

PHONEMES = "_^$ !'(),-.:;?abcdefhijklmnopqrstuvwxyzæçðøħŋœǀɐɑɒɓɔɕɖɗəɚɛɜɡɪɬɹɾʃʊʌʒθˈˌː̩"
"""What the tiny Piper models know: enough for English."""


def write_piper(
    path: Path,
    *,
    speakers: tuple[str, ...] = (),
    sample_rate_hz: int = 22_050,
    noisy: bool = True,
    language: str = "en_US",
    dataset: str = "tiny",
    layers: int = 0,
) -> Path:
    """Write a Piper voice, model and config: `path` ends in ``.onnx``. Returns `path`.

    `layers` adds work for each sample of sound and changes nothing: four of them take about as long
    as a real voice.
    """
    count = max(1, len(speakers))
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(_piper_model(count, sample_rate_hz, noisy, layers), str(path))
    config = {
        "audio": {"sample_rate": sample_rate_hz, "quality": "x_low"},
        "dataset": dataset,
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "language": {"code": language, "family": language[:2], "region": language[3:]},
        "num_speakers": count,
        "num_symbols": len(PHONEMES),
        "phoneme_id_map": {phoneme: [number] for number, phoneme in enumerate(PHONEMES)},
        "phoneme_type": "espeak",
        "piper_version": "1.0.0",
        "speaker_id_map": {name: number for number, name in enumerate(speakers)},
    }
    path.with_name(path.name + ".json").write_text(json.dumps(config), encoding="utf-8")
    return path


def write_kokoro(
    folder: Path, voices: dict[str, float], *, tokens: str = "tokens", layers: int = 0
) -> Path:
    """Write a Kokoro model and its voices, by name and pitch in Hz. Returns the model's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "kokoro-tiny.onnx"
    onnx.save(_kokoro_model(tokens, layers), str(path))
    styles = {}
    for name, pitch_hz in voices.items():
        style = np.zeros((510, 1, 256), dtype=np.float32)
        style[:, 0, 0] = pitch_hz
        styles[name] = style
    with (folder / "voices-tiny.bin").open("wb") as file:
        np.savez(file, **styles)  # type: ignore[arg-type]
    return path


def _piper_model(speakers: int, sample_rate_hz: int, noisy: bool, layers: int) -> onnx.ModelProto:
    """input [1, n], input_lengths [1], scales [3], perhaps sid [1] -> output [1, 1, 1, t]."""
    pitches = np.array([110 * 2 ** (index % 21 / 7) for index in range(speakers)], np.float32)
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    constants = _constants(
        one=np.array([1], np.int64),
        two=np.array([2], np.int64),
        zero=np.array([0], np.int64),
        pitches=pitches,
    )
    nodes = [
        helper.make_node("Slice", ["scales", "one", "two"], ["length"]),
        helper.make_node("Slice", ["scales", "zero", "one"], ["noise_scale"]),
        helper.make_node("Gather", ["pitches", "sid" if speakers > 1 else "zero"], ["pitch"]),
        *_hum("input", "length", "pitch", sample_rate_hz),
        helper.make_node("RandomNormalLike", ["hummed"], ["drawn"]),
        helper.make_node("Mul", ["drawn", "noise_scale"], ["scaled"]),
        helper.make_node("Mul", ["scaled", "faint"], ["noise"]),
        *_work("hummed", layers),
        helper.make_node("Mul", ["noise", "noisy"], ["heard"]),
        helper.make_node("Add", ["worked", "heard"], ["spoken"]),
        helper.make_node("Reshape", ["spoken", "output_shape"], ["output"]),
    ]
    constants += _constants(
        faint=np.array([0.02], np.float32),
        noisy=np.array([float(noisy)], np.float32),
        output_shape=np.array([1, 1, 1, -1], np.int64),
    )
    constants += _work_constants()
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "time"])
    return _model(nodes, inputs, [output], constants)


def _kokoro_model(tokens: str, layers: int) -> onnx.ModelProto:
    """tokens [1, n], style [1, 256], speed [1] -> audio [t]."""
    inputs = [
        helper.make_tensor_value_info(tokens, TensorProto.INT64, [1, "tokens"]),
        helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
    ]
    constants = _constants(
        faint=np.array([0.005], np.float32),
        zero=np.array([0], np.int64),
        one=np.array([1], np.int64),
        flat=np.array([-1], np.int64),
        single=np.array([1.0], np.float32),
    )
    nodes = [
        helper.make_node("Slice", ["style", "zero", "one", "one"], ["pitch_square"]),
        helper.make_node("Reshape", ["pitch_square", "flat"], ["pitch"]),
        helper.make_node("Div", ["single", "speed"], ["length"]),
        *_hum(tokens, "length", "pitch", 24_000),
        helper.make_node("RandomUniformLike", ["hummed"], ["drawn"], low=-1.0, high=1.0),
        helper.make_node("Mul", ["drawn", "faint"], ["noise"]),
        *_work("hummed", layers),
        helper.make_node("Add", ["worked", "noise"], ["audio"]),
    ]
    constants += _work_constants()
    output = helper.make_tensor_value_info("audio", TensorProto.FLOAT, ["time"])
    return _model(nodes, inputs, [output], constants)


def _hum(phonemes: str, length: str, pitch: str, sample_rate_hz: int) -> list[onnx.NodeProto]:
    """Nodes from phonemes, length [1] and pitch [1] in Hz to ``hummed`` [t].

    The higher a phoneme's number, the higher it sounds, by up to a third: another text, another
    tune.
    """
    frames = helper.make_tensor("frames", TensorProto.FLOAT, [], [_FRAMES])
    turn = helper.make_tensor("turn", TensorProto.FLOAT, [], [2 * np.pi / sample_rate_hz])
    tune = helper.make_tensor("tune", TensorProto.FLOAT, [], [1 / 600])
    return [
        helper.make_node("Constant", [], ["frames"], value=frames),
        helper.make_node("Constant", [], ["turn"], value=turn),
        helper.make_node("Constant", [], ["tune"], value=tune),
        _constant("scalar_one", 1.0),
        _constant("loudness", 0.3),
        _constant_int("first", 0),
        _constant_int("step", 1),
        helper.make_node("Size", [phonemes], ["count"]),
        helper.make_node("Cast", ["count"], ["many"], to=TensorProto.FLOAT),
        helper.make_node("Squeeze", [length], ["factor"]),
        helper.make_node("Mul", ["many", "frames"], ["plain"]),
        helper.make_node("Mul", ["plain", "factor"], ["long"]),
        helper.make_node("Cast", ["long"], ["total"], to=TensorProto.INT64),
        helper.make_node("Range", ["first", "total", "step"], ["at"]),
        helper.make_node("Cast", ["at"], ["time"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["frames", "factor"], ["each"]),
        helper.make_node("Div", ["time", "each"], ["which"]),
        helper.make_node("Cast", ["which"], ["index"], to=TensorProto.INT64),
        helper.make_node("Sub", ["count", "step"], ["last"]),
        helper.make_node("Min", ["index", "last"], ["inside"]),
        helper.make_node("Constant", [], ["row"], value=_int64("row", [-1])),
        helper.make_node("Reshape", [phonemes, "row"], ["all"]),
        helper.make_node("Gather", ["all", "inside"], ["number"]),
        helper.make_node("Cast", ["number"], ["height"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["height", "tune"], ["rise"]),
        helper.make_node("Add", ["rise", "scalar_one"], ["interval"]),
        helper.make_node("Mul", ["interval", pitch], ["hertz"]),
        helper.make_node("Mul", ["hertz", "turn"], ["advance"]),
        helper.make_node("CumSum", ["advance", "first"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["wave", "loudness"], ["hummed"]),
    ]


def _work(sound: str, layers: int) -> list[onnx.NodeProto]:
    """Nodes from `sound` [t] to ``worked`` [t], the same after so many products of matrices."""
    nodes = [
        helper.make_node("Reshape", [sound, "column"], ["upright"]),
        helper.make_node("MatMul", ["upright", "spread"], ["layer_0"]),
    ]
    for layer in range(layers):
        product, last = f"product_{layer}", f"layer_{layer + 1}"
        nodes.append(helper.make_node("MatMul", [f"layer_{layer}", "identity"], [product]))
        nodes.append(helper.make_node("Tanh" if layer % 2 else "Identity", [product], [last]))
    return [
        *nodes,
        helper.make_node("MatMul", [f"layer_{layers}", "nothing"], ["zeros"]),
        helper.make_node("Reshape", ["zeros", "lying"], ["flat_zeros"]),
        helper.make_node("Add", [sound, "flat_zeros"], ["worked"]),
    ]


def _work_constants() -> list[onnx.TensorProto]:
    return _constants(
        column=np.array([-1, 1], np.int64),
        lying=np.array([-1], np.int64),
        spread=np.ones((1, 128), np.float32),
        identity=np.eye(128, dtype=np.float32),
        nothing=np.zeros((128, 1), np.float32),
    )


def _constant(name: str, value: float) -> onnx.NodeProto:
    tensor = helper.make_tensor(name, TensorProto.FLOAT, [], [value])
    return helper.make_node("Constant", [], [name], value=tensor)


def _constant_int(name: str, value: int) -> onnx.NodeProto:
    tensor = helper.make_tensor(name, TensorProto.INT64, [], [value])
    return helper.make_node("Constant", [], [name], value=tensor)


def _int64(name: str, values: list[int]) -> onnx.TensorProto:
    return helper.make_tensor(name, TensorProto.INT64, [len(values)], values)


def _constants(**values: NDArray[Any]) -> list[onnx.TensorProto]:
    return [numpy_helper.from_array(value, name) for name, value in values.items()]


def _model(
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    constants: list[onnx.TensorProto],
) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model
