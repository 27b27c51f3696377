"""Damaged books: any bytes give a book that tiles its text, or one clear line; never a traceback.

The default run is short. Where ``CI`` is true it has 20,000 cases or two minutes, whichever ends
first. ``NARRATOR_FUZZ_CASES=100000 NARRATOR_FUZZ_SECONDS=3600 pytest tests/read/test_fuzz.py`` is
longer; ``NARRATOR_FUZZ_SEED`` begins elsewhere.
"""

from __future__ import annotations

import os
import random
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

import pytest

from narrator.errors import StoryError
from tests.read.builders import (
    METADATA,
    docx,
    epub,
    fb2,
    nav_list,
    navigation,
    pdf,
    word_paragraph,
    word_part,
    word_run,
    xhtml,
    zipped,
)
from tests.read.values import read

_IN_CI = os.environ.get("CI") == "true"
_CASES = int(os.environ.get("NARRATOR_FUZZ_CASES", "20000" if _IN_CI else "420"))
_SECONDS = float(os.environ.get("NARRATOR_FUZZ_SECONDS", "120"))
_SEED = int(os.environ.get("NARRATOR_FUZZ_SEED", "20"))
_MAX_CASE_S = 10.0
"""For one small file; a hang, not a slow machine, takes this long."""

_BODY = (
    "<h2 id='a' class='x'>Chapter 1</h2><p class='dropcap'>I</p><p>t <i>rained</i> on "
    "<b>them</b>.<a epub:type='noteref' href='#n'>1</a><br/>“So?” <span class='pagenum'>[2]</span>"
    "she said.</p><hr/><div class='poem'><p>It turned</p><p>and turned</p></div>"
    "<table><tr><td>a</td><td>b</td></tr></table><p>&nbsp;</p><img alt='mill' src='m.png'/>"
    "<ruby>b<rt>r</rt></ruby><aside id='n' epub:type='footnote'>Note.</aside>"
    "<h2 id='b'>Chapter 2</h2><pre>One\n\nTwo</pre><blockquote>Dear T.</blockquote>"
)
_JUNK = (
    b"<", b">", b"&", b'"', b"</p>", b"<p>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;",
    b"&#xD800;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"]]>", b"<![CDATA[", b"<!--", b"-->",
    b"<?xml version='1.0' encoding='utf-16'?>", b"../../../etc/hostname", b"#", b"%00", b"\r",
    "\u202e".encode(), "\u2028".encode(), b"___***___", b"<table><tr><td><td>", b"<h1>" * 9,
    b"encoding='idna'", b"id=''", b"99999999999999999999", b"linear='no'", b"PK\x03\x04",
)  # fmt: skip


def _epub_files() -> Mapping[str, str | bytes]:
    entries = [("Part One", "a.xhtml", [("Chapter 1", "a.xhtml#a"), ("2", "a.xhtml#b")])]
    return {
        "nav.xhtml": navigation(nav_list(entries)),
        "a.xhtml": xhtml(_BODY, head="<link rel='stylesheet' href='s.css'/>"),
        "b.xhtml": xhtml("<p>Copyright © 2001. All rights reserved. ISBN 1</p>"),
        "s.css": ".x { font-style: italic } .y { display: none }",
    }


def _docx() -> bytes:
    paragraphs = word_paragraph("The Mill", "Title") + word_paragraph("Chapter 1", "Heading1")
    paragraphs += word_paragraph(word_run("He ") + word_run("ran", "<w:i/>")) * 4
    note = word_part("footnotes", word_paragraph("Note."))
    return docx(paragraphs, more={"word/footnotes.xml": note})


def _fb2() -> bytes:
    section = (
        "<section><title><p>1</p></title><epigraph><p>E</p></epigraph><p>It <emphasis>is</emphasis>"
        "<a l:href='#n' type='note'>1</a></p><poem><stanza><v>a</v><v>b</v></stanza></poem>"
        "<subtitle>* * *</subtitle><p>So.</p></section>"
    )
    notes = "<body name='notes'><section id='n'><p>Note</p></section></body>"
    more = "<binary id='c'>/9j/4AAQ</binary>"
    return fb2(f"<body><title><p>The Mill</p></title>{section * 3}</body>{notes}", more=more)


def _html() -> bytes:
    head = "<title>The Mill</title><style>.x{font-style:italic}</style>"
    story = f"<dl class='meta'><dt>Language:</dt><dd>English</dd></dl><main>{_BODY * 2}</main>"
    return f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{story}</body></html>".encode()


def _markdown() -> bytes:
    return (
        b"---\ntitle: The Mill\ntags:\n  - a\n---\n# The Mill\n\n## One\n\nIt *rained* **hard**."
        b"[^1]\n\n[^1]: Note.\n\n---\n\n> Dear T.  \n> Come.\n\n<b>raw</b>\n\n"
        b"| a | b |\n|---|---|\n| c |"
    )


_PLAIN = (
    "PART ONE", "Chapter 1: Rain", "It _rained_ on\r\nthem.", "“So?” she\nsaid. “It is—”", "* * *",
    "Contents", "1. Rain ..... 4", "[Footnote 1: So.]", "CHAPTER II", "‘Yes,’ he said.", "One.",
    "    It turned\n    and turned", "THE END",
)  # fmt: skip


def _pdf() -> bytes:
    prose = ("It rained on the mill, and the", "wheel stood still the whole of the eve-", "ning.")
    pages = [
        [(72.0, 770.0, "The Mill"), (72.0, 700.0, f"Chapter {n}")]
        + [(72.0, 670.0 - 15 * row, text) for row, text in enumerate(prose)]
        + [(300.0, 40.0, str(n))]
        for n in range(1, 5)
    ]
    return pdf(pages, info={"Title": "The Mill"}, outline=[("Chapter 1", 0), ("Chapter 2", 1)])


_SOURCES: dict[str, Callable[[], bytes]] = {
    "book.epub": lambda: epub(_epub_files()),
    "book.docx": _docx,
    "book.fb2": _fb2,
    "book.html": _html,
    "book.md": _markdown,
    "book.txt": lambda: ("\n\n".join(("The Mill", "by A. Miller", *_PLAIN * 3))).encode(),
    "book.pdf": _pdf,
}


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with a few pieces changed, cut out, put in twice, moved or cut off."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(out) + 1)
        size = chance.choice((1, 2, 8, 60, 400))
        match chance.randrange(6):
            case 0 if out:
                out[at % len(out)] = chance.randrange(256)
            case 1:
                out[at:at] = chance.choice(_JUNK)
            case 2:
                del out[at : at + size]
            case 3:
                out[at:at] = out[at : at + size] * chance.choice((1, 1, 2, 40))
            case 4:
                other = chance.randrange(len(out) + 1)
                out[other : other + size] = out[at : at + size]
            case _:
                if chance.random() < 0.2:
                    del out[at:]
    return bytes(out)


def _mutated_inside(data: bytes, chance: random.Random) -> bytes:
    """A zip archive of which one or two members are changed, lost or renamed."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        files: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}
    for _ in range(chance.randint(1, 2)):
        name = chance.choice(list(files))
        content = files.pop(name)
        assert isinstance(content, bytes)
        fate = chance.random()
        if fate < 0.05:
            continue
        files[f"../{name}" if fate < 0.1 else name] = _mutated(content, chance)
    return zipped(files)


def _refusal(data: bytes, name: str) -> str:
    """What a reader says against a file; empty where it reads it."""
    try:
        book = read(data, name)
    except StoryError as error:
        return str(error)
    assert book.title
    return ""


_touched: list[str] | None = None
_REACHING = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.rename", "os.mkdir")


def _hook(event: str, args: tuple[object, ...]) -> None:
    if _touched is None:
        return
    is_written = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if event in _REACHING or (is_written and "__pycache__" not in str(args[0])):
        _touched.append(f"{event} {args[:2]}")


sys.addaudithook(_hook)


@pytest.fixture
def touched() -> Iterator[list[str]]:
    """What is written, started or connected to while the test runs."""
    global _touched
    _touched = []
    yield _touched
    _touched = None


@pytest.mark.parametrize("name", _SOURCES)
def test_no_bytes_are_too_bad(name: str, touched: list[str]) -> None:
    source = _SOURCES[name]()
    read(source, name)
    touched.clear()
    chance = random.Random(f"{_SEED} {name}")
    outcomes = {True: 0, False: 0}
    ends = time.monotonic() + _SECONDS / len(_SOURCES)
    for case in range(max(1, _CASES // len(_SOURCES))):
        if time.monotonic() > ends:
            break
        is_inside = source.startswith(b"PK") and chance.random() < 0.8
        data = (_mutated_inside if is_inside else _mutated)(source, chance)
        begun = time.monotonic()
        refusal = _refusal(data, name)
        assert "\n" not in refusal, (name, case)
        assert not touched, (name, case, touched)
        outcomes[not refusal] += 1
        assert time.monotonic() - begun < _MAX_CASE_S, (name, case)
    # A PDF's parts are found by their places in the file: hardly any damage leaves them there.
    share = 0.2 if name == "book.pdf" else 0.5
    assert outcomes[True] > share * sum(outcomes.values()), "so damaged a file tests little"


def test_metadata_of_any_kind_is_read() -> None:
    chance = random.Random(_SEED)
    for _ in range(min(1000, max(1, _CASES // 20))):
        said = _mutated(METADATA.encode(), chance).decode("utf-8", errors="replace")
        data = epub({"a.xhtml": xhtml("<p>It rained.</p>")}, metadata=said)
        assert "\n" not in _refusal(data, "book.epub")
