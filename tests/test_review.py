from __future__ import annotations

import pytest

from narrator.attribute import attribute
from narrator.castfile import CastFile
from narrator.cli.reviewfile import export_review, import_review
from narrator.errors import CastError
from narrator.model import NARRATOR, Candidate, Script
from narrator.read import read_book
from narrator.review import (
    corrections_for,
    exchange_of,
    expected_wrong,
    item_ids,
    items_of,
    options_for,
    passage,
)
from narrator.segment import segment
from narrator.story import decide
from tests.test_corrections import STORY

BOOK = read_book(STORY.encode(), name="kiln.md")
SCRIPT = attribute(BOOK, segment(BOOK))
ITEMS = items_of(SCRIPT)


def words(script: Script, line: int) -> str:
    where = script.lines[line].segment
    return where.span.of(script.book.chapters[where.chapter].text).strip()


def test_a_quotation_that_a_cue_interrupts_is_one_item() -> None:
    (item,) = [item for item in ITEMS if len(item.lines) == 2]
    assert words(SCRIPT, item.lines[0]) == '"She is right, of course,"'
    assert len(ITEMS) == 11


def test_the_speaker_comes_first_then_the_others_by_chance_then_the_cast() -> None:
    for item in ITEMS:
        options = options_for(SCRIPT, item)
        assert options[0].speaker == item.speaker
        chances = [each.confidence for each in options[1:]]
        assert chances == sorted(chances, reverse=True)
        assert len({each.name for each in options}) == len(options)
        assert {c.id for c in SCRIPT.characters} <= {each.speaker for each in options}


def test_chances_of_an_item_do_not_exceed_certainty() -> None:
    for line in SCRIPT.lines:
        total = line.confidence + sum(each.confidence for each in line.candidates)
        assert total <= 1.0 + 1e-9
        assert all(isinstance(each, Candidate) and each.reason for each in line.candidates)


def test_a_passage_shows_the_item_among_its_neighbours() -> None:
    rows = passage(SCRIPT, ITEMS[0])
    assert [run.text for row in rows for run in row if run.is_quote] == [
        '"The second firing is always the one that cracks,"'
    ]
    assert [row[0].text.split()[0] for row in rows] == ["Marta", '"The', "Ilya"]


def test_an_exchange_ends_where_narration_is_long_and_at_a_chapter() -> None:
    last = exchange_of(ITEMS, ITEMS[-1])
    assert [item.chapter for item in last] == [1, 1, 1, 1]
    assert exchange_of(ITEMS, ITEMS[0])[0] == ITEMS[0]


def test_deciding_lowers_the_number_of_wrong_lines_by_their_doubt() -> None:
    before = expected_wrong(SCRIPT)
    item = min(ITEMS, key=lambda item: item.confidence)
    corrections = corrections_for(SCRIPT, {item: "Zoe"})
    after = decide(SCRIPT, CastFile(lines=tuple(corrections)))
    assert all(after.lines[k].confidence == 1.0 for k in item.lines)
    # Their doubt is gone; that of the lines around has become less, or more.
    doubt = sum(1.0 - SCRIPT.lines[k].confidence for k in item.lines)
    assert before - 2 * doubt < expected_wrong(after) < before


def test_signs_hang_on_the_words_alone() -> None:
    signs = item_ids(SCRIPT, ITEMS)
    assert len(signs) == len(ITEMS)
    book = read_book(STORY.replace("Nobody moved.", "All ran.").encode(), name="kiln.md")
    other = attribute(book, segment(book))
    assert list(item_ids(other, items_of(other))) == list(signs)


REVIEW = export_review(SCRIPT)


def numbered(text: str, part: str) -> int:
    return next(n for n, row in enumerate(text.splitlines(), 1) if part in row)


def corrected(line: int, speaker: str) -> str:
    """The review with the speaker of the n-th item changed."""
    rows = REVIEW.splitlines()
    at = [k for k, row in enumerate(rows) if row.startswith("speaker: ")][line]
    rows[at] = f"speaker: {speaker}"
    return "\n".join(rows)


def test_a_review_that_was_not_touched_changes_nothing() -> None:
    assert import_review(REVIEW, "review.md", SCRIPT) == {}
    assert import_review(REVIEW.replace("\n", "\r\n"), "review.md", SCRIPT) == {}


def test_what_was_corrected_is_taken_over() -> None:
    assert import_review(corrected(1, "marta"), "r", SCRIPT) == {ITEMS[1]: "Marta"}
    assert import_review(corrected(2, "Somebody New"), "r", SCRIPT) == {ITEMS[2]: "Somebody New"}
    assert import_review(corrected(2, "new: Marte"), "r", SCRIPT) == {ITEMS[2]: "Marte"}
    assert import_review(corrected(3, "narrator"), "r", SCRIPT) == {ITEMS[3]: NARRATOR}
    assert import_review(corrected(0, "Marta!"), "r", SCRIPT) == {ITEMS[0]: "Marta"}


def test_an_item_may_be_deleted_from_the_text() -> None:
    rest = REVIEW[: REVIEW.index("\n### ", REVIEW.index("### ") + 5)]
    assert import_review(rest, "r", SCRIPT) == {}


SIGN = next(iter(item_ids(SCRIPT, ITEMS)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (corrected(1, "Marte"), "nobody is called 'Marte'; did you mean 'Marta'? For somebody new"),
        (corrected(1, ""), "the speaker has no name: give one, or `narrator`"),
        (REVIEW.replace(f"#{SIGN}", "#000000"), "no line of the story has the sign #000000"),
        (REVIEW.replace("speaker: Marta", "Marta", 1), f"#{SIGN} has no `speaker:` line"),
        (REVIEW + REVIEW, f"#{SIGN} is in line "),
        ("speaker: Marta\n", "line 1: this `speaker:` belongs to no line"),
        ("# Notes\n", "no line of a review is in it; --export writes such a file"),
        (REVIEW.replace("### #", "### ", 1), "is no heading as it was written"),
    ],
)
def test_mistakes_in_the_text_are_named_with_their_line(text: str, message: str) -> None:
    with pytest.raises(CastError) as info:
        import_review(text, "review.md", SCRIPT)
    assert str(info.value).startswith("review.md")
    assert message in str(info.value)
