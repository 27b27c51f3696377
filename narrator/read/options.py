"""What a reader may be told: which parts are read, and how large a file may be.

Both are sections of the cast file: ``[reading]``, ``[limits]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from narrator.config import check_ranges, ranged
from narrator.errors import StoryError

MEGABYTE = 1024 * 1024
_LIMIT = ranged(1, 100_000_000)


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

    file_mb: int = field(default=512, metadata=_LIMIT)
    """Megabytes of the file."""
    text_mb: int = field(default=32, metadata=_LIMIT)
    """Megabytes of text in one document: a plain text file, or one file of an EPUB."""
    unpacked_mb: int = field(default=128, metadata=_LIMIT)
    """Megabytes of all that is unpacked from an archive."""
    archive_files: int = field(default=30_000, metadata=_LIMIT)
    """Files in an archive."""
    pack_ratio: int = field(default=200, metadata=_LIMIT)
    """Bytes unpacked for each packed one, of a file over 4 MB; prose packs to a third."""
    elements: int = field(default=500_000, metadata=_LIMIT)
    """Elements of markup."""
    pages: int = field(default=10_000, metadata=_LIMIT)
    """Pages of a PDF."""
    chapters: int = field(default=10_000, metadata=_LIMIT)
    """Chapters that have something to speak."""

    def __post_init__(self) -> None:
        check_ranges(self)

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
