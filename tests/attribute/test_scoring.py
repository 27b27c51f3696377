"""What speaks for a person where no cue does."""

from __future__ import annotations

from narrator.attribute.presence import measure_presence
from narrator.attribute.reading import read_people
from narrator.attribute.scoring import Knowledge, build_lattice
from narrator.read import read_book
from narrator.segment import segment

_TEXT = (
    "Tom Hill and Clara Dean stood in the yard. Hobb waved from the road, and Hobb laughed.\n\n"
    "“Good day,” said Tom.\n\n“Good day,” said Clara.\n\n"
) + "“It rains.”\n\n“So it does.”\n\n" * 8


def test_a_name_that_no_cue_names_gains_nothing_by_being_guessed_often() -> None:
    book = read_book(_TEXT.encode(), name="yard.txt")
    reading = read_people(book, segment(book))
    hobb, tom = reading.of_form["hobb",], reading.of_form["tom",]
    scores = {}
    for guess in (hobb, tom):
        chances = [{guess: 1.0}] * len(reading.turns)
        presence = measure_presence(reading, [])
        lattice = build_lattice(reading, presence, Knowledge(chances=chances))
        t = 6
        scores[guess] = lattice.scores[t][lattice.candidates[t].index(guess)]
    still = build_lattice(reading, presence, Knowledge())
    before = {p: still.scores[t][still.candidates[t].index(p)] for p in (hobb, tom)}
    assert scores[hobb] == before[hobb]
    assert scores[tom] > before[tom]
