"""``narrator cast``: write the cast file."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import click

from narrator.cast import hard_to_tell_apart, speech_lines
from narrator.castwrite import update_cast_file
from narrator.cli.cache import open_cache
from narrator.cli.casting import Casting
from narrator.cli.editing import CastEditor
from narrator.cli.options import (
    cast_option,
    engine_option,
    series_option,
    story_argument,
    warn_about,
)
from narrator.cli.reviewing import Reader
from narrator.cli.tables import cast_table, trait_table
from narrator.cli.voicing import load_voicing
from narrator.errors import ConfigError
from narrator.store import read_bytes, write_text
from narrator.story import cast_path_of, find_script, load_cast_file, load_script


@click.command("cast")
@story_argument
@cast_option
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
    story: Path,
    cast_path: Path | None,
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
    path = cast_path or cast_path_of(story)
    cast_file = load_cast_file(path, required=False)
    if interactive and series_path is not None:
        raise click.UsageError("--cast-from writes the voices: run it first, then --interactive")
    if interactive:
        reader = Reader(engine_name, story)
        editor = CastEditor(path, find_script(story, cast_file), reader.propose)
        warn_about(editor.script)
        Casting(editor, reader).run()
        return
    script = load_script(story, cast_file)
    warn_about(script)
    voicing, cache = load_voicing(engine_name), open_cache(None)
    wanted = cast_file
    if series_path is not None:
        wanted = voicing.inherit(script, cast_file, load_cast_file(series_path, required=True))
    who = voicing.cast(script, wanted, story=story, cache=cache)
    count = speech_lines(script)
    before = None
    if cast_file.document is not None:
        before = read_bytes(path, ConfigError).decode("utf-8-sig")
    after = update_cast_file(
        before, book=script.book, characters=script.characters, cast=who, lines=count
    )
    if after != before:
        write_text(path, after)
    voicing.remember(who, script, wanted, story=story, cache=cache)
    for row in cast_table(script, who):
        click.echo(row)
    if told := list(trait_table(script, voicing.voices)):
        click.echo("\nCast for what the story says")
        for row in told:
            click.echo(row)
    if alike := hard_to_tell_apart(script, who, voicing.timbres()):
        pairs = "; ".join(f"{one.name} and {other.name}" for one, other in alike)
        rows = textwrap.wrap(f"Speak together, in voices hard to tell apart: {pairs}", 80)
        click.echo("\n" + "\n".join(rows))
    click.echo(f"\n{path}: {'unchanged' if after == before else 'written'}")


def _show_example(context: click.Context) -> None:
    from narrator.example import example_cast_file

    click.echo(example_cast_file(), nl=False)
    context.exit()


def _show_schema(context: click.Context) -> None:
    from narrator.schema import cast_schema

    click.echo(json.dumps(cast_schema(), ensure_ascii=False, indent=2))
    context.exit()
