"""Letters within a story: from *My dear Anna,* to *Yours ever*."""

from __future__ import annotations

import re

from narrator.model import Script, SegmentKind

_MOST_PARAGRAPHS = 60
_SALUTATION = re.compile(
    r"[\s_*\"'“‘]*(?:(?:My|Our)\s+(?:very\s+|own\s+)?)?(?:[Dd]ear(?:est)?|MY DEAR|DEAR|Beloved)\s+"
    r"[A-Z][^.!?\n]{0,40}?(?:,|:|\.?—|--|,—)[_*]*(?=\s|[A-Z])"
)
_FAREWELL = re.compile(
    r"(?:^|[\s_*\"'“‘(—-])(?:Yours?,?\s+(?:ever|truly|faithfully|sincerely|affectionately|etc|&c|"
    r"very|most|obedient|affectionate|loving|sincere|devoted|own|always|respectfully|humble|[A-Z])|Yours[,.]|"
    r"(?:With|All my)\s+(?:much\s+|all\s+my\s+|best\s+)?(?:love|regards|wishes)|Sincerely|"
    r"Faithfully|Love,|"
    r"Your\s+(?:affectionate|loving|obedient|sincere|devoted|faithful|fond|friend|humble|mother|"
    r"father|sister|brother|son|daughter|aunt|uncle|cousin))"
)
_FAREWELL_PLACE = 160
"""Characters from the end of a paragraph within which its farewell stands."""


def letter_paragraphs(script: Script) -> frozenset[tuple[int, int]]:
    """(chapter, paragraph) of every paragraph of a letter.

    A salutation at the beginning of a paragraph makes one only where a farewell follows, so that
    people who are addressed so in speech are not taken for correspondents.
    """
    texts: dict[tuple[int, int], str] = {}
    for line in script.lines:
        segment = line.segment
        if segment.kind is SegmentKind.SKIPPED:
            continue
        at = (segment.chapter, segment.paragraph)
        if segment.kind in (SegmentKind.SCENE_BREAK, SegmentKind.HEADING):
            texts[at] = ""
            continue
        part = script.words_of(segment)
        texts[at] = texts.get(at, "") + part
    places = list(texts)
    found: set[tuple[int, int]] = set()
    for k, at in enumerate(places):
        greeting = _SALUTATION.match(texts[at])
        if at in found or greeting is None:
            continue
        # In speech, too, people call each other dear; but they go on in the same line.
        alone = texts[at][greeting.end() :].split("\n")[0].strip(' "”’_*') == ""
        end = _end_of(places, texts, k, _MOST_PARAGRAPHS if alone else 1)
        if end is not None:
            found.update(places[k : end + 1])
    return frozenset(found)


def _end_of(
    places: list[tuple[int, int]], texts: dict[tuple[int, int], str], start: int, most: int
) -> int | None:
    for k in range(start, min(len(places), start + most)):
        text = texts[places[k]]
        if not text or places[k][0] != places[start][0]:
            return None
        if k > start and _SALUTATION.match(text):
            return None
        if _FAREWELL.search(text[-_FAREWELL_PLACE:].rstrip()):
            return k
    return None
