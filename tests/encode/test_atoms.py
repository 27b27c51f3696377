"""Atoms, made and found again."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from narrator.encode.atoms import atom, find_atom, full_atom, header, read_atoms


def test_an_atom_is_its_size_its_kind_and_its_body() -> None:
    assert atom(b"free", b"ab", b"c") == b"\0\0\0\x0bfreeabc"
    assert full_atom(b"url ", 1, 2) == b"\0\0\0\x0curl \x01\0\0\x02"


def test_a_body_past_four_gigabytes_gets_a_long_header() -> None:
    assert header(b"mdat", 0xFFFFFFFF - 8) == b"\xff\xff\xff\xffmdat"
    assert header(b"mdat", 0xFFFFFFFF - 7) == b"\0\0\0\x01mdat\0\0\0\x01\0\0\0\x08"


@given(st.lists(st.tuples(st.binary(min_size=4, max_size=4), st.binary(max_size=30))))
def test_atoms_are_found_where_they_were_put(atoms: list[tuple[bytes, bytes]]) -> None:
    data = b"".join(atom(kind, body) for kind, body in atoms)
    found = read_atoms(io.BytesIO(data), 0, len(data))
    assert [(a.kind, data[a.body : a.end]) for a in found] == atoms


@given(st.binary(max_size=60))
def test_reading_anything_ends(data: bytes) -> None:
    found = list(read_atoms(io.BytesIO(data), 0, len(data)))
    assert all(a.start < a.body <= a.end for a in found)


def test_an_atom_deep_inside_is_found() -> None:
    data = atom(b"free") + atom(b"moov", atom(b"trak"), atom(b"udta", atom(b"chpl", b"here")))
    found = find_atom(io.BytesIO(data), len(data), b"moov", b"udta", b"chpl")
    assert found is not None
    assert data[found.body : found.end] == b"here"
    assert find_atom(io.BytesIO(data), len(data), b"moov", b"meta") is None
