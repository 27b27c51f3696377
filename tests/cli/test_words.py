from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run

MINE = "# mine\n[pauses]  # p\nscene_ms = 1500  # why\n"


def test_a_word_is_listed_set_heard_and_said_so(narrator: Run, story: Path, tmp_path: Path) -> None:
    cast = tmp_path / "lamp.cast.toml"
    cast.write_text(MINE)
    result = narrator("words", story)
    assert result.code == 0, result.err
    assert "Bert" in result.out
    result = narrator("words", story, "--set", "Bert=burt", "--hear", "Bert")
    assert result.code == 0, result.err
    assert cast.read_text().startswith(MINE)
    assert 'Bert = "burt"' in cast.read_text()
    assert (tmp_path / "output" / "word-bert.wav").exists()
    assert "burt" in narrator("words", story).out


def test_only_the_sentences_that_hold_the_word_are_spoken_anew(narrator: Run, story: Path) -> None:
    assert narrator("build", story).code == 0
    assert narrator("words", story, "--set", "Bert=burt").code == 0
    plan = json.loads(narrator("build", story, "--dry-run", "--json").out)
    assert plan["clips_to_speak"] == 2


def test_a_lexicon_is_exported_and_imported(narrator: Run, story: Path, tmp_path: Path) -> None:
    assert narrator("words", story, "--set", "Bert=/bɜːt/", "--export-pls", "a.pls").code == 0
    other = tmp_path / "other.cast.toml"
    result = narrator("words", story, "--cast", other, "--import-pls", "a.pls")
    assert result.code == 0, result.err
    assert 'Bert = "/bɜːt/"' in other.read_text()
    assert narrator("words", story, "--import-pls", story).code == 3


def test_a_lexicon_is_exported_over_no_story_and_no_cast_file(narrator: Run, story: Path) -> None:
    before = story.read_bytes()
    for name in ("lamp.txt", "lamp.cast.toml", "notes.md"):
        result = narrator("words", story, "--set", "Bert=burt", "--export-pls", name)
        assert result.code == 8, name
    assert story.read_bytes() == before
    assert not story.with_name("lamp.cast.toml").exists()


def test_a_wrong_setting_is_refused(narrator: Run, story: Path) -> None:
    assert narrator("words", story, "--set", "Bert").code == 2
    wrong = narrator("words", story, "--set", "Bert=/%/")
    assert wrong.code == 2
    assert "no symbol of the IPA" in wrong.err


def test_a_word_is_changed_where_the_language_of_the_book_has_it(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    cast = tmp_path / "lamp.cast.toml"
    cast.write_text('[pronounce.en]\nBert = "bairt" # mine\n[pronounce.de]\nAnna = "ahna"\n')
    result = narrator("words", story, "--set", "Bert=burt", "--set", "Anna=onna")
    assert result.code == 0, result.err
    text = cast.read_text()
    assert 'Bert = "burt" # mine' in text
    assert "bairt" not in text
    assert 'Anna = "ahna"' in text
    assert 'Anna = "onna"' in text
    listed = narrator("words", story).out
    assert "burt" in listed
    assert "onna" in listed


def test_the_words_of_a_language_are_not_lost_to_a_word(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    cast = tmp_path / "lamp.cast.toml"
    cast.write_text('[pronounce.de]\nAnna = "ahna"\n')
    result = narrator("words", story, "--set", "de=duh")
    assert result.code == 5
    assert "[pronounce.de] holds the words of a language" in result.err
    assert cast.read_text() == '[pronounce.de]\nAnna = "ahna"\n'
