"""Books that the tests make: a file's bytes from its parts."""

from __future__ import annotations

import io
import re
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


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
    for key, name, more in (
        ("Title", "Title", ""),
        ("Heading1", "heading 1", "<w:rPr><w:b/></w:rPr>"),
        ("Heading2", "heading 2", ""),
        ("Mine", "My Chapter", '<w:basedOn w:val="Heading1"/>'),
        ("TOC1", "toc 1", ""),
        ("Letter", "Letter", "<w:rPr><w:i/></w:rPr>"),
    )
)


def word_run(text: str, properties: str = "") -> str:
    """A run of a word processor's paragraph; ``word_run("so", "<w:i/>")``."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def word_paragraph(content: str, style: str = "") -> str:
    """A paragraph of runs, or of plain text, in a style."""
    runs = content if content.startswith("<") or not content else word_run(content)
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{runs}</w:p>"


def word_part(tag: str, content: str) -> str:
    """A part of a DOCX."""
    return f'<?xml version="1.0"?><w:{tag} xmlns:w="{_WORD}">{content}</w:{tag}>'


def docx(paragraphs: str, *, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A DOCX of paragraphs, with a few styles."""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": word_part("document", f"<w:body>{paragraphs}</w:body>"),
            "word/styles.xml": word_part("styles", _STYLES),
            **(more or {}),
        }
    )


def fb2(
    bodies: str,
    *,
    info: str = (
        "<author><first-name>A.</first-name><last-name>Miller</last-name></author>"
        "<book-title>The Mill</book-title><lang>en</lang>"
    ),
    more: str = "",
    encoding: str = "utf-8",
) -> bytes:
    """A FictionBook."""
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        '<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" '
        'xmlns:l="http://www.w3.org/1999/xlink">'
        f"<description><title-info>{info}</title-info></description>{bodies}{more}</FictionBook>"
    ).encode(encoding)


def pdf(
    pages: Sequence[Sequence[tuple[float, float, str]]],
    *,
    info: Mapping[str, str] | None = None,
    outline: Sequence[tuple[str, int]] = (),
) -> bytes:
    """A PDF of pages of (x, y, text) in 12 point Helvetica; y counts from the bottom.

    `outline` is (title, index of the page).
    """
    kids = [5 + 2 * n for n in range(len(pages))]
    marks = 5 + 2 * len(pages)
    refs = " ".join(f"{kid} 0 R" for kid in kids)
    facts = "".join(f"/{key}({value})" for key, value in (info or {}).items())
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R/Outlines {marks} 0 R>>".encode(),
        2: f"<</Type/Pages/Count {len(pages)}/Kids[{refs}]>>".encode(),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: f"<<{facts}>>".encode(),
    }
    for kid, rows in zip(kids, pages, strict=True):
        shown = b"".join(
            b"BT /F1 12 Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (x, y, _pdf_string(text))
            for x, y, text in rows
        )
        objects[kid] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (kid + 1)
        )
        objects[kid + 1] = b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown)
    ends = f"/First {marks + 1} 0 R/Last {marks + len(outline)} 0 R" if outline else ""
    objects[marks] = f"<</Type/Outlines/Count {len(outline)}{ends}>>".encode()
    for n, (title, page) in enumerate(outline):
        here = marks + 1 + n
        following = f"/Next {here + 1} 0 R" if n + 1 < len(outline) else ""
        objects[here] = (
            f"<</Title({title})/Parent {marks} 0 R/Dest[{kids[page]} 0 R/Fit]{following}>>".encode()
        )
    return _pdf_file(objects)


def _pdf_string(text: str) -> bytes:
    return re.sub(rb"([\\()])", rb"\\\1", text.encode("cp1252"))


def _pdf_file(objects: Mapping[int, bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number in sorted(objects):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"trailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, table)
    return bytes(out)
