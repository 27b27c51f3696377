from __future__ import annotations

import pytest

from narrator.attribute import attribute
from narrator.castfile import CastFile
from narrator.direction import (
    DeliveryTable,
    DirectionConfig,
    find_manners,
    load_table,
    manners_in_turn,
)
from narrator.model import Script, SegmentKind
from narrator.read import read_book
from narrator.segment import segment

TABLE: DeliveryTable = load_table(DirectionConfig())


def script(text: str) -> Script:
    book = read_book(text.encode(), name="a.txt")
    return attribute(book, segment(book))


def ways(text: str, kind: SegmentKind = SegmentKind.DIALOGUE) -> list[tuple[str, ...]]:
    """The ways of each line of speech in `text`."""
    found = script("A paragraph goes before it, as in any story.\n\n" + text)
    manners = find_manners(found, TABLE)
    return [
        tuple(manner.way for manner in manners[index])
        for index, line in enumerate(found.lines)
        if line.segment.kind is kind
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"Go," he whispered.', ("whisper",)),
        ('"Go!" Anna shouted.', ("shout",)),
        ('"Go," said Anna quietly.', ("low",)),
        ('"Go," said old Mr. Brown quietly.', ("low",)),
        ('"Go," he said forcefully.', ("forceful",)),
        ('"I cannot," she said brokenly.', ("sob",)),
        ('"I cannot," she sobbed.', ("sob",)),
        ('"Go," she said softly and slowly.', ("low", "slow")),
        ('"Go," he muttered.', ("mutter",)),
        ('"Go," he gasped.', ("gasp",)),
        ('"La la," sang Anna.', ("sing",)),
        ('"Go," Anna softly said.', ("low",)),
        ('"Go," said Anna in a low, hoarse voice.', ("low", "hoarse")),
        ('"Go," said Anna under her breath.', ("whisper",)),
        ('"Go," said Anna, in a loud whisper.', ("whisper",)),
        ('"Go," said Anna, sobbing.', ("sob",)),
        ('He bent down and whispered, "Go."', ("whisper",)),
        ('Anna shouted at the top of her voice: "Go."', ("shout", "shout")),
    ],
)
def test_the_cue_tells_how_it_is_said(text: str, wanted: tuple[str, ...]) -> None:
    assert ways(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        '"Go," said Anna.',
        '"Go." He shouted at the dog.',
        '"Go!" He shouted at the dog.',
        '"Go," said Anna, quickly closing the door.',
        '"Go," said Anna, and rose slowly.',
        '"Go," said Anna, not unkindly and not quietly.',
        '"Go," said Anna to the man who had shouted.',
        '"Go," said Anna. Bert whispered something.',
        'There was a whisper. "Go," said Anna.',
        '"Go," said Anna as he quickly left.',
    ],
)
def test_what_is_no_stage_direction(text: str) -> None:
    assert ways(text) == [()]


def test_a_manner_lasts_for_the_paragraph_until_another_cue() -> None:
    assert ways('"Go," he whispered. "Now. Quick."') == [("whisper",)] * 2
    assert ways('"Go!" he shouted. Then he said, "Please go."') == [("shout",), ()]
    assert ways('"Go!" he shouted.\n\n"No," said Anna.') == [("shout",), ()]


def test_thoughts_headings_and_letters_have_ways_of_their_own() -> None:
    assert ways("*I must go,* she thought.", SegmentKind.THOUGHT) in ([("thought",)], [])
    heading = script("Chapter 1\n\nIt rained.\n\nChapter 2\n\nIt poured.\n")
    manners = find_manners(heading, TABLE)
    assert [m.way for m in manners[0]] == ["heading"]
    letter = "Dear Anna,\n\nThe tide is out.\n\nYours ever,\nBert\n\nShe put it away."
    assert ways(letter, SegmentKind.NARRATION) == [(), ("letter",), ("letter",), ("letter",), ()]


def test_who_is_called_dear_in_speech_writes_no_letter() -> None:
    text = "Dear Anna, he thought, was late.\n\nIt rained.\n\nShe was his. Yours ever, it said."
    assert ("letter",) not in ways(text, SegmentKind.NARRATION)


def test_no_words_are_looked_at_in_another_language() -> None:
    from dataclasses import replace

    english = script('It rained.\n\n"Go," he whispered.')
    french = replace(english, book=replace(english.book, language="fr"))
    assert any(find_manners(english, TABLE))
    assert not any(find_manners(french, TABLE))


def test_a_cast_file_can_switch_it_off() -> None:
    assert CastFile().direction.on
    assert not load_table(DirectionConfig(on=False)).ways
    assert not load_table(DirectionConfig(strength=0)).ways


CHAPTERS = """The Lamp

Chapter 1: Dusk

"Put it out," Anna whispered. "Now."

My dear Bert,

Do not come here again.

Yours ever,
Anna

Chapter 2: Dark

"Never!" he shouted.

Chapter 3: Night

"Go," said Anna softly.
"""


def test_chapter_by_chapter_it_finds_what_it_finds_in_all() -> None:
    found = script(CHAPTERS)
    manners = find_manners(found, TABLE)
    told = {manner.way for line in manners for manner in line}
    assert {"heading", "letter", "whisper", "shout", "low"} <= told
    for order in (range(len(found.lines)), range(len(found.lines) - 1, -1, -1)):
        manners_of = manners_in_turn(found, TABLE)
        assert {k: manners_of(k) for k in order} == dict(enumerate(manners))


def test_it_looks_at_no_chapter_before_one_of_its_lines_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[set[int]] = []

    def counted(part: Script, table: DeliveryTable) -> object:
        looked_at.append({line.segment.chapter for line in part.lines})
        return find_manners(part, table)

    monkeypatch.setattr("narrator.direction.finder.find_manners", counted)
    manners_of = manners_in_turn(script(CHAPTERS), TABLE)
    assert looked_at == []
    manners_of(1)
    manners_of(2)
    assert looked_at == [{0}]
