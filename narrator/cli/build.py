"""``narrator build``: a story becomes an audiobook."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.castfile import CastFile, files_of
from narrator.cli.cache import open_cache
from narrator.cli.formats import Form, configure, destination, form_options
from narrator.cli.options import (
    cache_option,
    engine_option,
    selection_options,
    series_option,
    warn,
)
from narrator.cli.preparing import Errand, Prepared, errand_for, prepared
from narrator.cli.progress import emit, reading, shown
from narrator.cli.reporting import concern_rows, report_path, summary_rows, write_report
from narrator.cli.source import Source, story_options
from narrator.cli.tables import (
    cast_table,
    chapter_table,
    clock,
    columns,
    count_words,
    seconds_of,
    size,
)
from narrator.cli.target import ensure_spare
from narrator.engines.installed import share_memory
from narrator.errors import EngineError
from narrator.memo import is_finished, keep_casting, keep_finished
from narrator.model import Book, Cast, Role, Script
from narrator.report import account_for
from narrator.selection import Selection
from narrator.store import Cache
from narrator.story import load_cover
from narrator.watch import WatchedPool, cores, prepare, working

if TYPE_CHECKING:
    from narrator.build import Built, Progress
    from narrator.encode import Tags
    from narrator.plan import BuildConfig
    from narrator.walk import Measuring


@click.command("build")
@story_options
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The audiobook to write, or a folder for it.  [default: output/STORY.m4b]",
)
@form_options
@series_option
@engine_option
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0, 64),
    default=0,
    help="Processes that speak at once.  [default: one a core]",
)
@click.option(
    "--memory",
    "memory_mb",
    type=click.IntRange(256),
    metavar="MB",
    help="Start fewer processes, and hold fewer voice models, than would take more megabytes.",
)
@cache_option
@selection_options
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--keep-going",
    is_flag=True,
    help="Leave out sentences that cannot be spoken, list them, and fail at the end.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")
@click.option("--json", "as_json", is_flag=True, help="Print events for programs, as JSON Lines.")
def build_command(
    source: Source,
    output: str | None,
    form: Form,
    series_path: Path | None,
    engine_name: str | None,
    jobs: int,
    memory_mb: int | None,
    cache_path: Path | None,
    selection: Selection,
    dry_run: bool,
    keep_going: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Turn STORY into an audiobook with a voice for everyone.

    The cast file beside STORY (see `narrator cast`) is obeyed. Interrupt it whenever you like: run
    again, it goes on where it stopped. A part of a book gets a file of its own: STORY-part or
    STORY-preview.

    \b
    Examples:
      narrator build stories/the-tide-stayed-out.txt
      narrator build novel.txt -o ~/Audiobooks/novel.m4b
      narrator build novel.txt --format mp3 --split chapters
      narrator build novel.txt --dry-run
      narrator build novel.txt --from "The Storm" --to 9 --preview 60s
    """
    errand = errand_for(
        source,
        series_path=series_path,
        engine_name=engine_name,
        selection=selection,
        cache=open_cache(cache_path),
    )
    choices = (errand.cast_file, errand.series, engine_name, form, output, selection)
    jobs, model_mb = share_memory(memory_mb, jobs or cores()) if memory_mb else (jobs or cores(), 0)
    with contextlib.ExitStack() as until_told:
        with working(jobs) as workers:
            if not (dry_run or errand.is_long):
                finished = is_finished(errand.cache, errand.data, errand.told, *choices)
                _start_early(workers, finished, jobs)
            config, target = _configured(
                errand, form, output, jobs=jobs, keep_going=keep_going, model_mb=model_mb
            )
            with reading(quiet=quiet or dry_run, as_json=as_json and not dry_run):
                meet = None if dry_run else partial(_measure, errand.cache, config, workers)
                ready = until_told.enter_context(prepared(errand, meet))
            warn(ready.warnings)
            cover = load_cover(errand.cast_path, errand.cast_file)
            if dry_run:
                _show_plan(errand, ready, config, as_json=as_json)
                return
            with shown(ready.characters, quiet=quiet, as_json=as_json) as progress:
                built = _build(errand, ready, target, cover, config, workers, progress)
        keep_casting(errand.cache, source.story, ready.engine, ready.given)
        _tell(errand, ready, built, quiet=quiet, as_json=as_json)
    _fail_where_incomplete(built)
    keep_finished(errand.cache, errand.data, errand.told, *choices)


