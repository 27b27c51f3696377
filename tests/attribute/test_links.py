"""How turns follow each other, by what stands between them and beside them."""

from __future__ import annotations

import pytest

from narrator.attribute.links import FAR, gap_before, link_before
from narrator.attribute.reading import Reading, read_people
from narrator.read import read_book
from narrator.segment import segment

_START = (
    "Tom Hill met Clara Dean by the gate.\n\n“Good day,” said Tom.\n\n“Good day,” said Clara.\n\n"
)


def _read(rest: str) -> tuple[Reading, int]:
    book = read_book((_START + rest).encode(), name="links.txt")
    reading = read_people(book, segment(book))
    return reading, len(reading.turns) - 1


def test_an_answer_without_a_cue_comes_back_more_surely_than_a_named_one() -> None:
    untold, named = (
        link_before(*_read(end)) for end in ("“It rains.”\n", "“It rains,” said Tom.\n")
    )
    assert untold.back > named.back
    assert untold.same < 0


def test_a_run_of_lines_without_cues_holds_firmest() -> None:
    first, second = (
        link_before(*_read(end)) for end in ("“It rains.”\n", "“It rains.”\n\n“So.”\n")
    )
    assert second.back > first.back


def test_after_a_paragraph_of_narration_the_same_person_may_go_on() -> None:
    beside, apart = (link_before(*_read(end)) for end in ("“So.”\n", "The wind rose.\n\n“So.”\n"))
    assert apart.same > apart.back > 0 > beside.same


def test_a_cue_that_resumes_keeps_the_speaker() -> None:
    said, went_on = (
        link_before(*_read(f"“It rains,” she {verb}.\n")) for verb in ("said", "continued")
    )
    assert went_on.same > said.same


@pytest.mark.parametrize("between", ["The wind rose.\n\n" * FAR, "* * *\n\n"])
def test_nothing_links_over_much_narration_or_a_scene_break(between: str) -> None:
    reading, last = _read(between + "“So.”\n")
    assert gap_before(reading, last) >= FAR
    link = link_before(reading, last)
    assert (link.same, link.back) == (0.0, 0.0)


def test_the_other_is_never_the_one_who_spoke() -> None:
    reading, last = _read("“It rains,” said the other.\n")
    link = link_before(reading, last)
    assert link.same < -2 < link.back
