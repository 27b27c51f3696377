from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.cast import apply_decisions, cast, speech_lines
from narrator.castfile import CastFile, read_cast_file
from narrator.castwrite import update_cast_file
from narrator.config import PauseConfig
from narrator.errors import ConfigError
from narrator.model import Age, Character, Gender, Script, Trait
from narrator.read.options import Limits, Notes, Options, Reading
from tests.values import character, said, script_of, voice

VOICES = (
    voice("Nora", narrates=True), voice("Fay"), voice("Max", Gender.MALE), voice("Moe",
    Gender.MALE),
)  # fmt: skip
ANNA = character("Anna", Gender.FEMALE, aliases=("Annie", "Bert"))
BERT = character("Bert", Gender.MALE)


def story(*people: Character, title: str = "A Story") -> Script:
    return script_of([said(p.id, "“Yes.”\n\n") for p in people], characters=people, title=title)


def update(text: str | None, script: Script) -> str:
    cast_file = CastFile() if text is None else read_cast_file(text.encode(), "s.cast.toml")
    return update_cast_file(
        text,
        book=script.book,
        characters=script.characters,
        cast=cast(script, VOICES, cast_file),
        lines=speech_lines(script),
    )


def test_a_new_file_reads_back_as_what_was_cast() -> None:
    cast_file = read_cast_file(update(None, story(ANNA, BERT)).encode(), "s.cast.toml")
    assert (cast_file.title, cast_file.author) == ("A Story", "N. N.")
    assert cast_file.narrator.voice == "Nora"
    assert {n: p.voice for n, p in cast_file.characters.items()} == {"Anna": "Fay", "Bert": "Max"}
    assert cast_file.characters["Anna"].gender is Gender.FEMALE


def test_an_alias_that_is_another_character_is_not_written_since_it_would_merge_them() -> None:
    cast_file = read_cast_file(update(None, story(ANNA, BERT)).encode(), "s.cast.toml")
    assert cast_file.characters["Anna"].aliases == ("Annie",)


def test_the_header_names_every_pause_there_is() -> None:
    text = update(None, story(ANNA))
    assert all(name in text for name in PauseConfig.__dataclass_fields__)


EDITED = """\
# Mine, all mine.
title = "Another Title"   # better

[characters."Bert"]  # 9 lines, 90% of the speech
rate = 1.2 # hurried

# He is the villain.
voice = "Moe"

[narrator]
voice='Max'
[characters.Anna] # my favourite
[pauses]
scene_ms = 3000
"""


def test_an_edited_file_keeps_comments_order_and_every_decision() -> None:
    after = update(EDITED, story(ANNA, BERT))
    assert after == EDITED.replace("9 lines, 90%", "1 line, 50%").replace(
        "[characters.Anna] # my favourite\n",
        '[characters.Anna] # my favourite\nvoice = "Fay" # proposed: Fay\n',
    )


TRAILED = """\
[characters.Anna]
gender = "female"

# Tobias: deep, always tired
[characters.Tobias]
voice = "Moe"

# These are long.
[pauses]
scene_ms = 3000

[narrator]
rate = 1.1
# He drones.
"""


def test_what_is_added_stays_above_the_comments_of_what_follows() -> None:
    after = update(TRAILED, story(ANNA, BERT))
    assert 'gender = "female"\nvoice = "Fay" # proposed: Fay\n\n# Tobias: deep' in after
    assert 'rate = 1.1\nvoice = "Nora" # proposed: Nora\n# He drones.' in after
    assert 'voice = "Moe"\n\n[characters.Bert]' in after
    assert "# proposed: male\n\n# These are long.\n[pauses]" in after


