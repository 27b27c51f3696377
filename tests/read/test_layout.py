from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from narrator.read.layout import Layout, detect_layout, paragraphs_of, rows_of

_WRAPPED = (
    "The rain came down on the roofs of the town and on the hills behind\n"
    "the town, and nobody went out who had a door to stay behind.\n"
)


def _paragraphs(text: str, layout: Layout | None = None) -> list[str]:
    found = paragraphs_of(text, list(rows_of(text)), layout or detect_layout(text))
    return [text[p.start : p.end] for p in found]


def test_rows_leave_out_white_space_around_them() -> None:
    text = "\n  One. \n\n\r\n\tTwo.\rThree."
    rows = list(rows_of(text))
    assert [(text[r.start : r.end], r.indent, r.blanks) for r in rows] == [
        ("One.", 2, 1),
        ("Two.", 1, 2),
        ("Three.", 0, 0),
    ]


@given(st.text(alphabet="ab \n\r\t\f\u2028.", max_size=60))
def test_rows_hold_every_letter(text: str) -> None:
    held = "".join(text[r.start : r.end] for r in rows_of(text))
    assert "".join(held.split()) == "".join(text.split())


def test_a_part_of_a_text_can_be_cut_into_rows() -> None:
    text = "One.\nTwo.\nThree."
    assert [text[r.start : r.end] for r in rows_of(text, 2, 8)] == ["e.", "Two"]


def test_blank_rows_part_hard_wrapped_paragraphs() -> None:
    text = "\n".join([_WRAPPED] * 5)
    assert detect_layout(text).rows_are_paragraphs is False
    assert len(_paragraphs(text)) == 5


def test_rows_are_paragraphs_where_each_is_a_sentence() -> None:
    text = "“One.”\n“Two,” she said.\nThree went by.\n“Four!”\nThen there was a fifth.\n“Six?”\n"
    layout = detect_layout(text)
    assert layout.rows_are_paragraphs
    assert (layout.gap, layout.scene_gap) == (0, 1)
    assert len(_paragraphs(text)) == 6


def test_indents_part_paragraphs() -> None:
    indented = "    " + _WRAPPED
    text = indented * 6
    assert detect_layout(text).splits_indents
    assert len(_paragraphs(text)) == 6


def test_short_last_rows_part_paragraphs_without_blank_rows() -> None:
    paragraph = _WRAPPED + "Not even the cat.\n"
    text = paragraph * 6
    assert detect_layout(text).splits_short_rows
    assert len(_paragraphs(text)) == 6
    found = list(paragraphs_of(text, list(rows_of(text)), detect_layout(text)))
    assert [p.is_soft for p in found] == [False] + [True] * 5


def test_gap_is_the_texts_own() -> None:
    assert detect_layout("One.\n\nTwo.\n\nThree.\n").gap == 1
    assert detect_layout("One.\n\n\nTwo.\n\n\nThree.\n").gap == 2
    assert detect_layout("").gap == 1
