"""TOML into frozen dataclasses, refusing what it does not know.

`parse_toml` reads the text, `read_table` turns a table into a dataclass. Both name the file, the
line, the key and the nearest right one when they refuse. The dataclasses of a stage's own settings
live with the stage; those that a cast file can hold are here.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from narrator.errors import ConfigError

T = TypeVar("T")

NOT_A_KEY: Mapping[str, Any] = types.MappingProxyType({"key": False})
"""Metadata of a dataclass's field that no file can set."""

Key = str | int
"""A key of a table, or an index into an array."""


def ranged(low: float, high: float) -> Mapping[str, Any]:
    """Metadata of a dataclass's field whose number is within ``[low, high]``.

    `check_ranges` holds to it, and the JSON Schema of cast files tells it to editors.
    """
    return types.MappingProxyType({"range": (low, high)})


def check_ranges(value: Any) -> None:
    """Refuse a dataclass with a number outside the range of its field; None is let pass.

    Raises
    ------
    ValueError
        See `check_range`.
    """
    for field in dataclasses.fields(value):
        number = getattr(value, field.name)
        if (bounds := field.metadata.get("range")) is not None and number is not None:
            check_range(field.name, number, *bounds)


def check_range(key: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside ``[low, high]``.

    Raises
    ------
    ValueError
        The message names the key and the range; `read_table` adds the place.
    """
    if not low <= value <= high:
        raise ValueError(f"{key} = {value} is out of range: give {low} to {high}")


_PAUSE = ranged(0, 60_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseConfig:
    """Silence after a take, in milliseconds; the longest that applies is taken."""

    sentence_ms: int = dataclasses.field(default=320, metadata=_PAUSE)
    """Between two sentences of one speaker in one paragraph."""
    clause_ms: int = dataclasses.field(default=120, metadata=_PAUSE)
    """Where a speaker's words break off without a full stop: ``“I,” she said, “am …”``."""
    speaker_ms: int = dataclasses.field(default=260, metadata=_PAUSE)
    """Where the voice changes within a paragraph."""
    paragraph_ms: int = dataclasses.field(default=560, metadata=_PAUSE)
    heading_ms: int = dataclasses.field(default=1100, metadata=_PAUSE)
    """After a heading."""
    scene_ms: int = dataclasses.field(default=1900, metadata=_PAUSE)
    """At a scene break."""
    sound_ms: int = dataclasses.field(default=300, metadata=_PAUSE)
    """Before and after a sound that the author marked."""
    chapter_ms: int = dataclasses.field(default=2600, metadata=_PAUSE)
    """Before a chapter's heading."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed TOML file that knows where its keys stand."""

    name: str
    """Of the file, as messages give it."""
    text: str
    root: Mapping[str, Any]

    def error(self, path: Sequence[Key], message: str) -> ConfigError:
        """A ConfigError that begins with the file and the line of the key at `path`."""
        line = self.line_of(path)
        place = self.name if line is None else f"{self.name}, line {line}"
        return ConfigError(f"{place}: {message}")

    def line_of(self, path: Sequence[Key]) -> int | None:
        """Line, from 1, on which the key at `path` is complete; None where it cannot be told.

        TOML parsers keep no positions. But the first run of lines that parses and holds the key
        ends on the key's line, which is slow, exact, and only ever done to report an error.
        """
        lines = self.text.splitlines(keepends=True)
        names = [key for key in path if isinstance(key, str)]
        wanted = names[-1] if names else ""
        for number, line in enumerate(lines, 1):
            if wanted in line and _holds("".join(lines[:number]), path):
                return number
        return None


def _holds(text: str, path: Sequence[Key]) -> bool:
    try:
        value: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def parse_toml(data: bytes, name: str) -> Document:
    """Parse a TOML file.

    Raises
    ------
    ConfigError
        It is not UTF-8, or not TOML.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise ConfigError(f"{name}: not UTF-8 text (byte {exc.start} is wrong)") from exc
    text = text.replace("\r\n", "\n")
    try:
        return Document(name=name, text=text, root=tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        # "Cannot overwrite", "declare ... twice" or "mutate"
        twice = str(exc).startswith("Cannot ")
        hint = "is it there twice? Once is right" if twice else "is there a text without quotes?"
        raise ConfigError(f"{name}: not valid TOML: {exc}; {hint}") from exc


def read_table(document: Document, path: Sequence[Key], table: object, cls: type[T]) -> T:
    """Read the table at `path` as the dataclass `cls`.

    Field types may be str, int, float, bool, an Enum, another dataclass, ``tuple[<type>, ...]``
    (an array; of dataclasses, an array of tables), ``Mapping[str, <type>]``, and unions of these
    and None. A field named ``class_`` is the key ``class``.

    Raises
    ------
    ConfigError
        A key is unknown or missing, or a value has the wrong type or is out of range.
    """
    if not isinstance(table, Mapping):
        raise document.error(path, f"{_dotted(path)} should be a table, not {_kind(table)}")
    hints = _type_hints(cls)  # type: ignore[arg-type] # classes are hashable
    fields = {field.name.rstrip("_"): field for field in keys_of(cls)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        here = (*path, key)
        if key not in fields:
            hint = nearest(key, fields)
            if isinstance(value, Mapping) and path:
                hint += "; a name with a dot in it needs quotes"
            raise document.error(here, f"unknown key {_dotted(here)!r}{hint}")
        name = fields[key].name
        values[name] = _read_value(document, here, value, hints[name])
    for key, field in fields.items():
        required = field.default is dataclasses.MISSING
        required = required and field.default_factory is dataclasses.MISSING
        if required and field.name not in values:
            raise document.error(path, f"{_dotted(path) or 'the file'} lacks the key {key!r}")
    try:
        return cls(**values)
    except ValueError as exc:
        culprit = next((key for key in table if str(exc).startswith(f"{key} ")), None)
        raise document.error((*path, culprit) if culprit else path, str(exc)) from exc


@functools.cache
def _type_hints(cls: type) -> dict[str, Any]:
    # A bank of voices asks for the same ones a hundred times.
    return typing.get_type_hints(cls)


def keys_of(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    """The fields of a dataclass that are keys of a file; without those marked `NOT_A_KEY`."""
    return tuple(f for f in dataclasses.fields(cls) if f.metadata.get("key", True))


def read_options(engine: str, options: Mapping[str, object], cls: type[T]) -> T:
    """Read the options that the user's config has for an engine as the dataclass `cls`.

    Raises
    ------
    ConfigError
        A key is unknown, or a value has the wrong type or is out of range.
    """
    root = {"engines": {engine: dict(options)}}
    document = Document(name="config", text="", root=root)
    return read_table(document, ("engines", engine), root["engines"][engine], cls)


def _read_value(document: Document, path: Sequence[Key], value: Any, hint: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        if len(options) == 1:
            return _read_value(document, path, value, options[0])
        if isinstance(value, list | dict):
            fitting = [option for option in options if _is_container_for(option, value)]
            if len(fitting) == 1:
                return _read_value(document, path, value, fitting[0])
        options = [option for option in options if isinstance(option, type)]
        if isinstance(value, tuple(options)) and (bool in options or not isinstance(value, bool)):
            return value
        raise document.error(path, f"{_dotted(path)} = {value!r} has the wrong type")
    if origin is tuple:
        if not isinstance(value, list):
            raise document.error(path, f"{_dotted(path)} should be an array, not {_kind(value)}")
        inner = typing.get_args(hint)[0]
        return tuple(_read_value(document, (*path, i), v, inner) for i, v in enumerate(value))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise document.error(path, f"{_dotted(path)} should be a table, not {_kind(value)}")
        inner = typing.get_args(hint)[1]
        return {k: _read_value(document, (*path, k), v, inner) for k, v in value.items()}
    if dataclasses.is_dataclass(hint):
        return read_table(document, path, value, typing.cast("type[Any]", hint))
    return _read_scalar(document, path, value, hint)


def _is_container_for(hint: Any, value: list[Any] | dict[str, Any]) -> bool:
    origin = typing.get_origin(hint)
    if isinstance(value, list):
        return origin is tuple
    is_mapping = isinstance(origin, type) and issubclass(origin, Mapping)
    return is_mapping or dataclasses.is_dataclass(hint)


def _read_scalar(document: Document, path: Sequence[Key], value: Any, hint: type) -> Any:
    if issubclass(hint, Enum):
        choices = [str(member.value) for member in hint]
        if value in choices:
            return hint(value)
        raise document.error(
            path,
            f"{_dotted(path)} = {value!r}: give one of {', '.join(choices)}"
            f"{nearest(str(value), choices)}",
        )
    right = isinstance(value, hint) and (hint is bool or not isinstance(value, bool))
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not right:
        name = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
        wanted = name.get(hint, hint.__name__)
        raise document.error(
            path, f"{_dotted(path)} should be {wanted}, not {_kind(value)} ({value!r})"
        )
    return value


def nearest(word: str, choices: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or nothing where no choice is like `word`."""
    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[found[0]]!r}?" if found else ""


def _dotted(path: Sequence[Key]) -> str:
    return ".".join(str(key) for key in path)


def _kind(value: object) -> str:
    names = {
        str: "a string", bool: "true or false", int: "a whole number", float: "a number",
        list: "an array", dict: "a table",
    }  # fmt: skip
    return names.get(type(value), f"a {type(value).__name__}")
