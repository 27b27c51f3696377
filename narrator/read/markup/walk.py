"""A tree of HTML elements to blocks of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from narrator.model import Form
from narrator.read.markup.blocks import SCENE_BREAK, Block, BlockKind
from narrator.read.markup.characters import clean
from narrator.read.markup.inline import Run, collapse, paragraphs
from narrator.read.markup.parse import attribute, class_names, local_name, semantic_types
from narrator.read.markup.rows import Rows
from narrator.read.markup.rules import (
    BLOCKS,
    BOLD,
    DROP_CAPS,
    EPIGRAPHS,
    HEADINGS,
    ITALIC,
    SILENT,
    VERSE,
    Verdict,
    form_of,
    is_break,
    verdict_of,
)
from narrator.read.markup.shown import (
    after_drop_cap,
    alt_text,
    alt_words,
    keys_of,
    plain_text,
    shown_text,
)
from narrator.read.markup.styles import Look, Styles, look_of
from narrator.read.options import Choice, Notes, Reading

_MAX_HEADING_CHARS = 320
"""A longer one is a paragraph that was marked up for its looks."""
_MAX_STANZA_CHARS = 4000
_WHITE = re.compile(r"\s+")


_READING = Reading()


def resolve_within(_source: str, href: str) -> str:
    """A link inside a file, which may say its whole address, as the anchor it leads to."""
    return "#" + href.partition("#")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What holds inside an element."""

    is_block: bool = False
    italic: bool = False
    bold: bool = False
    level: int = 0
    verse: bool = False
    epigraph: bool = False
    form: Form | None = None
    pre: bool = False
    reason: str = ""
    """Why what it holds is skipped, headings left out."""
    drop_cap: bool = False
    silent: bool = False


def blocks_of(
    root: etree._Element,
    *,
    source: str = "",
    styles: Styles | None = None,
    notes: frozenset[etree._Element] = frozenset(),
    on_archive: bool = False,
    reading: Reading = _READING,
    resolve: Callable[[str, str], str] = resolve_within,
) -> list[Block]:
    """The blocks of a document, in order.

    Parameters
    ----------
    root
        Its tree, or the part of it to read.
    source
        Name of its file; begins each anchor.
    styles
        What its style sheets say about classes.
    notes
        Elements that are notes, found by the links to them.
    on_archive
        Whether it is a page of an archive of stories, not of a book.
    reading
        Tables that are not to be read are skipped; the rest is `as_chosen`'s.
    resolve
        (name of the file, ``href``) to ``name#fragment``.
    """
    walk = _Walk(
        source=source,
        styles=styles or Styles(),
        notes=notes,
        on_archive=on_archive,
        reading=reading,
        resolve=resolve,
    )
    return walk.run(root)


