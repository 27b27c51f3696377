"""E-mail and web addresses in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.normalise.changes import Edit

_HOST = r"(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,18}"
_EMAIL = re.compile(rf"(?<![\w.+-])(?P<local>[\w.+-]{{1,64}})@(?P<host>{_HOST})\b")
_URL = re.compile(
    rf"(?<![\w/.@])(?:https?://|ftp://|www\.)(?P<host>(?:{_HOST}|localhost)(?::\d{{1,5}})?)"
    r"(?P<path>[/?#][^\s\"'“”‘’<>]{0,500})?"
)
_DOMAINS = "com|org|net|edu|gov|io|info|biz|co\\.uk|org\\.uk|ac\\.uk|de|fr|eu|tv|fm|me|app|dev|ai"
_BARE = re.compile(
    rf"(?<![\w/.@-])(?P<host>(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?:{_DOMAINS}))"
    r"(?P<path>/[^\s\"'“”‘’<>]{0,500})?(?![\w-]|\.\w)"
)
_HANDLE = re.compile(r"(?<![\w.@])@(?P<name>\w{2,30})")
_SIGNS = {
    ".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore", "?": "question mark",
    "&": "and", "=": "equals", "#": "hash", "+": "plus", ":": "colon", "~": "tilde", "%": "percent",
}  # fmt: skip
_TRAILING = re.compile(r"[.,;:!?)\]]+$")


def find_addresses(text: str) -> Iterator[Edit]:
    """“anna.hale@example.org” is “anna dot hale at example dot org”."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Edit(match.start(), match.end(), _said(match[0]), "addresses")
        for match in _HANDLE.finditer(text):
            yield Edit(match.start(), match.end(), f"at {_said(match['name'])}", "addresses")
    for pattern in (_URL, _BARE):
        for match in pattern.finditer(text):
            written = match["host"] + (match["path"] or "")
            tail = _TRAILING.search(written)
            end = match.end() - (len(tail[0]) if tail else 0)
            said = _said(written[: len(written) - (match.end() - end)].rstrip("/"))
            yield Edit(match.start(), end, said, "addresses")


def _said(address: str) -> str:
    parts = re.findall(r"[^\W_]+|.", address)
    return " ".join(_SIGNS.get(part, part) for part in parts)
