"""The default engine: the voices of the system, through pyttsx3."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from narrator.engines.base import Engine


def load() -> Engine:
    """The engine for this system: NSSpeechSynthesizer, SAPI5, or eSpeak NG everywhere else.

    Raises
    ------
    EngineError
        What it needs is missing; the message says what to install.
    """
    if sys.platform in ("darwin", "win32"):
        from narrator.engines.pyttsx3_native import NativeEngine

        return NativeEngine("nsss" if sys.platform == "darwin" else "sapi5")
    from narrator.engines.pyttsx3_espeak import EspeakEngine

    return EspeakEngine()
