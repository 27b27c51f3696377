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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from narrator.errors import StoreError
from narrator.model import Line, Script, SegmentKind
from narrator.normalise import Spoken
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
    if (script := recall_script(cache, data, told)) is not None:
        return script
    script = find()
    if cache is not None:
        with contextlib.suppress(StoreError):  # it is needed now, and only by the way later
            cache.put("script", _key_of(data, told), script_to_json(script))
    return script


def recall_script(cache: Cache | None, data: bytes, told: str) -> Script | None:
    """The script of a story that `remembered_script` kept; None where it did not."""
    if cache is None or (blob := cache.get("script", _key_of(data, told))) is None:
        return None
    return script_from_json(blob)


@contextlib.contextmanager
def remembered_texts(
    cache: Cache, data: bytes, told: str, find: Callable[[str, Line], Spoken]
) -> Iterator[Callable[[str, Line], Spoken]]:
    """`find`, which says what an engine is given for a piece of a line, asked but once for each.

    Parameters
    ----------
    data, told
        See `remembered_script`; `told` says all else that `find` goes by.
    find
        Looks at nothing else but the piece and whether its line is a heading.
    """
    key = _key_of(data, told)
    known: dict[str, dict[str, Any]] = json.loads(cache.get("text", key) or b"{}")
    before = sum(map(len, known.values()))

    build = _builder(Spoken)

    def recall(source: str, line: Line) -> Spoken:
        texts = known.setdefault("heading" if line.segment.kind is SegmentKind.HEADING else "", {})
        if (plain := texts.get(source)) is None:
            spoken = find(source, line)
            # most pieces are said as they stand, but for their quotation marks
            texts[source] = _plain(spoken) if spoken.changes else spoken.text
            return spoken
        if isinstance(plain, str):
            return Spoken(text=plain)
        found: Spoken = build(plain)
        return found

    yield recall
    if sum(map(len, known.values())) > before:
        with contextlib.suppress(StoreError):
            cache.put("text", key, json.dumps(known).encode("ascii"))
    known.clear()  # who asks may hold on to what was yielded, and a long book has a lot of it


def is_finished(cache: Cache, data: bytes, told: str, *choices: object) -> bool | None:
    """Whether a book was made of this story with these choices; None where none ever was.

    A hint and no more: nobody knows what has become of the cache since.
    """
    if cache.size_of("finished", _choices_key(data, told, choices)) is not None:
        return True
    return None if cache.size_of("script", _key_of(data, told)) is None else False


def keep_finished(cache: Cache, data: bytes, told: str, *choices: object) -> None:
    """Remember that a book was made of this story, with choices whose `repr` says all of them."""
    with contextlib.suppress(StoreError):
        cache.put("finished", _choices_key(data, told, choices), b"")


def remembered_casting(cache: Cache, story: Path, engine: str) -> dict[str, str]:
    """What `keep_casting` kept of this story and engine; nothing where that is lost or damaged.

    It is part of what a book is made from: with the same casting remembered, the same story gives
    the same book. Without one, as in another cache or after this one was pruned, everybody is cast
    afresh, which again gives the same to everyone.
    """
    try:
        found = json.loads(cache.get("casting", _casting_key(story, engine)) or b"{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: voice for name, voice in found.items() if isinstance(voice, str)}


def keep_casting(cache: Cache, story: Path, engine: str, given: Mapping[str, str]) -> None:
    """Remember who got which voice, for the next time that this story is cast.

    Parameters
    ----------
    story
        Where its file is: its words may change, and whose voices these are does not.
    given
        Names of voices by the names of characters, as `narrator.cast.voices_given` has them.
    """
    blob = json.dumps(dict(given), sort_keys=True).encode("ascii")
    with contextlib.suppress(StoreError):
        cache.put("casting", _casting_key(story, engine), blob)


def _casting_key(story: Path, engine: str) -> str:
    name = f"{story.resolve()}\0{engine}"
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _choices_key(data: bytes, told: str, choices: tuple[object, ...]) -> str:
    return hashlib.sha256(f"{_key_of(data, told)} {choices!r}".encode(errors="replace")).hexdigest()


def _key_of(data: bytes, told: str) -> str:
    return hashlib.sha256(
        b"\0".join((_program(), told.encode("utf-8", "surrogatepass"), data))
    ).hexdigest()


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
        parts = [(at, b) for at, n in enumerate(names) if (b := _builder(hints[n])) is not _same]
        make: Any = hint

        def build(plain: Any) -> Any:
            values = list(plain)
            for at, build_part in parts:  # most are numbers and texts, which stay as they are
                values[at] = build_part(values[at])
            return make(**dict(zip(names, values, strict=True)))

        return build
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if hint is bytes:
        return base64.b64decode
    return _same


def _same(plain: Any) -> Any:
    return plain
