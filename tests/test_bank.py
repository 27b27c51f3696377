from pathlib import Path

import pytest

from narrator import bank
from narrator.bank import bank_files, load_bank, read_bank
from narrator.errors import ConfigError
from narrator.model import Age, Gender, Voice

ONE = """
engine = "tone"

[[voice]]
name = "Alma"
gender = "female"
age = "old"
accent = "en-GB"
rank = 3
narrates = true
settings = { tail_ms = 20, frequency_hz = 330.5, fault = "" }
"""


def refusal(text: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        load_bank(text, "tone.toml")
    return str(caught.value)


def test_a_voice_is_read_with_everything_that_is_said_of_it() -> None:
    assert load_bank(ONE, "tone.toml") == (
        Voice(
            name="Alma",
            engine="tone",
            gender=Gender.FEMALE,
            age=Age.OLD,
            accent="en-GB",
            language="en",
            rank=3,
            narrates=True,
            settings=(("fault", ""), ("frequency_hz", 330.5), ("tail_ms", 20)),
        ),
    )


def test_bytes_with_a_byte_order_mark_are_read_as_well() -> None:
    assert load_bank(b"\xef\xbb\xbf" + ONE.encode(), "tone.toml")[0].name == "Alma"


def test_a_voice_needs_no_more_than_name_and_gender() -> None:
    (voice,) = load_bank('engine = "tone"\n[[voice]]\nname = "A"\ngender = "male"\n', "x.toml")
    assert voice == Voice(name="A", engine="tone", gender=Gender.MALE)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rank =", "rnak =", ("line 9", "rnak", "did you mean 'rank'")),
        ("narrates = true", "narrates = 1", ("line 10", "narrates", "true or false")),
        ('"old"', '"odl"', ("line 7", "odl", "did you mean 'old'", "child, young, adult, old")),
        ('"female"', '"femal"', ("line 6", "femal", "did you mean 'female'")),
        ('name = "Alma"', 'name = ""', ("line 5", "name")),
        ('gender = "female"\n', "", ("lacks the key 'gender'",)),
        ('engine = "tone"\n', "", ("lacks the key 'engine'",)),
        ("engine =", "engin =", ("line 2", "did you mean 'engine'")),
        ("rank = 3", "rank = -3", ("line 9", "rank", "out of range")),
        ("tail_ms = 20", "tail_ms = [20]", ("settings.tail_ms", "wrong type")),
        ("rank = 3", "rank = ", ("not valid TOML", "line 9")),
    ],
)
def test_what_is_wrong_is_named_with_line_and_remedy(
    old: str, new: str, said: tuple[str, ...]
) -> None:
    message = refusal(ONE.replace(old, new))
    assert message.startswith("tone.toml")
    for part in said:
        assert part in message


def test_two_voices_of_one_name_are_refused_whatever_their_case() -> None:
    message = refusal(ONE + '\n[[voice]]\nname = "ALMA"\ngender = "male"\n')
    assert "line 14" in message
    assert "'Alma'" in message


def test_bytes_that_are_not_text_are_refused() -> None:
    assert "not UTF-8" in refusal(b"\xff\xfe\x00")


def test_the_shipped_banks_are_found_and_hold_a_cast_each() -> None:
    assert [path.name for path in bank_files()] == ["espeak.toml", "nsss.toml", "sapi5.toml"]
    for path in bank_files():
        voices = read_bank(path.stem)
        assert len({voice.name.casefold() for voice in voices}) == len(voices)
        voices = tuple(voice for voice in voices if voice.language.split("-")[0] == "en")
        people = [voice for voice in voices if voice.gender is not Gender.NEUTRAL]
        assert sum(voice.gender is Gender.FEMALE for voice in people) >= 10
        assert sum(voice.gender is Gender.MALE for voice in people) >= 10
        assert sum(voice.age is Age.CHILD for voice in people) >= 3
        assert sum(voice.age is Age.OLD for voice in people) >= 4
        narrators = [voice for voice in people if voice.narrates]
        assert {voice.gender for voice in narrators} == {Gender.FEMALE, Gender.MALE}
        best = sorted(voices, key=lambda voice: voice.rank)[: len(narrators)]
        assert set(best) == set(narrators)


def test_the_installed_package_finds_its_banks_inside_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "narrator"
    (package / "_voices").mkdir(parents=True)
    (package / "_voices" / "tone.toml").write_text(ONE)
    monkeypatch.setattr(bank, "__file__", str(package / "bank.py"))
    assert [voice.name for voice in read_bank("tone")] == ["Alma"]
    with pytest.raises(ConfigError, match=r"'espeak' \(there are: tone\)"):
        read_bank("espeak")
