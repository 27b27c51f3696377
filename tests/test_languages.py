"""A story in another language: a voice of its own, and the narrator for everyone."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrator.cast import cast, voices_for
from narrator.castfile import CastFile
from narrator.model import Voice
from narrator.store import Cache
from narrator.story import load_script
from tests.languages import TEXTS
from tests.values import voice


def in_language(name: str, language: str) -> Voice:
    return Voice(name=name, engine="tone", language=language, narrates=True, rank=90)


VOICES = (voice("Nora", narrates=True), in_language("Liesel", "de"), in_language("Odile", "fr-FR"))


@pytest.mark.parametrize(
    ("language", "reader"), [("de", "Liesel"), ("fr", "Odile"), ("en", "Nora")]
)
def test_a_story_is_read_by_a_voice_of_its_language(
    tmp_path: Path, language: str, reader: str
) -> None:
    story = tmp_path / "a.txt"
    story.write_text(TEXTS[language], encoding="utf-8")
    script = load_script(story, CastFile())
    assert script.book.language == language
    assert cast(script, VOICES, CastFile()).narrator.voice.name == reader


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_the_narrator_speaks_for_all_where_speakers_are_not_looked_for(
    tmp_path: Path, language: str
) -> None:
    story = tmp_path / "a.txt"
    story.write_text(TEXTS[language], encoding="utf-8")
    script = load_script(story, CastFile())
    assert not script.characters
    assert len(script.warnings) == 1
    assert {line.speaker for line in script.lines} == {"narrator", None}


def test_where_no_voice_has_the_language_english_ones_read() -> None:
    assert [v.name for v in voices_for("pl", VOICES)] == ["Nora"]
    assert voices_for("pl", VOICES[1:]) == VOICES[1:]


def test_a_cast_file_knows_the_language_better(tmp_path: Path) -> None:
    story = tmp_path / "a.txt"
    story.write_text(TEXTS["en"], encoding="utf-8")
    cache = Cache(root=tmp_path / "cache")
    assert load_script(story, CastFile(), cache).book.language == "en"
    assert load_script(story, CastFile(language="de"), cache).book.language == "de"
