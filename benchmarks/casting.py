"""How good and how fast casting is: greedy, as the program does it, and the exact optimum.

    python benchmarks/casting.py stories/*.txt CORPUS/pdnc/*/*.txt
    python benchmarks/casting.py --traits CORPUS/*/*/*.txt

For each story: characters, those of the main cast, the cost of the main cast's voices (see
`narrator.casting`) cast greedily, by the program, and exactly where that ends in time; then of the
whole cast how many pairs share a scene, how many of those are closer than what is clearly different
as cast without regard to distance, and as the program does it; and seconds for all of it. With
--traits, what the stories say of how their people sound, in their own words, to be read.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from narrator.bank import read_bank
from narrator.cast import cast
from narrator.castfile import CastFile
from narrator.casting import Problem, Wish, best_of_starts, greedy, main_cast
from narrator.model import Cast, Script, Voice
from narrator.scenes import Company, company_of
from narrator.story import load_script
from narrator.timbre import NOTHING_MEASURED, Timbres, load_timbres

_STEPS = 400_000
_COLUMNS = ("story", "all", "main", "greedy", "program", "exact", "pairs", "blind", "close", "s")


class OutOfStepsError(Exception):
    """The exact search takes too long."""


def exact(problem: Problem, wishes: Sequence[Wish], bound: float, steps: int = _STEPS) -> float:
    """The least cost there is, by branch and bound from `bound`, which is known to be possible.

    Raises
    ------
    OutOfStepsError
        It is not found within so many steps.
    """
    fits = [[(problem.fit(wish, v), v) for v in problem.choices] for wish in wishes]
    cheapest = [min(points for points, _ in each) for each in fits]
    rest = [sum(cheapest[at:]) for at in range(len(wishes) + 1)]
    best, left = bound, steps
    chosen: list[int] = []

    def search(at: int, sofar: float) -> None:
        nonlocal best, left
        if at == len(wishes):
            best = min(best, sofar)
            return
        options = []
        for points, voice in fits[at]:
            pairs = sum(
                problem.pair(wishes[at].id, voice, wishes[other].id, its)
                for other, its in enumerate(chosen)
            )
            options.append((points + pairs, voice))
        for points, voice in sorted(options):
            left -= 1
            if left < 0:
                raise OutOfStepsError
            if sofar + points + rest[at + 1] >= best - 1e-6:
                return
            chosen.append(voice)
            search(at + 1, sofar + points)
            chosen.pop()

    search(0, 0.0)
    return best


def close_pairs(script: Script, who: Cast, company: Company, timbres: Timbres) -> tuple[int, int]:
    """How many pairs of characters share a scene, and how many of them are too close."""
    told = {character.id for character in script.characters if character.is_narrator}
    pairs = close = 0
    for one, mates in company.turns.items():
        for other in mates:
            if one < other and not {one, other} <= told:
                pairs += 1
                voices = who.role_of(one).voice, who.role_of(other).voice
                close += timbres.distance(*voices) < timbres.clearly_different
    return pairs, close


def row_of(path: Path, voices: tuple[Voice, ...], timbres: Timbres) -> tuple[str, ...]:
    """A row of the table."""
    script = load_script(path, CastFile())
    company = company_of(script)
    began = time.perf_counter()
    who = cast(script, voices, CastFile(), timbres=timbres)
    seconds = time.perf_counter() - began
    main = main_cast(script.characters, company)
    problem = Problem(
        voices=voices, narrator=voices.index(who.narrator.voice), company=company, main=main,
        timbres=timbres,
    )  # fmt: skip
    by_id = {c.id: c for c in script.characters}
    wishes = [
        Wish(id=one, gender=by_id[one].gender, age=by_id[one].age)
        for one in main
        if not by_id[one].is_narrator
    ]
    first = greedy(problem, wishes, {})
    better = best_of_starts(problem, wishes, {})
    least = problem.total(wishes, better)
    try:
        optimum = f"{exact(problem, wishes, least):.0f}"
    except OutOfStepsError:
        optimum = "?"
    blind = cast(script, voices, CastFile(), timbres=replace(NOTHING_MEASURED))
    pairs, close = close_pairs(script, who, company, timbres)
    _, close_blind = close_pairs(script, blind, company, timbres)
    return (
        path.stem, str(len(script.characters)), str(len(main)),
        f"{problem.total(wishes, first):.0f}", f"{least:.0f}", optimum,
        str(pairs), str(close_blind), str(close), f"{seconds:.2f}",
    )  # fmt: skip


def print_traits(paths: Sequence[Path]) -> None:
    """What each story says of how its people sound, and how many there are of each kind."""
    found: Counter[str] = Counter()
    for path in paths:
        script = load_script(path, CastFile())
        found["characters"] += len(script.characters)
        for character in script.characters:
            for trait in character.traits:
                found[trait.kind] += 1
                row = (path.parent.name, character.name, trait.kind, trait.value, trait.words)
                print(" | ".join(row), flush=True)
    print(dict(found))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stories", nargs="+", type=Path)
    parser.add_argument("--traits", action="store_true")
    arguments = parser.parse_args()
    if arguments.traits:
        print_traits(arguments.stories)
        return
    voices, timbres = read_bank("espeak"), load_timbres()
    print("| " + " | ".join(_COLUMNS) + " |\n|" + "---|" * len(_COLUMNS))
    for path in arguments.stories:
        print("| " + " | ".join(row_of(path, voices, timbres)) + " |", flush=True)


if __name__ == "__main__":
    main()
