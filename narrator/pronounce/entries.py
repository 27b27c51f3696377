"""Entries of a lexicon: a word, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from narrator.config import Document, parse_toml
from narrator.pronounce.ipa import unknown_symbols

_NATIVE = re.compile(r"\[\[(.+?)\]\]")
_IPA = re.compile(r"/([^/]+)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """How a word is said. At least one of the three is given."""

    respelling: str = ""
    """In plain letters, for any voice."""
    ipa: str = ""
    native: str = ""
    """In the notation of the voice's own engine."""


def parse_saying(text: str) -> Saying:
    """``throop``, ``/θruːp/``, ``[[Tr'u:p]]``, or a respelling followed by one of the others.

    Raises
    ------
    ValueError
        It is empty, or a symbol is none of the IPA that can be said.
    """
    native, ipa = _NATIVE.search(text), _IPA.search(text)
    plain = _IPA.sub("", _NATIVE.sub("", text)).strip()
    if not (plain or native or ipa):
        raise ValueError("give a respelling (throop), IPA (/θruːp/) or phonemes ([[Tr'u:p]])")
    if ipa and (wrong := unknown_symbols(ipa[1])):
        raise ValueError(
            f"{' '.join(wrong)} in /{ipa[1]}/ is no symbol of the IPA that can be said; "
            "for a respelling leave out the slashes"
        )
    if any(mark in plain for mark in "/[]"):
        raise ValueError(f"{plain!r}: IPA stands between two slashes, phonemes in [[ ]]")
    return Saying(
        respelling=plain, ipa=ipa[1].strip() if ipa else "", native=native[1] if native else ""
    )


def read_sayings(
    document: Document | None, path: tuple[str, ...], table: Mapping[str, str]
) -> dict[str, Saying]:
    """The entries of a table.

    Raises
    ------
    ConfigError
        One of them cannot be said; the message names file and line.
    """
    found: dict[str, Saying] = {}
    for word, text in table.items():
        try:
            if not any(map(str.isalpha, word)):
                raise ValueError("the word has no letter")
            found[word] = parse_saying(text)
        except ValueError as exc:
            place = document or Document(name="lexicon", text="", root={})
            raise place.error((*path, word), f"{word!r} = {text!r}: {exc}") from exc
    return found


def read_lexicon_file(data: bytes, name: str) -> dict[str, dict[str, Saying]]:
    """A lexicon of the user's own: a table of words for each language, ``[any]`` for all.

    Raises
    ------
    ConfigError
        It is not TOML, or an entry cannot be said.
    """
    document = parse_toml(data, name)
    found: dict[str, dict[str, Saying]] = {}
    for language, table in document.root.items():
        if not isinstance(table, Mapping):
            raise document.error(
                (language,), f"{language} should be a table of words: write [en] above them"
            )
        for word, text in table.items():
            if not isinstance(text, str):
                raise document.error((language, word), f"{word} should be a string")
        found[language.lower()] = read_sayings(document, (language,), table)
    return found
