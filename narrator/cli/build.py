"""``narrator build``: a story becomes an audiobook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.castfile import CastFile
from narrator.choosing import choose_chapters
from narrator.cli.cache import open_cache
from narrator.cli.directing import director, sounds_for
from narrator.cli.formats import Form, configure, destination, form_options
from narrator.cli.options import (
    cache_option,
    cast_option,
    engine_option,
    selection_options,
    series_option,
    story_argument,
    warn_about,
)
from narrator.cli.progress import emit, shown
from narrator.cli.reporting import concern_rows, summary_rows, write_report
from narrator.cli.tables import (
    cast_table,
    chapter_table,
    clock,
    columns,
    count_words,
    seconds_of,
    size,
)
from narrator.cli.voicing import load_voicing
from narrator.direct import speller
from narrator.engines.installed import share_memory
from narrator.errors import EngineError, StoryError
from narrator.ledger import settle
from narrator.memo import is_finished, keep_finished, remembered_texts
from narrator.model import Book, Cast, Script
from narrator.personal import load_personal
from narrator.report import account_for
from narrator.selection import Selection, select_beginning, select_chapters
from narrator.store import read_bytes
from narrator.story import (
    cast_path_of,
    load_cast_file,
    load_cover,
    load_script,
    what_is_told,
)
from narrator.watch import WatchedPool, cores, prepare, working

if TYPE_CHECKING:
    from narrator.build import Built
    from narrator.encode import Tags
    from narrator.plan import Plan


@click.command("build")
@story_argument
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The audiobook to write, or a folder for it.  [default: output/STORY.m4b]",
)
@form_options
@cast_option
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
    story: Path,
    output: str | None,
    form: Form,
    cast_path: Path | None,
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
    cast_path, required = cast_path or cast_path_of(story), cast_path is not None
    cast_file = load_cast_file(cast_path, required=required)
    cache = open_cache(cache_path)
    data = read_bytes(story, StoryError)
    told = what_is_told(story, cast_file, load_personal().attributor)
    series = None if series_path is None else load_cast_file(series_path, required=True)
    choices = (cast_file, series, engine_name, form, output, selection)
    jobs, model_mb = share_memory(memory_mb, jobs or cores()) if memory_mb else (jobs, 0)
    with working(jobs or cores()) as workers:
        if not dry_run:
            _start_early(workers, is_finished(cache, data, told, *choices), jobs or cores())
        # Audio libraries take a while to import; the other commands, and --help, do without.
        from narrator.build import build
        from narrator.plan import plan

        voicing = load_voicing(engine_name)
        whole = load_script(story, cast_file, cache)
        warn_about(whole)
        chosen = whole if selection.chapters else choose_chapters(whole, cast_file)
        script = select_chapters(chosen, selection)
        config = replace(
            configure(form, output),
            jobs=jobs,
            keep_going=keep_going,
            model_mb=model_mb,
            engines=voicing.tables,
        )
        target = destination(_name_of(story, selection), output, config, ours=(story, cast_path))
        wanted = cast_file
        if series is not None:
            wanted = voicing.inherit(whole, cast_file, series)
        # A part of a book is read by the same voices.
        who = voicing.cast(whole, wanted, story=story, cache=cache)
        words = f"{told} {whole.book.language} {cast_file.normalise}"
        with remembered_texts(cache, data, words, speller(whole, cast_file.normalise)) as spell:
            sounds = sounds_for(script, cast_file, cast_path, cache)
            takes_of = director(whole, who, cast_file, spell, sounds=sounds)
            takes = takes_of(script)
            if selection.preview is not None:
                script = select_beginning(script, takes, selection.preview)
                takes = takes_of(script)
        ledger = settle(script, takes)
        cover = load_cover(cast_path, cast_file)
        if dry_run:
            _show_plan(plan(takes, cache=cache, config=config), as_json=as_json)
            return
        characters = sum(len(take.text) for take in takes)
        with shown(characters, quiet=quiet, as_json=as_json) as progress:
            built = build(
                takes,
                target,
                tags=_tags(script.book, cast_file, who, cover),
                cache=cache,
                config=config,
                executor=workers,
                progress=progress,
            )
    voicing.remember(who, whole, wanted, story=story, cache=cache)
    report = account_for(
        script,
        takes,
        built.audiobook.timeline,
        mute=built.mute,
        missing=built.missing,
        suspect=built.suspect,
        partial=selection != Selection(),
    )
    path = write_report(report, target, cast_file.title or script.book.title)
    warnings = (*_warnings(built), *concern_rows(report, path))
    for warning in warnings:
        click.echo(f"narrator: warning: {warning}", err=True)
    if as_json:
        _emit_done(built, path, warnings)
    elif not quiet:
        for row in _report(script, who, (ledger.summary(), *summary_rows(report, path)), built):
            click.echo(row)
    _fail_where_incomplete(built)
    keep_finished(cache, data, told, *choices)


def _start_early(workers: WatchedPool, finished: bool | None, jobs: int) -> None:
    """Start speech processes while it is found out what there is for them to do.

    All where the story is new, one where something about it is, none where nothing is.
    """
    for _ in range({None: jobs, False: 1, True: 0}[finished]):
        workers.submit(prepare, "narrator.speak", "narrator.encode.m4b")


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


def _show_plan(found: Plan, *, as_json: bool) -> None:
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
    )
    return replace(tags, genre=cast_file.genre) if cast_file.genre else tags


def _report(script: Script, who: Cast, summary: Sequence[str], built: Built) -> Iterator[str]:
    path, timeline = built.audiobook.path, built.audiobook.timeline
    made = f"{built.reels_made} of {built.reels} reels made anew"
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
