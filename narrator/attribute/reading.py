"""A book as attribution reads it: pieces, names, people, references, vocatives and turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from narrator.attribute.cues import Strength
from narrator.attribute.evidence import gather_evidence
from narrator.attribute.lexicon import (
    KINSHIP,
    NOUN_GENDER,
    TITLE_SAME,
    TITLES,
    given_names,
    words,
)
from narrator.attribute.mentions import Ref, RefKind, find_refs
from narrator.attribute.names import Form, Name, find_names, learn_vocabulary
from narrator.attribute.roster import Person, Roster, gather_roster
from narrator.attribute.shared import settle_calls
from narrator.attribute.tokens import Piece, pieces_of
from narrator.attribute.turns import Turn, find_turns
from narrator.attribute.vocatives import Call, find_calls
from narrator.model import Book, Gender, Segment, SegmentKind

__all__ = ["Reading", "read_people"]

_FIRST_PERSON_SHARE = 0.004
"""Narration with more *I* than this, of all its words, is told in the first person."""
_FIRST_PERSON_LEAST = 4
_UNNAMED_LEAST = 3
"""This many times *she* with no woman named: there is one without a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that later steps look at; lists run parallel to `pieces`."""

    pieces: list[Piece]
    names: list[list[Name]]
    refs: list[list[Ref]]
    calls: list[list[Call]]
    paragraphs: list[int]
    """Number of each piece's paragraph within the book."""
    scenes: list[int]
    """Number of each piece's scene: a scene break, a heading and a chapter begin one."""
    persons: list[Person]
    of_form: dict[Form, int]
    shown: dict[Form, str]
    """Each form as the book writes it."""
    with_article: frozenset[Form]
    """Forms that mostly follow *the*."""
    main_of: dict[Gender, int]
    """Whom *he* and *she* mean where nobody who fits has been named."""
    turns: list[Turn]
    roles: dict[tuple[int, str], int]
    """Persons known by a noun: (chapter, noun), chapter -1 for the whole book."""
    narrator: int
    """The person who tells the story as *I*, or -1."""


def read_people(book: Book, segments: Sequence[Segment]) -> Reading:
    """Read a book once, from its words to its turns."""
    pieces = list(pieces_of(book, segments))
    vocabulary = learn_vocabulary(pieces)
    names = [find_names(piece, vocabulary) for piece in pieces]
    roster = gather_roster(gather_evidence(pieces, names))
    genders = [person.gender for person in roster.persons]
    refs = [
        [] if piece.is_speech else find_refs(piece, here, roster.of_form, genders)
        for piece, here in zip(pieces, names, strict=True)
    ]
    calls = [
        find_calls(piece, here) if piece.is_speech else []
        for piece, here in zip(pieces, names, strict=True)
    ]
    shown, with_article = _shown(pieces, names), _with_article(pieces, names)
    settle_calls(names, refs, calls, roster)
    turns = find_turns(pieces, refs, calls)
    narrator = _add_narrator(pieces, refs, roster)
    if narrator >= 0:
        _name_narrator(turns, names, roster, narrator)
    return Reading(
        pieces=pieces, names=names, refs=refs, calls=calls, paragraphs=_paragraph_numbers(pieces),
        scenes=_scene_numbers(pieces, segments), persons=roster.persons, of_form=roster.of_form,
        shown=shown, with_article=with_article,
        main_of=_main_persons(refs, roster, narrator), turns=turns,
        roles=_add_roles(turns, roster), narrator=narrator,
    )  # fmt: skip


def _paragraph_numbers(pieces: Sequence[Piece]) -> list[int]:
    found: list[int] = []
    number, last = -1, (-1, -1)
    for piece in pieces:
        here = (piece.segment.chapter, piece.segment.paragraph)
        if here != last:
            number, last = number + 1, here
        found.append(number)
    return found


def _scene_numbers(pieces: Sequence[Piece], segments: Sequence[Segment]) -> list[int]:
    found: list[int] = []
    breaks = (SegmentKind.SCENE_BREAK, SegmentKind.HEADING)
    scene, at, chapter = 0, 0, 0
    for piece in pieces:
        between = segments[at : piece.index]
        if piece.segment.chapter != chapter or any(s.kind in breaks for s in between):
            scene += 1
        at, chapter = piece.index, piece.segment.chapter
        found.append(scene)
    return found


def _shown(pieces: Sequence[Piece], names: Sequence[Sequence[Name]]) -> dict[Form, str]:
    """Each form as the book mostly writes it: with its last word, and not all in capitals."""
    written: dict[Form, Counter[str]] = {}
    whole: set[tuple[Form, str]] = set()
    for piece, here in zip(pieces, names, strict=True):
        for name in here:
            text = " ".join(piece.words[name.start : name.end]).replace(" .", ".")
            written.setdefault(name.form, Counter())[text] += 1
            # The first half of *Mr. and Mrs. Allen* has its surname elsewhere.
            if name.form[-1].endswith(piece.lower[name.end - 1]):
                whole.add((name.form, text))
    return {
        form: max(texts, key=lambda t: ((form, t) in whole, not t.isupper(), texts[t]))
        for form, texts in written.items()
    }


