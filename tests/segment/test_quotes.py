"""Spans of quotations, in every convention there is."""

from __future__ import annotations

import pytest

from tests.segment.parts import cut, spoken


@pytest.mark.parametrize(
    ("opening", "closing"),
    ["“”", '""', "‘’", "''", "«»", "»«", "„“", "„”", "””", "「」", "『』", "‹›"],
)
def test_each_pair_of_marks_is_dialogue(opening: str, closing: str) -> None:
    text = (
        f"{opening}Come in,{closing} said Ann. {opening}Do sit down.{closing}\n\n"
        f"{opening}I would rather stand!{closing} cried Bob.\n\n"
        "Nobody spoke for a while.\n\n"
        f"{opening}As you like.{closing}\n"
    )
    inner = ["Come in,", "Do sit down.", "I would rather stand!", "As you like."]
    assert spoken(text) == [f"{opening}{words}{closing}" for words in inner]


def test_guillemets_spaced_as_in_french() -> None:
    text = "« Entrez », dit Anne.\n\n« Non. »\n\n« Comme il vous plaira ! » dit Anne.\n"
    assert spoken(text) == ["« Entrez »", "« Non. »", "« Comme il vous plaira ! »"]


def test_british_single_marks_among_apostrophes() -> None:
    text = (
        "‘’Tis only the boys’ coats,’ said Ann. ‘They’re dancin’ to rock ’n’ roll.’\n\n"
        "The boys’ mother didn’t hear ’em. It was ’63, and the girls’ room was empty.\n\n"
        "‘I’ll be back at five o’clock,’ he said, ‘and you won’t know me.’\n"
    )
    assert spoken(text) == [
        "‘’Tis only the boys’ coats,’",
        "‘They’re dancin’ to rock ’n’ roll.’",
        "‘I’ll be back at five o’clock,’",
        "‘and you won’t know me.’",
    ]


def test_straight_single_marks_among_apostrophes() -> None:
    text = (
        "''Tis only the boys' coats,' said Ann. 'They're dancin' to rock 'n' roll.'\n\n"
        "The boys' mother didn't hear 'em. It was '63, and the girls' room was empty.\n\n"
        "'Hand me th' rope,' said the dogs' owner, 'an' be quick.'\n\n"
        "'I'm not your brother's keeper!'\n"
    )
    assert spoken(text) == [
        "''Tis only the boys' coats,'",
        "'They're dancin' to rock 'n' roll.'",
        "'Hand me th' rope,'",
        "'an' be quick.'",
        "'I'm not your brother's keeper!'",
    ]


def test_quotes_inside_quotes_stay_inside() -> None:
    assert spoken('"He said \'go\' to me," said Ann. "I went."') == [
        "\"He said 'go' to me,\"",
        '"I went."',
    ]
    assert spoken("‘He said “go” to me,’ said Ann.\n\n‘I went.’") == [
        "‘He said “go” to me,’",
        "‘I went.’",
    ]
    assert spoken("“He said “go” to me,” said Ann.\n\n“I went.”\n\n“Good.”")[0] == (
        "“He said “go” to me,”"
    )


def test_a_quotation_over_paragraphs_is_continued() -> None:
    text = (
        "“It began in May.\n\n“It went on in June.\n\n“It ended in July,” said Ann.\n\n"
        "“Oh,” said Bob.\n"
    )
    assert cut(text) == [
        "d “It began in May.",
        "d+“It went on in June.",
        "d+“It ended in July,”",
        "n said Ann.",
        "d “Oh,”",
        "n said Bob.",
    ]


def test_a_verse_without_marks_stays_inside_its_quotation() -> None:
    text = '"Listen to this:\n\n    The cat sat down\n    upon the mat,\n\nand so on."\n\n"Oh."\n'
    assert cut(text)[:3] == [
        'd "Listen to this:',
        "d+The cat sat down\n    upon the mat,",
        'd+and so on."',
    ]


def test_a_missing_closing_mark_ends_with_its_paragraph() -> None:
    text = (
        "“I never closed this.\n\nThe day went by.\n\nIt rained.\n\n“Hi,” she said.\n\nHe left.\n"
    )
    assert cut(text) == [
        "d “I never closed this.",
        "n The day went by.",
        "n It rained.",
        "d “Hi,”",
        "n she said.",
        "n He left.",
    ]


def test_a_missing_opening_mark_swallows_nothing() -> None:
    text = 'Hello," she said.\n\nThe day went by.\n\n"Good day," said he.\n\nIt rained.\n'
    assert spoken(text) == ['"Good day,"']


def test_a_closing_mark_the_wrong_way_round_closes() -> None:
    text = "“I have always missed-“ he began.\n\nShe left.\n\n“So have I,” she said. “Always.”\n"
    assert spoken(text) == ["“I have always missed-“", "“So have I,”", "“Always.”"]


def test_straight_and_curly_marks_may_be_mixed() -> None:
    text = '“One," said Ann. "Two,” said Bob.\n\n"Three.”\n\n“Four."\n'
    assert spoken(text) == ['“One,"', '"Two,”', '"Three.”', '“Four."']


def test_italics_do_not_hide_a_mark() -> None:
    assert spoken('"_No_," said Ann. "_Never_!"\n\n_"Why?"_ asked Bob.\n') == [
        '"_No_,"',
        '"_Never_!"',
        '_"Why?"',
    ]


def test_hard_wrapped_rows_are_one_paragraph() -> None:
    text = '"I had not thought that it\nwould be so cold," said\nMrs.\nPym. "Had\nyou?"\n'
    assert spoken(text) == ['"I had not thought that it\nwould be so cold,"', '"Had\nyou?"']


def test_any_line_ending_will_do() -> None:
    text = '"One," said Ann.\n\n"Two,\nthree."\n'
    for ending in ("\r\n", "\r"):
        changed = text.replace("\n", ending)
        assert spoken(changed) == ['"One,"', f'"Two,{ending}three."']


def test_an_inch_mark_opens_nothing() -> None:
    text = '"It is small," said Ann.\n\nThe plank was 6" wide. She took it home.\n\n"Well?"\n'
    assert spoken(text) == ['"It is small,"', '"Well?"']


def test_a_paragraph_in_the_books_other_marks_is_speech() -> None:
    text = (
        "“One,” said Ann.\n\n“Two,” said Bob.\n\n“Three,” said Ann.\n\n‘Who is there?’ asked Bob.\n"
    )
    assert spoken(text)[-1] == "‘Who is there?’"
