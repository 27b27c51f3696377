from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from narrator.model import Span, Take
from narrator.reels import cut_reels
from tests.values import voice

FAY = voice("Fay")


def take(text: str, chapter: int = 0) -> Take:
    return Take(
        chapter=chapter,
        segment=0,
        span=Span(0, len(text)),
        text=text,
        speaker="narrator",
        voice=FAY,
    )


@given(st.lists(st.tuples(st.text(min_size=1, max_size=400), st.integers(0, 2)), max_size=60))
def test_reels_cover_all_takes_in_order_and_never_cross_a_chapter(
    texts: list[tuple[str, int]],
) -> None:
    takes = [take(text, chapter) for text, chapter in sorted(texts, key=lambda pair: pair[1])]
    reels = list(cut_reels(takes))
    assert [take for reel in reels for take in reel] == takes
    for reel in reels:
        assert len({take.chapter for take in reel}) == 1
        assert sum(len(take.text) for take in reel) < 1200 + 400


def test_a_line_put_in_changes_the_reels_around_it_alone() -> None:
    texts = [
        f"This is sentence number {i} of a book that has very many of them." for i in range(900)
    ]
    before = [take(text) for text in texts]
    after = [take(text) for text in [*texts[:100], "Something new is said here.", *texts[100:]]]

    def contents(takes: list[Take]) -> set[tuple[str, ...]]:
        return {tuple(take.text for take in reel) for reel in cut_reels(takes)}

    assert len(contents(before)) > 30
    assert len(contents(after) - contents(before)) <= 3
