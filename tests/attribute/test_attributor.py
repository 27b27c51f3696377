"""Who says what, on small texts of our own: one phenomenon each."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.attribute.attributor import calibrate
from narrator.model import NARRATOR, Gender, SegmentKind
from tests.attribute.texts import SPEECH, characters, script_of, speakers, spoken

OPENING = "Clara and Tom sat in the kitchen. The rain had not stopped.\n\n"


@pytest.mark.parametrize(
    "line",
    [
        "“Come in,” said Clara.",
        "“Come in,” Clara said.",
        "“Come in!” cried Clara, who was wet.",
        "“Come in,” said young Clara softly.",
        "“Come in,” Clara, shaking her umbrella, replied.",
        "Clara opened the door and said, “Come in.”",
        "Clara, who had been waiting, said at last, “Come in.”",
        "“Come,” said Clara, “in.”",
        "“Come in,” whispered Clara. “It is wet.”",
        "“Come in.” Clara opened the door.",
        "Clara opened the door. “Come in.”",
        "Clara pointed at the door: “Come in.”",
        "“Come in,” was Clara’s answer.",
        "“Come in,” Tom heard Clara say.",
        "Tom turned to Clara, who exclaimed, “Come in!”",
        "“Come in.” Clara’s voice shook.",
    ],
)
def test_a_cue_names_the_speaker_wherever_it_stands(line: str) -> None:
    assert set(speakers(OPENING + line + "\n")) == {"Clara"}


def test_a_cue_may_end_the_paragraph_before() -> None:
    assert speakers(OPENING + "At last Tom said:\n\n“It is late.”\n") == ["Tom"]


def test_present_tense_and_beats() -> None:
    text = (
        "Clara walks in. Tom looks up.\n\n“You came.” He smiles.\n\n“I said I would.”\n\n"
        "“People say things.” Tom pulls out a chair.\n\nShe sits. “Not me.”\n"
    )
    assert speakers(text) == ["Tom", "Clara", "Tom", "Clara"]


def test_two_people_take_turns() -> None:
    text = OPENING + (
        "“Hello,” said Clara.\n\n“Hello,” said Tom.\n\n"
        "“Is it cold?”\n\n“It is.”\n\n“Then let us stay.”\n"
    )
    assert speakers(text) == ["Clara", "Tom", "Clara", "Tom", "Clara"]


def test_two_cues_in_one_paragraph_are_two_speakers() -> None:
    text = OPENING + "“Are you ill?” asked Clara, and Tom answered, “A little.”\n"
    assert speakers(text) == ["Clara", "Tom"]


def test_a_quotation_over_paragraphs_has_one_speaker() -> None:
    text = OPENING + (
        "Tom said, “It was long ago. There was a house.\n\n“It had no roof.\n\n"
        "“We lived there.”\n\n“Poor you.”\n"
    )
    assert speakers(text) == ["Tom", "Tom", "Tom", "Clara"]


def test_a_pronoun_is_told_by_gender() -> None:
    text = OPENING + "“I am tired,” he said.\n\n“So am I,” she said.\n"
    assert speakers(text) == ["Tom", "Clara"]


def test_a_pronoun_means_whom_the_last_sentence_was_about() -> None:
    text = (
        "Tom and Peter came in. Peter had a letter. Tom sat down heavily, and shut his eyes.\n\n"
        "“I am tired,” he said.\n"
    )
    assert speakers(text) == ["Tom"]


def test_who_is_called_does_not_speak() -> None:
    assert speakers(OPENING + "“Tom, I need you here.”\n") == ["Clara"]


def test_who_was_called_answers() -> None:
    text = "Clara, Tom and Peter sat down.\n\n“What now, Peter?” said Clara.\n\n“We wait.”\n"
    assert speakers(text) == ["Clara", "Peter"]


def test_who_was_asked_by_the_narration_answers() -> None:
    text = "Clara, Tom and Peter sat down.\n\n“What now?” Clara asked Peter.\n\n“We wait.”\n"
    assert speakers(text) == ["Clara", "Peter"]


def test_the_first_person_speaks_and_is_named_by_others() -> None:
    text = (
        "I went down to the quay. I had no coat. I met Tom there, and I waved.\n\n"
        "“Hello,” I said.\n\n“You look cold, Daniel,” said Tom.\n\n“I am.”\n"
    )
    assert speakers(text) == ["Daniel", "Tom", "Daniel"]
    assert characters(text)["Daniel"].is_narrator
    assert characters(text)["Daniel"].gender is Gender.MALE


def test_a_first_person_without_a_name_is_the_narrator() -> None:
    text = "I ran. I fell. I rose. I saw Tom.\n\n“Help me,” I said.\n\n“No,” said Tom.\n"
    assert speakers(text) == ["The narrator", "Tom"]


def test_names_said_once_by_the_other_serve_for_he_and_she() -> None:
    text = (
        "She waited at the rail. He came down the steps.\n\n“You are late,” she said.\n\n"
        "“I am never late,” he said.\n\n“You are tonight, Osric.”\n\n"
        "“Then forgive me, Velda,” he said.\n"
    )
    assert speakers(text) == ["Velda", "Osric", "Velda", "Osric"]


def test_a_noun_speaks_as_a_person_of_its_own() -> None:
    text = OPENING + "“Your bill,” said the waiter.\n\n“Thank you,” said Clara.\n"
    assert speakers(text) == ["the waiter", "Clara"]


def test_a_role_with_a_title_is_the_one_who_bears_it() -> None:
    text = "General Ott came in.\n\n“Sit,” said General Ott.\n\n“Stand,” said the general.\n"
    assert speakers(text) == ["General Ott", "General Ott"]


def test_a_scene_break_ends_the_conversation() -> None:
    text = OPENING + (
        "“Good night,” said Clara.\n\n“Good night,” said Tom.\n\n***\n\n"
        "Peter and Ruth met in the yard.\n\n“Cold,” said Ruth.\n\n“Very.”\n"
    )
    assert speakers(text)[-1] == "Peter"


def test_the_reason_and_the_confidence_follow_the_evidence() -> None:
    script = script_of(OPENING + "“Hello,” said Clara.\n\n“Hello,” said Tom.\n\n“Cold?”\n")
    plain, _, guessed = spoken(script)
    assert plain.reason == 'named by "said Clara"'
    assert guessed.reason == "answers Tom, turn 3 of 3"
    assert plain.confidence > guessed.confidence


def test_what_nobody_says() -> None:
    script = script_of(OPENING + "“Yes,” said Tom.\n\n***\n\nRain.\n")
    for line in script.lines:
        if line.segment.kind is SegmentKind.SCENE_BREAK:
            assert line.speaker is None
        elif line.segment.kind not in SPEECH:
            assert line.speaker == NARRATOR


def test_characters_come_in_the_order_of_their_share() -> None:
    text = OPENING + "“No,” said Tom.\n\n“That is a great pity for us all,” said Clara.\n"
    assert list(characters(text)) == ["Clara", "Tom"]


@pytest.mark.parametrize(
    "text",
    [
        "Nothing is said here at all.\n",
        "“Only this.”\n",
        "«Привет», — сказал Иван.\n\n«Здравствуй», — ответила Мария.\n",
        "「こんにちは」と太郎が言った。\n",
        "“...”\n\n“— ’ — ah ”\n",
    ],
)
def test_odd_texts_pass(text: str) -> None:
    script = script_of(text)
    assert all(0.0 <= line.confidence <= 1.0 for line in script.lines)


def test_apostrophes_in_names() -> None:
    text = "“Aye,” said O’Brien.\n\n“Oui,” said d’Artagnan.\n\n“No,” said O'Brien.\n"
    first, second, third = speakers(text)
    assert first == third == "O’Brien"
    assert second is not None
    assert "rtagnan" in second


@pytest.mark.parametrize(
    "text",
    [
        "Tom sat. " + "“Yes,” said Tom. “No.” " * 2000,
        "Tom" + ", who" * 10000 + " said, “Yes.”",
        "Mr. " * 10000 + "“Yes.”",
    ],
)
def test_monstrous_paragraphs_do_not_crawl(text: str) -> None:
    started = time.process_time()
    assert spoken(script_of(text))
    assert time.process_time() - started < 20.0


@given(st.text(alphabet="ab AB“”\n.,!TomClarasdiheI", max_size=300))
@settings(max_examples=60, deadline=None)
def test_every_segment_has_its_line(text: str) -> None:
    script = script_of("Tom said, “No.”\n\n" + text)
    parts = [
        line.segment.span.of(script.book.chapters[line.segment.chapter].text)
        for line in script.lines
    ]
    assert "".join(parts) == "".join(chapter.text for chapter in script.book.chapters)
    known = {NARRATOR, None, *(character.id for character in script.characters)}
    assert {line.speaker for line in script.lines} <= known


@given(st.floats(0, 1), st.floats(0, 1))
def test_calibration_keeps_order_and_bounds(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0.0 < calibrate(low, 9) <= calibrate(high, 9) < calibrate(high, 900) < 1.0


@pytest.mark.parametrize(
    "words",
    [
        "I'm Ruth Lane.",
        "My name is Ruth Lane.",
        "My name's Ruth Lane, from the mill.",
        "I am Ruth.",
    ],
)
def test_who_gives_a_name_bears_it(words: str) -> None:
    text = (
        "Tom opened the door. Ada Pell stood behind him, and Ada’s dog.\n\n"
        f"“{words}”\n\n“Come in,” said Tom.\n\n“Ruth Penhale?” asked Ada Pell.\n\n“Yes.”\n"
    )
    assert speakers(text)[0] == "Ruth Penhale"


@pytest.mark.parametrize("words", ["I'm Ruth Penhale's brother.", "I'm not Ruth Penhale."])
def test_who_says_whose_brother_he_is_or_who_he_is_not_is_somebody_else(words: str) -> None:
    text = f"Tom opened the door.\n\n“{words}”\n\n“Come in,” said Tom. “Is Ruth Penhale there?”\n"
    assert speakers(text)[0] != "Ruth Penhale"
