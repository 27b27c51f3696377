"""Segments to pieces: the words of each run of text that someone may speak."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narrator.attribute.lexicon import words
from narrator.model import Book, Segment, SegmentKind

__all__ = ["ENDERS", "OPENERS", "POSSESSIVE", "Piece", "pieces_of", "tokenize"]

_TOKEN = re.compile(
    r"[^\W_]+(?:[’'\-](?!s\b)[^\W_]+)*"  # a word; a possessive's 's is a token of its own
    r"|[’']s\b"
    r"|-{2,}|\.{2,}"
    r"|[^\w\s*]"
)
_LONGEST_LABEL = 3
_SPEECH_KINDS = (SegmentKind.DIALOGUE, SegmentKind.THOUGHT)

ENDERS = frozenset({".", "!", "?", "…", "..", "...", "....", ":", ";"})
"""Marks after which a sentence or a clause of its own begins."""
OPENERS = frozenset({*'"“”„«»‘’‹›「『(', "'", "—", "–", "--", "---", "`", "-"})
"""Marks that may stand before the first word of a sentence."""
POSSESSIVE = frozenset({"'s", "’s", "s"})
"""The possessive ending; some texts have lost their apostrophes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The words of one segment."""

    index: int
    """Of the segment in the book."""
    segment: Segment
    words: list[str]
    """Words and marks as written."""
    lower: list[str]

    @property
    def is_speech(self) -> bool:
        """Somebody's words or thoughts, not narration."""
        return self.segment.kind in _SPEECH_KINDS

    @property
    def is_label(self) -> bool:
        """A name and a colon before somebody's words, as in a play."""
        *name, last = self.words or [""]
        return (
            last == ":"
            and 0 < len(name) <= _LONGEST_LABEL
            and not self.is_speech
            and all(word[0].isupper() for word in name)
            and words("not_names").isdisjoint(self.lower)
        )


def tokenize(text: str) -> list[str]:
    """Words and marks of `text`, in order; blanks, underscores and asterisks are dropped."""
    return _TOKEN.findall(text)


def pieces_of(book: Book, segments: Sequence[Segment]) -> Iterator[Piece]:
    """The narration, dialogue and thoughts of a book; headings and skips are left out."""
    # Equal words are one object: a long book has hundreds of thousands, and few different ones.
    known: dict[str, tuple[str, str]] = {}
    for index, segment in enumerate(segments):
        if segment.kind is SegmentKind.NARRATION or segment.kind in _SPEECH_KINDS:
            found = tokenize(segment.span.of(book.chapters[segment.chapter].text))
            forms = [known.get(word) or known.setdefault(word, _forms(word)) for word in found]
            yield Piece(
                index=index,
                segment=segment,
                words=[written for written, _ in forms],
                lower=[lower for _, lower in forms],
            )


def _forms(word: str) -> tuple[str, str]:
    lower = word.lower()
    lower = lower.replace("’", "'") if len(word) > 1 else lower
    return word, word if lower == word else lower
