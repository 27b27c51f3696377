"""Persons to characters: the name that a reader would call each by, and a stable id."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from narrator.attribute.lexicon import TITLES
from narrator.attribute.reading import Reading
from narrator.attribute.roster import Person, split_form
from narrator.model import NARRATOR, Age, Character

__all__ = ["display_name", "name_characters"]


def name_characters(
    reading: Reading, speakers: Sequence[int]
) -> tuple[tuple[Character, ...], dict[int, str]]:
    """The characters of those who speak, most speech first, and each person's id."""
    size: Counter[int] = Counter()
    for turn, person in zip(reading.turns, speakers, strict=True):
        if person >= 0:
            size[person] += sum(len(reading.pieces[k].words) for k in turn.pieces)
    counts = _form_counts(reading)
    characters: list[Character] = []
    ids: dict[int, str] = {}
    taken = {NARRATOR}
    for person in sorted(size, key=lambda p: (-size[p], p)):
        who = reading.persons[person]
        name = display_name(reading, person, counts)
        ids[person] = _slug(name, taken)
        taken.add(ids[person])
        aliases = [reading.shown[form] for form in sorted(who.forms, key=lambda f: (-counts[f], f))]
        characters.append(
            Character(
                id=ids[person], name=name, gender=who.gender, age=_age(who),
                aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != name)),
                is_narrator=person == reading.narrator,
            )
        )  # fmt: skip
    return tuple(characters), ids


def _form_counts(reading: Reading) -> Counter[tuple[str, ...]]:
    return Counter(name.form for here in reading.names for name in here)


def display_name(reading: Reading, person: int, counts: Counter[tuple[str, ...]]) -> str:
    """The fullest form that the book uses more than in passing."""
    who = reading.persons[person]
    if not who.forms:
        return "The narrator" if person == reading.narrator else f"the {who.last}"
    named = [form for form in who.forms if split_form(form)[1]] or who.forms
    usual = max(named, key=lambda form: (counts[form], _fullness(form), form[0] in TITLES, form))
    title, names = split_form(usual)
    if title or not names:
        return _with_article(reading, usual)
    least = 0.005 * sum(counts[form] for form in who.forms)
    fuller = [
        form for form in who.forms
        if counts[form] >= least and set(names) <= set(form) and "of" not in form
    ]  # fmt: skip
    best = max([usual, *fuller], key=lambda form: (_fullness(form), counts[form], form))
    return _with_article(reading, best) if best == usual else _untitled(reading.shown[best])


def _untitled(shown: str) -> str:
    """*Lieutenant Irena Vasko* without her rank."""
    first, _, rest = shown.partition(" ")
    return rest if rest and first.lower().rstrip(".") in TITLES else shown


def _with_article(reading: Reading, form: tuple[str, ...]) -> str:
    """*the Hatter*, where the book mostly writes it so."""
    shown = reading.shown[form]
    return f"the {shown}" if form in reading.with_article else shown


def _fullness(form: tuple[str, ...]) -> int:
    return len(split_form(form)[1])


def _slug(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "voice"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


_GRAND = frozenset(
    "grandmother grandma granny gran nan nana nanna nonna oma grandmama "
    "grandfather grandpa grandad granddad gramps nonno opa grandpapa".split()
)


def _age(who: Person) -> Age:
    if (
        who.titles & _GRAND
        or who.first in _GRAND
        or (who.is_role and who.last in _GRAND | {"crone"})
    ):
        return Age.OLD
    noun = who.last if who.is_role else ""
    if noun in ("boy", "girl", "child", "kid", "baby", "lad", "lass", "toddler", "infant"):
        return Age.CHILD
    return Age.ADULT
