"""`narrator.read.html`: pages as archives of stories, and anyone else, write them."""

from __future__ import annotations

import pytest

from narrator.errors import StoryError
from narrator.model import Book
from tests.read.values import headings, paragraphs, read, skips, titles

_LONG = "<p>It rained all day on the mill, and nobody came to see the wheel turn.</p>" * 8


def page(body: str, *, head: str = "", attributes: str = "") -> Book:
    text = f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{body}</body></html>"
    return read(text.encode(), "page.html")


_SAVED = f"""
<div id="outer"><ul id="skiplinks"><li><a href="#main">Main Content</a></li></ul>
<div id="header" class="region"><h1 class="heading"><a href="/">The Archive</a></h1>
<nav><ul><li>Log In</li></ul></nav></div>
<div id="main" class="works-show region"><div class="work">
<dl class="work meta group"><dt class="rating tags">Rating:</dt><dd class="rating tags">
<ul class="commas"><li><a class="tag">General Audiences</a></li></ul></dd>
<dt class="language">Language:</dt><dd class="language">English</dd>
<dt class="series">Series:</dt><dd class="series">Part 2 of Rivers</dd>
<dt class="stats">Stats:</dt><dd class="stats"><dl class="stats"><dt>Published:</dt>
<dd>2019-03-04</dd></dl></dd></dl></div>
<div id="workskin"><div class="preface group"><h2 class="title heading">The Mill</h2>
<h3 class="byline heading"><a rel="author" href="/u">lark</a>, <a rel="author">weir</a></h3>
<div class="summary module"><h3 class="heading">Summary:</h3>
<blockquote class="userstuff"><p>A mill turns.</p></blockquote></div>
<div class="notes module"><h3 class="heading">Notes:</h3><p>Thanks!</p></div></div>
<div id="chapters" role="article"><div class="chapter" id="chapter-1">
<div class="chapter preface group"><h3 class="title"><a href="/1">Chapter 1</a>: The Wheel</h3>
<div id="summary" class="summary module"><h3 class="heading">Summary:</h3>
<blockquote class="userstuff"><p>It turns.</p></blockquote></div></div>
<div class="userstuff module" role="article"><h3 class="landmark heading">Chapter Text</h3>
{_LONG}</div></div>
<div class="chapter" id="chapter-2"><div class="chapter preface group">
<h3 class="title"><a href="/2">Chapter 2</a></h3></div>
<div class="userstuff module"><p>“<em>Stop</em>,” she said.</p>{_LONG}</div></div></div></div>
<div id="feedback" class="feedback"><h3>Comments</h3><p>Lovely!</p></div></div>
<div id="footer"><p>About the Archive</p></div></div>
"""


def test_a_page_saved_from_an_archive() -> None:
    book = page(_SAVED, attributes=" lang='en'")
    assert (book.title, book.author, book.language) == ("The Mill", "lark & weir", "en")
    assert (book.series, book.summary, book.year) == ("Part 2 of Rivers", "A mill turns.", "2019")
    assert ("Rating", "General Audiences") in book.details
    assert titles(book) == ["Chapter 1: The Wheel", "Chapter 2"]
    assert [headings(c) for c in book.chapters] == [["Chapter 1: The Wheel"], ["Chapter 2"]]
    found = paragraphs(book)
    assert len(found) == 17
    assert found[8] == "“_Stop_,” she said."
    assert {reason for reason, _ in skips(book)} == {
        "page around the story",
        "title",
        "author",
        "summary",
        "author's note",
        "page header",
    }
    whole = " ".join(text for _, text in skips(book))
    for word in ("Log In", "Thanks!", "It turns.", "Lovely!", "About the Archive", "2019-03-04"):
        assert word in whole


def test_a_download_from_an_archive() -> None:
    body = f"""
    <div id="preface"><p class="message"><b>The Mill</b><br/>Posted originally on the Archive.</p>
    <div class="meta"><dl class="tags"><dt>Fandom:</dt><dd>Rivers</dd>
    <dt>Stats:</dt><dd>Published: 2012-05-06 Words: 99</dd></dl>
    <h1>The Mill</h1><div class="byline">by <a rel="author" href="/u">lark</a></div>
    <p>Summary</p><blockquote class="userstuff"><p>A mill turns.</p></blockquote></div></div>
    <div id="chapters" class="userstuff">
    <div class="meta group"><h2 class="heading">The Wheel</h2><p>Chapter Notes</p>
    <blockquote class="userstuff"><p>Not mine.</p></blockquote></div>
    <div class="userstuff">{_LONG}</div>
    <div class="meta group"><h2 class="heading">The Weir</h2></div>
    <div class="userstuff">{_LONG}</div></div>
    <div id="afterword"><div class="meta"><p class="message">Please comment!</p></div></div>
    """
    book = page(body)
    assert (book.title, book.author, book.year) == ("The Mill", "lark", "2012")
    assert (book.summary, book.details[0]) == ("A mill turns.", ("Fandom", "Rivers"))
    assert titles(book) == ["The Wheel", "The Weir"]
    assert len(paragraphs(book)) == 16


