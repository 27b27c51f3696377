"""What a cast file may hold, told from the dataclasses that read it: a JSON Schema for editors."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import textwrap
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any

from narrator.castfile import CastFile
from narrator.config import keys_of

__all__ = ["cast_schema", "field_docs"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


def cast_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a cast file, as plain values.

    Notes
    -----
    It says which keys there are, of what type and range, and what they mean. That no two characters
    share an alias, or that a voice is there, is checked when the file is read.
    """
    definitions: dict[str, Any] = {}
    schema = _table(CastFile, definitions)
    return {
        "$schema": _DIALECT,
        "title": "Cast file of Narrator",
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def field_docs(cls: type) -> dict[str, str]:
    """What a dataclass's fields mean: the strings that stand after them in its source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    body = typing.cast("ast.ClassDef", tree.body[0]).body
    found: dict[str, str] = {}
    for field, after in itertools.pairwise(body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            text = " ".join(str(after.value.value).split())
            found[field.target.id] = text.replace("``", "`")
    return found


def _table(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints, docs = typing.get_type_hints(cls), field_docs(cls)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in keys_of(cls):
        key = field.name.rstrip("_")
        value = _value(hints[field.name], definitions)
        if text := docs.get(field.name):
            value = {"description": text, **value}
        default = _plain(field.default)
        if default is not None:
            value = {**value, "default": default}
        if (bounds := field.metadata.get("range")) is not None:
            value = {**value, "minimum": bounds[0], "maximum": bounds[1]}
        properties[key] = value
        no_factory = field.default_factory is dataclasses.MISSING
        if field.default is dataclasses.MISSING and no_factory:
            required.append(key)
    found = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _plain(default: object) -> Any:
    if isinstance(default, Enum):
        return default.value
    if isinstance(default, tuple):
        return [_plain(item) for item in default]
    return default if isinstance(default, str | bool | int | float) else None


def _value(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        some = [_value(each, definitions) for each in arguments if each is not type(None)]
        return some[0] if len(some) == 1 else {"anyOf": some}
    if origin is tuple:
        return {"type": "array", "items": _value(arguments[0], definitions)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _value(arguments[1], definitions)}
    if dataclasses.is_dataclass(hint):
        name = typing.cast("type", hint).__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _table(typing.cast("type", hint), definitions)
        return {"$ref": f"#/$defs/{name}"}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    return {"type": _TYPES[hint]}
