"""Names gathered into persons."""

from __future__ import annotations

from narrator.model import Gender
from tests.attribute.texts import characters, speakers


def said(*names: str) -> str:
    return "".join(f"“Yes,” said {name}.\n\n" for name in names)


def test_forms_of_one_name_are_one_person() -> None:
    text = said("Elizabeth Marsh", "Elizabeth", "Lizzy", "Miss Elizabeth", "Miss Marsh")
    assert set(speakers(text)) == {"Elizabeth Marsh"}


def test_a_family_is_not_one_person() -> None:
    text = said("Mr. Marsh", "Mrs. Marsh", "Jane Marsh", "Kate Marsh", "Jane", "Kate")
    assert speakers(text) == [
        "Mr. Marsh", "Mrs. Marsh", "Jane Marsh", "Kate Marsh", "Jane Marsh", "Kate Marsh",
    ]  # fmt: skip


def test_a_bare_surname_is_the_man_unless_pronouns_say_otherwise() -> None:
    assert speakers(said("Mr. Hale", "Mrs. Hale", "Hale"))[2] == "Mr. Hale"


def test_a_rank_is_no_given_name() -> None:
    text = said("Fitz Darrow", "Darrow", "Colonel Fitz", "Colonel Fitz")
    assert speakers(text) == ["Fitz Darrow", "Fitz Darrow", "Colonel Fitz", "Colonel Fitz"]


def test_the_elder_miss_is_another() -> None:
    text = said("Lucy Steel", "Miss Lucy", "Miss Lucy", "Miss Steel")
    assert speakers(text)[3] == "Miss Steel"


def test_particles_and_hyphens() -> None:
    text = said("Lady Maud de Brie", "Lady Maud", "Tom Grant-Hall", "Grant-Hall")
    assert speakers(text) == ["Lady Maud"] * 2 + ["Tom Grant-Hall"] * 2 or speakers(text) == [
        "Lady Maud de Brie", "Lady Maud de Brie", "Tom Grant-Hall", "Tom Grant-Hall",
    ]  # fmt: skip


def test_titles_given_names_and_pronouns_tell_gender() -> None:
    text = (
        "“Good morning,” said Captain Hale. She saluted. She was early. She always was.\n\n"
        "“Morning,” said Mr. Pym.\n\n“Hello,” said Ruth.\n\n“Hello,” said Major Ott.\n"
    )
    genders = {name: who.gender for name, who in characters(text).items()}
    assert genders == {
        "Captain Hale": Gender.FEMALE, "Mr. Pym": Gender.MALE, "Ruth": Gender.FEMALE,
        "Major Ott": Gender.MALE,
    }  # fmt: skip


def test_a_capital_is_not_enough_for_a_person() -> None:
    text = "They lived in Torve. Torve was cold. It is far from Torve to Lund.\n\n" + said("Ruth")
    assert set(characters(text)) == {"Ruth"}


def test_a_name_that_follows_an_article_keeps_it() -> None:
    assert set(characters(said("the Hatter", "the Hatter"))) == {"the Hatter"}


def test_a_title_behind_a_name_makes_a_wife_or_daughter() -> None:
    text = said("Rashid", "Rashid Begum", "Rashid", "Rashid Begum")
    assert speakers(text) == ["Rashid", "Rashid Begum"] * 2


def test_a_bare_surname_that_speaks_is_not_the_wife() -> None:
    text = said("Mrs. Pell", "Pell", "Pell", "Mrs. Pell")
    assert speakers(text) == ["Mrs. Pell", "Pell", "Pell", "Mrs. Pell"]


def test_the_daughter_of_the_house_is_not_its_lady() -> None:
    told = "Clara smiled. Clara sat down. Clara had come with Clara Otley’s trunk.\n\n"
    text = told + said("Clara Otley", "Lady Otley", "Clara", "Lady Otley", "Clara")
    assert speakers(text) == [
        "Clara Otley",
        "Lady Otley",
        "Clara Otley",
        "Lady Otley",
        "Clara Otley",
    ]


def test_the_eldest_sister_is_miss_by_surname_alone() -> None:
    text = said("Maria Lowe", "Julia Lowe", "Miss Julia", "Miss Lowe", "Miss Julia")
    assert speakers(text)[3] == "Maria Lowe"