@pytest.mark.parametrize(
    "text",
    [
        'characters = { Anna = { voice = "Moe" } } # mine\n',
        'characters = { Anna = { voice = "Moe" }, Bert = {} } # mine\n# over\n[pauses]\n',
        'characters.Anna = { voice = "Moe" } # mine\n',
        'characters.Anna.voice = "Moe" # mine\n',
        '[characters]\nAnna = { voice = "Moe" } # mine\n',
        'narrator = { rate = 1.1 }\n[characters] # mine\nAnna.voice = "Moe"\n',
    ],
)
def test_characters_may_be_written_in_any_way_of_toml(text: str) -> None:
    after = update(text, story(ANNA, BERT))
    found = read_cast_file(after.encode(), "s")
    assert {n: p.voice for n, p in found.characters.items()} == {"Anna": "Moe", "Bert": "Max"}
    assert found.narrator.voice == "Nora"
    assert "# mine\n" in after
    assert update(after, story(ANNA, BERT)) == after


def test_a_new_character_is_added_and_a_vanished_one_stays() -> None:
    after = update(EDITED, story(BERT, character("Zed", Gender.MALE)))
    cast_file = read_cast_file(after.encode(), "s.cast.toml")
    assert set(cast_file.characters) == {"Bert", "Anna", "Zed"}
    assert "# my favourite" in after
    assert "# He is the villain." in after


def test_a_first_person_narrator_gets_no_voice_line() -> None:
    text = update(None, story(character("Jack", Gender.MALE, is_narrator=True), BERT))
    assert read_cast_file(text.encode(), "s").characters["Jack"].voice is None


names = st.text(min_size=1, max_size=12).filter(
    lambda name: name.strip() == name and name.isprintable()
)


@given(st.lists(names, min_size=1, max_size=5, unique_by=str.casefold), names)
def test_updating_twice_changes_nothing_whatever_the_names(people: list[str], title: str) -> None:
    script = story(*(character(name) for name in people), title=title)
    once = update(None, script)
    assert update(once, script) == once
    assert set(read_cast_file(once.encode(), "s").characters) == set(people)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[narrator]\nvoic = "x"',
            "s.cast.toml, line 2: unknown key 'narrator.voic'; did you mean",
        ),
        ("[characters.A]\nrate = 9", "line 2: rate = 9.0 is out of range: give 0.4 to 2.5"),
        ("[characters.A]\ngender = 'femal'", "line 2: characters.A.gender = 'femal'"),
        ("[pauses]\nscene = 3", "line 2: unknown key 'pauses.scene'; did you mean 'scene_ms'?"),
        ("[charactrs.A]\nrate = 1", "unknown key 'charactrs'; did you mean 'characters'?"),
        (
            "[characters.A]\naliases = ['x']\n[characters.B]\naliases = ['X']",
            "line 4: 'X' is an alias of both 'A' and 'B'",
        ),
        (
            "[characters.A]\naliases = ['B']\n[characters.B]\naliases = ['A']",
            "merged in a circle",
        ),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as info:
        read_cast_file(text.encode(), "s.cast.toml")
    assert message in str(info.value)


def test_what_is_proposed_is_told_from_what_the_user_wrote() -> None:
    who = replace(
        character("Hattie", Gender.FEMALE, age=Age.OLD, aliases=("Hattie Garrow",)),
        traits=(Trait(kind="accent", value="scottish", words="a Scotswoman"),),
    )
    text = update(None, story(who, BERT))
    for row in (
        'gender = "female" # proposed: female',
        'age = "old" # proposed: old',
        'accent = "scottish" # proposed: scottish',
        'aliases = ["Hattie Garrow"] # proposed: 1 name',
    ):
        assert row in text
    mine = text.replace('age = "old" # proposed: old', 'age = "adult"')
    assert update(mine, story(who, BERT)) == mine


@pytest.mark.parametrize(
    ("written", "tag"),
    [("de", "de"), ("eng", "en"), ("en_GB", "en-GB"), ("English", "en"), (" ", ""), ("Elvish", "")],
)
def test_a_language_is_known_by_its_tag_or_name(written: str, tag: str) -> None:
    data = f'language = "{written}"'.encode()
    if tag:
        assert read_cast_file(data, "s.cast.toml").language == tag
    else:
        with pytest.raises(ConfigError, match=r"s\.cast\.toml, line 1.* is no language: give its"):
            read_cast_file(data, "s.cast.toml")


