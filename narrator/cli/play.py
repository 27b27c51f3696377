"""``narrator play``: hear an audiobook."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.cli.live import play_live
from narrator.cli.options import cast_option, engine_option
from narrator.cli.source import Source, markup_option
from narrator.cli.tables import clock
from narrator.errors import EncodeError, PlaybackError

if TYPE_CHECKING:
    from narrator.engines.base import Block

_PLAYLISTS = (".m3u", ".m3u8")


@click.command("play")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--chapter", type=click.IntRange(1), metavar="N", help="Only this chapter, from 1.")
@click.option("--live", is_flag=True, help="BOOK is a story: speak it now, while you listen.")
@click.option("--text", "show_text", is_flag=True, help="With --live: print what is spoken.")
@cast_option
@markup_option
@engine_option
def play_command(
    book: Path,
    chapter: int | None,
    live: bool,
    show_text: bool,
    cast_path: Path | None,
    markup: bool | None,
    engine_name: str | None,
) -> None:
    """Play the audiobook BOOK: any sound file, or a playlist of chapters.

    With --live BOOK is a story, which is spoken while you listen, with its cast file's voices, and
    nothing is kept.

    No player is needed. Ctrl-C stops it.

    \b
    Examples:
      narrator play output/the-tide-stayed-out.m4b
      narrator play output/novel.m4b --chapter 3
      narrator play --live stories/the-tide-stayed-out.txt
    """
    if live:
        play_live(
            Source(story=book, named=cast_path, markup=markup),
            engine_name=engine_name,
            chapter=chapter,
            show_text=show_text,
        )
        return
    if show_text or (cast_path, markup, engine_name) != (None, None, None):
        raise click.UsageError("--text, --cast, --markup and --engine go with --live")
    from narrator.playback import book_blocks, chapter_titles, play, why_silent

    files = _listed(book) if book.suffix.lower() in _PLAYLISTS else (book,)
    if book.suffix.lower() in _PLAYLISTS and chapter is not None:
        if chapter > len(files):
            raise EncodeError(f"{book}: lists {len(files)} files, so there is no chapter {chapter}")
        files, chapter = (files[chapter - 1],), None
    titles = chapter_titles(files[0]) if chapter is not None else ()
    blocks = (block for file in files for block in book_blocks(file, chapter))
    if (reason := why_silent()) is not None:
        next(blocks, None)  # a file that is no sound is the greater trouble
        raise PlaybackError(f"{reason}; the sound is in {', '.join(map(str, files))}")
    click.echo(titles[chapter - 1] if chapter is not None and chapter <= len(titles) else book.name)
    play(_counted(blocks))


def _listed(playlist: Path) -> tuple[Path, ...]:
    from narrator.store import read_bytes

    rows = read_bytes(playlist).decode("utf-8-sig", "replace").splitlines()
    names = [row.strip() for row in rows if row.strip() and not row.startswith("#")]
    if not names:
        raise EncodeError(f"{playlist}: lists no file")
    return tuple(playlist.parent / name for name in names)


def _counted(blocks: Iterable[Block]) -> Iterator[Block]:
    """Show on a terminal how far it is."""
    shown, frames, rate = -1, 0, 1
    for block in blocks:
        frames, rate = frames + len(block.pcm), block.sample_rate_hz
        if sys.stderr.isatty() and frames // rate != shown:
            shown = frames // rate
            click.echo(f"\r  {clock(shown)}", nl=False, err=True)
        yield block
    if shown >= 0:
        click.echo(f"\r  {clock(frames / rate)}", err=True)
