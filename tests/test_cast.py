from __future__ import annotations

import pytest

from narrator.cast import apply_decisions, cast, speech_lines, unknown_characters
from narrator.castfile import CastFile, Part, read_cast_file
from narrator.errors import CastError, ConfigError
from narrator.model import Age, Character, Gender, Script, Voice
from narrator.story import decide
from tests.values import character, said, script_of, told, voice

F, M = Gender.FEMALE, Gender.MALE

BANK = (
    voice("Nora", F, rank=1, narrates=True),
    voice("Neil", M, rank=2, narrates=True),
    *(voice(f"Fay{i}", F, rank=10 + i) for i in range(10)),
    *(voice(f"Max{i}", M, rank=10 + i) for i in range(10)),
    voice("Kit", F, age=Age.CHILD, rank=5),
    voice("Gran", F, age=Age.OLD, rank=6),
)


def story(*people: Character, lines: int = 3) -> Script:
    """Everyone speaks, the first most."""
    pieces = [told("It was late.\n\n")]
    for place, person in enumerate(people):
        pieces += [said(person.id, "“Yes.”\n\n")] * (lines * (len(people) - place))
    return script_of(pieces, characters=people)


def voices_of(script: Script, cast_file: CastFile | None = None) -> dict[str, str]:
    who = cast(script, BANK, cast_file or CastFile())
    return {"narrator": who.narrator.voice.name} | {r.character: r.voice.name for r in who.roles}


def test_gender_age_and_rank_decide() -> None:
    script = story(
        character("Anna", F), character("Bert", M), character("Tess", F, age=Age.CHILD),
        character("Old Meg", F, age=Age.OLD),
    )  # fmt: skip
    assert voices_of(script) == {
        "narrator": "Nora", "anna": "Fay0", "bert": "Max0", "tess": "Kit", "old meg": "Gran",
    }  # fmt: skip


def test_the_ten_most_speaking_share_no_voice_and_nobody_has_the_narrators() -> None:
    people = [character(f"P{i}", F if i % 3 else M) for i in range(30)]
    chosen = voices_of(story(*people))
    assert len({chosen[p.id] for p in people[:10]}) == 10
    assert "Nora" not in {chosen[p.id] for p in people}
    genders = {v.name: v.gender for v in BANK}
    assert all(genders[chosen[p.id]] is p.gender for p in people)


def test_bit_parts_share_the_voice_that_is_heard_least() -> None:
    people = [character(f"P{i:02}", M) for i in range(14)]
    chosen = voices_of(story(*people))
    shared = chosen["p13"]
    assert shared in {chosen[f"p{i:02}"] for i in range(5, 13)}


def test_the_same_story_always_gets_the_same_cast_whatever_the_order_of_the_bank() -> None:
    script = story(*(character(f"P{i}", F) for i in range(12)))
    forward = cast(script, BANK, CastFile())
    assert forward == cast(script, tuple(reversed(BANK)), CastFile())


def test_a_first_person_narrator_has_the_narrators_voice_and_lends_it_a_gender() -> None:
    script = story(character("Jack", M, is_narrator=True), character("Bert", M))
    assert voices_of(script) == {"narrator": "Neil", "jack": "Neil", "bert": "Max0"}


def test_the_cast_file_is_obeyed_and_its_voices_are_left_alone() -> None:
    script = story(character("Anna", F), character("Bert", M))
    cast_file = CastFile(
        narrator=Part(voice="max3", rate=0.9),
        characters={"Bert": Part(voice="Fay0", pitch=-2, volume=3)},
    )
    who = cast(script, BANK, cast_file)
    assert who.narrator.voice.name == "Max3"
    assert who.narrator.delivery.rate == 0.9
    assert who.role_of("bert").voice.name == "Fay0"
    assert who.role_of("bert").delivery.pitch_semitones == -2
    assert who.role_of("bert").delivery.gain_db == 3
    assert who.role_of("anna").voice.name == "Fay1"


def test_an_unknown_voice_is_named_with_line_and_nearest() -> None:
    cast_file = read_cast_file(b'[characters.Anna]\nrate = 1.1\nvoice = "Fey0"\n', "s.cast.toml")
    with pytest.raises(
        ConfigError, match=r"s.cast.toml, line 3: no voice is called 'Fey0'.*'Fay0'"
    ):
        cast(story(character("Anna", F)), BANK, cast_file)


