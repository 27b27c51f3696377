"""What a decided line is worth to its neighbours, on annotated novels.

    python benchmarks/corrections.py --corpus ../shared/corpus/pdnc

In every conversation the turn that the program is least sure of is given to its speaker by the
annotation, as `narrator review` would have it done; then the other lines are decided again. Printed
are, per novel, the conversations, the lines beside the decided ones, how many of them are wrong
before and after, how many went from wrong to right and from right to wrong, and the same for
conversations in which the decided line had been wrong.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from narrator.attribute import attribute
from narrator.attribute.neighbours import conversations, settle_neighbours
from narrator.model import Script, SegmentKind
from narrator.read import read_book
from narrator.segment import segment

_COLUMNS = ("novel", "pins", "beside", "wrong", "after", "mended", "broken")


@dataclass(slots=True)
class Tally:
    """Lines beside decided ones."""

    pins: int = 0
    beside: int = 0
    wrong: int = 0
    after: int = 0
    mended: int = 0
    broken: int = 0

    def add(self, before: bool, now: bool) -> None:
        """One line: whether it was right, and is."""
        self.beside += 1
        self.wrong += not before
        self.after += not now
        self.mended += now and not before
        self.broken += before and not now

    def row(self, name: str) -> str:
        """A row of the table."""
        cells = (self.pins, self.beside, self.wrong, self.after, self.mended, self.broken)
        return f"| {name} | " + " | ".join(map(str, cells)) + " |"


def gold_speakers(script: Script, folder: Path) -> dict[int, str]:
    """Who says each line by the annotation, as the script's own character: by its index.

    An annotated character is the script's whose lines are mostly theirs and who has most of them.
    """
    rows = [json.loads(row) for row in (folder / "quotes.jsonl").read_text().splitlines()]
    spans = sorted((s, e, row["speaker"]) for row in rows for s, e in row["spans"])
    starts = [s for s, _, _ in spans]
    said: dict[int, str] = {}
    for index, line in enumerate(script.lines):
        if line.segment.kind is not SegmentKind.DIALOGUE:
            continue
        offset = script.book.chapters[line.segment.chapter].start
        middle = offset + (line.segment.span.start + line.segment.span.end) // 2
        at = bisect_right(starts, middle) - 1
        if at >= 0 and spans[at][1] > middle:
            said[index] = spans[at][2]
    pairs = Counter((gold, script.lines[index].speaker) for index, gold in said.items())
    best: dict[str, str] = {}
    owner: dict[str, str] = {}
    for (gold, who), _ in sorted(pairs.items(), key=lambda item: (-item[1], str(item[0]))):
        if who is not None and gold not in best and who not in owner:
            best[gold], owner[who] = who, gold
    return {index: best[gold] for index, gold in said.items() if gold in best}


def measure(script: Script, gold: dict[int, str]) -> tuple[Tally, Tally]:
    """Lines beside decided ones: all, and where the decided one was wrong."""
    of_turn: defaultdict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(script.lines):
        if line.turn is not None and index in gold:
            of_turn[line.turn].append(index)
    everywhere, corrected = Tally(), Tally()
    for first, end in conversations(script.turns):
        turns = [t for t in range(first, end) if t in of_turn]
        if len(turns) < 2:
            continue
        pinned = min(turns, key=lambda t: (script.lines[of_turn[t][0]].confidence, t))
        speaker = gold[of_turn[pinned][0]]
        was_wrong = script.lines[of_turn[pinned][0]].speaker != speaker
        after = settle_neighbours(script, dict.fromkeys(of_turn[pinned], speaker))
        tallies = (everywhere, corrected) if was_wrong else (everywhere,)
        for tally in tallies:
            tally.pins += 1
            for index in (k for t in turns if t != pinned for k in of_turn[t]):
                wanted = gold[index]
                tally.add(
                    script.lines[index].speaker == wanted, after.lines[index].speaker == wanted
                )
    return everywhere, corrected


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    rows: list[tuple[str, Tally, Tally]] = []
    for folder in sorted(parser.parse_args().corpus.iterdir()):
        if (folder / "quotes.jsonl").exists():
            book = read_book((folder / "text.txt").read_bytes(), name="text.txt")
            script = attribute(book, segment(book))
            rows.append((folder.name, *measure(script, gold_speakers(script, folder))))
    for title, at in (("every conversation", 1), ("where the decided line was wrong", 2)):
        print(f"\n{title}\n| " + " | ".join(_COLUMNS) + " |\n|" + "---|" * len(_COLUMNS))
        total = Tally()
        for row in rows:
            tally = row[at]
            assert isinstance(tally, Tally)
            print(tally.row(row[0]))
            for key in Tally.__slots__:
                setattr(total, key, getattr(total, key) + getattr(tally, key))
        print(total.row("all"))


if __name__ == "__main__":
    main()
