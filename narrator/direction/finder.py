"""The stage directions that a story gives beside a quotation: *he said forcefully*."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from narrator.attribute.lexicon import words
from narrator.direction.letters import letter_paragraphs
from narrator.direction.table import WORD, DeliveryTable
from narrator.model import Line, Script, SegmentKind

_ENDS = frozenset(".!?…;:")
_DASHES = ("—", "–", "--", "---")
_SHORT = frozenset("mr mrs ms dr st messrs prof rev capt col gen lt sgt jr sr mme mlle m".split())
_PRONOUNS = frozenset("he she they it we you his her their its the a an this that there".split())
_LINKS = frozenset("and but as when while which who if though because for or so then".split())
_STOPS = frozenset(
    """to at as when while with in into from on upon over under by for of before after until till
    without through who which that whose where because though if than like about against across
    toward towards behind beside between turning""".split()
)
_NEGATIONS = frozenset(
    "not never no without n't nor neither hardly scarcely less didn't don't couldn't cannot".split()
)
_DETERMINERS = frozenset("the a an his her my your our their its no of this that to any".split())
_VOICES = frozenset("voice voices tone tones whisper accent accents manner undertone".split())
_WHISPERS = ("whisper", "undertone")
_ADJECTIVES_SPAN = 6
_SUBJECT_TOKENS = 8
_REACH_TOKENS = 10
_LEADING_TOKENS = 14


@dataclass(frozen=True, slots=True)
class Manner:
    """A way of speaking, and the words that tell of it."""

    way: str
    """Its name in the table."""
    words: str


_Manners = tuple[Manner, ...]


def find_manners(script: Script, table: DeliveryTable) -> tuple[_Manners, ...]:
    """The ways in which each line of `script` is spoken, as far as its kind and its cue tell.

    What a cue says of one quotation holds for what the same person says in the rest of the
    paragraph, until another cue. Words are understood in English only.
    """
    found: list[_Manners] = [() for _ in script.lines]
    english = script.book.language.split("-")[0].lower() in ("en", "")
    letters = letter_paragraphs(script) if english else frozenset()
    before: _Manners = ()
    for paragraph in _paragraphs(script):
        cued = _of_paragraph(script, paragraph, table, before) if english else {}
        for index in paragraph:
            line = script.lines[index]
            at = (line.segment.chapter, line.segment.paragraph)
            found[index] = (*_of_kind(line, script, is_letter=at in letters), *cued.get(index, ()))
        last = paragraph[-1]
        before = cued.get(last, ()) if script.lines[last].segment.kind in _SAID else ()
    return tuple(found)


def manners_in_turn(script: Script, table: DeliveryTable) -> Callable[[int], tuple[Manner, ...]]:
    """What gives what `find_manners` finds for a line, by its index.

    A chapter is looked at when one of its lines is first asked for, as none tells of another: all
    of a novel takes longer than somebody who wants to hear its beginning waits.
    """
    starts: dict[int, int] = {}
    for index, line in enumerate(script.lines):
        starts.setdefault(line.segment.chapter, index)
    ends = dict(zip(starts, [*islice(starts.values(), 1, None), len(script.lines)], strict=True))
    found: tuple[_Manners, ...] = ()
    first = 0

    def manners_of(index: int) -> _Manners:
        nonlocal found, first
        if not first <= index < first + len(found):
            chapter = script.lines[index].segment.chapter
            first = starts[chapter]
            lines = script.lines[first : ends[chapter]]
            found = find_manners(replace(script, lines=lines), table)
        return found[index - first]

    return manners_of


_SAID = (SegmentKind.DIALOGUE,)


def _paragraphs(script: Script) -> Iterator[list[int]]:
    group: list[int] = []
    at: tuple[int, int] | None = None
    for index, line in enumerate(script.lines):
        here = (line.segment.chapter, line.segment.paragraph)
        if here != at and group:
            yield group
            group = []
        at = here
        group.append(index)
    if group:
        yield group


def _of_kind(line: Line, script: Script, *, is_letter: bool) -> _Manners:
    segment = line.segment
    if segment.kind is SegmentKind.HEADING:
        return (Manner("heading", "a heading"),)
    if segment.kind is SegmentKind.THOUGHT:
        return (Manner("thought", "a thought"),)
    if segment.kind is SegmentKind.NARRATION:
        epigraphs = script.book.chapters[segment.chapter].epigraphs
        if any(e.start < segment.span.end and segment.span.start < e.end for e in epigraphs):
            return (Manner("epigraph", "an epigraph"),)
    if is_letter and segment.kind in (SegmentKind.NARRATION, SegmentKind.DIALOGUE):
        return (Manner("letter", "a letter"),)
    return ()


def _of_paragraph(
    script: Script, paragraph: Sequence[int], table: DeliveryTable, before: _Manners
) -> dict[int, _Manners]:
    """The manners of the quotations of one paragraph that some cue tells of."""
    lines = [script.lines[index] for index in paragraph]
    texts = [script.words_of(line.segment) for line in lines]
    own: dict[int, _Manners] = {}
    for k, line in enumerate(lines):
        if line.segment.kind is not SegmentKind.NARRATION:
            continue
        if k + 1 < len(lines) and lines[k + 1].segment.kind in _SAID:
            leading = _cue_before(texts[k], table)
            if leading is not None:
                own[k + 1] = leading
        if k and lines[k - 1].segment.kind in _SAID:
            following = _cue_after(texts[k - 1], texts[k], table)
            # The words after a quotation are nearer to it than those that lead up to it.
            if following is not None:
                own[k - 1] = following
    return _carried(paragraph, lines, own, before)


def _carried(
    paragraph: Sequence[int], lines: Sequence[Line], own: dict[int, _Manners], before: _Manners
) -> dict[int, _Manners]:
    found: dict[int, _Manners] = {}
    held: _Manners = ()
    speaker: str | None = None
    for k, line in enumerate(lines):
        if line.segment.kind not in _SAID:
            continue
        if k in own:
            held = own[k]
        elif line.segment.continued and not found:
            held = before
        elif found and line.speaker != speaker:
            held = ()
        speaker = line.speaker
        found[paragraph[k]] = held
    return found


def _tokens(text: str) -> list[str]:
    return [token.lower().replace("’", "'") for token in WORD.findall(text)]


def _sentence_end(tokens: Sequence[str], start: int = 0) -> int:
    for k in range(start, len(tokens)):
        if tokens[k] in _ENDS and not (tokens[k] == "." and k and tokens[k - 1] in _SHORT):
            return k
    return len(tokens)


def _cue_after(quote: str, text: str, table: DeliveryTable) -> _Manners | None:
    """What the narration after a quotation says; None where it is no cue."""
    closed = quote.rstrip().rstrip("\"'”’»›)」』_*").rstrip()
    stripped = text.lstrip(" —–-\n\t")
    if not stripped or not closed:
        return None
    tokens = _tokens(stripped)
    if not tokens or tokens[0] in _LINKS:
        return None
    if not stripped[0].islower():
        if closed[-1] not in ",!?…—-":
            return None
        if closed[-1] != "," and tokens[0] in _PRONOUNS:
            return None
    clause = tokens[: _sentence_end(tokens)]
    said = words("speech_strong")
    for k, token in enumerate(clause[:_SUBJECT_TOKENS]):
        if token in said or token in table.verbs:
            return tuple(_told(clause, k, table))
        if token in _STOPS and k:
            return None
    return None


def _cue_before(text: str, table: DeliveryTable) -> _Manners | None:
    """What the narration that leads up to a quotation says; None where it is no cue."""
    tokens = _tokens(text)
    if not tokens or tokens[-1] not in (",", ":", *_DASHES):
        return None
    start = 0
    while (end := _sentence_end(tokens, start)) < len(tokens) - 1:
        start = end + 1
    clause = tokens[start:-1]
    said = words("speech_strong")
    for k in range(len(clause) - 1, max(-1, len(clause) - _LEADING_TOKENS), -1):
        token = clause[k]
        is_noun = k > 0 and clause[k - 1] in _DETERMINERS
        if (token in said or token in table.verbs or token in table.participles) and not is_noun:
            return tuple(_told(clause, k, table))
    return None


def _told(clause: Sequence[str], verb: int, table: DeliveryTable) -> Iterator[Manner]:
    """What a cue tells by its verb, adverbs, participles and phrases."""
    if _is_denied(clause, verb):
        return
    for index in (table.verbs, table.participles):
        if clause[verb] in index:
            yield Manner(index[clause[verb]], clause[verb])
            break
    for k in range(max(0, verb - 2), verb):
        if clause[k] in table.adverbs and not _is_denied(clause, k):
            yield Manner(table.adverbs[clause[k]], clause[k])
    yield from _adverbs(clause, verb, table)
    rest = clause[verb + 1 :]
    for phrase, way in table.phrases:
        at = _find(rest, phrase)
        if at >= 0 and not _is_denied(rest, at):
            yield Manner(way, " ".join(phrase))
    yield from _voices(rest, table)


def _is_denied(clause: Sequence[str], k: int) -> bool:
    return any(token in _NEGATIONS for token in clause[max(0, k - 2) : k])


def _adverbs(clause: Sequence[str], verb: int, table: DeliveryTable) -> Iterator[Manner]:
    for k in range(verb + 1, min(len(clause), verb + 1 + _REACH_TOKENS)):
        token = clause[k]
        following = clause[k + 1] if k + 1 < len(clause) else ""
        if token in table.adverbs:
            # *quickly closing the door* is how the door is closed.
            if not following.endswith(("ing", "ed")) and not _is_denied(clause, k):
                yield Manner(table.adverbs[token], token)
        elif token in table.participles:
            if clause[k - 1] == "," or clause[k - 1].endswith("ly") or clause[k - 1] == "and":
                yield Manner(table.participles[token], token)
            return
        elif token in ("and", "but", "then") and not following.endswith("ly"):
            return  # something else is done: *and he rose slowly*
        elif token in _STOPS or token in _DASHES or token.endswith("ing"):
            return


def _find(clause: Sequence[str], phrase: Sequence[str]) -> int:
    size = len(phrase)
    for k in range(len(clause) - size + 1):
        if tuple(clause[k : k + size]) == tuple(phrase):
            return k
    return -1


def _voices(rest: Sequence[str], table: DeliveryTable) -> Iterator[Manner]:
    """*in a low, hoarse voice*, *in tones of a rather angry kind* not."""
    for k, token in enumerate(rest):
        if token not in _VOICES:
            continue
        reach = range(k - 1, max(-1, k - 1 - _ADJECTIVES_SPAN), -1)
        start = next((j for j in reach if rest[j] in ("in", "with")), None)
        if start is None:
            continue
        if token in _WHISPERS:
            yield Manner("whisper", token)
            continue
        for j in range(start + 1, k):
            if rest[j] in table.adjectives and not _is_denied(rest, j):
                yield Manner(table.adjectives[rest[j]], f"{rest[j]} {token}")
