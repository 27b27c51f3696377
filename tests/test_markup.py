from __future__ import annotations

from pathlib import Path

from narrator.cast import cast
from narrator.castfile import CastFile, read_cast_file
from narrator.direct import direct
from narrator.ledger import settle
from narrator.markup import REASON
from narrator.model import Gender
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
    takes = direct(script, who, on.pauses, lexicon=load_lexicon(script, on))
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
    takes = direct(script, cast(script, VOICES, CastFile()), CastFile().pauses)
    assert any("pause" in take.text for take in takes)
    assert REASON not in dict(settle(script, takes).skipped)
