"""What is written, and what is said: a table for each rule, with what must stay as it is."""

from __future__ import annotations

import pytest

from narrator.normalise import EmojiMode, NormaliseConfig
from narrator.normalise.spoken import Vocabulary, spoken


def said(written: str, *words: str) -> str:
    return spoken(written, vocabulary=Vocabulary(words)).text


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("He has 2 dogs.", "He has two dogs."),
        ("1,234 people", "one thousand two hundred and thirty-four people"),
        ("0.5 and 3.14", "zero point five and three point one four"),
        ("007 was there.", "zero zero seven was there."),
        ("the 2nd and the 21st", "the second and the twenty-first"),
        ("3/4 of them", "three quarters of them"),
        ("2½ miles", "two and a half miles"),
        ("24/7", "twenty-four seven"),
        ("-5 degrees", "minus five degrees"),
        ("Pages 10–12.", "Pages ten to twelve."),
        ("They won 3–2.", "They won three two."),
        ("Call 555-0134.", "Call five five five, zero one three four."),
        ("Room 101", "Room one oh one"),
        ("B-52 and F-16", "B-fifty-two and F-sixteen"),
        ("a 10K race", "a 10K race"),
        ("version 2.0.1", "version two point zero point one"),
    ],
)
def test_numbers(written: str, heard: str) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("In 1997", "In nineteen ninety-seven"),
        ("since 1905", "since nineteen oh five"),
        ("In 2005", "In two thousand and five"),
        ("in 2010", "in twenty ten"),
        ("in 1066", "in ten sixty-six"),
        ("In 1900", "In nineteen hundred"),
        ("the 1920s", "the nineteen twenties"),
        ("the ’60s", "the sixties"),
        ("1914–18", "nineteen fourteen to eighteen"),
        ("In 18— he came", "In eighteen something he came"),
        ("1500 men", "one thousand five hundred men"),
        ("2000 soldiers", "two thousand soldiers"),
    ],
)
def test_years(written: str, heard: str) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("on 5 June 1997", "on the fifth of June nineteen ninety-seven"),
        ("June 5th, 1997", "June fifth, nineteen ninety-seven"),
        ("the 5th of May", "the fifth of May"),
        ("1997-06-05", "the fifth of June nineteen ninety-seven"),
        ("12/25/1997", "the twenty-fifth of December nineteen ninety-seven"),
        ("Jan. 3rd", "January third"),
        ("May I come in?", "May I come in?"),
        ("It may. March 3 abreast!", "It may. March third abreast!"),
        ("5:30 pm", "five thirty p.m."),
        ("at 17:05", "at seventeen oh five"),
        ("12:00", "twelve o’clock"),
        ("at 6 o’clock", "at six o’clock"),
        ("the 6.15 from Ely", "the six fifteen from Ely"),
        ("odds of 3:1", "odds of three to one"),
    ],
)
def test_dates_and_times(written: str, heard: str) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("$5.50", "five dollars and fifty cents"),
        ("£3 10s. 6d. in all", "three pounds ten shillings and sixpence in all"),
        ("$1.5m", "one point five million dollars"),
        ("a $5 bill", "a five dollar bill"),
        ("50p", "fifty pence"),
        ("€1", "one euro"),
        ("5kg", "five kilograms"),
        ("20–30 °C", "twenty to thirty degrees Celsius"),
        ("60 mph", "sixty miles per hour"),
        ("50%", "fifty per cent"),
        ("6'2\" tall", "six foot two tall"),
        ("5 in. the box", "five in. the box"),
    ],
)
def test_money_and_measures(written: str, heard: str) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Henry VIII died.", "Henry the Eighth died."),
        ("Pope John Paul II", "Pope John Paul the Second"),
        ("Queen Elizabeth I was", "Queen Elizabeth the First was"),
        ("World War II", "World War two"),
        ("Part I of it", "Part one of it"),
        ("The part I saw", "The part I saw"),
        ("Part I saw was good.", "Part I saw was good."),
        ("Charles I think so.", "Charles I think so."),
        ("I, for one, did.", "I, for one, did."),
        ("Malcolm X spoke.", "Malcolm X spoke."),
        ("Vitamin C", "Vitamin C"),
        ("Mix and MIX", "Mix and MIX"),
    ],
)
def test_roman_numerals(written: str, heard: str) -> None:
    assert said(written, "Mix") == heard.replace("MIX", "mix")


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Mr. and Mrs. Smith", "Mister and Missus Smith"),
        ("DEAR MRS. WILCOX,", "Dear Missus Wilcox,"),
        ("Dr. Hale went.", "Doctor Hale went."),
        ("at 12 Elm Dr. in town", "at twelve Elm Drive in town"),
        ("St. John of Baker St. was out.", "Saint John of Baker Street was out."),
        ("21st St. Station", "twenty-first Street Station"),
        ("No. 5 and No 10", "number five and No ten"),
        ("No. I said no.", "No. I said no."),
        ("p. 12, vol. 3", "page twelve, volume three"),
        ("e.g. this, i.e. that", "for example this, that is that"),
        ("Dogs, cats, etc. And so on.", "Dogs, cats, et cetera. And so on."),
        ("and so on, etc.", "and so on, et cetera."),
        ("Marks & Co. went", "Marks and Company went"),
        ("J. R. R. Tolkien", "J R R Tolkien"),
        ("It was I. He left.", "It was I. He left."),
        ("John Smith Jr. went", "John Smith Junior went"),
        ("M. Dupont", "Monsieur Dupont"),
        ("U.S. troops", "U.S. troops"),
    ],
)
def test_abbreviations(written: str, heard: str) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("STOP!", "Stop!"),
        ("I said STOP!", "I said stop!"),
        ("It WAS the boiler.", "It was the boiler."),
        ("The FBI man", "The F.B.I. man"),
        ("the US Army", "the U.S. Army"),
        ("one of US,", "one of us,"),
        ("DO IT NOW!", "Do it now!"),
        ("the IT man", "the I.T. man"),
        ("AT&T and R&D", "A.T. and T and R and D"),
        ("I’M HERE", "I’m here"),
        ("I'll go, said I.", "I'll go, said I."),
        ("Anna got an A.", "Anna got an A."),
        ("HMS Victory", "H.M.S. Victory"),
        ("She saw ANNA.", "She saw Anna."),
    ],
)
def test_capitals(written: str, heard: str) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("W-w-what?", "Wuh-wuh-what?"),
        ("Th-that", "Thuh-that"),
        ("I-I don’t", "I, I don’t"),
        ("D-day and T-shirt", "D-day and T-shirt"),
        ("a-ha, no-no, bye-bye", "a-ha, no-no, bye-bye"),
        ("Nooo!", "No!"),
        ("Sooo goooood", "So good"),
        ("Hmmmm", "Hmm"),
        ("Ooooo!", "Ooh!"),
        ("keep off the grass", "keep off the grass"),
        ("www, XXX", "www, XXX"),
    ],
)
def test_stutter_and_drawn_out(written: str, heard: str) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("a@b.org", "a at b dot org"),
        ("see https://www.a.com/b-c.", "see www dot a dot com slash b dash c."),
        ("He said.Then he went.", "He said.Then he went."),
        ("2 & 3 + 1 = 6", "two and three plus one equals six"),
        ("#5", "number five"),
        ("left 👍.", "left, thumbs up."),
        (":) :( now", "smile, frown, now"),
        ("Wait--no", "Wait — no"),
        ("from ——shire", "from — shire"),
        ("Well . . . no....", "Well … no…"),
        ("“‘Go,’ he said.”", "Go, he said."),
        ("’Tis the boys’ coats", "’Tis the boys’ coats"),
    ],
)
def test_signs(written: str, heard: str) -> None:
    assert said(written) == heard


def test_emoji_are_named_passed_over_or_kept() -> None:
    heard = [spoken("Yes 😀 now", config=NormaliseConfig(emoji=mode)).text for mode in EmojiMode]
    assert heard == ["Yes, grinning face, now", "Yes now", "Yes 😀 now"]


def test_a_word_of_the_story_is_no_abbreviation() -> None:
    assert said("The ZEB rose.") == "The Z.E.B. rose."
    assert said("The ZEB rose.", "a zeb of the hills") == "The zeb rose."


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("CHAPTER XIV.\nTHE STORM", "Chapter fourteen. The storm."),
        ("I", "one."),
        ("CHAPTER XVII (17)", "Chapter seventeen (seventeen)."),
        ("Part 2: 1914", "Part two: nineteen fourteen."),
    ],
)
def test_headings(written: str, heard: str) -> None:
    assert spoken(written, heading=True).text == heard


@pytest.mark.parametrize(
    ("written", "language"),
    [("Er zahlte 3 Mark an Dr. Hale.", "de"), ("Le 3 mai, M. Dupont.", "fr-FR"), ("¡3!", "es")],
)
def test_other_languages_keep_what_only_english_rules_know(written: str, language: str) -> None:
    assert spoken(written, language=language).text == written
