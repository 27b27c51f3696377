"""Files that would cost much, lead elsewhere, or are hardly text: refused in one line, or read."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from narrator.errors import StoryError
from narrator.read import Limits, Options, read_book
from tests.read.builders import docx, epub, fb2, pdf, word_paragraph, word_part, xhtml, zipped
from tests.read.values import paragraphs, read, skips

_MB = 1024 * 1024
_BOMB = "".join(
    ["<!DOCTYPE x [<!ENTITY a0 'lol'>"]
    + [f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)]
    + ["]>"]
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/hostname">]>'
_PLACES = ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.rename")
_watched: list[tuple[str, str]] | None = None


def _hook(event: str, args: tuple[object, ...]) -> None:
    if _watched is not None and event in _PLACES:
        _watched.append((event, str(args[:2])))


sys.addaudithook(_hook)


@pytest.fixture
def opened() -> Iterator[list[tuple[str, str]]]:
    """What is opened or connected to while the test runs."""
    global _watched
    _watched = []
    yield _watched
    _watched = None


def _entity(doctype: str) -> dict[str, Callable[[], bytes]]:
    page = "<html><body><p>It rained. &a11; So.</p></body></html>"
    document = word_part("document", f"<w:body>{word_paragraph('It rained. &a11; So.')}</w:body>")
    book = fb2("<body><section><p>It rained. &a11; So.</p></section></body>").decode()
    return {
        "a.html": lambda: (doctype + page).encode(),
        "a.epub": lambda: epub({"a.xhtml": doctype + page}),
        "a.docx": lambda: docx(
            "", more={"word/document.xml": document.replace("?>", f"?>{doctype}", 1)}
        ),
        "a.fb2": lambda: book.replace("?>", f"?>{doctype}", 1).encode(),
    }


def _said(data: bytes, name: str) -> str:
    """The text of a book, or what its reader has against it."""
    try:
        book = read(data, name)
    except StoryError as error:
        return str(error)
    return "".join(chapter.text for chapter in book.chapters)


@pytest.mark.parametrize("doctype", [_BOMB, _OUTSIDE], ids=["bomb", "outside"])
@pytest.mark.parametrize("name", ["a.html", "a.epub", "a.docx", "a.fb2"])
def test_entities_are_neither_followed_nor_multiplied(
    name: str, doctype: str, opened: list[tuple[str, str]]
) -> None:
    data = _entity(doctype)[name]()
    read(epub({"a.xhtml": xhtml("<p>It rained.</p>")}), "warm.epub")
    tracemalloc.start()
    opened.clear()
    said = _said(data, name)
    assert "\n" not in said or "rained" in said
    assert len(said) < 1000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * _MB
    assert not [what for what in opened if "hostname" in what[1] or "socket" in what[0]]


@pytest.mark.parametrize("name", ["a.epub", "a.docx", "a.fb2"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(name: str) -> None:
    bomb = b"<p>" + b"a" * (40 * _MB)
    files = {
        "a.epub": lambda: epub({"a.xhtml": bomb}),
        "a.docx": lambda: docx("", more={"word/document.xml": bomb}),
        "a.fb2": lambda: zipped({"a.fb2": b"<FictionBook" + bomb}),
    }
    data = files[name]()
    tracemalloc.start()
    with pytest.raises(StoryError, match=r"limits\.\w+ = "):
        read(data, name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(data) < _MB
    assert peak < 16 * _MB


def test_addresses_in_a_book_are_never_visited(opened: list[tuple[str, str]]) -> None:
    body = (
        "<link rel='stylesheet' href='http://example.com/s.css'/>"
        "<img alt='' src='http://example.com/a.png'/><p>It rained.</p>"
        "<script src='http://example.com/a.js'/><iframe src='//example.com'/>"
    )
    html = f"<!DOCTYPE html SYSTEM 'http://example.com/a.dtd'><html><body>{body}</body></html>"
    read(html.encode(), "warm.html")
    opened.clear()
    assert paragraphs(read(html.encode(), "a.html")) == ["It rained."]
    assert paragraphs(read(epub({"a.xhtml": xhtml(body)}), "a.epub")) == ["It rained."]
    assert not [what for what in opened if "socket" in what[0]]


def test_200_mb_of_text_are_refused_at_once() -> None:
    data = b"It rained. " * (200 * _MB // 11)
    tracemalloc.start()
    with pytest.raises(StoryError, match=r"200 MB of text, more than limits\.text_mb = 32 allows"):
        read_book(data, name="long.txt")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < _MB
    small = Options(limits=Limits(text_mb=1))
    with pytest.raises(StoryError, match=r"limits\.text_mb = 1 "):
        read_book(data[: 2 * _MB], name="long.md", options=small)
    with pytest.raises(StoryError, match=r"limits\.file_mb = 1 "):
        read_book(data[: 2 * _MB], name="long.txt", options=Options(limits=Limits(file_mb=1)))


def test_a_limit_may_be_raised() -> None:
    data = b"It rained on the mill.\n\n" * (_MB // 24 + 99)
    small, enough = (Options(limits=Limits(text_mb=size)) for size in (1, 2))
    with pytest.raises(StoryError):
        read_book(data, name="long.txt", options=small)
    assert read_book(data, name="long.txt", options=enough).chapters


_WITH: dict[str, Callable[[bytes], bytes]] = {
    "a.txt": lambda text: text,
    "a.md": lambda text: text,
    "a.html": lambda text: b"<html><body><p>" + text + b"</p></body></html>",
    "a.epub": lambda text: epub({"a.xhtml": b"<html><body><p>" + text + b"</p></body></html>"}),
    "a.fb2": lambda text: fb2("<body><section><p>@</p></section></body>").replace(b"@", text),
}


@pytest.mark.parametrize("name", _WITH)
@pytest.mark.parametrize(
    "text",
    [
        b"It rained.\0 So.",
        "It \ud800rained. So.".encode("utf-8", "surrogatepass"),
        "It rained — so.".encode() + b" So \x97 it did.",
        "\u202eIt rained.\u202c So.".encode(),
    ],
    ids=["nul", "lone surrogate", "mixed encodings", "right to left override"],
)
def test_characters_that_are_none_do_not_stop_a_story(name: str, text: bytes) -> None:
    said = _said(_WITH[name](text), name)
    assert said.encode("utf-8")
    # In text without markup a NUL may mean that it is none.
    assert "rained" in said or (b"\0" in text and said == f"{name} is not text: it is binary data")


@pytest.mark.parametrize("name", _WITH)
def test_text_from_right_to_left_is_read_as_it_stands(name: str) -> None:
    text = "\u200fירד גשם על הטחנה.\u200f"
    book = read(_WITH[name](text.encode()), name)
    said = "".join(chapter.text for chapter in book.chapters)
    assert "ירד גשם על הטחנה." in said


def test_ten_thousand_empty_chapters_of_any_format() -> None:
    html = "<h2>Chapter 1</h2>" * 10_000 + "<p>It rained.</p>"
    for name, data in (
        ("a.html", f"<html><body>{html}</body></html>".encode()),
        ("a.md", "\n\n".join(f"## {n}" for n in range(10_000)).encode() + b"\n\nIt rained."),
        ("a.fb2", fb2(f"<body>{'<section/>' * 10_000}<section><p>So.</p></section></body>")),
        ("a.txt", "\n\n".join(f"Chapter {n}" for n in range(1, 10_001)).encode() + b"\n\nSo."),
    ):
        assert len(read(data, name).chapters) < 10_001, name


def test_the_title_of_a_book_may_be_anything() -> None:
    for title in ("../../x", "CON", "x" * 300, "🦊", "/etc/passwd", "a\0b", "  "):
        said = f"<dc:title>{title.replace(chr(0), '')}</dc:title>"
        book = read(epub({"a.xhtml": xhtml("<p>It rained.</p>")}, metadata=said), "mill.epub")
        assert book.title == (title.replace("\0", "").strip() or "mill")


def test_nothing_of_a_page_is_lost_beside_what_is_skipped() -> None:
    pages = [[(72.0, 700.0, "It rained.")]]
    assert not skips(read(pdf(pages), "a.pdf"))
