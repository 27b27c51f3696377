from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_a_cast_file_is_written_once_and_then_only_added_to(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    result = narrator("cast", story)
    assert result.code == 0, result.err
    path = tmp_path / "lamp.cast.toml"
    text = path.read_text(encoding="utf-8")
    assert set(tomllib.loads(text)["characters"]) == {"Anna", "Bert"}
    assert "unchanged" in narrator("cast", story).out
    assert path.read_text(encoding="utf-8") == text

    edited = text.replace("# 2 lines", "# the heroine; 2 lines").replace(
        'title = "The Lamp"', 'title = "Lamplight" # better'
    )
    path.write_text(edited, encoding="utf-8")
    story.write_text(
        story.read_text(encoding="utf-8") + '\n"Good night," said Carl.\n', encoding="utf-8"
    )
    assert narrator("cast", story).code == 0
    after = path.read_text(encoding="utf-8")
    assert "# the heroine; 2 lines" in after
    assert 'title = "Lamplight" # better' in after
    assert set(tomllib.loads(after)["characters"]) == {"Anna", "Bert", "Carl"}


def test_what_the_story_says_of_its_people_is_cast_and_shown(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    text = story.read_text(encoding="utf-8")
    text = text.replace('late," said Bert.', 'late," said Bert in his deep voice.')
    text = text.replace("He put it out.", "Anna, a girl of eight, was a Scotswoman.")
    story.write_text(text + "\nAnna was a Scotswoman.\n", encoding="utf-8")
    out = narrator("cast", story).out
    told = out[out.index("Cast for what the story says") :]
    assert re.search(r"Bert +low voice +“in his deep voice”", told)
    assert re.search(r"Anna +accent scottish: no voice +“Anna was a Scotswoman”", told)
    assert re.search(r"Anna +child +“Anna, a girl of eight”", told)
    path = tmp_path / "lamp.cast.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["characters"]["Anna"]["age"] == "child"


def test_an_inline_cast_file_is_added_to(narrator: Run, story: Path, tmp_path: Path) -> None:
    path = tmp_path / "lamp.cast.toml"
    text = 'characters = { Anna = { voice = "Tone Bella" } } # mine\n'
    steps = (("cast",), ("cast", "-i"), ("review",), ("review", "--import", tmp_path / "r.md"))
    assert narrator("review", story, "--export", tmp_path / "r.md").code == 0
    for command, *options in steps:
        path.write_text(text, encoding="utf-8")
        result = narrator(str(command), story, *options, keys="l 1\nn Carl\nq\n")
        assert result.code == 0, result.err
        after = path.read_text(encoding="utf-8")
        assert tomllib.loads(after)["characters"]["Anna"]["voice"] == "Tone Bella"
        assert "# mine\n" in after
    assert narrator("cast", story).code == 0
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))["characters"]) == {"Anna", "Bert"}


def test_a_broken_cast_file_is_left_alone(narrator: Run, story: Path, tmp_path: Path) -> None:
    path = tmp_path / "lamp.cast.toml"
    path.write_text("[narrator\n")
    result = narrator("cast", story)
    assert result.code == 3
    assert "lamp.cast.toml" in result.err
    assert path.read_text() == "[narrator\n"


def test_the_example_is_a_cast_file_for_any_story(narrator: Run, story: Path) -> None:
    text = narrator("cast", "--example").out
    assert tomllib.loads(text)["characters"]["Captain Low"] == {"same_as": "Keeper"}
    story.with_name("lamp.cast.toml").write_text(
        text.replace("cover =", "# cover =").replace("voice =", "# voice ="), encoding="utf-8"
    )
    assert narrator("script", story).code == 0


def test_the_schema_is_json(narrator: Run) -> None:
    schema = json.loads(narrator("cast", "--schema").out)
    assert schema["properties"]["characters"]["additionalProperties"] == {"$ref": "#/$defs/Part"}


