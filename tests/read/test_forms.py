"""`narrator.read.forms`: verse, letters, mottoes and block quotes, by markup and by their words."""

from __future__ import annotations

import pytest

from narrator.model import Form
from narrator.segment import segment
from tests.read.builders import epub, fb2, xhtml
from tests.read.values import read

_PROSE = (
    "It rained on the mill and on the miller, and nobody came to the door that day, for\n"
    "there was nothing to be had there but flour, and of flour they all had enough.\n"
)
_VERSE = "    The wheel goes round,\n    And round it goes\n    All day, all night."
_LETTER = (
    "“My dear Tom,—\n\n“The wheel has stopped. I could not stay to see it.\n\n“I went by the road."
    "\n\n“Your affectionate friend,\n\n“Hannah Weir.”"
)


def _forms(data: bytes, name: str) -> list[tuple[str, str]]:
    book = read(data, name)
    return [
        (f.form.value, " ".join(f.span.of(c.text).split())) for c in book.chapters for f in c.forms
    ]


def test_verse_and_a_letter_in_plain_text() -> None:
    text = f"{_PROSE}\n{_VERSE}\n\n{_PROSE}\n{_LETTER}\n\n{_PROSE}"
    assert _forms(text.encode(), "a.txt") == [
        ("verse", " ".join(_VERSE.split())),
        ("letter", " ".join(_LETTER.split())),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“My dear Tom,” said Hannah, “come in.”\n\nHe came. He was yours truly, she thought.\n",
        "“My dear Tom,\n\n“come in,” she said.\n\nHe came in.\n",
        f"{_PROSE}\n    (set in, but\n    not verse at all, and\n    it ends here)\n",
        "One. Two.\n\nThree.\n",
    ],
)
def test_what_is_neither(text: str) -> None:
    assert _forms(text.encode(), "a.txt") == []


def test_what_markup_calls_them() -> None:
    body = (
        "<div epub:type='z3998:verse'><p>It turned</p><p>and turned</p></div>"
        "<div class='letter'><p>Come soon.</p></div><div class='epigraph'><p>So.</p></div>"
        "<blockquote><p>NO ENTRY</p></blockquote>"
        "<blockquote><p>Dear Tom,</p><p>Come.</p><p>Yours truly, Ann</p></blockquote><p>He did.</p>"
    )
    assert _forms(epub({"a.xhtml": xhtml(body)}), "a.epub") == [
        ("verse", "It turned and turned"),
        ("letter", "Come soon."),
        ("epigraph", "So."),
        ("quote", "NO ENTRY"),
        ("letter", "Dear Tom, Come. Yours truly, Ann"),
    ]


def test_a_fictionbook_has_poems_citations_and_epigraphs() -> None:
    body = (
        "<body><section><epigraph><p>So.</p></epigraph><p>It rained.</p><poem><stanza><v>a</v>"
        "<v>b</v></stanza></poem><cite><p>NO ENTRY</p></cite><p>He left.</p></section></body>"
    )
    assert _forms(fb2(body), "a.fb2") == [
        ("epigraph", "So."),
        ("verse", "a b"),
        ("quote", "NO ENTRY"),
    ]


def test_segments_know_the_form_of_their_passage() -> None:
    book = read(f"{_PROSE}\n{_VERSE}\n\n{_LETTER}\n".encode(), "a.txt")
    forms = [s.form for s in segment(book)]
    assert forms[:2] == [None, Form.VERSE]
    assert set(forms[2:]) == {Form.LETTER}
