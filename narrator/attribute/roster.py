"""The people of a book: forms of names gathered into persons, without merging a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from narrator.attribute.evidence import Evidence, total
from narrator.attribute.lexicon import KINSHIP, TITLES, diminutives, given_names
from narrator.attribute.names import Form
from narrator.model import Gender

__all__ = ["Person", "Roster", "gather_roster", "split_form"]

_GIVEN_TITLES = frozenset(
    "sir aunt uncle prince princess king queen brother sister cousin dame lady don nurse emperor "
    "empress pope saint father mother master friar".split()
)
"""Titles that stand before a given name at least as often as before a surname."""
_MEN_MOSTLY = frozenset(
    "captain colonel major general lieutenant sergeant corporal admiral bishop canon dean rev "
    "inspector constable superintendent commodore brigadier marshal sheriff judge".split()
)
"""Titles that in fiction are a man's where no pronoun says otherwise."""
_TWO_MEN = 3
"""This many times as often *Mr. X* as *Mr. John X* makes them two people."""
_RANKS = frozenset("captain general colonel major admiral lieutenant sir lord dr".split())
"""Whoever has one is called by it, and is no *Mr.*"""
_SPEAKS_BARE = 2
"""Lines of a bare surname that make it a person's own."""
_AFTER_NAMES = frozenset({"begum", "khanum", "bai", "hanim"})
"""Titles that stand after a name, and make it the wife's or daughter's: *Hamidullah Begum*."""
_OF_WOMEN = _AFTER_NAMES | {"mrs", "miss", "ms", "lady", "madame", "mademoiselle"}
"""Titles of women whom a novel does not call by their surname alone; *Inspector* is none."""
_PLAIN = frozenset({"mr", "mrs", "miss", "ms", "master", "madame", "monsieur", "mademoiselle"})


@dataclass(slots=True, kw_only=True)
class Person:
    """Someone in the book, while names are being gathered."""

    forms: list[Form]
    first: str = ""
    last: str = ""
    titles: set[str] = field(default_factory=set)
    gender: Gender = Gender.UNKNOWN
    count: int = 0
    called: int = 0
    """How often somebody addresses them by name."""
    told_of: int = 0
    """How often the narration names them."""
    is_role: bool = False
    """Known by what they are, not by a name: the waiter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Persons, and which of them each form means."""

    persons: list[Person]
    of_form: dict[Form, int]


def split_form(form: Form) -> tuple[str, Form]:
    """The title of a form ("" for none) and its names."""
    if form[0] in TITLES and (len(form) > 1 or form[0] not in given_names()):
        return form[0], form[1:]
    if len(form) > 1 and form[-1] in _AFTER_NAMES:
        return form[-1], form[:-1]
    return "", form


def gather_roster(evidence: Mapping[Form, Evidence]) -> Roster:
    """Gather forms into persons, the fullest names first, and drop what is no person."""
    gathering = _Gathering(evidence)
    parsed = {form: split_form(form) for form in evidence}
    by_count = sorted(evidence, key=lambda form: (-evidence[form].count, form))
    for form in by_count:
        if len(parsed[form][1]) >= 2:
            gathering.add_full(form, *parsed[form])
    for form in by_count:
        if parsed[form][0] and len(parsed[form][1]) == 1:
            gathering.add_titled(form, *parsed[form])
    singles = [form for form in by_count if not parsed[form][0] and len(parsed[form][1]) == 1]
    for form in sorted(singles, key=lambda form: form[0] in diminutives()):
        gathering.add_single(form)
    for form in by_count:
        if parsed[form][0] and not parsed[form][1]:
            gathering.add_title(form)
    return gathering.finish()


def _told_by(title: str) -> Gender:
    return Gender.FEMALE if title in _AFTER_NAMES else TITLES.get(title, Gender.UNKNOWN)


def genders_agree(a: Gender, b: Gender) -> bool:
    """Whether both may be one person's: equal, or one of them unknown."""
    return a is b or Gender.UNKNOWN in (a, b)


def _same_first(a: str, b: str) -> bool:
    """*Elizabeth* and *Eliza* before one surname; two initials never."""
    return a == b or a in diminutives().get(b, ()) or b in diminutives().get(a, ())


