"""Markdown to a book: CommonMark with footnotes and tables, a block of keys on top."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from narrator.model import Book
from narrator.read.decode import decode
from narrator.read.header import Header
from narrator.read.markup.blocks import Block, BlockKind
from narrator.read.markup.choices import as_chosen
from narrator.read.markup.notes import find_notes
from narrator.read.markup.parse import parse_html_text
from narrator.read.markup.story import Facts, story_of
from narrator.read.markup.walk import blocks_of, resolve_within
from narrator.read.options import DEFAULT_OPTIONS, Options

_FRONT = re.compile(r"\s*---[ \t]*\n(?P<rows>(?:.*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_KEY = re.compile(r"(?P<key>[A-Za-z][\w -]{0,40}):(?:[ \t]+(?P<value>.*))?")
_RULE_BELOW = re.compile(r"^(.*[.!?…:\"'”’»*_)])[ \t]*\n([-=]{3,})[ \t]*$", re.MULTILINE)
"""A scene break without a blank row above it: Markdown would make the paragraph a heading."""


def read_markdown(data: bytes, *, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """Read a Markdown file; see `narrator.read.read_book`.

    Raises
    ------
    StoryError
        It is no text, is too long, or holds nothing to speak.
    """
    options.limits.check("text_mb", len(data), name=name, noun="text")
    text = decode(data, name=name).replace("\r\n", "\n").replace("\r", "\n")
    front, facts, body = _front_matter(text)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    # In a draft four spaces indent a paragraph; they quote no program.
    parser.disable("code")
    rendered = parser.render(_RULE_BELOW.sub("\\1\n\n\\2", body))
    root = parse_html_text(
        f"<html><body>{rendered}</body></html>", name=name, limits=options.limits
    )
    blocks = []
    if root is not None:
        notes = find_notes([("", root)], resolve_within)
        blocks = blocks_of(root, notes=notes, reading=options.reading)
    return story_of([*front, *as_chosen(blocks, options.reading)], facts, name=name)


def _front_matter(text: str) -> tuple[list[Block], Facts, str]:
    """The ``key: value`` rows between two rules on top, what they say, and the text below."""
    match = _FRONT.match(text)
    if match is None:
        return [], Facts(), text
    rows = [row for row in match["rows"].split("\n") if row.strip()]
    if not rows or _KEY.fullmatch(rows[0]) is None:
        return [], Facts(), text
    header = Header()
    for key, value in _entries(rows):
        header.learn(key, value)
    facts = Facts(
        title=header.title,
        author=header.author,
        language=header.language,
        year=header.year,
        summary=header.summary,
        series=header.series,
        details=tuple(header.details),
    )
    block = Block(kind=BlockKind.SKIP, text="\n".join(rows), reason="front matter")
    return [block], facts, text[match.end() :]


def _entries(rows: list[str]) -> list[tuple[str, str]]:
    """Keys with their values; a value may run on, or be a list, in the rows below."""
    found: list[tuple[str, list[str]]] = []
    listed: set[int] = set()
    for row in rows:
        match = _KEY.fullmatch(row)
        if match is not None:
            found.append((match["key"], [_bare(match["value"] or "")]))
        elif found:
            if row.lstrip().startswith("- "):
                listed.add(len(found) - 1)
            found[-1][1].append(_bare(row.strip().removeprefix("- ")))
    return [
        (key, (", " if index in listed else " ").join(filter(None, values)))
        for index, (key, values) in enumerate(found)
    ]


def _bare(value: str) -> str:
    bare = value.strip()
    if bare in ("|", ">", "|-", ">-"):
        return ""
    if bare[:1] == "[" and bare[-1:] == "]":
        return ", ".join(_bare(part) for part in bare[1:-1].split(","))
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'":
        return bare[1:-1]
    return bare
