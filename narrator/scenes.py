"""Who is heard with whom: what casting needs to know of a script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from narrator.model import NARRATOR, Script, SegmentKind

SPEECH = (SegmentKind.DIALOGUE, SegmentKind.THOUGHT)
"""What characters, not the narrator, say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who speaks how much, in whose company. Speakers are `Character.id`."""

    lines: Mapping[str, int]
    """Lines of each speaker."""
    turns: Mapping[str, Mapping[str, int]]
    """For each speaker, those who speak in a scene with them, and how often one of the two answers
    the other at once: 0 for those who only are there too."""

    def share_scene(self, one: str, other: str) -> bool:
        """Whether there is a scene in which both speak."""
        return other in self.turns.get(one, ())


def company_of(script: Script) -> Company:
    """Who speaks with whom in a script.

    A scene ends with its chapter, or at a scene break within it.
    """
    lines: Counter[str] = Counter()
    turns: dict[str, Counter[str]] = {}
    for scene in _scenes(script):
        lines.update(scene)
        present = sorted(set(scene))
        for one in present:
            mates = turns.setdefault(one, Counter())
            mates.update({other: 0 for other in present if other != one})
        for one, other in pairwise(scene):
            if one != other:
                turns[one][other] += 1
                turns[other][one] += 1
    return Company(lines=lines, turns=turns)


def _scenes(script: Script) -> Iterator[list[str]]:
    """The speakers of each scene's lines, in order."""
    scene: list[str] = []
    chapter = 0
    for line in script.lines:
        segment = line.segment
        if segment.kind is SegmentKind.SCENE_BREAK or segment.chapter != chapter:
            yield scene
            scene, chapter = [], segment.chapter
        if segment.kind in SPEECH and line.speaker not in (None, NARRATOR):
            assert line.speaker is not None
            scene.append(line.speaker)
    yield scene
