"""Which voice for whom, as an optimisation.

Every choice has a cost, in points: how badly a voice fits a character (gender, age, accent), and
how badly two voices fit two characters (who are heard together and can hardly be told apart). The
main cast is cast first, greedily and then by exchanging voices as long as that lowers the sum,
from several beginnings; bit parts follow one by one and never change it.
``benchmarks/CASTING.md`` compares this with the exact optimum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations

from narrator.model import Age, Character, Gender, Voice
from narrator.scenes import Company
from narrator.timbre import Timbres

MAIN_SHARE = 0.04
"""Who has this share of the lines of the one who speaks most belongs to the main cast …"""
MAIN_LINES, MAIN_MOST = 3, 16
"""… with at least so many lines; it has at most so many characters."""

_GENDER = 1_000_000.0
_NARRATORS_OWN = 100_000.0
_NARRATES = 150.0
_AGE = 60.0
_RANK = 20.0
_FOREIGN, _REGIONAL = 12.0, 25.0
_INERTIA = 400.0
_TOLD_ACCENT, _TOLD_PITCH = 450.0, 100.0
"""Where the story tells how somebody speaks: of another accent; of the other end of the voices."""

_SAME_IN_SCENE = 5_000.0
_CLOSE_IN_SCENE = (800.0, 1_200.0)
"""At the threshold, and what is added on the way to no distance."""
_CLOSE_TO_NARRATOR = (400.0, 600.0)
_TALK = 40.0
"""For two who answer each other all the time, in voices that are just clearly different."""
_SHARED_MAIN, _SHARED_WITH_MAIN, _SHARED = 2_000.0, 400.0, 30.0
_CLOSE_MAIN = 100.0
_STARTS, _SWEEPS = 4, 8
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a character asks of a voice."""

    id: str
    gender: Gender = Gender.UNKNOWN
    age: Age = Age.ADULT
    accent: str = ""
    """As banks call it; empty where nothing is known, or no voice has it."""
    pitch: int = 0
    """−1 asks for one of the lower voices, 1 for one of the higher."""
    kept: int | None = None
    """The voice of an earlier casting, worth keeping where it does no harm."""
    asked_age: bool = False
    """The age is the user's own word, and goes before `kept`."""
    asked_accent: bool = False
    """The accent is, likewise."""


def main_cast(characters: Iterable[Character], company: Company) -> tuple[str, ...]:
    """Those who carry a story: who they are does not depend on how many others there are."""
    lines = company.lines
    ordered = sorted(characters, key=lambda c: (-lines.get(c.id, 0), c.id))
    most = lines.get(ordered[0].id, 0) if ordered else 0
    least = max(MAIN_LINES, MAIN_SHARE * most)
    return tuple(c.id for c in ordered if lines.get(c.id, 0) >= least)[:MAIN_MOST]


