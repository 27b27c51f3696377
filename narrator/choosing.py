"""Which chapters of a book its cast file wants read, and how that is written into it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import tomlkit
from tomlkit.items import Comment

from narrator.castfile import CastFile, ChapterChoice
from narrator.castwrite import like_before
from narrator.errors import ConfigError, StoryError
from narrator.model import Script
from narrator.selection import find_chapter, without_chapters
from narrator.tomlplace import put

EXCLUDED = "excluded in the cast file"
"""The reason with which a chapter is skipped that the cast file does not want."""

_HEADER = "# What you want of this story; `narrator cast` adds its cast.\n"


def choose_chapters(script: Script, cast_file: CastFile) -> Script:
    """The script with the chapters skipped that its cast file does not want.

    Raises
    ------
    ConfigError
        A chapter that the cast file names is not there.
    StoryError
        Nothing is left to speak.
    """
    return without_chapters(script, unwanted_chapters(script, cast_file), EXCLUDED)


def unwanted_chapters(script: Script, cast_file: CastFile) -> set[int]:
    """The chapters, by index, that the cast file does not want.

    Raises
    ------
    ConfigError
        A chapter that the cast file names is not there.
    """
    choice = cast_file.chapters
    unwanted: set[int] = set()
    if choice.include:
        wanted = _indices(script, cast_file, "include", choice.include)
        unwanted = set(range(len(script.book.chapters))) - wanted
    return unwanted | _indices(script, cast_file, "exclude", choice.exclude)


def _indices(script: Script, cast_file: CastFile, key: str, names: Sequence[str | int]) -> set[int]:
    found: set[int] = set()
    for place, name in enumerate(names):
        try:
            found |= chapters_named(script, name)
        except StoryError as exc:
            path = ("chapters", key, place)
            if cast_file.document is None:
                raise ConfigError(f"chapters.{key}: {exc}") from exc
            raise cast_file.document.error(path, f"chapters.{key}: {exc}") from exc
    return found


def chapters_named(script: Script, name: str | int) -> set[int]:
    """Indices of the chapter of this number, or of all with this title.

    Raises
    ------
    StoryError
        There is none, or words fit the titles of several.
    """
    wanted = _folded(str(name))
    same = {c.index for c in script.book.chapters if _folded(c.title) == wanted}
    if same and not isinstance(name, int):
        return same
    return {find_chapter(str(name), script)}


def changed_choice(
    script: Script,
    cast_file: CastFile,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    every: bool = False,
) -> ChapterChoice:
    """What the cast file should say after some chapters are taken in and others left out.

    Raises
    ------
    ConfigError, StoryError
        A chapter is not there.
    """
    chapters = set(range(len(script.book.chapters)))
    unwanted = set() if every else unwanted_chapters(script, cast_file)
    for name in exclude:
        unwanted |= chapters_named(script, name)
    for name in include:
        unwanted -= chapters_named(script, name)
    without_chapters(script, unwanted, EXCLUDED)
    written = cast_file.chapters
    excluded, left_out = _still_right(script, written.exclude, unwanted)
    if not written.include or every:
        return ChapterChoice(exclude=(*excluded, *_names(script, unwanted - left_out)))
    wanted = chapters - unwanted
    included, taken_in = _still_right(script, written.include, wanted | left_out)
    return ChapterChoice(
        include=(*included, *_names(script, wanted - taken_in)), exclude=tuple(excluded)
    )


def _still_right(
    script: Script, written: Sequence[str | int], chapters: set[int]
) -> tuple[list[str | int], set[int]]:
    """Those of the names in a cast file that mean only some of `chapters`, and which they mean."""
    kept: list[str | int] = []
    meant: set[int] = set()
    for name in written:
        try:
            found = chapters_named(script, name)
        except StoryError:  # a chapter that is gone
            continue
        if found <= chapters:
            kept.append(name)
            meant |= found
    return kept, meant


def _names(script: Script, indices: set[int]) -> list[str | int]:
    """How chapters are called in a cast file: by title where that is of one alone."""
    chapters = script.book.chapters
    titles = Counter(_folded(chapter.title) for chapter in chapters)
    return [
        title if (title := chapters[k].title) and titles[_folded(title)] == 1 else k + 1
        for k in sorted(indices)
    ]


def with_choice(text: str | None, choice: ChapterChoice) -> str:
    """A cast file's text with this choice, everything else as it was; None where there is none."""
    document = tomlkit.parse(text if text is not None else _HEADER)
    if "chapters" not in document:
        document.add("chapters", tomlkit.table())
    table: Any = document["chapters"]
    _write(table, "include", choice.include)
    _write(table, "exclude", choice.exclude)
    comments = [item for _, item in table.value.body if isinstance(item, Comment)]
    if not table and not comments and not table.trivia.comment:
        del document["chapters"]
    return like_before(text, tomlkit.dumps(document))


def _write(table: Any, key: str, names: tuple[str | int, ...]) -> None:
    """Bring a list up to date; what stays in it stays as it is written."""
    if key not in table:
        if names:
            put(table, key, list(names))
        return
    array = table[key]
    for k in reversed(range(len(array))):
        if array[k] not in names:
            del array[k]
    for name in names:
        if name not in array:
            _append(array, name)
    row = array.as_string()
    if not names and "#" not in row:
        del table[key]
    elif not _is_list(row, names):  # commas in strange places
        table[key] = list(names)


def _append(array: Any, name: str | int) -> None:
    rows = re.search(r"\n([ \t]*)[^\s\]]", array.as_string())
    if rows is not None:
        array.add_line(name, indent=rows[1])
    else:
        array.add_line(name, indent=" " if array else "", add_comma=False, newline=False)


def _is_list(row: str, names: tuple[str | int, ...]) -> bool:
    try:
        return bool(tomllib.loads(f"names = {row}")["names"] == list(names))
    except tomllib.TOMLDecodeError:
        return False


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())
