"""Symbols and emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.normalise.changes import Edit
from narrator.normalise.config import EmojiMode

_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)\s*&\s*(?=\w)"), " and "),
    (re.compile(r"(?<=[\d\s])\s*\+\s*(?=\d)"), " plus "),
    (re.compile(r"(?<=\w)\s+\+\s+(?=\w)"), " plus "),
    (re.compile(r"(?<=\w)\s+=\s+(?=\w)"), " equals "),
    (re.compile(r"(?<=\w)\s*×\s*(?=\w)"), " times "),
    (re.compile(r"(?<=\d) x (?=\d)"), " by "),
    (re.compile(r"(?<=\w)\s*÷\s*(?=\w)"), " divided by "),
    (re.compile(r"\s*±\s*(?=\d)"), " plus or minus "),
    (re.compile(r"(?<!\w)#(?=\d)"), "number "),
    (re.compile(r"(?<!\w)#(?=[^\W\d_])"), "hashtag "),
    (re.compile(r"(?<!\w)§§? ?(?=\d)"), "section "),
    (re.compile(r"(?<![\w~])~(?=\d)"), "about "),
    (re.compile(r"(?<=\d)%"), " per cent"),
    (re.compile(r"(?<=\d)°"), " degrees"),
    (re.compile(r"(?<=\w)[™®©℠]"), ""),
    (re.compile(r"(?<=\b(?i:and))/(?=or\b)"), " "),
    (re.compile(r"(?<=\b[Hh]e)/(?=(?:she|they|it)\b)"), " or "),
    (re.compile(r"(?<=\b(?i:his|him|her|man|she))/(?=(?:hers?|his|him|he|woman)\b)"), " or "),
)  # fmt: skip

_FACES = {
    ":)": "smile", ":-)": "smile", "(:": "smile", ":D": "grin", ":-D": "grin", ";)": "wink",
    ";-)": "wink", ":(": "frown", ":-(": "frown", ":'(": "crying", ":P": "tongue out",
    ":-P": "tongue out", ":p": "tongue out", ":O": "gasp", ":-O": "gasp", ":o": "gasp",
    "<3": "heart", "</3": "broken heart", "xD": "laughing", "XD": "laughing", "^_^": "smile",
    "T_T": "crying", "-_-": "annoyed",
}  # fmt: skip
_LONGEST_FIRST = sorted(map(re.escape, _FACES), key=len, reverse=True)
_FACE = re.compile(rf"(?<!\S)(?:{'|'.join(_LONGEST_FIRST)})(?=[.,!?]{{0,5}}(?:\s|$))")
_MAY_BE_EMOJI = re.compile("[\u00a9\u00ae\u200d\u203c-\u3299\ufe0f\U0001f000-\U0001ffff]")
_TONE = re.compile(r"_(?:medium-light|medium-dark|light|dark|medium)_skin_tone")
_TEXT_SIGNS = frozenset("©®™‼⁉№")
"""Emoji that stood in texts long before there were any."""


def find_signs(text: str) -> Iterator[Edit]:
    """“&” is “and”, “#5” “number five”, “and/or” “and or”."""
    for pattern, words in _SIGNS:
        for match in pattern.finditer(text):
            yield Edit(match.start(), match.end(), words, "symbols")


def has_emoji(text: str) -> bool:
    """Whether it is worth looking."""
    return _MAY_BE_EMOJI.search(text) is not None or _FACE.search(text) is not None


def find_emoji(text: str, mode: EmojiMode, language: str = "en") -> Iterator[Edit]:
    """Names, set off by commas; the same emoji several times over is named once."""
    import emoji  # its tables take longer to load than all else here, and few stories have any

    language = language if language in emoji.LANGUAGES else "en"
    found = [
        (item["match_start"], item["match_end"], _name(item["emoji"], language))
        for item in emoji.emoji_list(text)
        if item["emoji"][0] not in _TEXT_SIGNS
    ]
    found += [(match.start(), match.end(), _FACES[match[0]]) for match in _FACE.finditer(text)]
    found.sort()
    last = ""
    for index, (start, end, name) in enumerate(found):
        joined = index > 0 and not text[found[index - 1][1] : start].strip()
        said = "" if mode is EmojiMode.SKIP or (joined and name == last) else name
        last = name
        yield _set_off(text, start, end, said, joined=joined)


def _set_off(text: str, start: int, end: int, name: str, *, joined: bool) -> Edit:
    while start and text[start - 1] in " \t":
        start -= 1
    head = ", " if start and text[start - 1] not in "\n([“‘\"'—" else ""
    if joined:
        head = ", "
    elif start and text[start - 1] in ".,!?…:;":
        head = " "
    following = text[end : end + 2].strip()[:1]
    tail = "," if following.isalnum() and name else ""
    if tail and not text[end].isspace():
        tail += " "
    return Edit(start, end, f"{head}{name}{tail}" if name else "", "emoji")


def _name(written: str, language: str) -> str:
    import emoji

    name = emoji.demojize(written, language=language).strip(":")
    name = _TONE.sub("", name)
    return name.replace("_", " ").replace("’", "’").replace("-", " ")