@dataclass(slots=True, kw_only=True)
class _Pull:
    """What those who hold one voice have to do with the character to be cast."""

    mates: int = 0
    """Share a scene with it."""
    talk: float = 0.0
    shared: float = 0.0
    """Points for having the voice too, were it outside its scenes."""
    main: int = 0
    """Are of the main cast as it is, and share no scene with it."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Everything that decides what a casting costs."""

    voices: Sequence[Voice]
    """All that anyone may have; below, a voice is its index in this."""
    narrator: int
    company: Company
    main: Sequence[str]
    timbres: Timbres
    home_accent: str = ""
    """Of the book: ``en-GB``, ``en-US``; empty where it cannot be told."""
    elsewhere: frozenset[int] = frozenset()
    """Voices that are given to nobody who did not ask for them."""

    def __post_init__(self) -> None:
        ordered = sorted(range(len(self.voices)), key=lambda v: self._order(v))
        object.__setattr__(self, "choices", tuple(v for v in ordered if v not in self.elsewhere))

    _links: dict[tuple[str, str], _Pull] = field(default_factory=dict)
    choices: tuple[int, ...] = field(init=False)
    """Voices that may be given to anyone, best first."""

    def _order(self, voice: int) -> tuple[int, str]:
        return self.voices[voice].rank, self.voices[voice].name

    @cached_property
    def is_main(self) -> frozenset[str]:
        """The main cast, for looking up."""
        return frozenset(self.main)

    @cached_property
    def most_lines(self) -> int:
        """Of one character; at least 1."""
        return max(1, *self.company.lines.values()) if self.company.lines else 1

    @cached_property
    def worst_rank(self) -> int:
        """Of the voices; at least 1."""
        return max(1, *(voice.rank for voice in self.voices)) if self.voices else 1

    @cached_property
    def apart(self) -> tuple[tuple[float, ...], ...]:
        """Distance of every two voices, in units of what is clearly different."""
        least = self.timbres.clearly_different or 1.0
        return tuple(
            tuple(self.timbres.distance(one, other) / least for other in self.voices)
            for one in self.voices
        )

    @cached_property
    def heights(self) -> tuple[float, ...]:
        """How high each voice is among those of its gender, childhood apart: 0 lowest, 1 highest.

        One that was not measured is in the middle.
        """
        pitches: dict[tuple[Gender, bool], list[float]] = defaultdict(list)
        measured = [self.timbres.of(voice) for voice in self.voices]
        for voice, timbre in zip(self.voices, measured, strict=True):
            if timbre is not None:
                pitches[voice.gender, voice.age is Age.CHILD].append(timbre.pitch_st)
        found = []
        for voice, timbre in zip(self.voices, measured, strict=True):
            others = pitches[voice.gender, voice.age is Age.CHILD]
            below = 0 if timbre is None else sum(pitch < timbre.pitch_st for pitch in others)
            most = len(others) - 1
            found.append(below / most if timbre is not None and most else 0.5)
        return tuple(found)

    def fit(self, wish: Wish, voice: int) -> float:
        """Points for a voice that a character has, whoever else there is."""
        known = self.voices[voice]
        points = _GENDER * gender_cost(known.gender, wish.gender)
        points += _NARRATORS_OWN * (voice == self.narrator) + _NARRATES * known.narrates
        points += _AGE * age_cost(known.age, wish.age)
        weight = 0.25 + 0.75 * self.company.lines.get(wish.id, 0) / self.most_lines
        points += _RANK * weight * known.rank / self.worst_rank
        points += _INERTIA * (wish.kept is not None and voice != wish.kept)
        points += self._accent(wish, known.accent)
        if wish.pitch:
            height = self.heights[voice]
            points += _TOLD_PITCH * (height if wish.pitch < 0 else 1 - height)
        return points + _crowd(self.apart[voice][self.narrator], _CLOSE_TO_NARRATOR)

    def _accent(self, wish: Wish, accent: str) -> float:
        if wish.accent and accent == wish.accent:
            return 0.0
        points = _TOLD_ACCENT if wish.accent else 0.0
        if not accent or accent == self.home_accent:
            return points
        plain = accent in ("en-GB", "en-US")
        return points + ((_FOREIGN if self.home_accent else 0.0) if plain else _REGIONAL)

    def pair(self, one: str, mine: int, other: str, its: int) -> float:
        """Points for two voices that two characters have."""
        pull = self._links.get((one, other))
        if pull is None:
            pull = self._links[one, other] = _Pull()
            self._add(pull, one, other)
        return self._pulled(mine, its, pull)

    def _add(self, pull: _Pull, one: str, other: str) -> None:
        turns = self.company.turns.get(one, {}).get(other)
        mains = (one in self.is_main) + (other in self.is_main)
        heard = (_SHARED, _SHARED_WITH_MAIN, _SHARED_MAIN)[mains]
        lines = self.company.lines.get(one, 0) + self.company.lines.get(other, 0)
        pull.shared += heard + heard * lines / self.most_lines
        if turns is not None:
            pull.mates += 1
            pull.talk += turns / (turns + 5)
        else:
            pull.main += mains == 2

    def _pulled(self, mine: int, its: int, pull: _Pull) -> float:
        apart = self.apart[mine][its]
        points = pull.mates * _crowd(apart, _CLOSE_IN_SCENE)
        points += _TALK * pull.talk / max(apart, 0.1)
        points += pull.main * _CLOSE_MAIN * max(0.0, 1 - apart)
        if mine == its:
            points += pull.mates * (_SAME_IN_SCENE - sum(_CLOSE_IN_SCENE)) + pull.shared
        return points

    def costs(self, wish: Wish, taken: Mapping[str, int]) -> dict[int, float]:
        """Points for each voice that a character might have while others have theirs.

        Those who hold one voice are counted together, so that a book of hundreds is no burden.
        """
        pulls: dict[int, _Pull] = defaultdict(_Pull)
        for other, voice in taken.items():
            if other != wish.id:
                self._add(pulls[voice], wish.id, other)
        return {
            voice: self.fit(wish, voice)
            + sum(self._pulled(voice, its, pull) for its, pull in pulls.items())
            for voice in self.choices
        }

    def total(self, wishes: Iterable[Wish], taken: Mapping[str, int]) -> float:
        """Points for a whole casting: what is to be as low as can be."""
        fits = sum(self.fit(wish, taken[wish.id]) for wish in wishes)
        pairs = combinations(sorted(taken.items()), 2)
        return fits + sum(self.pair(one, mine, other, its) for (one, mine), (other, its) in pairs)


def obedient(problem: Problem, wish: Wish) -> Wish:
    """A wish that keeps no voice of which the user has since asked what another one has."""

    def obeys(index: int) -> bool:
        voice = problem.voices[index]
        is_of_age = not wish.asked_age or voice.age is wish.age
        return is_of_age and (not wish.asked_accent or voice.accent == wish.accent)

    if wish.kept is None or obeys(wish.kept):
        return wish
    others = (v for v in problem.choices if obeys(v) and _fits(problem, wish, v))
    return wish if next(others, None) is None else replace(wish, kept=None)


