from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrator.cast import cast
from narrator.castfile import CastFile, read_cast_file
from narrator.concerns import script_concerns
from narrator.corrections import correction_for, place
from narrator.direct import direct
from narrator.ledger import settle
from narrator.markup import REASON
from narrator.model import Gender, Script, SegmentKind, Sound, Take
from narrator.pronounce.words import doubtful_words
from narrator.review import items_of, passage
from narrator.story import load_lexicon, load_script
from tests.values import voice

STORY = """\
The Rain

by N. N.

Chapter 1: Rain

There was a street in the town. It rained for a while. {pause 2.5s}

Then it stopped. {sound thunder}

{speaker Anna}"Look at Thrupp now." {say Thrupp throop}

Bert, {who} was there, looked.
"""
VOICES = (voice("A", narrates=True), voice("B"), voice("C", Gender.MALE))


def test_marks_are_obeyed_and_never_spoken(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    on = read_cast_file(b"[reading]\nmarkup = true\n", "a.cast.toml")
    script = load_script(path, on)
    who = cast(script, VOICES, on)
    takes = tuple(direct(script, who, on.pauses, lexicon=load_lexicon(script, on)))
    spoken = [take.text for take in takes]
    assert [text for text in spoken if "{" in text] == ["Bert, {who} was there, looked."]
    assert not any(word in " ".join(spoken) for word in ("pause", "thunder", "speaker"))
    rained = next(take for take in takes if take.text == "It rained for a while.")
    assert rained.pause_ms == 2500
    line = next(take for take in takes if "throop" in take.text)
    names = {character.id: character.name for character in script.characters}
    assert names[line.speaker] == "Anna"
    reasons = dict(settle(script, takes).skipped)
    marks = ("{pause 2.5s}", "{sound thunder}", "{speaker Anna}", "{say Thrupp throop}")
    assert reasons[REASON] >= sum(map(len, marks))


def test_without_being_asked_for_braces_are_words(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    script = load_script(path, CastFile())
    takes = tuple(direct(script, cast(script, VOICES, CastFile()), CastFile().pauses))
    assert any("pause" in take.text for take in takes)
    assert REASON not in dict(settle(script, takes).skipped)


PLAIN = """\
The Harbour

by N. N.

Chapter 1: Morning

The boats came in at six. "You are late," said Anna. "We waited for you,
and the tide does not wait." She looked at the sea.

"I know," Bert said. He was tired; the nets were torn. "Thrupp told me."

* * *

It was dark when they met again. Nobody spoke for a while.

"Well?" said Anna.

"Well," said Bert, "here I am."
"""
_SPACES = [match.start() for match in re.finditer(r"(?<=\S)\s(?=\S)", PLAIN)][9:]


def _takes(tmp_path: Path, text: str, *, markup: bool) -> tuple[Script, tuple[Take, ...]]:
    path = tmp_path / "harbour.txt"
    path.write_text(text)
    cast_file = read_cast_file(f"[reading]\nmarkup = {str(markup).lower()}\n".encode(), "c")
    script = load_script(path, cast_file)
    takes = tuple(direct(script, cast(script, VOICES, cast_file), cast_file.pauses))
    settle(script, takes)
    return script, takes


def _said(script: Script, takes: tuple[Take, ...]) -> list[tuple[str, str]]:
    """Who says what, joined where the same one goes on."""
    found: list[tuple[str, str]] = []
    for take in takes:
        if found and found[-1][0] == take.speaker:
            found[-1] = (take.speaker, f"{found[-1][1]} {take.text}")
        else:
            found.append((take.speaker, take.text))
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.dictionaries(
        st.sampled_from(_SPACES),
        st.sampled_from(("{say Thrupp throop}", "{pause 2s}", "{sound gull}")),
        min_size=1,
        max_size=6,
    ),
    spaced=st.booleans(),
)
def test_marks_change_nothing_else_of_what_is_heard(
    tmp_path: Path, places: dict[int, str], spaced: bool
) -> None:
    text = PLAIN
    for at in sorted(places, reverse=True):
        text = text[:at] + (" " if spaced else "") + places[at] + text[at:]
    plain_script, plain = _takes(tmp_path, PLAIN, markup=False)
    script, takes = _takes(tmp_path, text, markup=True)
    assert _said(script, takes) == _said(plain_script, plain)
    assert {c.name for c in script.characters} == {c.name for c in plain_script.characters}
    long = CastFile().pauses.paragraph_ms
    breaks = [take.pause_ms for take in takes if take.pause_ms >= long and take.pause_ms != 2000]
    assert len(breaks) <= len([take for take in plain if take.pause_ms >= long])
    if set(places.values()) == {"{say Thrupp throop}"}:
        assert [t.text for t in takes] == [t.text for t in plain]
        assert [t.pause_ms for t in takes] == [t.pause_ms for t in plain]


def test_a_mark_alone_in_its_paragraph_makes_no_break(tmp_path: Path) -> None:
    text = PLAIN.replace('"Well?" said', '{pause 3s}\n\n{sound gull}\n\n"Well?" said')
    _, plain = _takes(tmp_path, PLAIN, markup=False)
    script, takes = _takes(tmp_path, text, markup=True)
    assert [t.text for t in takes] == [t.text for t in plain]
    changed = [(p.pause_ms, t.pause_ms) for p, t in zip(plain, takes, strict=True) if p != t]
    assert [new for old, new in changed if old != new] == [3000]
    kinds = [line.segment.kind for line in script.lines]
    assert kinds.count(SegmentKind.SCENE_BREAK) == 1


def test_a_quotation_parted_by_a_mark_stays_one(tmp_path: Path) -> None:
    text = PLAIN.replace("We waited for you,", "{speaker Carl} We waited {pause 1s} for you,")
    text = text.replace('"{speaker Carl} ', '{speaker Carl} "')
    script, takes = _takes(tmp_path, text, markup=True)
    names = {character.id: character.name for character in script.characters}
    said = {take.text: names.get(take.speaker, take.speaker) for take in takes}
    assert said["We waited"] == "Carl"
    assert said["for you, and the tide does not wait."] == "Carl"
    assert not [c for c in script_concerns(script) if c.kind == "unbalanced"]


PAUSES = """\
The Rain

Chapter 1

The rain fell. {pause 2m} It stopped. {pasue 2s} It fell.

Chapter 2

It stopped. It fell. {pause 2m}
"""


@pytest.mark.parametrize("mark", ["{Pause 2s}", "{ pause 2s }", "{PAUSE\t2S }", "{pause 2 s}"])
def test_capitals_and_blanks_make_no_other_mark(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "rain.txt"
    heard = _heard(tmp_path, f"The Rain\n\nThe rain fell. {mark} It stopped.\n")
    assert [(said, ms) for _, said, ms in heard] == [("The rain fell.", 2000), ("It stopped.", 0)]
    path.write_text('The Rain\n\nIt fell. { Say Thrupp throop }{Speaker Carl}"Thrupp!"\n')
    on = read_cast_file(b"[reading]\nmarkup = true\n", "a.cast.toml")
    script = load_script(path, on)
    assert [character.name for character in script.characters] == ["Carl"]
    assert load_lexicon(script, on).sayings["Thrupp"].respelling == "throop"
    assert script.warnings == ()


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("{pause 2m}", "'2m' is no length in s or ms; write it as {pause 2s}"),
        ("{pause 2}", "'2' is no length in s or ms; write it as {pause 2s}"),
        ("{pause -1s}", "'-1s' is no length in s or ms; write it as {pause 2s}"),
        ("{pause}", "write it as {pause 2s}"),
        ("{ Pause }", "write it as {pause 2s}"),
        ("{speaker}", "write it as {speaker Anna}"),
        ("{sound}", "write it as {sound door}"),
        ("{say x}", "it says a word and not how; write it as {say Thrupp throop}"),
        ("{say Thrupp /θr%p/}", "% in /θr%p/ is no symbol of the IPA"),
        ("{say 7 seven}", "the word has no letter"),
    ],
)
def test_a_mark_that_cannot_be_obeyed_is_warned_of(tmp_path: Path, mark: str, why: str) -> None:
    text = f'The Rain\n\nThe rain fell.\nIt {mark} stopped. "Go!" said Anna.\n'
    script, takes = _takes(tmp_path, text, markup=True)
    assert len(script.warnings) == 1
    assert script.warnings[0].startswith(f"chapter 1, line 4: {mark} is passed over: {why}")
    words = " ".join(take.text for take in takes)
    assert _letters(words) == _letters('The rain fell. It stopped. "Go!" said Anna.')
    # What only says how a word is said stays in its line: there it is a change of its words.
    changes = [change for take in takes for change in take.changes if change.rule == "markup"]
    inside = sum(len(change.source) for change in changes)
    assert dict(settle(script, takes).skipped).get(REASON, 0) + inside >= len(mark)
    load_lexicon(script, CastFile())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("{pasue 2s}", "no mark is called 'pasue'; did you mean 'pause'?"),
        ("{Speeker Anna}", "no mark is called 'Speeker'; did you mean 'speaker'?"),
        ("{pause: 2s}", "write it as {pause 2s}"),
        ("{pause2s}", "no mark is called 'pause2s'; did you mean 'pause'?"),
    ],
)
def test_what_is_read_aloud_for_no_mark_is_warned_of(tmp_path: Path, words: str, why: str) -> None:
    text = f"The Rain\n\nThe rain fell. {words} It stopped.\n"
    script, takes = _takes(tmp_path, text, markup=True)
    assert script.warnings[-1:] == (f"chapter 1, line 3: {words} is read aloud: {why}",)
    spoken = _letters(" ".join(take.shown for take in takes))
    assert _letters(words) in spoken
    assert not [w for w in _takes(tmp_path, text, markup=False)[0].warnings if "{" in w]


