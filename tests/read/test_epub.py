"""`narrator.read.epub`: one book for each thing that EPUBs do."""

from __future__ import annotations

import zipfile

import pytest

from narrator.errors import StoryError
from narrator.model import Book
from narrator.read import DEFAULT_OPTIONS, Limits, Options, archive
from tests.read.builders import (
    METADATA,
    epub,
    nav_list,
    navigation,
    plain_epub,
    xhtml,
    zipped,
)
from tests.read.values import headings, paragraphs, read, skips, spoken, titles

_P = "<p>It rained all day on the mill.</p>"


def book_of(data: bytes) -> Book:
    return read(data, "book.epub")


def one_page(body: str, *, head: str = "") -> Book:
    """The book that one document makes, under a heading."""
    return book_of(epub({"c.xhtml": xhtml(f"<h2>Chapter 1</h2>{body}", head=head)}))


def test_chapters_are_those_of_the_navigation() -> None:
    book = book_of(plain_epub(("Chapter 1", _P), ("Chapter 2", "<p>“No,” he <i>said</i>.</p>")))
    assert (book.title, book.author, book.language) == ("The Mill", "A. Miller", "en")
    assert titles(book) == ["Chapter 1", "Chapter 2"]
    assert spoken(book) == [
        ("heading", "Chapter 1"),
        ("narration", "It rained all day on the mill."),
        ("heading", "Chapter 2"),
        ("dialogue", "“No,”"),
        ("narration", "he _said_."),
    ]


def test_ncx_names_the_chapters_of_epub_2() -> None:
    points = "".join(
        f"<navPoint><navLabel><text>{title}</text></navLabel><content src='{href}'/></navPoint>"
        for title, href in (("CHAPTER I. THE MILL", "a.html"), ("Epilogue", "b.html#end"))
    )
    ncx = f"<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap>{points}</navMap></ncx>"
    files = {
        "a.html": xhtml(f"<h2>CHAPTER I.<br/>THE MILL</h2>{_P}"),
        "b.html": xhtml(f"<p>More of it.</p><h2 id='end'>Epilogue</h2>{_P}"),
        "toc.ncx": ncx,
    }
    book = book_of(epub(files))
    assert titles(book) == ["Chapter 1: The Mill", "Epilogue"]
    assert headings(book.chapters[0]) == ["CHAPTER I.\nTHE MILL"]
    assert "More of it." in book.chapters[0].text


def test_parts_stand_over_chapters_and_entries_may_lead_inside_a_file() -> None:
    nested = [
        ("Part One", "a.xhtml", [("Chapter 1", "a.xhtml#one"), ("Chapter 2", "a.xhtml#two")]),
        ("Part Two", "p.xhtml", [("Chapter 1", "b.xhtml")]),
    ]
    files = {
        "nav.xhtml": navigation(nav_list(nested)),
        "a.xhtml": xhtml(
            f"<h1>Part One</h1><h2 id='one'>Chapter 1</h2>{_P}<h2 id='two'>Chapter 2</h2>{_P}"
        ),
        "p.xhtml": xhtml("<p>PART TWO</p>"),
        "b.xhtml": xhtml(f"<p>Chapter <b>1</b></p>{_P}"),
        "c.xhtml": xhtml("<p>It goes on in another file.</p>"),
    }
    book = book_of(epub(files))
    assert titles(book) == ["Part One, Chapter 1", "Part One, Chapter 2", "Part Two, Chapter 1"]
    assert [headings(chapter) for chapter in book.chapters] == [
        ["Part One", "Chapter 1"],
        ["Chapter 2"],
        ["PART TWO", "Chapter 1"],
    ]
    assert "It goes on in another file." in book.chapters[2].text


def test_parts_without_nesting_and_an_epilogue_beside_them() -> None:
    entries = [
        (t, f"c{n}.xhtml") for n, t in enumerate(("Part I", "1", "Part II", "1", "Epilogue"))
    ]
    files = {
        f"c{n}.xhtml": xhtml(f"<h2>{t}</h2>{_P if n % 2 or n == 4 else ''}")
        for n, (t, _) in enumerate(entries)
    }
    book = book_of(epub({"nav.xhtml": navigation(nav_list(entries)), **files}))
    assert titles(book) == ["Part 1, Chapter 1", "Part 2, Chapter 1", "Epilogue"]


def test_without_navigation_headings_make_the_chapters() -> None:
    book = book_of(epub({f"c{n}.xhtml": xhtml(f"<h1>Chapter {n}</h1>{_P}") for n in (1, 2, 3)}))
    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3"]


