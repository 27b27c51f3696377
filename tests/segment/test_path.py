from __future__ import annotations

from narrator.segment.marks import Mark, Side
from narrator.segment.path import Action, Event, State, best_path


def _mark(opens: float, closes: float, *, left: Side = Side.SPACE, may_nest: bool = False) -> Event:
    mark = Mark(at=0, glyph='"', left=left, right=Side.WORD)
    return Event(0, mark, opens, closes, -4.0, may_nest)


def _paragraph(kept: float) -> Event:
    return Event(0, None, kept=kept, dropped=-3.0)


def test_no_events_have_no_path() -> None:
    assert best_path([]) == []


def test_a_pair_opens_and_closes() -> None:
    assert best_path([_mark(4, -1), _mark(-1, 4)]) == [
        (Action.OPEN, State.INSIDE),
        (Action.CLOSE, State.OUTSIDE),
    ]


def test_a_doubtful_mark_is_read_by_its_neighbours() -> None:
    doubtful = _mark(1, 1)
    assert best_path([_mark(4, -1), doubtful])[1] == (Action.CLOSE, State.OUTSIDE)
    assert best_path([doubtful, _mark(-1, 4)])[0] == (Action.OPEN, State.INSIDE)


def test_an_open_quotation_is_dropped_or_kept_at_a_paragraph() -> None:
    dropped = best_path([_mark(4, -1), _paragraph(-9.0)])
    kept = best_path([_mark(4, -1), _paragraph(0.0), _mark(4, -1, left=Side.EDGE), _mark(-1, 4)])
    assert dropped[1] == (Action.PARAGRAPH, State.OUTSIDE)
    assert [state for _, state in kept] == [State.INSIDE] * 3 + [State.OUTSIDE]


def test_a_quotation_in_a_quotation_is_nested_only_where_both_close() -> None:
    opening, closing = _mark(6, -1, may_nest=True), _mark(-1, 6)
    both = best_path([opening, opening, closing, closing])
    assert [action for action, _ in both] == [
        Action.OPEN,
        Action.NEST,
        Action.UNNEST,
        Action.CLOSE,
    ]
    assert best_path([opening, opening, closing])[1][0] is Action.OPEN
