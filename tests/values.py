"""Small books, scripts and voices, built by hand."""

from __future__ import annotations

from collections.abc import Sequence

from narrator.model import (
    NARRATOR,
    Age,
    Book,
    Chapter,
    Character,
    Gender,
    Line,
    Script,
    Segment,
    SegmentKind,
    Span,
    Voice,
)

Piece = tuple[SegmentKind, str | None, str]


def script_of(
    *chapters: Sequence[Piece], characters: Sequence[Character] = (), title: str = "A Story"
) -> Script:
    """A script whose chapters are given as (kind, speaker, text); a blank line ends a paragraph."""
    book_chapters: list[Chapter] = []
    lines: list[Line] = []
    start = 0
    for index, pieces in enumerate(chapters):
        position = paragraph = 0
        for kind, speaker, text in pieces:
            segment = Segment(
                chapter=index,
                span=Span(position, position + len(text)),
                kind=kind,
                paragraph=paragraph,
                skip_reason="header" if kind is SegmentKind.SKIPPED else None,
            )
            lines.append(Line(segment=segment, speaker=speaker, confidence=0.9, reason="by hand"))
            position += len(text)
            paragraph += text.endswith("\n\n")
        text = "".join(text for _, _, text in pieces)
        book_chapters.append(
            Chapter(index=index, title=f"Chapter {index + 1}", text=text, start=start)
        )
        start += len(text)
    book = Book(title=title, author="N. N.", chapters=tuple(book_chapters))
    return Script(book=book, characters=tuple(characters), lines=tuple(lines))


def said(speaker: str | None, text: str) -> Piece:
    """A line of dialogue."""
    return SegmentKind.DIALOGUE, speaker, text


def told(text: str) -> Piece:
    """Narration."""
    return SegmentKind.NARRATION, NARRATOR, text


def headed(text: str) -> Piece:
    """A heading."""
    return SegmentKind.HEADING, NARRATOR, text


def character(
    name: str,
    gender: Gender = Gender.UNKNOWN,
    *,
    age: Age = Age.ADULT,
    aliases: tuple[str, ...] = (),
    is_narrator: bool = False,
) -> Character:
    """A character whose id is the name in lower case."""
    return Character(
        id=name.lower(), name=name, gender=gender, age=age, aliases=aliases, is_narrator=is_narrator
    )


def voice(
    name: str,
    gender: Gender = Gender.FEMALE,
    *,
    age: Age = Age.ADULT,
    rank: int = 50,
    narrates: bool = False,
) -> Voice:
    """A voice of no engine in particular."""
    return Voice(name=name, engine="tone", gender=gender, age=age, rank=rank, narrates=narrates)
