"""Whose English a book is written in, as its spelling shows."""

from __future__ import annotations

import re

from narrator.model import Book

_BRITISH = (
    "colour honour favour grey neighbour parlour harbour humour labour odour rumour splendour "
    "vapour endeavour behaviour favourite neighbourhood theatre centre towards whilst amongst "
    "cheque pyjamas storey gaol waggon jewellery travelling travelled traveller marvellous "
    "woollen grey-haired realise realised recognise recognised apologise apologised"
).split()
_AMERICAN = (
    "color honor favor gray neighbor parlor harbor humor labor odor rumor splendor vapor endeavor "
    "behavior favorite neighborhood theater center toward gotten sidewalk pajamas jewelry "
    "traveling traveled traveler marvelous woolen gray-haired"
).split()
_WORD = re.compile(rf"\b({'|'.join(_BRITISH)})(?:s|ed)?\b|\b({'|'.join(_AMERICAN)})(?:s|ed)?\b")
_LEAST, _FACTOR = 3, 2


def accent_of(book: Book) -> str:
    """``en-GB`` or ``en-US``, as the book's language or else its spelling says; empty if neither.

    A book takes one side with at least three words, and twice as many as for the other.
    """
    language = book.language.replace("_", "-").casefold()
    for accent in ("en-GB", "en-US"):
        if language == accent.casefold():
            return accent
    if language.split("-")[0] != "en":
        return ""
    british = american = 0
    for chapter in book.chapters:
        for match in _WORD.finditer(chapter.text):
            british += match[1] is not None
            american += match[2] is not None
    if british >= max(_LEAST, _FACTOR * american):
        return "en-GB"
    return "en-US" if american >= max(_LEAST, _FACTOR * british) else ""
