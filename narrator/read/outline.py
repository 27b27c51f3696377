"""The headings of a text: which rows are, how they rank, and where their titles stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from narrator.read.contents import Contents, title_key
from narrator.read.headings import Label, is_keyword_alone, read_label
from narrator.read.layout import Layout, Paragraph
from narrator.read.titles import is_caps, is_title_case

_QUOTES = "\"'“”‘’«»„"
_STOPS = ".!?,;:…"
_MAX_TITLE_CHARS = 320
_MAX_TITLE_ROWS = 5
_MAX_GAP_IN_NUMBERS = 3
_MIN_BODY_CHARS = 400
"""Between lone titles in capitals, on average, for them to be chapters."""

_MIN_KIN, _MIN_KIN_OF_SENTENCES = 3, 6
"""Headings of a kind from which a custom shows; more where what is below them are sentences."""

_SENTENCE, _MAYBE, _SURELY = 1, 2, 3
"""Grades of what stands below a heading: a short sentence, what may be a title, what surely is."""

_OF_OLD = re.compile(
    r"(?:In which|Which|Wherein|Where|How|Why|What|Of|On|Concerning|Containing|Show(?:s|ing)|"
    r"Treat(?:s|ing)|Relat(?:es|ing)|Describ(?:es|ing)|Tell(?:s|ing)|Giv(?:es|ing)|Being)\s",
    re.IGNORECASE,
)
"""How titles begin that are whole sentences."""

_MIN_ROOM_CHARS = 300
"""Between numbers in words with full stops, on average, for them to be chapters."""

PART, CHAPTER, SECTION = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading in the text: its rows are ``[start, end)``, white space around it left out."""

    unit: int
    """Index of the unit it begins in."""
    next_unit: int
    """Index of the first unit after it; `unit` itself where prose follows in the same one."""
    start: int
    end: int
    label: Label
    title: str
    level: int


def find_headings(
    text: str, units: Sequence[Paragraph], layout: Layout, contents: Contents | None
) -> list[Heading]:
    """The headings of a text in order, those in its list of contents left out."""
    open_units = [
        index
        for index in range(len(units))
        if contents is None or not contents.first <= index <= contents.last
    ]
    closed = set(range(contents.first, contents.last + 1)) if contents is not None else set()
    found = [
        heading
        for index in open_units
        if (heading := _read_unit(text, units, index)) is not None
        and (heading.next_unit - 1 not in closed or heading.next_unit == index)
    ]
    found = _keep_sequences(_rank(_without_sentences(text, found)))
    if not any(heading.level == CHAPTER for heading in found):
        found += _lone_titles(text, units, layout, open_units, found, contents)
        found.sort(key=lambda heading: heading.start)
    if not any(heading.level == CHAPTER for heading in found):
        found = [replace(h, level=CHAPTER) if h.level == PART else h for h in found]
    return _with_titles(text, units, found, closed)


def _read_unit(text: str, units: Sequence[Paragraph], index: int) -> Heading | None:
    """The heading that a unit is or begins with, its title below it in the same unit included."""
    rows = units[index].rows
    first = text[rows[0].start : rows[0].end]
    if first[0] in _QUOTES:
        return None
    label, head, next_unit = read_label(first), rows[:1], index + 1
    if label is None and is_keyword_alone(first):
        # The number stands below the word, in the same unit or in the next.
        if len(rows) == 1 and next_unit < len(units):
            rows, next_unit = rows + units[next_unit].rows, index + 2
        head = rows[:2]
        label = read_label(" ".join(text[row.start : row.end] for row in head))
    if label is None:
        return None
    rest = rows[len(head) :]
    title, end = label.title, head[-1].end
    if rest:
        joined = " ".join(text[row.start : row.end] for row in rest)
        if _continues_title(joined, len(rest)) and not (label.is_bare and label.title):
            title, end = f"{title} {joined}".strip(), rest[-1].end
        elif label.is_bare or label.title:
            return None  # a sentence that happens to begin so, or a list
        else:
            next_unit -= 1
    return Heading(
        unit=index,
        next_unit=next_unit,
        start=rows[0].start,
        end=end,
        label=label,
        title=title,
        level=CHAPTER,
    )


