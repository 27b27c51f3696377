"""A page saved from the web to a book: a story from an archive, or any page that holds one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from narrator.errors import StoryError
from narrator.model import Book
from narrator.read.header import Header
from narrator.read.markup.blocks import Block, BlockKind
from narrator.read.markup.characters import clean
from narrator.read.markup.choices import as_chosen
from narrator.read.markup.notes import find_notes
from narrator.read.markup.parse import attribute, class_names, local_name, parse_html
from narrator.read.markup.rules import SILENT
from narrator.read.markup.shown import shown_text
from narrator.read.markup.story import Facts, story_of
from narrator.read.markup.styles import read_styles
from narrator.read.markup.walk import blocks_of, resolve_within
from narrator.read.options import DEFAULT_OPTIONS, Options

_MIN_SHARE = 0.25
"""Of a page's text, for an element to be taken for the story's; readers' comments are long."""
_MOST = 0.5
"""An element with more of the page's text is not dropped, whatever it is called."""
_STORY_IDS = ("workskin", "storytext", "storytextp", "storycontent")
_STORY_CLASSES = frozenset(
    "storytext storycontent story-content chapter-content chapter-inner entry-content "
    "post-content article-body".split()
)
_DROPPED_TAGS = frozenset("form fieldset aside footer header nav".split())
_SITE = re.compile(r"\s+(?:\||::)\s+.*", re.DOTALL)


def read_html(data: bytes, *, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """Read an HTML page; see `narrator.read.read_book`.

    Raises
    ------
    StoryError
        It has no text, is too large, or nests its elements too deeply.
    """
    root = parse_html(data, name=name, limits=options.limits)
    if root is None:
        raise StoryError(f"{name} has no words in it: there is nothing to speak")
    body = next((e for e in root.iter() if local_name(e) == "body"), root)
    sizes = _sizes(body)
    facts = _archive_facts(body)
    _spare_the_story(body, sizes)
    story = _story_root(body, sizes)
    styles = read_styles(
        "".join(element.itertext()) for element in root.iter() if local_name(element) == "style"
    )
    blocks = blocks_of(
        story,
        styles=styles,
        notes=find_notes([("", story)], resolve_within),
        on_archive=True,
        reading=options.reading,
    )
    before, after = _around(story, body)
    chosen = as_chosen([*before, *blocks, *after], options.reading)
    return story_of(chosen, facts, name=name, hints=_page_facts(root))


def _sizes(body: etree._Element) -> dict[etree._Element, int]:
    """Code points of text in every element."""
    sizes: dict[etree._Element, int] = {}
    for element in reversed(list(body.iter())):
        own = 0 if local_name(element) in SILENT else len((element.text or "").strip())
        size = sizes.get(element, 0) + own
        sizes[element] = size
        parent = element.getparent()
        if parent is not None:
            sizes[parent] = sizes.get(parent, 0) + size + len((element.tail or "").strip())
    return sizes


def _spare_the_story(body: etree._Element, sizes: dict[etree._Element, int]) -> None:
    """Take names away from elements that hold most of the page, lest they drop the story."""
    for element in body.iter():
        if sizes.get(element, 0) > _MOST * sizes[body]:
            if local_name(element) in _DROPPED_TAGS:
                element.tag = "div"
            if element.get("class") and element is not body:
                kept = class_names(element) & (_STORY_CLASSES | {"userstuff", "poem", "verse"})
                element.set("class", " ".join(sorted(kept)))


def _story_root(body: etree._Element, sizes: dict[etree._Element, int]) -> etree._Element:
    """The element that holds the story, its title included where that can be told."""
    least = _MIN_SHARE * sizes[body]
    wide = [e for e in body.iter() if sizes.get(e, 0) >= least]
    articles = [e for e in wide if local_name(e) == "article"]
    for chosen in (
        [e for e in wide if e.get("id") == "workskin"],
        [e for e in wide if local_name(e) == "main" or e.get("role") == "main"],
        articles if len(articles) == 1 else [],
        [e for e in wide if (e.get("id") or "").lower() in _STORY_IDS],
        [e for e in wide if class_names(e) & _STORY_CLASSES],
    ):
        if chosen:
            return chosen[0]
    return body


def _around(story: etree._Element, body: etree._Element) -> tuple[list[Block], list[Block]]:
    """What the page shows before and after the story."""
    before: list[str] = []
    after: list[str] = []
    inner = story
    while inner is not body:
        outer = inner.getparent()
        if outer is None:
            break
        place = outer.index(inner)
        head = [outer.text or "", *_shown(outer[:place])]
        before = [*head, *before]
        after += [inner.tail or "", *_shown(outer[place + 1 :])]
        inner = outer
    return _skip(before), _skip(after)


def _shown(elements: Iterable[etree._Element]) -> list[str]:
    found: list[str] = []
    for element in elements:
        if local_name(element) not in SILENT:
            found += shown_text(element)
        found.append(element.tail or "")
    return found


def _skip(pieces: Iterable[str]) -> list[Block]:
    text = " ".join(clean(" ".join(pieces)).split())
    return [Block(kind=BlockKind.SKIP, text=text, reason="page around the story")] if text else []


def _words(element: etree._Element) -> str:
    return " ".join(clean(" ".join(shown_text(element))).split())


def _page_facts(root: etree._Element) -> Facts:
    """What the head of a page says."""
    metas: dict[str, str] = {}
    title = None
    for element in root.iter():
        tag = local_name(element)
        if tag == "body":
            break
        if tag == "title" and title is None:
            title = _SITE.sub("", " ".join(clean("".join(element.itertext())).split())) or None
        elif tag == "meta":
            key = (attribute(element, "name") or attribute(element, "property")).lower()
            metas.setdefault(key, " ".join(clean(attribute(element, "content")).split()))
    header = Header()
    header.learn("language", root.get("lang") or "")
    return Facts(
        title=metas.get("dc.title") or title,
        author=metas.get("author") or metas.get("dc.creator") or None,
        language=header.language,
        summary=metas.get("description") or metas.get("og:description") or None,
    )


def _archive_facts(body: etree._Element) -> Facts:
    """What the archive's own list of a work's data says of it."""
    header = Header()
    authors: list[str] = []
    for element in body.iter():
        tag, names = local_name(element), class_names(element)
        if tag == "dl" and names & {"meta", "tags", "stats"}:
            _learn_list(header, element)
        elif tag == "a" and "author" in (element.get("rel") or "").split():
            authors.append(_words(element))
        elif tag == "blockquote" and header.summary is None and _is_summary(element):
            header.learn("summary", _words(element))
    return Facts(
        author=" & ".join(dict.fromkeys(filter(None, authors))) or None,
        language=header.language,
        year=header.year,
        summary=header.summary,
        series=header.series,
        details=tuple(header.details),
    )


def _learn_list(header: Header, listed: etree._Element) -> None:
    key = ""
    for element in listed:
        if local_name(element) == "dt":
            key = _words(element).rstrip(":")
        elif local_name(element) == "dd" and key:
            value = _words(element)
            header.learn(key, value)
            published = re.search(r"Published:\s*(\d{4})", value)
            if published:
                header.year = header.year or published[1]


def _is_summary(quote: etree._Element) -> bool:
    """Whether a block quote is the summary of the whole work, not of a chapter."""
    above = quote.getprevious()
    if above is not None and _words(above).rstrip(":").lower() == "summary":
        return not any((e.get("id") or "").startswith("chapter") for e in quote.iterancestors())
    return False
