from __future__ import annotations

import pytest

from narrator.read import read_book
from narrator.read.language import detect_language
from tests.languages import TEXTS


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_known_by_its_commonest_words(language: str) -> None:
    assert detect_language(TEXTS[language]) == language
    assert read_book(TEXTS[language].encode(), name="a.txt").language == language
    assert read_book(TEXTS[language].encode(), name="a.md").language == language


def test_what_is_said_in_the_header_goes_first() -> None:
    text = f"Title: A\nLanguage: Polish\n\n{TEXTS['de']}"
    assert read_book(text.encode(), name="a.txt").language == "pl"


@pytest.mark.parametrize("text", ["", "Hello.", "12 " * 100, "брат " * 100, "xyzzy " * 100])
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    assert detect_language(text) is None
