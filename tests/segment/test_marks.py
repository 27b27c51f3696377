from __future__ import annotations

from narrator.segment.marks import Convention, Family, Side, detect_convention, looks_open, marks_in


def _convention(*paragraphs: str) -> Convention:
    text = "\n\n".join(paragraphs)
    ranges, at = [], 0
    for paragraph in paragraphs:
        ranges.append((at, at + len(paragraph)))
        at += len(paragraph) + 2
    return detect_convention(text, ranges)


def test_primary_is_the_family_that_speaks() -> None:
    assert _convention("“One,” said ‘Bob’.", "“Two.”").primary is Family.DOUBLE
    assert _convention("‘One “two”,’ he said.", "‘It’s Bob’s.’").primary is Family.SINGLE
    assert _convention("It's Bob's.", '"Yes," he said.').primary is Family.DOUBLE
    assert _convention("« Un », dit-il.", "« Deux. »").primary is Family.GUILLEMETS
    assert _convention("「一」", "「二」『三』").primary is Family.CORNERS
    assert _convention("— One.", "— Two.", "«Three», she wrote.").primary is Family.DASH


def test_a_text_without_marks_has_the_common_convention() -> None:
    assert _convention("Nothing is said here.") == _convention("Nor here.")
    assert _convention("Nothing.").primary is Family.DOUBLE


def test_direction_is_learned_from_the_book() -> None:
    german = _convention(*["„Ja“, sagte er. „Nein.“"] * 10).facing()
    assert german["„"] > 1
    assert german["“"] < 0
    danish = _convention(*["»Ja,« sagde han. »Nej.«"] * 20).facing()
    assert danish["»"] > 0 > danish["«"]
    english = _convention(*["“Yes,” he said. “No.”"] * 10).facing()
    assert english["“"] > 1 > -1 > english["”"]


def test_marks_look_through_italics() -> None:
    (first, last) = marks_in('"_No_"', 0, 6, '"')
    assert (first.left, first.right) == (Side.EDGE, Side.WORD)
    assert (last.left, last.right) == (Side.WORD, Side.EDGE)
    assert looks_open(first)
    assert not looks_open(last)
