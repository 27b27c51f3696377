"""Segments to script: who is in the story, who says each line, how sure we are, and why."""

from narrator.attribute.attributor import attribute

__all__ = ["attribute"]
