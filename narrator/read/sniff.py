"""What a file is, told from its content: names lie, and some files have none."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from pathlib import PurePath

_ZIP = b"PK\x03\x04"
_ZIPPED = (".epub", ".docx")
_HEAD_BYTES = 4096
_FICTION_BOOK = re.compile(rb"<(?:\w+:)?FictionBook\b")
_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s++html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def suffix_of(data: bytes, name: str) -> str:
    """The suffix by which to choose a reader: what the content shows, else what the name says."""
    said = PurePath(name).suffix.lower()
    seen = seen_suffix(data)
    if seen is not None:
        return seen
    # What no zip archive is cannot be one of these; it may be text all the same.
    return ".txt" if said in _ZIPPED and not data.startswith(_ZIP) else said


def seen_suffix(data: bytes) -> str | None:
    """The suffix of the format that a file's content shows; None where it shows none.

    EPUB, DOCX and FictionBook in a zip archive, PDF, FictionBook and HTML by how they begin.
    Anything else may be text in any markup, and its name decides.
    """
    if data.startswith(_ZIP):
        return _zip_suffix(data)
    head = data[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8)
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if _FICTION_BOOK.search(head) and head.lstrip().startswith(b"<"):
        return ".fb2"
    return ".html" if _HTML.match(head) else None


def _zip_suffix(data: bytes) -> str | None:
    if b"mimetypeapplication/epub+zip" in data[:128]:
        return ".epub"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return None
    if "meta-inf/container.xml" in names or any(name.endswith(".opf") for name in names):
        return ".epub"
    if "word/document.xml" in names or "[content_types].xml" in names:
        return ".docx"
    return ".fb2" if len(names) == 1 and next(iter(names)).endswith(".fb2") else None
