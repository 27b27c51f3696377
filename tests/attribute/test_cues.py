"""Cues: whom the narration beside a quotation names."""

from __future__ import annotations

import pytest

from tests.attribute.texts import speakers

_TWO = "“Good morning,” said Mr. Elby.\n\n“Good morning,” said Nora Crane.\n\n"


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        ("Nora opened the door and said: “What a noise you make!” and Mr. Elby ran away.", "Nora"),
        ("Nora turned sulky, and would only say, “I am older;” and this Elby denied.", "Nora"),
        ("“Hateful man!” exclaimed the voice of old Mr. Elby.", "Mr. Elby"),
        ("“Come in, then,” said Nora’s voice.", "Nora"),
        ("“If it may be said,” began the gallant Mr. Elby.", "Mr. Elby"),
        ("“If it may be said,” said dour old Mr. Elby.", "Mr. Elby"),
        ("“Four o’clock!” was Nora’s quick amendment.", "Nora"),
        ("“Never again,” was uttered by Nora.", "Nora"),
        ("“Hm!” from Mr. Elby, who liked it.", "Mr. Elby"),
        ("Mr. Elby was going out when he was accosted by Nora, “You are late.”", "Nora"),
        ("Mr. Elby was in the hall before Nora came running up, calling out, “Wait!”", "Nora"),
        ("As Nora went up the stairs, Mr. Elby followed her, saying, “You are late.”", "Mr. Elby"),
        ("Nora replied that Mr. Elby was not there, adding, “He left at six.”", "Nora"),
        ("He looked up when he heard her calling out, “Wait!”", "Nora"),
        ("Nora shouted “Down!” and Mr. Elby let go of the rope.", "Nora"),
        (
            "When Elby had gone for the maid, he shut the door, and, turning, said, “No.”",
            "Mr. Elby",
        ),
        ("“Dear,” she burst out, as if he had scolded her, “why do you do it?”", "Nora"),
        ("She never left without Mr. Elby’s giving a sigh, and saying, “Poor Ada!”", "Mr. Elby"),
    ],
)
def test_a_cue_names_its_speaker(paragraph: str, speaker: str) -> None:
    full = {"Nora": "Nora Crane"}.get(speaker, speaker)
    assert set(speakers(_TWO + paragraph)[2:]) == {full}


def test_a_clause_after_a_quotation_that_was_led_into_is_another_persons() -> None:
    text = _TWO + "Mr. Elby looked up and said, “Got it?” and Nora said, “Yes, but it is not full.”"
    assert speakers(text)[2:] == ["Mr. Elby", "Nora Crane"]


def test_a_clause_that_leads_into_the_next_quotation_says_nothing_of_this_one() -> None:
    text = _TWO + "Nora said, “Have you a match for me?” Mr. Elby said, “I have given up matches.”"
    assert speakers(text)[2:] == ["Nora Crane", "Mr. Elby"]


@pytest.mark.parametrize(
    ("end", "is_cue"),
    [
        ("Mrs. Hale interposed.", True),
        ("Mrs. Hale thus began again.", True),
        ("They were silent. At last Mrs. Hale spoke.", True),
        ("Here Mrs. Hale broke in.", True),
        ("They listened as Mrs. Hale spoke.", False),
        ("Mrs. Hale never spoke.", False),
    ],
)
def test_a_paragraph_may_end_by_saying_who_speaks_next(end: str, is_cue: bool) -> None:
    text = "“Yes,” said Mrs. Hale.\n\n" + _TWO + f"{end}\n\n“We had better not.”\n\n"
    assert (speakers(text)[3] == "Mrs. Hale") is is_cue


@pytest.mark.parametrize("after", ["Nora said nothing.", "Nora replied that it was, and went out."])
def test_what_another_says_to_it_is_not_the_quotation(after: str) -> None:
    text = _TWO + f"“Come here.”\n\n“Why?” asked Nora.\n\n“Is the shop shut?” {after}\n\n"
    assert speakers(text)[4] == "Mr. Elby"


def test_he_is_whom_the_narration_has_named_since_the_last_quotation() -> None:
    text = "“Yes,” said Tom Hale.\n\n" + _TWO
    text += "“Wait!” cried Mr. Elby. He ran on. Tom Hale came after him. “Not so fast,” he called."
    assert speakers(text)[3:] == ["Mr. Elby", "Tom Hale"]


def test_who_speaks_while_another_speaks_says_what_comes_next() -> None:
    text = (
        _TWO + "“I shall stay,” said Mr. Elby, while Nora, who was cold, added: “And I shall go.”"
    )
    assert speakers(text)[2:] == ["Mr. Elby", "Nora Crane"]


def test_whoever_thinks_of_a_blush_does_not_go_on_speaking() -> None:
    text = (
        _TWO + "“Ah,” cried Ada Hale, with a smile which Nora thought false, “how very good it is.”"
    )
    assert set(speakers(text)[2:]) == {"Ada Hale"}


def test_who_is_warned_before_a_quotation_hears_it() -> None:
    text = _TWO + "Nora murmured, “The stairs are steep,” and warned Mr. Elby “not to lean on it.”"
    assert set(speakers(text)[2:]) == {"Nora Crane"}


def test_a_clause_beside_a_cue_names_nobody() -> None:
    text = _TWO + "“Well, my dear,” said Mr. Elby, when Nora had read the note, “it is a comfort.”"
    assert speakers(text)[2:] == ["Mr. Elby", "Mr. Elby"]


def test_some_nouns_need_no_article() -> None:
    text = _TWO + "“You won’t see any tide,” said nanny.\n\n“Now eat,” said nanny.\n\n"
    assert speakers(text)[2:] == ["the nanny", "the nanny"]


def test_a_number_may_be_a_name() -> None:
    text = "“It is red,” said Five.\n\n“It is not,” said Seven.\n\nThen Five laughed at Seven.\n\n"
    assert speakers(text * 2) == ["Five", "Seven"] * 2


def test_names_of_scripts_without_capitals() -> None:
    text = "“Come,” said 田中.\n\n“Why?” asked 美咲.\n\n"
    text += "田中 laughed. “Because.”\n\n“Good,” 美咲 said.\n\n"
    assert speakers(text) == ["田中", "美咲"] * 2


@pytest.mark.parametrize("name", ["**Nell**", "*Nell*", "_Nell_", "__Nell__"])
def test_a_name_may_be_bold_or_in_italics(name: str) -> None:
    text = (
        f"Nell and Sid sat down.\n\n“Yes,” said {name}.\n\n“No,” said Sid.\n\n{name} said, “Well.”"
    )
    assert speakers(text) == ["Nell", "Sid", "Nell"]


def test_a_voice_is_that_of_whoever_it_belongs_to() -> None:
    text = "Jo and Beth sat down.\n\nA man’s voice in the background said, “Tell her.”\n"
    assert speakers(text) == ["the man"]
