"""``narrator build``: a story becomes an audiobook."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import platformdirs
from tqdm import tqdm

from narrator.cast import cast
from narrator.castfile import CastFile
from narrator.cli.options import cast_option, engine_option, story_argument
from narrator.cli.tables import (
    cast_table,
    chapter_table,
    clock,
    file_size,
    seconds_of,
)
from narrator.cli.target import target_of
from narrator.direct import direct
from narrator.engines import available_voices
from narrator.ledger import Ledger, settle
from narrator.model import Book, Cast, Script, Take
from narrator.store import Cache
from narrator.story import cast_path_of, load_cast_file, load_script

if TYPE_CHECKING:
    from narrator.build import Built, Progress
    from narrator.encode import Tags


@click.command("build")
@story_argument
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The audiobook to write, or a folder for it.  [default: output/STORY.m4b]",
)
@cast_option
@engine_option
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0, 64),
    default=0,
    help="Processes that speak at once.  [default: one a core]",
)
@click.option(
    "--cache",
    "cache_path",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where finished sound is kept between runs.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")
def build_command(
    story: Path,
    output: str | None,
    cast_path: Path | None,
    engine_name: str,
    jobs: int,
    cache_path: Path | None,
    quiet: bool,
) -> None:
    """Turn STORY into an audiobook with a voice for everyone.

    The cast file beside STORY (see `narrator cast`) is obeyed. Interrupt it whenever you like: run
    again, it goes on where it stopped.

    \b
    Examples:
      narrator build stories/the-tide-stayed-out.txt
      narrator build novel.txt -o ~/Audiobooks/novel.m4b
    """
    # Audio libraries take a while to import; the other commands, and --help, do without.
    from narrator.build import build
    from narrator.plan import BuildConfig

    cast_path, required = cast_path or cast_path_of(story), cast_path is not None
    cast_file = load_cast_file(cast_path, required=required)
    script = load_script(story, cast_file)
    target = target_of(story, output, suffix=".m4b", known=(".m4b",), ours=(story, cast_path))
    who = cast(script, available_voices(engine_name), cast_file)
    takes = direct(script, who, cast_file.pauses)
    ledger = settle(script, takes)
    config = BuildConfig(jobs=jobs)
    with _progress(takes, quiet=quiet) as progress:
        built = build(
            takes,
            target,
            tags=_tags(script.book, cast_file, who),
            cache=_cache(cache_path),
            config=config,
            progress=progress,
        )
    for take in built.mute:
        place = f"chapter {take.chapter + 1}, character {take.span.start}"
        click.echo(f"narrator: warning: {place}: no voice for “{take.text[:60]}”", err=True)
    if not quiet:
        for row in _report(script, who, ledger, built):
            click.echo(row)


def _cache(path: Path | None) -> Cache:
    return Cache(root=path or Path(platformdirs.user_cache_dir("narrator", appauthor=False)))


def _tags(book: Book, cast_file: CastFile, who: Cast) -> Tags:
    from narrator.encode import Tags

    comment = cast_file.comment or f"Made with Narrator; read by {who.narrator.voice.name} and cast"
    return Tags(
        title=cast_file.title or book.title,
        author=cast_file.author or book.author,
        album=cast_file.series or book.series,
        narrator=who.narrator.voice.name,
        year=cast_file.year or book.year,
        comment=comment,
        description=book.summary,
        cover=book.cover,
    )


@contextmanager
def _progress(takes: Sequence[Take], *, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, one line elsewhere, nothing where it is to be quiet. On stderr."""
    total = sum(len(take.text) for take in takes)
    if quiet or not sys.stderr.isatty():
        if not quiet:
            click.echo(f"Speaking {total:,} characters …", err=True)
        yield lambda progress: None
        return
    with tqdm(
        total=total, unit="ch", unit_scale=True, desc="Speaking", leave=False, dynamic_ncols=True
    ) as bar:

        def advance(progress: Progress) -> None:
            bar.update(progress.characters)

        yield advance


def _report(script: Script, who: Cast, ledger: Ledger, built: Built) -> Iterator[str]:
    path, timeline = built.audiobook.path, built.audiobook.timeline
    made = f"{built.reels_made} of {built.reels} reels made anew"
    yield f"{path}"
    yield f"  {clock(seconds_of(timeline))} long, {file_size(path)}, {made}"
    yield from (f"  {row}" for row in textwrap.wrap(ledger.summary(), 76))
    yield "\nCast"
    yield from cast_table(script, who)
    yield "\nChapters"
    yield from chapter_table(timeline)
