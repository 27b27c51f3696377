"""The International Phonetic Alphabet, in eSpeak NG's notation and as an English respelling."""

from __future__ import annotations

from collections.abc import Iterator

_STRESS, _WEAK_STRESS = "ˈ'", "ˌ"
_SILENT = ".‿ ͜͡‍"

_CONSONANTS: dict[str, tuple[str, str]] = {
    "tʃ": ("tS", "ch"), "dʒ": ("dZ", "j"), "p": ("p", "p"), "b": ("b", "b"), "t": ("t", "t"),
    "d": ("d", "d"), "k": ("k", "k"), "g": ("g", "g"), "ɡ": ("g", "g"), "f": ("f", "f"),
    "v": ("v", "v"), "θ": ("T", "th"), "ð": ("D", "th"), "s": ("s", "s"), "z": ("z", "z"),
    "ʃ": ("S", "sh"), "ʒ": ("Z", "zh"), "h": ("h", "h"), "m": ("m", "m"), "n": ("n", "n"),
    "ŋ": ("N", "ng"), "l": ("l", "l"), "ɫ": ("l", "l"), "r": ("r", "r"), "ɹ": ("r", "r"),
    "w": ("w", "w"), "ʍ": ("w", "w"), "j": ("j", "y"), "x": ("x", "kh"), "ɾ": ("t", "t"),
    "ʔ": ("?", ""), "ç": ("C", "kh"), "ɬ": ("l", "l"), "ɲ": ("nj", "ny"), "ʎ": ("lj", "ly"),
    "ʁ": ("r", "r"), "ɣ": ("g", "g"), "ts": ("ts", "ts"),
}  # fmt: skip
_VOWELS: dict[str, tuple[str, str]] = {
    "iː": ("i:", "ee"), "i": ("i", "ee"), "ɪ": ("I", "i"), "eɪ": ("eI", "ay"), "e": ("E", "e"),
    "ɛ": ("E", "e"), "æ": ("a", "a"), "aɪ": ("aI", "eye"), "aʊ": ("aU", "ow"), "a": ("a", "a"),
    "ɑː": ("A:", "ah"), "ɑ": ("A:", "ah"), "ɒ": ("0", "o"), "ɔː": ("O:", "aw"), "ɔɪ": ("OI", "oy"),
    "ɔ": ("O:", "aw"), "oʊ": ("oU", "oh"), "əʊ": ("oU", "oh"), "o": ("oU", "oh"),
    "ʊ": ("U", "oo"), "uː": ("u:", "oo"), "u": ("u:", "oo"), "ʌ": ("V", "u"), "ə": ("@", "uh"),
    "ɐ": ("@", "uh"), "ɜː": ("3:", "er"), "ɜ": ("3:", "er"), "ɝ": ("3:", "er"), "ɚ": ("3", "er"),
    "ɪə": ("i@", "eer"), "eə": ("e@", "air"), "ɛə": ("e@", "air"), "ʊə": ("U@", "oor"),
    "aː": ("A:", "ah"), "eː": ("eI", "ay"), "oː": ("oU", "oh"), "ɛː": ("e@", "air"),
    "y": ("u:", "oo"), "yː": ("u:", "oo"), "ø": ("3:", "er"), "øː": ("3:", "er"), "œ": ("3:", "er"),
}  # fmt: skip
_SOUNDS = {**_CONSONANTS, **_VOWELS}


def unknown_symbols(ipa: str) -> str:
    """The symbols of `ipa` that cannot be said here, each once; empty where all can."""
    return "".join(dict.fromkeys(sound for sound, known in _sounds(ipa) if not known))


def _sounds(ipa: str) -> Iterator[tuple[str, bool]]:
    at = 0
    while at < len(ipa):
        for size in (2, 1):
            sound = ipa[at : at + size]
            if sound in _SOUNDS:
                yield sound, True
                break
        else:
            size, sound = 1, ipa[at]
            if sound not in _SILENT:
                yield sound, sound in _STRESS or sound in _WEAK_STRESS or sound == "ː"
        at += size


def to_espeak(ipa: str) -> str:
    """`ipa` in eSpeak NG's mnemonics for English.

    There a stress stands right before its vowel; a word without one is stressed on its first.
    """
    parts: list[str] = []
    stress = "" if set(ipa) & set(_STRESS) else "'"
    for sound, _ in _sounds(ipa):
        if sound in _STRESS:
            stress = "'"
        elif sound in _WEAK_STRESS:
            stress = ","
        elif sound in _VOWELS:
            parts.append(stress + _VOWELS[sound][0])
            stress = ""
        elif sound in _CONSONANTS:
            parts.append(_CONSONANTS[sound][0])
    return "".join(parts)


def to_respelling(ipa: str) -> str:
    """`ipa` as an English reader would write it down, for voices that take no phonemes."""
    return "".join(_SOUNDS[sound][1] for sound, _ in _sounds(ipa) if sound in _SOUNDS)


def with_plural(ipa: str) -> str:
    """`ipa` with the ending of a possessive."""
    bare = ipa.rstrip(".ː")
    if bare.endswith(("s", "z", "ʃ", "ʒ")):
        return ipa + "ɪz"
    return ipa + ("s" if bare.endswith(("p", "t", "k", "f", "θ")) else "z")
