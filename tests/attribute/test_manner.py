"""How each person speaks, learned from the lines that are sure."""

from __future__ import annotations

from narrator.attribute.manner import Manner, Wording
from narrator.attribute.reading import Reading, read_people
from narrator.read import read_book
from narrator.segment import segment

_TOM = "“Upon my word, you know, the boat leaks,” said Tom."
_CLARA = (
    "“I have counted the oars and the nets and the lamps and the ropes, and every one of them has "
    "been left out in the rain again by somebody!” said Clara."
)


def _learn(last: str) -> tuple[Reading, Manner]:
    text = "Tom Hill and Clara Dean sat in the boat.\n\n" + f"{_TOM}\n\n{_CLARA}\n\n" * 6
    book = read_book((text + last + "\n").encode(), name="manner.txt")
    reading = read_people(book, segment(book))
    tom, clara = (reading.of_form[form] for form in (("tom",), ("clara",)))
    chances = [{tom: 0.9, clara: 0.1}, {tom: 0.1, clara: 0.9}] * 6 + [{tom: 0.5, clara: 0.5}]
    return reading, Manner(Wording(reading), chances)


def _lead(last: str) -> float:
    """How much more the last line sounds like Tom than like Clara."""
    reading, manner = _learn(last)
    t = len(reading.turns) - 1
    return manner.score(t, reading.of_form["tom",]) - manner.score(t, reading.of_form["clara",])


def test_words_and_turns_of_phrase_tell_who_speaks() -> None:
    assert _lead("“Upon my word, you know, it does.”") > 0.2


def test_length_and_marks_tell_who_speaks() -> None:
    assert _lead(_CLARA.partition(" said")[0]) < -0.2


def test_a_line_says_nothing_of_its_own_speaker() -> None:
    reading, manner = _learn("“So.”")
    assert manner.score(0, 10_000) == 0.0
    known = manner.habits[0]
    tom = reading.of_form["tom",]
    assert known.score(0, tom, is_own=True) < known.score(0, tom, is_own=False)
