"""Books that the tests make: a file's bytes from its parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

_CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
METADATA = (
    "<dc:title>The Mill</dc:title><dc:creator>A. Miller</dc:creator><dc:language>en</dc:language>"
)
_TYPES = {
    "xhtml": "application/xhtml+xml",
    "html": "application/xhtml+xml",
    "ncx": "application/x-dtbncx+xml",
    "css": "text/css",
    "jpg": "image/jpeg",
}


def zipped(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive that holds `files`, in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def xhtml(body: str, *, head: str = "", attributes: str = "") -> str:
    """A document of an EPUB."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>x</title>{head}</head><body{attributes}>{body}</body></html>"
    )


def nav_list(
    entries: Sequence[tuple[str, str] | tuple[str, str, Sequence[tuple[str, str]]]],
) -> str:
    """A list of (title, href) or (title, href, entries below it)."""
    items = ""
    for title, href, *below in entries:
        link = f'<a href="{href}">{title}</a>' if href else f"<span>{title}</span>"
        items += f"<li>{link}{nav_list(list(below[0])) if below else ''}</li>"
    return f"<ol>{items}</ol>"


def navigation(entries: str, more: str = "") -> str:
    """A navigation document."""
    return xhtml(f'<nav epub:type="toc">{entries}</nav>{more}')


def package(
    names: Sequence[str],
    *,
    metadata: str = METADATA,
    spine: str | None = None,
    manifest: str = "",
    after: str = "",
) -> str:
    """An OPF that lists `names`; in its spine all documents, where `spine` says nothing else."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="{_TYPES[name.rsplit(".")[-1]]}"'
        + (' properties="nav"' if name == "nav.xhtml" else "")
        + "/>"
        for n, name in enumerate(names)
    )
    refs = "".join(
        f'<itemref idref="i{n}"/>'
        for n, name in enumerate(names)
        if name.endswith("html") and name != "nav.xhtml"
    )
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>'
        f"<manifest>{items}{manifest}</manifest>"
        f"<spine>{refs if spine is None else spine}</spine>{after}</package>"
    )


def epub(
    files: Mapping[str, str | bytes],
    *,
    metadata: str = METADATA,
    spine: str | None = None,
    manifest: str = "",
    after: str = "",
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An EPUB whose package stands beside `files`; `more` are files at paths from the root."""
    opf = package(list(files), metadata=metadata, spine=spine, manifest=manifest, after=after)
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "OEBPS/book.opf": opf,
            **{f"OEBPS/{name}": data for name, data in files.items()},
            **(more or {}),
        }
    )


def plain_epub(*chapters: tuple[str, str]) -> bytes:
    """An EPUB of (title, XHTML of its paragraphs), a document for each, with a nav."""
    files = {
        f"c{n}.xhtml": xhtml(f"<h2>{title}</h2>{body}") for n, (title, body) in enumerate(chapters)
    }
    entries = [(title, f"c{n}.xhtml") for n, (title, _) in enumerate(chapters)]
    return epub({"nav.xhtml": navigation(nav_list(entries)), **files})
