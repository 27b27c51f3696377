from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from narrator.model import Book, Chapter, Segment, SegmentKind, Skip, Span
from narrator.segment import segment
from tests.segment.parts import book_of, cut, show

_MARKS = st.text(alphabet="\"'“”‘’«»„「」—–-_*`.,!? \n\r\taAi8", max_size=120)
_WORDS = st.lists(
    st.sampled_from(
        [
            "“Go,” ",
            "he said. ",
            "\n\n",
            "\n",
            "\r\n",
            "‘",
            "’tis ",
            "— Yes, — said he. ",
            "* * *",
            '"',
        ]
    ),
    max_size=25,
).map("".join)


def _check_tiling(book: Book, segments: tuple[Segment, ...]) -> None:
    for chapter in book.chapters:
        pieces = [piece for piece in segments if piece.chapter == chapter.index]
        at = 0
        for piece in pieces:
            assert piece.span.start == at
            assert piece.span.end > at
            at = piece.span.end
        assert at == len(chapter.text)
        assert [p.paragraph for p in pieces] == sorted(p.paragraph for p in pieces)


@given(st.one_of(st.text(max_size=200), _MARKS, _WORDS))
def test_segments_tile_any_text(text: str) -> None:
    book = book_of(text)
    segments = segment(book)
    _check_tiling(book, segments)
    for piece in segments:
        is_silent = piece.kind in (SegmentKind.SKIPPED, SegmentKind.SCENE_BREAK)
        words = piece.span.of(text)
        assert is_silent or any(char.isalnum() for char in words)
        assert (piece.skip_reason is not None) == (piece.kind is SegmentKind.SKIPPED)


@given(st.lists(st.one_of(_MARKS, _WORDS), min_size=1, max_size=4))
def test_segments_tile_every_chapter(texts: list[str]) -> None:
    starts = [sum(map(len, texts[:i])) for i in range(len(texts))]
    book = Book(
        title="T",
        chapters=tuple(
            Chapter(index=i, title="", text=text, start=start)
            for i, (text, start) in enumerate(zip(texts, starts, strict=True))
        ),
    )
    _check_tiling(book, segment(book))


@given(_WORDS)
def test_segmenting_is_a_function(text: str) -> None:
    assert segment(book_of(text)) == segment(book_of(text))


def test_white_space_belongs_to_the_segment_before_it() -> None:
    text = '  \n"Hi," \n said he.\n\n"Yes."\n'
    pieces = [piece.span.of(text) for piece in segment(book_of(text))]
    assert pieces == ['  \n"Hi," \n ', "said he.\n\n", '"Yes."\n']


def test_headings_skips_and_epigraphs_are_kept_as_given() -> None:
    text = 'Title\n\nOne\n\n"Motto."\n-- A Sage\n\n"Well," said Ann.\n'
    motto = text.index('"Motto')
    chapter = Chapter(
        index=0,
        title="One",
        text=text,
        skips=(Skip(span=Span(0, 5), reason="title"),),
        headings=(Span(7, 10),),
        epigraphs=(Span(motto, motto + len('"Motto."\n-- A Sage')),),
    )
    segments = segment(Book(title="T", chapters=(chapter,)))
    assert [show(text, piece) for piece in segments] == [
        "x Title",
        "h One",
        'n "Motto."\n-- A Sage',
        'd "Well,"',
        "n said Ann.",
    ]
    assert segments[0].skip_reason == "title"


def test_no_quotation_runs_on_over_a_heading() -> None:
    text = '"I never closed this.\n\nTwo\n\nIt was late, and he "slept".\n'
    at = text.index("Two")
    chapter = Chapter(index=0, title="", text=text, headings=(Span(at, at + 3),))
    rows = [show(text, piece) for piece in segment(Book(title="T", chapters=(chapter,)))]
    assert rows[0] == 'd "I never closed this.'
    assert rows[2] == 'n It was late, and he "slept".'


def test_ornaments_are_scene_breaks() -> None:
    for ornament in ("***", "* * *", "#", "---", "~", "* * *\n  * * *", "oOo", "x X x", "⁂"):
        assert cut(f"One day.\n\n{ornament}\n\nAnother day.\n") == [
            "n One day.",
            f"b {ornament}",
            "n Another day.",
        ]


def test_silence_is_skipped_and_not_a_scene_break() -> None:
    assert cut('He waited.\n\n"..."\n\nShe left.\n')[1] == 'x "..."'
    assert cut("He waited.\n\n...\n\nShe left.\n")[1] == "x ..."


def test_a_gap_much_larger_than_the_texts_own_is_a_scene_break() -> None:
    usual = "One.\n\nTwo.\n\nThree.\n\nFour."
    assert [row[0] for row in cut(f"{usual}\n\n\n\n\nFive.\n\nSix.")] == list("nnnnbnn")
    assert [row[0] for row in cut(f"{usual}\n\n\nFive.\n\nSix.")] == list("nnnnnn")


def test_gaps_of_a_text_with_two_blank_rows_everywhere_are_not_breaks() -> None:
    text = "\n\n\n".join(f"Paragraph {n}." for n in range(6))
    assert {row[0] for row in cut(text)} == {"n"}


def test_in_a_text_of_rows_a_blank_row_is_a_break() -> None:
    rows = "\n".join(f"“Line {n},” she said." for n in range(6))
    assert [row[0] for row in cut(f"{rows}\n\n{rows}")] == ["d", "n"] * 6 + ["b"] + ["d", "n"] * 6


def test_paragraphs_are_numbered_within_their_chapter() -> None:
    segments = segment(book_of('"A," said he, "b."\n\nC.\n\n"D."'))
    assert [piece.paragraph for piece in segments] == [0, 0, 0, 1, 2]


def test_a_mark_without_words_goes_with_its_neighbour() -> None:
    assert cut('"Yes," -- "no," said Tom.') == ['d "Yes," --', 'd "no,"', "n said Tom."]


def test_a_text_without_words_is_skipped_whole() -> None:
    (only,) = segment(book_of(" \n\n "))
    assert (only.kind, only.skip_reason) == (SegmentKind.SKIPPED, "no words")
    assert segment(book_of("")) == ()
