"""Whatever is written: what is said maps back to it, and no letter or figure goes unheard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from narrator.model import Change, Span
from narrator.normalise import LAYOUT, Edit, Spoken, rewrite
from narrator.normalise.spoken import spoken

_BITS = (
    "Mr. Mrs. Dr. St. No. 5 12 1997 £3 10s 6d $5 % & + # @ a@b.org www.a.com/b — -- - … . , ! ? "
    "“ ” ‘ ’ ' \" * _ ** I II XIV Henry VIII Chapter May June p.m. 5:30 17.05 6'2\" km kg °C STOP "
    "FBI US IT W-w-what N-no Nooo Hmmm :) 😀 👍🏽 etc. e.g. J. R. 18— ½ 3/4 20–30 é ß "
    "ﬁ ı ² Ⅷ 五 ١ The"
).split()
bits = st.lists(
    st.one_of(st.sampled_from(_BITS), st.text(max_size=4), st.sampled_from([" ", "\n", "  "])),
    max_size=14,
)
texts = st.builds(lambda sep, parts: sep.join(parts), st.sampled_from(["", " "]), bits)


def unchanged(source: str, heard: Spoken) -> str:
    """The source, put together again from what is said and from what was changed."""
    parts, at, said_at = [], 0, 0
    for change in heard.changes:
        between = heard.text[said_at : change.spoken.start]
        assert source[at : change.source.start] == between
        parts += [between, change.source.of(source)]
        at, said_at = change.source.end, change.spoken.end
    assert source[at:] == heard.text[said_at:]
    return "".join([*parts, heard.text[said_at:]])


@given(texts, st.booleans(), st.sampled_from(["en", "en-GB", "de", "fr"]))
def test_what_is_said_maps_back_to_the_source(source: str, heading: bool, language: str) -> None:
    heard = spoken(source, heading=heading, language=language)
    assert unchanged(source, heard) == source


@given(texts, st.booleans())
def test_no_letter_and_no_figure_goes_unheard(source: str, heading: bool) -> None:
    heard = spoken(source, heading=heading)
    for change in heard.changes:
        written, said = change.source.of(source), change.spoken.of(heard.text)
        if change.rule in LAYOUT:
            letters = "".join(filter(str.isalnum, written)).casefold()
            assert "".join(filter(str.isalnum, said)).casefold() == letters
        elif any(map(str.isalnum, written)):
            assert any(map(str.isalnum, said)), (change.rule, written)


@given(texts)
def test_it_is_one_line_and_empty_only_where_nothing_can_be_said(source: str) -> None:
    heard = spoken(source)
    assert "\n" not in heard.text
    assert heard.text == heard.text.strip()
    if any(map(str.isalnum, source)):
        assert any(map(str.isalnum, heard.text))


def test_a_change_of_words_keeps_the_name_of_its_rule() -> None:
    heard = spoken("CHAPTER II", heading=True)
    assert [change.rule for change in heard.word_changes] == ["roman"]
    assert heard.text == "Chapter two."
    assert spoken("CHAPTER 25", heading=True).word_changes[0].source == Span(8, 10)


def test_edits_that_touch_become_one_change() -> None:
    once = rewrite(Spoken(text="a b c"), [Edit(2, 3, "bee", "numbers")])
    twice = rewrite(once, [Edit(3, 6, "x", "money")])
    assert twice.text == "a bxc"
    assert [(c.source.start, c.source.end, c.rule) for c in twice.changes] == [(2, 4, "numbers")]
    assert isinstance(twice.changes[0], Change)
