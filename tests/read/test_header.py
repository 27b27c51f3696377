from __future__ import annotations

import pytest

from narrator.read.header import Header, language_tag, read_header
from narrator.read.layout import detect_layout, paragraphs_of, rows_of

_PROSE = "It rained on the mill, and the miller listened to the wheel, which did not stop.\n"


def _read(text: str, *, has_headings: bool = False) -> tuple[Header, str]:
    units = list(paragraphs_of(text, list(rows_of(text)), detect_layout(text)))
    limit = len(units)
    header, spoken = read_header(text, units, limit, has_headings=has_headings)
    return header, text[units[spoken].start :] if spoken < limit else ""


@pytest.mark.parametrize(
    "front",
    [
        "The Mill\n\nby A. Miller\n\n",
        "THE MILL\nby A. Miller\n\n",
        "THE MILL\n\n\nby\n\nA. Miller\n\n(1911)\n\n",
        "The Mill\n\nBy\nA. Miller\n\n",
        "Title: The Mill\nAuthor: A. Miller\n\n",
        "**Title:** The Mill\n\n**Author:** A. Miller\n\n",
        "_THE MILL_\n\n_BY A. MILLER_\n\n",
        "“The Mill”\n\nby A. Miller\n\n",
    ],
)
def test_title_and_author(front: str) -> None:
    header, rest = _read(front + _PROSE)
    assert (header.title, header.author) == ("The Mill", "A. Miller")
    assert rest == _PROSE


def test_the_lines_of_an_archive() -> None:
    text = (
        "Title: The Mill\nby miller\nRating: T\nSeries: Rivers, 2\nPublished: 2011-04-02\n"
        "Summary: It rains,\nand nobody comes.\n\n" + _PROSE
    )
    header, rest = _read(text)
    assert header.summary == "It rains, and nobody comes."
    assert header.series == "Rivers, 2"
    assert header.year == "2011"
    assert ("Rating", "T") in header.details
    assert [skip.reason for skip in header.skips] == [
        "header: title, by, rating, series, published, summary"
    ]
    assert rest == _PROSE


def test_a_summary_may_stand_below_its_key() -> None:
    header, rest = _read("The Mill\n\nSummary:\n\n  It rains.\n\n" + _PROSE)
    assert (header.summary, rest) == ("It rains.", _PROSE)


def test_credits_year_and_subtitle() -> None:
    text = "THE MILL\n\nA TALE\n\nby A. Miller\n\nTranslated by B. Weir\n\n(1911)\n\n" + _PROSE
    header, rest = _read(text, has_headings=True)
    assert header.year == "1911"
    assert header.details == [("Subtitle", "A Tale"), ("Translated by", "B. Weir")]
    assert rest == _PROSE


def test_an_epigraph_is_kept_to_be_spoken() -> None:
    text = "The Mill\n\nby A. Miller\n\n“It turns.”\n— A Miller\n\n" + _PROSE
    header, rest = _read(text)
    assert [span.of(text) for span in header.epigraphs] == ["“It turns.”\n— A Miller"]
    assert rest == _PROSE


@pytest.mark.parametrize(
    "text",
    [
        _PROSE,
        "“Hello,” said Ann.\n\n“Good day,” said Bob.\n",
        "He was late.\n\nNobody had waited.\n",
        "By noon it rained.\n\nNobody had waited.\n",
    ],
)
def test_a_story_without_a_header_keeps_every_line(text: str) -> None:
    header, rest = _read(text)
    assert (header.title, header.skips, rest) == (None, [], text)


def test_a_dedication_is_no_subtitle() -> None:
    _, rest = _read("THE MILL\n\nTo my mother\n\n" + _PROSE, has_headings=True)
    assert rest.startswith("To my mother")


def test_languages() -> None:
    assert language_tag("English") == "en"
    assert language_tag("French (Canada)") == "fr"
    assert language_tag("pt-BR") == "pt-BR"
    assert language_tag("Elvish") is None
    assert [language_tag(code) for code in ("eng", "en_US", "EN", "fre", "gsw")] == [
        "en", "en-US", "en", "fr", "gsw",
    ]  # fmt: skip
    assert [language_tag(code) for code in ("und", "mul", "", " ", "e")] == [None] * 5