def test_no_voices_at_all() -> None:
    with pytest.raises(CastError, match="no voice"):
        cast(story(character("Anna", F)), (), CastFile())


def test_with_two_voices_gender_still_counts() -> None:
    two: tuple[Voice, ...] = (voice("She", F), voice("He", M))
    script = story(character("Anna", F), character("Bert", M), character("Carl", M))
    who = cast(script, two, CastFile())
    assert {r.character: r.voice.name for r in who.roles} == {
        "anna": "She", "bert": "He", "carl": "He",
    }  # fmt: skip


def test_an_alias_in_the_cast_file_merges_two_characters() -> None:
    script = story(character("The Lady", F), character("Anna"), character("Bert", M))
    cast_file = CastFile(
        characters={"Anna": Part(aliases=("the lady",), gender=F), "The Lady": Part()}
    )
    merged = apply_decisions(script, cast_file)
    assert [c.name for c in merged.characters] == ["Anna", "Bert"]
    assert merged.characters[0].gender is F
    assert speech_lines(merged)[merged.characters[0].id] == 15
    assert len(merged.lines) == len(script.lines)


def test_a_new_name_with_the_old_one_as_alias_renames() -> None:
    script = story(character("The Lady", F), character("Bert", M))
    renamed = apply_decisions(script, CastFile(characters={"Maria": Part(aliases=("The Lady",))}))
    assert [c.name for c in renamed.characters] == ["Maria", "Bert"]
    assert renamed.lines == script.lines


def test_without_a_cast_file_nothing_changes() -> None:
    script = story(character("Anna", F), character("Bert", M))
    assert apply_decisions(script, CastFile()) == script


def test_a_renamed_character_is_known_again_by_an_alias_it_kept() -> None:
    script = story(character("Hattie", F, aliases=("Hattie Garrow",)), character("Bert", M))
    cast_file = CastFile(characters={"Button": Part(aliases=("Hattie Garrow",), age=Age.CHILD)})
    renamed = apply_decisions(script, cast_file)
    assert [(c.name, c.age) for c in renamed.characters] == [
        ("Button", Age.CHILD), ("Bert", Age.ADULT),
    ]  # fmt: skip
    assert renamed.lines == script.lines


def test_an_alias_of_the_narrator_is_read_by_the_narrator() -> None:
    script = story(character("The Voice"), character("Bert", M))
    decided = apply_decisions(script, CastFile(narrator=Part(aliases=("the voice",))))
    assert [c.name for c in decided.characters] == ["Bert"]
    assert "the voice" not in {line.speaker for line in decided.lines}
    assert len(decided.lines) == len(script.lines)


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ('[characters.Marhta]\nvoice = "Nora"', ["'Marhta' (did you mean 'Martha'?)"]),
        ("[characters.Zuleika]", ["'Zuleika'"]),
        ("[characters.MARTHA]\n[characters.Bert]", []),
        ('[characters.Maria]\naliases = ["Martha"]', []),
        ('[characters]\nBert.same_as = "Ann"\nAnn.same_as = "Martha"\nMartha.rate = 1', []),
        ('[characters.Ann]\naliases = ["Mrs Hill"]', []),
        ('[characters."Mrs Hill"]\nvoice = "Nora"', ["'Mrs Hill' (did you mean 'Martha'?)"]),
        ('[characters.Carl]\n[[lines]]\ntext = "I am number 0."\nspeaker = "Carl"', []),
    ],
)
def test_an_entry_about_nobody_is_told(entries: str, told: list[str]) -> None:
    script = script_of(
        [said("martha", '"I am number 0." '), said("bert", '"No." ')],
        characters=(character("Martha", F, aliases=("Mrs Hill",)), character("Bert", M)),
    )
    cast_file = read_cast_file(entries.encode(), "s.cast.toml")
    decided = decide(script, cast_file)
    assert decided.warnings == tuple(f"s.cast.toml: no character is called {who}" for who in told)
    assert unknown_characters(script, decided, CastFile()) == ()
