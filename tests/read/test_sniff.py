"""`narrator.read.sniff`: what a file is, whatever it is called."""

from __future__ import annotations

import pytest

from narrator.read.sniff import suffix_of
from tests.read.builders import docx, fb2, plain_epub, zipped


@pytest.mark.parametrize(
    ("data", "name", "suffix"),
    [
        (plain_epub(("1", "<p>x</p>")), "a.txt", ".epub"),
        (zipped({"META-INF/container.xml": "x"}), "a.zip", ".epub"),
        (docx("<p/>"), "a.epub", ".docx"),
        (zipped({"a.fb2": "x"}), "a.zip", ".fb2"),
        (zipped({"a.txt": "x"}), "a.zip", ".zip"),
        (fb2("<body/>"), "a", ".fb2"),
        (b"\xef\xbb\xbf <!-- a --><!-- b -->\n<!DOCTYPE html>", "a.txt", ".html"),
        (b"<?xml version='1.0'?><html>", "a.txt", ".html"),
        (b"<p>A draft</p>", "a.md", ".md"),
        (b"It rained.", "a.epub", ".txt"),
        (b"", "a.docx", ".txt"),
        (b"It rained.", "A.HTM", ".htm"),
        (b"<!-- " * 800, "a.md", ".md"),
    ],
)
def test_content_counts_for_more_than_the_name(data: bytes, name: str, suffix: str) -> None:
    assert suffix_of(data, name) == suffix
