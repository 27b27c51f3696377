"""Words in capitals, stuttered, or drawn out: as words that an engine knows."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import product

from narrator.normalise.changes import Edit

_SPELLED = frozenset(
    """
    FBI CIA BBC CNN NBC CBS ABC USA UK EU UN UAE USSR DNA RNA TV DVD CD VCR GPS ATM VIP CEO CFO CTO
    HR PR IQ ID IT PC PHD MD BA MA MBA RSVP UFO SUV IRS NYPD LAPD MI5 MI6 KGB SOS TNT PIN PM MP AC
    DC IOU DIY FAQ FYI ASAP OMG LOL WTF BTW IMO POV TBH AI CPR ICU ER HIV LSD MRI XML HTML URL USB
    WWII WW HMS USS SS RAF RN NCO POW AWOL DJ MC TLC EMT CSI DEA NSA IRA GI KO OK OJ PJ TB PS NB
    """.split()
)
"""Spelled out even where the story has a word of these letters (“it”, “id”)."""

_NOUNS = frozenset({"US", "IT"})
"""Letters after “the” and its like, else a pronoun with stress."""

_LETTERS_ONLY = frozenset({"IT", "ID", "US", "OK", "MA", "BA", "ER", "SS", "PIN", "HE", "PS", "AI"})
"""Of these, the capitals alone prove nothing: they are words as well."""

_SHORT_WORDS = frozenset(
    """
    a i am an as at be by do go he hi if in is it me my no of oh on or so to up us we ah eh ha hm
    ho um uh ow ooh aah shh hmm mmm the and but for not you all any can had her was one our out day
    get has him his how man new now old see two way who boy did its let put say she too use yes
    why off far ran yet run try ask big end far few got hot job lot low men met mom dad own pay
    red sad set sit son sun ten top war win won yep nay aye gun hit hey god sir die kid mad bad
    bed eat fun guy law lie mum pig pop raw rat rid sea sex shy sky tea tie tip toy van wet wow
    please what why stop help never ever wait mine yeah yes now here there they them this that
    with have from then when where were your well just like look come back down over only know
    leave alone hurry run wake quiet silence fire thief murder police doctor damn hell love hate
    mother father sister brother don't can't won't
    age ago aid air arm art bag bar bat bet bit box bus buy car cat cow cry cup cut dog dry ear
    egg eye fat fit fix fly fox hat ice ill ink joy key leg lip map mix mud net nor nut odd oil
    pan pen pet pie pin pot row sin six sum tax tin via wax web yet zip
    """.split()
)
_CAPITALS = re.compile(
    r"(?<![\w@#.])(?:[^\W\d_a-z]{2,30}(?:[’'][^\W\d_a-z]{1,3})?|I[’'](?:M|D|S|LL|VE))(?![\w@]|\.\w)"
)
_ROMAN = re.compile(r"[IVXLCDM]+")
_THE = re.compile(r"\b(?:[Tt]he|[Aa]n|[Oo]ur|[Yy]our|[Mm]y|[Hh]is|[Hh]er)\s+$")
_PRONOUNCED = re.compile(
    r"[BCDFGHJKLMNPQRSTVWXZ]{0,3}(?:[AEIOUYÀ-Þ]{1,3}[BCDFGHJKLMNPQRSTVWXZ]{1,4})*[AEIOUYÀ-Þ]{0,3}"
)


def find_capitals(text: str, vocabulary: Container[str]) -> Iterator[Edit]:
    """“STOP” is a word, and said as one; “FBI” is letters.

    A word in capitals is a word where the story has it in small letters too (`vocabulary`, in lower
    case), where its neighbours are in capitals, or where it can be pronounced.
    """
    runs = [match for match in _CAPITALS.finditer(text) if match[0].isupper()]
    shouted = [_is_word(match[0], vocabulary) for match in runs]
    for index, match in enumerate(runs):
        near = (index > 0 and shouted[index - 1] and _adjoin(runs[index - 1], match)) or (
            index + 1 < len(runs) and shouted[index + 1] and _adjoin(match, runs[index + 1])
        )
        word, kind = match[0], shouted[index]
        if _is_ampersand(text, match):
            kind = False
        elif word in _NOUNS:
            kind = near or _THE.search(text, max(0, match.start() - 6), match.start()) is None
        elif kind is None:
            kind = near or (len(word) > 3 and _PRONOUNCED.fullmatch(word) is not None)
        if kind:
            yield Edit(match.start(), match.end(), _lowered(match, vocabulary), "capitals")
        elif word.isalpha() and (word in _SPELLED or not _ROMAN.fullmatch(word)):
            stop = match.end() < len(text) and text[match.end()] == "."
            yield Edit(
                match.start(), match.end(), ".".join(word) + ("" if stop else "."), "capitals"
            )


def _is_ampersand(text: str, match: re.Match[str]) -> bool:
    """“AT&T”, “R&D”, “B&B”: letters, whatever word they make."""
    return len(match[0]) < 4 and (
        text[match.end() : match.end() + 1] == "&"
        or text[max(0, match.start() - 1) : match.start()].endswith("&")
    )


def _lowered(match: re.Match[str], vocabulary: Container[str]) -> str:
    word = match[0]
    folded = word.lower()
    if word[:2] in ("I’", "I'"):
        return "I" + folded[1:]
    plain = folded.replace("’", "'")
    known = plain in _SHORT_WORDS or plain in vocabulary or len(plain) > 6 or "'" in plain
    if known and not _begins(match.string, match.start()):
        return folded
    return word[0] + folded[1:]


def _is_word(capitals: str, vocabulary: Container[str]) -> bool | None:
    """None where it cannot be told from the word alone."""
    if capitals in _SPELLED:
        return None if capitals in _LETTERS_ONLY else False
    folded = capitals.lower().replace("’", "'")
    if folded in _SHORT_WORDS or folded in vocabulary or "'" in folded:
        return True
    if _ROMAN.fullmatch(capitals):
        return False
    return True if len(capitals) > 6 else None


def _adjoin(one: re.Match[str], other: re.Match[str]) -> bool:
    return not one.string[one.end() : other.start()].strip(" ,!?’'“”\"—-")


def _begins(text: str, start: int) -> bool:
    if start <= 4 and not text[:start].strip("\"'“‘ "):
        return True
    return text[max(0, start - 2) : start] in (". ", "! ", "? ")


_STUTTER = re.compile(
    r"(?<![\w-])(?P<bits>(?:(?P<bit>[A-Za-z]{1,3})[-–—] ?)(?:(?i:(?P=bit))[-–—] ?){0,6})"
    r"(?P<word>(?i:(?P=bit))[a-z’']{0,30})(?![\w])"
)
_NO_STUTTER = frozenset(
    "d-day h-hour s-shaped s-shape c-clamp c-class s-class s-series a-a t-tops e-edition".split()
)
_VOWELS = "aeiou"


def find_stutter(text: str) -> Iterator[Edit]:
    """“W-w-what” is “wuh-wuh-what”: said by the letter, it would be “double-u, double-u, what”."""
    for match in _STUTTER.finditer(text):
        bit, word = match["bit"], match["word"]
        folded = bit.lower()
        if word.lower() == folded and len(folded) > 1:
            continue  # “no-no”, “bye-bye”
        if match[0].lower() in _NO_STUTTER or not _is_onset(folded):
            continue
        times = len(re.findall(r"[A-Za-z]+", match["bits"]))
        if folded in _VOWELS:
            said = ", ".join([bit, *[folded if bit != "I" else "I"] * (times - 1), word])
        else:
            sound = _sound(folded, word.lower())
            said = "-".join([sound] * times + [word.lower() if times else word])
            if bit[0].isupper():
                said = said[0].upper() + said[1:]
        yield Edit(match.start(), match.end(), said, "stutter")


def _is_onset(letters: str) -> bool:
    if len(letters) == 1:
        return True
    return not set(letters) & set(_VOWELS) and letters in _ONSETS


_ONSETS = frozenset(
    """
    bl br ch cl cr dr dw fl fr gl gr kl kn kr ph pl pr qu sc sch scr sh shr sk sl sm sn sp spl spr
    sq st str sw th thr tr tw wh wr ts
    """.split()
)


def _sound(onset: str, word: str) -> str:
    if onset == "c" and word[1:2] in ("e", "i", "y"):
        return "suh"
    if onset == "c" and word[1:2] == "h":
        return "chuh"
    if onset in ("s", "t", "w", "p") and word[1:2] == "h":
        return {"s": "shuh", "t": "thuh", "w": "wuh", "p": "fuh"}[onset]
    return {
        "c": "kuh", "q": "kwuh", "x": "zuh", "kn": "nuh", "wr": "ruh", "ph": "fuh", "wh": "wuh",
        "sch": "skuh", "sc": "skuh",
    }.get(onset, onset + "uh")  # fmt: skip


_DRAWN = re.compile(r"(?<![\w])[^\W\d_]*?(?P<run>([^\W\d_])(?i:\2){2,40})[^\W\d_]{0,40}(?!\w)")
_RUN = re.compile(r"([^\W\d_])(?i:\1){2,}")
_DOUBLED = frozenset(
    """
    good see soon too all well hello really sweet cool look boo moo wee free sorry hell kill fall
    call ball tall small sleep deep feel keep need creep food room door fool yeehaw agree green
    been seen meet feet seek week street school moon noon pool tool hall will still tell bell off
    stuff ass kiss miss boss mess yell yellow shoot boom zoom doom hurry happy bloody
    hmm mm mmm shh sss brr grr psst ahh ohh aah ooh whee eek eww aww zz argh aargh ugh
    """.split()
)
_TRIPLE = frozenset({"aaa", "www", "xxx", "zzz", "iii"})


def find_drawn_out(text: str, vocabulary: Container[str]) -> Iterator[Edit]:
    """“Nooo” is “No”, “Sooo goooood” “So good”, “Hmmmm” “Hmm”, “Oooo” “Ooh”."""
    for match in _DRAWN.finditer(text):
        word = match[0]
        if not set(word.lower()) - {"o"} or not set(word.lower()) - {"a"}:
            yield Edit(match.start(), match.end(), word[0] + word[0].lower() + "h", "drawn_out")
            continue
        if _ROMAN.fullmatch(word.upper()) or word.lower() in _TRIPLE:
            continue
        yield Edit(match.start(), match.end(), _shortened(word, vocabulary), "drawn_out")


def _shortened(word: str, vocabulary: Container[str]) -> str:
    runs = list(_RUN.finditer(word))[:4]
    pieces: list[str] = []
    at = 0
    for run in runs:
        pieces.append(word[at : run.start()])
        at = run.end()
    pieces.append(word[at:])
    forms = [
        "".join(
            piece + run[0][:length]
            for piece, run, length in zip(pieces, runs, lengths, strict=False)
        )
        + pieces[-1]
        for lengths in product((1, 2), repeat=len(runs))
    ]
    for form in forms:
        if form.lower() in _DOUBLED:
            return form
    for form in forms:
        if form.lower() in _SHORT_WORDS or form.lower() in vocabulary:
            return form
    vowels = [run[0][0].lower() in "aiou" for run in runs]
    lengths = [1 if vowel else 2 for vowel in vowels]
    if not set(word.lower()) - set("aeiouhmrgsz") and len(word) > 2:  # a cry: “Aaaargh”
        lengths = [2] * len(runs)
    joined = "".join(
        piece + run[0][:length] for piece, run, length in zip(pieces, runs, lengths, strict=False)
    )
    return joined + pieces[-1]
