"""How the people of a story sound, where it says so: an accent, an age, a deep voice or a high one.

Only what is said outright of somebody counts, in the narration. A voice that is low or hoarse for a
moment is the affair of `narrator.direction`; here it must be a person's own: *his deep voice*, or
told again and again. Words are understood in English only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from narrator.model import NARRATOR, Age, Character, Gender, Line, Script, SegmentKind, Trait

__all__ = ["with_traits"]

_SURE = 0.7
"""Of who speaks, for what the words around a quotation tell of its speaker."""
_ENOUGH = 1.0

_NATIONS: dict[str, str] = {
    "scottish": "scottish", "scotch": "scottish", "scots": "scottish", "glasgow": "scottish",
    "edinburgh": "scottish", "aberdeen": "scottish", "highland": "scottish", "irish": "en-IE",
    "dublin": "en-IE", "american": "en-US", "yankee": "en-US", "australian": "en-AU",
    "canadian": "en-CA", "indian": "en-IN", "south african": "en-ZA", "english": "en-GB",
    "british": "en-GB", "lancashire": "lancashire", "yorkshire": "lancashire",
    "north-country": "lancashire", "birmingham": "west midlands", "jamaican": "caribbean",
    "west indian": "caribbean", "brooklyn": "en-US-nyc", "new york": "en-US-nyc",
    "french": "fr-FR", "german": "de-DE", "prussian": "de-DE", "spanish": "es-ES",
    "italian": "it-IT", "russian": "ru-RU", "dutch": "nl-NL", "polish": "pl-PL",
    "swedish": "sv-SE", "welsh": "welsh", "cockney": "cockney",
}  # fmt: skip
"""Accents as banks of voices call them, by the words of a story; of some no bank has a voice yet.
"""
_PEOPLE: dict[str, str] = {
    "scotsman": "scottish", "scotchman": "scottish", "scotswoman": "scottish",
    "scotchwoman": "scottish", "highlander": "scottish", "irishman": "en-IE",
    "irishwoman": "en-IE", "american": "en-US", "yankee": "en-US", "australian": "en-AU",
    "frenchman": "fr-FR", "frenchwoman": "fr-FR", "german": "de-DE", "spaniard": "es-ES",
    "italian": "it-IT", "russian": "ru-RU", "dutchman": "nl-NL", "pole": "pl-PL",
    "welshman": "welsh", "welshwoman": "welsh", "englishman": "en-GB", "englishwoman": "en-GB",
    "yorkshireman": "lancashire", "lancashireman": "lancashire", "cockney": "cockney",
}  # fmt: skip

_PITCHES: dict[str, tuple[int, float]] = {
    **dict.fromkeys("deep gruff booming bass sepulchral rumbling cavernous".split(), (-1, 1.0)),
    **dict.fromkeys("husky hoarse rough low low-pitched throaty guttural".split(), (-1, 0.5)),
    **dict.fromkeys("piping squeaky shrill treble reedy high-pitched".split(), (1, 1.0)),
    **dict.fromkeys("high thin squeaking falsetto piercing".split(), (1, 0.5)),
}
"""Whether a voice so called is low or high, and how much one mention of it as somebody's own says.
*In a deep voice* says half as much, and *in a low voice* nothing: that is how people speak softly.
"""

_ADJECTIVE = r"(?:[a-z-]+,? (?:and |but )?)"
_VOICE = re.compile(
    rf"\b(?:in|with) (?P<whose>an?|his|her) (?P<how>{_ADJECTIVE}{{1,4}})"
    r"(?:voice|tones|bass|treble)\b"
)
_ITS_VOICE = re.compile(rf"\b(?:said|cried|asked|called) an? (?P<how>{_ADJECTIVE}{{1,4}})voice\b")
_NATION = "|".join(sorted(map(re.escape, _NATIONS), key=len, reverse=True))
_ACCENT = re.compile(
    rf"\b(?:in|with) (?P<whose>an?|his|her) (?:[a-z-]+,? ){{0,3}}?(?P<nation>{_NATION}) "
    r"(?:accent|brogue|burr|drawl|intonation|twang|lilt)\b",
    re.IGNORECASE,
)
_BROGUE = re.compile(r"\b(?:in|with) (?P<whose>an?|his|her) (?:[a-z-]+,? ){0,3}?brogue\b")
_NOT = re.compile(
    r"\b(?:no|not|never|without|mock|mimic\w*|imitat\w*|assum\w*|pretend\w*|affect\w*|as if|like|"
    r"hardly|scarcely|lost|than|sudden\w*|almost|unlike|feigned|disguis\w*)\b"
)
_BACK = 40
"""Characters before a find in which a word may deny it."""

_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_YEARS = rf"(?P<years>\d{{1,2}}|(?:{'|'.join(_NUMBERS)})(?:-[a-z]+)?)"
_CHILD_NOUN = r"(?:boy|girl|child|lad|lass|urchin|youngster)"
_OLD_NOUN = r"(?:man|woman|lady|gentleman|fellow|sailor|soldier|peasant|servant|crone|widow|farmer)"
_IS = r"(?:,| is| was|, who was)"
_A_PERSON = r"(?:, an?| was an?| is an?| was the| is the) (?:[a-z-]+,? ){0,2}?"
_AGES = (
    re.compile(rf"{_IS} an? (?:[a-z-]+,? ){{0,2}}?{_CHILD_NOUN} of (?:about |some )?{_YEARS}\b"),
    re.compile(rf"{_IS} (?:only |just |about )?{_YEARS} years (?:old|of age)\b"),
    re.compile(rf", aged {_YEARS}\b"),
)
_OLD = re.compile(rf"{_IS} an? (?:very |quite )?(?:[a-z-]+,? )?old {_OLD_NOUN}\b(?! enough)")
_CHILD = re.compile(rf"{_IS} an? (?:[a-z-]+,? ){{0,2}}?(?:little|small) {_CHILD_NOUN}\b")
_FOLK = re.compile(
    rf"{_A_PERSON}(?P<folk>{'|'.join(sorted(_PEOPLE, key=len, reverse=True))})\b"
    r"(?! (?:[a-z]|accent))",
    re.IGNORECASE,
)
_SPOKE = re.compile(r" (?:spoke|talked|had|has)(?: (?!in\b|with\b)\w+){0,2} (?=(?:in|with|a)\b)")
_HAD_VOICE = re.compile(rf" had an? (?P<how>{_ADJECTIVE}{{1,4}})voice\b")
_THE_OLD = re.compile(r"\b(?:the|The) (?P<age>old|young|little) (?P<noun>[a-z]+)\b")
_KIND = re.compile(r"\b(?:poor|dear|good|nice|silly|funny|stupid|bloody|my|this|that) $")


@dataclass(frozen=True, slots=True)
class _Found:
    who: str
    kind: str
    value: str
    weight: float
    words: str


def with_traits(script: Script) -> Script:
    """The script, its characters with the accent, the age and the voice that the story tells."""
    if script.book.language.split("-")[0].lower() not in ("en", ""):
        return script
    found: defaultdict[str, list[_Found]] = defaultdict(list)
    for each in (*_of_names(script), *_of_speakers(script), *_of_mentions(script)):
        found[each.who].append(each)
    characters = tuple(_described(c, found.get(c.id, ())) for c in script.characters)
    return replace(script, characters=characters)


def _described(character: Character, found: Iterable[_Found]) -> Character:
    points: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    words: dict[tuple[str, str], str] = {}
    for each in found:
        points[each.kind][each.value] += each.weight
        words.setdefault((each.kind, each.value), each.words)
    traits = []
    for kind in ("accent", "age", "pitch"):
        ranked = sorted(points[kind].items(), key=lambda item: (-item[1], item[0]))
        if not ranked or ranked[0][1] < _ENOUGH:
            continue
        value = ranked[0][0]
        if len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]:
            continue  # the story says both
        traits.append(Trait(kind=kind, value=value, words=words[kind, value]))
    age = next((Age(t.value) for t in traits if t.kind == "age"), character.age)
    return replace(character, age=age, traits=tuple(traits))


def _of_names(script: Script) -> Iterator[_Found]:
    """What somebody is called: *the Irishman*."""
    for character in script.characters:
        for name in (character.name, *character.aliases):
            words = name.casefold().split()
            if words[0] in ("the", "a") and words[-1] in _PEOPLE:
                yield _Found(character.id, "accent", _PEOPLE[words[-1]], _ENOUGH, name)
            if len(words) > 1 and words[-2] == "old":
                yield _Found(character.id, "age", Age.OLD, _ENOUGH, name)


def _of_speakers(script: Script) -> Iterator[_Found]:
    """What the narration beside a quotation says of its speaker."""
    known = {character.id: character for character in script.characters}
    for _, group in groupby(script.lines, _paragraph):
        lines = list(group)
        said = [line for line in lines if line.segment.kind is SegmentKind.DIALOGUE]
        speakers = {line.speaker for line in said}
        if len(speakers) != 1 or len(said) == len(lines):
            continue
        who = known.get(speakers.pop() or NARRATOR)
        if who is None or min(line.confidence for line in said) < _SURE:
            continue
        for k, line in enumerate(lines):
            beside = lines[max(0, k - 1) : k + 2]
            is_cue = line.segment.kind is SegmentKind.NARRATION and any(
                each.segment.kind is SegmentKind.DIALOGUE for each in beside
            )
            if is_cue:
                yield from _in_cue(_text(script, line), who)


def _in_cue(text: str, who: Character) -> Iterator[_Found]:
    for pattern in (_VOICE, _ITS_VOICE):
        for match in pattern.finditer(text):
            whose = match.groupdict().get("whose") or "a"
            if _is_theirs(whose, who) and not _is_denied(text, match.start()):
                yield from _pitches(who.id, match, own=whose in ("his", "her"))
    for pattern in (_ACCENT, _BROGUE):
        for match in pattern.finditer(text):
            if _is_theirs(match["whose"], who) and not _is_denied(text, match.start()):
                nation = match.groupdict().get("nation") or "irish"
                yield _Found(who.id, "accent", _NATIONS[nation.casefold()], _ENOUGH, match[0])
    noun = who.name.casefold().removeprefix("the ")
    for match in _THE_OLD.finditer(text):
        if match["noun"] == noun and match["age"] != "little":
            value = Age.OLD if match["age"] == "old" else Age.YOUNG
            yield _Found(who.id, "age", value, _ENOUGH, match[0])


def _is_theirs(whose: str, who: Character) -> bool:
    other = {"his": Gender.FEMALE, "her": Gender.MALE}.get(whose)
    return other is None or who.gender is not other


def _is_denied(text: str, at: int) -> bool:
    return _NOT.search(text[max(0, at - _BACK) : at]) is not None


def _pitches(who: str, match: re.Match[str], *, own: bool) -> Iterator[_Found]:
    how = re.findall(r"[a-z-]+", match["how"])
    if _NOT.search(match["how"]):
        return
    for word in how:
        if word in _PITCHES:
            sign, weight = _PITCHES[word]
            value = "low" if sign < 0 else "high"
            if own or weight >= _ENOUGH:
                yield _Found(who, "pitch", value, weight if own else weight / 2, match[0])
            return


def _of_mentions(script: Script) -> Iterator[_Found]:
    """What the narration says of those whom it names."""
    ids: dict[str, str] = {}
    for character in script.characters:
        for name in (character.name, *character.aliases):
            if name[:1].isupper():
                ids.setdefault(name, character.id)
    if not ids:
        return
    names = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w’'-])(?:{names})(?![\w-])")
    for line in script.lines:
        if line.segment.kind is not SegmentKind.NARRATION:
            continue
        text = _text(script, line)
        for match in pattern.finditer(text):
            who = ids[match[0]]
            yield from _after_name(text, match, who)
            yield from _before_name(text, match, who)


def _after_name(text: str, match: re.Match[str], who: str) -> Iterator[_Found]:
    at, name = match.end(), match[0]
    for pattern in _AGES:
        if found := pattern.match(text, at):
            age = _age_of(found["years"])
            if age is not Age.ADULT:
                yield _Found(who, "age", age, _ENOUGH, name + found[0])
    if (found := _OLD.match(text, at)) is not None:
        yield _Found(who, "age", Age.OLD, _ENOUGH, name + found[0])
    if (found := _CHILD.match(text, at)) is not None:
        yield _Found(who, "age", Age.CHILD, _ENOUGH, name + found[0])
    if (found := _FOLK.match(text, at)) is not None:
        yield _Found(who, "accent", _PEOPLE[found["folk"].casefold()], _ENOUGH, name + found[0])
    if (found := _HAD_VOICE.match(text, at)) is not None:
        yield from _pitches(who, found, own=True)
    if (spoke := _SPOKE.match(text, at)) is not None:
        accent = _ACCENT.match(text, spoke.end())
        if accent is not None:
            value = _NATIONS[accent["nation"].casefold()]
            yield _Found(who, "accent", value, _ENOUGH, name + spoke[0] + accent[0])


def _before_name(text: str, match: re.Match[str], who: str) -> Iterator[_Found]:
    before = text[max(0, match.start() - 16) : match.start()]
    for word, age in (("old", Age.OLD), ("young", Age.YOUNG)):
        if re.search(rf"\b{word} $", before, re.IGNORECASE) is None:
            continue
        if _KIND.search(before[: before.lower().rindex(word)]) is None:
            yield _Found(who, "age", age, 0.5, f"{word} {match[0]}")


def _age_of(years: str) -> Age:
    number = int(years) if years.isdecimal() else _NUMBERS[years.split("-")[0]]
    if number < 13:
        return Age.CHILD
    if number < 25:
        return Age.YOUNG
    return Age.OLD if number >= 60 else Age.ADULT


def _paragraph(line: Line) -> tuple[int, int]:
    return line.segment.chapter, line.segment.paragraph


def _text(script: Script, line: Line) -> str:
    return " ".join(line.segment.span.of(script.book.chapters[line.segment.chapter].text).split())
