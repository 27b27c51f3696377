"""What tags of sound files call a language.

Notes
-----
MP4 (ISO/IEC 14496-12, 8.4.2) and ID3 (``TLAN``) want the three letters of ISO 639-2/T, which differ
from those of BCP 47 for the languages that have two there.
"""

from __future__ import annotations

import struct

__all__ = ["UNDETERMINED", "packed", "three_letters"]

UNDETERMINED = "und"
_THREE_LETTERS = {
    "ar": "ara", "ca": "cat", "cs": "ces", "cy": "cym", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra",
    "ga": "gle", "gl": "glg", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "hy": "hye",
    "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ka": "kat", "ko": "kor", "la": "lat",
    "lt": "lit", "lv": "lav", "mk": "mkd", "ms": "msa", "nb": "nob", "nl": "nld", "nn": "nno",
    "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv",
    "sq": "sqi", "sr": "srp", "sv": "swe", "ta": "tam", "th": "tha", "tr": "tur", "uk": "ukr",
    "ur": "urd", "vi": "vie", "zh": "zho",
}  # fmt: skip


def three_letters(tag: str | None) -> str:
    """The code of ISO 639-2/T for a BCP 47 tag; ``und`` where there is none, or it is not known."""
    first = (tag or "").partition("-")[0].lower()
    if len(first) == 3 and first.isascii() and first.isalpha():
        return first
    return _THREE_LETTERS.get(first, UNDETERMINED)


def packed(code: str) -> bytes:
    """Three letters as the two bytes that MP4 has for them: five bits each, from ``a`` as 1."""
    first, second, third = (ord(letter) - 0x60 for letter in code)
    return struct.pack(">H", first << 10 | second << 5 | third)