def test_without_headings_the_words_make_the_chapters() -> None:
    files = {f"c{n}.xhtml": xhtml(f"<p><b>Chapter {n}</b></p>{_P}") for n in (1, 2)}
    book = book_of(epub(files))
    assert titles(book) == ["Chapter 1", "Chapter 2"]
    assert headings(book.chapters[1]) == ["Chapter 2"]


def test_metadata() -> None:
    metadata = (
        "<dc:title id='s'>A Subtitle</dc:title><dc:title id='m'>The Mill</dc:title>"
        "<meta refines='#m' property='title-type'>main</meta>"
        "<dc:creator opf:role='aut'>A. Miller</dc:creator><dc:creator opf:role='aut'>B. Ode"
        "</dc:creator><dc:contributor opf:role='trl'>C. Lark</dc:contributor>"
        "<dc:language>de-AT</dc:language><dc:date opf:event='modification'>2020-01-01</dc:date>"
        "<dc:date>1911-03-04</dc:date><dc:publisher>Weir &amp; Sons</dc:publisher>"
        "<dc:description>&lt;p&gt;A mill &lt;b&gt;turns&lt;/b&gt;.&lt;/p&gt;</dc:description>"
        "<meta name='calibre:series' content='Rivers'/><meta name='calibre:series_index' "
        "content='2.0'/><meta name='cover' content='pic'/>"
    )
    jpeg = b"\xff\xd8\xff\xe0 a picture"
    manifest = "<item id='pic' href='x/c.jpg' media-type='image/jpeg'/>"
    book = book_of(
        epub(
            {"c.xhtml": xhtml(_P)},
            metadata=metadata,
            manifest=manifest,
            more={"OEBPS/x/c.jpg": jpeg},
        )
    )
    assert (book.title, book.author, book.language) == ("The Mill", "A. Miller & B. Ode", "de-AT")
    assert (book.year, book.series, book.summary) == ("1911", "Rivers, Book 2", "A mill turns .")
    assert book.details == (("Publisher", "Weir & Sons"), ("Translated by", "C. Lark"))
    assert book.cover == jpeg


def test_a_damaged_cover_costs_the_cover_alone() -> None:
    manifest = "<item id='k' href='k.png' media-type='image/png' properties='cover-image'/>"
    png = b"\x89PNG\r\n\x1a\n and what a picture is made of"
    data = bytearray(epub({"c.xhtml": xhtml(_P)}, manifest=manifest, more={"OEBPS/k.png": png}))
    data[data.rindex(b"OEBPS/k.png", 0, data.index(b"PK\x01\x02")) + 14] ^= 0xFF
    book = book_of(bytes(data))
    assert (book.cover, paragraphs(book)) == (None, ["It rained all day on the mill."])


def test_series_and_cover_as_epub_3_says_them() -> None:
    metadata = METADATA + (
        "<meta property='belongs-to-collection' id='c'>Rivers</meta>"
        "<meta refines='#c' property='collection-type'>series</meta>"
        "<meta refines='#c' property='group-position'>3</meta>"
    )
    manifest = "<item id='k' href='k.png' media-type='image/png' properties='cover-image'/>"
    png = b"\x89PNG\r\n\x1a\n"
    data = epub(
        {"c.xhtml": xhtml(_P)}, metadata=metadata, manifest=manifest, more={"OEBPS/k.png": png}
    )
    assert (book_of(data).series, book_of(data).cover) == ("Rivers, Book 3", png)


def test_matter_that_is_no_story_is_skipped_and_a_dedication_is_read() -> None:
    entries = [("Cover", "cover.xhtml"), ("Chapter 1", "c.xhtml"), ("Also by A. Miller", "z.xhtml")]
    files = {
        "nav.xhtml": navigation(
            nav_list(entries),
            "<nav epub:type='landmarks'><ol><li><a epub:type='copyright-page' "
            "href='rights.xhtml'>Rights</a></li></ol></nav>",
        ),
        "cover.xhtml": xhtml("<p>A picture of a mill</p>"),
        "title.xhtml": xhtml("<h1>The Mill</h1><p>by A. Miller</p>"),
        "rights.xhtml": xhtml("<p>You may not.</p>"),
        "imprint.xhtml": xhtml("<p>Copyright © 2001</p><p>ISBN 1. All rights reserved.</p>"),
        "toc.xhtml": xhtml("".join(f"<p><a href='c.xhtml#{n}'>Part {n}</a></p>" for n in range(5))),
        "ded.xhtml": xhtml("<p>For Mary</p>", attributes=" epub:type='dedication'"),
        "c.xhtml": xhtml(f"<h2>Chapter 1</h2>{_P}"),
        "z.xhtml": xhtml("<h2>Also by A. Miller</h2><p>The Weir</p>"),
    }
    book = book_of(epub(files))
    assert titles(book) == ["Chapter 1"]
    assert paragraphs(book) == ["For Mary", "It rained all day on the mill."]
    reasons = dict.fromkeys(reason for reason, _ in skips(book))
    assert list(reasons) == [
        "cover",
        "title page",
        "copyright page",
        "table of contents",
        "advertisement",
    ]


