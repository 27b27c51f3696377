"""Single decisions written into a cast file, which otherwise stays as the user left it.

Each function takes the file's text and gives the new one. Comments, order, and every other key are
kept: what comes out is parsed and compared with what it should hold before it is given back.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from narrator.castfile import Correction
from narrator.castwrite import PROPOSED, like_before
from narrator.errors import CastError
from narrator.tomlplace import put

__all__ = ["correct", "merge", "proposed_voices", "rename", "set_keys"]

Value = str | bool | int | float
_NARRATOR = "narrator"


def set_keys(text: str, name: str | None, values: Mapping[str, Value]) -> str:
    """Set keys of a character's table, or of the narrator's where `name` is None.

    Raises
    ------
    CastError
        The file is laid out in a way that cannot be edited without loss.
    """
    path = (_NARRATOR,) if name is None else ("characters", _own_name(text, name))
    data = _data(text)
    _at(data, path).update(values)

    def in_place() -> str:
        document = tomlkit.parse(text)
        table: Any = document
        for key in path:
            if key not in table and isinstance(table, InlineTable):
                table[key] = tomlkit.inline_table()  # no table of its own can stand outside
            table = table[key]
        for key, value in values.items():
            put(table, key, value)
        if "voice" in values and _is_proposal(table["voice"]):
            table["voice"].trivia.comment_ws = table["voice"].trivia.comment = ""
        return tomlkit.dumps(document)

    def appended() -> str:
        return _insert_table(text, f"[{_dotted(path)}]", values)

    return _first_right(text, data, (in_place, appended), f"[{_dotted(path)}]")


def set_words(text: str, sayings: Mapping[str, str], *, language: str = "") -> str:
    """Set how words are said, under ``[pronounce]``.

    Parameters
    ----------
    language
        Key of a table in it with the words of a language, which count before those of all: what
        is there already is changed there.

    Raises
    ------
    CastError
        The file is laid out in a way that cannot be edited without loss, or a word is the key of
        such a table.
    """
    data = _data(text)
    table = data.setdefault("pronounce", {})
    for word in sayings:
        if isinstance(table.get(word), dict):
            fault = f"[pronounce.{_dotted((word,))}] holds the words of a language"
            raise CastError(f"{word!r} cannot be a word here: {fault}")
    _put_words(table, sayings, language)

    def in_place() -> str:
        document = tomlkit.parse(text)
        _put_words(document["pronounce"], sayings, language)
        return tomlkit.dumps(document)

    def appended() -> str:
        return _insert_table(text, "[pronounce]", {_dotted((w,)): s for w, s in sayings.items()})

    return _first_right(text, data, (in_place, appended), "[pronounce]")


def _put_words(table: Any, sayings: Mapping[str, str], language: str) -> None:
    own = table[language] if language else {}
    for word, saying in sayings.items():
        put(own if word in own else table, word, saying)


def _is_proposal(voice: Any) -> bool:
    return str(voice.trivia.comment).startswith(f"# {PROPOSED}")


def proposed_voices(text: str) -> frozenset[str | None]:
    """Who has a voice that Narrator chose: names of characters, and None for the narrator.

    Wherever a voice is not the one that its comment says was proposed, the user chose it.
    """
    document: Any = tomlkit.parse(text)
    tables = [(None, document.get(_NARRATOR, {})), *document.get("characters", {}).items()]
    return frozenset(
        name
        for name, table in tables
        if (voice := table.get("voice")) is not None
        and _is_proposal(voice)
        and voice.trivia.comment == f"# {PROPOSED}{voice}"
    )


def merge(text: str, name: str, into: str) -> str:
    """Say that one character is the same person as another, or is the narrator.

    Raises
    ------
    CastError
        See `set_keys`.
    """
    if into.casefold() != _NARRATOR and _own_name(text, into) not in _characters(text):
        text = set_keys(text, into, {})
    return set_keys(text, name, {"same_as": into})


def rename(text: str, old: str, new: str) -> str:
    """Call a character otherwise; the old name becomes an alias.

    Raises
    ------
    CastError
        Somebody else has the name, or see `set_keys`.
    """
    old = _own_name(text, old)
    characters = _characters(text)
    taken = _own_name(text, new)
    if new.casefold() == _NARRATOR or (taken in characters and taken != old):
        raise CastError(f"somebody is called {new!r} already: merge the two")
    data = _data(text)
    own = dict(characters.get(old, {}))
    own["aliases"] = [*own.get("aliases", ()), old]
    people = data.setdefault("characters", {})
    if old in people:
        data["characters"] = {new if n == old else n: v for n, v in people.items()}
    data["characters"][new] = own
    for other in data["characters"].values():
        if str(other.get("same_as", "")).casefold() == old.casefold():
            other["same_as"] = new

    def in_place() -> str:
        changed = _rename_headers(text, old, new)
        document = tomlkit.parse(changed)
        parts: Any = document["characters"]
        if "aliases" in parts[new]:
            parts[new]["aliases"].append(old)
        else:
            put(parts[new], "aliases", [old])
        for part in parts.values():
            if str(part.get("same_as", "")).casefold() == old.casefold():
                put(part, "same_as", new)
        return tomlkit.dumps(document)

    def appended() -> str:
        return _insert_table(text, f"[{_dotted(('characters', new))}]", {"aliases": [old]})

    return _first_right(text, data, (in_place, appended), f"[{_dotted(('characters', old))}]")


def correct(text: str, corrections: Iterable[Correction]) -> str:
    """Write down who says some lines; a correction for the same place is changed.

    Raises
    ------
    CastError
        See `set_keys`.
    """
    entries = [_entry(correction) for correction in corrections]
    if not entries:
        return text
    data = _data(text)
    lines: list[dict[str, Any]] = data.setdefault("lines", [])
    at = {_place(entry): k for k, entry in enumerate(lines)}
    known = len(lines)
    changed: dict[int, str] = {}
    for entry in entries:
        k = at.setdefault(_place(entry), len(lines))
        if k == len(lines):
            lines.append(entry)
        lines[k]["speaker"] = entry["speaker"]
        if k < known:
            changed[k] = entry["speaker"]
    new = lines[known:]

    def in_place(text: str, *, with_new: bool = True) -> str:
        document = tomlkit.parse(text)
        held: Any = document["lines"]
        for k, speaker in changed.items():
            put(held[k], "speaker", speaker)
        for entry in new if with_new else ():
            row = tomlkit.inline_table()
            row.update(entry)
            held.append(row)
        return tomlkit.dumps(document)

    def appended() -> str:
        return _insert_lines(in_place(text, with_new=False) if changed else text, new)

    return _first_right(text, data, (appended, lambda: in_place(text)), "[[lines]]")


def _entry(correction: Correction) -> dict[str, Any]:
    keys = ("text", "before", "after", "chapter", "nth", "speaker")
    values = {key: getattr(correction, key) for key in keys}
    return {key: value for key, value in values.items() if value not in (None, "")}


def _place(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(entry.get(key) for key in ("text", "before", "after", "chapter", "nth"))


def _data(text: str) -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(text))


def _characters(text: str) -> dict[str, Any]:
    found: dict[str, Any] = _data(text).get("characters", {})
    return found


def _own_name(text: str, name: str) -> str:
    """A name as the file writes it."""
    names = (each for each in _characters(text) if each.casefold() == name.casefold())
    return next(names, name)


def _at(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for key in path:
        data = data.setdefault(key, {})
    return data


def _first_right(
    text: str, wanted: dict[str, Any], attempts: tuple[Callable[[], str], ...], place: str
) -> str:
    """The first attempt that holds what is wanted, and every comment that was there."""
    comments = _comments(text)
    for attempt in attempts:
        try:
            found = like_before(text, attempt())
            if tomllib.loads(found) == wanted and _comments(found) >= comments:
                return found
        except (TOMLKitError, tomllib.TOMLDecodeError, LookupError, TypeError, AttributeError):
            continue
    raise CastError(
        f"{place} in the cast file cannot be changed without loss, the way it is written there: "
        "change it in a text editor"
    )


def _comments(text: str) -> set[str]:
    found = (match[0].strip() for match in _STRING_OR_COMMENT.finditer(text))
    return {each for each in found if each[0] == "#" and not each.startswith(f"# {PROPOSED}")}


_STRING_OR_COMMENT = re.compile(
    r'"""(?:\\.|[^\\])*?"""|'
    r"'''.*?'''|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)


_HEADER = re.compile(r"^[ \t]*\[[^\n]*$", re.MULTILINE)
_LINES_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(?:lines|\"lines\"|'lines')[ \t]*\]\][^\n]*$", re.M)


def _masked(text: str) -> str:
    """The text with all that is in strings of several rows blanked out: no header is there."""

    def blank(match: re.Match[str]) -> str:
        if match[0][:3] not in (3 * '"', 3 * "'"):
            return match[0]
        return re.sub(r"[^\n]", " ", match[0])

    return _STRING_OR_COMMENT.sub(blank, text)


def _insert_table(text: str, header: str, values: Mapping[str, Any]) -> str:
    """A new table before the corrections, which are many and stand best at the end."""
    block = "".join([f"{header}\n", *(f"{k} = {_toml(v)}\n" for k, v in values.items())])
    first = _LINES_HEADER.search(_masked(text))
    if first is None:
        return f"{_ended(text)}{block}"
    at = first.start()
    while (above := _line_above(text, at)).startswith("#"):  # what belongs to that entry
        at -= len(above)
    return f"{text[:at]}{block}\n{text[at:]}"


def _line_above(text: str, at: int) -> str:
    start = text.rfind("\n", 0, max(0, at - 1)) + 1
    return text[start:at]


def _insert_lines(text: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """More corrections, behind those that are there."""
    if not entries:
        return text
    block = "\n".join(
        "".join(["[[lines]]\n", *(f"{key} = {_toml(value)}\n" for key, value in entry.items())])
        for entry in entries
    )
    masked = _masked(text)
    headers = list(_LINES_HEADER.finditer(masked))
    following = _HEADER.search(masked, headers[-1].end()) if headers else None
    if following is None:
        return f"{_ended(text)}{block}"
    at = following.start()
    while (above := _line_above(text, at)).startswith("#"):
        at -= len(above)
    return f"{text[:at]}{block}\n{text[at:]}"


def _ended(text: str) -> str:
    if not text.strip():
        return text
    return f"{text.rstrip(chr(10))}\n\n"


def _toml(value: Any) -> str:
    return str(tomlkit.item(value).as_string())


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key) for key in path)


def _rename_headers(text: str, old: str, new: str) -> str:
    """The text with ``[characters.OLD]`` called otherwise, however it is quoted."""

    parts, at = [], 0
    for match in _HEADER.finditer(_masked(text)):
        head = match[0]
        try:
            keys = tomllib.loads(head[: head.rindex("]", 0, _comment_at(head)) + 1].strip())
        except (tomllib.TOMLDecodeError, ValueError):
            continue
        if list(keys.get("characters", {})) == [old]:
            close = head.rindex("]", 0, _comment_at(head))
            table = f"[{_dotted(('characters', new))}"
            parts += [text[at : match.start()], head[: head.index("[")], table, head[close:]]
            at = match.end()
    return "".join([*parts, text[at:]])


def _comment_at(row: str) -> int:
    found = (m.start() for m in _STRING_OR_COMMENT.finditer(row) if m[0][0] == "#")
    return next(found, len(row))
