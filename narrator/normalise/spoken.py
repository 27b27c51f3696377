"""One piece of a segment as an engine gets it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from narrator.model import Change, Span
from narrator.normalise.abbreviations import find_abbreviations
from narrator.normalise.addresses import find_addresses
from narrator.normalise.calendar import find_dates, find_times
from narrator.normalise.changes import Edit, Spoken, claim, rewrite
from narrator.normalise.config import EmojiMode, NormaliseConfig
from narrator.normalise.figures import find_figures, find_redacted, find_years
from narrator.normalise.marks import heading_as_sentence, in_one_line, without_marks
from narrator.normalise.money import find_money
from narrator.normalise.numerals import find_roman
from narrator.normalise.shouting import find_capitals, find_drawn_out, find_stutter
from narrator.normalise.signs import find_emoji, find_signs, has_emoji
from narrator.normalise.units import find_heights, find_units

_DIGIT = re.compile(r"[0-9½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]")
_HYPHENATED = re.compile(r"[A-Za-z][-–—]")
_ADDRESS = re.compile(r"@|/|\w\.\w")
_SIGN = re.compile(r"[&+=×÷±#§~°™®©℠/]")
_CAPITALS = re.compile(r"[^\W\d_a-z]{2}")
_ROMAN = re.compile(r"\b[IVXLC]+\b")
_DRAWN = re.compile(r"([^\W\d_])(?i:\1){2}")
_SHORT = re.compile(r"\w\.|&c|№|\b(?:Mr|Mrs|Dr|St|Jr|Sr)\b")


def spoken(
    source: str,
    *,
    heading: bool = False,
    language: str = "en",
    config: NormaliseConfig | None = None,
    vocabulary: Container[str] = (),
) -> Spoken:
    """What an engine is given for a piece of a segment, and how it departs from the page.

    Quotation and emphasis marks go, dashes become pauses that an engine understands. In English,
    whatever stands for words becomes words; in other languages only what is safe in any.

    Parameters
    ----------
    source
        A sentence or so, as written.
    heading
        It is one: each line a sentence, capitals made small, Roman numbers read.
    language
        BCP 47.
    vocabulary
        Words of the story in lower case, to tell words in capitals from letters.

    Returns
    -------
    Spoken
        Its text is one line; empty where there is nothing to pronounce, which is never where the
        source holds a letter or a digit.
    """
    config = config or NormaliseConfig()
    english = language.split("-")[0].lower() in ("en", "")
    draft = _set_plainly(source, heading=heading, language=language, english=english, config=config)
    if english:
        edits = claim(len(draft.text), _worded(draft.text, config, vocabulary))
        draft = in_one_line(rewrite(draft, edits)) if edits else draft
    if _speakable(draft.text):
        return draft
    if not _speakable(source):
        whole = Change(source=Span(0, len(source)), spoken=Span(0, 0), rule="space")
        return Spoken(text="", changes=(whole,) if source else ())
    return without_marks(Spoken(text=source))


def _set_plainly(
    source: str, *, heading: bool, language: str, english: bool, config: NormaliseConfig
) -> Spoken:
    """The words as they stand, less what is set around them."""
    draft = Spoken(text=source)
    if config.emoji is not EmojiMode.KEEP and has_emoji(source):
        found = find_emoji(source, config.emoji, language.split("-")[0].lower())
        draft = rewrite(draft, claim(len(source), found))
    if english and config.years and _DIGIT.search(source):
        draft = rewrite(draft, list(find_redacted(draft.text)))
    if english and config.units and _DIGIT.search(source):
        draft = rewrite(draft, claim(len(draft.text), find_heights(draft.text)))
    if english and config.stutter and _HYPHENATED.search(source):
        draft = rewrite(draft, claim(len(draft.text), find_stutter(draft.text)))
    if heading:
        draft = heading_as_sentence(draft, roman=config.roman)
    return without_marks(draft)


def _worded(text: str, config: NormaliseConfig, vocabulary: Container[str]) -> Iterator[Edit]:
    """Edits of all English rules, those first that know most of what they look at."""
    if config.addresses and _ADDRESS.search(text):
        yield from find_addresses(text)
    if _DIGIT.search(text):
        yield from _numbers(text, config)
    if config.roman and _ROMAN.search(text):
        yield from find_roman(text)
    if config.abbreviations and _SHORT.search(text):
        yield from find_abbreviations(text)
    if config.symbols and _SIGN.search(text):
        yield from find_signs(text)
    if config.capitals and _CAPITALS.search(text):
        yield from find_capitals(text, vocabulary)
    if config.drawn_out and _DRAWN.search(text):
        yield from find_drawn_out(text, vocabulary)


def _numbers(text: str, config: NormaliseConfig) -> Iterator[Edit]:
    if config.money:
        yield from find_money(text)
    if config.dates:
        yield from find_dates(text)
    if config.times:
        yield from find_times(text)
    if config.units:
        yield from find_units(text)
    if config.years:
        yield from find_years(text)
    if config.numbers:
        yield from find_figures(text)


def _speakable(text: str) -> bool:
    return any(map(str.isalnum, text))


class Vocabulary:
    """The words of a story that stand in it not only in capitals, found when first asked for."""

    _WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._texts = texts
        self._words: frozenset[str] | None = None

    def __contains__(self, word: object) -> bool:
        if self._words is None:
            self._words = frozenset(
                found.lower().replace("’", "'")
                for text in self._texts
                for found in set(self._WORD.findall(text))
                if not found.isupper() or len(found) == 1
            )
            self._texts = ()
        return word in self._words
