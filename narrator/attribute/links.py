"""How turns follow each other: who goes on, who comes back, by what stands between and beside."""

from __future__ import annotations

from narrator.attribute.chain import Link
from narrator.attribute.cues import Strength
from narrator.attribute.mentions import RefKind
from narrator.attribute.reading import Reading
from narrator.attribute.turns import Turn

__all__ = ["FAR", "gap_before", "link_before"]

FAR = 4
"""So many paragraphs of narration end a conversation."""
_NO_LINK = Link(same=0.0, back=0.0)
_SAME = {"none": (-3.0, 2.5, 1.5, 0.5), "he": (0.5, 1.5, 1.0, 0.5), "name": (-0.5, 1.0, 1.0, 0.5)}
"""For the same person, by what tells the speaker and by the paragraphs between."""
_BACK = {"none": (2.5, 1.5, 1.0, 0.5), "he": (1.5, 1.5, 1.0, 0.5), "name": (1.0, 1.0, 0.5, 0.5)}
"""For the person before last. A line that needs no cue is an answer; a cue often tells of somebody
new."""
_OTHER = (-3.0, 2.0)
"""*said the other*: never the same person, for the paragraph right after."""
_BOTH_UNTOLD = 1.0
"""More for the person before last where the line before had no cue either."""
_BEFORE = (0.0, -0.5, -1.5, -1.5)
"""Less for them where the turn before stood apart from theirs, by the paragraphs between."""
_GOES_ON_SAME, _GOES_ON_BACK = 1.5, 1.0


def gap_before(reading: Reading, t: int) -> int:
    """Paragraphs of narration between a turn and the one before it; many where a scene or a chat
    ends between."""
    if t == 0:
        return 99
    a, b = reading.turns[t - 1], reading.turns[t]
    if reading.scenes[a.pieces[-1]] != reading.scenes[b.pieces[0]]:
        return 99
    if a.is_labelled is not b.is_labelled:
        return 99  # a chat is no part of the conversation around it
    return max(0, reading.paragraphs[b.pieces[0]] - reading.paragraphs[a.pieces[-1]] - 1)


def _told_by(turn: Turn) -> str:
    if not turn.said or turn.said[0].ref.kind is RefKind.GROUP:
        return "none"
    cue = turn.said[0]
    is_vague = cue.ref.kind is RefKind.PRONOUN or cue.strength < Strength.COLON
    return "he" if is_vague else "name"


def link_before(reading: Reading, t: int) -> Link:
    """How a turn follows the one before it."""
    gap = gap_before(reading, t)
    if gap >= FAR:
        return _NO_LINK
    told = _told_by(reading.turns[t])
    same, back = _SAME[told][gap], _BACK[told][gap]
    if gap == 0 and told == "name" and reading.turns[t].said[0].ref.noun == "other":
        same, back = _OTHER
    if gap == 0 and told != "name" and _told_by(reading.turns[t - 1]) == "none":
        back += _BOTH_UNTOLD
    if gap <= 1 and any(cue.resumes for cue in reading.turns[t].said[:1]):
        same, back = same + _GOES_ON_SAME, back + _GOES_ON_BACK
    before = gap_before(reading, t - 1)
    if before >= FAR:
        # Nobody comes back to a conversation that only began with the turn before.
        return Link(same=same, back=0.0)
    return Link(same=same, back=back + _BEFORE[before])
