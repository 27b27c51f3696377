"""pyttsx3's eSpeak driver, made safe to build on.

The driver of pyttsx3 2.99 runs eSpeak NG in the background. Found while putting it to use:

- It tells eSpeak NG that the text is ten times as long as it is; eSpeak NG copies that much, from
  memory that is not the text's. Now and then that is a crash.
- Setting a property puts a command into the queue of eSpeak NG's thread; leaving the run loop then
  cancels the queue where it is not yet worked off. Rates get lost, and whole sentences.
- ``runAndWait`` returns before the sound is complete, and sleeps 10 ms even if it is.
- It lets eSpeak NG end the process when data is missing, prints to stdout for each sentence, and
  configures the root logger.

All of it goes away when the driver's module sees, instead of the bare functions of the library, the
ones here: eSpeak NG then works synchronously, without a thread. So it also survives a fork. What
remains is used through pyttsx3's public interface, as for every other driver.
"""

from __future__ import annotations

import atexit
import ctypes
import logging
import time
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

from narrator.engines.espeak_library import EspeakFiles, data_path, open_data_folder
from narrator.errors import EngineError

_DO_NOT_EXIT = 0x8000
"""``espeakINITIALIZE_DONT_EXIT`` of speak_lib.h."""

_SEED = 1

_ABORT, _GO_ON = 1, 0


class Binding(SimpleNamespace):
    """The functions of pyttsx3's ``_espeak`` module, those that need it replaced."""

    def __init__(self, library: ModuleType) -> None:
        super().__init__(**vars(library))
        self.limit_s = 60.0
        """Time after which a text is given up, at the next second of its sound."""
        self.spells = False
        """Whether what is in double brackets is phonemes."""
        self._library = library
        self._receive: Any = None
        self._blocks: list[bytes] = []
        self._deadline_s = 0.0
        self.Initialize = self._initialize
        self.SetSynthCallback = self._set_synth_callback
        self.Synth = self._synth
        self.IsPlaying = self._is_playing

    def _initialize(self, output: int, buffer_ms: int) -> int:
        del output
        synchronous = self._library.AUDIO_OUTPUT_SYNCHRONOUS
        return int(self._library.Initialize(synchronous, buffer_ms, None, _DO_NOT_EXIT))

    def _is_playing(self) -> int:
        return 0  # what the driver would cancel if there were something

    def _set_synth_callback(self, receive: Any) -> None:
        self._receive = receive
        self._library.SetSynthCallback(self._keep if receive else None)

    def _keep(self, wav: Any, frames: int, events: Any) -> int:
        del events
        if wav and frames > 0:
            self._blocks.append(ctypes.string_at(wav, frames * ctypes.sizeof(ctypes.c_short)))
        return _ABORT if time.monotonic() > self._deadline_s else _GO_ON

    def _synth(self, text: bytes, flags: int = 0) -> None:
        library = self._library
        self._blocks.clear()
        self._deadline_s = time.monotonic() + self.limit_s
        self._seed()
        if self.spells:
            flags |= library.PHONEMES
        status = library.cSynth(text, len(text) + 1, 0, library.POS_CHARACTER, 0, flags, None, None)
        sound = b"".join(self._blocks)
        self._blocks.clear()
        if time.monotonic() > self._deadline_s:
            raise TimeoutError(f"eSpeak NG did not finish within {self.limit_s:.0f} s")
        if status != library.EE_OK:
            raise RuntimeError(f"espeak_Synth returned {status}")
        self._hand_over(sound)

    def _hand_over(self, sound: bytes) -> None:
        frames = len(sound) // ctypes.sizeof(ctypes.c_short)
        samples = (ctypes.c_short * max(frames, 1)).from_buffer_copy(sound or b"\0\0")
        nothing = (self._library.EVENT * 1)()
        done = (self._library.EVENT * 2)()
        done[0].type = self._library.EVENT_MSG_TERMINATED
        self._receive(samples, frames, nothing)
        self._receive(None, 0, done)

    def _seed(self) -> None:
        # Breath is noise; eSpeak NG seeds it with the time of day.
        try:
            seed = self._library.dll.espeak_ng_SetRandSeed
        except AttributeError:
            seed = ctypes.CDLL(None).srand  # up to 1.51 it is the C library's
        seed(ctypes.c_long(_SEED))


@cache
def start_espeak(files: EspeakFiles) -> tuple[Any, Binding]:
    """pyttsx3's engine on eSpeak NG, and what stands between the two. One for each process.

    Raises
    ------
    EngineError
        eSpeak NG does not start, or pyttsx3 is not one that this was written for.
    """
    folder = open_data_folder(files)
    try:
        with data_path(folder):
            # Loaded for itself alone, pyttsx3 still finds it by its soname. With its names in the
            # open, those of the copies of eSpeak NG in other engines would lead to this one.
            ctypes.CDLL(files.library)
            import pyttsx3
            from pyttsx3.drivers import _espeak, espeak

            binding = Binding(_espeak)
            names: Any = espeak
            names._espeak = binding
            names.print = lambda *args, **kwargs: None
            names.time = SimpleNamespace(sleep=lambda seconds: None)
            names.logging = logging.getLogger("pyttsx3.drivers.espeak")
            # Left to the end of the process, pyttsx3 complains of modules that are already gone.
            atexit.register(start_espeak.cache_clear)
            return pyttsx3.init("espeak"), binding
    except Exception as exc:
        # pyttsx3's drivers raise whatever they like, bare RuntimeErrors and KeyErrors included.
        raise EngineError(f"pyttsx3 cannot start eSpeak NG {files.version}: {exc}") from exc
