"""Quotation marks, dashes and reporting clauses of German, French and Spanish."""

from __future__ import annotations

import pytest

from narrator.model import SegmentKind
from narrator.read import read_book
from narrator.segment import segment
from tests.languages import TEXTS


def spoken(text: str) -> list[str]:
    book = read_book(text.encode(), name="a.txt")
    parts = segment(book)
    assert "".join(p.span.of(book.chapters[p.chapter].text) for p in parts) == text
    return [
        part.span.of(book.chapters[part.chapter].text).strip()
        for part in parts
        if part.kind is SegmentKind.DIALOGUE
    ]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("de", ["„Wo warst du?“", "„Im Garten“", "„bei den Bienen.“"]),
        ("fr", ["— Où étais-tu ?", "— Au jardin,", "avec les abeilles."]),
        (
            "es",
            ["—¿Dónde estabas?", "—En el jardín", "con las abejas. ¡Pero no me crees!", "«Miente»"],
        ),
    ],
)
def test_who_is_quoted_is_parted_from_who_tells(language: str, lines: list[str]) -> None:
    assert spoken(TEXTS[language]) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "»Wo warst du?«, fragte Anna. »Im ›Löwen‹«, sagte er, »bei Paul.«\n",
            ["»Wo warst du?«", "»Im ›Löwen‹«", "»bei Paul.«"],
        ),
        (
            "« Où étais-tu ? » demanda Anne. « Au jardin », dit-il, « avec Paul. »\n",
            ["« Où étais-tu ? »", "« Au jardin »", "« avec Paul. »"],
        ),
        (
            "«¿Dónde estabas?», preguntó Ana. «En casa», dijo él.\n",
            ["«¿Dónde estabas?»", "«En casa»"],
        ),
    ],
)
def test_guillemets_either_way(text: str, lines: list[str]) -> None:
    assert spoken(text) == lines
