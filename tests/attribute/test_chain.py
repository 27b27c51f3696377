"""The chain against the sum over every sequence of speakers."""

from __future__ import annotations

from itertools import product
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.attribute.chain import Link, posteriors

_scores = st.floats(-3, 3)


@st.composite
def lattices(
    draw: st.DrawFn,
) -> tuple[list[list[int]], list[list[float]], list[Link]]:
    size = draw(st.integers(1, 5))
    people = st.lists(st.integers(0, 4), min_size=1, max_size=4, unique=True)
    who = [draw(people) for _ in range(size)]
    scores = [[draw(_scores) for _ in row] for row in who]
    links = [Link(same=draw(_scores), back=draw(_scores)) for _ in range(size)]
    return who, scores, links


def by_enumeration(
    who: list[list[int]], scores: list[list[float]], links: list[Link]
) -> list[list[float]]:
    sums = [[0.0] * len(row) for row in who]
    for places in product(*(range(len(row)) for row in who)):
        said = [row[k] for row, k in zip(who, places, strict=True)]
        total = sum(row[k] for row, k in zip(scores, places, strict=True))
        for t in range(1, len(said)):
            if said[t] == said[t - 1]:
                total += links[t].same
            elif t > 1 and said[t] == said[t - 2]:
                total += links[t].back
        for t, k in enumerate(places):
            sums[t][k] += exp(total)
    return [[value / sum(row) for value in row] for row in sums]


@given(lattices())
@settings(max_examples=60, deadline=None)
def test_posteriors_are_exact(
    lattice: tuple[list[list[int]], list[list[float]], list[Link]],
) -> None:
    expected = by_enumeration(*lattice)
    for row, other in zip(posteriors(*lattice), expected, strict=True):
        assert row == pytest.approx(other, abs=1e-9)


def test_no_turns() -> None:
    assert posteriors([], [], []) == []
