"""What a reader may be told: which parts are read, and how large a file may be.

Both are sections of the cast file: ``[reading]``, ``[limits]``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from narrator.config import check_range
from narrator.errors import StoryError

MEGABYTE = 1024 * 1024


class Notes(StrEnum):
    """What becomes of footnotes and endnotes."""

    SKIP = "skip"
    IN_PLACE = "in-place"


class Choice(StrEnum):
    """Whether something is read."""

    READ = "read"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """``[reading]``: what is read of that which is not the story itself."""

    footnotes: Notes = Notes.SKIP
    """``in-place`` reads a footnote or endnote after the paragraph that refers to it."""
    pictures: Choice = Choice.SKIP
    """``read`` speaks the words that stand for a picture (its alternative text)."""
    tables: Choice = Choice.READ
    """``read`` speaks a table row by row."""
    markup: bool = False
    """Whether the author's own marks count, and are not spoken: ``{pause 2s}``, ``{speaker Anna}``,
    ``{say Thrupp throop}``, ``{sound door}`` (see ``[sounds]``)."""
    speak: tuple[str, ...] = ()
    """Parts to read that are skipped otherwise, by the reason that `narrator chapters` gives:
    ``["author's note", "summary"]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``[limits]``: what no book exceeds, so that a broken or hostile file costs little."""

    file_mb: int = 512
    """Megabytes of the file."""
    text_mb: int = 32
    """Megabytes of text in one document: a plain text file, or one file of an EPUB."""
    unpacked_mb: int = 128
    """Megabytes of all that is unpacked from an archive."""
    archive_files: int = 30_000
    """Files in an archive."""
    pack_ratio: int = 200
    """Bytes unpacked for each packed one, of a file over 4 MB; prose packs to a third."""
    elements: int = 500_000
    """Elements of markup."""
    pages: int = 10_000
    """Pages of a PDF."""
    chapters: int = 10_000
    """Chapters that have something to speak."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            check_range(field.name, getattr(self, field.name), 1, 100_000_000)

    def check(self, key: str, amount: int, *, name: str, noun: str) -> None:
        """Refuse a file that has more of something than a limit allows.

        Parameters
        ----------
        key
            The limit, a field of this class; those in ``_mb`` are compared in megabytes.
        amount
            What the file has: bytes where the limit is in megabytes.
        name, noun
            What to call the file, and what it has too much of.

        Raises
        ------
        StoryError
            Names the file, the amount and the key.
        """
        limit: int = getattr(self, key)
        if key.endswith("_mb"):
            if amount <= limit * MEGABYTE:
                return
            has = f"{-(-amount // MEGABYTE):,} MB of {noun}"
        else:
            if amount <= limit:
                return
            has = f"{amount:,} {noun}"
        raise StoryError(
            f"{name} has {has}, more than limits.{key} = {limit:,} allows: "
            "if it is a book all the same, raise that in the cast file"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """All that a reader is told beside the file."""

    reading: Reading = Reading()
    limits: Limits = Limits()


DEFAULT_OPTIONS = Options()
