"""How long the text half takes: an EPUB of 120,000 words, made of a novel, read and scripted.

    python benchmarks/reading.py --corpus PATH/TO/NOVEL.txt

The novel is read, cut or repeated to --words, and written as an EPUB in a temporary folder, a
document for each chapter. Each stage is timed on one core, the best of --runs.
"""

from __future__ import annotations

import argparse
import html
import io
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from narrator.attribute import attribute
from narrator.ledger import check_segments
from narrator.model import Book
from narrator.read import read_book
from narrator.segment import segment

T = TypeVar("T")

_CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="a novel as plain text")
    parser.add_argument("--words", type=int, default=120_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    novel = read_book(options.corpus.read_bytes(), name=options.corpus.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "novel.epub"
        path.write_bytes(_epub(_chapters(novel, options.words)))
        rows = min((_timed(path) for _ in range(options.runs)), key=lambda found: found[-1][1])
        size = path.stat().st_size
    print(f"{options.words:,} words, {size / 1e6:.2f} MB of EPUB, best of {options.runs}\n")
    for name, seconds in rows:
        print(f"{name:<12}{seconds:>8.2f} s")


def _timed(path: Path) -> list[tuple[str, float]]:
    rows: list[tuple[str, float]] = []

    def timed(name: str, act: Callable[[], T]) -> T:
        begun = time.process_time()
        found = act()
        rows.append((name, time.process_time() - begun))
        return found

    book = timed("read", lambda: read_book(path.read_bytes(), name=path.name))
    segments = timed("segment", lambda: segment(book))
    timed("check", lambda: check_segments(book, segments))
    timed("attribute", lambda: attribute(book, segments))
    return [*rows, ("together", sum(seconds for _, seconds in rows))]


def _chapters(novel: Book, words: int) -> list[list[str]]:
    """Paragraphs of chapters, in all of so many words."""
    found: list[list[str]] = []
    left = words
    while left > 0:
        for chapter in novel.chapters:
            paragraphs = [" ".join(p.split()) for p in chapter.text.split("\n\n") if p.strip()]
            kept = []
            for paragraph in paragraphs:
                if left > 0:
                    kept.append(paragraph)
                    left -= len(paragraph.split())
            if kept:
                found.append(kept)
    return found


def _epub(chapters: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    numbers = range(1, len(chapters) + 1)
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in numbers
    )
    links = "".join(f'<li><a href="c{n}.xhtml">Chapter {n}</a></li>' for n in numbers)
    refs = "".join(f'<itemref idref="c{n}"/>' for n in numbers)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr(
            "book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A Novel</dc:title></metadata>'
            '<manifest><item id="nav" href="nav.xhtml" properties="nav" '
            f'media-type="application/xhtml+xml"/>{items}</manifest><spine>{refs}</spine></package>',
        )
        archive.writestr("nav.xhtml", _page(f'<nav epub:type="toc"><ol>{links}</ol></nav>'))
        for n, paragraphs in zip(numbers, chapters, strict=True):
            body = "".join(f"<p>{html.escape(p, quote=False)}</p>" for p in paragraphs)
            archive.writestr(f"c{n}.xhtml", _page(f"<h2>Chapter {n}</h2>{body}"))
    return out.getvalue()


def _page(body: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>x</title></head><body>{body}</body></html>"
    )


if __name__ == "__main__":
    main()
