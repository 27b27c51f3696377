"""How words are pronounced: by the user's lexicons, and heteronyms by the words beside them."""

from __future__ import annotations

from narrator.pronounce.entries import Saying, parse_saying, read_sayings
from narrator.pronounce.lexicon import Lexicon, Pronounced, lexicon_of

__all__ = ["Lexicon", "Pronounced", "Saying", "lexicon_of", "parse_saying", "read_sayings"]