def test_voices_are_heard_chosen_swapped_locked_and_taken_back(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    keys = "a Anna\nv 0 tone bella\nw Anna 2\nl bert\nv Bert Tone Ben\nl 9\nu\nu\nl Bert\nzz\n?\n\n"
    result = narrator("cast", story, "--interactive", keys=keys)
    assert result.code == 0, result.err
    assert "written instead: " in result.err
    assert "Anna and Bert have swapped voices, saved" in result.out
    assert "the voice of Bert is locked" in result.out
    assert "there is no 9: give 0 to 2" in result.out
    assert "'zz' is no key" in result.out
    assert "2 steps saved" in result.out
    rows = [row for row in result.out.splitlines() if "cast.toml" not in row]
    assert max(map(len, rows)) <= 80
    text = (tmp_path / "lamp.cast.toml").read_text(encoding="utf-8")
    cast_file = tomllib.loads(text)
    assert cast_file["narrator"]["voice"] == "Tone Bella"
    assert cast_file["characters"]["Bert"]["lock"] is True
    # Swapping was undone: Anna's voice is Narrator's proposal again, the other two are decided.
    assert re.findall(r"voice = .* (# proposed: .*)", text) == [
        f"# proposed: {cast_file['characters']['Anna']['voice']}"
    ]
    assert re.search(r"\* Tone Bella", result.out)


def test_nobody_swaps_voices_with_themselves(narrator: Run, story: Path) -> None:
    result = narrator("cast", story, "-i", keys="w 1 1\nw narrator 0\nw 1 anna\nq\n")
    assert result.out.count("  both are Anna: give two who differ, as in w 2 3\n") == 2
    assert "  both are the narrator: give two who differ" in result.out
    assert "nothing changed" in result.out
    assert not story.with_name("lamp.cast.toml").exists()


def test_nothing_is_written_by_looking_at_the_cast(narrator: Run, story: Path) -> None:
    assert "nothing changed" in narrator("cast", story, "-i", keys="a 1\nq\n").out
    assert not story.with_name("lamp.cast.toml").exists()


def test_a_series_keeps_its_voices(narrator: Run, story: Path, tmp_path: Path) -> None:
    first = tmp_path / "first.cast.toml"
    first.write_text('[characters.ANNA]\nvoice = "Tone Edith"\nrate = 1.2\n', encoding="utf-8")
    result = narrator("cast", story, "--cast-from", first)
    assert result.code == 0, result.err
    text = (tmp_path / "lamp.cast.toml").read_text(encoding="utf-8")
    anna = tomllib.loads(text)["characters"]["Anna"]
    assert (anna["voice"], anna["rate"]) == ("Tone Edith", 1.2)
    (tmp_path / "lamp.cast.toml").unlink()
    assert (
        narrator("cast", story, "-i", "--cast-from", first, keys="w Bert narrator\nq\n").code == 0
    )
    text = (tmp_path / "lamp.cast.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["characters"]["Anna"]["voice"] == "Tone Edith"
    first.write_text('[narrator]\n[characters.ANNA]\nvoice = "Tone Edit"\n', encoding="utf-8")
    (tmp_path / "lamp.cast.toml").unlink()
    for command in ("cast", "build"):
        result = narrator(command, story, "--cast-from", first)
        assert result.code == 3
        assert "first.cast.toml, line 3: no voice is called 'Tone Edit'" in result.err
    assert narrator("cast", story, "--cast-from", tmp_path / "none.toml").code == 3


def test_voices_that_are_hard_to_tell_apart_are_told_of(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    text = story.read_text(encoding="utf-8")
    lines = [f'"It is {hour}," said {name}.' for hour in "abc" for name in ("Anna", "Bert")]
    story.write_text("\n\n".join([text, *lines]), encoding="utf-8")
    result = narrator("cast", story)
    assert result.code == 0, result.err
    assert "hard to tell apart" not in result.out
    voices = "".join(f'[characters.{n}]\nvoice = "Tone Bella"\n' for n in ("Anna", "Bert"))
    (tmp_path / "lamp.cast.toml").write_text(voices, encoding="utf-8")
    assert "hard to tell apart: Anna and Bert\n" in narrator("cast", story).out


def test_a_misspelt_character_is_told_once(narrator: Run, story: Path) -> None:
    path = story.with_name("lamp.cast.toml")
    path.write_text('[characters.Bret]\nvoice = "Tone Bella"\n[characters.Zuleika]\n')
    told = [
        f"narrator: warning: {path}: no character is called 'Bret' (did you mean 'Bert'?)",
        f"narrator: warning: {path}: no character is called 'Zuleika'",
    ]
    for command in (("build", story, "--chapters", "2"), ("cast", story)):
        result = narrator(*command)
        assert result.code == 0, result.err
        assert [row for row in result.err.splitlines() if "is called" in row] == told


def test_what_is_asked_of_a_voice_goes_before_what_is_remembered(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    path = tmp_path / "lamp.cast.toml"

    def build(keys: str) -> str:
        path.write_text(f"[characters.Anna]\n{keys}\n", encoding="utf-8")
        done = narrator("build", story)
        assert done.code == 0, done.err
        return next(row for row in done.out.splitlines() if row.startswith("  Anna"))

    assert "  woman" in build("")
    assert "old woman" in build('age = "old"')
    assert "girl" in build('age = "child"')
    assert "old woman" in build('age = "old"\nvolume = 1.0')


def test_everyone_is_cast_afresh_but_for_whom_the_user_chose(
    narrator: Run, story: Path, tmp_path: Path
) -> None:
    path = tmp_path / "lamp.cast.toml"
    told = 'Wren was seven years old. She yawned.\n\n"Good night," said Wren.\n'
    story.write_text(f"{story.read_text(encoding='utf-8')}\n{told}", encoding="utf-8")
    assert "girl" in narrator("cast", story).out
    story.write_text(story.read_text(encoding="utf-8").replace("seven", "eighty"), encoding="utf-8")
    path.unlink()
    assert "girl" in narrator("cast", story).out  # as remembered
    told = path.read_text(encoding="utf-8")
    (bert,) = re.findall(r"\[characters.Bert\].*\n(voice = .*)\n", told)
    path.write_text(told.replace(bert, 'voice = "Walter" # mine'), encoding="utf-8")
    done = narrator("cast", story, "--afresh")
    assert done.code == 0, done.err
    row = next(row for row in done.out.splitlines() if row.startswith("  Wren"))
    assert "old" in row
    assert "girl" not in row
    after = path.read_text(encoding="utf-8")
    assert 'voice = "Walter" # mine' in after
    assert tomllib.loads(after)["characters"]["Wren"]["voice"] in row
    assert "unchanged" in narrator("cast", story, "--afresh").out
    assert narrator("cast", story, "--afresh", "--interactive").code == 2


def test_voices_that_speak_the_storys_language_are_shown_first(narrator: Run, story: Path) -> None:
    result = narrator("cast", story, "--interactive", "--engine", "pyttsx3", keys="v Anna\n\n\n")
    if "no voices" in result.err:
        pytest.skip(result.err)
    shown = [row for row in result.out.splitlines() if re.match(r" +\d+ \S.* (?:wo)?man, \w", row)]
    foreign = [k for k, row in enumerate(shown) if re.search(r", (?:de|es|fr)-", row)]
    assert len(shown) >= 10
    assert not foreign or min(foreign) >= 10


@pytest.mark.parametrize(
    "text",
    [
        'characters.Anna.voice = "Tone Bella"\nnarrator.voice = "Tone Boris"\n',
        'characters.Zed = { voice = "Tone Boris" }\ncharacters.Anna = { voice = "Tone Bella" }\n',
        'characters.Anna = { voice = "Tone Bella" }\n\n[pauses]\nscene_ms = 5\n',
    ],
)
def test_a_file_to_which_nothing_can_be_added_without_loss_is_left_as_it_is(
    narrator: Run, story: Path, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "lamp.cast.toml"
    path.write_text(text, encoding="utf-8")
    before = tomllib.loads(text)
    result = narrator("cast", story)
    after = tomllib.loads(path.read_text(encoding="utf-8"))
    assert before["characters"].items() <= after["characters"].items()
    assert before.get("narrator", {}).items() <= after.get("narrator", {}).items()
    if result.code:
        assert "without loss" in result.err
        assert path.read_text(encoding="utf-8") == text
    assert narrator("build", story, "-q").code == 0