def test_any_page_with_a_story_in_it() -> None:
    head = "<title>The Mill | A Blog</title><meta name='author' content='A. Miller'>"
    body = (
        "<form action='/'><header><h1>A Blog</h1><nav>Home</nav></header>"
        f"<article><header><h1>The Mill</h1></header>{_LONG}<aside>Buy tea!</aside>"
        "<script>var x = 'not read';</script><div class='share'>Tell friends</div></article>"
        "<footer>© A Blog</footer></form>"
    )
    book = page(body, head=head, attributes=" lang='fr'")
    assert (book.title, book.author, book.language) == ("The Mill", "A. Miller", "fr")
    assert len(paragraphs(book)) == 8
    assert skips(book) == [
        ("page around the story", "A Blog Home"),
        ("title", "The Mill"),
        ("aside", "Buy tea!"),
        ("sharing", "Tell friends"),
        ("page around the story", "© A Blog"),
    ]


def test_paragraphs_alone_are_read_as_plain_text_is() -> None:
    book = page(
        "<p>The Mill</p><p>by A. Miller</p><p><b>CHAPTER I</b></p><p>It rained.</p>"
        "<p>CHAPTER II</p><p>It snowed.</p>"
    )
    assert (book.title, book.author) == ("The Mill", "A. Miller")
    assert titles(book) == ["Chapter 1", "Chapter 2"]
    assert [headings(c) for c in book.chapters] == [["CHAPTER I"], ["CHAPTER II"]]


def test_line_breaks_that_part_paragraphs() -> None:
    twice = page("It rained.<br><br>“Yes,” she<br />\n<br/>said.")
    assert paragraphs(twice) == ["It rained.", "“Yes,” she", "said."]
    once = page("<br>".join(f"It rained for {n} days." for n in range(2, 20)))
    assert len(paragraphs(once)) == 18


def test_parts_over_chapters_by_level_and_a_title_above_them() -> None:
    body = "<h1>The Mill</h1>"
    for part in ("Water", "Stone"):
        body += f"<h2>{part}</h2>"
        body += "".join(f"<h3>{part} {n}</h3><p>It turned.</p>" for n in ("low", "high"))
    assert titles(page(body)) == [
        "Water, Water low",
        "Water, Water high",
        "Stone, Stone low",
        "Stone, Stone high",
    ]


def test_a_subtitle_below_a_number_joins_it() -> None:
    one = "<h2>Chapter 1</h2><h3>The Wheel</h3><p>It turned.</p>"
    assert titles(page(one + one.replace("1", "2"))) == [
        "Chapter 1: The Wheel",
        "Chapter 2: The Wheel",
    ]


def test_a_name_that_would_drop_the_story_counts_for_nothing() -> None:
    assert len(paragraphs(page(f"<div class='notes'>{_LONG}</div>"))) == 8


@pytest.mark.parametrize("data", [b"<html></html>", b"<html><body><p> </p><script>x</script>"])
def test_a_page_without_words_is_named(data: bytes) -> None:
    with pytest.raises(StoryError, match=r"^page\.html has no words"):
        read(data, "page.html")


def test_encodings_and_debris() -> None:
    declared = "<html><meta charset='windows-1251'><p>Он сказал.".encode("windows-1251")
    assert paragraphs(read(declared, "a.html")) == ["Он сказал."]
    debris = b"<html><p>a\x00b &#0;&#xD800;&bogus; \xff<p>It rained"
    assert paragraphs(read(debris, "a.html"))[-1] == "It rained"


def test_what_comes_after_the_end_of_a_page_is_read_too() -> None:
    book = read(b"<html><body><p>One.</p></body></html><p>Two.</p>", "page.html")
    assert paragraphs(book) == ["One.", "Two."]
    two = b"<html><head><title>A</title></head><body><p>One.</p></body></html>\n"
    book = read(two + two.replace(b"One", b"Two"), "page.html")
    assert [text for text in paragraphs(book) if len(text) > 1] == ["One.", "Two."]