class _Gathering:
    """Persons under construction, with indexes by first and last name."""

    def __init__(self, evidence: Mapping[Form, Evidence]) -> None:
        self.evidence = evidence
        self.persons: list[Person] = []
        self.of_first: dict[str, list[Person]] = {}
        self.of_last: dict[str, list[Person]] = {}
        self.of_part: dict[str, list[Person]] = {}

    def add_full(self, form: Form, title: str, names: Form) -> None:
        """*Elizabeth Bennet*, *Miss Elizabeth Bennet*, *Lady Catherine de Bourgh*."""
        first, last = names[0], names[-1]
        gender = self._gender_of(form, title, first)
        if "of" in names or first in ("de", "von", "van", "du"):
            first, last = "", " ".join(names)
        for person in self.of_last.get(last, ()):
            if first and genders_agree(person.gender, gender) and _same_first(person.first, first):
                self._join(person, form, title, gender)
                return
        self._found(form, title, first, last, gender)

    def add_titled(self, form: Form, title: str, names: Form) -> None:
        """*Mr. Darcy*, *Aunt Juley*, *Miss Lucy*: a title and a surname or a given name."""
        name = names[0]
        gender = self._gender_of(form, title, "")
        firsts = [p for p in self.of_first.get(name, ()) if genders_agree(p.gender, gender)]
        lasts = [p for p in self.of_last.get(name, ()) if genders_agree(p.gender, gender)]
        bare = self.evidence.get((name,))
        is_given = (
            name in given_names()
            and name not in self.of_last
            and (
                (bool(firsts) and title in _PLAIN)
                or (bare is not None and bare.count > self.evidence[form].count)
            )
        )
        if title in ("sir", "lady", "mr"):
            other = ("mr",) if title != "mr" else ("sir", "lady")
            firsts = [p for p in firsts if not p.titles & set(other)]
        if title in ("sir", "lady"):
            firsts = [p for p in firsts if title in p.titles]
        if not firsts and is_given:
            firsts = self._by_diminutive(name, gender)
        if firsts and (is_given or title in _GIVEN_TITLES):
            self._join(max(firsts, key=lambda p: p.count), form, title, gender)
        elif is_given or (title in _GIVEN_TITLES and name in given_names() and not lasts):
            self._found(form, title, name, "", gender)
        else:
            self._add_surname(form, title, name, gender, lasts)

    def _add_surname(
        self, form: Form, title: str, name: str, gender: Gender, lasts: Sequence[Person]
    ) -> None:
        fulls = [p for p in lasts if p.first and not self._outranks(p, title, name)]
        same = [p for p in lasts if not p.first and self._same_title(p, title)]
        if title == "miss" and len(fulls) > 1:
            fulls = self._eldest(fulls)
        if same:
            self._join(same[0], form, title, gender)
        elif len(fulls) == 1 and self._may_marry(fulls[0], title, name):
            self._join(fulls[0], form, title, gender)
        else:
            self._found(form, title, "", name, gender)

    def _outranks(self, person: Person, title: str, name: str) -> bool:
        """Whether somebody, by their titles, is never called *title name*."""
        if title in person.titles:
            return False
        if title not in _RANKS:
            return bool(person.titles & _RANKS)
        is_mr = ("mr", name) in self.evidence and person.gender is not Gender.FEMALE
        return bool(person.titles) or is_mr

    def _eldest(self, sisters: Sequence[Person]) -> list[Person]:
        """The one whom the book calls *Miss* by her surname alone: her sisters are *Miss Julia*."""
        women = [p for p in sisters if p.gender is Gender.FEMALE and "mrs" not in p.titles]
        called = {
            id(p): self.evidence["miss", p.first].count if ("miss", p.first) in self.evidence else 0
            for p in women
        }
        women.sort(key=lambda p: called[id(p)])
        if len(women) > 1 and called[id(women[1])] > 2 * called[id(women[0])]:
            return women[:1]
        return list(sisters)

    def _same_title(self, person: Person, title: str) -> bool:
        """*Dr. Bull* and *Doctor Bull*, *Captain* and *Mr.*, but no *Mr.* with a *Miss*."""
        return title in person.titles

    def _may_marry(self, person: Person, title: str, name: str) -> bool:
        """Whether *Mrs. X* may be the *Anne X* of the book: not where a *Miss X* is."""
        full, bare = self.evidence.get((title, person.first, name)), self.evidence[title, name]
        if full is not None and full.count >= 3 and _TWO_MEN * full.count < bare.count:
            # Who is mostly *Mr. John Knightley* is not the *Mr. Knightley* of the same book.
            return False
        if title == "lady" and title not in person.titles and self._goes_by_first(person):
            return False  # the daughter of the house
        if title not in ("mrs", "miss"):
            return genders_agree(person.gender, TITLES.get(title, Gender.UNKNOWN))
        other = "miss" if title == "mrs" else "mrs"
        taken = (other, name) in self.evidence and other in person.titles
        if title == "miss":
            # *Miss Lucy* is a younger sister, so *Miss Steele* is another one.
            younger = self.evidence.get(("miss", person.first))
            taken = taken or (younger is not None and younger.count >= 2)
        else:
            taken = taken or ("miss", person.first) in self.evidence or "miss" in person.titles
            taken = taken or (person.gender is not Gender.FEMALE)
        return not taken

    def _goes_by_first(self, person: Person) -> bool:
        """Whether the book mostly calls someone by the given name alone."""
        bare = self.evidence.get((person.first,))
        return bare is not None and bare.count > person.count

    def add_single(self, form: Form) -> None:
        """*Elizabeth*, *Darcy*, *Pooh*, *Lizzy*: one word, for whoever bears it."""
        word = form[0]
        gender = self._gender_of(form, "", word)
        voted = self._voted(form)
        by_first, by_surname = self.of_first.get(word, []), self._by_surname(word, voted)
        # *Sir Henry* keeps his title where there is another Henry.
        by_first = [p for p in by_first if p.titles != {"sir"}] or by_first
        if word not in given_names() or self._bears(by_surname, word) > self._bears(by_first, word):
            by_first = [*by_first, *by_surname]
        elif self._is_shared(by_first, word):
            self._found(form, "", word, "", gender)
            return
        for found in (
            by_first,
            by_surname,
            self._by_part(word),
            self._by_diminutive(word, gender),
        ):
            fits = [p for p in found if genders_agree(p.gender, voted)]
            if fits:
                best = max(fits, key=lambda p: (self._ease(p, word), p.count))
                self._join(best, form, "", Gender.UNKNOWN)
                return
        self._found(form, "", word, "", gender)

    def _bears(self, persons: Sequence[Person], word: str) -> int:
        """How often `word` stands in the longer forms of the one of `persons` who bears it most."""
        counts = [
            sum(self.evidence[f].count for f in p.forms if word in f and len(f) > 1)
            for p in persons
        ]
        return max(counts, default=0)

    def _is_shared(self, persons: Sequence[Person], word: str) -> bool:
        """Two persons of one given name, neither far ahead: the bare name is its own person."""
        counts = sorted((self._ease(p, word) for p in persons), reverse=True)
        return len(counts) > 1 and counts[1] >= 3 and counts[0] < 5 * counts[1]

    def _ease(self, person: Person, word: str) -> float:
        """How well a bare `word` suits a person: less if they mostly go by their surname."""
        fulls = self._bears([person], word)
        if word != person.first or not person.last:
            return fulls
        bare = self.evidence.get((person.last,))
        named = sum(self.evidence[f].count for f in person.forms if word not in f)
        return fulls * fulls / max(1, fulls + named + (bare.count if bare else 0))

    def _by_surname(self, word: str, voted: Gender) -> list[Person]:
        """A bare surname is a man's, unless the pronouns after it say otherwise."""
        found = self.of_last.get(word, [])
        if voted is not Gender.UNKNOWN:
            return found
        others = [p for p in found if p.gender is not Gender.FEMALE]
        if not others and self.evidence[word,].as_speaker >= _SPEAKS_BARE:
            # No novel lets *Braddocks said* mean the *Mrs. Braddocks* that it calls so elsewhere.
            return [p for p in found if not p.titles & _OF_WOMEN]
        return others or found

    def _by_part(self, word: str) -> list[Person]:
        return self.of_part.get(word, [])

    def _by_diminutive(self, word: str, gender: Gender) -> list[Person]:
        fulls = diminutives().get(word, frozenset())
        seen = {
            full: self.evidence[full,].count for full in sorted(fulls) if (full,) in self.evidence
        }
        found = [p for full in sorted(fulls) for p in self.of_first.get(full, ())
                 if genders_agree(p.gender, gender)
                 and (p.count < 20 or seen.get(full, 0) * 5 >= p.count)]  # fmt: skip
        weight = {id(p): p.count + seen.get(p.first, 0) for p in found}
        found.sort(key=lambda p: -weight[id(p)])
        clear = len(found) == 1 or (
            len(found) > 1 and weight[id(found[0])] >= 5 * weight[id(found[1])]
        )
        return found[:1] if clear else []

    def add_title(self, form: Form) -> None:
        """*the General*, *Aunt*: the one who bears the title, if one does."""
        bearers = [p for p in self.persons if form[0] in p.titles]
        bearers.sort(key=lambda p: -p.count)
        if bearers and (len(bearers) == 1 or bearers[0].count >= 5 * bearers[1].count):
            self._join(bearers[0], form, "", Gender.UNKNOWN)
        else:
            self._found(form, form[0], "", "", TITLES[form[0]])

    def _voted(self, form: Form) -> Gender:
        """The gender that the pronouns after a form tell, if they are clear."""
        evidence = self.evidence[form]
        balance = evidence.male_votes - evidence.female_votes
        if abs(balance) < 2.5 or abs(balance) < 0.4 * (evidence.male_votes + evidence.female_votes):
            return Gender.UNKNOWN
        return Gender.MALE if balance > 0 else Gender.FEMALE

    def _gender_of(self, form: Form, title: str, first: str) -> Gender:
        told = _told_by(title)
        if told is Gender.UNKNOWN and first:
            told = given_names().get(first, KINSHIP.get(first, Gender.UNKNOWN))
        return told if told is not Gender.UNKNOWN else self._voted(form)

    def _join(self, person: Person, form: Form, title: str, gender: Gender) -> None:
        person.forms.append(form)
        person.count += self.evidence[form].count
        if title:
            person.titles.add(title)
        if person.gender is Gender.UNKNOWN:
            person.gender = gender
        _, names = split_form(form)
        if not person.first and len(names) >= 2 and "of" not in names:
            person.first = names[0]
            self.of_first.setdefault(names[0], []).append(person)

    def _found(self, form: Form, title: str, first: str, last: str, gender: Gender) -> None:
        person = Person(forms=[], first=first, last=last, gender=gender)
        self.persons.append(person)
        self._join(person, form, title, gender)
        if first:
            self.of_first.setdefault(first, []).append(person)
        for word in {last, last.rpartition(" ")[2]} - {""}:
            self.of_last.setdefault(word, []).append(person)

        for name in (first, last):
            parts = name.split("-")
            for part in {parts[0], parts[-1]} if len(parts) > 1 else ():
                self.of_part.setdefault(part, []).append(person)

    def finish(self) -> Roster:
        """Drop what is no person, and settle each gender by all the evidence."""
        kept: list[Person] = []
        of_form: dict[Form, int] = {}
        for person in self.persons:
            evidence = total(self.evidence[form] for form in person.forms)
            if not _is_person(person, evidence):
                continue
            person.gender = _settled_gender(person, evidence)
            person.called, person.told_of = evidence.as_vocative, evidence.in_narration
            of_form.update((form, len(kept)) for form in person.forms)
            kept.append(person)
        return Roster(persons=kept, of_form=of_form)


