"""Patterns by which English heteronyms are told apart.

Each entry is a word, how it is said where a pattern fits, and the patterns: their one group is the
word. Only what eSpeak NG by itself says wrong is here (it knows that a verb follows *to*, *will*
and *they*, and takes a word at the beginning of a sentence and after *and*, *please* or *let us*
for a noun), and what voices that cannot be told phonemes may well say wrong. A pattern that is not
sure is left out: a word said the usual way is a smaller fault than a word said an unusual one.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HETERONYMS", "Heteronym"]


@dataclass(frozen=True, slots=True)
class Heteronym:
    """One way in which a word is said."""

    word: str
    ipa: str
    respelling: str
    """For voices that take no phonemes; empty where they are left alone, because only the stress
    moves and a respelling would do more harm."""
    patterns: tuple[str, ...]


_OBJECT = r"(?:the|his|her|your|my|our|their|its|it|that|this|them|him|me|us|a|an|up|down|off)"
_WILL = (
    r"(?:to|will|would|could|can|can't|cannot|must|should|shall|may|might|don't|didn't|won't|"
    r"please|let's|i'll|you'll|he'll|she'll|we'll|they'll)"
)
_ADVERB = r"(?:\w+ly\s+|never\s+|always\s+|ever\s+|just\s+|already\s+|not\s+|once\s+|often\s+)?"
_NOT_PAST = "".join(
    f"(?<!{word} )"
    for word in (
        "did does let make made will would can could should must may might that heard saw".split()
    )
)
_DOING = r"(?:has|have|had|having|been|was|were|i've|we've|they've|you've)"
_MADE = r"(?:made|gave|with)(?:\s+(?:him|her|them|me))?"
_METAL = "pipes?|piping|shot|weights?|roof|coffins?|bullets?|pencils?|paint|mines?"
_GLOWING = "coals?|wires?|bait|music|ammunition|broadcasts?|animals?|oaks?|rounds|embers?"
_FINE = (
    "details?|particles?|quantit\\w+|fragments?|differences?|inspection|descriptions?|account|"
    "examination|particulars?|investigations?|attention|observations?|knowledge|scrutiny|accuracy|"
    "exactness|portions?|specks?|inquir\\w+|instructions|analysis|precautions?|proportions"
)

_SELF = r"(?:my|your|him|her|it|them|our)sel(?:f|ves)"
_WHOM = rf"(?:me|him|her|them|us|you|it|{_SELF})"
_THING = rf"(?:{_WHOM}|the|my|your|his|their|our|its|this|these|those|that|an?|all|every|no)"
_BEGINS = r"(?:^|(?<=[.!?:;“\"‘—…] )|(?<=[“\"‘—]))"
_FREE = (
    rf"(?:{_BEGINS}|\b(?:and|or|but|please|kindly|pray|let us|let me|let him|let her|let them|"
    r"let's|do|don't|not|never|dare|dared|just|only|then|help|make|made)\s+)"
)
"""Where a verb stands that has no subject beside it."""
_VERB = (
    r"(?:\b(?:to|will|would|could|can|can't|cannot|must|should|shall|may|might|don't|didn't|won't|"
    r"did|do|does|not|never|i|you|we|they|who|i'll|you'll|he'll|she'll|we'll|they'll|i'd|you'd|"
    r"he'd|she'd|we'd|they'd)\s+(?:\w+ly\s+)?)"
)


def _ordered(verb: str, ipa: str, after: str = _THING) -> Heteronym:
    """A verb of which eSpeak NG knows all but the command."""
    return Heteronym(verb, ipa, "", (rf"{_FREE}({verb})(?=\s+{after}\b)",))


def _unknown(verb: str, ipa: str, after: str = _THING) -> Heteronym:
    """A verb that eSpeak NG always takes for the noun."""
    pattern = rf"(?:{_VERB}|{_FREE})({verb})(?=\s+{after}\b)"
    return Heteronym(verb, ipa, "", (pattern,))


_BOATS = (
    "ship|boat|vessel|canoe|schooner|launch|steamer|barge|yacht|skiff|punt|brig|frigate|lugger|"
    "dinghy|gondola|ferry|cutter|galley|tug|trawler|liner|longship|raft"
)
_BENT = (
    "low|slight|stiff|deep|profound|polite|ceremonious|graceful|formal|courtly|mock|grave|silent|"
    "sweeping|solemn|respectful|gallant|mocking|curt|ironical|magnificent|elaborate|awkward|cold|"
    "dignified|courteous|stately"
)
_QUARREL = (
    "terrible|dreadful|awful|frightful|fearful|blazing|furious|violent|flaming|infernal|jolly|"
    "beastly|tremendous|regular|fine|nice|horrid|horrible|god-awful"
)
_NOT_OF = r"(?!\s+(?:of|between|house|houses|boat|boats|and row)\b)"
_IS = (
    r"(?:am|is|are|was|were|be|been|being|i'm|he's|she's|we're|you're|they're|seem|seems|seemed|"
    r"feel|feels|felt|look|looks|looked|remain|remained|rest|rested|live|lived|sit|sat|stay|stayed|"
    r"lie|lay|stand|stood|keep|kept)"
)
_DEGREE = (
    r"(?:quite|perfectly|very|so|more|most|not|as|too|entirely|half|fully|well|never|hardly|"
    r"scarcely|always|only|almost|far from|completely|apparently)"
)
_PERSON = r"(?:she|he|it|they|i|we|who|and|then)"
_PATH = (
    r"path\w*|roads?|rivers?|stairs?|staircases?|streets?|lanes?|streams?|tracks?|trails?|valleys?|"
    r"processions?|steps|passages?|tunnels?|lines?|vines?|ivy|creepers?|column"
)
_ROUND = (
    r"(?:round|around|about|through|up|along|down|among|between|past|in and out|away|back|off|"
    r"upwards?|downwards?|his|her|its|their|my|it|them|towards?|across|slowly|on and on)"
)
_NO_NAME = (
    "they we you i please then and never now people children always who or but not to just often "
    "sometimes don't didn't we'd they'd others many some most few all let do can could would will "
    "should must may might did does if when while as the these those both once"
).split()
_NAME = rf"(?-i:(?<!\w)(?!(?i:(?:{'|'.join(_NO_NAME)})\b))[A-Z][a-z]+(?<!s))"
_NOT_BARE = "".join(
    rf"(?<!\b{word} )"
    for word in (
        "did does let make made makes will would can could should must may might heard saw see "
        "hear watched help helped and or do to had having"
    ).split()
)

HETERONYMS: tuple[Heteronym, ...] = (
    Heteronym("read", "rɛd", "red", (
        rf"{_DOING}\s+{_ADVERB}(read)",
        rf"{_NOT_PAST}\b(?:he|she)\s+{_ADVERB}(read)",
        rf"{_NOT_BARE}{_NAME}\s+(read)(?=\s+(?:the|it|them|his|her|a|an|aloud|on|out|to)\b)",
    )),
    Heteronym("lead", "lɛd", "led", (
        r"(?:made of|like|as|molten|melted)\s+(lead)(?=\s*(?:$|[.,;:!?]))",
        rf"(lead)(?=\s+(?:{_METAL})\b)",
        (r"(?:of|in|with|and|or|sheet|hot|heavy as|grey as)\s+(?:molten\s+|melted\s+)?(lead)"
        r"(?=\s+and\s+(?:iron|copper|silver|tin|gold|stone|steel|zinc)\b)"),
        r"(?:iron|copper|silver|tin|gold|stone|steel|zinc|powder)\s+(?:and|or)\s+(lead)\b",
    )),
    Heteronym("tear", "tɛə", "tair", (
        rf"{_WILL}\s+(tear)(?=\s+(?:{_OBJECT}|out|apart|open|away|at|through|into)\b)",
        (rf"(?<!wear and ){_FREE}(?<!wear and )(tear)"
        rf"(?=\s+(?:{_WHOM}|the|his|your|my|their|up|off|down|open|apart)\b)"),
    )),
    Heteronym("live", "laɪv", "lyve", (rf"(live)(?=\s+(?:{_GLOWING})\b)",)),
    Heteronym("live", "lɪv", "", (
        (r"\b(?:and|or|but|then|not|not to|people|men|women|folk|we all)\s+(live)(?=\s+(?:in|on|at|"
        r"with|here|there|like|by|for|upon|alone|together|long|happily|my|her|his|their|our|your|"
        r"without|under|near|among|again|through|as|to)\b)"),
    )),
    Heteronym("wind", "waɪnd", "wined", (
        rf"{_WILL}\s+(wind)(?=\s+(?:{_OBJECT}|round|around)\b)",
        (rf"{_FREE}(wind)"
        rf"(?=\s+(?:{_WHOM}|up|your|the (?:clock|watch|wool|yarn|thread|rope|handle))\b)"),
    )),
    Heteronym("wound", "waʊnd", "wownd", (
        (r"(?<!the )(?<!\ba )(?<!his )(?<!her )(?<!my )(?<!this )(?<!your )(?<!their )(?<!no )"
        r"(?<!deep )"
        r"(wound)(?=\s+(?:up|round|around|through|its|down)\b)"),
        rf"\b{_PERSON}\s+(?:\w+ly\s+)?(wound)(?=\s+(?:{_ROUND}|the|a|an)\b)",
        rf"\b(?:{_PATH})\s+(?:\w+ly\s+|that\s+|which\s+)?(wound)(?=\s+{_ROUND}\b)",
        r"\b(?:being|been|was|were|is|are)\s+(wound)(?=\s+(?:round|about|tight\w*|with)\b)",
    )),
    Heteronym("bow", "baʊ", "bau", (
        rf"{_MADE}\s+an?\s+(?:\w+\s+)?(bow)(?!\s+(?:and|tie|of|in her)\b)",
        rf"{_WILL}\s+(bow)(?=\s+(?:to|down|low|before|his|her|their|out|your|my)\b)",
        rf"\b(?:{_BENT})\s+(bow)(?!\s+(?:and arrow|tie|window|string|legs))",
        (r"\b(?:making|make|makes|returned|returning|acknowledged|swept|dropped|bent|sketched)\s+"
        r"(?:him\s+|her\s+|them\s+|me\s+)?(?:his|her|a|an|my|the|their)\s+(?:\w+\s+)?(bow)"
        r"(?!\s+(?:and arrow|tie|window|string|of))"),
        r"\b(?:a|his|her)\s+(bow)(?=\s+(?:to the|to him|to her|to me|towards?)\b)",
        rf"\b(bow)(?=\s+of\s+(?:the|our|their|his|a|her)\s+(?:\w+\s+)?(?:{_BOATS})\b)",
        (r"\b(?:ship's|boat's|weather|port|starboard|from)\s+(bow)(?=\s+(?:to stern|and stern)\b|"
        r"\s*[.,;!?])"),
        r"(bow)(?=\s+(?:and|to|or)\s+stern\b)",
        rf"{_FREE}(bow)(?=\s+(?:to|down|low|before|your|his|her|my|their)\b)",
    )),
    Heteronym("bows", "baʊz", "bouze", (
        rf"\b(?:many|several|{_BENT})\s+(bows)\b(?!\s+and arrows)",
        r"(bows)(?=\s+and\s+(?:smiles|nods|curts\w+|scrap\w+|compliments|salutations|bends)\b)",
        r"\b(?:smiles|nods|curtseys|curtsies|compliments)\s+and\s+(bows)\b",
        rf"(bows)(?=\s+of\s+(?:the|our|their|his|a|her)\s+(?:\w+\s+)?(?:{_BOATS})\b)",
        r"\b(?:in|at|over|across|under|from|ship's|boat's)\s+(?:the|our|her|their)\s+(bows)\b",
        r"\b(?:exchang\w+|return\w+)\s+(bows)\b",
    )),
    Heteronym("row", "raʊ", "rau", (
        (r"\b(?:had|have|having|kick\w* up|mak(?:e|es|ing)|made|rais\w+|start\w*)\s+"
        rf"(?:a|an|such a|the|another|no end of a)\s+(?:\w+\s+)?(row){_NOT_OF}"),
        rf"\b(?:{_QUARREL})\s+(row)(?!s?\s+of\b)",
        rf"\b(?:what|such)\s+an?\s+(?:\w+\s+)?(row){_NOT_OF}",
        r"\ba\s+(row)(?=\s+(?:with|about|over)\s+(?:him|her|them|me|you|my|his|your|it|money)\b)",
    )),
    Heteronym("close", "kloʊz", "cloze", (
        rf"(?:{_WILL}|had to|have to|has to|having to)\s+(close)(?=\s+{_OBJECT}\b)",
        (rf"{_FREE}(close)(?=\s+(?:{_WHOM}|the (?:door|window|gate|shutters?|book|lid|curtains?|"
        r"box|hatch|blinds?)|your|his|my|their|that)\b)"),
        (r"\b(?:the|at|its|a)\s+(close)(?=\s+of\s+(?:the|his|her|their|this|that|my|our|day|dinner|"
        r"each|every|business|a|an|school|play)\b)"),
        (r"\b(?:dr[ae]w\w*|br(?:ing|ought|inging)|c[oa]m(?:e|es|ing))\s+(?:\w+\s+){0,3}?to\s+"
        r"(?:a|its|the|an abrupt|a sudden)\s+(close)(?=\s*(?:$|[.,;:!?—”\"])|"
        r"\s+(?:and|as|with|when|before|by|at|in)\b)"),
    )),
    Heteronym("minute", "maɪˈnjuːt", "mynewt", (
        (rf"(?:a|the|in|with|most|very|more|such|every|his|her|so|and|these|those|all)\s+(minute)"
        rf"(?=\s+(?:and \w+\s+)?(?:{_FINE})\b)"),
    )),
    Heteronym("content", "kənˈtɛnt", "cuntent", (
        rf"\b{_IS}\s+(?:{_DEGREE}\s+)?(content)\b(?!\s+(?:of|is|was|area)\b)",
        (r"\b(?:quite|perfectly|very|not|too|entirely|fully|well|completely|apparently)\s+(content)\b"
        r"(?!\s+of\b)"),
        rf"(?<!the )(?<!its )(?<!their )(?<!of )(content)(?=\s+(?:with|to|{_SELF}|in the)\b)",
        r"\bheart's\s+(content)\b",
        (r"\b(?:sigh|sighed|smile|smiled|expression|murmur|grunt|air|feeling|sense|purr|purred|look)"
        r"(?:\s+\w+)?\s+(?:of|with|in)\s+(?:\w+\s+)?(content)\b"),
    )),
    Heteronym("invalid", "ˈɪnvəlɪd", "invalleed", (
        (r"\b(?:an|the|this|that|poor|old|his|her|our|little|dear|my|your|confirmed|chronic|helpless|"
        r"hopeless|permanent|fellow|lady|young)\s+(invalid)\b(?!\s+(?:argument|claim|reason|excuse|"
        r"marriage|contract|ticket|will|vote|passport|form|and void)\b)"),
    )),
    Heteronym("invalids", "ˈɪnvəlɪdz", "invalleeds", (r"\b(invalids)\b",)),
    Heteronym("dove", "doʊv", "", (
        (r"\b(?:he|she|i|it|they|we|who|and|then)\s+(dove)(?=\s+(?:into|in|under|for|down|off|"
        r"through|head\w*|towards?|behind|beneath|across|after|straight|right|back|over|out)\b)"),
    )),
    Heteronym("sow", "saʊ", "sau", (
        (r"\b(?:a|an|the|old|fat|that|this|white|black|great|big|wild|spotted|prize|good)\s+"
        r"(?:\w+\s+)?(sow)\b(?!\s+(?:the|his|her|their|seeds?|wheat|corn|it|them|in|for)\b)"),
    )),
    Heteronym("polish", "ˈpɒlɪʃ", "", (
        rf"(?-i:{_BEGINS}(Polish)(?=\s+(?:the|your|my|his|her|it|them|up|that|those)\b))",
    )),
    Heteronym("bass", "bæs", "", (
        (r"\b(?:sea|striped|black|largemouth|smallmouth|fresh|grilled|fried|caught a)\s+(bass)\b"
        r"(?!\s+(?:voice|note|clef|viol|drum|singer|solo|line))"),
        r"\b(bass)(?=\s+(?:fishing|boat|and (?:trout|pike|perch)))",
    )),
    Heteronym("used", "juːst", "", (
        (r"\b(?:i|you|he|she|it|we|they|who|that|which|there|always|never|so|what|as|people|one|"
        r"quite|well|get|got|getting|gets|become|became|becoming|grow|grew|grown|more|not|isn't|"
        r"wasn't|aren't|weren't|be|being|am|i'm|we're|you're|they're|he's|she's|too|"
        r"father|mother|papa|mamma)\s+(used)(?=\s+to\s+(?!\w+ing\b)[a-z])"),
        (r"\b(?:was|were|is|are|been|got|get)\s+(used)(?=\s+to\s+(?:it|the|this|that|these|those|"
        r"his|her|him|them|being|having|such|my|your|our|their|a)\b)"),
    )),
    Heteronym("excuse", "ɛkskˈjuːz", "", (
        (rf"(?<!an )(?<!no )(?<!the )(?<!my )(?<!his )(?<!her )(?<!your )(?<!any )(?<!for )(?<!of )"
        rf"(?<!good )(?<!some )(?<!that )(?<!poor )(?<!one )(excuse)(?=\s+(?:me|him|us|them|my|"
        rf"your|his|their|our|{_SELF})\b)"),
        (r"\b(?:to|will|would|could|can|can't|cannot|must|should|shall|may|might|don't|please|pray|"
        r"i'll|you'll|he'll|she'll|we'll|they'll|you'd|who|never|not|kindly)\s+(excuse)\b"
        r"(?!\s+(?:is|was|for being)\b)"),
        rf"{_BEGINS}(excuse)(?=\s+(?:her|the|this|it|any|these)\b)",
    )),
    Heteronym("excused", "ɛkskˈjuːzd", "", (r"\b(excused)\b",)),
    Heteronym("excusing", "ɛkskˈjuːzɪŋ", "", (r"\b(excusing)\b",)),
    Heteronym("subjected", "səbˈdʒɛktɪd", "", (r"\b(subjected)\b",)),
    Heteronym("subjecting", "səbˈdʒɛktɪŋ", "", (r"\b(subjecting)\b",)),
    Heteronym("frequented", "frɪˈkwɛntɪd", "", (r"\b(frequented)\b",)),
    Heteronym("frequenting", "frɪˈkwɛntɪŋ", "", (r"\b(frequenting)\b",)),
    Heteronym("advocate", "ˈædvəkət", "", (
        (r"\b(?:an|the|his|her|their|my|your|our|devil's|learned|great|strong|warm|this|that)\s+"
        r"(advocate)\b(?!\s+(?:it|the|this|that)\b)"),
    )),
    Heteronym("aged", "ˈeɪdʒɪd", "", (
        (r"\b(?:an|the|his|her|their|my|this|that|poor|very|two|our|your|some|these)\s+(aged)"
        r"(?=\s+(?!\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
        r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|about|only|and|like|before|by)"
        r"[a-z]+)"),
    )),
    Heteronym("beloved", "bɪˈlʌvɪd", "", (
        r"\b(?:my|his|her|their|our|your|thy|dearly|most|dear|the)\s+(beloved)\b(?!\s+(?:by|of)\b)",
    )),
    Heteronym("blessed", "ˈblɛsɪd", "", (
        (r"\b(?:a|that|this|every|whole|those|these|one)\s+(blessed)(?=\s+[a-z]+)"
        r"(?!\s+(?:by|with|him|her|me|us|them|the|if)\b)"),
        r"\bthe\s+(blessed)(?=\s+(?:virgin|saints?|sacrament|damozel|thing|lord|relief|angels?)\b)",
        r"\b(blessed)(?=\s+(?:are|be|is)\s+(?:the|he|they|his|her|thou)\b)",
    )),
    Heteronym("august", "ɔːˈgʌst", "", (
        (r"(?-i:\b(?:an|the|his|her|their|so|most|that|this|such|more|and)\s+(august)\b"
        r"(?!\s+(?:\d|sun|day|night|morning|afternoon|evening|heat|moon)))"),
    )),
    _unknown("insult", "ɪnˈsʌlt"),
    _unknown("subject", "səbˈdʒɛkt", rf"(?:{_WHOM}|the|my|your|his|their|our|any)"),
    _unknown("frequent", "frɪˈkwɛnt", r"(?:the|that|this|those|these|it|them|his|her|their|such)"),
    _unknown("intimate", "ˈɪntɪmˌeɪt", r"(?:that|to|it|the|his|her|my|how|as|something|a|so)"),
    _ordered("object", "əbˈdʒɛkt", "to"),
    _ordered("present", "prɪˈzɛnt"),
    _ordered("record", "rɪˈkɔːd"),
    _ordered("desert", "dɪˈzɜːt", rf"(?:{_WHOM}|my|your|his|their|our)"),
    _ordered("conduct", "kənˈdʌkt"),
    _ordered("permit", "pəˈmɪt"),
    _ordered("rebel", "rɪˈbɛl", "against"),
    _ordered("separate", "ˈsɛpəɹˌeɪt"),
    _ordered("project", "prəˈdʒɛkt"),
    _ordered("contract", "kənˈtrækt"),
    _ordered("protest", "prəˈtɛst", "(?:that|against|to)"),
    _ordered("increase", "ɪnˈkriːs"),
    _ordered("transport", "trænsˈpɔːt"),
    _ordered("suspect", "səsˈpɛkt"),
    _ordered("contrast", "kənˈtræst"),
    _ordered("convict", "kənˈvɪkt"),
    _ordered("escort", "ɛsˈkɔːt"),
    _ordered("extract", "ɛksˈtrækt"),
    _ordered("attribute", "əˈtrɪbjuːt"),
    _ordered("console", "kənˈsoʊl"),
    _ordered("converse", "kənˈvɜːs", "(?:with|about|on|upon|in)"),
    _ordered("perfect", "pəˈfɛkt", rf"(?:{_WHOM}|my|your|his|their|our)"),
    _ordered("absent", "æbˈsɛnt", _SELF),
    _ordered("use", "juːz"),
    _ordered("house", "haʊz", "(?:them|him|us|me|it)"),
    _ordered("estimate", "ˈɛstɪmˌeɪt"),
    _ordered("moderate", "ˈmɒdəɹˌeɪt"),
)  # fmt: skip
