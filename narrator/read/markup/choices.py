"""What is read of that which stands beside the story's own words, as the user chose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from narrator.read.markup.blocks import Block, BlockKind
from narrator.read.options import Choice, Notes, Reading

_NUMBER = re.compile(r"[\[({]?\s*(?:\d{1,4}|[*†‡§]{1,3}|[a-z](?=[\])}.:]))\s*[\])}.:]*\s+(?=\S)")
"""What a note begins with."""
_BACK = re.compile(r"\s*[↩↑↵⤴^\ufe0e\ufe0f\u200d]+$")
"""What a note ends with: the link to where it is referred to."""


def as_chosen(blocks: Sequence[Block], reading: Reading) -> list[Block]:
    """Blocks with the words for pictures, and notes, made paragraphs where they are to be read.

    A note is read after the paragraph that refers to it first; one that nothing in the story refers
    to stays skipped.
    """
    found = list(blocks)
    if reading.pictures is Choice.READ:
        found = [_read(b) if _is(b, "picture") else b for b in found]
    return _with_notes_in_place(found) if reading.footnotes is Notes.IN_PLACE else found


def _is(block: Block, reason: str) -> bool:
    return block.kind is BlockKind.SKIP and block.reason == reason


def _read(block: Block) -> Block:
    return replace(block, kind=BlockKind.PARAGRAPH, reason="", floats=False)


def _with_notes_in_place(blocks: Sequence[Block]) -> list[Block]:
    notes: dict[str, list[int]] = {}
    for index, block in enumerate(blocks):
        for name in block.note_names:
            notes.setdefault(name, []).append(index)
    placed: set[int] = set()
    after: dict[int, list[int]] = {}
    is_told = False
    for index, block in enumerate(blocks):
        if not (block.kind is BlockKind.SKIP and block.floats):
            is_told = block.is_spoken
        for note in notes.get(block.target, ()) if is_told and block.target else ():
            if note not in placed:
                placed.add(note)
                after.setdefault(index, []).append(note)
    found: list[Block] = []
    for index, block in enumerate(blocks):
        if index not in placed:
            found.append(block)
        for note in after.get(index, ()):
            found += _note_blocks(blocks[note])
    return found


def _note_blocks(note: Block) -> Iterator[Block]:
    """A note that is read: its number and the link back apart."""
    number, back = _NUMBER.match(note.text), _BACK.search(note.text)
    start = number.end() if number is not None else 0
    end = back.start() if back is not None and back.start() > start else len(note.text)
    yield replace(_read(note), text=note.text[start:end], anchors=())
    rest = f"{note.text[:start]}{note.text[end:]}".strip()
    if rest:
        yield Block(kind=BlockKind.SKIP, text=rest, reason="note reference", floats=True)
