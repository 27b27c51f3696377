from __future__ import annotations

import json
import tomllib
from pathlib import Path

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