def test_an_epub_from_an_archive_of_stories() -> None:
    meta = "<div class='meta'><h2>{}</h2><p class='message'>{}</p></div>"
    files = {
        "a.xhtml": xhtml(meta.format("1. The Wheel", "Chapter notes.") + _P),
        "z.xhtml": xhtml(meta.format("Afterword", "Please comment!")),
    }
    entries = nav_list([("1. The Wheel", "a.xhtml"), ("Afterword", "z.xhtml")])
    publisher = "<dc:publisher>Archive of Our Own</dc:publisher>"
    book = book_of(epub({"nav.xhtml": navigation(entries), **files}, metadata=METADATA + publisher))
    assert titles(book) == ["1. The Wheel"]
    assert [text for reason, text in skips(book) if reason == "archive header"] == [
        "Chapter notes.",
        "Afterword",
        "Please comment!",
    ]


def test_long_front_matter_is_a_chapter() -> None:
    preface = "<h2>To the Reader</h2>" + "<p>This is how the book was made.</p>" * 20
    files = {
        "nav.xhtml": navigation(nav_list([("1", "a.xhtml"), ("2", "b.xhtml")])),
        "f.xhtml": xhtml(preface),
        "a.xhtml": xhtml(f"<h2>1</h2>{_P}"),
        "b.xhtml": xhtml(f"<h2>2</h2>{_P}"),
    }
    assert titles(book_of(epub(files))) == ["To the Reader", "Chapter 1", "Chapter 2"]


def test_what_is_beside_the_reading_order_is_skipped() -> None:
    spine = "<itemref idref='i0'/><itemref idref='i1' linear='no'/><itemref idref='lost'/>"
    files = {"a.xhtml": xhtml(_P), "b.xhtml": xhtml("<p>A map.</p>"), "c.xhtml": xhtml("<p>Q</p>")}
    book = book_of(epub(files, spine=spine))
    assert skips(book) == [("outside the reading order", text) for text in ("A map.", "Q")]


def test_notes_and_page_numbers_are_moved_out_of_paragraphs_and_skipped() -> None:
    book = one_page(
        "<p>“It <span epub:type='pagebreak' id='p2'>[2]</span>rained,<a epub:type='noteref' "
        "href='#n'>1</a> and</p><span class='pagenum'>[3]</span><p>“so on.”</p>"
        "<aside epub:type='footnote' id='n'><p>It did not.</p></aside>"
    )
    assert spoken(book) == [
        ("heading", "Chapter 1"),
        ("dialogue", "“It rained, and"),
        ("dialogue", "“so on.”"),
    ]
    assert skips(book) == [
        ("page number", "[2] [3]"),
        ("note reference", "1"),
        ("footnote", "It did not."),
    ]


