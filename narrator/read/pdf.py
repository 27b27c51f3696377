"""A PDF to a book: the words of its pages in order, with what it says of its chapters.

A PDF knows where each letter stands and hardly ever what it belongs to: paragraphs are told by
indents and room, as in a plain text, running heads by their coming again.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from narrator.errors import StoryError
from narrator.model import Book
from narrator.read.markup.blocks import Block, BlockKind
from narrator.read.markup.characters import clean
from narrator.read.markup.story import Facts, story_of
from narrator.read.options import DEFAULT_OPTIONS, Limits, Options
from narrator.read.pages import (
    Furniture,
    PrintedParagraph,
    page_rows,
    paragraphs_of_pages,
    title_key,
    without_furniture,
    without_leading,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

_INSTALL = 'python -m pip install "narrator[pdf]"'
_MAX_DEPTH = 6
"""Of bookmarks below bookmarks."""
_FILE_NAME = re.compile(r"\.\w{2,4}$|^(?:untitled|microsoft word)\b", re.IGNORECASE)
_YEAR = re.compile(r"D:(\d{4})")


def read_pdf(data: bytes, *, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """Read a PDF; see `narrator.read.read_book`.

    Raises
    ------
    StoryError
        pypdf is not installed; or the file is damaged, protected, or has no text.
    """
    try:
        import pypdf
    except ImportError as exc:
        raise StoryError(
            f"{name} is a PDF, and reading those needs one library more: {_INSTALL}"
        ) from exc
    # It warns of what it mends; without a handler those lines would be printed.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        _refuse_protected(reader, name)
        pages = without_leading(
            [page_rows(text) for text in _page_texts(reader, name, options.limits)]
        )
        marks = _bookmarks(reader)
        facts = _facts(reader)
    except StoryError:
        raise
    except Exception as exc:  # a damaged file makes the library fail in any way there is
        raise StoryError(
            f"{name} is a damaged PDF: {type(exc).__name__}. Get the file again"
        ) from exc
    if not any(pages):
        raise StoryError(
            f"{name} has pictures of its pages and no text: run it through OCR, which reads them"
        )
    titles = [(page, title) for _, title, page in marks]
    kept, furniture = without_furniture(pages, titles)
    blocks = _blocks(list(paragraphs_of_pages(kept, titles)), furniture, marks)
    return story_of(blocks, Facts(), name=name, hints=facts)


def _refuse_protected(reader: PdfReader, name: str) -> None:
    if not reader.is_encrypted:
        return
    try:
        is_open = bool(reader.decrypt(""))
    except Exception:  # an algorithm that needs yet another library
        is_open = False
    if not is_open:
        raise StoryError(f"{name} is protected with a password: save it without one")


def _page_texts(reader: PdfReader, name: str, limits: Limits) -> Iterator[str]:
    """Each page's text, laid out with spaces and blank rows as on paper."""
    limits.check("pages", len(reader.pages), name=name, noun="pages")
    size = 0
    for page in reader.pages:
        text = clean(_laid_out(page).replace("\f", "\n"))
        size += len(text.encode("utf-8", errors="replace"))
        limits.check("text_mb", size, name=name, noun="text")
        yield text


def _laid_out(page: Any) -> str:
    text: str = page.extract_text(
        extraction_mode="layout", layout_mode_space_vertically=True, layout_mode_strip_rotated=True
    )
    return text


def _bookmarks(reader: PdfReader) -> list[tuple[int, str, int]]:
    """(depth from 1, title, index of the page) of each bookmark, in order."""
    found: list[tuple[int, str, int]] = []

    def gather(items: Any, depth: int) -> None:
        for item in items:
            if isinstance(item, list):
                if depth < _MAX_DEPTH:
                    gather(item, depth + 1)
                continue
            page = reader.get_destination_page_number(item)
            title = " ".join(clean(str(item.title or "")).split())
            if page is not None and title:
                found.append((depth, title, page))

    gather(reader.outline, 1)
    return found


def _facts(reader: PdfReader) -> Facts:
    """What the file says of itself; programs fill that with the name of a file."""
    said = reader.metadata
    if said is None:
        return Facts()
    title = " ".join(clean(str(said.title or "")).split())
    author = " ".join(clean(str(said.author or "")).split())
    year = _YEAR.match(str(said.get("/CreationDate", "")))
    return Facts(
        title=None if not title or _FILE_NAME.search(title) else title,
        author=author or None,
        year=year[1] if year else None,
    )


def _blocks(
    paragraphs: Sequence[PrintedParagraph],
    furniture: Sequence[Furniture],
    marks: Sequence[tuple[int, str, int]],
) -> list[Block]:
    """Blocks in the order of the pages, those that a bookmark names made headings."""
    levels = _heading_levels(paragraphs, marks)
    waiting = list(furniture)
    blocks: list[Block] = []
    for index, paragraph in enumerate(paragraphs):
        while waiting and waiting[0].page < paragraph.page:
            blocks.append(_furniture_block(waiting.pop(0)))
        level = levels.get(index, 0)
        blocks.append(
            Block(
                kind=BlockKind.HEADING if level else BlockKind.PARAGRAPH,
                text=paragraph.text,
                level=level,
            )
        )
    return [*blocks, *map(_furniture_block, waiting)]


def _furniture_block(furniture: Furniture) -> Block:
    return Block(kind=BlockKind.SKIP, text=furniture.text, reason=furniture.reason, floats=True)


def _heading_levels(
    paragraphs: Sequence[PrintedParagraph], marks: Sequence[tuple[int, str, int]]
) -> dict[int, int]:
    """Index of each paragraph that a bookmark names, with the bookmark's depth."""
    by_page: dict[int, list[int]] = {}
    for index, paragraph in enumerate(paragraphs):
        by_page.setdefault(paragraph.page, []).append(index)
    found: dict[int, int] = {}
    for depth, title, page in marks:
        wanted = title_key(title)
        for index in by_page.get(page, ()):
            if index not in found and wanted and title_key(paragraphs[index].text) == wanted:
                found[index] = depth
                break
    return found
