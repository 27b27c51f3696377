"""Blocks of a document to a book: its title, what is said above it, its chapters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from narrator.errors import StoryError
from narrator.model import Book, Chapter
from narrator.read.header import Header
from narrator.read.language import detect_language
from narrator.read.markup.blocks import CHAPTER, Block, BlockKind
from narrator.read.markup.compose import Start, chapters_of
from narrator.read.markup.front import (
    with_header,
    with_headings,
    with_mottoes,
    without_licence,
    without_notes,
    without_title,
)
from narrator.read.markup.ranks import heading_starts, rank_headings
from narrator.read.titles import tidy_title

_MIN_FRONT_CHARS = 500
"""Front matter to be spoken, from which on it is a chapter of its own."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a format says of a story beside its text."""

    title: str | None = None
    author: str | None = None
    language: str | None = None
    year: str | None = None
    summary: str | None = None
    series: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    cover: bytes | None = None


def story_of(
    blocks: Sequence[Block], facts: Facts, *, name: str, hints: Facts | None = None
) -> Book:
    """The book that a document's blocks make, its headings and header told from its text.

    Parameters
    ----------
    blocks
        All of them, in order.
    facts
        Counts for more than what the text says.
    name
        File name: the title of a story that has none.
    hints
        Count for less than what the text says.

    Raises
    ------
    StoryError
        There is nothing to speak.
    """
    found, fields = without_licence(blocks)
    hints = hints or Facts()
    found, title = without_title(found, facts.title)
    if any(block.kind is BlockKind.HEADING for block in found):
        found = rank_headings(found)
    else:
        found = with_headings(found)
    found, header = with_header(found, title)
    for key, value in fields:
        header.learn(key, value)
    found = with_mottoes(without_notes(found))
    chapters = chapters_of(found, with_front(found, heading_starts(found)))
    if not chapters:
        raise StoryError(f"{name} has no words in it: there is nothing to speak")
    said = facts.title or (tidy_title(title) if title else None) or header.title or hints.title
    return Book(
        title=said or title_of_file(name),
        author=facts.author or header.author or hints.author,
        language=facts.language or header.language or hints.language or _language_of(chapters),
        year=facts.year or header.year or hints.year,
        summary=facts.summary or header.summary or hints.summary,
        series=facts.series or header.series,
        details=_details(facts, header),
        cover=facts.cover,
        chapters=chapters,
    )


def _details(facts: Facts, header: Header) -> tuple[tuple[str, str], ...]:
    return tuple({**dict(header.details), **dict(facts.details)}.items())


def with_front(blocks: Sequence[Block], starts: Sequence[Start]) -> list[Start]:
    """Chapters' beginnings, with one for the front matter where it is long enough."""
    if not starts:
        return [Start(at=0)]
    spoken = [block for block in blocks[: starts[0].at] if block.is_spoken]
    if sum(len(block.text) for block in spoken) < _MIN_FRONT_CHARS:
        return list(starts)
    head = spoken[0] if spoken[0].kind is BlockKind.HEADING else None
    return [Start(at=0, title=tidy_title(head.text) if head else ""), *starts]


def title_of_file(name: str) -> str:
    """A title made of a file's name."""
    stem = re.sub(r"[\s_]+", " ", PurePath(name).stem).strip()
    return (stem if " " in stem else _CAMEL.sub(" ", stem)) or name


__all__ = ["CHAPTER", "Facts", "story_of", "title_of_file", "with_front"]


def _language_of(chapters: tuple[Chapter, ...]) -> str:
    return detect_language("".join(chapter.text for chapter in chapters)) or "en"