def test_a_brace_left_open_is_warned_of(tmp_path: Path) -> None:
    script, _ = _takes(tmp_path, "The Rain\n\nIt fell. {pause 2s\nIt stopped {so.\n", markup=True)
    assert [w for w in script.warnings if "{" in w] == [
        "chapter 1, line 3: {pause 2s is read aloud: its brace is not closed on its row: {pause 2s}"
    ]


def test_faults_of_marks_are_told_once_with_the_first_place(tmp_path: Path) -> None:
    script, _ = _takes(
        tmp_path, PAUSES.replace("It fell. {pause", "{pause 99s} {pause"), markup=True
    )
    no_length = "'2m' is no length in s or ms; write it as {pause 2s}"
    no_mark = "no mark is called 'pasue'; did you mean 'pause'?"
    assert [w for w in script.warnings if "{" in w] == [
        f"chapter 1, line 5, and 1 more: {{pause 2m}} is passed over: {no_length}",
        f"chapter 1, line 5: {{pasue 2s}} is read aloud: {no_mark}",
        "chapter 2, line 9: {pause 99s} is cut short: no pause is longer than 60s",
    ]


BELL = Sound(name="bell", path=Path("bell.wav"), digest="0", length_s=1.0)


def _heard(tmp_path: Path, text: str) -> list[tuple[str, str, int]]:
    """Who says what, or which sound is heard, and the silence after it."""
    path = tmp_path / "story.txt"
    path.write_text(text)
    on = read_cast_file(b"[reading]\nmarkup = true\n", "a.cast.toml")
    script = load_script(path, on)
    takes = tuple(direct(script, cast(script, VOICES, on), on.pauses, sounds={"bell": BELL}))
    settle(script, takes)
    names = {character.id: character.name for character in script.characters}
    return [(names.get(take.speaker, take.speaker), take.shown, take.pause_ms) for take in takes]


