"""``narrator cast``: write the cast file."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from narrator.cast import hard_to_tell_apart, speech_lines
from narrator.castedit import proposed_voices
from narrator.castfile import CastFile, Part, without_voices
from narrator.castwrite import proposed_again, update_cast_file
from narrator.cli.cache import open_cache
from narrator.cli.casting import Casting
from narrator.cli.editing import CastEditor
from narrator.cli.options import cache_option, engine_option, series_option, warn_about
from narrator.cli.reviewing import Reader
from narrator.cli.source import Source, story_options
from narrator.cli.tables import cast_table, trait_table
from narrator.cli.voicing import Voicing, load_voicing
from narrator.errors import ConfigError
from narrator.model import Cast, Role, Script
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
@click.option(
    "--afresh",
    is_flag=True,
    help="Choose again for all whose voice you neither chose nor locked.",
)
@cache_option
def cast_command(
    source: Source,
    series_path: Path | None,
    engine_name: str | None,
    interactive: bool,
    afresh: bool,
    cache_path: Path | None,
) -> None:
    """Write STORY's cast file: a voice for everyone, for you to change.

    Run again, it adds who is new and keeps everything that you wrote. Who has a voice keeps it,
    also without a cast file: the cache remembers it. --afresh forgets that.

    \b
    Examples:
      narrator cast stories/the-tide-stayed-out.txt
      narrator cast stories/the-tide-stayed-out.txt --interactive
      narrator cast second-book.txt --cast-from first-book.cast.toml
      narrator cast stories/the-tide-stayed-out.txt --afresh
      narrator cast --example
    """
    if afresh and interactive:
        raise click.UsageError("--afresh and --interactive cannot go together")
    cast_file = source.cast_file(may_be_new=True)
    if interactive:
        reader = Reader(engine_name, source.story, series_path, cache_path)
        found = find_script(source.story, cast_file)
        editor = CastEditor(source.cast_path, found, reader.propose)
        warn_about(editor.script)
        Casting(editor, reader).run()
        return
    script = load_script(source.story, cast_file)
    warn_about(script)
    voicing, cache = load_voicing(engine_name), open_cache(cache_path)
    open_names = _open_to_choice(cast_file) if afresh else frozenset()
    wanted = without_voices(cast_file, open_names)
    if series_path is not None:
        wanted = voicing.inherit(script, wanted, load_cast_file(series_path, required=True))
    who = voicing.cast(script, wanted, story=source.story, cache=cache, afresh=afresh)
    is_new = _write(source.cast_path, cast_file, script, who, open_names)
    voicing.remember(who, script, wanted, story=source.story, cache=cache)
    for row in _shown(script, who, voicing):
        click.echo(row)
    click.echo(f"\n{source.cast_path}: {'written' if is_new else 'unchanged'}")


def _open_to_choice(cast_file: CastFile) -> frozenset[str | None]:
    """Who has a voice that was proposed and is not locked: names, None for the narrator."""
    if cast_file.document is None:
        return frozenset()
    parts = cast_file.characters
    proposed = proposed_voices(cast_file.document.text)
    return frozenset(
        name
        for name in proposed
        if not (cast_file.narrator if name is None else parts.get(name, Part())).lock
    )


def _write(
    path: Path, cast_file: CastFile, script: Script, who: Cast, chosen_again: frozenset[str | None]
) -> bool:
    """Bring the cast file up to date; whether anything was to be changed."""
    before = text = None
    if cast_file.document is not None:
        before = text = read_bytes(path, ConfigError).decode("utf-8-sig")
        roles: dict[str | None, Role] = {
            each.name: who.role_of(each.id)
            for each in script.characters
            if each.name in chosen_again
        }
        if None in chosen_again:
            roles[None] = who.narrator
        text = proposed_again(text, roles) if roles else text
    after = update_cast_file(
        text,
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
