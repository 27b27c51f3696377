"""Encoded reels as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.encode.base import EncodeConfig, EncodedReel
from narrator.errors import EncodeError

packet_lists = st.lists(st.binary(max_size=40), max_size=20)


def reel(packets: list[bytes], extradata: bytes = b"\x13\x88") -> EncodedReel:
    return EncodedReel(
        sample_rate_hz=22_050,
        frames=len(packets) * 1024,
        lead=0,
        extradata=extradata,
        sizes=tuple(map(len, packets)),
        data=b"".join(packets),
    )


@given(packets=packet_lists, extradata=st.binary(max_size=8))
def test_a_reel_comes_back_from_its_bytes(packets: list[bytes], extradata: bytes) -> None:
    before = reel(packets, extradata)
    after = EncodedReel.from_bytes(before.to_bytes())
    assert after == before
    assert list(after.packets()) == packets


@given(packets=packet_lists, data=st.data())
def test_a_reel_cut_short_is_refused(packets: list[bytes], data: st.DataObject) -> None:
    blob = reel(packets).to_bytes()
    cut = data.draw(st.integers(0, len(blob) - 1))
    with pytest.raises(EncodeError):
        EncodedReel.from_bytes(blob[:cut])


def test_other_bytes_are_refused() -> None:
    blob = reel([b"abc", b"de"]).to_bytes()
    with pytest.raises(EncodeError):
        EncodedReel.from_bytes(b"X" + blob[1:])
    with pytest.raises(EncodeError):
        EncodedReel.from_bytes(blob + b"!")
    with pytest.raises(EncodeError):
        EncodedReel.from_bytes(bytes(200))


def test_bit_rates_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="bitrate_kbps"):
        EncodeConfig(bitrate_kbps=4)
