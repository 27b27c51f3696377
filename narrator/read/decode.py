"""Bytes of a text file to text: Unicode, or what Western Europe had before."""

from __future__ import annotations

import codecs

from narrator.errors import StoryError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16: the little-endian mark of UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive (an EPUB or a word processor's document, perhaps)"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
)
_SAMPLE_BYTES = 65536
_MAX_CONTROL_SHARE = 0.01
_MAX_ACCENT_SHARE, _MIN_ACCENTS = 0.3, 30
"""Of letters that are not in ASCII, in Windows-1252: a French text has seven in a hundred."""
_SHORT_TEXT_CHARS = 32
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1a\x1b") + b"\x7f"


def _high_bytes() -> dict[int, str]:
    """What `surrogateescape` makes of a byte from 128 up, to that byte's Windows-1252 meaning."""
    table = {}
    for byte in range(0x80, 0x100):
        try:
            meaning = bytes([byte]).decode("cp1252")
        except UnicodeDecodeError:
            meaning = chr(byte)  # five bytes mean nothing there; browsers read them so
        table[0xDC00 + byte] = meaning
    return table


_CP1252_OF_ESCAPE = _high_bytes()


def decode(data: bytes, *, name: str = "the text") -> str:
    """Text of a plain text file.

    UTF-8, UTF-16 and UTF-32 with or without a byte order mark (UTF-32 only with one), else
    Windows-1252. Line endings stay as they are. A byte order mark is not part of the text; without
    one, a UTF-8 file's text is ``data.decode("utf-8")``.

    Parameters
    ----------
    data
        The whole file.
    name
        What to call the file in a message.

    Raises
    ------
    StoryError
        The file is empty, is not text, or is in another encoding.
    """
    if not data:
        raise StoryError(f"{name} is empty: there is no story in it")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise StoryError(f"{name} is {kind}, not plain text")
    wide = _utf16_order(data)
    if wide is not None:
        text = data.decode(wide, errors="replace")
        if _reads_as_text(text[:_SAMPLE_BYTES]):
            return text
    if _looks_binary(data):
        raise StoryError(f"{name} is not text: it is binary data")
    narrow = _decode_narrow(data)
    if narrow is None:
        raise StoryError(
            f"{name} is neither in UTF-8, UTF-16 or UTF-32 nor in Windows-1252, which Western "
            "Europe used: save it as UTF-8"
        )
    return narrow


def _utf16_order(data: bytes) -> str | None:
    """The UTF-16 byte order that an unmarked file seems to have; None where it is not UTF-16."""
    sample = data[: _SAMPLE_BYTES & ~1]
    pairs = len(sample) // 2
    if pairs < 2 or len(data) % 2:
        return None
    zeros_even, zeros_odd = sample[0::2].count(0), sample[1::2].count(0)
    # Where words are spaced, a good share of the high bytes is zero; low bytes never are.
    if zeros_odd > 0.15 * pairs and zeros_even <= 0.01 * pairs:
        return "utf-16-le"
    if zeros_even > 0.15 * pairs and zeros_odd <= 0.01 * pairs:
        return "utf-16-be"
    return None


def _reads_as_text(sample: str) -> bool:
    """Whether decoded UTF-16 has spaces between its words, and hardly anything unprintable."""
    odd = sum(1 for char in sample if not char.isprintable() and not char.isspace())
    spaces = sum(1 for char in sample if char.isspace())
    has_spaces = spaces >= 0.01 * len(sample) or len(sample) < _SHORT_TEXT_CHARS
    return has_spaces and odd <= _MAX_CONTROL_SHARE * len(sample)


def _looks_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return 0 in data or controls > _MAX_CONTROL_SHARE * len(sample)


def _decode_narrow(data: bytes) -> str | None:
    """UTF-8, else UTF-8 with some stray Windows-1252 bytes, else Windows-1252.

    None where that makes words of accents: the text is in another encoding of one byte or two.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        mixed = data.decode("utf-8", errors="surrogateescape")
    strays = sum(1 for char in mixed if "\udc80" <= char <= "\udcff")
    whole = sum(1 for char in mixed if char > "\x7f") - strays
    if whole <= strays:
        mixed = data.decode("ascii", errors="surrogateescape")
    text = mixed.translate(_CP1252_OF_ESCAPE)
    letters = sum(map(str.isalpha, text[:_SAMPLE_BYTES]))
    accents = sum(char.isalpha() and char > "\x7f" for char in text[:_SAMPLE_BYTES])
    return None if accents > _MAX_ACCENT_SHARE * letters and accents > _MIN_ACCENTS else text
