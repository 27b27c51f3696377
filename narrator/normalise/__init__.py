"""What stands in a story -> what an engine is given to say."""

from __future__ import annotations

from narrator.normalise.numerals import roman_value
from narrator.normalise.spoken import spoken_text

__all__ = ["roman_value", "spoken_text"]
