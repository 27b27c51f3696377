"""The best speakers for a whole conversation at once.

A second-order chain: who speaks depends on who spoke just before and who spoke before that, so that
two people take turns. Forward-backward gives each turn's speaker a probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

__all__ = ["Link", "likeliest", "posteriors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How a turn follows the one before it: log-odds against somebody new."""

    same: float
    """The same person goes on."""
    back: float
    """The person before last speaks again."""


def likeliest(row: Mapping[int, float]) -> int:
    """The likeliest speaker of a turn, given the probability of each; of equal ones the first."""
    return max(row, key=lambda person: (row[person], -person))


def _normalised(rows: list[list[float]]) -> list[list[float]]:
    total = sum(map(sum, rows)) or 1.0
    return [[value / total for value in row] for row in rows]


def posteriors(
    candidates: Sequence[Sequence[int]], scores: Sequence[Sequence[float]], links: Sequence[Link]
) -> list[list[float]]:
    """The probability of every candidate of every turn.

    Parameters
    ----------
    candidates
        For each turn, the persons who may say it; never empty.
    scores
        For each turn, a log-score per candidate.
    links
        For each turn, how it follows the one before; the first is not looked at.

    Returns
    -------
    list of list of float
        For each turn, probabilities in the order of its candidates; they sum to 1.

    Notes
    -----
    The state of turn *t* is (speaker of *t* - 1, speaker of *t*). A link has only three values,
    so a step costs the square of the number of candidates, not its cube.
    """
    if not candidates:
        return []
    weights = [_exponentials(row) for row in scores]
    forward = [_normalised([weights[0]])]
    before: Sequence[int] = (-2,)
    for t in range(1, len(candidates)):
        forward.append(
            _step(forward[-1], before, candidates[t - 1], candidates[t], weights[t], links[t])
        )
        before = candidates[t - 1]
    return _backward(candidates, weights, links, forward)


def _exponentials(row: Sequence[float]) -> list[float]:
    top = max(row)
    return [exp(max(-60.0, value - top)) for value in row]


def _step(
    state: Sequence[Sequence[float]], older: Sequence[int], old: Sequence[int], new: Sequence[int],
    weight: Sequence[float], link: Link,
) -> list[list[float]]:  # fmt: skip
    """Forward: rows are the previous speaker, columns the new one."""
    same, back = exp(link.same), exp(link.back)
    place = {person: k for k, person in enumerate(older)}
    rows = []
    for j, previous in enumerate(old):
        mass = sum(row[j] for row in state)
        row = []
        for k, person in enumerate(new):
            if person == previous:
                value = same * mass
            else:
                at = place.get(person)
                value = mass if at is None else mass + (back - 1.0) * state[at][j]
            row.append(value * weight[k])
        rows.append(row)
    return _normalised(rows)


def _backward(
    candidates: Sequence[Sequence[int]], weights: Sequence[Sequence[float]], links: Sequence[Link],
    forward: Sequence[list[list[float]]],
) -> list[list[float]]:  # fmt: skip
    """Backward messages, joined with the forward ones into probabilities."""
    last = len(candidates) - 1
    olds = [(-2,), *candidates[:-1]]
    message = [[1.0] * len(candidates[last]) for _ in olds[last]]
    found: list[list[float]] = []
    for t in range(last, -1, -1):
        joint = [
            [a * b for a, b in zip(rows, more, strict=True)]
            for rows, more in zip(forward[t], message, strict=True)
        ]
        sums = [sum(row[k] for row in joint) for k in range(len(candidates[t]))]
        total = sum(sums) or 1.0
        found.append([value / total for value in sums])
        if t:
            older = olds[t - 1]
            message = _message(message, older, olds[t], candidates[t], weights[t], links[t])
    found.reverse()
    return found


def _message(
    message: Sequence[Sequence[float]], older: Sequence[int], old: Sequence[int],
    new: Sequence[int], weight: Sequence[float], link: Link,
) -> list[list[float]]:  # fmt: skip
    """Backward: the weight of all that follows each (speaker before last, previous speaker)."""
    same, back = exp(link.same), exp(link.back)
    place = {person: k for k, person in enumerate(new)}
    base = []
    for j, previous in enumerate(old):
        base.append(
            sum(
                message[j][k] * weight[k] * (same if person == previous else 1.0)
                for k, person in enumerate(new)
            )
        )
    rows = []
    for person in older:
        at = place.get(person)
        rows.append(
            [
                base[j] + (
                    (back - 1.0) * message[j][at] * weight[at]
                    if at is not None and person != previous else 0.0
                )
                for j, previous in enumerate(old)
            ]
        )  # fmt: skip
    return _normalised(rows)
