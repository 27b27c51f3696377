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
    "ʁ": ("r", "r"), "ʀ": ("r", "r"), "ɣ": ("g", "g"), "ts": ("ts", "ts"), "pf": ("pf", "pf"),
    "χ": ("x", "kh"), "β": ("v", "v"), "ʝ": ("j", "y"), "ɥ": ("w", "w"),
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
    "ʏ": ("U", "oo"), "ɔʏ": ("OI", "oy"), "ɑ̃": ("0n", "on"), "ɛ̃": ("an", "an"), "ɔ̃": ("0n", "on"),
    "œ̃": ("Vn", "un"),
}  # fmt: skip
_SOUNDS = {**_CONSONANTS, **_VOWELS}

_OTHERS: dict[str, dict[str, str]] = {
    "de": {
        "a": "a", "aː": "A:", "ɑ": "A", "ɑː": "A:", "ɑ̃": "A~", "æ": "E", "aɪ": "aI", "aʊ": "aU",
        "e": "e:", "eː": "e:", "ɛ": "E", "ɛː": "E:", "ə": "@", "ɐ": "3", "ɜ": "W", "ɜː": "Y:",
        "i": "i:", "iː": "i:", "ɪ": "I", "o": "o:", "oː": "o:", "ɔ": "O", "ɔː": "o:", "ɒ": "O",
        "ɔʏ": "OY", "ɔɪ": "OY", "oʊ": "o:", "əʊ": "o:", "eɪ": "e:", "u": "u:", "uː": "u:",
        "ʊ": "U", "ʌ": "a", "y": "y:", "yː": "y:", "ʏ": "y", "ø": "Y:", "øː": "Y:", "œ": "W",
        "ɛ̃": "E", "ɔ̃": "O", "œ̃": "W", "ç": "C", "x": "x", "χ": "x", "pf": "pF", "θ": "s",
        "ð": "z", "w": "v", "ɹ": "r", "ɾ": "r", "ɲ": "nj", "ʎ": "lj", "ɣ": "g", "β": "v",
        "ʝ": "j", "ɥ": "y", "ʔ": "", "ʍ": "v",
    },
    "fr": {
        "a": "a", "aː": "a:", "ɑ": "a", "ɑː": "a:", "ɑ̃": "A~", "æ": "a", "aɪ": "aj", "aʊ": "aw",
        "e": "e", "eː": "e", "ɛ": "E", "ɛː": "E", "ə": "@", "ɐ": "a", "ɜ": "W", "ɜː": "W",
        "i": "i", "iː": "i", "ɪ": "i", "o": "o", "oː": "o", "ɔ": "O", "ɔː": "O", "ɒ": "O",
        "ɔʏ": "Oj", "ɔɪ": "Oj", "oʊ": "o", "əʊ": "o", "eɪ": "e", "u": "u", "uː": "u", "ʊ": "u",
        "ʌ": "W", "y": "y", "yː": "y", "ʏ": "y", "ø": "Y", "øː": "Y:", "œ": "W", "ɛ̃": "E~",
        "ɔ̃": "O~", "œ̃": "W~", "ɲ": "n^", "ʎ": "j", "ɥ": "y", "h": "", "θ": "s", "ð": "z",
        "x": "r", "χ": "r", "ç": "S", "ɹ": "r", "ɾ": "r", "ɣ": "g", "β": "v", "ʝ": "j",
        "ʔ": "", "ʍ": "w", "ɝ": "Wr", "ɚ": "@", "eə": "E", "ɛə": "E", "ɪə": "i@", "ʊə": "u@",
    },
    "es": {
        "a": "a", "aː": "a", "ɑ": "a", "ɑː": "a", "ɑ̃": "an", "æ": "a", "aɪ": "aI", "aʊ": "aU",
        "e": "e", "eː": "e", "ɛ": "e", "ɛː": "e", "ə": "e", "ɐ": "a", "ɜ": "e", "ɜː": "e",
        "i": "i", "iː": "i", "ɪ": "i", "o": "o", "oː": "o", "ɔ": "o", "ɔː": "o", "ɒ": "o",
        "ɔʏ": "oI", "ɔɪ": "oI", "oʊ": "o", "əʊ": "o", "eɪ": "eI", "u": "u", "uː": "u", "ʊ": "u",
        "ʌ": "a", "y": "u", "yː": "u", "ʏ": "u", "ø": "e", "øː": "e", "œ": "e", "ɛ̃": "en",
        "ɔ̃": "on", "œ̃": "en", "β": "B", "ð": "D", "ɣ": "Q", "θ": "T", "x": "x", "χ": "x",
        "h": "x", "ç": "x", "ʎ": "l^", "ɲ": "n^", "ʝ": "J^", "r": "R2", "ɾ": "**", "ɹ": "**",
        "ʁ": "R2", "ʀ": "R2", "ʃ": "tS", "ʒ": "J^", "dʒ": "J^", "z": "s", "v": "b", "ɥ": "w",
        "ʔ": "", "ʍ": "w", "ɝ": "e**", "ɚ": "e**", "eə": "ea", "ɛə": "ea", "ɪə": "ia", "ʊə": "ua",
    },
}  # fmt: skip
"""What eSpeak NG calls the sounds of other languages, where that is not what it calls the English
ones. A sound that a language lacks is its nearest one."""


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


def to_espeak(ipa: str, language: str = "en") -> str:
    """`ipa` in eSpeak NG's mnemonics for a language: English, German, French or Spanish.

    Any other one gets the English. There a stress stands right before its vowel; a word without one
    is stressed on its first, a French one on its last.
    """
    own = _OTHERS.get(language, {})
    parts: list[str] = []
    vowels: list[int] = []
    stress, is_stressed = "", False
    for sound, _ in _sounds(ipa):
        if sound in _STRESS:
            stress = "'"
        elif sound in _WEAK_STRESS:
            stress = ","
        elif sound in _VOWELS:
            vowels.append(len(parts))
            parts.append(stress + own.get(sound, _VOWELS[sound][0]))
            is_stressed = is_stressed or stress == "'"
            stress = ""
        elif sound in _CONSONANTS:
            parts.append(own.get(sound, _CONSONANTS[sound][0]))
    if vowels and not is_stressed:
        at = vowels[-1 if language == "fr" else 0]
        parts[at] = f"'{parts[at].lstrip(',')}"
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
