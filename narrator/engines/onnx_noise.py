"""Voices that draw random numbers inside their model, made to draw those that they are given.

VITS and StyleTTS models sample noise with operators of their own, whose state lives on in the
session: what was spoken before would decide how a sentence sounds, and a book could not be made
again. Here each of these operators is replaced by a look-up in one more input of the model, a table
of noise, which the caller fills from a seed. Nothing else of the model changes.

A model is a protobuf message. Only the few fields that matter are read; all others are copied as
they are, so that no protobuf library is needed.

References
----------
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

Field = tuple[int, int, int | memoryview]
"""Number, wire type and content of a field of a message."""

NORMAL_INPUT, UNIFORM_INPUT = "narrator_normal", "narrator_uniform"
"""Names of the inputs: float32, shape (`TABLE_SIZE`,), mean 0 and deviation 1, or from 0 to 1."""

TABLE_SIZE = 262_139
"""A prime, so that a model's rows of noise do not repeat where the table begins anew."""

_STRIDE = 104_729
"""Each operator begins elsewhere in the table."""

_GRAPH, _NODE, _INITIALIZER, _INPUT = 7, 1, 5, 11
_FLOAT, _INT64 = 1, 7
_RANDOM = {
    "RandomNormalLike": (NORMAL_INPUT, "mean", 0.0, "scale", 1.0),
    "RandomNormal": (NORMAL_INPUT, "mean", 0.0, "scale", 1.0),
    "RandomUniformLike": (UNIFORM_INPUT, "low", 0.0, "high", 1.0),
    "RandomUniform": (UNIFORM_INPUT, "low", 0.0, "high", 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model, and which of the two inputs it got."""

    parts: tuple[bytes | memoryview, ...]
    """Its bytes. Most are views of those that were given: a model's weights are not copied."""
    inputs: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """All of it in one."""
        return b"".join(self.parts)


def take_noise_from_inputs(data: bytes) -> Model:
    """Replace the operators that draw random numbers.

    Raises
    ------
    ValueError
        `data` is no ONNX model.
    """
    model: list[bytes | memoryview] = []
    inputs: set[str] = set()
    for number, kind, content in _fields(memoryview(data)):
        if number == _GRAPH and isinstance(content, memoryview):
            graph, inputs = _graph(content)
            model.append(_head(number, kind, sum(map(len, graph))))
            model += graph
        else:
            model += _parts(number, kind, content)
    return Model(parts=tuple(model) if inputs else (data,), inputs=tuple(sorted(inputs)))


def _graph(data: memoryview) -> tuple[list[bytes | memoryview], set[str]]:
    parts: list[bytes | memoryview] = []
    used: set[str] = set()
    drawn = 0
    for number, kind, content in _fields(data):
        node = _node(content) if number == _NODE and isinstance(content, memoryview) else None
        if node is None or node.kind not in _RANDOM:
            parts += _parts(number, kind, content)
            continue
        drawn += 1
        used.add(_RANDOM[node.kind][0])
        parts.append(_looked_up(node, f"narrator_{drawn}", drawn * _STRIDE % TABLE_SIZE))
    parts += [_input(name) for name in sorted(used)]
    return parts, used


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    kind: str
    inputs: tuple[str, ...]
    output: str
    numbers: dict[str, float]
    shape: tuple[int, ...]


def _node(data: memoryview) -> _Node | None:
    if b"Random" not in bytes(data):
        return None
    inputs: list[str] = []
    numbers: dict[str, float] = {}
    output = kind = ""
    shape: tuple[int, ...] = ()
    for number, _, content in _fields(data):
        if not isinstance(content, memoryview):
            continue
        if number == 1:
            inputs.append(str(content, "utf-8"))
        elif number == 2:
            output = str(content, "utf-8")
        elif number == 4:
            kind = str(content, "utf-8")
        elif number == 5:
            name, value, ints = _attribute(content)
            numbers[name] = value
            shape = ints if name == "shape" else shape
    return _Node(kind=kind, inputs=tuple(inputs), output=output, numbers=numbers, shape=shape)


def _attribute(data: memoryview) -> tuple[str, float, tuple[int, ...]]:
    name, value = "", 0.0
    ints: list[int] = []
    for number, kind, content in _fields(data):
        if number == 1 and isinstance(content, memoryview):
            name = str(content, "utf-8")
        elif number == 2 and isinstance(content, memoryview):
            (value,) = struct.unpack("<f", content)
        elif number == 8 and isinstance(content, memoryview) and kind == 2:
            at = 0
            while at < len(content):
                one, at = _varint(content, at)
                ints.append(one)
        elif number == 8 and isinstance(content, int):
            ints.append(content)
    return name, value, tuple(ints)


def _looked_up(node: _Node, prefix: str, start: int) -> bytes:
    """Nodes that give what `node` gave, from the table: its shape, filled row by row."""
    table, low, low_default, high, high_default = _RANDOM[node.kind]
    least = node.numbers.get(low, low_default)
    # `scale` is a factor, `high` an upper end.
    factor = node.numbers.get(high, high_default) - (least if high == "high" else 0.0)
    names = "shape count first end step indices size wrapped flat scaled factor least".split()
    at = {name: f"{prefix}_{name}" for name in names}
    if node.shape:
        shape = _constant_int64(at["shape"], node.shape, rank=1)
    else:
        shape = _op("Shape", (node.inputs[0],), at["shape"])
    return b"".join(
        (
            shape,
            _constant_int64(at["first"], (start,), rank=0),
            _constant_int64(at["step"], (1,), rank=0),
            _constant_int64(at["size"], (TABLE_SIZE,), rank=0),
            _constant_float(at["factor"], factor),
            _constant_float(at["least"], least),
            _op("ReduceProd", (at["shape"],), at["count"], keepdims=0),
            _op("Add", (at["count"], at["first"]), at["end"]),
            _op("Range", (at["first"], at["end"], at["step"]), at["indices"]),
            _op("Mod", (at["indices"], at["size"]), at["wrapped"]),
            _op("Gather", (table, at["wrapped"]), at["flat"]),
            _op("Mul", (at["flat"], at["factor"]), at["scaled"]),
            _op("Add", (at["scaled"], at["least"]), f"{prefix}_drawn"),
            _op("Reshape", (f"{prefix}_drawn", at["shape"]), node.output),
        )
    )


def _op(kind: str, inputs: tuple[str, ...], output: str, **attributes: int) -> bytes:
    parts = [_packed(1, 2, name.encode()) for name in inputs]
    parts += [_packed(2, 2, output.encode()), _packed(3, 2, f"{output}_made".encode())]
    parts.append(_packed(4, 2, kind.encode()))
    for name, value in attributes.items():
        attribute = _packed(1, 2, name.encode()) + _packed(3, 0, value) + _packed(20, 0, 2)
        parts.append(_packed(5, 2, attribute))
    return _packed(_NODE, 2, b"".join(parts))


def _constant_int64(name: str, values: tuple[int, ...], *, rank: int) -> bytes:
    return _tensor(name, _INT64, len(values), rank, struct.pack(f"<{len(values)}q", *values))


def _constant_float(name: str, value: float) -> bytes:
    return _tensor(name, _FLOAT, 1, 0, struct.pack("<f", value))


def _tensor(name: str, kind: int, length: int, rank: int, raw: bytes) -> bytes:
    dims = _packed(1, 0, length) if rank else b""
    tensor = dims + _packed(2, 0, kind) + _packed(8, 2, name.encode()) + _packed(9, 2, raw)
    return _packed(_INITIALIZER, 2, tensor)


def _input(name: str) -> bytes:
    dimension = _packed(1, 2, _packed(1, 0, TABLE_SIZE))
    tensor = _packed(1, 0, _FLOAT) + _packed(2, 2, dimension)
    value = _packed(1, 2, name.encode()) + _packed(2, 2, _packed(1, 2, tensor))
    return _packed(_INPUT, 2, value)


def _fields(data: memoryview) -> Iterator[Field]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield number, kind, value
            continue
        if kind == 2:
            size, at = _varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError(f"field {number} has the unknown wire type {kind}")
        if not number or at + size > len(data):
            raise ValueError("it is no protobuf message, or it is cut off")
        yield number, kind, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("it is no protobuf message, or it is cut off")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _parts(number: int, kind: int, content: int | memoryview) -> list[bytes | memoryview]:
    """A field as it is written, its content not copied."""
    if isinstance(content, int):
        return [_packed(number, kind, content)]
    return [_head(number, kind, len(content)), content]


def _packed(number: int, kind: int, content: int | bytes) -> bytes:
    if isinstance(content, int):
        return _written(number << 3 | kind) + _written(content)
    return _head(number, kind, len(content)) + content


def _head(number: int, kind: int, length: int) -> bytes:
    return _written(number << 3 | kind) + (_written(length) if kind == 2 else b"")


def _written(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