def _with_article(pieces: Sequence[Piece], names: Sequence[Sequence[Name]]) -> frozenset[Form]:
    count: Counter[Form] = Counter()
    after_the: Counter[Form] = Counter()
    for piece, here in zip(pieces, names, strict=True):
        for name in here:
            count[name.form] += 1
            after_the[name.form] += name.start > 0 and piece.lower[name.start - 1] == "the"
    return frozenset(form for form in count if after_the[form] * 2 > count[form])


def _main_persons(
    refs: Sequence[Sequence[Ref]], roster: Roster, narrator: int
) -> dict[Gender, int]:
    """The foremost person of each gender: a *he* and a *she* may have no name for pages."""
    found: dict[Gender, int] = {}
    persons = roster.persons
    ranked = sorted(
        (p for p, who in enumerate(persons) if p != narrator and not who.is_role),
        key=lambda p: (-persons[p].told_of - 3 * persons[p].called, p),
    )
    for gender in (Gender.FEMALE, Gender.MALE):
        heard = sum(
            ref.kind is RefKind.PRONOUN and ref.is_subject and ref.gender is gender
            for here in refs for ref in here
        )  # fmt: skip
        known = [p for p in ranked if persons[p].gender is gender]
        only_called = [
            p for p in ranked
            if persons[p].gender is Gender.UNKNOWN and persons[p].called and not persons[p].told_of
        ]  # fmt: skip
        if known:
            found[gender] = known[0]
        elif only_called and heard:
            found[gender] = only_called[0]
            persons[only_called[0]].gender = gender
        elif heard >= _UNNAMED_LEAST:
            noun = "woman" if gender is Gender.FEMALE else "man"
            persons.append(Person(forms=[], last=noun, gender=gender, is_role=True))
            found[gender] = len(persons) - 1
    return found


def _add_narrator(pieces: Sequence[Piece], refs: Sequence[Sequence[Ref]], roster: Roster) -> int:
    """A person for the *I* of a first-person story; -1 where there is none."""
    size = sum(len(piece.words) for piece in pieces if not piece.is_speech)
    count = sum(ref.kind is RefKind.FIRST and ref.is_subject for here in refs for ref in here)
    if count < _FIRST_PERSON_LEAST or count < _FIRST_PERSON_SHARE * size:
        return -1
    roster.persons.append(Person(forms=[], is_role=True))
    return len(roster.persons) - 1


def _name_narrator(
    turns: Sequence[Turn], names: Sequence[Sequence[Name]], roster: Roster, narrator: int
) -> None:
    """Give the narrator the name that others call him by, which his own narration never does."""
    beside: Counter[int] = Counter()
    for t, turn in enumerate(turns):
        if not any(c.ref.kind is RefKind.FIRST and c.strength is Strength.SAID for c in turn.said):
            continue
        for other in turns[max(0, t - 1) : t + 2]:
            for k, call in other.calls:
                if other is not turn and call.name >= 0:
                    beside[roster.of_form.get(names[k][call.name].form, -1)] += 1
    called = sorted(beside, key=lambda p: (-beside[p], p))
    quiet = [p for p, who in enumerate(roster.persons) if who.called and not who.told_of]
    for person in [*called, *sorted(quiet, key=lambda p: (-roster.persons[p].called, p))]:
        who = roster.persons[person]
        is_named = bool(who.titles) or who.first in given_names()
        is_beside = beside[person] >= 2 or (not who.told_of and is_named)
        if person >= 0 and is_beside and who.told_of <= 0.15 * who.called:
            teller = roster.persons[narrator]
            teller.forms, teller.first, teller.last = who.forms, who.first, who.last
            teller.gender, teller.titles = who.gender, who.titles
            roster.of_form.update((form, narrator) for form in who.forms)
            return


def _add_roles(turns: Sequence[Turn], roster: Roster) -> dict[tuple[int, str], int]:
    """A person for each noun that speaks: *the waiter* in the book, *the man* in one chapter."""
    found: dict[tuple[int, str], int] = {}
    for turn in turns:
        for cue in turn.said:
            ref = cue.ref
            if ref.kind is not RefKind.NOUN or cue.strength < Strength.BEAT:
                continue
            key = role_key(turn.chapter, ref)
            bearer = _bearer(roster, ref.noun)
            if key not in found and bearer >= 0:
                found[key] = bearer
            if key not in found:
                gender = ref.gender
                if gender is Gender.UNKNOWN:
                    gender = KINSHIP.get(ref.noun, NOUN_GENDER.get(ref.noun, Gender.UNKNOWN))
                roster.persons.append(Person(forms=[], last=ref.noun, gender=gender, is_role=True))
                found[key] = len(roster.persons) - 1
            roster.persons[found[key]].count += 1
    return found


def _bearer(roster: Roster, noun: str) -> int:
    """The one who bears a title, if the noun is one: *the general* is General Tilney."""
    title = TITLE_SAME.get(noun, noun)
    if noun not in TITLES or noun in KINSHIP or noun in ("lady", "master", "mistress", "nurse"):
        return -1
    bearers = [p for p, person in enumerate(roster.persons) if title in person.titles]
    bearers.sort(key=lambda p: -roster.persons[p].count)
    counts = [roster.persons[p].count for p in bearers]
    if not bearers or (len(bearers) > 1 and counts[0] < 3 * counts[1]):
        return -1
    return bearers[0]


def role_key(chapter: int, ref: Ref) -> tuple[int, str]:
    """How long a noun goes on to mean the same person."""
    is_local = ref.noun in words("human_generic") or ref.noun in KINSHIP
    return (chapter if is_local else -1, ref.noun)
