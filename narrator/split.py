"""A book in several files: one for each chapter, and a playlist."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from narrator.errors import StoreError
from narrator.model import Cue, Mark, Timeline
from narrator.orders import ReelSheet
from narrator.store import read_bytes

_FORBIDDEN = frozenset('<>:"/\\|?*')
"""In the names of files, on one system or another."""
_MOST_BYTES = 120
"""Of a name, before the suffix: systems take 255, or 143 where they encrypt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One file of a book that is in several."""

    title: str
    reels: range
    """Which of the book's reels are in it."""
    timeline: Timeline
    """Of this file alone; its cues have the book's takes."""


def split_chapters(
    titles: Mapping[int, str],
    sheets: Sequence[ReelSheet],
    *,
    sample_rate_hz: int,
    join_frames: int,
) -> tuple[Volume, ...]:
    """Lay out each chapter by itself. A reel never holds takes of two.

    Parameters
    ----------
    titles
        Of the chapters, by the index of the take that each begins with.
    sheets
        Of all reels, in order; together they hold all takes.
    join_frames
        See `narrator.encode.base.Encoder`.
    """
    firsts = [0, *itertools.accumulate(len(sheet.cues) for sheet in sheets)][:-1]
    begins = [reel for reel, take in enumerate(firsts) if reel == 0 or take in titles]
    volumes = []
    for begin, end in itertools.pairwise((*begins, len(sheets))):
        reels = range(begin, end)
        title = titles.get(firsts[begin], "")
        cues, frames = _cues(sheets[begin:end], firsts[begin])
        timeline = Timeline(
            sample_rate_hz=sample_rate_hz,
            frames=frames - join_frames,
            cues=cues,
            marks=(Mark(title=title, start=0),) if title else (),
        )
        volumes.append(Volume(title=title, reels=reels, timeline=timeline))
    return tuple(volumes)


def _cues(sheets: Sequence[ReelSheet], first_take: int) -> tuple[tuple[Cue, ...], int]:
    cues: list[Cue] = []
    at = 0
    for sheet in sheets:
        for start, end in sheet.cues:
            cues.append(Cue(take=first_take + len(cues), start=at + start, end=at + end))
        at += sheet.frames
    return tuple(cues), at


def file_names(titles: Sequence[str], suffix: str) -> tuple[str, ...]:
    """``01 - Title.mp3`` and so on: names that every system takes, whatever the titles say."""
    width = max(2, len(str(len(titles))))
    return tuple(
        f"{number:0{width}} - {_safe(title)}{suffix}" for number, title in enumerate(titles, 1)
    )


def _safe(title: str) -> str:
    kept = (
        " " if letter in _FORBIDDEN or unicodedata.category(letter)[0] in "CZ" else letter
        for letter in unicodedata.normalize("NFC", title)
    )
    # Windows drops dots and spaces at the end, and a dot at the beginning hides nothing here.
    words = "".join(kept).split()
    name = " ".join(words).encode("utf-8")[:_MOST_BYTES].decode("utf-8", "ignore")
    return name.strip(" .") or "Chapter"


def playlist(names: Sequence[str], volumes: Sequence[Volume]) -> str:
    """The text of an M3U8 playlist of the files, which lie beside it."""
    rows = ["#EXTM3U"]
    for name, volume in zip(names, volumes, strict=True):
        seconds = round(volume.timeline.frames / volume.timeline.sample_rate_hz)
        rows.append(f"#EXTINF:{seconds},{' '.join(volume.title.split()) or Path(name).stem}")
        rows.append(name)
    return "\n".join((*rows, ""))


def refuse_shared_folder(target: Path, names: Iterable[str]) -> None:
    """Make sure that no file of this book is one of another book's.

    Parameters
    ----------
    target
        The book's playlist.
    names
        Of its files, which lie beside it.

    Raises
    ------
    StoreError
        The playlist of another book lists one of them.
    """
    wanted = set(names)
    for other in sorted(target.parent.glob(f"*{target.suffix}")):
        shared = wanted.intersection(_listed(other)) if other.name != target.name else ()
        if shared:
            raise StoreError(
                f"{target.with_name(min(shared))}: belongs to {other.name}; give each book a "
                "folder of its own"
            )


def left_behind(target: Path, names: Iterable[str]) -> tuple[Path, ...]:
    """Files beside a playlist that it listed and that are none of `names`: of an earlier build."""
    gone = set(_listed(target)) - set(names)
    return tuple(path for name in sorted(gone) if (path := target.with_name(name)).is_file())


def _listed(path: Path) -> tuple[str, ...]:
    """The files that a playlist lists and that lie beside it."""
    try:
        rows = read_bytes(path).decode("utf-8", "replace").splitlines()
    except StoreError:
        return ()
    return tuple(row for row in rows if row and row[0] != "#" and row == Path(row).name)
