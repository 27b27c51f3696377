"""How a line that is reviewed looks on the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

import click

from narrator.cli.tables import short
from narrator.model import Candidate, Script
from narrator.review import Item, Run, passage

_FAR = 240
"""Characters of its paragraph that are shown before a quote, and after it."""


def page_width() -> int:
    """Columns that a page of review takes."""
    return max(40, min(100, shutil.get_terminal_size().columns))


def option_row(number: int, option: Candidate, item: Item, width: int) -> str:
    """Somebody who may say the line, how likely, and why."""
    sure = "you said so" if option.confidence == 1.0 else option.reason
    chance = f"{option.confidence:4.0%}" if option.confidence else "    "
    row = short(f"  {number}  {short(option.name, 24):24} {chance}  {sure}", width)
    return click.style(row, bold=number == 1 and option.speaker == item.speaker)


def passage_rows(script: Script, item: Item, width: int) -> Iterator[str]:
    """The line among those around it, what is said in bold."""
    for paragraph in passage(script, item):
        has_quote = any(run.is_quote for run in paragraph)
        if has_quote:
            text = " ".join(_shortened(paragraph))
        else:
            text = textwrap.shorten(
                " ".join(run.text for run in paragraph), 3 * width, placeholder=" …"
            )
        rows = textwrap.wrap(text, width - 2, initial_indent="  ") or [""]
        inside = False
        for row in rows:
            styled, inside = _highlighted(row, inside)
            yield "  " + (styled if has_quote else click.style(row, dim=True))


def _shortened(paragraph: tuple[Run, ...]) -> Iterator[str]:
    """A quote's own paragraph, of which what is far from the quote is left out."""
    quotes = [k for k, run in enumerate(paragraph) if run.is_quote]
    before = " ".join(run.text for run in paragraph[: quotes[0]])
    if before:
        yield before if len(before) <= _FAR else f"… {before[-_FAR:].partition(' ')[2]}"
    for run in paragraph[quotes[0] : quotes[-1] + 1]:
        text = run.text
        if len(text) > 4 * _FAR:
            text = f"{text[: 3 * _FAR].rpartition(' ')[0]} … {text[-_FAR:].partition(' ')[2]}"
        yield f">>{text}<<" if run.is_quote else text
    after = " ".join(run.text for run in paragraph[quotes[-1] + 1 :])
    if after:
        yield textwrap.shorten(after, _FAR, placeholder=" …")


def _highlighted(row: str, inside: bool) -> tuple[str, bool]:
    """A row with what stands between >> and << in bold, which may go on from the row before."""
    found = ""
    while row:
        mark = "<<" if inside else ">>"
        head, hit, tail = row.partition(mark)
        if inside:
            found += click.style(head + hit, bold=True, fg="bright_yellow")
        else:
            found += head + click.style(hit, bold=True, fg="bright_yellow") if hit else head
        row, inside = tail, inside != bool(hit)
    return found, inside
