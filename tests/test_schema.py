from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from functools import partial
from typing import Any, cast

import jsonschema
import pytest

from narrator.castfile import Correction, Part, SoundFile, read_cast_file
from narrator.config import PauseConfig
from narrator.direction import DirectionConfig
from narrator.errors import ConfigError
from narrator.example import example_cast_file
from narrator.read.options import Limits
from narrator.schema import cast_schema, field_docs

SCHEMA = cast_schema()
EXAMPLE = example_cast_file()


def tables(schema: dict[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], set[str]]:
    """The keys of every table there may be, by its path; * for any name or number."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    found: dict[tuple[str, ...], set[str]] = {}
    if properties := schema.get("properties"):
        found[path] = set(properties)
        for key, value in properties.items():
            found |= tables(value, (*path, key))
    for key in ("additionalProperties", "items"):
        if isinstance(value := schema.get(key), dict):
            found |= tables(value, (*path, "*"))
    return found


def keys_at(data: Any, path: tuple[str, ...]) -> set[str]:
    """All keys of the tables of the example at this path."""
    here = [data]
    for key in path:
        inner = [
            (list(each.values()) if isinstance(each, dict) else each) if key == "*" else [each[key]]
            for each in here
            if key == "*" or key in each
        ]
        here = [value for values in inner for value in values]
    return {key for each in here for key in each}


def test_the_example_has_every_key_of_the_schema() -> None:
    data = tomllib.loads(EXAMPLE)
    found = tables(SCHEMA)
    assert {("characters", "*"), ("lines", "*"), ("pauses",), ("narrator",)} <= set(found)
    unset = set(re.findall(r"^# (\w+) =$", EXAMPLE, re.M))
    optional = {
        "age",
        "accent",
        "gender",
        "same_as",
        "lock",
        "note",
        "pronounce",
    }  # shown on a character
    for path, keys in found.items():
        missing = keys - keys_at(data, path) - unset
        if path == ("narrator",):
            missing -= optional
        assert not missing, f"{path} of the example lacks {missing}"


def test_the_example_is_a_cast_file_and_the_schema_agrees() -> None:
    read = read_cast_file(EXAMPLE.encode(), "example.cast.toml")
    assert read.characters["Captain Low"].same_as == "Keeper"
    assert read.lines[0].speaker == "Keeper"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(tomllib.loads(EXAMPLE), SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "titel = 'x'",
        "[characters.A]\nvoic = 'x'",
        "[characters.A]\ngender = 'femal'",
        "[narrator]\nrate = 'fast'",
        "[[lines]]\ntext = 'x'",
        "[pauses]\nscene_ms = 'long'",
        "[pauses]\nscene_ms = -1",
        "[narrator]\nrate = 2.6",
        "[characters.A]\npitch = -13",
        "[[lines]]\ntext = 'x'\nspeaker = 'y'\nnth = 0",
        "[sounds]\nx = { file = 'x', volume = 13 }",
        "[limits]\npages = 0",
        "[direction]\nstrength = 3",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)
    with pytest.raises(ConfigError):
        read_cast_file(text.encode(), "s.cast.toml")


def test_every_number_has_the_range_that_the_reader_holds_to() -> None:
    checked = 0
    for cls in (Part, Correction, SoundFile, PauseConfig, Limits, DirectionConfig):
        needed = {"text": "x", "speaker": "y", "file": "z"}
        given = {k: v for k, v in needed.items() if k in {f.name for f in fields(cls)}}
        make = partial(cast(Any, cls), **given)
        table = SCHEMA["$defs"][cls.__name__]["properties"]
        for name in (f.name for f in fields(cls)):
            if table[name].get("type") in ("integer", "number"):
                for bound, step in (("minimum", -0.1), ("maximum", 0.1)):
                    edge = table[name][bound]
                    make(**{name: edge})
                    with pytest.raises(ValueError, match=f"{name} = .* is out of range"):
                        make(**{name: edge + step})
                    checked += 1
    assert checked >= 40


def test_every_part_of_the_example_fits_its_screen_and_is_explained() -> None:
    assert max(map(len, EXAMPLE.splitlines())) <= 110
    assert set(field_docs(Part)) == set(Part.__dataclass_fields__)


def test_the_schema_is_json_and_the_same_every_time() -> None:
    assert json.dumps(SCHEMA) == json.dumps(cast_schema())
