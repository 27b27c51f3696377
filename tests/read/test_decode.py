from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.errors import StoryError
from narrator.read.decode import decode

_TEXT = "“Où est-il?” — said naïve Zoë.\r\nNowhere…\n"
_PRINTED = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"),
    min_size=1,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_without_a_mark(encoding: str) -> None:
    assert decode(_TEXT.encode(encoding)) == _TEXT


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_text(bom: bytes, encoding: str) -> None:
    assert decode(bom + _TEXT.encode(encoding)) == _TEXT


@given(_PRINTED)
def test_offsets_are_those_of_plain_utf8(text: str) -> None:
    data = text.encode("utf-8")
    if not data.startswith((b"PK\x03\x04", b"%PDF-", b"{\\rtf", b"GIF8")):
        assert decode(data) == data.decode("utf-8")


def test_stray_bytes_do_not_spoil_the_rest() -> None:
    data = "“Yes,” said Zoë. “Naïve.” ".encode() + b"\x93No\x94"
    assert decode(data) == "“Yes,” said Zoë. “Naïve.” “No”"


def test_bytes_that_mean_nothing_in_windows_1252_are_kept() -> None:
    assert decode(b"caf\xe9 \x81") == "café \x81"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (bytes(range(256)) * 8, "binary"),
        (b"abc\x00def\x00\x01\x02" * 10, "binary"),
        (b"\x01\x02\x03\x04 text " * 20, "binary"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x89PNG\r\n", "PNG"),
    ],
)
def test_what_is_not_text_is_refused_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(StoryError) as caught:
        decode(data, name="story.txt")
    message = str(caught.value)
    assert "story.txt" in message
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "shift-jis", "gb18030", "iso8859-7"])
def test_other_encodings_are_refused_and_never_made_gibberish(encoding: str) -> None:
    words = {
        "shift-jis": "夜は寒かった。",
        "gb18030": "夜里很冷。",
        "iso8859-7": "Η νύχτα ήταν κρύα. ",
    }
    text = words.get(encoding, "Ночь была холодной. ") * 20
    with pytest.raises(StoryError, match=r"a is neither in UTF-8.*: save it as UTF-8"):
        decode(text.encode(encoding), name="a")


def test_many_accents_are_no_other_encoding() -> None:
    text = "Où êtes-vous allée, chère Zoé, l’été passé, à la fête où dînèrent vos aînés ? " * 20
    assert decode(text.encode("cp1252")) == text