def test_notes_that_only_links_show() -> None:
    files = {
        "c.xhtml": xhtml(
            "<h2>Chapter 1</h2><p>It rained.<a id='r1' href='n.xhtml#n1'><sup>1</sup></a> "
            "And <a href='#z'>this</a> is a link. It was 5<sup>th</sup> May.</p>"
            "<p id='z'>“Yes.”<a id='r2' href='#n2'>[2]</a></p>"
            "<p><a id='n2' href='#r2'>[2]</a> Said so.</p>"
        ),
        "n.xhtml": xhtml("<ol><li id='n1'>Not much. <a href='c.xhtml#r1'>↩</a></li></ol>"),
    }
    book = book_of(epub(files))
    assert paragraphs(book) == ["It rained. And this is a link. It was 5th May.", "“Yes.”"]
    assert skips(book) == [
        ("note reference", "1 [2]"),
        ("footnote", "[2] Said so."),
        ("footnote", "Not much. ↩"),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p><span class='dropcap'>I</span>t rained.</p>", "It rained."),
        ("<p><span class='dropcap'>T</span> he rain.</p>", "The rain."),
        ("<p><span class='dropcap'>A</span> mill turned.</p>", "A mill turned."),
        ("<div class='dropcap'>T</div><p>he rain.</p>", "The rain."),
        ("<p><img class='dropcap' alt='T' src='t.png'/>he rain.</p>", "The rain."),
        ("<p>Win\u00addow, zero\u200bwidth, o\ufb03ce\ufeff.</p>", "Window, zerowidth, office."),
        ("<p><ruby>木<rp>(</rp><rt>き</rt><rp>)</rp></ruby>が</p>", "木が"),
        ("<p>One\n   <b> two </b> three&nbsp;four</p>", "One **two** three\u00a0four"),
        (
            "<p><i>All </i><em>of it</em>, un<i>cut</i>, <i>Mill</i>s</p>",
            "_All of it_, uncut, Mills",
        ),
        ("<p><i>a</i> <i>b</i></p>", "_a b_"),
        ("<table><tr><td>Mill</td><td>2</td></tr></table>", "Mill, 2"),
        ("<p>“Yes,”<br/>he said.</p>", "“Yes,”\nhe said."),
        ("Loose text", "Loose text"),
    ],
)
def test_characters_and_marks(body: str, text: str) -> None:
    assert paragraphs(one_page(body))[0] == text


def test_style_sheets_say_what_is_italic_or_hidden() -> None:
    head = (
        "<style>/* c1 { } */ span.c1, .c2 {font-style: italic}\n.c3{font-weight:700}"
        ".gone{display:none}</style><link rel='stylesheet' href='s.css'/>"
    )
    body = (
        "<p>He <span class='c1'>ran</span> <span class='c3'>off</span>.</p>"
        "<p class='c4'>So <span class='up'>it</span> is.</p><p class='gone'>No.</p>"
    )
    css = ".c4 { font-style:italic } .up { font-style: normal }"
    data = epub({"c.xhtml": xhtml(body, head=head), "s.css": css})
    book = book_of(data)
    assert paragraphs(book) == ["He _ran_ **off**.", "_So_ it _is._"]
    assert ("hidden", "No.") in skips(book)


def test_breaks_between_scenes() -> None:
    body = (
        "<hr/><p>One.</p><hr/><p>Two.</p><p class='scene-break'></p><p>Three.</p>"
        "<p>* * *</p><p>Four.</p><div class='asterism'><img alt='ornament' src='o.png'/></div>"
        "<p>Five.</p><hr/>"
    )
    found = paragraphs(one_page(body))
    assert [p for p in found if p != "* * *"] == ["One.", "Two.", "Three.", "Four.", "Five."]
    assert found == [p for n in "One Two Three Four Five".split() for p in (f"{n}.", "* * *")][:-1]


def test_blank_paragraphs_are_breaks_only_where_they_are_rare() -> None:
    rare = "".join(f"<p>Row {n}.</p>" for n in range(9)) + "<p>\u00a0</p><p>Next.</p>"
    assert paragraphs(one_page(rare))[-2:] == ["* * *", "Next."]
    spaced = "".join(f"<p>Row {n}.</p><p>\u00a0</p>" for n in range(9))
    assert "* * *" not in paragraphs(one_page(spaced))


def test_verse_keeps_its_lines_and_an_epigraph_is_known() -> None:
    book = one_page(
        "<div class='epigraph'><p>“All mills turn.”</p></div>"
        "<div class='poem'><div class='stanza'><p class='line'>The mill,</p><p>it turned</p></div>"
        "<div class='stanza'><span>and</span><br/><span>turned.</span></div></div>"
        "<blockquote><p>Dear Tom,</p><p>Come.</p></blockquote>"
    )
    chapter = book.chapters[0]
    assert [span.of(chapter.text) for span in chapter.epigraphs] == ["“All mills turn.”"]
    assert paragraphs(book)[1:] == ["The mill,\nit turned", "and\nturned.", "Dear Tom,", "Come."]


def test_pictures_are_skipped() -> None:
    book = one_page(f"{_P}<figure><img alt='A mill' src='m.png'/><figcaption>Fig. 1</figcaption>"
                    "</figure><svg><text>Wheel</text></svg><p>So.</p>")  # fmt: skip
    assert skips(book) == [("picture", text) for text in ("A mill", "Fig. 1", "Wheel")] or skips(
        book
    ) == [("picture", "A mill Fig. 1 Wheel")]
    assert paragraphs(book)[-1] == "So."


