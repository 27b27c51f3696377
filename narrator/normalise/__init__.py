"""What stands in a story -> what an engine is given to say.

`spoken` is one pure function. Its rules look for one kind of thing each and yield edits; where two
claim the same place, the more particular one has it. Nothing is changed twice.
"""

from __future__ import annotations

from narrator.normalise.changes import LAYOUT, Edit, Spoken, rewrite
from narrator.normalise.config import EmojiMode, NormaliseConfig
from narrator.normalise.numerals import roman_value
from narrator.normalise.spoken import Vocabulary, spoken, spoken_text

__all__ = [
    "LAYOUT",
    "Edit",
    "EmojiMode",
    "NormaliseConfig",
    "Spoken",
    "Vocabulary",
    "rewrite",
    "roman_value",
    "spoken",
    "spoken_text",
]
