"""Lexicons as files of the W3C's Pronunciation Lexicon Specification 1.0."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from narrator.errors import ConfigError
from narrator.pronounce.entries import Saying, parse_saying

_NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NATIVE = "x-espeak"


def read_pls(data: bytes, name: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The entries of a PLS file, as a cast file has them; and words that cannot be said, and why.

    The preferred pronunciation of a word is taken, or else its first. Entities and whatever lies
    outside the file are not looked at.

    Raises
    ------
    ConfigError
        It is not XML, or no PLS lexicon.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise ConfigError(f"{name}: not valid XML: {exc}") from exc
    if root.tag != f"{{{_NAMESPACE}}}lexicon":
        raise ConfigError(
            f'{name}: no PLS lexicon: its root should be <lexicon xmlns="{_NAMESPACE}">'
        )
    found: dict[str, str] = {}
    refused: list[str] = []
    usual = root.get("alphabet", "ipa")
    for lexeme in root.iterfind(f"{{{_NAMESPACE}}}lexeme"):
        words = [_text(each) for each in lexeme.iterfind(f"{{{_NAMESPACE}}}grapheme")]
        text = _saying(lexeme, usual)
        for word in filter(None, words):
            try:
                parse_saying(text)
            except ValueError as exc:
                refused.append(f"{word}: {exc}")
            else:
                found.setdefault(word, text)
    return found, tuple(refused)


def _saying(lexeme: etree._Element, usual: str) -> str:
    spoken = list(lexeme.iterfind(f"{{{_NAMESPACE}}}phoneme"))
    spoken.sort(key=lambda each: each.get("prefer") != "true")
    alias = next((_text(each) for each in lexeme.iterfind(f"{{{_NAMESPACE}}}alias")), "")
    parts = [alias] if alias else []
    for each in spoken:
        alphabet = each.get("alphabet", usual)
        if alphabet in ("ipa", _NATIVE) and _text(each):
            parts.append(f"/{_text(each)}/" if alphabet == "ipa" else f"[[{_text(each)}]]")
            break
    return " ".join(parts)


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def write_pls(sayings: Mapping[str, Saying], language: str) -> bytes:
    """A PLS file that holds these entries."""
    root = etree.Element(f"{{{_NAMESPACE}}}lexicon", nsmap={None: _NAMESPACE})
    root.set("version", "1.0")
    root.set("alphabet", "ipa")
    root.set(_LANG, language)
    for word, saying in sayings.items():
        lexeme = etree.SubElement(root, f"{{{_NAMESPACE}}}lexeme")
        etree.SubElement(lexeme, f"{{{_NAMESPACE}}}grapheme").text = word
        if saying.ipa:
            etree.SubElement(lexeme, f"{{{_NAMESPACE}}}phoneme").text = saying.ipa
        if saying.native:
            phoneme = etree.SubElement(lexeme, f"{{{_NAMESPACE}}}phoneme")
            phoneme.set("alphabet", _NATIVE)
            phoneme.text = saying.native
        if saying.respelling:
            etree.SubElement(lexeme, f"{{{_NAMESPACE}}}alias").text = saying.respelling
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written
