from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.attribute import attribute
from narrator.attribute.neighbours import IN_TURN
from narrator.cast import SPEECH, apply_decisions
from narrator.castfile import CastFile, Correction, Part, read_cast_file
from narrator.corrections import (
    YOU_SAID_SO,
    apply_corrections,
    correction_for,
    corrections_of,
    place,
)
from narrator.model import NARRATOR, Script
from narrator.read import read_book
from narrator.segment import segment
from tests.values import character, said, script_of, told

STORY = """\
# The Kiln

## 1. Clay

Marta wiped her hands on the sacking and looked down the yard, where the carts stood.

"The second firing is always the one that cracks," said Marta.

Ilya shrugged. "Yes."

"You might have told the buyers before they paid for it."

"Yes," he said.

The rain came on again. Somebody had left the shutters open and the shelves were wet.

"Then go and shut them before the glaze is ruined!"

"Yes."

He went out into the rain, slowly, and she heard him talking to the dog.

"She is right, of course," Ilya told the dog. "She is always right about the glaze."

## 2. Fire

By evening the chimney was red to the top, and the whole street had come to see it.

"Is it meant to do that?" asked the baker.

"No."

"Should somebody fetch water from the pump?"

"Yes."

Nobody moved. The baker took off his hat and put it on again.
"""


def found(text: str) -> Script:
    book = read_book(text.encode(), name="kiln.md")
    return attribute(book, segment(book))


def speech(script: Script) -> list[int]:
    return [k for k, line in enumerate(script.lines) if line.segment.kind in SPEECH]


BEFORE = found(STORY)
LINES = speech(BEFORE)

Edit = tuple[Callable[[str], str], Callable[[int], int]]


def swap_chapters(text: str) -> str:
    head, one, two = re.split(r"(?=## )", text)
    return head + two + one


SAME = int
EDITS: dict[str, Edit] = {
    "a paragraph before": (
        lambda t: t.replace("Marta wiped", "It was a wet Tuesday in May.\n\nMarta wiped"),
        SAME,
    ),
    "a chapter before, with lines of the same words": (
        lambda t: t.replace("## 1.", '## 0. Early\n\n"Yes," said the dog.\n\n"No."\n\n## 1.'),
        lambda k: k + 2,
    ),
    "sentences between the lines": (
        lambda t: t.replace("Ilya shrugged.", "The dog lay down by the door. Ilya shrugged."),
        SAME,
    ),
    "a cue reworded": (
        lambda t: t.replace("said Marta.", "Marta said, without turning round to face him."),
        SAME,
    ),
    "straight quotes made curly": (
        lambda t: re.sub(r'"([^"]*)"', r"“\1”", t),
        SAME,
    ),
    "rewrapped": (
        lambda t: re.sub(r"(?<=[a-z,]) (?=[a-z])", "\n", t),
        SAME,
    ),
    "typing mistakes and punctuation put right": (
        lambda t: t.replace("always the one that cracks,", "always the one which cracks;")
        .replace("before they paid for it.", "before they had paid for it!")
        .replace("Should somebody fetch", "Shouldn’t somebody fetch"),
        SAME,
    ),
    "a character renamed": (lambda t: t.replace("Ilya", "Tomas").replace("Marta", "Ruth"), SAME),
    "a sentence cut before and behind": (
        lambda t: t.replace("Somebody had left the shutters open and the shelves were wet.", "")
        .replace("He went out into the rain, slowly, and she heard him talking to the dog.", "-"),
        SAME,
    ),
    "the chapters swapped": (swap_chapters, lambda k: k + 4 if k < 8 else k - 8),
    "a line of dialogue before and one behind": (
        lambda t: t.replace(
            '"Then go and', '"What is it now?"\n\n"Then go and'
        ).replace("He went out", '"And hurry."\n\nHe went out'),
        lambda k: k + (k >= 4) + (k >= 6),
    ),
    "the headings gone": (lambda t: re.sub(r"## .*\n", "", t), SAME),
}  # fmt: skip


def test_the_story_has_the_lines_that_the_edits_count_on() -> None:
    assert len(LINES) == len(re.findall(r'"[^"]*"', STORY)) == 12
    assert BEFORE.lines[LINES[8]].segment.chapter != BEFORE.lines[LINES[7]].segment.chapter


@pytest.mark.parametrize("edit", EDITS)
def test_every_corrected_line_survives(edit: str) -> None:
    change, moved = EDITS[edit]
    after_text = change(STORY)
    assert after_text != STORY
    after = found(after_text)
    corrections = [correction_for(BEFORE, line, "Zoe") for line in LINES]
    placed = place(after, corrections)
    lines = speech(after)
    assert placed == {k: lines[moved(k)] for k in range(len(LINES))}
    for k, correction in enumerate(corrections):  # and alone, where no other takes its place
        assert place(after, [correction]) == {0: lines[moved(k)]}


@pytest.mark.parametrize("gone", range(12))
def test_a_line_that_is_gone_takes_no_other(gone: int) -> None:
    correction = correction_for(BEFORE, LINES[gone], "Zoe")
    quote = list(re.finditer(r'"[^"]*"', STORY))[gone]
    text = f"{STORY[: quote.start()]} {STORY[quote.end() :]}"
    after = found(text)
    assert place(after, [correction]) == {}, correction


