"""``narrator chapters``: what a book holds, and what of it is read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from narrator.choosing import (
    changed_choice,
    choose_chapters,
    unwanted_chapters,
    with_choice,
)
from narrator.cli.cache import open_cache
from narrator.cli.options import cache_option
from narrator.cli.source import Source, story_options
from narrator.cli.tables import clock, columns, count_words
from narrator.errors import ConfigError
from narrator.model import SILENT, Script
from narrator.store import exists, read_bytes, write_text
from narrator.story import load_script

_CHARACTERS_PER_SECOND, _PAUSE_S = 18.3, 0.75
"""Of a story's text as the built-in voices read it, and the silence after each piece of it that
somebody says in one go: five stories come out within 3% of their length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    number: int
    title: str
    words: int
    seconds: float
    excluded: bool
    skipped: Counter[str]
    """Words that are not read, by reason."""


@click.command("chapters")
@story_options
@cache_option
@click.option("--include", multiple=True, metavar="CHAPTER", help="Read this chapter again.")
@click.option("--exclude", multiple=True, metavar="CHAPTER", help="Do not read this chapter.")
@click.option("--all", "every", is_flag=True, help="Read all chapters again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines for programs.")
def chapters_command(
    source: Source,
    cache_path: Path | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    every: bool,
    as_json: bool,
) -> None:
    """List the chapters of STORY, with what of them is not read, and why.

    A chapter is its number, its title, or words of its title alone. What you include or exclude
    goes into the cast file, and `narrator build` obeys it. --include and --exclude may be given
    several times.

    \b
    Examples:
      narrator chapters novel.epub
      narrator chapters novel.epub --exclude Preface --exclude 14
    """
    path, cast_file = source.cast_path, source.cast_file()
    script = load_script(source.story, cast_file, open_cache(cache_path))
    if include or exclude or every:
        choice = changed_choice(script, cast_file, include=include, exclude=exclude, every=every)
        if choice != cast_file.chapters:
            old = read_bytes(path, ConfigError).decode("utf-8-sig") if exists(path) else None
            write_text(path, with_choice(old, choice))
        cast_file = source.cast_file(may_be_new=True)
    choose_chapters(script, cast_file)
    rows = list(_rows(script, unwanted_chapters(script, cast_file)))
    for text in _json_rows(rows) if as_json else _table(rows):
        click.echo(text)


def _rows(script: Script, unwanted: set[int]) -> Iterator[_Row]:
    chapters = script.book.chapters
    words = [0] * len(chapters)
    characters = [0] * len(chapters)
    pieces = [0] * len(chapters)
    skipped: list[Counter[str]] = [Counter() for _ in chapters]
    for line in script.lines:
        segment = line.segment
        if segment.kind not in SILENT:
            text = script.words_of(segment)
            words[segment.chapter] += len(text.split())
            characters[segment.chapter] += len(text)
            pieces[segment.chapter] += 1
        elif segment.skip_reason is not None:
            text = segment.span.of(chapters[segment.chapter].text)
            skipped[segment.chapter][segment.skip_reason] += len(text.split())
    for chapter in chapters:
        index = chapter.index
        yield _Row(
            number=index + 1,
            title=chapter.title,
            words=words[index],
            seconds=characters[index] / _CHARACTERS_PER_SECOND + pieces[index] * _PAUSE_S,
            excluded=index in unwanted,
            skipped=skipped[index],
        )


def _table(rows: list[_Row]) -> Iterator[str]:
    read = [row for row in rows if not row.excluded]
    cells = []
    for row in rows:
        notes = ["not read: excluded in the cast file"] if row.excluded else []
        skipped = [f"{reason} {count:,}" for reason, count in row.skipped.most_common(3)]
        if row.skipped.total() and not row.excluded:
            notes.append(f"without {', '.join(skipped)}")
        number = f"{row.number:>{len(str(len(rows)))}}"
        mark = "-" if row.excluded else " "
        words = f"{row.words:>7,}"
        cells.append((mark, number, row.title or "(no title)", words, f"{clock(row.seconds):>8}",
                      "; ".join(notes)))  # fmt: skip
    yield from columns(cells)
    heard, seconds = sum(row.words for row in read), sum(row.seconds for row in read)
    total = f"{len(read)} of {count_words(len(rows), 'chapter')}"
    yield f"{total} read: {count_words(heard, 'word')}, about {clock(seconds)}"


def _json_rows(rows: list[_Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(
            {
                "number": row.number,
                "title": row.title,
                "words": row.words,
                "length_s": round(row.seconds),
                "excluded": row.excluded,
                "skipped_words": dict(row.skipped.most_common()),
            }
        )
