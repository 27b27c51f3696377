"""Whether a quotation is speech, or a word held up with tongs, a title, a phrase quoted."""

from __future__ import annotations

import re

_REPORTING = (
    "said|says|say|saying|asked|asks|ask|asking|cried|cries|crying|replied|replies|reply|replying|"
    "answered|answers|answering|exclaimed|exclaims|exclaiming|added|adds|adding|returned|returns|"
    "continued|continues|continuing|whispered|whispers|whispering|murmured|murmurs|murmuring|"
    "shouted|shouts|shouting|called|calls|calling|observed|observes|remarked|remarks|remarking|"
    "repeated|repeats|repeating|began|begins|begin|went on|goes on|resumed|resumes|interrupted|"
    "interrupts|inquired|inquires|enquired|enquires|demanded|demands|declared|declares|muttered|"
    "mutters|muttering|laughed|laughs|sighed|sighs|sobbed|sobs|growled|growls|screamed|screams|"
    "suggested|suggests|responded|responds|explained|explains|told|tells|thought|thinks|thinking|"
    "interposed|rejoined|retorted|retorts|ejaculated|gasped|gasps|snapped|snaps|hissed|hisses|"
    "yelled|yells|announced|announces|protested|protests|agreed|agrees|admitted|admits|insisted|"
    "insists|mumbled|mumbles|stammered|stammers|pleaded|pleads|begged|begs|wondered|wonders|"
    "mused|croaked|barked|grunted|groaned|moaned|wailed|roared|bellowed|drawled|put in|broke in|"
    "concluded|confessed|objected|ventured|warned|promised|offered|ordered|commanded|countered|"
    "echoed|breathed|panted|chuckled|giggled|sneered|scoffed|spat|purred|shrieked|squeaked|"
    "faltered|assented|persisted|pursued|proceeded|urged|assured|informed|reminded|corrected|"
    "teased|joked|guessed|lied|noted|stated|commented|quoth|cautioned|implored|soothed|grumbled"
)
_NAME = r"(?:(?:Mrs?|Ms|Miss|Dr|St|Sir|Lady|Lord|the|my|his|her|our|their|old|young|little)\.?\s+){0,3}[^\W\d_][\w’'.-]*"
_PRONOUN = r"(?:I|he|she|it|they|we|you|one)"
_REPORT_AFTER = re.compile(
    rf"[\s_,;:.!?—–-]{{0,4}}(?:(?:{_REPORTING})\s+(?:{_PRONOUN}|{_NAME})\b"
    rf"|(?:{_PRONOUN}|{_NAME}(?:\s+[A-Z][\w’'-]*){{0,2}})\s+(?:\w+ly\s+)?(?:{_REPORTING})\b)"
)
_REPORT_BEFORE = re.compile(
    rf"\b(?:{_REPORTING}|reply|answer|words|question|exclamation|cry|remark)\b[^.!?\"“”]{{0,60}}$"
)
_INTRODUCED = re.compile(r"(?:^|[,;:.!?…—–)\]*]|--|-)[\s_(]*$")
_HELD_WORD = re.compile(
    r"\b(?:a|an|the|of|his|her|its|their|my|our|your|this|that|these|those|called|named|as|in|to|by|"
    r"with|from|for|on|at|is|was|were|are|be|been|word|words|title|entitled|titled|song|book|story|"
    r"poem|novel|play|film|movie|episode|chapter|series|magazine|paper|phrase|term|and|or|no|some|"
    r"such|so-called|reads?|marked|labell?ed|inscribed|about|than|like|into|more|very|who|which|"
    r"any|every|not|but|upon|over|between|against)[\s_]*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CONTEXT = 90
_LONG_WORDS = 12


def words_in(text: str, limit: int = 40) -> int:
    """Number of words, counted up to `limit`."""
    count = 0
    for _ in _WORD.finditer(text):
        count += 1
        if count >= limit:
            break
    return count


def is_reported_after(text: str, at: int, end: int) -> bool:
    """Whether a reporting clause (``said she``, ``Tom cried``) begins at `at`."""
    return _REPORT_AFTER.match(text, at, min(end, at + _CONTEXT)) is not None


def is_speech(text: str, start: int, end: int, *, paragraph_start: int, paragraph_end: int) -> bool:
    """Whether the quotation ``text[start:end]``, marks included, is somebody speaking.

    Scare quotes, titles and phrases quoted stand inside a sentence that would be broken without
    them: no stop before, none of its own, and a word before that wants a noun.
    """
    before = text[max(paragraph_start, start - _CONTEXT) : start]
    inner = text[start + 1 : end - 1].strip(" _*\n\r\t")
    if not before.strip():
        return True
    if is_reported_after(text, end, paragraph_end):
        return True
    ends_spoken = inner.endswith(("!", "?", "…", "-", "—", ",", "'", "’"))
    if _INTRODUCED.search(before):
        return True
    count = words_in(inner)
    if count > _LONG_WORDS:
        return True
    if _REPORT_BEFORE.search(before) and (inner[:1].isupper() or ends_spoken):
        return True
    if _HELD_WORD.search(before):
        return inner[:1].isupper() and ends_spoken and count > 2
    return ends_spoken or inner.endswith(".")
