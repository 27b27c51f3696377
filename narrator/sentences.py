"""Where one sentence ends and the next begins."""

from __future__ import annotations

import re

from narrator.model import Span

# A full stop after these ends no sentence. Lower case; a single capital letter is an initial.
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr st messrs mme mlle prof rev hon capt col gen lieut lt sgt maj cmdr adm gov sen rep
    jr sr esq co inc ltd nos vol vols fig figs chap pp ed eds vs etc viz e.g i.e cf al ca jan feb
    mar apr jun jul aug sept sep oct nov dec mt ft ave blvd rd
    """.split()
)
_CLOSERS = "\"'”’»›)]}*_"
_BOUNDARY = re.compile(
    rf"(?P<stop>[.!?…。！？]+)(?P<close>[{re.escape(_CLOSERS)}]*)(?P<space>\s+|$)"
)
_WORD_BEFORE = re.compile(r"[^\W\d_](?:[\w.]*\w)?$")
_OPENERS = "\"'“‘«‹„‚([{*_—–-¿¡"


def sentence_spans(text: str, *, limit: int = 400) -> tuple[Span, ...]:
    """Split `text` into sentences that tile it.

    A sentence keeps the white space after it, and holds at least one letter or digit wherever the
    text does. One longer than `limit` code points is cut at a semicolon, a dash or a comma, failing
    these at a space, failing that anywhere, so that no utterance is unbounded.
    """
    ends: list[int] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if _ends_sentence(text, match) and _speakable(text[start : match.end()]):
            ends.append(match.end())
            start = match.end()
    if start < len(text):
        if ends and not _speakable(text[start:]):
            ends.pop()
        ends.append(len(text))
    spans: list[Span] = []
    start = 0
    for end in ends:
        spans.extend(_cut(text, Span(start, end), limit))
        start = end
    return tuple(spans)


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() :].lstrip(_OPENERS)[:1] if match.end() < len(text) else ""
    if match["stop"] == "." and not match["close"]:
        word = _WORD_BEFORE.search(text, max(0, match.start() - 24), match.start())
        if word:
            folded = word[0].casefold()
            if folded in _ABBREVIATIONS or (len(folded) == 1 and folded != "i"):
                return False
    # “What!” he thought. … and then: the words go on in lower case.
    return not following.islower()


def _speakable(text: str) -> bool:
    return any(map(str.isalnum, text))


_BREAKS = (
    re.compile(r"[;:]\s+"),
    re.compile(r"\s*(?:—|–|--)\s*"),
    re.compile(r",\s+"),
    re.compile(r"\s+"),
)


def _cut(text: str, span: Span, limit: int) -> list[Span]:
    pieces: list[Span] = []
    start = span.start
    while span.end - start > limit:
        end = _last_break(text, start + limit // 3, start + limit) or start + limit
        if not _speakable(text[end : span.end]) or not _speakable(text[start:end]):
            break
        pieces.append(Span(start, end))
        start = end
    pieces.append(Span(start, span.end))
    return pieces


def _last_break(text: str, low: int, high: int) -> int | None:
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, low, high)]
        if ends:
            return ends[-1]
    return None
