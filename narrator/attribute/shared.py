"""A name that several people bear: who is meant where somebody is called by it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from narrator.attribute.lexicon import TITLES
from narrator.attribute.mentions import Ref, RefKind
from narrator.attribute.names import Form, Name
from narrator.attribute.roster import Person, Roster, genders_agree, split_form
from narrator.attribute.vocatives import Call
from narrator.model import Gender

__all__ = ["settle_calls"]

_NEAR = 40
"""Pieces before and after a call in which the narration names whoever is there."""


def settle_calls(
    names: Sequence[list[Name]],
    refs: Sequence[Sequence[Ref]],
    calls: Sequence[Sequence[Call]],
    roster: Roster,
) -> None:
    """Take a call for another one of its name where the usual one is not there, in `names`.

    *Robin* is the son of the house, but not in a scene that names *Robin Hale* and never him.
    """
    others: dict[Form, dict[int, Form]] = {}
    told: dict[int, list[int]] = {}
    for k, here in enumerate(refs):
        for ref in here:
            if ref.kind is RefKind.NAME and ref.person >= 0:
                told.setdefault(ref.person, []).append(k)
    for k, here_called in enumerate(calls):
        for call in here_called:
            if call.name < 0:
                continue
            name = names[k][call.name]
            if (usual := roster.of_form.get(name.form, -1)) < 0:
                continue
            if name.form not in others:
                others[name.form] = _namesakes(name.form, usual, roster)
            near = {p: _named_near(told.get(p, ()), k) for p in (usual, *others[name.form])}
            if near.pop(usual) or not near:
                continue
            best = max(near, key=lambda p: (near[p], -p))
            if near[best]:
                names[k][call.name] = name._replace(form=others[name.form][best])


def _namesakes(form: Form, usual: int, roster: Roster) -> dict[int, Form]:
    """Others of this name, each with a form that is nobody else's."""
    title, names = split_form(form)
    # The elder sister is *Miss* and the surname, and may go by another name in the telling.
    if len(names) != 1 or (title == "miss" and not roster.persons[usual].first):
        return {}
    gender = TITLES.get(title, Gender.UNKNOWN) if title else roster.persons[usual].gender
    found: dict[int, Form] = {}
    for p, who in enumerate(roster.persons):
        own = [f for f in who.forms if len(f) > 1 and roster.of_form.get(f) == p]
        if p == usual or who.is_role or not own or not genders_agree(who.gender, gender):
            continue
        if _is_called(who, title, names[0]):
            found[p] = max(own, key=len)
    return found


def _is_called(who: Person, title: str, name: str) -> bool:
    """Whether the bare name may be theirs, or *Mr. Hale* be their *Mr. John Hale*."""
    if not title:
        return name in (who.first, who.last)
    return any(len(f) > 2 and f[0] == title and f[-1] == name for f in who.forms)


def _named_near(places: Sequence[int], k: int) -> int:
    """How often the narration names somebody around piece `k`."""
    return bisect_left(places, k + _NEAR + 1) - bisect_left(places, k - _NEAR)
