"""Characters of marked-up text as a reader sees them: none invisible, none two letters in one."""

from __future__ import annotations

import re

_INVISIBLE = dict.fromkeys(
    [
        *range(0x09),
        *range(0x0E, 0x20),
        0x7F,
        0xAD,  # soft hyphen
        0x180E,
        0x200B,  # zero-width space
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        0x2060,
        *range(0x2066, 0x206A),
        0xFEFF,
        0xFFFE,
        0xFFFF,
    ]
)
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_ROW_ENDS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], " ")
"""What would end a row of the text but is only white space in markup."""
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_TABLE = {**_INVISIBLE, **_LIGATURES, **_ROW_ENDS}
_LATIN_JOINER = re.compile("(?<=[\x00-\u024f])[\u200c\u200d]")
"""A joiner shapes Persian and Hindi letters and emoji; after a Latin letter it is debris."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without characters that cannot be seen, ligatures spelt out."""
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_TABLE)
    if _SURROGATE.search(text):
        text = text.translate(_SURROGATES)
    return _LATIN_JOINER.sub("", text)