def test_a_year_may_be_a_number() -> None:
    assert read_cast_file(b"year = 1987", "s").year_text == "1987"


def test_a_renamed_character_stays_renamed_and_the_file_stays_valid() -> None:
    hattie = character("Hattie", aliases=("Hattie Garrow",))
    text = update(None, story(hattie, BERT)).replace("[characters.Hattie]", "[characters.Button]")
    cast_file = read_cast_file(text.encode(), "s")
    script = apply_decisions(story(hattie, BERT), cast_file)
    assert update(text, script) == text


def test_a_new_character_is_not_given_an_alias_that_is_somebody_elses() -> None:
    text = '[narrator]\naliases = ["The Voice"]\n[characters.Bert]\naliases = ["Annie"]\n'
    script = story(character("Anna", aliases=("Annie", "The voice", "Ann")), BERT)
    after = read_cast_file(update(text, script).encode(), "s")
    assert after.characters["Anna"].aliases == ("Ann",)


def test_two_entries_are_one_person_where_the_file_says_so() -> None:
    text = '[characters.Anna]\n[characters.Bert]\nsame_as = "anna"\n'
    script = apply_decisions(story(BERT, ANNA), read_cast_file(text.encode(), "s"))
    assert [c.name for c in script.characters] == ["Anna"]
    assert {line.speaker for line in script.lines} == {script.characters[0].id}
    text = '[characters.Bert]\nsame_as = "narrator"\n'
    script = apply_decisions(story(BERT, ANNA), read_cast_file(text.encode(), "s"))
    assert [line.speaker for line in script.lines] == ["narrator", "anna"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[characters.A]\nsame_as = "A"', "line 2: 'A' cannot be the same as itself"),
        (
            '[characters.Anna]\n[characters.B]\nsame_as = "Ana"',
            "line 3: 'B' is the same as 'Ana', who has no [characters] entry here; did you mean",
        ),
        (
            '[characters.A]\nsame_as = "B"\n[characters.B]\nsame_as = "A"',
            "'A' and 'B' are merged in a circle",
        ),
        (
            '[characters.A]\n[characters.B]\nsame_as = "A"\n[characters.C]\naliases = ["B"]',
            "line 3: 'B' is an alias of 'C' and the same as 'A'",
        ),
        ("[[lines]]\ntext = 'Yes'", "line 1: lines.0 lacks the key 'speaker'"),
        ("[[lines]]\ntext = 'Yes'\nspeaker = 'A'\nnht = 1", "line 4: unknown key 'lines.0.nht'"),
        ("[[lines]]\ntext = 'Yes'\nspeaker = 'A'\nchapter = 0", "line 4: chapter = 0 is out of"),
    ],
)
def test_merges_and_lines_are_checked(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as info:
        read_cast_file(text.encode(), "s.cast.toml")
    assert message in str(info.value)


def test_what_is_read_and_how_large_a_book_may_be_are_chosen() -> None:
    text = b'[reading]\nfootnotes = "in-place"\nspeak = ["summary"]\n[limits]\nchapters = 5\n'
    options = read_cast_file(text, "s.cast.toml").options
    assert options == Options(
        reading=Reading(footnotes=Notes.IN_PLACE, speak=("summary",)), limits=Limits(chapters=5)
    )
    with pytest.raises(ConfigError, match=r"line 2: reading\.tables = 'no': give one of"):
        read_cast_file(b'[reading]\ntables = "no"\n', "s.cast.toml")
    with pytest.raises(ConfigError, match=r"line 2: text_mb = 0 is out of range"):
        read_cast_file(b"[limits]\ntext_mb = 0\n", "s.cast.toml")
