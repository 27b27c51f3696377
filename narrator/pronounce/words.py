"""Words of a story that an engine is likely to say wrong."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from narrator.attribute.lexicon import KINSHIP, NOUN_GENDER, TITLES, given_names
from narrator.model import Script, SegmentKind

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;“\"‘«„(\n—–_*])[\s\"'“‘«„(_*]*$")
_KNOWN = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december god english french german christmas
    please""".split()
) | frozenset({*TITLES, *NOUN_GENDER, *KINSHIP})
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulWord:
    """A word, how often it stands in the story, and why it is doubtful."""

    text: str
    count: int
    why: str


def doubtful_words(script: Script) -> tuple[DoubtfulWord, ...]:
    """Words that an engine may say wrong: names first, each kind by how often it is said.

    Notes
    -----
    There is no dictionary here. What is looked for is what dictionaries lack: names of characters,
    words that stand only with a capital, and words with letters that English does not have.
    """
    count: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for line in script.lines:
        segment = line.segment
        if segment.kind in (SegmentKind.SKIPPED, SegmentKind.HEADING, SegmentKind.SCENE_BREAK):
            continue
        text = segment.span.of(script.book.chapters[segment.chapter].text)
        for match in _WORD.finditer(text):
            word = _POSSESSIVE.sub("", match[0])
            count[word] += 1
            # At the beginning of a sentence, any word has a capital.
            before = text[max(0, match.start() - 6) : match.start()]
            if match.start() and not _SENTENCE_START.search(before):
                inside[word] += 1
    names = {
        part
        for character in script.characters
        for name in (character.name, *character.aliases)
        for part in _WORD.findall(name)
        if part[0].isupper() and part.casefold() not in TITLES
    }
    found = [
        _judged(word, number, word in names, inside[word], count) for word, number in count.items()
    ]
    kept = [(order, word) for order, word in found if word.why]
    return tuple(word for _, word in sorted(kept, key=lambda w: (w[0], -w[1].count, w[1].text)))


def _judged(
    word: str, number: int, is_name: bool, inside: int, count: Counter[str]
) -> tuple[int, DoubtfulWord]:
    """A word with its reason, none where it is as good as any; and where it belongs in the list."""
    order, why = 9, ""
    lower = word.casefold()
    is_capital = word[0].isupper() and not word.isupper() and len(word) > 2
    if word.isupper() or "'" in word or "’" in word or lower in _KNOWN:
        pass
    elif is_capital and lower in given_names() and (is_name or inside):
        order, why = 3, "a common name"
    elif is_name and count[lower] < number and len(word) > 1:
        order, why = 0, "a name in the cast"
    elif is_capital and inside and not count[lower]:
        order, why = 1, "always with a capital"
    if not word.isascii() and any(c.isalpha() and not c.isascii() for c in word):
        order, why = min(order, 2), why or "letters that English lacks"
    return order, DoubtfulWord(text=word, count=number, why=why)
