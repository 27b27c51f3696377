"""What Kokoro's names of voices say: ``bf_emma`` is British and a woman."""

from __future__ import annotations

from narrator.model import Gender

_LANGUAGES = {
    "a": "en-US",
    "b": "en-GB",
    "e": "es",
    "f": "fr",
    "h": "hi",
    "i": "it",
    "j": "ja",
    "p": "pt-BR",
    "z": "zh",
}
_GENDERS = {"f": Gender.FEMALE, "m": Gender.MALE}


def kokoro_traits(name: str) -> tuple[str, Gender]:
    """Language (BCP 47) and gender of the voice; English and unknown where its name is another's.

    Of a blend, the first voice counts.
    """
    first = name.partition("+")[0].partition("(")[0].partition("*")[0].strip()
    if first[2:3] == "_" and first[0] in _LANGUAGES and first[1] in _GENDERS:
        return _LANGUAGES[first[0]], _GENDERS[first[1]]
    return "en", Gender.UNKNOWN