class _Walk:
    """The state of one walk through a tree."""

    def __init__(
        self,
        *,
        source: str,
        styles: Styles,
        notes: frozenset[etree._Element],
        on_archive: bool,
        reading: Reading,
        resolve: Callable[[str, str], str],
    ) -> None:
        self._source = source
        self._styles = styles
        self._notes = notes
        self._on_archive = on_archive
        self._reading = reading
        self._resolve = resolve
        self._blocks: list[Block] = []
        self._stack = [_Frame()]
        self._runs: list[Run] = []
        self._floats: list[Block] = []
        self._anchors: list[str] = []
        self._late_anchors: list[str] = []
        self._drop_cap = ""
        self._held = ""
        self._rows = Rows()
        self._stanza: etree._Element | None = None
        self._stanza_end = -1

    def run(self, root: etree._Element) -> list[Block]:
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            tag = local_name(element)
            if event == "start":
                if self._start(element, tag):
                    self._text(element.text)
                else:
                    events.skip_subtree()
                continue
            self._end(element, tag)
            if element is not root:
                self._text(element.tail)
        self._flush()
        return self._blocks

    def _start(self, element: etree._Element, tag: str) -> bool:
        """Enter an element; whether to go on to what it holds."""
        frame = self._stack[-1]
        if tag in SILENT or not tag:
            self._stack.append(replace(frame, silent=True, is_block=False))
            return False
        is_cell = tag in ("td", "th") and self._rows.hold(element)
        is_block = tag in BLOCKS and not is_cell
        if is_block:
            self._flush()
        self._learn_anchor(element)
        looks = self._looks(element)
        verdict = self._verdict(element, tag, looks)
        if verdict is not None and not verdict.keeps_headings:
            self._skip(element, verdict)
            self._stack.append(replace(frame, silent=True, is_block=is_block))
            return False
        if tag == "br":
            self._runs.append(Run("\n", frame.italic, frame.bold))
        elif tag in ("img", "image"):
            self._picture(element)
        elif is_cell:
            self._part_cells(element)
        inner = self._frame(element, tag, frame, looks, verdict)
        self._stack.append(replace(inner, is_block=is_block))
        return True

    def _frame(
        self,
        element: etree._Element,
        tag: str,
        frame: _Frame,
        looks: list[Look],
        verdict: Verdict | None,
    ) -> _Frame:
        names = class_names(element) | semantic_types(element)
        italic = frame.italic or tag in ITALIC
        bold = frame.bold or tag in BOLD
        for look in looks:
            italic = italic if look.italic is None else look.italic
            bold = bold if look.bold is None else look.bold
        return _Frame(
            italic=italic,
            bold=bold,
            level=HEADINGS.get(tag, frame.level),
            verse=frame.verse or bool(names & VERSE),
            epigraph=frame.epigraph or bool(names & EPIGRAPHS),
            form=form_of(names, tag) or frame.form,
            pre=frame.pre or tag == "pre",
            reason=verdict.reason if verdict is not None else frame.reason,
            drop_cap=bool(names & DROP_CAPS),
        )

    def _looks(self, element: etree._Element) -> list[Look]:
        looks = self._styles.of(class_names(element)) if self._styles.classes else []
        style = element.get("style")
        return [*looks, look_of(style)] if style else looks

    def _verdict(self, element: etree._Element, tag: str, looks: list[Look]) -> Verdict | None:
        if element in self._notes:
            return Verdict("footnote", floats=True)
        if any(look.hidden for look in looks):
            return Verdict("hidden")
        if tag == "table" and self._reading.tables is Choice.SKIP:
            return Verdict("table", keeps_headings=True)
        return verdict_of(element, tag, on_archive=self._on_archive)

    def _end(self, element: etree._Element, tag: str) -> None:
        frame = self._stack.pop()
        if frame.is_block:
            is_empty = not self._runs or not "".join(run.text for run in self._runs).strip()
            if not frame.silent and is_empty and self._is_bare(element):
                self._empty(element, tag)
            before = len(self._blocks)
            self._flush(frame)
            if frame.verse:
                self._join_verse(element, before)
        elif frame.drop_cap and not frame.silent:
            self._drop_cap_ended()
        self._rows.leave(element)

    def _is_bare(self, element: etree._Element) -> bool:
        return len(element) == 0 or not any(local_name(child) in BLOCKS for child in element)

    def _empty(self, element: etree._Element, tag: str) -> None:
        """An element without words: a break, or space."""
        if is_break(element, tag):
            kind = BlockKind.BREAK
        elif any(alt_words(e) for e in element.iter("{*}img", "{*}image")):
            return
        elif tag == "p" or (tag == "div" and (element.text or "").strip(" \n\t")):
            kind = BlockKind.BLANK
        else:
            return
        text = SCENE_BREAK if kind is BlockKind.BREAK else ""
        self._runs.clear()
        self._blocks.append(Block(kind=kind, text=text, anchors=self._take_anchors()))

    def _learn_anchor(self, element: etree._Element) -> None:
        for key in ("id", "{http://www.w3.org/XML/1998/namespace}id"):
            value = element.get(key)
            if value:
                self._late_anchors.append(f"{self._source}#{value}")
        if local_name(element) == "a" and element.get("name"):
            self._late_anchors.append(f"{self._source}#{element.get('name')}")

    def _take_anchors(self) -> tuple[str, ...]:
        taken = tuple(dict.fromkeys([*self._anchors, *self._late_anchors]))
        self._anchors, self._late_anchors = [], []
        return taken

    def _text(self, text: str | None) -> None:
        frame = self._stack[-1]
        if not text or frame.silent:
            return
        cleaned = clean(text)
        if frame.pre:
            cleaned = cleaned.replace("\r\n", "\n").replace("\r", "\n")
        else:
            cleaned = collapse(cleaned)
        if self._held and cleaned.strip():
            self._drop_cap, self._held = self._held, ""
            self._runs.append(Run(self._drop_cap))
        if self._drop_cap and self._runs:
            cleaned = after_drop_cap(self._drop_cap, cleaned)
            self._drop_cap = "" if cleaned.strip() else self._drop_cap
        if cleaned.strip():
            self._anchors += self._late_anchors
            self._late_anchors = []
        self._runs.append(Run(cleaned, frame.italic, frame.bold))

    def _drop_cap_ended(self) -> None:
        said = "".join(run.text for run in self._runs[:8]).strip()
        if 1 <= len(said) <= 3:
            self._drop_cap = said[-1]

    def _skip(self, element: etree._Element, verdict: Verdict) -> None:
        is_in_place = self._reading.footnotes is Notes.IN_PLACE
        inner: list[etree._Element] = []
        if is_in_place and verdict.reason == "footnote":
            inner = [e for e in element.iterdescendants() if e in self._notes]
        text = plain_text(element, frozenset(inner))
        # A link may lead to what is skipped: the place is kept.
        names = [f"{self._source}#{key}" for e in element.iter() for key in keys_of(e)]
        is_reference = is_in_place and verdict.reason == "note reference"
        target = self._target(element) if is_reference else ""
        if text or target:
            anchors = () if verdict.floats else (*self._take_anchors(), *names)
            is_note = is_in_place and verdict.reason == "footnote" and not inner
            block = Block(
                kind=BlockKind.SKIP,
                text=text,
                reason=verdict.reason,
                floats=verdict.floats,
                anchors=tuple(dict.fromkeys(anchors)),
                target=target,
                note_names=tuple(names) if is_note else (),
            )
            (self._floats if self._runs else self._blocks).append(block)
        for note in inner:
            self._skip(note, verdict)

    def _target(self, element: etree._Element) -> str:
        """The place that a note's reference leads to."""
        links = (attribute(e, "href") for e in element.iter() if local_name(e) == "a")
        href = next((link for link in links if "#" in link), "")
        return self._resolve(self._source, href) if href else ""

    def _picture(self, element: etree._Element) -> None:
        alt = alt_text(element)
        parent = element.getparent()
        around = class_names(parent) if parent is not None else frozenset()
        if (class_names(element) | around) & DROP_CAPS and len(alt) == 1:
            self._runs.append(Run(alt))
            self._drop_cap = alt
        elif alt_words(element):
            text = _WHITE.sub(" ", alt)
            block = Block(kind=BlockKind.SKIP, text=text, reason="picture", floats=True)
            (self._floats if self._runs else self._blocks).append(block)

    def _part_cells(self, element: etree._Element) -> None:
        """Before a cell's words: a comma after those of the cells before it."""
        while self._runs and not self._runs[-1].text.strip():
            self._runs.pop()
        if self._runs and "".join(shown_text(element)).strip():
            self._runs.append(Run(", "))

    def _flush(self, frame: _Frame | None = None) -> None:
        """End the block that is being gathered."""
        frame = frame or self._stack[-1]
        runs, self._runs = self._runs, []
        floats, self._floats = self._floats, []
        if runs:
            self._blocks.extend(self._finished(runs, frame))
        self._blocks.extend(floats)

    def _finished(self, runs: list[Run], frame: _Frame) -> Iterator[Block]:
        is_heading = frame.level > 0
        texts = paragraphs(runs, is_verse=frame.verse or frame.pre, marks=not is_heading)
        if is_heading and texts:
            joined = "\n".join(texts)
            is_heading = len(joined) <= _MAX_HEADING_CHARS and any(map(str.isalnum, joined))
            texts = [joined] if is_heading else texts
        if frame.drop_cap and len(texts) == 1 and len(texts[0]) <= 2 and not is_heading:
            self._held = texts[0]
            return
        kind = BlockKind.PARAGRAPH
        if is_heading:
            kind = BlockKind.HEADING
        elif frame.reason:
            kind = BlockKind.SKIP
        elif frame.epigraph:
            kind = BlockKind.EPIGRAPH
        anchors = tuple(dict.fromkeys(self._anchors))
        for text in texts:
            block = Block(
                kind=kind,
                text=text,
                level=frame.level if is_heading else 0,
                reason=frame.reason if kind is BlockKind.SKIP else "",
                anchors=anchors,
                form=frame.form,
            )
            anchors, self._anchors = (), []
            yield block

    def _join_verse(self, element: etree._Element, before: int) -> None:
        """Make one block of lines that are elements of their own."""
        added = self._blocks[before:]
        if not added:
            return
        stanza, self._stanza = self._stanza, None
        if len(added) > 1 or "\n" in added[0].text or added[0].kind is BlockKind.BREAK:
            return
        self._stanza = element.getparent()
        last = self._blocks[before - 1] if before else added[0]
        is_same = stanza is not None and stanza is self._stanza and self._stanza_end == before
        if is_same and len(last.text) < _MAX_STANZA_CHARS:
            self._blocks[before - 1 :] = [replace(last, text=f"{last.text}\n{added[0].text}")]
        self._stanza_end = len(self._blocks)
