import ctypes
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from narrator.engines.espeak_binding import Binding


class Event(ctypes.Structure):
    _fields_ = (("type", ctypes.c_int),)


class Library(ModuleType):
    """A libespeak-ng that speaks in blocks of one sample for each character."""

    EE_OK = 0
    EVENT = Event
    EVENT_MSG_TERMINATED = 6
    POS_CHARACTER = 1
    AUDIO_OUTPUT_SYNCHRONOUS = 2

    def __init__(self) -> None:
        super().__init__("_espeak")
        self.asked: list[Any] = []
        self.seconds_per_block = 0.0
        self.status = 0
        self.callback: Callable[..., int] | None = None
        self.dll = self
        for name in ("EE_OK", "EVENT", "POS_CHARACTER", "AUDIO_OUTPUT_SYNCHRONOUS"):
            setattr(self, name, getattr(type(self), name))

    def espeak_ng_SetRandSeed(self, seed: ctypes.c_long) -> None:  # noqa: N802
        self.asked.append(("seed", seed.value))

    def Initialize(self, *given: Any) -> int:  # noqa: N802
        self.asked.append(given)
        return 22050

    def SetSynthCallback(self, callback: Callable[..., int] | None) -> None:  # noqa: N802
        self.callback = callback

    def cSynth(self, text: bytes, size: int, *rest: Any) -> int:  # noqa: N802
        self.asked.append((text, size))
        assert self.callback is not None
        for character in text:
            time.sleep(self.seconds_per_block)
            sample = (ctypes.c_short * 1)(character)
            if self.callback(ctypes.cast(sample, ctypes.c_void_p), 1, None):
                break
        self.callback(None, 0, None)
        return self.status


@pytest.fixture
def library() -> Library:
    return Library()


def connected(library: Library) -> tuple[Binding, list[tuple[list[int], list[int]]]]:
    binding = Binding(library)
    calls: list[tuple[list[int], list[int]]] = []

    def receive(wav: Any, frames: int, events: Any) -> int:
        samples = list(wav[:frames]) if wav is not None else []
        kinds: list[int] = []
        while events[len(kinds)].type:
            kinds.append(events[len(kinds)].type)
        calls.append((samples, kinds))
        return 0

    binding.SetSynthCallback(receive)
    return binding, calls


def test_the_library_works_synchronously_and_never_ends_the_process(library: Library) -> None:
    assert Binding(library).Initialize(1, 1000) == 22050
    assert library.asked == [(2, 1000, None, 0x8000)]


def test_the_length_of_the_text_is_the_texts(library: Library) -> None:
    binding, _ = connected(library)
    binding.Synth(b"four", flags=1)
    assert (b"four", 5) in library.asked


def test_the_driver_gets_all_the_sound_and_then_the_end(library: Library) -> None:
    binding, calls = connected(library)
    binding.Synth(b"abc")
    assert calls == [([97, 98, 99], []), ([], [6])]


def test_no_sound_at_all_is_an_end_too(library: Library) -> None:
    binding, calls = connected(library)
    binding.Synth(b"")
    assert calls == [([], []), ([], [6])]


def test_noise_begins_with_the_same_seed_each_time(library: Library) -> None:
    binding, _ = connected(library)
    binding.Synth(b"a")
    binding.Synth(b"b")
    seeds = [asked for asked in library.asked if asked[0] == "seed"]
    assert len(seeds) == 2
    assert seeds[0] == seeds[1]


def test_a_text_that_takes_too_long_is_given_up(library: Library) -> None:
    binding, calls = connected(library)
    binding.limit_s = 0.02
    library.seconds_per_block = 0.01
    with pytest.raises(TimeoutError, match="did not finish"):
        binding.Synth(b"x" * 1000)
    assert calls == []
    library.seconds_per_block = 0.0
    binding.limit_s = 60
    binding.Synth(b"a")
    assert calls[0] == ([97], [])


def test_a_status_that_is_not_ok_is_an_error(library: Library) -> None:
    binding, calls = connected(library)
    library.status = -1
    with pytest.raises(RuntimeError, match="-1"):
        binding.Synth(b"a")
    assert calls == []


def test_what_is_not_replaced_is_the_librarys(library: Library) -> None:
    library.RATE = 1  # type: ignore[attr-defined]
    assert Binding(library).RATE == 1
    assert Binding(library).IsPlaying() == 0
