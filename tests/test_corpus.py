"""Every text of the evaluation corpus is read and segmented whole, where that corpus is at hand.

It lies beside the checkout, or where ``NARRATOR_CORPUS`` says; no text of it is in the repository.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from narrator.ledger import check_segments
from narrator.model import SegmentKind
from narrator.read import read_book
from narrator.read.decode import decode
from narrator.segment import segment

_CORPUS = Path(
    os.environ.get("NARRATOR_CORPUS", Path(__file__).parent.parent.parent / "shared" / "corpus")
)
_TEXTS = sorted(_CORPUS.glob("*/*/*.txt"))
_MIN_SPOKEN = 0.5
"""Of a text's characters; licences and contents are long."""


@pytest.mark.skipif(not _TEXTS, reason="the corpus is not beside this checkout")
@pytest.mark.parametrize("path", _TEXTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_character_of_a_novel_is_spoken_or_skipped(path: Path) -> None:
    data = path.read_bytes()
    book = read_book(data, name=path.name)
    assert "".join(chapter.text for chapter in book.chapters) == decode(data, name=path.name)
    segments = segment(book)
    check_segments(book, segments)
    spoken = sum(len(s.span) for s in segments if s.kind is not SegmentKind.SKIPPED)
    assert spoken > _MIN_SPOKEN * sum(len(chapter.text) for chapter in book.chapters)
