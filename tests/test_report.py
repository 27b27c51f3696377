from __future__ import annotations

import json
from dataclasses import replace

import pytest

from narrator.cast import cast
from narrator.castfile import CastFile
from narrator.config import PauseConfig
from narrator.direct import direct
from narrator.errors import LedgerError
from narrator.model import Cue, Mark, Phonemes, Script, SegmentKind, Span, Take, Timeline
from narrator.report import account_for, report_to_json
from tests.values import character, headed, said, script_of, told, voice

SCRIPT: Script = script_of(
    [
        (SegmentKind.SKIPPED, None, "by N. N.\n\n"),
        headed("One\n\n"),
        told("Dr. Hale saw 2 of them. He went.\n\n"),
    ],
    [headed("Two\n\n"), said("anna", "“Well!” "), told("she said.")],
    characters=[character("Anna")],
)
RATE = 100


def takes_of(script: Script) -> tuple[Take, ...]:
    voices = (voice("Nora", narrates=True), voice("Fay"))
    return tuple(direct(script, cast(script, voices, CastFile()), PauseConfig()))


def timeline_of(takes: tuple[Take, ...]) -> Timeline:
    """Ten frames for each letter: a tenth of a second."""
    cues, at = [], 0
    for index, take in enumerate(takes):
        cues.append(Cue(take=index, start=at, end=at + 10 * len(take.text)))
        at = cues[-1].end + 5
    marks = tuple(
        Mark(title=take.mark, start=cue.start)
        for take, cue in zip(takes, cues, strict=True)
        if take.mark is not None
    )
    return Timeline(sample_rate_hz=RATE, frames=at, cues=tuple(cues), marks=marks)


TAKES = takes_of(SCRIPT)
TIMELINE = timeline_of(TAKES)


def test_every_character_has_its_place() -> None:
    report = account_for(SCRIPT, TAKES, TIMELINE)
    whole = report.whole
    assert whole.source == whole.told == sum(len(c.text) for c in SCRIPT.book.chapters)
    assert whole.cast == {"Anna": len("“Well!” ")}
    assert whole.voices == {"Nora": whole.narrator, "Fay": len("“Well!” ")}
    assert whole.skipped == {"header": 10}
    assert whole.places == {"abbreviations": 1, "numbers": 1}
    assert [account.told for account in report.chapters] == [
        len(chapter.text) for chapter in SCRIPT.book.chapters
    ]


def test_the_file_says_what_was_skipped_changed_and_silent() -> None:
    report = account_for(SCRIPT, TAKES, TIMELINE, mute=TAKES[2:3], missing=TAKES[-1:])
    value = json.loads(report_to_json(report, title="A Story", audiobook="a.m4b"))
    first, second = value["chapters"]
    sums = ("narrator", "unpronounceable", "left_out")
    for part in (value, first, second):
        spoken = sum(part[key] for key in sums) + sum(part["cast"].values())
        assert spoken + sum(part["skipped"].values()) == part["source"]
    assert first["skips"] == [{"start": 0, "end": 10, "reason": "header", "text": "by N. N."}]
    assert {"rule": "numbers", "written": "2", "spoken": "two", "times": 1} in first["changes"]
    assert [row["text"] for row in first["silent"]] == ["He went."]
    assert second["left_out"] == len("she said.")
    assert {"no_voice", "left_out"} <= {warning["kind"] for warning in value["warnings"]}


def test_words_in_phonemes_are_changed_by_the_lexicon() -> None:
    index = next(n for n, take in enumerate(TAKES) if "Hale" in take.text)
    at = TAKES[index].text.index("Hale")
    spelt = Phonemes(span=Span(at, at + 4), ipa="heɪl")
    takes = [*TAKES]
    takes[index] = replace(takes[index], phonemes=(spelt,))
    report = account_for(SCRIPT, tuple(takes), TIMELINE)
    assert report.whole.places["pronounce"] == 1
    assert report.whole.changed["pronounce"] == 4
    value = json.loads(report_to_json(report, title="A Story", audiobook="a.m4b"))
    row = {"rule": "pronounce", "written": "Hale", "spoken": "/heɪl/", "times": 1}
    assert row in value["chapters"][0]["changes"]


