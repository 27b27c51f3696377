from __future__ import annotations

import struct
import zlib
from collections import Counter

from narrator.picture import heat_map

NAMES = ("Ann", "Bea", "Zoë")
VALUES = ((0.0, 0.5, 3.0), (0.5, 0.0, 9.0), (3.0, 9.0, 0.0))


def pixels_of(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of a PNG as this program writes them; every chunk is checked."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert png[at + 8 + length : at + 12 + length] == struct.pack(">I", zlib.crc32(kind + data))
        chunks.append((kind, data))
        at += 12 + length
    assert [kind for kind, _ in chunks] == [b"IHDR", b"IDAT", b"IEND"]
    width, height = struct.unpack(">II", chunks[0][1][:8])
    raw = zlib.decompress(chunks[1][1])
    step = 3 * width + 1
    rows = [raw[start + 1 : start + step] for start in range(0, len(raw), step)]
    assert len(rows) == height
    assert all(len(row) == 3 * width for row in rows)
    return width, height, rows


def test_the_picture_is_a_png_with_near_cells_red_and_far_ones_blue() -> None:
    _, _, rows = pixels_of(heat_map(NAMES, VALUES, threshold=2, title="Distances"))
    count = Counter(row[x : x + 3] for row in rows for x in range(0, len(row), 3))
    coloured = [c for c, n in count.most_common() if n > 500 and c[0] != c[2] and max(c) > 60]
    assert len(coloured) == 3
    reds = [colour for colour in coloured if colour[0] > colour[2]]
    assert len(reds) == 1


def test_labels_leave_ink_and_the_same_table_gives_the_same_bytes() -> None:
    one = heat_map(NAMES, VALUES, threshold=2, title="Distances")
    assert one == heat_map(NAMES, VALUES, threshold=2, title="Distances")
    assert one != heat_map(("Ann", "Bea", "Zoe"), VALUES, threshold=2, title="Distances")


def test_no_voice_and_no_threshold_are_drawn_too() -> None:
    pixels_of(heat_map((), (), threshold=2, title="nothing"))
    pixels_of(heat_map(NAMES, VALUES, threshold=0, title=""))


def test_the_threshold_itself_is_far_enough() -> None:
    at, below = (
        heat_map(("A", "B"), ((0, v), (v, 0)), threshold=2, title="") for v in (2.0, 1.9999)
    )
    assert at != below