def test_project_gutenberg_licence() -> None:
    files = {
        "c.xhtml": xhtml(
            "<pre>The Project Gutenberg eBook of The Mill\n\nTitle: The Mill</pre>"
            "<p>*** START OF THE PROJECT GUTENBERG EBOOK THE MILL ***</p>"
            f"<h2>Chapter 1</h2>{_P}<h2>Chapter 2</h2>{_P}"
            "<p>*** END OF THE PROJECT GUTENBERG EBOOK THE MILL ***</p><p>You may copy it.</p>"
        )
    }
    book = book_of(epub(files))
    assert {reason for reason, _ in skips(book)} == {"Project Gutenberg licence"}
    assert paragraphs(book) == ["It rained all day on the mill."] * 2


def test_an_encoding_that_a_document_declares_or_gets_wrong() -> None:
    body = xhtml("<p>Он сказал.</p>").replace("utf-8", "windows-1251").encode("windows-1251")
    wrong = xhtml("<p>Où?</p>").encode("cp1252")
    wide = xhtml("<p>Zoë</p>").replace("utf-8", "utf-16").encode("utf-16")
    book = book_of(epub({"a.xhtml": body, "b.xhtml": wrong, "c.xhtml": wide}))
    assert paragraphs(book) == ["Он сказал.", "Où?", "Zoë"]


# Damaged, protected and hostile.


def refused(
    data: bytes, match: str, limits: Limits = DEFAULT_OPTIONS.limits, name: str = "book.epub"
) -> None:
    with pytest.raises(StoryError, match=match) as caught:
        read(data, name, Options(limits=limits))
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


def encrypted(algorithm: str, uri: str) -> dict[str, str | bytes]:
    return {
        "META-INF/encryption.xml": "<encryption xmlns='urn:oasis:names:tc:opendocument:xmlns:"
        "container' xmlns:e='http://www.w3.org/2001/04/xmlenc#'><e:EncryptedData>"
        f"<e:EncryptionMethod Algorithm='{algorithm}'/><e:CipherData>"
        f"<e:CipherReference URI='{uri}'/></e:CipherData></e:EncryptedData></encryption>"
    }


def test_drm_is_named_and_a_hidden_font_is_none() -> None:
    files = {"c.xhtml": xhtml(_P)}
    drm = encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/c.xhtml")
    refused(epub(files, more=drm), "protected by DRM")
    font = encrypted("http://www.idpf.org/2008/embedding", "OEBPS/f.otf")
    assert paragraphs(book_of(epub(files, more=font))) == ["It rained all day on the mill."]


def test_a_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FROM_BYTES", 100_000)
    refused(epub({"c.xhtml": xhtml("<p>" + "a" * 3_000_000 + "</p>")}), "zip bomb")


def test_an_archive_has_limits_that_the_message_names() -> None:
    big = epub({f"{n}.xhtml": xhtml(f"<p>{'a ' * 300_000}</p>") for n in "abcd"})
    refused(big, "limits.unpacked_mb = 1", Limits(unpacked_mb=1))
    refused(plain_epub(("1", _P)), "limits.archive_files = 3", Limits(archive_files=3))
    refused(plain_epub(("1", _P)), "limits.elements = 9", Limits(elements=9))
    files = {f"{n}.xhtml": xhtml(f"<h2>Chapter {n}</h2>{_P}") for n in range(3)}
    refused(epub(files), "3 chapters, more than limits.chapters = 2", Limits(chapters=2))


def test_entities_are_never_followed() -> None:
    bomb = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'ha'}'>" for n in range(12))
    outside = "<!ENTITY out SYSTEM 'file:///etc/hostname'>"
    text = xhtml("<p>It &e11; rained &out; all day.</p>")
    text = text.replace("<!DOCTYPE html>", f"<!DOCTYPE html [{bomb}{outside}]>")
    assert paragraphs(book_of(epub({"c.xhtml": text}))) == ["It &e11; rained &out; all day."]


def test_a_path_out_of_the_archive_leads_nowhere() -> None:
    item = "<item id='x' href='../../../../etc/hostname' media-type='application/xhtml+xml'/>"
    data = epub({"c.xhtml": xhtml(_P)}, manifest=item, spine="<itemref idref='x'/>")
    refused(data, "incomplete")