def _continues_title(text: str, rows: int) -> bool:
    if len(text) > _MAX_TITLE_CHARS or rows > _MAX_TITLE_ROWS or text[0] in _QUOTES:
        return False
    if is_caps(text):
        return True
    if is_title_case(text) and (text[-1] not in _STOPS or rows > 1):
        return True
    return rows == 1 and len(text) <= 60 and (text[-1] not in _STOPS or is_title_case(text))


def _rank(headings: Iterable[Heading]) -> list[Heading]:
    """Parts over chapters over numbered sections."""
    found = list(headings)
    numbered = sum(1 for h in found if not (h.label.is_part or h.label.is_bare or h.label.is_named))
    bare_level = SECTION if numbered >= 2 else CHAPTER
    ranked = []
    for heading in found:
        level = CHAPTER
        if heading.label.is_part:
            level = PART
        elif heading.label.is_bare:
            level = bare_level
        ranked.append(replace(heading, level=level))
    return ranked


def _without_sentences(text: str, headings: Sequence[Heading]) -> list[Heading]:
    """Without ``One.`` and ``Two.`` that somebody says or counts: chapters are longer."""
    said = [h for h in headings if _is_sentence(text, h)]
    room = (said[-1].start - said[0].start) / (len(said) - 1) if len(said) > 1 else 0
    if room >= _MIN_ROOM_CHARS:
        return list(headings)
    return [h for h in headings if not _is_sentence(text, h)]


def _is_sentence(text: str, heading: Heading) -> bool:
    is_word = heading.label.is_bare and heading.label.shape.endswith("word")
    return is_word and not heading.title and text[heading.end - 1] in _STOPS


def _keep_sequences(headings: Sequence[Heading]) -> list[Heading]:
    """Without bare numbers that no neighbour counts on from."""
    last: dict[tuple[str, str], int] = defaultdict(int)
    may_restart: dict[tuple[str, str], bool] = defaultdict(bool)
    kept: list[Heading] = []
    tally: Counter[tuple[str, str]] = Counter()
    for heading in headings:
        label = heading.label
        if not label.is_bare or label.number is None:
            kept.append(heading)
            may_restart.update(dict.fromkeys(last, True))
            continue
        step = label.number - last[label.key]
        goes_on = 1 <= step <= (_MAX_GAP_IN_NUMBERS if last[label.key] else 1)
        if goes_on or (label.number == 1 and may_restart[label.key]):
            last[label.key], may_restart[label.key] = label.number, False
            tally[label.key] += 1
            kept.append(heading)
    starts = {
        h.start
        for i, h in enumerate(kept)
        if h.unit == 0
        or (i and kept[i - 1].next_unit == h.unit and kept[i - 1].label.key != h.label.key)
    }
    return [
        h
        for h in kept
        if not (h.label.is_bare and h.label.number is not None)
        or tally[h.label.key] >= 2
        or (h.start in starts and not h.label.title)
    ]


def _lone_titles(
    text: str,
    units: Sequence[Paragraph],
    layout: Layout,
    open_units: Sequence[int],
    found: Sequence[Heading],
    contents: Contents | None,
) -> list[Heading]:
    """Titles that stand alone: named by the list of contents, or all in capitals."""
    taken = {heading.unit for heading in found}
    listed, capitals = [], []
    for index in open_units:
        unit = units[index]
        if index in taken or len(unit.rows) > 3 or unit.end - unit.start > 100:
            continue
        title = text[unit.start : unit.end]
        if contents is not None and title_key(title) in contents.titles:
            listed.append(index)
        elif _is_lone_capitals(title) and (index == 0 or unit.blanks > layout.gap):
            capitals.append(index)
    chosen = listed
    if len(listed) < 2:
        also = set(capitals)
        # Prose stands below a title, not another one.
        chosen = [index for index in capitals if index + 1 < len(units) and index + 1 not in also]
        body = units[-1].end - units[chosen[0]].end if chosen else 0
        if len(chosen) < 2 or body < _MIN_BODY_CHARS * len(chosen):
            return []
    return [_lone_title(text, units[index], index) for index in chosen]


