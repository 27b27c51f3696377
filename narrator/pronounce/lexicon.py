"""All that is known of how the words of a book are said, applied to what an engine is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from narrator.model import Phonemes, Span, Voice
from narrator.normalise.changes import Edit, Spoken, claim, rewrite
from narrator.pronounce.entries import Saying
from narrator.pronounce.heteronyms import find_heteronyms
from narrator.pronounce.ipa import to_respelling, with_plural

RULE = "pronounce"
"""Of a `Change` that is a respelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronounced:
    """What an engine is given, and how parts of it are pronounced."""

    words: Spoken
    phonemes: tuple[Phonemes, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """Words and how they are said; what a character says in their own way goes first."""

    sayings: Mapping[str, Saying] = field(default_factory=dict)
    by_speaker: Mapping[str, Mapping[str, Saying]] = field(default_factory=dict)
    """Those of each character, by `Character.id`."""
    english: bool = True
    """Whether English heteronyms are told apart."""

    def apply(self, words: Spoken, speaker: str, voice: Voice) -> Pronounced:
        """Say the words of a take as the lexicon has them.

        A voice that takes phonemes gets them; another one gets a respelling.
        """
        found = self._claimed(words.text, speaker)
        if not found:
            return Pronounced(words=words)
        can = "phonemes" in voice.controls
        edits: list[Edit] = []
        marked: list[tuple[int, int, Saying]] = []
        for start, end, saying in found:
            if can and (saying.ipa or saying.native):
                marked.append((start, end, saying))
                continue
            text = saying.respelling or to_respelling(saying.ipa)
            if text:
                edits.append(Edit(start, end, text, RULE))
        rewritten = rewrite(words, edits)
        return Pronounced(words=rewritten, phonemes=tuple(_moved(words.text, marked, edits)))

    def _claimed(self, text: str, speaker: str) -> list[tuple[int, int, Saying]]:
        own = self.by_speaker.get(speaker, {})
        hits = [*_hits(text, own), *_hits(text, self.sayings)]
        if self.english:
            hits += find_heteronyms(text)
        sayings = {(start, end): saying for start, end, saying in reversed(hits)}
        edits = claim(len(text), [Edit(start, end, "", RULE) for start, end, _ in hits])
        return [(e.start, e.end, sayings[e.start, e.end]) for e in edits]


def _moved(
    text: str, marked: list[tuple[int, int, Saying]], edits: list[Edit]
) -> Iterator[Phonemes]:
    """Phonemes, where their words are once the edits are made."""
    for start, end, saying in marked:
        shift = sum(len(e.text) - (e.end - e.start) for e in edits if e.end <= start)
        ipa = saying.ipa
        if ipa and not saying.native and text[end : end + 2] in ("'s", "’s"):
            ipa, end = with_plural(ipa), end + 2
        yield Phonemes(span=Span(start + shift, end + shift), ipa=ipa, native=saying.native)


def _hits(text: str, sayings: Mapping[str, Saying]) -> Iterator[tuple[int, int, Saying]]:
    if not sayings:
        return
    by_form = {form: word for word in sayings for form in _forms(word)}
    for match in _pattern(tuple(sorted(by_form, key=lambda form: (-len(form), form)))).finditer(
        text
    ):
        yield match.start(), match.end(), sayings[by_form[match[0]]]


def _forms(word: str) -> set[str]:
    """The ways in which a word may be written: one in small letters also with capitals."""
    if word.islower():
        return {word, word[:1].upper() + word[1:], word.upper()}
    return {word, word.upper()} if len(word) > 1 else {word}


@lru_cache(maxsize=64)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")


def lexicon_of(
    *tables: Mapping[str, Saying],
    by_speaker: Mapping[str, Mapping[str, Saying]] | None = None,
    language: str = "en",
    heteronyms: bool = True,
) -> Lexicon:
    """A lexicon of several tables, the later ones going before the earlier."""
    merged = {word: saying for table in tables for word, saying in table.items()}
    english = language.split("-")[0].lower() in ("en", "")
    return Lexicon(sayings=merged, by_speaker=by_speaker or {}, english=english and heteronyms)
