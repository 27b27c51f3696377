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
# Of other languages, those that are no English words.
_FOREIGN_REPORTING = (
    "sagte|sagt|fragte|fragt|rief|antwortete|antwortet|meinte|erwiderte|entgegnete|flüsterte|"
    "murmelte|schrie|brüllte|erklärte|fügte|bemerkte|seufzte|lachte|dachte|wiederholte|"
    "dit|demanda|répondit|cria|murmura|ajouta|reprit|répliqua|chuchota|souffla|s’écria|s'écria|"
    "s’exclama|s'exclama|déclara|expliqua|pensa|soupira|continua|hurla|lança|"
    "dijo|preguntó|respondió|contestó|gritó|murmuró|susurró|añadió|exclamó|repuso|replicó|explicó|"
    "pensó|suspiró|continuó"
)
_FOREIGN_PRONOUN = "er|sie|es|ich|wir|il|elle|ils|elles|él|ella|ellos|ellas"
_TITLE = r"(?:Mrs?|Ms|Miss|Dr|St|Sir|Lady|Lord|the|my|his|her|our|their|old|young|little)\.?"
_NAME = rf"(?:{_TITLE}\s+){{0,3}}[^\W\d_][\w’'.-]*"
_PRONOUN = r"(?:I|he|she|it|they|we|you|one)"
_REPORT_AFTER = re.compile(
    rf"[\s_,;:.!?—–-]{{0,4}}(?:(?:{_REPORTING})\s+(?:{_PRONOUN}|{_NAME})\b"
    rf"|(?:{_FOREIGN_REPORTING})(?:-t)?[\s-]+(?:{_FOREIGN_PRONOUN}|{_NAME})\b"
    rf"|(?:{_FOREIGN_REPORTING})(?=[.,;:]|\s*—)"
    rf"|(?:{_PRONOUN}|{_NAME}(?:\s+[A-Z][\w’'-]*){{0,2}})\s+(?:\w+ly\s+)?(?:{_REPORTING})\b)"
)
_ANNOUNCING = frozenset(
    f"{_REPORTING}|reply|answer|question|exclamation|cry|remark".replace("went on|", "")
    .replace("goes on|", "")
    .replace("put in|broke in|", "")
    .split("|")
)
"""Words of speaking that lead to a quotation in the same clause."""
_CLAUSE_CHARS = 60
_CLAUSE_END = re.compile(r"[.!?\"“”]")
_INTRODUCED = re.compile(r"(?:^|[,;:.!?…—–)\]*\"”»]|--|-|[.,!?…]['’])[\s_(]*$")
_WANTS_NOUN = frozenset(
    (
        "a an the of his her its their my our your this that these those called named as in to by "
        "with from for on at is was were are be been word words title entitled titled song book "
        "story poem novel play film movie episode chapter series magazine paper phrase term and "
        "or no some such so-called read reads marked labelled labeled inscribed about than like "
        "into more very who which any every not but upon over between against"
    ).split()
)
"""Words after which a quotation is a word, a name or a title."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CONTEXT = 90
_ENDINGS = {**dict.fromkeys("!?…-—–", "!"), **dict.fromkeys(",;:", ","), ".": "."}
_LONG_WORDS = 12
_SHORT_WORDS = 4


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


def reporting_end(text: str, at: int, end: int) -> int | None:
    """Where verb and subject of a reporting clause that begins at `at` end; None without one."""
    match = _REPORT_AFTER.match(text, at, min(end, at + _CONTEXT))
    return match.end() if match else None


def is_speech(text: str, start: int, end: int, *, paragraph_start: int, paragraph_end: int) -> bool:
    """Whether the quotation ``text[start:end]``, marks included, is somebody speaking.

    Scare quotes, titles and phrases quoted stand inside a sentence that would be broken without
    them: no stop before, none of its own, and a word before that wants a noun. A comma or full stop
    inside the marks says little, since American printers put it there whatever is quoted.
    """
    before = text[max(paragraph_start, start - _CONTEXT) : start]
    if not before.strip(" \n\r\t_*([—–-"):
        return True
    inner = text[start + 1 : end - 1].strip(" _*\n\r\t'\"’”")
    count = words_in(inner)
    is_held = _last_word(before) in _WANTS_NOUN
    ending = _ending(inner)
    if (
        ending != "."
        and not (is_held and ending == "")
        and is_reported_after(text, end, paragraph_end)
    ):
        return True
    is_announced = _is_announced(before)
    if _INTRODUCED.search(before):
        return _is_introduced_speech(before, ending, count, is_announced=is_announced)
    return _is_run_in_speech(
        ending,
        count,
        has_capital=inner[:1].isupper(),
        is_announced=is_announced,
        is_held=is_held and not is_announced,
    )


def _last_word(before: str) -> str:
    """The word that a text ends with, small; with what stop or bracket follows it, if any."""
    words = before.rstrip(" _\n\r\t").rsplit(None, 1)
    return words[-1].lower().lstrip("_*([“‘\"'—–-") if words else ""


def _is_announced(before: str) -> bool:
    """Whether the clause that leads to a quotation has a verb or a noun of speaking."""
    clause = _CLAUSE_END.split(before[-_CLAUSE_CHARS:])[-1]
    return any(match.group() in _ANNOUNCING for match in _WORD.finditer(clause))


def _ending(inner: str) -> str:
    """How words end: ``!`` as speech does, ``.`` or ``,`` as anything may, or empty."""
    return _ENDINGS.get(inner[-1:], "")


def _is_introduced_speech(before: str, ending: str, count: int, *, is_announced: bool) -> bool:
    """For a quotation after a stop or a dash: speech unless it is a mere word or name."""
    if ending == "!" or is_announced or count > _LONG_WORDS:
        return True
    if not ending and count <= _SHORT_WORDS:
        return False
    if ending == "," and before.rstrip(" _*\n\r\t")[-1:] not in ".!?…":
        return count > _SHORT_WORDS
    return count > 1 or ending == "."


def _is_run_in_speech(
    ending: str, count: int, *, has_capital: bool, is_announced: bool, is_held: bool
) -> bool:
    """For a quotation that its sentence runs into: a phrase quoted unless it is plainly speech."""
    if ending == "!":
        return True
    if count <= _SHORT_WORDS:
        return has_capital and is_announced and bool(ending) and (count > 1 or ending == ".")
    if not ending:
        return count > _LONG_WORDS and not is_held
    if is_held:
        return has_capital and count > _LONG_WORDS
    return is_announced or ending == "." or has_capital
