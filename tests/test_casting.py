"""Casting holds what it promises: who may change voice when a story changes, and who may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.accent import accent_of
from narrator.bank import read_bank
from narrator.cast import apply_decisions, cast, voices_given
from narrator.castfile import CastFile, Part
from narrator.casting import main_cast
from narrator.model import (
    Age,
    Book,
    Cast,
    Chapter,
    Character,
    Gender,
    Script,
    SegmentKind,
    Trait,
    Voice,
)
from narrator.scenes import company_of
from narrator.story import load_script
from narrator.timbre import load_timbres
from tests.values import Piece, character, said, script_of, told

VOICES, TIMBRES = read_bank("espeak"), load_timbres()
STORIES = sorted((Path(__file__).parent.parent / "stories").glob("*.txt"))
BREAK: Piece = (SegmentKind.SCENE_BREAK, None, "* * *\n\n")


def people(count: int) -> list[Character]:
    genders = (Gender.FEMALE, Gender.MALE, Gender.MALE, Gender.UNKNOWN)
    return [character(f"p{at:02}", genders[at % 4]) for at in range(count)]


def chapter(speakers: list[int], everyone: list[Character]) -> list[Piece]:
    spoken = (said(everyone[at].id, "“Yes.”\n\n") if at < 99 else BREAK for at in speakers)
    return [told("It was late.\n\n"), *spoken]


def ordered(script: Script) -> Script:
    """As attribution gives it: who speaks most comes first, and only those who speak."""
    lines = company_of(script).lines
    speaking = [c for c in script.characters if lines.get(c.id)]
    return replace(script, characters=tuple(sorted(speaking, key=lambda c: -lines[c.id])))


def names(script: Script, who: Cast) -> dict[str, str]:
    return {c.id: who.role_of(c.id).voice.name for c in script.characters}


def do_cast(script: Script, kept: dict[str, str] | None = None) -> Cast:
    return cast(script, VOICES, CastFile(), timbres=TIMBRES, kept=kept or {})


chapters = st.lists(
    st.lists(st.integers(0, 11) | st.just(99), min_size=1, max_size=15), min_size=1, max_size=3
)


def script_from(plan: list[list[int]], everyone: list[Character]) -> Script:
    return ordered(script_of(*(chapter(one, everyone) for one in plan), characters=everyone))


@settings(max_examples=12, deadline=None)
@given(chapters, st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_a_chapter_of_new_minor_characters_changes_nobody(
    plan: list[list[int]], newcomers: list[int]
) -> None:
    everyone = people(12)
    before = script_from(plan, everyone)
    first = do_cast(before)
    given_ = voices_given(before, first, CastFile())
    new = [character(f"new {at}", Gender.MALE) for at in range(4)]
    after = script_from([*plan, [12 + at for at in newcomers]], everyone + new)
    again = names(after, do_cast(after, given_))
    assert {one: again[one] for one in names(before, first)} == names(before, first)


@settings(max_examples=12, deadline=None)
@given(chapters)
def test_minor_newcomers_change_no_voice_of_the_main_cast_even_if_nothing_is_remembered(
    plan: list[list[int]],
) -> None:
    everyone = people(12)
    # The three of the first chapter speak most, whatever comes after.
    plan = [[0, 1, 2] * 15, *plan]
    before = script_from(plan, everyone)
    new = [character(f"new {at}") for at in range(3)]
    after = script_from([*plan, [12, 13, 14]], everyone + new)
    main = main_cast(before.characters, company_of(before))
    assert main == main_cast(after.characters, company_of(after))
    first, again = names(before, do_cast(before)), names(after, do_cast(after))
    assert {one: again[one] for one in main} == {one: first[one] for one in main}


@settings(max_examples=20, deadline=None)
@given(chapters, st.integers(0, 99), st.integers(0, 11))
def test_a_corrected_line_changes_at_most_those_whom_it_concerns(
    plan: list[list[int]], place: int, speaker: int
) -> None:
    everyone = people(12)
    before = script_from(plan, everyone)
    first = do_cast(before)
    given_ = voices_given(before, first, CastFile())
    spots = [(c, i) for c, one in enumerate(plan) for i, at in enumerate(one) if at < 99]
    if not spots:
        return
    c, i = spots[place % len(spots)]
    edited = [list(one) for one in plan]
    edited[c][i] = speaker
    after = script_from(edited, everyone)
    again = do_cast(after, given_)
    was, now = names(before, first), names(after, again)
    company = company_of(after)
    main = main_cast(after.characters, company)
    concerned = {everyone[plan[c][i]].id, everyone[speaker].id}
    for one in now:
        if one not in was or was[one] == now[one] or one in concerned:
            continue
        # A bit part gives way only to one of those whom the line concerns.
        assert one not in main
        assert concerned & set(company.turns[one])
    for one in concerned & set(main) & set(was) & set(now):
        assert was[one] == now[one]


@settings(max_examples=8, deadline=None)
@given(chapters, st.randoms(use_true_random=False))
def test_the_order_of_the_voices_does_not_matter_and_again_is_the_same(
    plan: list[list[int]], random: st.DataObject
) -> None:
    script = script_from(plan, people(12))
    shuffled = list(VOICES)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = do_cast(script)
    assert cast(script, shuffled, CastFile(), timbres=TIMBRES) == first
    assert do_cast(script, voices_given(script, first, CastFile())) == first


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_any_two_in_a_scene_of_the_sample_stories_are_clearly_different(path: Path) -> None:
    script = load_script(path, CastFile())
    who = do_cast(script)
    company = company_of(script)
    pairs = [(one, other) for one, mates in company.turns.items() for other in mates if one < other]
    assert pairs
    for one, other in pairs:
        mine, its = who.role_of(one).voice, who.role_of(other).voice
        assert TIMBRES.distance(mine, its) >= TIMBRES.clearly_different, f"{one} and {other}"
    tellers = {c.id for c in script.characters if c.is_narrator}
    for one in set(company.lines) - tellers:
        apart = TIMBRES.distance(who.role_of(one).voice, who.narrator.voice)
        assert apart >= TIMBRES.clearly_different, one


def test_bit_parts_share_a_voice_but_never_within_a_scene() -> None:
    everyone = [character(f"m{at:02}", Gender.MALE) for at in range(60)]
    plan = [[0, 1, *range(at, at + 4)] * 2 for at in range(2, 58, 4)]
    pieces = [[said(everyone[at].id, "“Yes.”\n\n") for at in one] for one in plan]
    script = ordered(script_of(*pieces, characters=everyone))
    who = do_cast(script)
    assert len(set(names(script, who).values())) < len(script.characters)
    for one, mates in company_of(script).turns.items():
        for other in mates:
            assert who.role_of(one).voice != who.role_of(other).voice


def test_a_remembered_voice_of_the_wrong_gender_is_given_up_and_a_decision_is_obeyed() -> None:
    everyone = [character("anna", Gender.FEMALE), character("bert", Gender.MALE)]
    script = script_of(chapter([0, 1] * 4, everyone), characters=everyone)
    kept = {"anna": "Conrad", "bert": "Ned", "narrator": "Edmund"}
    who = do_cast(script, kept)
    assert who.role_of("anna").voice.gender is Gender.FEMALE
    assert who.role_of("bert").voice.name == "Ned"
    assert who.narrator.voice.name == "Edmund"
    decided = CastFile(characters={"bert": Part(voice="Toby")})
    again = cast(script, VOICES, decided, timbres=TIMBRES, kept=kept)
    assert again.role_of("bert").voice.name == "Toby"
    assert set(voices_given(script, again, decided)) == {"anna", "narrator"}


def test_a_remembered_voice_is_given_up_where_another_was_given_it_since() -> None:
    everyone = [character("anna", Gender.FEMALE), character("bert", Gender.MALE),
                character("carl", Gender.MALE)]  # fmt: skip
    script = script_of(chapter([0, 1, 2] * 4, everyone), characters=everyone)
    kept = {"anna": "Lydia", "bert": "Conrad", "carl": "Giles"}
    decided = CastFile(narrator=Part(voice="Lydia"), characters={"carl": Part(voice="Conrad")})
    who = cast(script, VOICES, decided, timbres=TIMBRES, kept=kept)
    assert who.narrator.voice.name == "Lydia"
    assert who.role_of("carl").voice.name == "Conrad"
    given = [who.role_of(one).voice for one in ("anna", "bert", "carl")]
    assert len({*given, who.narrator.voice}) == 4
    # The others keep theirs.
    one = cast(script, VOICES, CastFile(narrator=Part(voice="Lydia")), timbres=TIMBRES, kept=kept)
    assert [one.role_of(name).voice.name for name in ("bert", "carl")] == ["Conrad", "Giles"]


def test_a_scene_ends_at_its_break_and_with_its_chapter() -> None:
    everyone = people(4)
    script = script_of(
        [said("p00", "“A.”\n\n"), said("p01", "“B.”\n\n"), BREAK, said("p02", "“C.”\n\n")],
        [said("p03", "“D.”\n\n"), said("p00", "“E.”\n\n"), said("p03", "“F.”\n\n")],
        characters=everyone,
    )
    company = company_of(script)
    assert company.lines == {"p00": 2, "p01": 1, "p02": 1, "p03": 2}
    assert company.share_scene("p00", "p01")
    assert not company.share_scene("p01", "p02")
    assert not company.share_scene("p01", "p03")
    assert company.turns["p00"] == {"p01": 1, "p03": 2}


@pytest.mark.parametrize(
    ("language", "text", "accent"),
    [
        ("en", "the colour of the harbour towards the centre", "en-GB"),
        ("en", "the color of the harbor toward the center", "en-US"),
        ("en", "the color of the harbour toward the centre", ""),
        ("en", "gray", ""),
        ("en-gb", "the color of the harbor toward the center", "en-GB"),
        ("de", "color color color color", ""),
    ],
)
def test_spelling_tells_whose_english_it_is(language: str, text: str, accent: str) -> None:
    book = Book(title="", language=language, chapters=(Chapter(index=0, title="", text=text),))
    assert accent_of(book) == accent


def with_trait(who: Character, kind: str, value: str) -> Character:
    return replace(who, traits=(Trait(kind=kind, value=value, words="so"),))


def voice_of(
    who: Character, cast_file: CastFile | None = None, kept: dict[str, str] | None = None
) -> Voice:
    """The voice of somebody who speaks with two others."""
    everyone = [who, character("Ann", Gender.FEMALE), character("Bob", Gender.MALE)]
    script = script_from([[0, 1, 2, 0, 1, 2, 0]], everyone)
    cast_file = cast_file or CastFile()
    script = apply_decisions(script, cast_file)
    return cast(script, VOICES, cast_file, timbres=TIMBRES, kept=kept or {}).role_of(who.id).voice


@pytest.mark.parametrize("accent", ["scottish", "lancashire", "en-US"])
@pytest.mark.parametrize("gender", [Gender.FEMALE, Gender.MALE])
def test_an_accent_that_the_story_tells_is_cast(accent: str, gender: Gender) -> None:
    who = with_trait(character("Mac", gender), "accent", accent)
    voice = voice_of(who)
    assert voice.gender is gender
    if any(v.accent == accent and v.gender is gender for v in VOICES):
        assert voice.accent == accent
    assert voice_of(with_trait(who, "accent", "fr-FR")) == voice_of(replace(who, traits=()))


def test_the_users_accent_goes_before_the_storys() -> None:
    who = with_trait(character("Mac", Gender.MALE), "accent", "scottish")
    part = {"Mac": Part(accent="lancashire")}
    assert voice_of(who, CastFile(characters=part)).accent == "lancashire"
    none = {"Mac": Part(accent="")}
    assert voice_of(who, CastFile(characters=none)) == voice_of(replace(who, traits=()))


def test_what_the_user_asks_of_a_voice_goes_before_the_one_that_was_kept() -> None:
    who = character("Mac", Gender.MALE)
    assert voice_of(who, kept={"Mac": "Giles"}).name == "Giles"
    for part in (Part(accent="lancashire"), Part(age=Age.OLD), Part(age=Age.CHILD)):
        voice = voice_of(who, CastFile(characters={"Mac": part}), {"Mac": "Giles"})
        assert part.accent in (None, voice.accent)
        assert part.age in (None, voice.age)
        again = voice_of(who, CastFile(characters={"Mac": part}), {"Mac": voice.name})
        assert again == voice
    nowhere = Part(accent="klingon")  # no voice has it, so there is no reason to change
    assert voice_of(who, CastFile(characters={"Mac": nowhere}), {"Mac": "Giles"}).name == "Giles"


@pytest.mark.parametrize("gender", [Gender.FEMALE, Gender.MALE])
def test_a_deep_voice_is_a_low_one_and_a_shrill_one_a_high_one(gender: Gender) -> None:
    who = character("Mac", gender)
    heard = {}
    for value in ("low", "high"):
        timbre = TIMBRES.of(voice_of(with_trait(who, "pitch", value)))
        assert timbre is not None
        heard[value] = timbre.pitch_st
    plain = TIMBRES.of(voice_of(who))
    assert plain is not None
    assert heard["low"] <= plain.pitch_st <= heard["high"]
    assert heard["high"] - heard["low"] > 3
