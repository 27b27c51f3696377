"""Which chapters of a book its cast file wants read, and how that is written into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import tomlkit

from narrator.castfile import CastFile, ChapterChoice
from narrator.errors import ConfigError, StoryError
from narrator.model import Script
from narrator.selection import find_chapter, without_chapters

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
    count = len(script.book.chapters)
    unwanted = set() if every else unwanted_chapters(script, cast_file)
    for name in exclude:
        unwanted |= chapters_named(script, name)
    for name in include:
        unwanted -= chapters_named(script, name)
    without_chapters(script, unwanted, EXCLUDED)
    titles = Counter(_folded(chapter.title) for chapter in script.book.chapters)
    names = tuple(
        chapter.title if chapter.title and titles[_folded(chapter.title)] == 1 else index + 1
        for index, chapter in enumerate(script.book.chapters)
    )
    if cast_file.chapters.include and not every:
        return ChapterChoice(include=tuple(names[i] for i in range(count) if i not in unwanted))
    return ChapterChoice(exclude=tuple(names[i] for i in sorted(unwanted)))


def with_choice(text: str | None, choice: ChapterChoice) -> str:
    """A cast file's text with this choice, everything else as it was; None where there is none."""
    document = tomlkit.parse(text if text is not None else _HEADER)
    if "chapters" not in document:
        document.add("chapters", tomlkit.table())
    table: Any = document["chapters"]
    for key, names in (("include", choice.include), ("exclude", choice.exclude)):
        if names:
            table[key] = list(names)
        elif key in table:
            del table[key]
    if not table:
        del document["chapters"]
    return tomlkit.dumps(document)


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())
