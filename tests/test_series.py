from __future__ import annotations

from narrator.castfile import CastFile, Part
from narrator.model import Gender
from narrator.series import inherit_voices
from tests.values import character, said, script_of


def test_those_who_are_in_both_books_keep_their_voices() -> None:
    people = [
        character("Anna Wood", Gender.FEMALE, aliases=("Anna",)),
        character("Bert", Gender.MALE),
        character("Carl", Gender.MALE),
        character("Dora", Gender.FEMALE),
    ]
    script = script_of([said(one.id, "“Yes.”\n\n") for one in people], characters=people)
    own = CastFile(characters={"Carl": Part(voice="Ned"), "Bert": Part(rate=0.9)})
    earlier = CastFile(
        narrator=Part(voice="Edmund"),
        characters={
            "anna": Part(voice="Maud"),
            "Old Bert": Part(voice="Toby", aliases=("BERT",)),
            "Carl": Part(voice="Hugh"),
            "Zoe": Part(voice="Tess"),
        },
    )
    both = inherit_voices(script, own, earlier)
    assert both.narrator.voice == "Edmund"
    assert {name: part.voice for name, part in both.characters.items()} == {
        "Anna Wood": "Maud", "Bert": "Toby", "Carl": "Ned",
    }  # fmt: skip
    assert both.characters["Bert"].rate == 0.9
    assert inherit_voices(script, own, CastFile()) == own
