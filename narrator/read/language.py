"""In which language a text is written, by its commonest words."""

from __future__ import annotations

import re

_WORDS = {
    "en": "the and of to in was that he she it his her had with for you not is as at but be said",
    "de": "der die das und nicht ich sie er es ist war ein eine den dem mit auf sich von zu hatte",
    "fr": "le la les et est il elle de des un une dans que qui ne pas je vous avec pour était du",
    "es": "el la los las y que no en un una con por se su lo había era dijo pero como más al del",
    "it": "il la che di non un una per con era gli nel della disse ma più come è si sono lo le del",
    "pt": "o a os as que não um uma com por se seu sua do da era disse mas como mais ao em na no",
    "nl": "de het een en van niet ik zij hij was dat met op te zijn had voor maar zei er aan naar",
}
_COMMON = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")

_LOOKED_AT = 60_000
"""Code points, from the middle: a licence in another language stands at the ends."""
_LEAST_WORDS = 20
_LEAST_SHARE = 0.12
_LEAST_LEAD = 1.3
"""How much more of a text its own language's words are than those of any other."""


def detect_language(text: str) -> str | None:
    """BCP 47 tag of the language of a text; None where that cannot be told.

    Stop words make up a quarter or more of any prose in their own language, and hardly a tenth of
    that in another. Takes constant time.
    """
    start = max(0, (len(text) - _LOOKED_AT) // 2)
    words = [word.lower() for word in _WORD.findall(text, start, start + _LOOKED_AT)]
    if len(words) < _LEAST_WORDS:
        return None
    counts = sorted(
        (sum(word in common for word in words), language) for language, common in _COMMON.items()
    )
    (second, _), (best, language) = counts[-2:]
    if best < _LEAST_SHARE * len(words) or best < _LEAST_LEAD * second:
        return None
    return language