def kept_voices(
    problem: Problem, wishes: Iterable[Wish], fixed: Mapping[str, int]
) -> dict[str, int]:
    """The voices of an earlier casting that are kept, whatever else might be better now.

    The main cast keeps all but a voice of the wrong gender, and one that has since been decided to
    be the narrator's or somebody's in one of its scenes. A bit part also gives up one that somebody
    has who speaks more, and is now heard in one of its scenes. Both do so only where another voice
    is free there.
    """
    company, kept = problem.company, dict(fixed)
    ordered = sorted(
        wishes, key=lambda w: (w.id not in problem.is_main, -company.lines.get(w.id, 0), w.id)
    )
    for wish in ordered:
        voice = wish.kept
        if voice is None or not _fits(problem, wish, voice):
            continue
        mates = kept if wish.id not in problem.is_main else fixed
        heard = {mates[mate] for mate in company.turns.get(wish.id, ()) if mate in mates}
        heard.add(problem.narrator)
        free = (v for v in problem.choices if v not in heard and _fits(problem, wish, v))
        if voice not in heard or next(free, None) is None:
            kept[wish.id] = voice
    return {wish.id: kept[wish.id] for wish in wishes if wish.id in kept}


def _fits(problem: Problem, wish: Wish, voice: int) -> bool:
    return gender_cost(problem.voices[voice].gender, wish.gender) < 2


def assign(problem: Problem, wishes: Sequence[Wish], fixed: Mapping[str, int]) -> dict[str, int]:
    """A voice for each of `wishes`, beside those that are `fixed`.

    The order of `wishes` and of the voices does not matter.
    """
    ordered = sorted(wishes, key=lambda w: (-problem.company.lines.get(w.id, 0), w.id))
    main = [wish for wish in ordered if wish.id in problem.is_main]
    taken = best_of_starts(problem, main, fixed)
    return greedy(problem, [w for w in ordered if w.id not in problem.is_main], taken)


def best_of_starts(
    problem: Problem, wishes: Sequence[Wish], fixed: Mapping[str, int]
) -> dict[str, int]:
    """The cheapest of several castings, in each of which another one chooses first."""
    best, least = dict(fixed), float("inf")
    for at in range(max(1, min(_STARTS, len(wishes)))):
        order = [*wishes[at : at + 1], *wishes[:at], *wishes[at + 1 :]]
        taken = improved(problem, order, greedy(problem, order, fixed))
        points = problem.total(wishes, taken)
        if points < least - _NOTHING:
            best, least = taken, points
    return best


def greedy(problem: Problem, wishes: Sequence[Wish], fixed: Mapping[str, int]) -> dict[str, int]:
    """Cast one after the other, each as cheaply as can be."""
    taken = dict(fixed)
    for wish in wishes:
        costs = problem.costs(wish, taken)
        taken[wish.id] = _cheapest(costs)
    return taken


def improved(problem: Problem, wishes: Sequence[Wish], taken: Mapping[str, int]) -> dict[str, int]:
    """Give one another voice, or two each other's, as long as that lowers the sum."""
    best = dict(taken)
    for _ in range(_SWEEPS):
        changed = False
        for wish in wishes:
            costs = problem.costs(wish, best)
            voice = _cheapest(costs)
            if costs[voice] < costs[best[wish.id]] - _NOTHING:
                best[wish.id] = voice
                changed = True
        for one, other in combinations(wishes, 2):
            if _swap_gain(problem, one, other, best) > _NOTHING:
                best[one.id], best[other.id] = best[other.id], best[one.id]
                changed = True
        if not changed:
            break
    return best


def _cheapest(costs: Mapping[int, float]) -> int:
    """Of equally cheap voices the first, which is the best: sums may differ by a rounding."""
    least = min(costs.values())
    return next(voice for voice, points in costs.items() if points < least + _NOTHING)


def _swap_gain(problem: Problem, one: Wish, other: Wish, taken: Mapping[str, int]) -> float:
    mine, its = taken[one.id], taken[other.id]
    if mine == its:
        return 0.0
    gain = problem.fit(one, mine) + problem.fit(other, its)
    gain -= problem.fit(one, its) + problem.fit(other, mine)
    for third, voice in taken.items():
        if third not in (one.id, other.id):
            gain += problem.pair(one.id, mine, third, voice)
            gain += problem.pair(other.id, its, third, voice)
            gain -= problem.pair(one.id, its, third, voice)
            gain -= problem.pair(other.id, mine, third, voice)
    return gain


def _crowd(apart: float, points: tuple[float, float]) -> float:
    """Points for voices that are heard together: none from the threshold on."""
    if apart >= 1:
        return 0.0
    return points[0] + points[1] * (1 - apart)


def gender_cost(voice: Gender, character: Gender) -> int:
    """0 where it fits or nothing is known, 1 for a neutral voice, 2 for the wrong one."""
    known = (Gender.FEMALE, Gender.MALE)
    if character not in known or voice == character:
        return 0
    return 2 if voice in known else 1


_AGES = (Age.CHILD, Age.YOUNG, Age.ADULT, Age.OLD)


def age_cost(voice: Age, character: Age) -> int:
    """Steps between two ages; a child's voice on a grown person jars more than that."""
    steps = abs(_AGES.index(voice) - _AGES.index(character))
    return steps + 2 * ((voice is Age.CHILD) != (character is Age.CHILD))
