from __future__ import annotations

import pytest

from narrator.read.titles import is_caps, is_title_case, tidy_title


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("THE SECRET OF THE OLD MILL", "The Secret of the Old Mill"),
        ("THE MILLER'S DAUGHTER", "The Miller's Daughter"),
        ("MR. O'BRIEN AND D’ARTOIS", "Mr. O'Brien and D’Artois"),
        ("A HALF-HEARD WORD", "A Half-Heard Word"),
        ("THE END OF IT: A WARNING", "The End of It: A Warning"),
        ("HENRY VIII GOES OUT", "Henry VIII Goes Out"),
        ("BY G. K. C.", "By G. K. C."),
        ("Already calm, of course.", "Already calm, of course"),
        ("_In Italics_", "In Italics"),
        ("Two\n   Rows", "Two Rows"),
        ("THE MILL--PART II", "The Mill – Part II"),
        ("And then...", "And then..."),
    ],
)
def test_titles_are_tidied_and_keep_their_wording(source: str, shown: str) -> None:
    assert tidy_title(source) == shown


def test_capitals_and_title_case() -> None:
    assert is_caps("NO. 7!")
    assert not is_caps("7!")
    assert not is_caps("No")
    assert is_title_case("The Return of the Native")
    assert not is_title_case("The return of something quite else")