@pytest.mark.parametrize(
    ("quotation", "words"),
    [
        ('"{0}Who is there?" Anna asked.', ["", "Who is there?", "Anna asked."]),
        ('"Who is there?{0}" Anna asked.', ["Who is there?", "", "Anna asked."]),
        ("— {0} It is the light!", ["", "It is the light!"]),
        ("He called aloud{0}.", ["He called aloud.", ""]),
        ("He called{0}, aloud. He waited.", ["He called", "", ", aloud.", "He waited."]),
    ],
)
def test_a_mark_beside_a_quotation_mark_or_a_stop_is_obeyed(
    tmp_path: Path, quotation: str, words: list[str]
) -> None:
    text = "The Rain\n\nThe rain fell.\n\n" + quotation + "\n"
    heard = [said for _, said, _ in _heard(tmp_path, text.replace("{0}", "{sound bell}"))]
    assert heard == ["The rain fell.", *(word or "{sound bell}" for word in words)]
    silent = _heard(tmp_path, text.replace("{0}", "{pause 7s}"))
    assert [said for _, said, _ in silent] == ["The rain fell.", *filter(None, words)]
    assert [ms == 7000 for _, _, ms in silent].index(True) == words.index("")


@pytest.mark.parametrize("name", ["narrator", "Narrator", "NARRATOR"])
def test_the_narrator_is_nobody_new_however_written(tmp_path: Path, name: str) -> None:
    text = f'The Rain\n\nThe rain fell. {{speaker {name}}}"Who is there?" Anna asked.\n'
    assert ("narrator", "Who is there?") in [heard[:2] for heard in _heard(tmp_path, text)]