def _lone_title(text: str, unit: Paragraph, index: int) -> Heading:
    return Heading(
        unit=index,
        next_unit=index + 1,
        start=unit.start,
        end=unit.end,
        label=Label(word="", shape="lone", number=None, numeral=""),
        title=text[unit.start : unit.end],
        level=CHAPTER,
    )


def _is_lone_capitals(title: str) -> bool:
    letters = sum(1 for char in title if char.isalpha())
    bare = title.rstrip("_* ")
    closing = ("the end", "end", "finis", "fin")
    return (
        letters >= 3
        and is_caps(title)
        and title[0] not in _QUOTES
        and not title.startswith(("[", "("))
        and bare[-1] not in '!?,;:…"”'
        and title_key(title) not in {key.replace(" ", "") for key in closing}
        and not title.lower().startswith("by ")
    )


def _with_titles(
    text: str, units: Sequence[Paragraph], headings: Sequence[Heading], closed: set[int]
) -> list[Heading]:
    """Headings with the titles that stand in the unit below them."""
    heads = closed | {heading.unit for heading in headings}
    grades: dict[tuple[str, str], list[int]] = defaultdict(list)
    graded: list[int] = []
    for heading in headings:
        grade = _title_grade(text, units, heading, heads)
        graded.append(grade)
        if not heading.title:
            grades[heading.label.key].append(grade)
    customs = {key for key, kin in grades.items() if _has_custom(kin)}
    done = []
    for heading, grade in zip(headings, graded, strict=True):
        if grade == _SURELY or (grade and heading.label.key in customs):
            unit = units[heading.next_unit]
            heading = replace(
                heading,
                next_unit=heading.next_unit + 1,
                end=unit.end,
                title=text[unit.start : unit.end],
            )
        done.append(heading)
    return done


def _has_custom(grades: Sequence[int]) -> bool:
    """Whether headings of one kind have titles below them, by the grades of what stands there."""
    count = len(grades)
    if count >= _MIN_KIN and sum(1 for grade in grades if grade >= _MAYBE) >= 0.6 * count:
        return True
    # A chapter may well begin with a short sentence; that nearly all do is no chance.
    return count >= _MIN_KIN_OF_SENTENCES and sum(map(bool, grades)) >= 0.9 * count


def _title_grade(text: str, units: Sequence[Paragraph], heading: Heading, heads: set[int]) -> int:
    """How much the unit below a heading looks like its title: 0 is not at all."""
    below = heading.next_unit
    if heading.title or below == heading.unit or below >= len(units) - 1 or below in heads:
        return 0
    if heading.label.is_lone_title or heading.end > units[below].start:
        return 0
    unit = units[below]
    title = text[unit.start : unit.end]
    rows = len(unit.rows)
    if rows > 4 or len(title) > 200 or title[0] in _QUOTES or title[0] in "[(—–-":
        return 0
    label = read_label(title)
    if not any(char.isalpha() for char in title) or (label is not None and label.is_bare):
        return 0
    if is_caps(title):
        return _SURELY if title[-1] not in "!,;" else _MAYBE
    if is_title_case(title) and title[-1] not in _STOPS and len(title) <= 100:
        return _SURELY
    if below + 1 in heads or rows > 2 or len(title) > 120 or title[-1] in ",;:!?":
        return 0
    is_sentence = title[-1] in _STOPS and not is_title_case(title)
    return _SENTENCE if is_sentence and not _OF_OLD.match(title) else _MAYBE
