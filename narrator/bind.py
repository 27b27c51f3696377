"""Reels -> the book's file, or one for each chapter; those that hold just that are left alone."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from narrator.encode import EncodeConfig, Encoder, Tags
from narrator.errors import StoreError
from narrator.model import Timeline
from narrator.orders import ReelOrder, ReelSheet
from narrator.split import (
    file_names,
    left_behind,
    playlist,
    refuse_shared_folder,
    split_chapters,
)
from narrator.store import digest_file, refuse_overwriting, replacing, write_text
from narrator.walk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The file that is wanted, or the files."""

    target: Path
    """Where the book is to be split, its playlist."""
    tags: Tags
    titles: Mapping[int, str]
    """Of the chapters, by the index of the take that each begins with."""
    encoder: Encoder
    config: EncodeConfig
    split: bool = False
    """One file for each chapter, and a playlist."""
    inputs: tuple[Path, ...] = ()
    """What the book is made from, and must not be written over."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the chapters' files, which lie beside their playlist."""
        titles = self.titles if 0 in self.titles else {0: "", **self.titles}
        words = [title or self.tags.title for title in titles.values()]
        return file_names(words, self.encoder.suffix)

    def refuse_what_is_others(self) -> None:
        """Make sure that no file of this book is one of another book's, or one it is made from.

        Raises
        ------
        StoreError
            The playlist of another book lists one of them, or it is one of `inputs`.
        """
        if self.split:
            refuse_shared_folder(self.target, self.names)
        for file in map(self.target.with_name, self.names) if self.split else (self.target,):
            refuse_overwriting(file, self.inputs, "this build")

    def look(self) -> Callable[[], bytes | None]:
        """Begin to describe the file that is there, and give what waits for it.

        A book is read in a fraction of the time that it takes to see whether anything in it is to
        be made anew. Of a book that is split nothing is read: its files are described one by one.
        """
        if self.split:
            return lambda: None
        pool = ThreadPoolExecutor(max_workers=1)
        found = pool.submit(_describe, self.target)
        pool.shutdown(wait=False)
        return found.result


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What a book's files are made from."""

    sheets: Sequence[ReelSheet]
    """Of all reels, in order."""
    orders: Callable[[], Iterator[ReelOrder]]
    """Gives the orders of the reels, from the first."""
    desk: Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the files."""

    changed: bool
    """False where all were there already, byte for byte, and were left alone."""
    files: tuple[Path, ...]
    """All that hold sound."""
    left_behind: tuple[Path, ...] = ()
    """Chapters' files of an earlier build that are no part of the book any more."""


def write_book(
    goal: Goal, stock: Stock, timeline: Timeline, found: Callable[[], bytes | None]
) -> Written:
    """Join the reels into the book's file or files; each appears whole or not at all.

    Parameters
    ----------
    found
        What `Goal.look` gave.

    Raises
    ------
    EngineError
        A reel was damaged meanwhile, and cannot be made again.
    StoreError
        A file cannot be written.
    """
    target = goal.target
    if not goal.split:
        changed = _write(target, goal, stock, timeline, goal.tags, found)
        return Written(changed=changed, files=(target,))
    old = left_behind(target, goal.names)
    changed = _write_split(goal, stock, timeline)
    files = tuple(map(target.with_name, goal.names))
    return Written(changed=changed, files=files, left_behind=old)


def _write(
    target: Path,
    goal: Goal,
    stock: Stock,
    timeline: Timeline,
    tags: Tags,
    found: Callable[[], bytes | None],
    part: slice = slice(None),
) -> bool:
    """Join a part of the reels into `target`, unless it holds just that. Whether it was written.

    `found` describes the file that is there.
    """
    sheets, cache = stock.sheets[part], stock.desk.shop.cache
    key = _key_of(sheets, goal, timeline, tags)
    known = cache.get("book", key)
    if known is not None and found() == known:
        return False
    with replacing(target) as temporary:
        goal.encoder.join(
            stock.desk.recall(sheets, islice(stock.orders(), part.start, part.stop)),
            temporary,
            timeline=timeline,
            tags=tags,
            config=goal.config,
        )
        written = _describe(temporary)
    if written is not None:
        with contextlib.suppress(StoreError):  # the book is there; the next build looks closer
            cache.put("book", key, written)
    return True


def _write_split(goal: Goal, stock: Stock, timeline: Timeline) -> bool:
    """Write a file for each chapter, and the playlist last. Whether any was written."""
    volumes = split_chapters(
        goal.titles,
        stock.sheets,
        sample_rate_hz=timeline.sample_rate_hz,
        join_frames=goal.encoder.join_frames,
    )
    changed, tags = False, goal.tags
    for number, (name, volume) in enumerate(zip(goal.names, volumes, strict=True), 1):
        file = goal.target.with_name(name)
        changed |= _write(
            file,
            goal,
            stock,
            volume.timeline,
            replace(
                tags,
                title=volume.title or tags.title,
                album=tags.album or tags.title,
                track=(number, len(volumes)),
            ),
            functools.partial(_describe, file),
            slice(volume.reels.start, volume.reels.stop),
        )
    write_text(goal.target, playlist(goal.names, volumes))
    return changed


def _key_of(sheets: Sequence[ReelSheet], goal: Goal, timeline: Timeline, tags: Tags) -> str:
    """A hash of everything that decides the bytes of the file."""
    encoder = goal.encoder
    digest = hashlib.sha256()
    for value in (encoder.name, encoder.version, timeline.sample_rate_hz, timeline.marks, tags):
        digest.update(repr(value).encode("utf-8", "surrogatepass"))
    digest.update(repr(goal.config).encode())
    for sheet in sheets:
        digest.update(sheet.key.encode())
    return digest.hexdigest()


def _describe(path: Path) -> bytes | None:
    """Size and digest of a file; None where there is none."""
    found = digest_file(path)
    return None if found is None else json.dumps(found).encode()
