"""What an audiobook file holds, by decoding all of it, and what is wrong with it."""

from narrator.check.container import inspect
from narrator.check.criteria import Finding, judge
from narrator.check.faults import faults, remarks
from narrator.check.report import FileChapter, Levels, Mp4Layout, Report

__all__ = [
    "FileChapter",
    "Finding",
    "Levels",
    "Mp4Layout",
    "Report",
    "faults",
    "inspect",
    "judge",
    "remarks",
]