@pytest.mark.parametrize("index", range(len(TAKES)))
def test_a_book_with_a_sentence_too_few_or_too_many_has_no_report(index: int) -> None:
    fewer = (*TAKES[:index], *TAKES[index + 1 :])
    with pytest.raises(LedgerError, match=r"chapter \d, character \d+"):
        account_for(SCRIPT, fewer, timeline_of(fewer))
    more = (*TAKES[: index + 1], *TAKES[index:])
    with pytest.raises(LedgerError, match=r"chapter \d, character \d+"):
        account_for(SCRIPT, more, timeline_of(more))


def test_a_timeline_without_a_sentence_is_found() -> None:
    with pytest.raises(LedgerError, match="every take once"):
        account_for(SCRIPT, TAKES, replace(TIMELINE, cues=TIMELINE.cues[:-1]))
    swapped = (TIMELINE.cues[1], TIMELINE.cues[0], *TIMELINE.cues[2:])
    with pytest.raises(LedgerError, match="in order"):
        account_for(SCRIPT, TAKES, replace(TIMELINE, cues=swapped))


def kinds(script: Script) -> list[tuple[str, str]]:
    takes = takes_of(script)
    report = account_for(script, takes, timeline_of(takes))
    return [(concern.kind, concern.message) for concern in report.concerns]


def test_a_chapter_in_which_nobody_speaks_is_told() -> None:
    talk = [said("anna", "“Well, well, well.” "), told("she said.")] * 30
    quiet = [told("It rained all day on the town. " * 100)]
    script = script_of(talk, talk * 8, quiet, characters=[character("Anna")])
    assert [kind for kind, _ in kinds(script)] == ["no_speech"]


def test_a_quotation_that_is_not_closed_is_told_with_its_line() -> None:
    script = script_of(
        [
            told("He came.\n\n"),
            said("anna", "“Well. \n\n"),
            told("He went. ” \n\n"),
            said("anna", "“No.” "),
        ],
        characters=[character("Anna")],
    )
    faults = ["“Well.” is not closed", "“He went.” has a quotation mark without its other half"]
    for has_rows, places in (
        (True, ["chapter 1, line 3", "chapter 1, line 5"]),
        (False, ["chapter 1", "chapter 1"]),  # as of EPUB, whose text is not the file's
    ):
        script = replace(script, book=replace(script.book, has_rows=has_rows))
        found = [message for kind, message in kinds(script) if kind == "unbalanced"]
        assert found == [f"{place}: {fault}" for place, fault in zip(places, faults, strict=True)]


def test_who_speaks_once_and_who_never_ends_is_told() -> None:
    script = script_of(
        [said("anna", "“Yes. " + "And so on. " * 300 + "” "), said("bert", "“No.” ")] * 2
        + [said("carl", "“Oh.” ")],
        characters=[character("Anna"), character("Bert"), character("Carl")],
    )
    found = kinds(script)
    assert [kind for kind, _ in found] == ["speaks_once", "long_quote", "long_quote"]
    assert "Carl" in found[0][1]


def test_a_clip_far_too_long_or_short_for_its_text_is_told() -> None:
    script = script_of([told("The rain fell on the town of Hale. " * 8)])
    takes = takes_of(script)
    timeline = timeline_of(takes)
    last = timeline.cues[-1]
    long = replace(last, end=last.end + 20 * RATE)
    report = account_for(
        script, takes, replace(timeline, cues=(*timeline.cues[:-1], long), frames=long.end)
    )
    assert [concern.kind for concern in report.concerns] == ["clip_length"]
    assert "too long" in report.concerns[0].message
    short = replace(last, end=last.start + RATE // 10)
    report = account_for(script, takes, replace(timeline, cues=(*timeline.cues[:-1], short)))
    assert "too short" in report.concerns[0].message
