from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.attribute import attribute
from narrator.attribute.neighbours import IN_TURN, conversations, settle_neighbours
from narrator.castfile import CastFile
from narrator.corrections import YOU_SAID_SO, correction_for
from narrator.model import Script, SegmentKind, Turn
from narrator.read import read_book
from narrator.segment import segment
from narrator.story import decide
from tests.values import character, said, script_of

PEOPLE = (character("A"), character("B"), character("C"))
APART = Turn(options=(("a", 0.0), ("b", 0.0)), same=0.0, back=0.0)
TURNS = Turn(options=(("a", 0.0), ("b", 0.0)), same=-4.0, back=1.5)


def script(speakers: str, turns: tuple[Turn, ...]) -> Script:
    """One line for each turn."""
    made = script_of([said(who, "“Yes.”\n\n") for who in speakers], characters=PEOPLE)
    lines = tuple(replace(line, turn=k) for k, line in enumerate(made.lines))
    return replace(made, lines=lines, turns=turns)


def speakers(script: Script) -> str:
    return "".join(line.speaker or "-" for line in script.lines)


def test_those_who_speak_in_turn_with_a_decided_line_are_decided_again() -> None:
    before = script("ababab", (APART, *[TURNS] * 2, APART, *[TURNS] * 2))
    after = settle_neighbours(before, {1: "a"})
    assert speakers(after) == "bbbbab"
    assert [line.reason for line in after.lines].count(IN_TURN) == 2


def test_a_conversation_apart_and_a_decided_line_are_left_alone() -> None:
    before = script("abaaba", (APART, *[TURNS] * 2, APART, *[TURNS] * 2))
    after = settle_neighbours(before, {0: "a", 2: "b"})
    assert after.lines[3:] == before.lines[3:]
    assert after.lines[0] == before.lines[0]
    assert after.lines[2] == before.lines[2]


def test_whoever_is_in_nobodys_lines_gets_none() -> None:
    stranger = replace(TURNS, options=(("?7", 9.0), ("a", 0.0), ("b", 0.0)))
    before = script("ab", (APART, stranger))
    assert settle_neighbours(before, {0: "b"}).lines[1] == before.lines[1]


def test_whoever_lost_all_lines_gets_none() -> None:
    before = script("ab", (APART, TURNS))
    assert speakers(settle_neighbours(before, {0: "b"})) == "aa"
    assert speakers(settle_neighbours(before, {0: "b"}, gone={"a"})) == "ab"


def test_without_turns_nothing_is_known() -> None:
    before = script("ab", ())
    assert settle_neighbours(before, {0: "b"}) is before


turn = st.builds(
    Turn,
    options=st.lists(st.sampled_from("abc"), min_size=1, unique=True).map(
        lambda who: tuple((each, float(k)) for k, each in enumerate(who))
    ),
    same=st.sampled_from([0.0, -4.0, 1.0]),
    back=st.sampled_from([0.0, 1.5]),
)


@settings(deadline=None)
@given(st.lists(turn, min_size=1, max_size=9), st.data())
def test_what_is_decided_stays_and_what_is_far_away_too(
    turns: list[Turn], data: st.DataObject
) -> None:
    size = len(turns)
    before = script("a" * size, tuple(turns))
    decided = data.draw(
        st.dictionaries(st.integers(0, size - 1), st.sampled_from("abc"), max_size=3)
    )
    after = settle_neighbours(before, decided)
    touched = {
        t
        for first, end in conversations(before.turns)
        if any(first <= k < end for k in decided)
        for t in range(first, end)
    }
    for k, (old, new) in enumerate(zip(before.lines, after.lines, strict=True)):
        if k in decided or k not in touched:
            assert new == old
        else:
            assert 0.0 <= new.confidence <= 1.0
            assert sum(each.confidence for each in new.candidates) <= 1.0 - new.confidence + 1e-9


STORY = """\
The Table

Anna and Bert sat at the table by the window, and Carl stood at the door.

"It is late," said Anna.

"We should go."

"Not yet."

"Then when?"

"Soon."
"""


def test_a_correction_turns_the_exchange_around_and_what_is_left_is_less_wrong() -> None:
    book = read_book(STORY.encode(), name="table.txt")
    found = attribute(book, segment(book))
    spoken = [k for k, line in enumerate(found.lines) if line.segment.kind is SegmentKind.DIALOGUE]
    names = {character.id: character.name for character in found.characters}
    before = [names[found.lines[k].speaker or ""] for k in spoken]
    assert before[0] == "Anna"
    other = next(name for name in ("Bert", "Carl") if name not in before[1:2])
    first = correction_for(found, spoken[1], other)
    after = decide(found, CastFile(lines=(first,)))
    assert after.lines[spoken[1]].reason == YOU_SAID_SO
    names = {character.id: character.name for character in after.characters}
    now = [names[after.lines[k].speaker or ""] for k in spoken]
    assert now[0] == "Anna"
    assert now[1] == other
    assert now[2] != other
    changed = [k for k, (a, b) in zip(spoken, zip(before, now, strict=True), strict=True) if a != b]
    assert all(after.lines[k].reason in (YOU_SAID_SO, IN_TURN) for k in changed)
    again = decide(found, CastFile(lines=(first, correction_for(found, spoken[2], "Carl"))))
    assert [again.lines[k].reason for k in spoken[1:3]] == [YOU_SAID_SO, YOU_SAID_SO]


def test_a_part_of_a_decided_turn_that_somebody_is_named_for_stays() -> None:
    """*"It is I," said B. "Come in at once."*, of which only the end was decided."""
    before = script("bb", (APART, TURNS))
    told, open_ = (replace(line, turn=0) for line in before.lines)
    before = replace(before, lines=(replace(told, confidence=0.97), open_))
    assert speakers(settle_neighbours(before, {1: "a"})) == "bb"  # it is left as it is, too
    unsure = replace(before, lines=(replace(told, confidence=0.6), open_))
    assert speakers(settle_neighbours(unsure, {1: "a"})) == "ab"