def test_a_speaker_is_named_within_the_quotation_marks(tmp_path: Path) -> None:
    text = 'The Rain\n\nThe rain fell. "{speaker Carl}Who is there?" Anna asked.\n'
    assert ("Carl", "Who is there?") in [heard[:2] for heard in _heard(tmp_path, text)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.dictionaries(
        st.integers(PLAIN.index("The boats"), len(PLAIN)),
        st.sampled_from(
            (
                "{say Thrupp throop}",
                "{pause 2s}",
                "{sound bell}",
                "{speaker Anna}",
                " {sound bell} ",
                "{sound bell}{pause 1s}",
                "{pause}",
                "{speaker}{say}",
                "{Pause 2m }",
                "{ Sound Bell}",
            )
        ),
        min_size=1,
        max_size=6,
    )
)
def test_marks_anywhere_lose_no_word(tmp_path: Path, places: dict[int, str]) -> None:
    text = PLAIN
    for at in sorted(places, reverse=True):
        text = text[:at] + places[at] + text[at:]
    heard = [said for _, said, _ in _heard(tmp_path, text)]
    words = re.sub(r"\{ ?sound bell\}", "", " ".join(heard), flags=re.IGNORECASE)
    plain = " ".join(said for _, said, _ in _heard(tmp_path, PLAIN))
    assert _letters(words) == _letters(plain)
    rung = [said for said in heard if "{" in said]
    assert len(rung) == sum(mark.lower().count("sound") for mark in places.values())


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def test_a_speaker_named_last_in_a_chapter_says_nothing_of_the_next(tmp_path: Path) -> None:
    text = "Chapter 1\n\nHe left. {speaker Tom}\n\nChapter 2\n\n"
    text += '"Go," said Anna. "At once."\n'
    heard = _heard(tmp_path, text)
    assert [who for who, said, _ in heard if said in ("Go,", "At once.")] == ["Anna", "Anna"]


def test_a_pause_at_the_end_of_a_story_is_heard(tmp_path: Path) -> None:
    heard = _heard(tmp_path, "The Rain\n\nThe rain fell.\n\nIt stopped. {pause 5s}\n")
    assert [ms for _, _, ms in heard][-1] == 5000
    assert _heard(tmp_path, "The Rain\n\nThe rain fell.\n")[-1][2] == 0


def test_a_mark_within_a_line_is_none_of_its_words(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(
        'The Mill\n\nThen came {say Thrupp Throop} old Thrupp. "I saw {say Thrupp Throop} Thrupp,'
        '{pause 1s}" said Tom. "I did," said Tom.\n'
    )
    script = load_script(path, read_cast_file(b"[reading]\nmarkup = true\n", "a.cast.toml"))
    words = {found.text for found in doubtful_words(script)}
    assert "Thrupp" in words
    assert "Throop" not in words
    line = next(k for k, line in enumerate(script.lines) if "saw" in script.words_of(line.segment))
    correction = correction_for(script, line, "Tom")
    assert correction.text == "I saw Thrupp,"
    assert correction.before == "The Mill Then came old Thrupp."
    assert place(script, [correction]) == {0: line}
    rows = [row for item in items_of(script) for row in passage(script, item)]
    assert rows
    assert not [run for row in rows for run in row if "{" in run.text]


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        (
            'He left. {speaker Tom}\n\nChapter 2\n\n"Go," said Anna.',
            ["line 3: {speaker Tom} is passed over: no line comes after it"],
        ),
        (
            '{speaker Tom}\n\n{speaker Bea}\n\n"Go," said Anna.',
            ["line 3: {speaker Tom} is passed over: a later mark gives the line away"],
        ),
        ('{speaker Tom}"Go." She sat. {speaker Bea}"No."', []),
        ("{speaker Tom} He went home.", []),
    ],
)
def test_a_speaker_whom_no_line_is_left_for_is_told_of(
    tmp_path: Path, text: str, warnings: list[str]
) -> None:
    script, _ = _takes(tmp_path, f"Chapter 1\n\n{text}\n", markup=True)
    told = [warning for warning in script.warnings if "passed over" in warning]
    assert told == [f"chapter 1, {warning}" for warning in warnings]
