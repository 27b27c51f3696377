from __future__ import annotations

import pytest

from tests.segment.parts import cut

_ELSE = '\n\n"Well," said Ann.\n'


@pytest.mark.parametrize(
    ("paragraph", "rows"),
    [
        ("_I should never have come._", ["t _I should never have come._"]),
        (
            "He looked up. *What am I doing here?* The door was shut.",
            ["n He looked up.", "t *What am I doing here?*", "n The door was shut."],
        ),
        (
            "_Not her again,_ he thought, and smiled.",
            ["t _Not her again,_", "n he thought, and smiled."],
        ),
        ("He thought: _so this is the end._", ["n He thought:", "t _so this is the end._"]),
    ],
)
def test_whole_sentences_in_italics_are_thoughts(paragraph: str, rows: list[str]) -> None:
    assert cut(paragraph + _ELSE) == [*rows, 'd "Well,"', "n said Ann."]


@pytest.mark.parametrize(
    "paragraph",
    [
        "He was _very_ tired of it.",
        "She had read _The Old Weir_ twice.",
        "He wrote in a *hurry* and left.",
        "A *b* c * d and e_f_g said nothing.",
        "_The notice said that the bridge would be closed._",
        "He hummed _la, la, la._",
    ],
)
def test_other_italics_are_narration(paragraph: str) -> None:
    assert cut(paragraph + _ELSE)[0] == f"n {paragraph}"


def test_italics_inside_dialogue_stay_inside() -> None:
    assert cut('"_I should never have come._" He sat.' + _ELSE)[:2] == [
        'd "_I should never have come._"',
        "n He sat.",
    ]
