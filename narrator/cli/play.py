"""``narrator play``: hear an audiobook."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.cli.tables import clock
from narrator.errors import EncodeError, PlaybackError

if TYPE_CHECKING:
    from narrator.engines.base import Block

_PLAYLISTS = (".m3u", ".m3u8")


@click.command("play")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--chapter", type=click.IntRange(1), metavar="N", help="Only this chapter, from 1.")
def play_command(book: Path, chapter: int | None) -> None:
    """Play the audiobook BOOK: any sound file, or a playlist of chapters.

    No player is needed. Ctrl-C stops it.

    \b
    Examples:
      narrator play output/the-tide-stayed-out.m4b
      narrator play output/novel.m4b --chapter 3
    """
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
