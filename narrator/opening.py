"""The words that a story begins with and that only its narrator can say.

They can be heard while it is found out who says the rest. What is told here is what the whole
script, cast and direction come to, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from narrator.castfile import CastFile
from narrator.model import NARRATOR, Script, SegmentKind, Take
from narrator.story import Beginning

_CERTAIN = (
    SegmentKind.NARRATION,
    SegmentKind.HEADING,
    SegmentKind.SCENE_BREAK,
    SegmentKind.SKIPPED,
)
_FIRST_PERSON = re.compile(r"\b[Ii]\b")
_FEW, _RARE = 4, 0.002
"""Half of what `narrator.attribute.reading` asks of a first-person story: words are counted in
another way here, and what may be one counts as one."""


def narrator_is_known(beginning: Beginning, cast_file: CastFile) -> bool:
    """Whether the narrator gets the same voice now as when all of the script is known.

    The gender of a first-person narrator decides about the voice, and so do voices that the user
    gave to others: not all of these need to be in the story.
    """
    if beginning.is_whole or cast_file.narrator.voice is not None:
        return True
    if any(part.voice is not None for part in cast_file.characters.values()):
        return False
    return beginning.script is not None and not may_be_first_person(beginning.script)


def may_be_first_person(script: Script) -> bool:
    """Whether the narration says *I* often enough that its teller may be in the story."""
    count = words = 0
    for line in script.lines:
        segment = line.segment
        if segment.kind is SegmentKind.NARRATION:
            text = script.words_of(segment)
            count += len(_FIRST_PERSON.findall(text))
            words += len(text.split())
    return count >= _FEW and count >= _RARE * words


def opening_takes(script: Script, takes: Iterable[Take]) -> Iterator[Take]:
    """Those of the takes that come before any that may be somebody else's.

    Parameters
    ----------
    takes
        Those of `script`, or of a chapter of it, in order, with the narrator in all roles.
    """
    end = next(
        (
            k
            for k, line in enumerate(script.lines)
            if line.segment.kind not in _CERTAIN or line.speaker not in (NARRATOR, None)
        ),
        len(script.lines),
    )
    held: Take | None = None
    for take in takes:
        if take.segment >= end:
            return  # whose it is decides how long the pause before it is
        if held is not None:
            yield held
        held = take
    if held is not None:
        yield held
