from __future__ import annotations

import wave
from pathlib import Path

from tests.cli.conftest import Run


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


def test_without_a_device_words_are_written_and_the_file_named(
    narrator: Run, tmp_path: Path
) -> None:
    result = narrator("say", "Good evening to you all.")
    assert result.code == 0, result.err
    assert "NARRATOR_SOUND=off" in result.err
    files = list((tmp_path / "output").iterdir())
    assert len(files) == 1
    assert str(Path("output") / files[0].name) in result.err
    assert seconds(files[0]) > 0.5


def test_words_are_written_as_what_they_are(narrator: Run, story: Path) -> None:
    before = story.read_bytes()
    for name in ("lamp.txt", "oh.mp3"):
        result = narrator("say", "Oh.", "--story", story, "-o", name)
        assert result.code == 8
        assert "the name of what is written here ends in .wav" in result.err
    assert story.read_bytes() == before


def test_with_a_device_nothing_is_written(narrator: Run, tmp_path: Path) -> None:
    result = narrator("say", "Oh.", environ={"NARRATOR_SOUND": "null"})
    assert result.code == 0, result.err
    assert not (tmp_path / "output").exists()


def test_a_character_speaks_as_the_cast_file_says(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    words = "I am never ever late, I tell you."
    for name, rate in (("plain", ""), ("slow", "rate = 0.5\n")):
        text = f'[characters.Bert]\nvoice = "Tone Bella"\n{rate}'
        (tmp_path / "lamp.cast.toml").write_text(text)
        result = narrator("say", words, "--as", "bert", "--story", story, "-o", f"{name}.wav")
        assert result.code == 0, result.err
    assert seconds(tmp_path / "slow.wav") > 1.5 * seconds(tmp_path / "plain.wav")


def test_words_are_said_as_the_lexicon_has_them(narrator: Run, story: Path, tmp_path: Path) -> None:
    long = "aluminium rhododendron"
    (tmp_path / "lamp.cast.toml").write_text(
        f'[pronounce]\nThrupp = "{long}"\n[characters.Bert.pronounce]\nThrupp = "{long} {long}"\n'
    )
    said = ("say", "Thrupp, and so on.", "--story", story)
    assert narrator("say", "Thrupp, and so on.", "-o", "plain.wav").code == 0
    assert narrator(*said, "-o", "told.wav").code == 0
    assert narrator(*said, "--as", "Bert", "-o", "bert.wav").code == 0
    for name in ("Anna", "Bert"):
        options = ("--story", story, "--as", name, "--text", "Thrupp, and so on.")
        result = narrator("audition", "Tone Alma", *options, "-o", name)
        assert result.code == 0, result.err
    plain, told, bert = (seconds(tmp_path / f"{name}.wav") for name in ("plain", "told", "bert"))
    assert plain + 0.5 < told < bert - 0.5
    anna, berts = (seconds(next((tmp_path / name).iterdir())) for name in ("Anna", "Bert"))
    assert plain + 0.5 < anna < berts - 0.5


def test_an_unknown_name_is_refused_with_the_nearest(narrator: Run, story: Path) -> None:
    result = narrator("say", "Oh.", "--as", "Berta", "--story", story)
    assert result.code == 5
    assert result.err == (
        f"narrator: {story}: neither a character nor a voice is called 'Berta'; "
        "did you mean 'Bert'? (`narrator script` and `narrator voices` list them)\n"
    )
    assert narrator("say", "Oh.", "--as", "Nobody").code == 5
    assert narrator("say", " ").code == 2


def test_an_audition_lets_each_voice_speak_the_same_line(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    names = ["Tone Alma", "Tone Bella"]
    result = narrator("audition", *names, "--story", story, "--as", "Bert", "-o", tmp_path / "a")
    assert result.code == 0, result.err
    assert "I am never late," in result.out
    assert all(name in result.out for name in names)
    assert len(list((tmp_path / "a").iterdir())) == 2
    assert narrator("audition", names[0], "--as", "Bert").code == 2
    assert narrator("audition").code == 2


def test_a_book_is_played_whole_or_by_chapter(narrator: Run, story: Path, tmp_path: Path) -> None:
    assert narrator("build", story, "-o", "lamp.m4b").code == 0
    silent = narrator("play", "lamp.m4b")
    assert silent.code == 11
    assert "lamp.m4b" in silent.err
    null = {"NARRATOR_SOUND": "null"}
    result = narrator("play", "lamp.m4b", "--chapter", "2", environ=null)
    assert result.code == 0, result.err
    assert result.out.strip() == "Chapter 2: Dark"
    wrong = narrator("play", "lamp.m4b", "--chapter", "7", environ=null)
    assert wrong.code == 7
    assert "has 2 chapters" in wrong.err
    assert narrator("play", "nothing.m4b").code == 8
