"""Chapters to segments: narration, dialogue, thought, headings, breaks, and what is skipped."""

from narrator.segment.chapters import segment

__all__ = ["segment"]
