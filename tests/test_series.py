from __future__ import annotations

from narrator.castfile import CastFile, Part
from narrator.model import Gender
from narrator.series import inherit_voices, voices_taken
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
            "anna": Part(voice="Maud", rate=1.2, pitch=-2, volume=3),
            "Old Bert": Part(voice="Toby", aliases=("BERT",), rate=0.7),
            "Carl": Part(voice="Hugh", rate=1.5),
            "Zoe": Part(voice="Tess"),
        },
    )
    both = inherit_voices(script, own, earlier)
    assert both.narrator.voice == "Edmund"
    assert {name: part.voice for name, part in both.characters.items()} == {
        "Anna Wood": "Maud", "Bert": "Toby", "Carl": "Ned",
    }  # fmt: skip
    anna, bert, carl = (both.characters[name] for name in ("Anna Wood", "Bert", "Carl"))
    assert (anna.rate, anna.pitch, anna.volume) == (1.2, -2, 3)
    assert (bert.rate, carl.rate) == (0.9, 1.0), "its own rate, and that of its own voice"
    assert voices_taken(script, own, earlier) == {
        ("narrator", "voice"): "Edmund",
        ("characters", "anna", "voice"): "Maud",
        ("characters", "Old Bert", "voice"): "Toby",
    }
    assert inherit_voices(script, own, CastFile()) == own
