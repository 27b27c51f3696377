from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from narrator.config import PauseConfig, check_range, nearest, parse_toml, read_table
from narrator.errors import ConfigError
from narrator.model import Gender


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    size: float = 1.0
    kind: Gender = Gender.UNKNOWN
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_range("size", self.size, 0, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    title: str
    flag: bool = False
    year: str | int | None = None
    inner: Inner = field(default_factory=Inner)
    parts: Mapping[str, Inner] = field(default_factory=dict)


def read(text: str) -> Outer:
    document = parse_toml(text.encode(), "x.toml")
    return read_table(document, (), document.root, Outer)


def test_reads_every_kind_of_value() -> None:
    outer = read(
        'title = "T"\nflag = true\nyear = 1999\n[inner]\nsize = 2\nkind = "male"\n'
        '[parts."A B"]\nnames = ["x", "y"]\n'
    )
    assert outer == Outer(
        title="T",
        flag=True,
        year=1999,
        inner=Inner(size=2.0, kind=Gender.MALE),
        parts={"A B": Inner(names=("x", "y"))},
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.toml: the file lacks the key 'title'"),
        ("titel = 'x'", "line 1: unknown key 'titel'; did you mean 'title'?"),
        (
            "title = 'x'\n\n[inner]\n# size\nsise = 2",
            "line 5: unknown key 'inner.sise'; did you mean",
        ),
        ("title = 'x'\n[inner]\nsize = 99", "line 3: size = 99.0 is out of range: give 0 to 10"),
        ("title = 1", "line 1: title should be a string, not a whole number (1)"),
        ("title = 'x'\nflag = 1", "line 2: flag should be true or false"),
        ("title = 'x'\ninner = 3", "line 2: inner should be a table"),
        ("title = 'x'\n[parts.B]\nnames = 'y'", "line 3: parts.B.names should be an array"),
        ("title = 'x'\n[parts.B]\nnames = ['y', 2]", "parts.B.names.1 should be a string"),
        ("title = 'x'\n[inner]\nkind = 'mail'", "line 3: inner.kind = 'mail': give one of"),
        ("title = 'x'\nyear = 1.5", "line 2: year = 1.5 has the wrong type"),
        ("title = ", "x.toml: not valid TOML"),
        ('title = "A"\ntitle = "B"\n', "line 2, column 12); is it there twice?"),
        ("[pauses]\n[pauses]", "line 2, column 8); is it there twice?"),
    ],
)
def test_refuses_with_file_line_and_key(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as info:
        read(text)
    assert message in str(info.value)
    assert str(info.value).startswith("x.toml")


def test_the_line_is_that_of_the_key_and_not_of_its_namesake() -> None:
    text = (
        'title = "size = 99"\n[parts.A]\nsize = 1\n[parts.B]\nnames = [\n "size",\n]\nsize = 99\n'
    )
    with pytest.raises(ConfigError, match="line 8"):
        read(text)


def test_byte_order_mark_and_windows_line_endings_are_fine() -> None:
    document = parse_toml(b"\xef\xbb\xbftitle = 'x'\r\nflag = true\r\n", "x.toml")
    assert read_table(document, (), document.root, Outer).flag


def test_not_utf8_is_refused() -> None:
    with pytest.raises(ConfigError, match="not UTF-8"):
        parse_toml(b"title = '\xff'", "x.toml")


def test_nearest_ignores_case_and_is_silent_about_strangers() -> None:
    assert nearest("rosalynd", ["Rosalind", "Victor"]) == "; did you mean 'Rosalind'?"
    assert nearest("zzz", ["Rosalind"]) == ""


def test_pauses_have_a_range() -> None:
    with pytest.raises(ValueError, match="scene_ms"):
        PauseConfig(scene_ms=-1)