def test_a_broken_spine_leaves_the_order_of_the_manifest() -> None:
    files = {"b.xhtml": xhtml("<p>It rained.</p>"), "a.xhtml": xhtml("<p>It cleared.</p>")}
    book = book_of(epub(files, spine="<itemref idref='nothing'/>"))
    assert paragraphs(book) == ["It rained.", "It cleared."]


def test_of_two_items_with_one_id_the_first_counts() -> None:
    twin = "<item id='i0' href='z.xhtml' media-type='application/xhtml+xml'/>"
    data = epub({"c.xhtml": xhtml(_P)}, manifest=twin, more={"OEBPS/z.xhtml": xhtml("<p>Z</p>")})
    assert paragraphs(book_of(data)) == ["It rained all day on the mill."]


def test_files_that_are_missing_are_named() -> None:
    item = "<item id='x' href='gone.xhtml' media-type='application/xhtml+xml'/>"
    data = epub({"c.xhtml": xhtml(_P)}, manifest=item, spine="<itemref idref='x'/>")
    refused(data, r"gone\.xhtml, which its spine lists, is missing")
    refused(zipped({"mimetype": "application/epub+zip", "a.txt": "x"}), "no package")


def test_a_mimetype_may_be_wrong_and_a_name_too() -> None:
    data = epub({"c.xhtml": xhtml(_P)}, more={"mimetype2": "x"})
    data = data.replace(b"application/epub+zip", b"application/zipped+x")
    for name in ("book.epub", "book.txt", "book"):
        assert paragraphs(read(data, name)) == ["It rained all day on the mill."]


def test_plain_text_called_an_epub_is_read_as_text() -> None:
    assert paragraphs(read(b"It rained.\n", "book.epub")) == ["It rained."]


def test_a_truncated_or_encrypted_archive_is_named() -> None:
    whole = plain_epub(("1", _P * 50))
    refused(whole[: len(whole) // 2], "damaged")
    locked = bytearray(whole)
    at = 0
    while (at := locked.find(b"PK\x01\x02", at)) >= 0:
        locked[at + 8] |= 1
        at += 4
    refused(bytes(locked), "password")
    strange = zipped({"mimetype": "application/epub+zip"}, zipfile.ZIP_BZIP2)
    refused(strange, "no package")


def test_thousands_of_empty_chapters() -> None:
    files = {f"c{n}.xhtml": xhtml("<p> </p>") for n in range(2_000)}
    entries = nav_list([(f"Chapter {n}", f"c{n}.xhtml") for n in range(2_000)])
    files["last.xhtml"] = xhtml(_P)
    book = book_of(epub({"nav.xhtml": navigation(entries), **files}))
    assert paragraphs(book) == ["It rained all day on the mill."]
    refused(epub({"c.xhtml": xhtml("<p> </p>")}), "no words")


def test_elements_nested_without_end_are_refused() -> None:
    refused(epub({"c.xhtml": "<div>" * 50_000 + "x"}), "too deeply")


def test_one_chapter_over_many_files() -> None:
    files = {
        "a.xhtml": xhtml("<h2>One</h2><p>It rained.</p>"),
        "b.xhtml": xhtml("<p>It went on.</p>"),
        "c.xhtml": xhtml("<p>It stopped.</p>"),
        "d.xhtml": xhtml("<h2>Two</h2><p>He left.</p>"),
    }
    nav = navigation(nav_list([("One", "a.xhtml"), ("Two", "d.xhtml")]))
    book = read(epub({"nav.xhtml": nav, **files}), "a.epub")
    assert titles(book) == ["Chapter One", "Chapter Two"]
    assert "It went on." in book.chapters[0].text
    assert "It stopped." in book.chapters[0].text


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Also by A. Miller", "<h2>Also by A. Miller</h2><p>The Weir</p><p>The Wheel</p>"),
        ("Newsletter", "<h2>Newsletter</h2><p>Sign up for news of new books.</p>"),
        ("Copyright", "<p>© 2001 A. Miller. All rights reserved.</p>"),
    ],
)
def test_what_sells_or_guards_the_book_is_skipped_with_a_reason(title: str, body: str) -> None:
    files = {"a.xhtml": xhtml("<h2>One</h2><p>It rained.</p>"), "b.xhtml": xhtml(body)}
    nav = navigation(nav_list([("One", "a.xhtml"), (title, "b.xhtml")]))
    book = read(epub({"nav.xhtml": nav, **files}), "a.epub")
    assert titles(book) == ["Chapter One"]
    reasons = {reason for reason, _ in skips(book)} - {"table of contents"}
    assert reasons == {"copyright page" if title == "Copyright" else "advertisement"}
