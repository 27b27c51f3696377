"""English words that are written alike and said differently, where the words beside them tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrator.pronounce.entries import Saying

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
_GLOWING = "coals?|wires?|bait|music|ammunition|broadcasts?|animals?|oaks?|rounds?|embers?"
_FINE = "details?|particles?|quantit\\w+|fragments?|differences?|inspection|description"

_RULES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "read", "red", "rɛd",
        (
            rf"{_DOING}\s+{_ADVERB}(read)",
            rf"{_NOT_PAST}\b(?:he|she)\s+{_ADVERB}(read)",
        ),
    ),
    (
        "lead", "led", "lɛd",
        (
            r"(?:made of|like|as|molten|melted)\s+(lead)(?=\s*(?:$|[.,;:!?]))",
            rf"(lead)(?=\s+(?:{_METAL})\b)",
        ),
    ),
    (
        "tear", "tair", "tɛə",
        (rf"{_WILL}\s+(tear)(?=\s+(?:{_OBJECT}|out|apart|open|away|at|through|into)\b)",),
    ),
    ("live", "lyve", "laɪv", (rf"(live)(?=\s+(?:{_GLOWING})\b)",)),
    ("wind", "wined", "waɪnd", (rf"{_WILL}\s+(wind)(?=\s+(?:{_OBJECT}|round|around)\b)",)),
    ("wound", "wownd", "waʊnd", (r"(wound)(?=\s+(?:up|round|around|through|its|down)\b)",)),
    (
        "bow", "bau", "baʊ",
        (
            rf"{_MADE}\s+an?\s+(?:\w+\s+)?(bow)(?!\s+(?:and|tie|of|in her)\b)",
            rf"{_WILL}\s+(bow)(?=\s+(?:to|down|low|before|his|her|their|out|your|my)\b)",
        ),
    ),
    ("close", "cloze", "kloʊz", (rf"{_WILL}\s+(close)(?=\s+{_OBJECT}\b)",)),
    (
        "minute", "mynewt", "maɪˈnjuːt",
        (rf"(?:a|the|in|with|most|very)\s+(minute)(?=\s+(?:{_FINE})\b)",),
    ),
)  # fmt: skip
_COMPILED = tuple(
    (
        word,
        Saying(respelling=respelling, ipa=ipa),
        re.compile(rf"(?<![\w'-]){pattern}(?![\w'-])", re.IGNORECASE),
    )
    for word, respelling, ipa, patterns in _RULES
    for pattern in patterns
)


def find_heteronyms(text: str) -> Iterator[tuple[int, int, Saying]]:
    """Start, end and saying of the words in `text` that are surely told."""
    lower = text.casefold()
    for word, saying, pattern in _COMPILED:
        if word in lower:
            for match in pattern.finditer(text.replace("’", "'")):
                yield match.start(1), match.end(1), saying