def _is_person(person: Person, evidence: Evidence) -> bool:
    in_narration = max(1, evidence.in_narration)
    if person.titles or (evidence.as_speaker * 8 >= in_narration > 0 and evidence.as_speaker):
        return True
    if evidence.as_place * 2 > in_narration and evidence.as_speaker * 20 < in_narration:
        return evidence.as_vocative >= 3
    if person.first in given_names() or evidence.as_speaker >= 2:
        return True
    if evidence.as_vocative >= 2 or evidence.as_vocative == evidence.count:
        return True
    if evidence.as_place * 4 > in_narration and not evidence.as_speaker:
        return False
    return evidence.as_subject >= 2 and evidence.as_subject * 5 >= in_narration


def _settled_gender(person: Person, evidence: Evidence) -> Gender:
    """Titles tell it; else the pronouns and the given name, which counts as a few of them."""
    told = {_told_by(title) for title in person.titles} - {Gender.UNKNOWN}
    if len(told) == 1:
        return told.pop()
    given = given_names().get(person.first, KINSHIP.get(person.first, Gender.UNKNOWN))
    prior = {Gender.MALE: 4.0, Gender.FEMALE: -4.0}.get(given, 0.0)
    seen = evidence.male_votes + evidence.female_votes
    balance = prior + evidence.male_votes - evidence.female_votes
    if abs(balance) < 1.0 or abs(balance) < 0.15 * seen:
        is_ranked = given is Gender.UNKNOWN and bool(person.titles & _MEN_MOSTLY)
        return Gender.MALE if is_ranked else given
    return Gender.MALE if balance > 0 else Gender.FEMALE
