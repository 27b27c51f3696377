"""Chapters to segments: narration, dialogue, thought, headings, scene breaks, and what is skipped."""

from narrator.segment.chapters import segment

__all__ = ["segment"]
