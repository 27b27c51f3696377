"""Words of a story that an engine is likely to say wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from narrator.attribute.lexicon import KINSHIP, NOUN_GENDER, TITLES, given_names
from narrator.model import Script, SegmentKind
from narrator.normalise.shouting import find_capitals

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;“\"‘«„(\n—–_*])[\s\"'“‘«„(_*]*$")
_KNOWN = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december god english french german christmas
    scottish scotch irish welsh british american italian spanish russian european please""".split()
) | frozenset({*TITLES, *NOUN_GENDER, *KINSHIP})
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulWord:
    """A word, how often it stands in the story, and why it is doubtful."""

    text: str
    count: int
    why: str


_ODD = re.compile(
    r"^(?:bh|bw|cz|dh|dz|fj|gj|hj|hl|hr|hv|jn|kh|kj|ks|kv|lh|lj|mb|mj|ml|mr|nd|ng|nj|nk|nt|pf|rz|sj|"
    r"sr|sz|tj|tl|tz|vl|vr|xh|xi|zb|zd|zh|zl|zv|zw)|q(?!u)|aa|(?<!sk)ii|(?<!vac)uu|jj|chh|"
    r"kh(?!ead|ouse|old|and|orn|eart)|[jqv]$|zz[aeiou]$|eaux?$|oeu|ieux?$"
)
"""Letters that English words do not put together. What is found so in 70 English texts are words
like *bhakti*, *coq*, *khaki*, *plateau*, *salaam*."""
_ITALICS = re.compile(r"(?<!\w)[_*](?=\S)([^_*\n]{1,80}?)(?<=\S)[_*](?!\w)")
_ROMAN = re.compile(r"[IVXLCDM]+")


@dataclass(slots=True)
class _Counts:
    """How often the words of a story stand in it, and how."""

    all: Counter[str] = field(default_factory=Counter)
    inside: Counter[str] = field(default_factory=Counter)
    """Not at the beginning of a sentence, where any word has a capital."""
    in_italics: Counter[str] = field(default_factory=Counter)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    """Several words in italics."""


def doubtful_words(script: Script) -> tuple[DoubtfulWord, ...]:
    """Words that an engine may say wrong: names first, each kind by how often it is said.

    Notes
    -----
    There is no dictionary here. What is looked for is what dictionaries lack: names of characters,
    words that stand only with a capital; in an English story also letters that English does not
    have, or does not put together, phrases whose words stand in italics alone, and capitals that
    are read as letters.
    """
    counts = _counted(script)
    names = {
        part
        for character in script.characters
        for name in (character.name, *character.aliases)
        for part in _WORD.findall(name)
        if part[0].isupper() and part.casefold() not in TITLES
    }
    english = script.book.language.split("-")[0].lower() in ("en", "")
    foreign = _foreign(counts) if english else frozenset()
    found = [
        (order, DoubtfulWord(text=word, count=number, why=why))
        for word, number in counts.all.items()
        for order, why in _reasons(word, counts, names, foreign, english=english)
    ]
    kept = {word.text: (order, word) for order, word in sorted(found, key=_rank, reverse=True)}
    return tuple(word for _, word in sorted(kept.values(), key=_rank))


def _rank(found: tuple[int, DoubtfulWord]) -> tuple[int, int, str]:
    order, word = found
    return order, -word.count, word.text


def _counted(script: Script) -> _Counts:
    counts = _Counts()
    for line in script.lines:
        segment = line.segment
        if segment.kind in (SegmentKind.SKIPPED, SegmentKind.HEADING, SegmentKind.SCENE_BREAK):
            continue
        text = script.words_of(segment)
        for match in _WORD.finditer(text):
            word = _POSSESSIVE.sub("", match[0])
            counts.all[word] += 1
            before = text[max(0, match.start() - 6) : match.start()]
            if match.start() and not _SENTENCE_START.search(before):
                counts.inside[word] += 1
        for match in _ITALICS.finditer(text):
            words = tuple(_WORD.findall(match[1]))
            counts.in_italics.update(words)
            if len(words) > 1:
                counts.phrases.append(words)
    return counts


def _foreign(counts: _Counts) -> frozenset[str]:
    """The words of phrases of which none stands anywhere but in italics."""
    return frozenset(
        word
        for phrase in counts.phrases
        if all(counts.all[word] == counts.in_italics[word] for word in phrase)
        for word in phrase
        if word.islower() and len(word) > 1
    )


def _is_spelt(word: str, counts: _Counts) -> bool:
    """Whether a word in capitals is read letter by letter: no word of the story, nor like one."""
    if not word.isupper() or len(word) < 2 or _ROMAN.fullmatch(word):
        return False
    if counts.all[word.casefold()] or counts.all[word.capitalize()]:
        return False
    return any("." in edit.text for edit in find_capitals(word, ()))


def _reasons(
    word: str, counts: _Counts, names: set[str], foreign: frozenset[str], *, english: bool
) -> Iterator[tuple[int, str]]:
    """Why a word is doubtful, and where it belongs in the list; nothing where it is not."""
    lower, is_name, inside = word.casefold(), word in names, counts.inside[word]
    is_capital = word[0].isupper() and not word.isupper() and len(word) > 2
    if not (word.isupper() or "'" in word or "’" in word or lower in _KNOWN):
        if is_capital and lower in given_names() and (is_name or inside):
            yield 6, "a common name"
        elif is_name and counts.all[lower] < counts.all[word] and len(word) > 1:
            yield 0, "a name in the cast"
        elif is_capital and inside and not counts.all[lower]:
            yield 1, "always with a capital"
    if not english:
        return
    if not word.isascii() and any(c.isalpha() and not c.isascii() for c in word):
        yield 2, "letters that English lacks"
    elif word in foreign:
        yield 3, "in italics alone"
    elif word.islower() and len(word) > 2 and _ODD.search(word):
        yield 4, "letters that English does not put together"
    elif _is_spelt(word, counts):
        yield 5, "spelt as letters"
