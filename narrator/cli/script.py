"""``narrator script``: who says what."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Iterator

import click

from narrator.cast import SPEECH, speech_lines
from narrator.cli.options import warn_about
from narrator.cli.source import Source, story_options
from narrator.cli.tables import count_words, short
from narrator.model import NARRATOR, Line, Script, SegmentKind
from narrator.story import load_script

_COLOURS = (
    "bright_cyan", "bright_yellow", "bright_magenta", "bright_green", "bright_blue", "bright_red",
    "cyan", "yellow", "magenta", "green", "blue", "red",
)  # fmt: skip
_NAME_WIDTH = 18
_DOUBTFUL = 0.5


@click.command("script")
@story_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines for programs.")
@click.option("--reasons", is_flag=True, help="Say why each line is given to its speaker.")
def script_command(source: Source, as_json: bool, reasons: bool) -> None:
    """Show who says what in STORY.

    A name with a ? after it is more likely wrong than right.

    \b
    Examples:
      narrator script stories/the-tide-stayed-out.txt
      narrator script stories/the-tide-stayed-out.txt --json | head
    """
    script = load_script(source.story, source.cast_file())
    for row in _json_rows(script) if as_json else _rows(script, reasons=reasons):
        click.echo(row)
    warn_about(script)


def _json_rows(script: Script) -> Iterator[str]:
    book = script.book
    yield _dump(
        type="book", title=book.title, author=book.author, language=book.language,
        year=book.year, summary=book.summary, series=book.series, details=dict(book.details),
        chapters=[{"title": c.title, "start": c.start} for c in book.chapters],
    )  # fmt: skip
    count = speech_lines(script)
    for character in script.characters:
        yield _dump(
            type="character", name=character.name, aliases=list(character.aliases),
            gender=character.gender.value, age=character.age.value, lines=count[character.id],
            is_narrator=character.is_narrator, is_group=character.is_group,
        )  # fmt: skip
    names = _names(script)
    for line in script.lines:
        segment = line.segment
        start = book.chapters[segment.chapter].start
        reason = segment.skip_reason if segment.kind is SegmentKind.SKIPPED else line.reason
        yield _dump(
            type="segment", chapter=segment.chapter, start=start + segment.span.start,
            end=start + segment.span.end, kind=segment.kind.value,
            speaker=None if line.speaker is None else names[line.speaker],
            confidence=round(line.confidence, 4), reason=reason,
        )  # fmt: skip


def _dump(**row: object) -> str:
    # ASCII, so that any pipe and any console passes it on unchanged.
    return json.dumps(row)


def _names(script: Script) -> dict[str, str]:
    return {NARRATOR: NARRATOR, **{c.id: c.name for c in script.characters}}


def _rows(script: Script, *, reasons: bool) -> Iterator[str]:
    width = max(40, min(100, shutil.get_terminal_size().columns))
    names = _names(script)
    colour = {c.id: _COLOURS[i % len(_COLOURS)] for i, c in enumerate(script.characters)}
    book = script.book
    yield click.style(book.title, bold=True) + (f" by {book.author}" if book.author else "")
    for line in script.lines:
        segment = line.segment
        text = " ".join(script.words_of(segment).split())
        if segment.kind is SegmentKind.SKIPPED:
            continue
        if segment.kind is SegmentKind.HEADING:
            yield "\n" + click.style(text, bold=True) + "\n"
        elif segment.kind is SegmentKind.SCENE_BREAK:
            yield "\n" + " " * (_NAME_WIDTH + 1) + "* * *\n"
        else:
            yield _spoken_row(line, text, names, colour, width)
            if reasons and line.speaker != NARRATOR:
                yield click.style(_wrap(f"[{line.confidence:.0%}: {line.reason}]", width), dim=True)
    yield ""
    yield from _cast_rows(script, colour)


def _spoken_row(
    line: Line, text: str, names: dict[str, str], colour: dict[str, str], width: int
) -> str:
    body = _wrap(text, width)
    if line.speaker == NARRATOR:
        return click.style(body, dim=True)
    name = "(unknown)" if line.speaker is None else names[line.speaker]
    if line.confidence < _DOUBTFUL and line.speaker is not None:
        name = f"{short(name, _NAME_WIDTH - 1)}?"
    label = f"{short(name, _NAME_WIDTH):>{_NAME_WIDTH}}"
    shade = colour.get(line.speaker or "", "white")
    return click.style(label, fg=shade, bold=True) + click.style(body[_NAME_WIDTH:], fg=shade)


def _wrap(text: str, width: int) -> str:
    indent = " " * (_NAME_WIDTH + 1)
    return textwrap.fill(text, width=width, initial_indent=indent, subsequent_indent=indent)


def _cast_rows(script: Script, colour: dict[str, str]) -> Iterator[str]:
    count = speech_lines(script)
    speech = [line for line in script.lines if line.segment.kind in SPEECH]
    for character in script.characters:
        name = click.style(
            f"{short(character.name, _NAME_WIDTH):>{_NAME_WIDTH}}", fg=colour[character.id]
        )
        lines = count[character.id]
        yield f"{name} {count_words(lines, 'line')}, {character.gender.value}"
    if speech:
        wrong = round(sum(1 - line.confidence for line in speech))
        doubt = f", of which about {wrong} may be wrong" if wrong else ""
        yield f"\n{count_words(len(speech), 'line')} of speech{doubt}."
