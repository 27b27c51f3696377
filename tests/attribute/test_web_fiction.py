"""Scenes as they are written on the web: present tense, *he* and *she*, beats, thoughts, chats."""

from __future__ import annotations

import pytest

from tests.attribute.texts import script_of, speakers, spoken

_LIFT = """\
The lift stops between floors and the lights go out.

"Well," he says. "That's new."

She doesn't laugh. She has her back against the wall and her bag held to her chest like a shield.

"Are you claustrophobic?"

"No." She breathes in through her nose. "I'm late."

"For what?"

"None of your business."

He holds up both hands. "Fair enough."

A minute goes by. Somewhere above them a cable hums.

"It's an interview," she says at last.

"Here? In this building?"

"Why? Is that funny?"

"Only that I'm the one doing them." He winces. "Nora Voss, right? Ten o'clock?"

She shuts her eyes. "And you are?"

"Daniel Reyes. I'd shake hands, but I can't see yours."

"Oh god."

"You're doing fine," he says. "So far you haven't lied once."
"""
_BEATS = """\
Priya set the tray down so hard the cups jumped. "You told them."

Marcus kept his eyes on the window. "I told them what they already knew."

"You told them where I live."

"They had the address." He rubbed the back of his neck. "They had everything."

"And you let them in."

Marcus turned at last. His face was grey. "I had a choice between you and my brother."

"And you chose." Priya picked up her coat.

"I chose."

The door clicked shut behind her.
"""
_THOUGHTS = """\
Jonah leaned over the rail and looked down at the black water.

*She isn't coming,* he thought. *She never meant to.*

"You waited," said Lena behind him.

He spun round. "I said I would."

*Don't cry. Whatever you do, don't cry,* she told herself.

"You look terrible," said Jonah.

"So do you."

*Good,* he thought. *At least we match.*
"""
_CHAT = """\
Mika propped the phone against the sugar bowl and typed with one thumb.

"Are you up?" she texted Sam.

"It's four in the morning," Sam wrote back.

"That's not a no."

"It's not a yes either."

"I found the key," Mika typed.

The three dots came and went, came and went.

"Don't touch anything," Sam wrote. "I'm coming over."
"""
_CREW = """\
Kit drops into the chair by the fire escape. Rowan and Asha are already arguing.

"We go tonight," Rowan says.

"We go when I say," says Asha.

"Can I get a word in?" Kit asks.

"No," Asha says, and almost smiles.

Rowan throws the map on the table. "Then tell me what the plan is."

"The plan is that you sit down, Rowan," says Asha.

Rowan sits down. "Kit, what did you see?"

"Two guards. One dog." Kit shrugs. "The dog likes me."
"""


def _by_turn(text: str) -> list[str | None]:
    """The speakers, each named once for all the pieces of a turn."""
    found: list[str | None] = []
    paragraphs: list[int] = []
    for line, name in zip(spoken(script_of(text)), speakers(text), strict=True):
        if line.segment.paragraph not in paragraphs:
            paragraphs.append(line.segment.paragraph)
            found.append(name)
        else:
            assert found[-1] == name, "one paragraph, two speakers"
    return found


def test_he_and_she_are_read_right_though_named_once_in_each_others_mouths() -> None:
    found = _by_turn(_LIFT)
    # He asks again after she has only been described.
    assert found[:2] == ["Daniel Reyes"] * 2
    assert found[2:] == ["Nora Voss", "Daniel Reyes"] * 6


@pytest.mark.parametrize(
    ("text", "turns"),
    [(_BEATS, ["Priya", "Marcus"] * 4), (_CHAT, ["Mika", "Sam"] * 3)],
    ids=["beats alone", "chat"],
)
def test_two_people_without_a_verb_of_speech_take_turns(text: str, turns: list[str]) -> None:
    assert _by_turn(text) == turns


def test_thoughts_belong_to_the_one_who_thinks_them() -> None:
    assert _by_turn(_THOUGHTS) == [
        "Jonah", "Lena", "Jonah", "Lena", "Jonah", "Lena", "Jonah",
    ]  # fmt: skip


def test_three_who_talk_across_each_other_in_the_present_tense() -> None:
    assert _by_turn(_CREW) == [
        "Rowan", "Asha", "Kit", "Asha", "Rowan", "Asha", "Rowan", "Kit",
    ]  # fmt: skip
