from __future__ import annotations

import pytest

from narrator.errors import ConfigError
from narrator.pronounce import parse_saying
from narrator.pronounce.pls import read_pls, write_pls

HEAD = (
    '<lexicon version="1.0" alphabet="ipa" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">'
)


def test_what_is_written_is_read_again() -> None:
    texts = {"Thrupp": "/θruːp/", "St. Malo": "san mahlo", "Bow": "bau /baʊ/", "X": "[[Eks]]"}
    data = write_pls({word: parse_saying(text) for word, text in texts.items()}, "en-GB")
    assert b'xml:lang="en-GB"' in data
    assert read_pls(data, "a.pls") == (texts, ())


def test_words_of_one_lexeme_share_the_preferred_pronunciation() -> None:
    data = f"""{HEAD}<lexeme><grapheme>colour</grapheme><grapheme>color</grapheme>
        <phoneme>kɔlɔr</phoneme><phoneme prefer="true">kʌlə</phoneme></lexeme>
        <lexeme><grapheme>odd</grapheme><phoneme>%</phoneme></lexeme></lexicon>"""
    found, refused = read_pls(data.encode(), "a.pls")
    assert found == {"colour": "/kʌlə/", "color": "/kʌlə/"}
    assert len(refused) == 1
    assert refused[0].startswith("odd: %")


def test_entities_are_not_looked_at() -> None:
    data = (
        '<!DOCTYPE lexicon [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        f"{HEAD}<lexeme><grapheme>w</grapheme><alias>a&e;b</alias></lexeme></lexicon>"
    )
    found, _ = read_pls(data.encode(), "a.pls")
    assert found == {"w": "a&e;b"}


@pytest.mark.parametrize(
    ("data", "words"), [(b"words", "not valid XML"), (b"<a/>", "no PLS lexicon")]
)
def test_what_is_no_lexicon_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        read_pls(data, "a.pls")
