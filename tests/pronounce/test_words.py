from __future__ import annotations

from narrator.pronounce.words import doubtful_words
from tests.values import character, said, script_of, told


def test_names_come_first_then_capitals_then_foreign_letters_then_common_names() -> None:
    script = script_of(
        [
            told("They came to Penzance. The café was shut, and Thrupp sat in Penzance. "),
            said("thrupp", '"Well, Anna, the tide is out," '),
            told("said Thrupp. Anna looked on. The I'll and Mrs and Monday."),
        ],
        characters=(character("Captain Thrupp"), character("Anna")),
    )
    found = doubtful_words(script)
    assert [(word.text, word.count) for word in found] == [
        ("Thrupp", 2), ("Penzance", 2), ("café", 1), ("Anna", 2),
    ]  # fmt: skip
