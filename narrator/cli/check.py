"""``narrator check``: would a player choke on this file?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrator.errors import CheckError

if TYPE_CHECKING:
    pass


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_command(file: Path) -> None:
    """Decode the audiobook FILE and say what is in it.

    Fails where a player would stumble: sound that breaks off, chapters out of order, no title.

    \b
    Example:
      narrator check output/the-tide-stayed-out.m4b
    """
    from narrator.check import faults, inspect

    report = inspect(file)
    for row in _rows(report):
        click.echo(row)
    found = faults(report)
    for fault in found:
        click.echo(f"fault: {fault}", err=True)
    if found:
        raise CheckError(f"{file}: {len(found)} fault{'s' * (len(found) != 1)}")
