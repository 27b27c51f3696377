"""Which elements are read as what: what is skipped and why, verse, mottoes, breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from narrator.model import Form
from narrator.read.markup.parse import attribute, class_names, local_name, semantic_types

BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav
    ol p pre search section summary table tbody td tfoot th thead tr ul
    """.split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
SILENT = frozenset(
    "head script style template noscript iframe object embed audio video canvas map base link "
    "meta param source track".split()
)
"""What is no text of the page."""
ITALIC = frozenset("i em cite dfn var u".split())
BOLD = frozenset("b strong".split())
VERSE = frozenset(
    "poem poetry verse stanza linegroup line-group lg lyrics song z3998:verse".split()
)
EPIGRAPHS = frozenset("epigraph epigraphs motto z3998:epigraph".split())
LETTERS = frozenset("letter correspondence epistle z3998:letter z3998:correspondence".split())
DROP_CAPS = frozenset(
    "dropcap dropcaps drop-cap drop-caps drop_cap dropped firstletter first-letter initial "
    "lettrine versal dc".split()
)
BREAK_CLASSES = re.compile(
    r"(?:scene|section|thought|text|context|time)[-_]?(?:break|sep|separator|divider)|asterism|"
    r"ornament(?:al)?|fleuron|dinkus|tb|transition|thoughtbreak|space-?break|line-?break|divider|"
    r"separator|break"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an element is not spoken."""

    reason: str
    floats: bool = False
    """It stands between the lines of the story, not beside it."""
    keeps_headings: bool = False
    """What it holds is not spoken, but its headings are the story's."""


_PAGE_NUMBER = Verdict("page number", floats=True)
_NOTE_REFERENCE = Verdict("note reference", floats=True)
_NOTE = Verdict("footnote", floats=True)
_PICTURE = Verdict("picture", floats=True)

_BY_TYPE = {
    **dict.fromkeys(("pagebreak", "page-list"), _PAGE_NUMBER),
    **dict.fromkeys(("noteref", "backlink"), _NOTE_REFERENCE),
    **dict.fromkeys(
        ("footnote", "footnotes", "endnote", "endnotes", "rearnote", "rearnotes"), _NOTE
    ),
    **dict.fromkeys(("toc", "landmarks", "loi", "lot"), Verdict("table of contents")),
    **dict.fromkeys(("titlepage", "halftitlepage", "halftitle"), Verdict("title page")),
    **dict.fromkeys(("copyright-page", "imprint"), Verdict("copyright page")),
    "cover": Verdict("cover"),
    "colophon": Verdict("colophon"),
    "index": Verdict("index"),
    "bibliography": Verdict("bibliography"),
    "navigation": Verdict("navigation"),
    "banner": Verdict("page header", keeps_headings=True),
    "contentinfo": Verdict("page footer"),
    "search": Verdict("form"),
    "complementary": Verdict("aside"),
}
_BY_CLASS = {
    **dict.fromkeys(
        "pagenum pagenumber pageno page-number page_number page-num pagebreak page-break-number "
        "folio x-ebookmaker-pageno".split(),
        _PAGE_NUMBER,
    ),
    **dict.fromkeys(
        "noteref footnote-ref footnote_ref footnoteref fnref fnanchor footnote-backref "
        "footnote-backlink".split(),
        _NOTE_REFERENCE,
    ),
    **dict.fromkeys("footnote footnotes endnote endnotes fnote rearnote".split(), _NOTE),
    **dict.fromkeys("toc table-of-contents".split(), Verdict("table of contents")),
    **dict.fromkeys("copyright copyright-page copyrightpage".split(), Verdict("copyright page")),
    **dict.fromkeys("titlepage title-page halftitle halftitlepage".split(), Verdict("title page")),
    **dict.fromkeys("caption figcaption".split(), _PICTURE),
    **dict.fromkeys("transnote tnote".split(), Verdict("transcriber's note")),
    **dict.fromkeys(
        "pg-boilerplate pgheader pgfooter".split(), Verdict("Project Gutenberg licence")
    ),
    **dict.fromkeys("sr-only visually-hidden screen-reader-text".split(), Verdict("hidden")),
}
_BY_ID = dict.fromkeys(("pg-header", "pg-footer"), Verdict("Project Gutenberg licence"))
_BY_TAG = {
    "nav": Verdict("navigation"),
    "footer": Verdict("page footer"),
    "svg": _PICTURE,
    "figcaption": _PICTURE,
    "rt": Verdict("ruby", floats=True),
    "rtc": Verdict("ruby", floats=True),
    "rp": Verdict("ruby", floats=True),
    **dict.fromkeys("form button select textarea input fieldset".split(), Verdict("form")),
}
_ON_ARCHIVES = {
    **dict.fromkeys("meta preface".split(), Verdict("archive header", keeps_headings=True)),
    **dict.fromkeys("tags stats message".split(), Verdict("archive header")),
    "byline": Verdict("author"),
    "summary": Verdict("summary"),
    **dict.fromkeys("notes endnotes end-notes author-notes".split(), Verdict("author's note")),
    "landmark": Verdict("page header"),
    **dict.fromkeys("comments comment comment-list feedback kudos".split(), Verdict("comments")),
    **dict.fromkeys(
        "navigation navbar menu actions breadcrumb breadcrumbs pagination pager skip-link "
        "chapter-nav chapter-navigation site-header".split(),
        Verdict("navigation"),
    ),
    **dict.fromkeys("sidebar widget related".split(), Verdict("sidebar")),
    **dict.fromkeys("share sharing social subscribe newsletter".split(), Verdict("sharing")),
    **dict.fromkeys(
        "ad ads advert advertisement adsense promo sponsored cookie cookies".split(),
        Verdict("advertisement"),
    ),
}
"""Classes that mean this on a web page; in a book, ``notes`` may be anything."""

_ON_ARCHIVE_TAGS = {
    "aside": Verdict("aside"),
    "header": Verdict("page header", keeps_headings=True),
}
"""In a book, what stands aside may be a letter in the story."""

_REFERENCE_TEXT = re.compile(
    r"[\[({]?\s*(?:\d{1,4}[a-z]?|[*†‡§¶]{1,3}|[a-z]|[ivxl]{1,6})\s*[\])}]?"
)
_MARKED_REFERENCE = re.compile(r"\[\s*(?:\d{1,4}|[A-Za-z*†‡]|note \d+)\s*\]|[*†‡§]{1,3}")


def verdict_of(element: etree._Element, tag: str, *, on_archive: bool) -> Verdict | None:
    """Why an element is not spoken; None where it is, or where its children decide."""
    types = semantic_types(element)
    for name in types:
        if name in _BY_TYPE:
            return _BY_TYPE[name]
    classes = class_names(element)
    for name in classes:
        if name in _BY_CLASS:
            return _BY_CLASS[name]
        if on_archive and name in _ON_ARCHIVES:
            return _ON_ARCHIVES[name]
    found = _BY_ID.get((element.get("id") or "").lower())
    if found is not None:
        return found
    if tag == "a" and is_note_reference(element):
        return _NOTE_REFERENCE
    if element.get("hidden") is not None:
        return Verdict("hidden")
    return (_ON_ARCHIVE_TAGS.get(tag) if on_archive else None) or _BY_TAG.get(tag)


def is_note_reference(element: etree._Element) -> bool:
    """Whether a link is a note's number: raised, or in brackets, and to a place in a file."""
    target = attribute(element, "href")
    if "#" not in target:
        return False
    text = _short_text(element)
    if text is None or not _REFERENCE_TEXT.fullmatch(text):
        return False
    if _MARKED_REFERENCE.fullmatch(text):
        return True
    parent = element.getparent()
    is_raised = parent is not None and local_name(parent) == "sup"
    return is_raised or any(local_name(child) == "sup" for child in element)


def _short_text(element: etree._Element) -> str | None:
    """The text of an element if it is as short as a note's number."""
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > 40:
            return None
    return text.strip()


def is_break(element: etree._Element, tag: str) -> bool:
    """Whether an element without words is a scene break by its name."""
    if tag == "hr":
        return True
    return any(BREAK_CLASSES.fullmatch(name) for name in class_names(element))


def form_of(names: frozenset[str], tag: str) -> Form | None:
    """What an element's passage is by its names; None where it is as what it stands in."""
    if names & VERSE:
        return Form.VERSE
    if names & LETTERS:
        return Form.LETTER
    if names & EPIGRAPHS:
        return Form.EPIGRAPH
    return Form.QUOTE if tag == "blockquote" else None
