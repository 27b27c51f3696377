"""Every text of the evaluation corpus is read and segmented whole, where that corpus is at hand.

It lies beside the checkout, or where ``NARRATOR_CORPUS`` says; no text of it is in the repository.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from narrator.attribute.untold import read_by_narrator
from narrator.config import PauseConfig
from narrator.direct import direct
from narrator.ledger import check_segments, settle
from narrator.model import NARRATOR, Book, Cast, Role, Segment, SegmentKind
from narrator.normalise import Spoken
from narrator.read import read_book
from narrator.read.decode import decode
from narrator.segment import segment
from tests.values import voice

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
    _settle(book, segments)


def _settle(book: Book, segments: Sequence[Segment]) -> None:
    """Every character goes into the sums of a build, whatever its sentences become."""
    script = read_by_narrator(book, segments)
    who = Cast(narrator=Role(character=NARRATOR, voice=voice("Nora")), roles=())
    takes = tuple(direct(script, who, PauseConfig(), lambda source, line: Spoken(text=source)))
    ledger = settle(script, takes)
    skipped = sum(count for _, count in ledger.skipped)
    assert ledger.narrator + ledger.characters + skipped == ledger.source
