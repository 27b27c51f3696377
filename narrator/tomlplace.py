"""Where something new goes in a TOML document whose comments are the user's.

tomlkit puts new keys and tables below the comments that trail what was there, which mostly are
about what follows.
"""

from __future__ import annotations

from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.items import Comment, InlineTable, Null, Table, Whitespace

__all__ = ["add_table", "put"]


def put(table: Any, key: str, value: Any) -> None:
    """Set a key of a table; a new one comes right after the table's last."""
    is_new = key not in table
    table[key] = value
    if not is_new:
        return
    for part in _parts(table):
        if isinstance(part, Table) and key in part:
            _move_up(part.value, key)


def _parts(table: Any) -> list[Any]:
    """The tables in which a table is written: several where it stands apart in the file."""
    return getattr(table, "_tables", [table])


def _move_up(container: Container, key: str) -> None:
    body = container.body
    here = _index(container, key)
    wanted = here
    while wanted and _is_trivia(body[wanted - 1][1]):
        wanted -= 1
    if wanted < here:
        entry = body.pop(here)
        body.insert(wanted, entry)
        if entry[0] is not None:  # what it passed has no key, so no other index changes
            container._map[entry[0]] = wanted


def add_table(document: tomlkit.TOMLDocument, parts: Any, name: str, table: Table) -> None:
    """Add a table to the table `parts` of a document.

    In an inline table, which can hold no other and no comment, its values are written inline.
    """
    if isinstance(parts, InlineTable):
        row = tomlkit.inline_table()
        row.update(table.unwrap())
        parts[name] = row
        return
    parts[name] = table
    for part in _parts(parts):
        if isinstance(part, Table) and name in part:
            _take_trailing(part.value, name, is_followed=_touches_next(document, part))


def _take_trailing(container: Container, name: str, *, is_followed: bool) -> None:
    """Let the comments before a new table that are not about what precedes it trail it."""
    at = _index(container, name)
    above, table = container.body, container.body[at][1]
    end = at
    while end and isinstance(above[end - 1][1], Table):
        above = above[end - 1][1].value.body
        end = len(above)
    start = end
    while start and _is_trivia(above[start - 1][1]):
        start -= 1
    items = [item for _, item in above[start:end]]
    blanks = (k for k, item in enumerate(items) if isinstance(item, Whitespace))
    first = next(blanks, 0 if is_followed else len(items))
    moved = items[first:]
    if not any(isinstance(item, Comment) for item in moved) or above is container.body:
        return
    del above[start + first : end]
    table.trivia.indent = "\n"
    for item in moved:
        table.value.body.append((None, item))


def _touches_next(document: tomlkit.TOMLDocument, part: Table) -> bool:
    """Whether another table follows a part of the document, with no blank line before it."""
    after = next((k for k, (_, item) in enumerate(document.body, 1) if item is part), 0)
    following = [item for _, item in document.body[after:] if not isinstance(item, Null)]
    return bool(after and following) and "\n" not in following[0].trivia.indent


def _index(container: Container, key: str) -> int:
    return next(k for k, (name, _) in enumerate(container.body) if name and name.key == key)


def _is_trivia(item: Any) -> bool:
    return isinstance(item, Comment | Whitespace | Null)
