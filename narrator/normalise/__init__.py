"""What stands in a story -> what an engine is given to say.

`narrator.normalise.spoken.spoken` is one pure function. Its rules look for one kind of thing each
and yield edits; where two claim the same place, the more particular one has it. Nothing is changed
twice. The rules take a while to load, so that they are no part of this module.
"""

from __future__ import annotations

from narrator.normalise.changes import LAYOUT, Edit, Spoken, rewrite
from narrator.normalise.config import EmojiMode, NormaliseConfig

__all__ = ["LAYOUT", "Edit", "EmojiMode", "NormaliseConfig", "Spoken", "rewrite"]
