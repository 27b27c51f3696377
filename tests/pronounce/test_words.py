from __future__ import annotations

from dataclasses import replace

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


def reasons(*pieces: str, language: str = "en") -> dict[str, str]:
    script = script_of([told(f"{piece}\n\n") for piece in pieces])
    script = replace(script, book=replace(script.book, language=language))
    return {word.text: word.why for word in doubtful_words(script)}


def test_letters_that_english_does_not_put_together_are_doubtful() -> None:
    found = reasons(
        "He wore a dhoti, ate from the blockhead's plateau and knew the workhouse queen."
    )
    assert found == dict.fromkeys(
        ("dhoti", "plateau"), "letters that English does not put together"
    )


def test_a_phrase_whose_words_stand_in_italics_alone_is_doubtful() -> None:
    text = "It was a _faux pas_, he said, and _very odd_. It was very odd. A _treasure_!"
    assert reasons(text) == dict.fromkeys(("faux", "pas"), "in italics alone")


def test_capitals_that_are_read_as_letters_are_doubtful() -> None:
    found = reasons("The RNSR met. STOP, it said. King John IV nodded. The MIXED sign was mixed.")
    assert found.pop("RNSR") == "spelt as letters"
    assert not {"STOP", "IV", "MIXED"} & set(found)


def test_other_languages_have_letters_and_italics_of_their_own() -> None:
    assert reasons("Er fühlte _sans souci_ den dhoti.", language="de") == {}
