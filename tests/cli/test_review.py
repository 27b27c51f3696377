from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

pexpect = pytest.importorskip("pexpect", reason="no pseudo-terminals here")

STORY = """\
The Kiln

by N. N.

Marta wiped her hands and looked down the yard, where the carts stood in the rain.

"The second firing is the one that cracks," said Marta.

"You might have told the buyers," said Ilya. He sat down.

"I might have, before the spring," said Marta.

"What do they say at the mill?" asked Tam.

"They say nothing at the mill today," said Ilya.

Nobody moved. The chimney was red to the top.

"Then the price is settled," she said.

"It was settled before you came in," said Tam.
"""
AT_PROMPT = "q to quit)"


@pytest.fixture
def kiln(tmp_path: Path) -> Path:
    path = tmp_path / "kiln.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def terminal(tmp_path: Path, kiln: Path) -> Iterator[Any]:
    environment = {
        **os.environ, "HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "NARRATOR_SOUND": "off", "PYTHONUTF8": "1", "NO_COLOR": "1", "TERM": "xterm",
    }  # fmt: skip
    child = pexpect.spawn(
        sys.executable,
        ["-m", "narrator", "review", str(kiln), "--engine", "tone"],
        cwd=str(tmp_path), env=environment, encoding="utf-8", timeout=60, dimensions=(24, 80),
    )  # fmt: skip
    yield child
    child.close(force=True)


def planned(narrator: Run, story: Path) -> dict[str, int]:
    result = narrator("build", story, "--dry-run", "--json")
    assert result.code == 0, result.err
    plan: dict[str, int] = json.loads(result.out.splitlines()[-1])
    return plan


def test_a_session_in_a_terminal_and_then_a_build_of_what_changed(
    narrator: Run, kiln: Path, terminal: Any, tmp_path: Path
) -> None:
    # The build runs while the session waits at its first question.
    assert narrator("build", kiln).code == 0
    assert planned(narrator, kiln)["clips_to_speak"] == 0

    def send(keys: str) -> str:
        terminal.expect_exact(AT_PROMPT)
        before = str(terminal.before)
        terminal.sendline(keys)
        return before

    screen = send("1")
    assert ">>" in screen
    assert "wrong lines left" in screen
    first = re.search(r"1  (.*?)  ", screen)
    assert first is not None
    send("h")
    assert "hear-tone" in send("n Zoe")
    assert "Zoe (a new character): 1 line, saved" in send("u")
    assert "Undone" in send("m Tam = Ilya")
    assert "Tam is Ilya, saved" in send("u")
    assert "Undone" in send("m Tam = Ilya")
    assert "Tam is Ilya, saved" in send("q")
    terminal.expect_exact("wrong lines left")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0

    cast_file = tomllib.loads((tmp_path / "kiln.cast.toml").read_text(encoding="utf-8"))
    assert cast_file["characters"]["Tam"]["same_as"] == "Ilya"
    assert len(cast_file["lines"]) == 1
    # What Narrator had right is only confirmed; Tam's two sentences have another voice.
    assert planned(narrator, kiln)["clips_to_speak"] == 2


def test_a_corrected_line_is_the_one_clip_that_is_spoken_anew(narrator: Run, kiln: Path) -> None:
    assert narrator("build", kiln).code == 0
    text = narrator("review", kiln, "--export", "review.md").out
    assert "7 lines written" in text
    path = kiln.with_name("review.md")
    rows = path.read_text(encoding="utf-8").split("\n")
    at = next(k for k, row in enumerate(rows) if "the price is settled" in row and "**" in row)
    at = next(k for k in range(at, len(rows)) if rows[k].startswith("speaker: "))
    rows[at] = "speaker: Ilya"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert "1 line corrected" in narrator("review", kiln, "--import", "review.md").out
    assert planned(narrator, kiln)["clips_to_speak"] == 1
    rows[at] = "speaker: Illya"
    path.write_text("\n".join(rows), encoding="utf-8")
    result = narrator("review", kiln, "--import", "review.md")
    assert result.code != 0
    assert f"review.md, line {at + 1}: nobody is called 'Illya'; did you mean 'Ilya'?" in result.err


def test_a_session_driven_by_a_script(narrator: Run, kiln: Path) -> None:
    keys = "?\nzz\n99\nr Ilya = Elias\nm Nobody = Elias\nx 1, Tam\n"
    result = narrator("review", kiln, keys=keys)
    assert result.code == 0, result.err
    assert all(len(row) <= 80 for row in result.out.splitlines() if "kiln.cast" not in row)
    assert "'zz' is no key" in result.out
    assert "there is no 99: give 0 to" in result.out
    assert "Ilya is called Elias, saved" in result.out
    assert "nobody is called 'Nobody'" in result.out
    assert "Nothing is left to review" in result.out
    assert "2 steps saved in" in result.out
    cast_file = tomllib.loads(kiln.with_name("kiln.cast.toml").read_text(encoding="utf-8"))
    assert "Ilya" in cast_file["characters"]["Elias"]["aliases"]
    assert len(cast_file["lines"]) >= 3
    again = narrator("script", kiln, "--json").out
    assert "you said so" in again