def _configured(
    errand: Errand,
    form: Form,
    output: str | None,
    *,
    jobs: int,
    keep_going: bool,
    model_mb: int,
) -> tuple[BuildConfig, Path]:
    """How the book is made, and where it goes."""
    config = replace(
        configure(form, output),
        jobs=jobs,
        keep_going=keep_going,
        model_mb=model_mb,
        engines=errand.tables,
    )
    name = _name_of(errand.story, errand.selection)
    inputs = _inputs(errand)
    target = destination(name, output, config, ours=inputs)
    ensure_spare(report_path(target), suffixes=(), ours=inputs)
    return config, target


def _inputs(errand: Errand) -> tuple[Path, ...]:
    """What the book is made from."""
    own = (errand.story, errand.cast_path)
    return (*own, *files_of(errand.cast_file, errand.cast_path.parent))


def _build(
    errand: Errand,
    ready: Prepared,
    target: Path,
    cover: bytes | None,
    config: BuildConfig,
    workers: WatchedPool,
    progress: Callable[[Progress], None],
) -> Built:
    # Audio libraries take a while to import; the other commands, and --help, do without.
    from narrator.build import build

    return build(
        ready.takes,
        target,
        tags=_tags(ready.book, errand.cast_file, ready.cast, cover),
        cache=errand.cache,
        config=config,
        executor=workers,
        begun=ready.measuring,
        inputs=_inputs(errand),
        progress=progress,
    )


def _measure(
    cache: Cache, config: BuildConfig, workers: WatchedPool, roles: Iterable[Role]
) -> Measuring:
    from narrator.build import measure_ahead

    return measure_ahead(roles, workers, cache=cache, config=config)


def _tell(errand: Errand, ready: Prepared, built: Built, *, quiet: bool, as_json: bool) -> None:
    """Write the report, and say what was done."""
    script = ready.script()
    report = account_for(
        script,
        tuple(ready.takes),
        built.audiobook.timeline,
        mute=built.mute,
        missing=built.missing,
        suspect=built.suspect,
        partial=errand.selection != Selection(),
    )
    title = errand.cast_file.title or ready.book.title
    path = write_report(report, built.audiobook.path, title)
    warnings = (*_warnings(built), *concern_rows(report, path))
    warn(warnings)
    if as_json:
        _emit_done(built, path, warnings)
    elif not quiet:
        summary = (ready.ledger.summary(), *summary_rows(report, path))
        for row in _report(script, ready.cast, summary, built):
            click.echo(row)


def _start_early(workers: WatchedPool, finished: bool | None, jobs: int) -> None:
    """Start speech processes while it is found out what there is for them to do.

    All where the story is new, one where something about it is, none where nothing is.
    """
    for _ in range({None: jobs, False: 1, True: 0}[finished]):
        workers.submit(prepare, "narrator.workshop", "narrator.encode.m4b")


def _fail_where_incomplete(built: Built) -> None:
    if built.missing:
        count = len(built.missing)
        raise EngineError(
            f"{count} sentence{'s' * (count != 1)} could not be spoken and {_are(count)} left out; "
            "run it again to try again"
        )


