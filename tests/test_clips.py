from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from narrator.clips import clip_key, keep_clip, pack, recall_clip, unpack
from narrator.engines import load_engine
from narrator.engines.base import Samples, speak
from narrator.model import Delivery
from narrator.store import Cache

TONE = load_engine("tone")
VOICE = TONE.voices()[0]
AS_IS = Delivery()

# Small steps, large ones and jumps from end to end: every width that packing has.
SOUNDS = st.integers(1, 15).flatmap(
    lambda bits: arrays.arrays(
        np.int16, st.integers(0, 200), elements=st.integers(-(1 << bits), (1 << bits) - 1)
    )
)


@given(st.lists(SOUNDS, min_size=1, max_size=6), st.integers(1, 192_000))
def test_packing_loses_nothing(pieces: list[np.ndarray], sample_rate_hz: int) -> None:
    sound = Samples(sample_rate_hz=sample_rate_hz, pcm=np.concatenate(pieces))
    back = unpack(pack(sound))
    assert back.sample_rate_hz == sample_rate_hz
    assert back.pcm.dtype == np.int16
    np.testing.assert_array_equal(back.pcm, sound.pcm)


def test_the_extremes_of_all_sixteen_bits_come_back() -> None:
    pcm = np.array([32767, -32768] * 40 + [0, -32768, 32767, -1], dtype=np.int16)
    np.testing.assert_array_equal(unpack(pack(Samples(sample_rate_hz=8000, pcm=pcm))).pcm, pcm)


def test_silence_takes_next_to_no_room_and_sound_less_than_its_own() -> None:
    silence = Samples(sample_rate_hz=22050, pcm=np.zeros(22050, dtype=np.int16))
    assert len(pack(silence)) < 1000
    hum = speak(TONE, "Some words to hum.", VOICE, AS_IS)
    assert len(pack(hum)) < 0.7 * hum.pcm.nbytes


@pytest.mark.parametrize("blob", [b"", b"NCL1", b"RIFF" + bytes(60), pack(
    Samples(sample_rate_hz=8000, pcm=np.arange(1000, dtype=np.int16))
)[:-5]])  # fmt: skip
def test_other_bytes_are_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack(blob)


def test_a_clip_is_kept_and_recalled(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    sound = speak(TONE, "Words.", VOICE, AS_IS)
    assert recall_clip(cache, "ab" * 32) is None
    keep_clip(cache, "ab" * 32, sound)
    back = recall_clip(cache, "ab" * 32)
    assert back is not None
    np.testing.assert_array_equal(back.pcm, sound.pcm)


def test_the_key_holds_what_decides_the_sound_and_nothing_else() -> None:
    key = clip_key("Words.", VOICE, AS_IS, "1")
    other = replace(VOICE, settings=(("frequency_hz", 100),))
    assert key == clip_key("Words.", replace(VOICE, name="X", rank=3), AS_IS, "1")
    assert key == clip_key("Words.", VOICE, Delivery(gain_db=3.0), "1")
    different = {
        key,
        clip_key("Words!", VOICE, AS_IS, "1"),
        clip_key("Words.", other, AS_IS, "1"),
        clip_key("Words.", replace(VOICE, engine="x"), AS_IS, "1"),
        clip_key("Words.", VOICE, Delivery(rate=1.1), "1"),
        clip_key("Words.", VOICE, Delivery(pitch_semitones=1), "1"),
        clip_key("Words.", VOICE, AS_IS, "2"),
    }
    assert len(different) == 7
    assert len(clip_key("\ud800", VOICE, AS_IS, "1")) == 64
