from __future__ import annotations

from narrator.read.gutenberg import note_reason, opening_row, unwrap
from narrator.read.layout import Layout, Paragraph, paragraphs_of, rows_of

_BODY = "\n\nThe Mill\n\nIt rained.\n\n"
_TEXT = (
    "The Project Gutenberg eBook of The Mill\n\nTitle: The Mill\nAuthor: A. Miller\n\n"
    "*** START OF THE PROJECT GUTENBERG EBOOK THE MILL ***"
    + _BODY
    + "*** END OF THE PROJECT GUTENBERG EBOOK THE MILL ***\n\nLicence.\n"
)


def _unit(text: str) -> Paragraph:
    return next(paragraphs_of(text, list(rows_of(text)), Layout()))


def test_the_book_is_unwrapped() -> None:
    wrapping = unwrap(_TEXT)
    assert wrapping.body.of(_TEXT) == _BODY
    assert wrapping.fields == (("title", "The Mill"), ("author", "A. Miller"))
    assert [skip.reason for skip in wrapping.skips] == ["Project Gutenberg licence"] * 2
    assert wrapping.skips[1].span.of(_TEXT).endswith("Licence.")


def test_a_text_without_a_licence_is_the_book() -> None:
    wrapping = unwrap(_BODY)
    assert (wrapping.body.of(_BODY), wrapping.skips) == (_BODY, ())


def test_an_old_footer_ends_the_book() -> None:
    text = "It rained.\n\nEnd of the Project Gutenberg EBook of The Mill\n\nLicence."
    assert unwrap(text).body.of(text) == "It rained.\n\n"


def test_opening_row() -> None:
    text = "The Project Gutenberg EBook of The Mill, by A. Miller"
    assert opening_row(text, _unit(text)) == ("The Mill", "A. Miller")
    assert opening_row("The Mill", _unit("The Mill")) is None


def test_notes_are_no_part_of_the_story() -> None:
    for text, reason in (
        ("[Illustration: The mill.]", "illustration"),
        ("[Transcriber's Note: spelling kept.]", "transcriber's note"),
        ("Produced by A. Miller", "transcriber's credit"),
        ("It rained.", None),
    ):
        assert note_reason(text, _unit(text)) == reason
