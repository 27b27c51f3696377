from __future__ import annotations

from dataclasses import replace

import pytest

from narrator.cast import cast
from narrator.castfile import CastFile
from narrator.config import PauseConfig
from narrator.direct import direct
from narrator.errors import LedgerError
from narrator.ledger import check_segments, check_timeline, settle
from narrator.model import Cue, Mark, Script, SegmentKind, Span, Take, Timeline
from tests.values import character, headed, said, script_of, told, voice

ANNA = character("Anna")
SCRIPT: Script = script_of(
    [(SegmentKind.SKIPPED, None, "by N. N.\n\n"), headed("One\n\n"), told("He came. He saw.\n\n")],
    [headed("Two\n\n"), said("anna", "“Well!” "), told("she said.")],
    characters=[ANNA],
)


def takes() -> list[Take]:
    voices = (voice("Nora", narrates=True), voice("Fay"))
    return list(direct(SCRIPT, cast(SCRIPT, voices, CastFile()), PauseConfig()))


def test_everything_is_accounted_for() -> None:
    ledger = settle(SCRIPT, takes())
    assert ledger.skipped == (("header", 10),)
    assert ledger.characters == len("“Well!” ")
    assert ledger.source == 10 + ledger.narrator + ledger.characters
    assert "header 10" in ledger.summary()


@pytest.mark.parametrize("index", range(6))
def test_a_take_that_is_missing_twice_or_out_of_place_is_found(index: int) -> None:
    missing = takes()
    del missing[index]
    with pytest.raises(LedgerError, match=r"chapter [12], character"):
        settle(SCRIPT, missing)
    twice = takes()
    twice.insert(index, twice[index])
    with pytest.raises(LedgerError, match="not in exactly one take"):
        settle(SCRIPT, twice)


def test_takes_out_of_order_are_found() -> None:
    shuffled = takes()
    shuffled[0], shuffled[-1] = shuffled[-1], shuffled[0]
    with pytest.raises(LedgerError, match="out of order"):
        settle(SCRIPT, shuffled)


def test_a_take_of_no_segment_is_found() -> None:
    stray = replace(takes()[-1], segment=len(SCRIPT.lines))
    with pytest.raises(LedgerError, match="is in no segment"):
        settle(SCRIPT, [*takes(), stray])


def test_gaps_overlaps_and_unexplained_skips_between_segments_are_found() -> None:
    segments = [line.segment for line in SCRIPT.lines]
    check_segments(SCRIPT.book, segments)
    with pytest.raises(LedgerError, match="chapter 1, character 10"):
        check_segments(SCRIPT.book, [segments[0], *segments[2:]])
    with pytest.raises(LedgerError, match="in no segment"):
        check_segments(SCRIPT.book, segments[:-1])
    with pytest.raises(LedgerError, match="not in exactly one segment"):
        check_segments(SCRIPT.book, [segments[0], *segments])
    with pytest.raises(LedgerError, match="without a reason"):
        check_segments(SCRIPT.book, [replace(segments[0], skip_reason=None), *segments[1:]])
    stray = replace(segments[-1], chapter=5, span=Span(0, 1))
    with pytest.raises(LedgerError, match="in no chapter"):
        check_segments(SCRIPT.book, [*segments, stray])


def timeline(*cues: Cue, marks: tuple[int, ...]) -> Timeline:
    return Timeline(
        sample_rate_hz=100,
        frames=1000,
        cues=cues,
        marks=tuple(Mark(title="x", start=start) for start in marks),
    )


def test_a_timeline_holds_every_take_once_in_order() -> None:
    all_takes = takes()
    cues = [Cue(take=i, start=10 * i, end=10 * i + 5) for i in range(len(all_takes))]
    second = next(i for i, take in enumerate(all_takes) if i and take.mark)
    check_timeline(all_takes, timeline(*cues, marks=(0, cues[second].start)))
    with pytest.raises(LedgerError, match="every take once"):
        check_timeline(all_takes, timeline(*cues[1:], marks=(0, cues[second].start)))
    with pytest.raises(LedgerError, match="marks"):
        check_timeline(all_takes, timeline(*cues, marks=(0, cues[second].start + 1)))
    silent = replace(cues[3], end=cues[3].start)
    with pytest.raises(LedgerError, match="no sound"):
        check_timeline(all_takes, timeline(*cues[:3], silent, *cues[4:], marks=(0, 1)))