def test_the_user_is_told_what_cannot_be_placed_and_where_he_wrote_it() -> None:
    text = (
        '[narrator]\n\n[[lines]]\ntext = "No such words are in it anywhere."\nchapter = 2\n'
        'speaker = "Zoe"\n'
    )
    script = apply_corrections(BEFORE, read_cast_file(text.encode(), "kiln.cast.toml"))
    assert script.lines == BEFORE.lines
    (warning,) = script.warnings
    assert warning == (
        "kiln.cast.toml, line 4: the line “No such words are in it anywhere.”, once in chapter 2, "
        "that you gave to Zoe is not in the story any more, or not where it can be told from "
        "others: correct it or delete the entry"
    )


def correct(*corrections: Correction, **rest: object) -> Script:
    return apply_corrections(BEFORE, CastFile(lines=corrections, **rest))  # type: ignore[arg-type]


def test_a_corrected_line_is_certain_and_may_be_a_new_characters() -> None:
    script = correct(correction_for(BEFORE, LINES[5], "Zoë Old"))
    line = script.lines[LINES[5]]
    assert (line.confidence, line.reason) == (1.0, YOU_SAID_SO)
    assert [c.name for c in script.characters if c.id == line.speaker] == ["Zoë Old"]
    others = [k for k in range(len(script.lines)) if k != LINES[5]]
    for new, old in ((script.lines[k], BEFORE.lines[k]) for k in others):
        assert new.segment == old.segment
        assert new.speaker == old.speaker or new.reason == IN_TURN


def test_a_line_may_be_the_narrators_or_anothers_by_any_of_his_names() -> None:
    script = correct(
        correction_for(BEFORE, LINES[0], "Narrator"),
        correction_for(BEFORE, LINES[1], "kiln master"),
        narrator=Part(),
        characters={"Marta": Part(aliases=("Kiln Master",))},
    )
    assert script.lines[LINES[0]].speaker == NARRATOR
    marta = next(c.id for c in BEFORE.characters if c.name == "Marta")
    assert script.lines[LINES[1]].speaker == marta


def test_whose_last_line_is_given_away_is_not_in_the_cast() -> None:
    baker = next(c for c in BEFORE.characters if "baker" in c.name.lower())
    his = [k for k in LINES if BEFORE.lines[k].speaker == baker.id]
    script = correct(*(correction_for(BEFORE, k, "Marta") for k in his))
    assert baker.id not in {c.id for c in script.characters}


def test_the_later_of_two_corrections_holds() -> None:
    script = correct(
        correction_for(BEFORE, LINES[3], "Marta"), correction_for(BEFORE, LINES[3], "Ilya")
    )
    ilya = next(c.id for c in BEFORE.characters if c.name == "Ilya")
    assert script.lines[LINES[3]].speaker == ilya
    assert not script.warnings


def test_a_line_decided_anew_after_an_edit_keeps_its_one_entry() -> None:
    first = correction_for(BEFORE, LINES[3], "Zoe")
    edited = found(STORY.replace("The rain came on again.", "It poured."))
    script = apply_corrections(edited, CastFile(lines=(first,)))
    line = next(k for k in speech(script) if script.lines[k].reason == YOU_SAID_SO)
    assert corrections_of(script, {line: "Ilya"}, [first]) == [replace(first, speaker="Ilya")]


def test_words_alone_are_enough_where_only_one_line_has_them() -> None:
    assert place(BEFORE, [Correction(text="No", speaker="Ilya")]) == {0: LINES[9]}
    assert place(BEFORE, [Correction(text="Yes", speaker="Ilya")]) == {}
    second = Correction(text="yes!", speaker="Ilya", chapter=1, nth=2)
    assert place(BEFORE, [second]) == {0: LINES[3]}


def test_a_long_line_is_known_by_its_first_words() -> None:
    words = " ".join(f"word{k}" for k in range(300))
    script = script_of([told("So. "), said("a", f"“{words}.”\n\n")], characters=[character("A")])
    correction = correction_for(script, 1, "B")
    assert len(correction.text) < 400
    assert place(script, [correction]) == {0: 1}


def test_a_correction_follows_a_merge_and_a_new_name() -> None:
    cast_file = CastFile(
        lines=(correction_for(BEFORE, LINES[5], "Ilya"),),
        characters={"Elias": Part(aliases=("Ilya",))},
    )
    script = apply_corrections(apply_decisions(BEFORE, cast_file), cast_file)
    name = {c.id: c.name for c in script.characters}
    assert name[script.lines[LINES[5]].speaker or ""] == "Elias"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["Yes.", "No.", "Oh, yes!", "Never mind it."]), max_size=12))
def test_every_line_of_an_unchanged_story_is_placed_on_itself(quotes: list[str]) -> None:
    script = script_of([said("a", f"“{quote}”\n\n") for quote in quotes], characters=[])
    corrections = [correction_for(script, k, "B") for k in range(len(quotes))]
    assert place(script, corrections) == {k: k for k in range(len(quotes))}
