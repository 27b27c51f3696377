"""What the text half found out about a story, kept in the cache: the same text, the same script.

A script takes seconds to find for a long book, and is the same until the story or this program
changes. So it is kept as JSON under the hash of the story's bytes and of the program's own files.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import json
import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from narrator.errors import StoreError
from narrator.model import Script
from narrator.store import Cache

_PACKAGE = Path(__file__).parent


def remembered_script(
    cache: Cache | None, data: bytes, told: str, find: Callable[[], Script]
) -> Script:
    """The script of a story, from the cache or else from `find`.

    Parameters
    ----------
    data, told
        Content of the story's file, and its name with what its reader is told: all that `find`
        looks at.
    """
    if cache is None:
        return find()
    key = hashlib.sha256(
        b"\0".join((_program(), told.encode("utf-8", "surrogatepass"), data))
    ).hexdigest()
    if (blob := cache.get("script", key)) is not None:
        return script_from_json(blob)
    script = find()
    with contextlib.suppress(StoreError):  # it is needed now, and only by the way later
        cache.put("script", key, script_to_json(script))
    return script


@functools.cache
def _program() -> bytes:
    """A hash of the program's files: another program may find another script."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.digest()


def script_to_json(script: Script) -> bytes:
    """A script as JSON: every value an array of its fields, in the order of its class."""
    return json.dumps(_plain(script), ensure_ascii=True, separators=(",", ":")).encode("ascii")


def script_from_json(data: bytes) -> Script:
    """The script that `script_to_json` made this from."""
    script: Script = _builder(Script)(json.loads(data))
    return script


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


@functools.cache
def _builder(hint: Any) -> Callable[[Any], Any]:
    """What turns the plain form of a value of this type back into the value."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        some = [_builder(argument) for argument in arguments if argument is not type(None)]
        if len(some) == 1:
            return lambda plain: None if plain is None else some[0](plain)
        return lambda plain: plain
    if origin is tuple and arguments[-1] is Ellipsis:
        each = _builder(arguments[0])
        return lambda plain: tuple([each(item) for item in plain])
    if origin is tuple:
        builders = [_builder(argument) for argument in arguments]
        return lambda plain: tuple([b(item) for b, item in zip(builders, plain, strict=True)])
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        names = [field.name for field in fields(hint)]
        parts = [_builder(hints[name]) for name in names]
        make: Any = hint

        def build(plain: Any) -> Any:
            return make(**{n: b(item) for n, b, item in zip(names, parts, plain, strict=True)})

        return build
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if hint is bytes:
        return base64.b64decode
    return _same


def _same(plain: Any) -> Any:
    return plain
