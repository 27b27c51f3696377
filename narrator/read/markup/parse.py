"""Bytes of a marked-up document to a tree of elements, whatever state they are in.

No document type is read: its entities are not defined, so none can grow or reach for a file, and
the parser has no network. The names that HTML defines are put in before parsing.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from html.entities import html5

from lxml import etree

from narrator.errors import StoryError
from narrator.read.decode import decode
from narrator.read.options import Limits

_MAX_NUL_SHARE = 0.05
"""Of a document's bytes: a few are debris, many are UTF-16 or no text."""
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']"
    rb"|<meta[^>]{0,300}?charset\s*=\s*[\"']?([\w.:-]{2,40})",
    re.IGNORECASE,
)
_KNOWN_ENCODING = re.compile(
    r"(?:utf-?8|utf-?16|us-ascii|ascii|iso-?8859|latin|windows|cp|koi8|mac|gb|big5|shift|sjis|euc|"
    r"tis)",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_NUMBERED = re.compile(r"&#(x[0-9a-f]+|[0-9]+);?", re.IGNORECASE)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_OPS = "http://www.idpf.org/2007/ops"


def markup_text(data: bytes, *, name: str, limits: Limits) -> str:
    """Text of a document, in the encoding that it declares or shows.

    Raises
    ------
    StoryError
        It is too long, or is no text.
    """
    limits.check("text_mb", len(data), name=name, noun="text")
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data, name=name)
    declared = _DECLARED.search(data[:4096])
    encoding = (declared[1] or declared[2]).decode("ascii") if declared else "utf-8"
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    is_wide = re.match(r"utf-?(?:8|16)", encoding, re.IGNORECASE) is not None
    if not is_wide and _KNOWN_ENCODING.match(encoding):
        try:
            return data.decode(encoding, errors="replace")
        except (LookupError, UnicodeError):
            pass  # no such encoding here: what the bytes show counts
    if data.count(0) < _MAX_NUL_SHARE * len(data):
        data = data.replace(b"\0", b"")
    return decode(data, name=name)


def parse_xml(data: bytes, *, name: str, limits: Limits) -> etree._Element | None:
    """Tree of an XML document, mended where it is broken; None where there is nothing to mend.

    Raises
    ------
    StoryError
        It is too large, or is no text.
    """
    text = markup_text(data, name=name, limits=limits)
    return _parse_xml(_ready(text, name, limits), name, recover=True)


def parse_html(data: bytes, *, name: str, limits: Limits) -> etree._Element | None:
    """Tree of an HTML or XHTML document; None where it has no element.

    Well-formed XML is read as such, so that ``<a id="x"/>`` ends where it says; anything else as
    browsers read it.

    Raises
    ------
    StoryError
        It is too large, or is no text.
    """
    text = markup_text(data, name=name, limits=limits)
    return parse_html_text(text, name=name, limits=limits)


_HTML_ENDS = re.compile(r"</html\s*>", re.IGNORECASE)
_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)


def parse_html_text(text: str, *, name: str, limits: Limits) -> etree._Element | None:
    """Tree of an HTML document that is decoded already; see `parse_html`."""
    ready = _ready(text, name, limits)
    root = _parse_xml(ready, name, recover=False) if "<" in ready[:200] else None
    if root is not None and local_name(root) == "html":
        return root
    end = _HTML_ENDS.search(ready)
    if end is not None and ready[end.end() :].strip():
        # As browsers do: what comes after the end still belongs to the body.
        ready = _ENDS.sub("", ready)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        html_root = etree.fromstring(ready.encode("utf-8"), parser)
    except (etree.ParseError, ValueError):
        return None
    _refuse_excess(parser, name)
    return html_root


def _refuse_excess(parser: etree.XMLParser | etree.HTMLParser, name: str) -> None:
    """Say so where the parser stopped at a limit of its own: what follows would be lost."""
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise StoryError(f"{name} nests its elements too deeply to be a book")


def _ready(text: str, name: str, limits: Limits) -> str:
    """A document without declarations, entities and characters that would stop the parser."""
    limits.check("elements", text.count("<") // 2, name=name, noun="elements")
    text = _DECLARATION.sub("", _ILLEGAL.sub("", text), count=1)
    text = _NUMBERED.sub(_character, _without_doctype(text))
    return _NAMED_ENTITY.sub(_entity, text)


def _without_doctype(text: str) -> str:
    match = _DOCTYPE.search(text, 0, 100_000)
    if match is None:
        return text
    end = match.end()
    if text.startswith("[", end):
        subset = _SUBSET_END.search(text, end)
        end = subset.end() - 1 if subset else end
    return text[: match.start()] + text[end + text.startswith(">", end) :]


def _character(match: re.Match[str]) -> str:
    """A reference by number; one to what is no character would be passed on as broken text."""
    digits = match[1]
    if len(digits) > 10:
        return "\ufffd"
    value = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    is_char = value in (9, 10, 13) or 0x20 <= value < 0xD800 or 0xE000 <= value < 0x110000
    return match[0] if is_char and value not in (0xFFFE, 0xFFFF) else "\ufffd"


def _entity(match: re.Match[str]) -> str:
    if match[1] in _XML_NAMES:
        return match[0]
    return html5.get(match[1] + ";", match[0])


def _parse_xml(text: str, name: str, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    try:
        # With recovery the parser may return nothing, whatever its types say.
        root: etree._Element | None = etree.fromstring(text.strip().encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if recover:
        _refuse_excess(parser, name)
    return root


def local_name(element: etree._Element) -> str:
    """An element's name in lower case without its namespace; empty for what is no element."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def attribute(element: etree._Element, name: str) -> str:
    """An attribute whatever its namespace: ``href`` finds ``xlink:href``; empty where it is not."""
    value = element.get(name)
    if value is not None:
        return value
    for key, found in element.attrib.items():
        if str(key).rpartition("}")[2].rpartition(":")[2] == name:
            return str(found)
    return ""


def semantic_types(element: etree._Element) -> frozenset[str]:
    """What ``epub:type`` and ``role`` call an element, ``doc-`` left out."""
    value = element.get(f"{{{_OPS}}}type") or element.get("epub:type") or ""
    roles = element.get("role") or ""
    return frozenset(word.removeprefix("doc-") for word in f"{value} {roles}".lower().split())


def class_names(element: etree._Element) -> frozenset[str]:
    """The classes of an element, in lower case."""
    return frozenset((element.get("class") or "").lower().split())
