"""``narrator cache``: what is kept between builds."""

from __future__ import annotations

import re
from pathlib import Path

import click
import platformdirs

from narrator.cli.options import cache_option
from narrator.cli.tables import columns, size
from narrator.store import Cache

_KINDS = {
    "clip": "sentences as they were spoken",
    "reel": "encoded stretches of about a minute",
    "sheet": "what is in the reels",
    "level": "how loud the voices are",
    "book": "which files are up to date",
    "pace": "how fast builds went",
    "script": "who says what in the stories",
    "timbre": "what voices sound like",
    "text": "how their sentences are read out",
    "finished": "which books were made",
    "casting": "who got which voice",
}

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def open_cache(path: Path | None) -> Cache:
    """The cache in the folder that the user gave, or in the usual one."""
    return Cache(root=path or Path(platformdirs.user_cache_dir("narrator", appauthor=False)))


@click.group("cache", invoke_without_command=True)
@cache_option
@click.pass_context
def cache_command(context: click.Context, cache_path: Path | None) -> None:
    """Show what is kept between builds, and how much room it takes.

    All of it can be made again from the stories, but for who got which voice: that is what keeps a
    story's cast the same, and is never pruned. A build that finds its sentences here does not speak
    them again.

    \b
    Examples:
      narrator cache
      narrator cache prune --max-size 2GB
    """
    context.obj = open_cache(cache_path)
    if context.invoked_subcommand is not None:
        return
    sizes = context.obj.sizes()
    click.echo(f"{context.obj.root}")
    rows = [
        (kind, f"{count:,}", size(taken), _KINDS.get(kind, ""))
        for kind, (count, taken) in sorted(sizes.items(), key=lambda item: -item[1][1])
    ]
    count, taken = (sum(column) for column in zip((0, 0), *sizes.values(), strict=True))
    for row in columns([*rows, ("in all", f"{count:,}", size(taken), "")]):
        click.echo(row)


class _Size(click.ParamType[int]):
    """``2GB``, ``500 MB``, ``0``: units of 1,000."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> int:
        match = _SIZE.fullmatch(str(value).strip())
        if match is None:
            self.fail(f"{value!r} is no size: give one like 2GB or 500MB", param, context)
        return round(float(match[1]) * _UNITS[match[2].lower()])


@cache_command.command("prune")
@click.option(
    "--max-size",
    "most_bytes",
    type=_Size(),
    required=True,
    metavar="SIZE",
    help="How much may stay: 2GB, 500MB, 0.",
)
@click.pass_obj
def prune_command(cache: Cache, most_bytes: int) -> None:
    """Remove what was not used for longest until the rest fits.

    It does no harm to builds that are running, and nobody is cast anew.

    \b
    Example:
      narrator cache prune --max-size 2GB
    """
    removed, freed = cache.prune(most_bytes, keep=("casting",))
    click.echo(f"{cache.root}: {removed:,} files removed, {size(freed)}")
