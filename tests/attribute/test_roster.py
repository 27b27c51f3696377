"""Names gathered into persons."""

from __future__ import annotations

import pytest

from narrator.model import Age, Gender
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


def test_a_name_may_have_a_saint_in_it() -> None:
    """Its dot ends no name: *Mrs. St* is nobody, and *St. Clair* is not *St. John*."""
    text = (
        "“Good day,” said the Marquis de St. Armand.\n\n“Good day,” said Mrs. St. Clair.\n\n"
        "“Well,” said St. John. St. John Hale bowed.\n\n“Yes,” said the Duke of St. Osyth.\n\n"
    )
    assert set(characters(text * 2)) == {
        "the Marquis de St. Armand",
        "Mrs. St. Clair",
        "St. John Hale",
        "the Duke of St. Osyth",
    }


def test_a_name_is_shown_as_the_book_mostly_writes_it() -> None:
    text = (
        "Mr. and Mrs. Hale came in. “Good day,” said Doctor Ann Lund.\n\n“Day,” said Mrs. Hale."
        "\n\n“Well,” said Dr. Ann Lund.\n\n“Well,” said Mr. Hale. Dr. Ann Lund sat down.\n\n"
    )
    assert set(characters(text)) == {"Dr. Ann Lund", "Mr. Hale", "Mrs. Hale"}


@pytest.mark.parametrize(
    "after", ["landed in the ditch", "brought the answer", "came in a low growl"]
)
def test_what_only_stands_behind_a_verb_is_nobody(after: str) -> None:
    text = f"“Good day,” said Ann Lund.\n\n“Good day,” said Tom Hale.\n\n“So far,” {after}.\n\n"
    assert set(characters(text)) <= {"Ann Lund", "Tom Hale"}


@pytest.mark.parametrize(
    "after", ["cried the ploughman", "put in the ploughman", "grinned the ploughman"]
)
def test_who_says_it_is_somebody_whatever_he_is_called(after: str) -> None:
    text = f"“Good day,” said Ann Lund.\n\n“Good day,” said Tom Hale.\n\n“So far,” {after}.\n\n"
    assert "the ploughman" in characters(text)


def groups(text: str) -> list[int]:
    """For each line, the first one that is the same person's."""
    found = speakers(text)
    return [found.index(name) for name in found]


def test_ranks_tell_namesakes_apart() -> None:
    text = said("Henry Marsh", "Mr. Henry Marsh", "Captain Robert Marsh", "General Marsh")
    assert groups(text + said("Mr. Marsh", "Captain Marsh")) == [0, 0, 2, 3, 0, 2]


def test_a_doctor_beside_her_husband_is_herself() -> None:
    text = said("Jane Marsh", "Mr. Marsh", "Dr. Marsh", "Mr. Marsh", "Jane")
    assert groups(text) == [0, 1, 0, 1, 0]


def test_a_captain_beside_a_mr_is_his_brother() -> None:
    text = said("Paul Fenn", "Mr. Fenn", "Colonel Fenn", "Mr. Fenn", "Paul")
    assert groups(text) == [0, 0, 2, 0, 0]


@pytest.mark.parametrize(("often", "people"), [(4, 1), (12, 2)])
def test_mr_hart_is_mr_ned_hart_unless_he_is_far_oftener_named(often: int, people: int) -> None:
    text = said(*["Mr. Ned Hart"] * 3, *["Mr. Hart"] * often)
    assert len(characters(text)) == people


def test_a_bare_given_name_is_not_the_knights() -> None:
    text = said("Henry Wroth", "Henry Wroth", *["Sir Henry"] * 4, "Henry", "Mr. Wroth")
    assert groups(text) == [0, 0, 2, 2, 2, 2, 0, 0]


def test_a_call_is_of_the_namesake_who_is_there() -> None:
    """*John* is the child of the house, but not where his name stands beside another John's."""
    house = "John Carew ran in. John Carew was six. John wanted a dog.\n\n" + said("John") * 3
    away = (
        "* * *\n\n" + "The rain fell on the harbour and on the boats.\n\n" * 45
        + "John Beale lived with his mother. Mrs. Beale poured the tea.\n\n"
        "“You look tired, John.”\n\n“I sleep badly.”\n\n“You sleep all morning, John.”\n\n"
        "“It is when I sleep worst.”\n\n"
    )  # fmt: skip
    assert speakers(house + away)[-4:] == ["Mrs. Beale", "John Beale", "Mrs. Beale", "John Beale"]


@pytest.mark.parametrize(
    ("gender", "names"),
    [
        (
            Gender.FEMALE,
            "Mum Mom Mama Ma Gran Nonna Sis Auntie Señora_Ruiz Señorita_Luz Mlle._Roux",
        ),
        (Gender.MALE, "Dad Daddy Papa Pa Granddad Opa Pops Señor_Paz Don_Pablo"),
        (Gender.UNKNOWN, "Mx._Fay"),
    ],
)
def test_names_within_a_family_and_titles_of_other_tongues_tell_gender(
    gender: Gender, names: str
) -> None:
    wanted = [name.replace("_", " ") for name in names.split()]
    found = characters(said(*wanted))
    assert {name: who.gender for name, who in found.items()} == dict.fromkeys(wanted, gender)
    grand = {"Gran", "Nonna", "Granddad", "Opa"}
    assert all((who.age is Age.OLD) == (name in grand) for name, who in found.items())
