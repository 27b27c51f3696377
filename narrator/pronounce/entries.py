"""Entries of a lexicon: a word, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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


def saying_of(word: str, text: str) -> Saying:
    """How a word is said, by what is written of it (`parse_saying`).

    Raises
    ------
    ValueError
        The word has no letter, or it cannot be said so.
    """
    if not any(map(str.isalpha, word)):
        raise ValueError("the word has no letter")
    return parse_saying(text)


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
            found[word] = saying_of(word, text)
        except ValueError as exc:
            place = document or Document(name="lexicon", text="", root={})
            raise place.error((*path, word), f"{word!r} = {text!r}: {exc}") from exc
    return found


_EVERY_LANGUAGE = "any"
_WORDS = "pronounce"
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.IGNORECASE | re.ASCII)


def is_language_tag(key: str) -> bool:
    """Whether a table can hold the words of a language by this name (BCP 47): en, de, fr-FR."""
    return _TAG.fullmatch(key) is not None and key.lower() != _EVERY_LANGUAGE


def check_languages(document: Document, table: Mapping[str, object]) -> None:
    """Refuse a table within ``[pronounce]`` whose name is no tag of a language.

    Raises
    ------
    ConfigError
        There is one; the message names file and line.
    """
    for key, value in table.items():
        if isinstance(value, Mapping) and not is_language_tag(key):
            raise document.error(
                (_WORDS, key),
                f"[{_WORDS}.{key}]: {key!r} is no tag of a language: write [{_WORDS}.en], "
                f"[{_WORDS}.de] and so on; words for every language stand under [{_WORDS}] itself",
            )


def read_lexicon_file(data: bytes, name: str) -> dict[str, dict[str, Saying]]:
    """A lexicon of the user's own: words for each language, and under ``any`` for all.

    A table is that of the language by whose tag it is called, of which the first part counts.
    ``[any]`` is for every language, and ``[pronounce]`` as in a cast file: for every language, but
    for tables of languages in it.

    Raises
    ------
    ConfigError
        It is not TOML, a table is called by no language, or an entry cannot be said.
    """
    document = parse_toml(data, name)
    found: dict[str, dict[str, Saying]] = {}
    for path, table in _tables_of(document):
        for word, text in table.items():
            if not isinstance(text, str):
                raise document.error((*path, word), f"{word} should be a string")
        language = _EVERY_LANGUAGE if path == (_WORDS,) else path[-1].split("-")[0].lower()
        found.setdefault(language, {}).update(read_sayings(document, path, table))
    return found


def _tables_of(document: Document) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The tables of a lexicon that hold words, each with where it stands."""
    for key, table in document.root.items():
        if not isinstance(table, Mapping):
            raise document.error((key,), f"{key} should be a table of words: write [en] above them")
        if key == _WORDS:
            check_languages(document, table)
            inner = {name: value for name, value in table.items() if isinstance(value, Mapping)}
            yield (key,), {word: text for word, text in table.items() if word not in inner}
            yield from (((key, name), value) for name, value in inner.items())
        elif key == _EVERY_LANGUAGE or is_language_tag(key):
            yield (key,), table
        else:
            raise document.error(
                (key,),
                f"[{key}]: {key!r} is no tag of a language: write [en], [de] and so on, or "
                f"[{_WORDS}] for every language",
            )
