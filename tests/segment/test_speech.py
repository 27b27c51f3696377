from __future__ import annotations

import pytest

from narrator.segment.speech import is_reported_after, reporting_end, words_in
from tests.segment.parts import spoken


@pytest.mark.parametrize(
    "sentence",
    [
        "He asked whether part of this is “okay” with her.",
        "They watched the episode “Not Fade Away” again.",
        "They watched the episode “Not Fade Away.” It was late.",
        "The “Captain” was no sailor.",
        "She called him “darling,” as she called everybody.",
        "“Side-burns” was what he named them, and “Bills” grew.",
        "He wore what they called “ducks”, a “blazer,” and no hat.",
        "The word “never” had been underlined.",
    ],
)
def test_words_held_up_are_not_speech(sentence: str) -> None:
    text = f"“Good day,” said Ann.\n\nIt was so. {sentence}\n\n“Good night,” said Bob.\n"
    assert spoken(text) == ["“Good day,”", "“Good night,”"]


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ("She turned and said, “Not now.”", "“Not now.”"),
        ("Then he shouted “Run!” and ran.", "“Run!”"),
        ("He nodded. “Yes.”", "“Yes.”"),
        ("She thought: “it may rain.”", "“it may rain.”"),
        ("Ann rose “and that is all,” she said.", "“and that is all,”"),
        ("He sat down—“I am tired of it.”", "“I am tired of it.”"),
    ],
)
def test_speech_within_a_paragraph_is_found(sentence: str, quoted: str) -> None:
    text = f"“Good day,” said Ann.\n\n{sentence}\n\n“Good night,” said Bob.\n"
    assert spoken(text) == ["“Good day,”", quoted, "“Good night,”"]


def test_reporting_clauses() -> None:
    for clause in (" said she.", " Tom cried, and", " the old man whispered.", " he softly asked"):
        assert is_reported_after(clause, 0, len(clause))
    for other in (" and left.", " was painted on it.", " the dog."):
        assert not is_reported_after(other, 0, len(other))


def test_reporting_end_is_after_verb_and_subject() -> None:
    text = "said Mr. Pym, smiling"
    assert reporting_end(text, 0, len(text)) == len("said Mr. Pym")
    assert reporting_end("the dog barks", 0, 7) is None


def test_words_are_counted_up_to_a_limit() -> None:
    assert words_in("It isn't _that_ far.") == 4
    assert words_in("a " * 100, limit=7) == 7
