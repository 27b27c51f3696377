"""``narrator cast``: write the cast file."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from narrator.cast import hard_to_tell_apart, speech_lines
from narrator.castfile import CastFile
from narrator.castwrite import update_cast_file
from narrator.cli.cache import open_cache
from narrator.cli.casting import Casting
from narrator.cli.editing import CastEditor
from narrator.cli.options import engine_option, series_option, warn_about
from narrator.cli.reviewing import Reader
from narrator.cli.source import Source, story_options
from narrator.cli.tables import cast_table, trait_table
from narrator.cli.voicing import Voicing, load_voicing
from narrator.errors import ConfigError
from narrator.model import Cast, Script
from narrator.store import read_bytes, write_text
from narrator.story import find_script, load_cast_file, load_script


@click.command("cast")
@story_options
@series_option
@engine_option
@click.option(
    "--example",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, value: _show_example(context) if value else None,
    help="Print a cast file that shows and explains every key, and exit.",
)
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, value: _show_schema(context) if value else None,
    help="Print a JSON Schema of cast files, for your editor, and exit.",
)
@click.option(
    "-i",
    "--interactive",
    is_flag=True,
    help="Hear, choose, swap and lock the voices, one step at a time.",
)
def cast_command(
    source: Source,
    series_path: Path | None,
    engine_name: str | None,
    interactive: bool,
) -> None:
    """Write STORY's cast file: a voice for everyone, for you to change.

    Run again, it adds who is new and keeps everything that you wrote.

    \b
    Examples:
      narrator cast stories/the-tide-stayed-out.txt
      narrator cast stories/the-tide-stayed-out.txt --interactive
      narrator cast second-book.txt --cast-from first-book.cast.toml
      narrator cast --example
    """
    cast_file = source.cast_file(may_be_new=True)
    if interactive:
        reader = Reader(engine_name, source.story, series_path)
        found = find_script(source.story, cast_file)
        editor = CastEditor(source.cast_path, found, reader.propose)
        warn_about(editor.script)
        Casting(editor, reader).run()
        return
    script = load_script(source.story, cast_file)
    warn_about(script)
    voicing, cache = load_voicing(engine_name), open_cache(None)
    wanted = cast_file
    if series_path is not None:
        wanted = voicing.inherit(script, cast_file, load_cast_file(series_path, required=True))
    who = voicing.cast(script, wanted, story=source.story, cache=cache)
    is_new = _write(source.cast_path, cast_file, script, who)
    voicing.remember(who, script, wanted, story=source.story, cache=cache)
    for row in _shown(script, who, voicing):
        click.echo(row)
    click.echo(f"\n{source.cast_path}: {'written' if is_new else 'unchanged'}")


def _write(path: Path, cast_file: CastFile, script: Script, who: Cast) -> bool:
    """Bring the cast file up to date; whether anything was to be added."""
    before = None
    if cast_file.document is not None:
        before = read_bytes(path, ConfigError).decode("utf-8-sig")
    after = update_cast_file(
        before,
        book=script.book,
        characters=script.characters,
        cast=who,
        lines=speech_lines(script),
    )
    if after != before:
        write_text(path, after)
    return after != before


def _shown(script: Script, who: Cast, voicing: Voicing) -> Iterator[str]:
    yield from cast_table(script, who)
    if told := list(trait_table(script, voicing.voices)):
        yield "\nCast for what the story says"
        yield from told
    if alike := hard_to_tell_apart(script, who, voicing.timbres()):
        pairs = "; ".join(f"{one.name} and {other.name}" for one, other in alike)
        yield ""
        yield from textwrap.wrap(f"Speak together, in voices hard to tell apart: {pairs}", 80)


def _show_example(context: click.Context) -> None:
    from narrator.example import example_cast_file

    click.echo(example_cast_file(), nl=False)
    context.exit()


def _show_schema(context: click.Context) -> None:
    from narrator.schema import cast_schema

    click.echo(json.dumps(cast_schema(), ensure_ascii=False, indent=2))
    context.exit()
