"""A table of numbers as a picture: a heat map, written as PNG without a drawing library.

Notes
-----
PNG is written after W3C Portable Network Graphics (second edition): one IHDR, one IDAT and one IEND
chunk, eight bits of red, green and blue, no filter.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

Colour = tuple[int, int, int]

_INK: Colour = (32, 32, 40)
_PAPER: Colour = (255, 255, 255)
_CLOSE = ((178, 24, 43), (253, 219, 199))
"""From no distance to the threshold."""
_FAR = ((209, 229, 240), (33, 102, 172))
"""From the threshold to three times as much."""

_GLYPHS = {
    "A": "ehhvhhh", "B": "uhhuhhu", "C": "ehggghe", "D": "uhhhhhu", "E": "vgguggv",
    "F": "vgguggg", "G": "ehgnhhe", "H": "hhhvhhh", "I": "e44444e", "J": "72222ic",
    "K": "hikokih", "L": "ggggggv", "M": "hrllhhh", "N": "hppljjh", "O": "ehhhhhe",
    "P": "uhhuggg", "Q": "ehhhlid", "R": "uhhukih", "S": "fgge11u", "T": "v444444",
    "U": "hhhhhhe", "V": "hhhhha4", "W": "hhhllrh", "X": "hha4ahh", "Y": "hha4444",
    "Z": "v1248gv", "0": "ehjlphe", "1": "4c4444e", "2": "eh1248v", "3": "u11e11u",
    "4": "26aiv22", "5": "vgu11he", "6": "68guhhe", "7": "v124888", "8": "ehhehhe",
    "9": "ehhf12c", ".": "00000cc", ",": "0000448", "-": "000v000", "_": "000000v",
    ":": "0cc0cc0", "'": "4400000", "(": "2488842", ")": "8422248", "/": "1224488",
    " ": "0000000",
}  # fmt: skip
"""Seven rows of five dots, each row a digit to the base of 32."""
_UNKNOWN = "vhhhhhv"
_ADVANCE, _HEIGHT = 6, 7


@dataclass(slots=True)
class _Canvas:
    width: int
    height: int
    pixels: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.pixels = bytearray(bytes(_PAPER) * (self.width * self.height))

    def fill(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        row = bytes(colour) * width
        for line in range(y, y + height):
            start = 3 * (line * self.width + x)
            self.pixels[start : start + len(row)] = row

    def write(
        self, text: str, x: int, y: int, *, scale: int = 1, up: bool = False, ink: Colour = _INK
    ) -> None:
        """Write from the upper left corner; `up` turns it, beginning at the lower left one."""
        for place, letter in enumerate(text.upper()):
            for row, digit in enumerate(_GLYPHS.get(letter, _UNKNOWN)):
                for column in range(5):
                    if int(digit, 32) >> (4 - column) & 1:
                        along, across = scale * (place * _ADVANCE + column), scale * row
                        at = (x + across, y - along - scale) if up else (x + along, y + across)
                        self.fill(*at, scale, scale, ink)

    def png(self) -> bytes:
        rows = (
            b"\0" + self.pixels[start : start + 3 * self.width]
            for start in range(0, len(self.pixels), 3 * self.width)
        )
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        chunks = (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(b"".join(rows), 9)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def heat_map(
    names: Sequence[str], values: Sequence[Sequence[float]], *, threshold: float, title: str
) -> bytes:
    """A square table as a PNG picture.

    Parameters
    ----------
    names
        Of the rows, and in the same order of the columns.
    values
        Not negative. Below `threshold` a cell is red, the more the smaller; above it, blue, darkest
        from three times the threshold on. Each cell holds its number, to one decimal.
    """
    cell, gap, title_height = 24, 12, 40
    longest = max((len(name) for name in names), default=0)
    margin = gap + 2 * _ADVANCE * longest + gap
    side = cell * len(names)
    width = max(margin + side + gap, 2 * gap + 2 * _ADVANCE * len(title))
    canvas = _Canvas(width, title_height + margin + side + gap)
    canvas.write(title, gap, gap, scale=2)
    top = title_height + margin
    for row, name in enumerate(names):
        middle = cell * row + (cell - 2 * _HEIGHT) // 2
        canvas.write(name, gap, top + middle, scale=2)
        canvas.write(name, margin + middle, top - gap // 2, scale=2, up=True)
        for column, value in enumerate(values[row]):
            x, y = margin + cell * column, top + cell * row
            colour = _PAPER if row == column else _shade(value, threshold)
            canvas.fill(x, y, cell - 1, cell - 1, colour)
            if row != column:
                number = f"{value:.1f}" if value < 99.95 else "99"
                ink = _PAPER if sum(colour) < 380 else _INK
                indent = (cell - _ADVANCE * len(number)) // 2
                canvas.write(number, x + indent, y + (cell - _HEIGHT) // 2, ink=ink)
    return canvas.png()


def _shade(value: float, threshold: float) -> Colour:
    if value < threshold:
        return _between(*_CLOSE, value / threshold)
    part = (value - threshold) / (2 * threshold) if threshold else 1.0
    return _between(*_FAR, min(1.0, part))


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue
