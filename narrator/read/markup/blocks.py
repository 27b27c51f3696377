"""The blocks of a marked-up text: paragraphs, headings, breaks, and what is not spoken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from narrator.model import Form
from narrator.read.outline import CHAPTER, PART, SECTION

__all__ = ["CHAPTER", "PART", "SCENE_BREAK", "SECTION", "Block", "BlockKind"]

SCENE_BREAK = "* * *"
"""How a break that the markup makes without words is written in the text."""


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    EPIGRAPH = "epigraph"
    BREAK = "break"
    """A scene break made by the markup; its text is `SCENE_BREAK`."""
    BLANK = "blank"
    """An empty paragraph: space between two scenes, or between any two paragraphs."""
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of text, in the order of the file."""

    kind: BlockKind
    text: str = ""
    """Rows parted by ``\\n``; never a blank one."""
    level: int = 0
    """Of a heading as marked up: 1 for ``h1`` to 6 for ``h6``; 0 where text alone showed it."""
    rank: int | None = None
    """Of a heading, once it is known: `PART`, `CHAPTER` or `SECTION`."""
    reason: str = ""
    """Why a block is skipped; set exactly where `kind` is SKIP."""
    floats: bool = False
    """A skip from between the lines of the story, to be moved to the end of its chapter."""
    anchors: tuple[str, ...] = ()
    """Names by which links find this place: ids, each after its file and ``#``."""
    form: Form | None = None
    """What its passage is, as the markup has it."""
    target: str = ""
    """Of a note's reference: the name of the place that it leads to."""
    note_names: tuple[str, ...] = ()
    """Of a note that is skipped: names by which references find it."""

    @property
    def is_spoken(self) -> bool:
        """Whether it has words that a listener will hear."""
        spoken = self.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.EPIGRAPH)
        return spoken and any(map(str.isalnum, self.text))
