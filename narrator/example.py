"""One cast file that shows and explains every key there is.

The part about people and lines is written by hand. The sections are drawn from their dataclasses,
so that a new one is explained as soon as there is one: its keys with their defaults, each below the
string that stands after its field in the source. Where a default shows nothing, the field's
metadata may give ``{"example": "…"}``, rows of TOML for the body of its table.
"""

from __future__ import annotations

import dataclasses
import textwrap
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import tomlkit

from narrator.castfile import CastFile
from narrator.config import keys_of
from narrator.schema import field_docs

__all__ = ["example_cast_file"]

_PEOPLE = """\
# A cast file that shows everything a cast file may hold. `narrator cast STORY` writes one for your
# story, with much less in it: all keys may be left out. It is TOML (https://toml.io): a # begins a
# comment, and text stands in quotes. Narrator adds to the file and never changes what you wrote.
# Keys before the first [table] are about the book; what is left out comes from the story itself.

title = "The Lighthouse"
author = "A. N. Author"
year = 1911                          # or text: "about 1911"
series = "Harbour Stories"
comment = "Made at home"             # a line that players show
description = "A keeper, his daughter, and a lamp that must not go out."
genre = "Audiobook"
read_by = "Rosalind and a cast"      # who reads it, as players show; else the narrator's voice
language = "en"                      # of the story, where its own metadata is wrong
cover = "lighthouse.jpg"             # JPEG or PNG, beside this file

[narrator]                           # who reads all that nobody says
voice = "Rosalind"                   # a name from `narrator voices`
rate = 0.95                          # factor on the voice's speed, 0.4 to 2.5
pitch = 0                            # semitones, -12 to 12
volume = 0                           # decibels, -20 to 10
aliases = ["The Voice"]              # whom the story has as characters, but the narrator reads

[characters.Keeper]                  # a name with a space or dot in it needs quotes: "Mr. Low"
voice = "Hugh"                       # delete this line to let Narrator choose again
rate = 1.1
pitch = -1.5
volume = 2
aliases = ["Mr. Low", "the old man"] # other names of his
gender = "male"                      # female, male, neutral or unknown
age = "old"                          # child, young, adult or old
accent = "scottish"                  # of the voice that is looked for, where none is named
lock = true                          # `narrator cast --interactive` leaves the voice alone
pronounce = { buoy = "boy" }         # what this one says in a way of their own; see [pronounce]
note = "Softer from chapter 9 on."   # for yourself

[characters."Captain Low"]
same_as = "Keeper"                   # one person after all; "narrator" is possible, too

# To rename somebody, change the name in [characters.…] and put the old one among the aliases.
"""

_LINES = """\
# Lines whose speaker you decided, with `narrator review` or by hand. They hold while the story is
# edited: a line is known again by its words and those around it. You are told when one is not.
[[lines]]
text = "Is it lit?"                  # the words; of a long line the first, with … at the end
before = "He did not turn round."    # what stands right before it, and after: a few words
after = "Nobody answered him."
chapter = 3                          # its number
nth = 2                              # which of the lines with these words in that chapter
speaker = "Keeper"                   # somebody, new or not, or "narrator"
"""

_BY_HAND = ("narrator", "characters", "lines")
_WIDTH = 100


def example_cast_file() -> str:
    """The text of the example: valid TOML that `read_cast_file` takes."""
    hints, docs = typing.get_type_hints(CastFile), field_docs(CastFile)
    parts = [_PEOPLE]
    for field in keys_of(CastFile):
        hint = _without_none(hints[field.name])
        is_table = dataclasses.is_dataclass(hint) or _is_mapping(hint)
        if is_table and field.name not in _BY_HAND:
            parts.append("\n".join(_section(field, hint, docs.get(field.name, ""))) + "\n")
    return "\n".join([*parts, _LINES])


def _section(field: dataclasses.Field[Any], hint: Any, doc: str) -> Iterator[str]:
    key = field.name.rstrip("_")
    yield from _comment(doc)
    yield f"[{key}]"
    if (rows := field.metadata.get("example")) is not None:
        yield from str(rows).strip("\n").split("\n")
        return
    if dataclasses.is_dataclass(hint):
        yield from _keys(typing.cast("type", hint), key)


def _keys(cls: type, path: str) -> Iterator[str]:
    hints, docs = typing.get_type_hints(cls), field_docs(cls)
    tables: list[str] = []
    for field in keys_of(cls):
        key, hint = field.name.rstrip("_"), _without_none(hints[field.name])
        doc = docs.get(field.name, "")
        if dataclasses.is_dataclass(hint) or _is_mapping(hint):
            nested = f"{path}.{key}"
            tables += ["", *_comment(doc), f"[{nested}]"]
            if (rows := field.metadata.get("example")) is not None:
                tables += str(rows).strip("\n").split("\n")
            elif dataclasses.is_dataclass(hint):
                tables += _keys(typing.cast("type", hint), nested)
            continue
        yield from _comment(doc)
        if (rows := field.metadata.get("example")) is not None:
            yield str(rows).strip("\n")
        else:
            yield _default(key, field, hint)
    yield from tables


def _default(key: str, field: dataclasses.Field[Any], hint: Any) -> str:
    value = field.default
    if field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    if value is None or value is dataclasses.MISSING:
        return f"# {key} ="
    if isinstance(hint, type) and issubclass(hint, Enum):
        choices = ", ".join(str(member.value) for member in hint)
        return f"{key} = {tomlkit.item(value.value).as_string()}  # {choices}"
    plain = list(value) if isinstance(value, tuple) else value
    return f"{key} = {tomlkit.item(plain).as_string()}"


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ")


def _without_none(hint: Any) -> Any:
    some = [each for each in typing.get_args(hint) if each is not type(None)]
    is_optional = type(None) in typing.get_args(hint) and len(some) == 1
    return some[0] if is_optional else hint


def _is_mapping(hint: Any) -> bool:
    origin = typing.get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)
