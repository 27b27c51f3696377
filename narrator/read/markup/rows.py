"""Rows of a table that are read as one paragraph: those whose cells hold nothing but words."""

from __future__ import annotations

from lxml import etree

from narrator.read.markup.parse import local_name
from narrator.read.markup.rules import BLOCKS


class Rows:
    """The row that a walk is in."""

    def __init__(self) -> None:
        self._read: etree._Element | None = None
        self._wide: etree._Element | None = None

    def hold(self, cell: etree._Element) -> bool:
        """Whether a cell, as it is entered, belongs to a row that is read as one paragraph."""
        row = cell.getparent()
        if row is None or local_name(row) != "tr":
            return False
        if row is self._read:
            return True
        if row is self._wide:
            return False
        if any(local_name(inner) in BLOCKS for other in row for inner in other.iterdescendants()):
            self._wide = row
            return False
        self._read = row
        return True

    def leave(self, element: etree._Element) -> None:
        """Say that an element ends, which may be the row."""
        if element is self._read:
            self._read = None