def _name_of(story: Path, selection: Selection) -> Path:
    """What a file of this selection is named after: not the book's own, which would be lost."""
    if selection.preview is not None:
        return story.with_name(f"{story.stem}-preview{story.suffix}")
    if selection != Selection():
        return story.with_name(f"{story.stem}-part{story.suffix}")
    return story


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _warnings(built: Built) -> Iterator[str]:
    for fault, takes in (("no voice for", built.mute), ("left out", built.missing)):
        for take in takes:
            place = f"chapter {take.chapter + 1}, character {take.span.start}"
            yield f"{place}: {fault} “{take.shown[:60]}”"
    for path in built.left_behind:
        yield f"{path}: is of an earlier build and no part of the book any more; you may delete it"
    for take, reason in built.suspect:
        place = f"chapter {take.chapter + 1}, character {take.span.start}"
        yield f"{place}: suspect sound of “{take.text[:60]}”: {reason}"


def _emit_done(built: Built, report: Path, warnings: Sequence[str]) -> None:
    timeline = built.audiobook.timeline
    emit(
        "done",
        path=str(built.audiobook.path),
        report=str(report),
        length_s=round(seconds_of(timeline), 3),
        chapters=[
            {"title": mark.title, "start_s": round(mark.start / timeline.sample_rate_hz, 3)}
            for mark in timeline.marks
        ],
        sentences_spoken=built.clips_spoken,
        reels=built.reels,
        reels_made=built.reels_made,
        changed=built.changed,
        warnings=list(warnings),
    )


def _show_plan(errand: Errand, ready: Prepared, config: BuildConfig, *, as_json: bool) -> None:
    from narrator.plan import plan

    found = plan(ready.takes, cache=errand.cache, config=config)
    if as_json:
        emit("plan", **asdict(found))
        return
    copied = found.reels - found.reels_to_encode
    guess = "" if found.is_pace_known or not found.reels_to_encode else ", at a guess"
    sentences = f"{found.clips_to_speak:,} of {found.clips:,} sentences"
    characters = f"{found.characters_to_speak:,} of {found.characters:,} characters"
    length = f"{clock(found.sound_to_make_s)} of {clock(found.sound_s)}"
    rows = (
        ("to speak", f"{sentences}, {characters}"),
        *((("to mix in", count_words(found.sounds, "sound")),) if found.sounds else ()),
        ("to encode", f"{found.reels_to_encode:,} of {found.reels:,} reels, {length}"),
        ("to copy", f"{copied:,} of {found.reels:,} reels"),
        ("time", f"about {clock(found.build_s)}{guess}"),
        ("size", f"about {size(found.size_bytes)}"),
    )
    for row in columns(rows):
        click.echo(row)


def _tags(book: Book, cast_file: CastFile, who: Cast, cover: bytes | None) -> Tags:
    from narrator.encode import Tags

    comment = cast_file.comment or f"Made with Narrator; read by {who.narrator.voice.name} and cast"
    tags = Tags(
        title=cast_file.title or book.title,
        author=cast_file.author or book.author,
        series=cast_file.series or book.series,
        narrator=cast_file.read_by or who.narrator.voice.name,
        year=cast_file.year_text or book.year,
        comment=comment,
        description=cast_file.description or book.summary,
        cover=cover or book.cover,
        language=book.language,
    )
    return replace(tags, genre=cast_file.genre) if cast_file.genre else tags


def _report(script: Script, who: Cast, summary: Sequence[str], built: Built) -> Iterator[str]:
    path, timeline = built.audiobook.path, built.audiobook.timeline
    spoken = count_words(built.clips_spoken, "sentence")
    made = f"{spoken} spoken, {built.reels_made} of {built.reels} reels made anew"
    made += "" if built.changed else ", nothing to do"
    yield f"{path}"
    bytes_written = sum(file.stat().st_size for file in built.files)
    in_files = "" if built.files == (path,) else f" in {count_words(len(built.files), 'file')}"
    yield f"  {clock(seconds_of(timeline))} long, {size(bytes_written)}{in_files}, {made}"
    for words in summary:
        yield from (f"  {row}" for row in textwrap.wrap(words, 76, break_on_hyphens=False))
    yield "\nCast"
    yield from cast_table(script, who)
    yield "\nChapters"
    yield from chapter_table(timeline)
