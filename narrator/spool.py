"""Values on disk rather than in memory, gone through in order as often as need be."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from narrator.errors import StoreError
from narrator.store import describe

T = TypeVar("T")

_BATCH = 256
"""Values that are in memory at once. What they share is stored once for each batch."""


class Spool(Collection[T]):
    """Values in a file of this program's own, which whoever named it removes.

    Parameters
    ----------
    path
        What `spool` wrote.
    count
        How many values it holds.
    """

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        try:
            with self._path.open("rb") as file:
                for _ in range(0, self._count, _BATCH):
                    yield from pickle.load(file)
        except OSError as exc:
            raise StoreError(describe(self._path, exc, "read")) from exc

    def __contains__(self, value: object) -> bool:
        return any(value == other for other in self)


def spool(values: Iterable[T], path: Path) -> Spool[T]:
    """Write `values` to a new file.

    Raises
    ------
    StoreError
        It cannot be written, or the disk is full.
    """
    remaining, count = iter(values), 0
    try:
        with path.open("wb") as file:
            while batch := tuple(islice(remaining, _BATCH)):
                pickle.dump(batch, file, protocol=pickle.HIGHEST_PROTOCOL)
                count += len(batch)
    except OSError as exc:
        raise StoreError(describe(path, exc, "write")) from exc
    return Spool(path, count)