def test_a_review_is_written_over_nothing_that_would_be_missed(narrator: Run, kiln: Path) -> None:
    story = kiln.read_bytes()
    kiln.with_name("kiln.cast.toml").write_text("# mine\n", encoding="utf-8")
    for name in ("kiln.txt", "kiln.cast.toml"):
        result = narrator("review", kiln, "--export", name)
        assert result.code == 8
        assert "is read for this and will not be overwritten" in result.err
    assert kiln.read_bytes() == story
    path = kiln.with_name("review.md")
    for _ in range(2):  # one that was not touched is written anew
        assert narrator("review", kiln, "--export", "review.md").code == 0
    edited = path.read_text(encoding="utf-8").replace("speaker: ", "speaker: Ilya", 1)
    for text in (edited, "# A list of mine\n"):
        path.write_text(text, encoding="utf-8")
        result = narrator("review", kiln, "--export", "review.md")
        assert result.code == 8
        assert "is no review or has been corrected" in result.err
        assert path.read_text(encoding="utf-8") == text


def test_quitting_at_once_changes_nothing(narrator: Run, kiln: Path) -> None:
    result = narrator("review", kiln, keys="q\n")
    assert "nothing changed" in result.out
    assert not kiln.with_name("kiln.cast.toml").exists()


def test_an_interrupted_session_has_saved_what_was_decided(terminal: Any, tmp_path: Path) -> None:
    terminal.expect_exact(AT_PROMPT)
    terminal.sendline("n Zoe")
    terminal.expect_exact(AT_PROMPT)
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130
    assert 'speaker = "Zoe"' in (tmp_path / "kiln.cast.toml").read_text(encoding="utf-8")


def test_a_line_that_cannot_be_placed_is_told(narrator: Run, kiln: Path) -> None:
    kiln.with_name("kiln.cast.toml").write_text(
        '[[lines]]\ntext = "Not in here at all."\nspeaker = "Ilya"\n', encoding="utf-8"
    )
    for command in (("script",), ("build", "--dry-run"), ("review",)):
        result = narrator(command[0], kiln, *command[1:], keys="q\n")
        assert result.code == 0
        assert "kiln.cast.toml, line 2: the line “Not in here at all.”" in result.err


def test_undoing_the_first_step_and_taking_another_keeps_the_cast(
    narrator: Run, kiln: Path
) -> None:
    assert narrator("review", kiln, keys="n Zoe\nu\nn Tam\nq\n").code == 0
    cast_file = tomllib.loads(kiln.with_name("kiln.cast.toml").read_text(encoding="utf-8"))
    assert {"Marta", "Ilya", "Tam"} == set(cast_file["characters"])
    assert all("voice" in part for part in cast_file["characters"].values())


def test_a_review_of_a_second_book_keeps_the_voices_of_the_first(
    narrator: Run, kiln: Path, tmp_path: Path
) -> None:
    first = tmp_path / "first.cast.toml"
    first.write_text('[characters.Tam]\nvoice = "Tone Edith"\n', encoding="utf-8")
    done = narrator("review", kiln, "--cast-from", first, keys="1\nq\n")
    assert done.code == 0, done.err
    written = tomllib.loads((tmp_path / "kiln.cast.toml").read_text(encoding="utf-8"))
    assert written["characters"]["Tam"]["voice"] == "Tone Edith"


def test_names_are_known_by_their_aliases_and_parts(narrator: Run, kiln: Path) -> None:
    kiln.write_text(STORY.replace("said Tam", "said Tam Okoro"), encoding="utf-8")
    cast = '[characters.Ilya]\naliases = ["Elias Brandt"]\n'
    kiln.with_name("kiln.cast.toml").write_text(cast, encoding="utf-8")
    keys = "x 1, Brandt\nx\nq\nn\nquit\nn elias brandt\nq\n"
    result = narrator("review", kiln, keys=keys)
    assert result.code == 0, result.err
    assert "nobody is called 'Brandt'; did you mean 'Ilya'? For somebody new use n" in result.out
    assert "Ilya: 1 line, saved" in result.out
    cast_file = tomllib.loads(kiln.with_name("kiln.cast.toml").read_text(encoding="utf-8"))
    assert not {"q", "quit", "Brandt", "elias brandt"} & set(cast_file["characters"])

    def read_back(speaker: str) -> str:
        assert narrator("review", kiln, "--export", f"{speaker[:4]}.md").code == 0
        path = kiln.with_name(f"{speaker[:4]}.md")
        text = re.sub("(?m)^speaker: .*$", f"speaker: {speaker}", path.read_text("utf-8"), count=1)
        path.write_text(text, encoding="utf-8")
        result = narrator("review", kiln, "--import", path.name)
        return result.out + result.err

    assert "did you mean 'Tam Okoro'? For somebody new write: speaker: new: Okoro" in read_back(
        "Okoro"
    )
    assert "1 line corrected" in read_back("Elias Brandt")
    assert "1 line corrected" in read_back("new: Okoro")


def test_a_review_in_another_encoding_is_refused(narrator: Run, kiln: Path) -> None:
    assert narrator("review", kiln, "--export", "r.md").code == 0
    path = kiln.with_name("r.md")
    text = re.sub("(?m)^speaker: .*$", "speaker: Zo\xeb", path.read_text("utf-8"), count=1)
    path.write_bytes(text.encode("latin-1", "replace"))
    result = narrator("review", kiln, "--import", "r.md")
    assert result.code != 0
    assert "not UTF-8 text" in result.err
    assert not kiln.with_name("kiln.cast.toml").exists()
