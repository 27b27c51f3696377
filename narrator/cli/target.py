"""Where a build writes: checked before a word is spoken."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from narrator.config import nearest
from narrator.errors import StoreError
from narrator.store import ensure_writable, is_folder, refuse_overwriting

OUTPUT = Path("output")


def target_of(
    story: Path, output: str | None, *, suffix: str, known: Sequence[str], ours: Iterable[Path]
) -> Path:
    """The file that a build of `story` writes.

    Parameters
    ----------
    output
        As the user gave it: a file, a folder (there already, or ending in a separator), or None.
    suffix
        Of a file that the user did not name, with its dot.
    known
        Suffixes that an audiobook can have.
    ours
        Files that must never be overwritten: the story, the cast file.

    Raises
    ------
    StoreError
        It is one of `ours`, does not look like an audiobook, is a device or the like, or its folder
        cannot be written.
    """
    if output is None:
        target = OUTPUT / f"{story.stem}{suffix}"
    elif output.endswith(("/", os.sep)) or is_folder(Path(output)):
        target = Path(output) / f"{story.stem}{suffix}"
    else:
        target = Path(output)
    if not output and output is not None:
        raise StoreError("the output has no name: give a file or a folder after -o")
    refuse_overwriting(target, ours, "this build")
    if target.suffix.lower() not in known:
        raise StoreError(
            f"{target}: an audiobook's name ends in {', '.join(known)}"
            f"{nearest(target.suffix, known)}; for a folder, end it with {os.sep!r}"
        )
    ensure_writable(target)
    return target


def ensure_spare(target: Path, *, suffixes: Sequence[str], ours: Iterable[Path] = ()) -> None:
    """Make sure that a file which a command writes beside a story costs the user nothing.

    Parameters
    ----------
    suffixes
        What its name may end in, with the dot; any for none.
    ours
        Files that must never be overwritten: the story, the cast file.

    Raises
    ------
    StoreError
        It is one of `ours`, or its name ends in something else.
    """
    refuse_overwriting(target, ours, "this")
    if suffixes and target.suffix.lower() not in suffixes:
        raise StoreError(
            f"{target}: the name of what is written here ends in {' or '.join(suffixes)}"
        )
