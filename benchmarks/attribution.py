"""Who says what, measured: run the text half over annotated novels and score it.

    python benchmarks/attribution.py --corpus ../shared/corpus/pdnc

CORPUS holds a folder per novel with ``text.txt``, ``quotes.jsonl`` and ``characters.jsonl``. Each
novel is read, segmented and attributed from its raw text in a process of its own, so that its time
and peak memory are its own too. The predictions go to --out in the scorer's format. The scorer is a
file of its own (--scorer); what its figures mean is told by its ``--help``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from narrator.attribute import attribute
from narrator.model import Script, SegmentKind
from narrator.read import read_book
from narrator.segment import segment

_ROOT = Path(__file__).parent.parent
_SPEECH = (SegmentKind.DIALOGUE, SegmentKind.THOUGHT)
_BINS = 10
_SHARES = (5, 10, 20, 30, 50)
_COLUMNS = (
    ("det F1", "det_F1"),
    ("acc", "acc"),
    ("1to1", "acc_1to1"),
    ("expl", "type:explicit"),
    ("anaph", "type:anaphoric"),
    ("impl", "type:implicit"),
    ("right", "right_voice"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one novel cost."""

    novel: str
    words: int
    seconds: float
    peak_mib: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A gold quotation: how sure the script was of it, and whether it was right."""

    confidence: float
    is_right: bool


def main(argv: Sequence[str] | None = None) -> int:
    """Run, score and print."""
    options = _options(argv)
    if options.one:
        print(json.dumps(asdict(run_novel(options.corpus, options.out))))
        return 0
    scorer = _load_scorer(options.scorer)
    novels = _novels(options.corpus, options.novels)
    if not novels:
        print(f"{options.corpus}: no novel in it (a folder with text.txt and quotes.jsonl)")
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        out = options.out or Path(scratch)
        runs = _run_all(novels, out, options.jobs)
        _report(novels, runs, out, scorer)
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    scorer = _ROOT.parent / "shared" / "bench" / "score.py"
    parser.add_argument("--corpus", type=Path, required=True, help="folder of novel folders")
    parser.add_argument("--out", type=Path, help="keep the predictions here")
    parser.add_argument("--scorer", type=Path, default=scorer, help="score.py")
    parser.add_argument("--novels", default="", help="only these, separated by commas")
    parser.add_argument("--jobs", type=int, default=1, help="novels at a time")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _load_scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None or not path.exists():
        raise SystemExit(f"{path}: no scorer there; name it with --scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _novels(corpus: Path, only: str) -> list[Path]:
    wanted = {name for name in only.split(",") if name}
    return [
        folder for folder in sorted(corpus.iterdir())
        if (folder / "text.txt").exists() and (folder / "quotes.jsonl").exists()
        and (not wanted or folder.name in wanted)
    ]  # fmt: skip


def _run_all(novels: Sequence[Path], out: Path, jobs: int) -> list[Run]:
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        return list(pool.map(lambda novel: _run_apart(novel, out / novel.name), novels))


def _run_apart(novel: Path, out: Path) -> Run:
    """Run one novel in a process of its own, whose peak memory is then the novel's."""
    command = [sys.executable, __file__, "--corpus", str(novel), "--out", str(out), "--one"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    if done.returncode:
        raise SystemExit(f"{novel.name}: failed, see above")
    return Run(**json.loads(done.stdout))


def run_novel(novel: Path, out: Path) -> Run:
    """From the bytes of ``text.txt`` to a script, written to `out` as the scorer reads it."""
    data = (novel / "text.txt").read_bytes()
    started = time.perf_counter()
    book = read_book(data, name="text.txt")
    script = attribute(book, segment(book))
    seconds = time.perf_counter() - started
    peak_mib = _peak_mib()
    _write(script, out)
    return Run(novel=novel.name, words=len(data.split()), seconds=seconds, peak_mib=peak_mib)


def _peak_mib() -> float | None:
    try:
        import resource
    except ImportError:  # Windows has no such count.
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _write(script: Script, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    names = {character.id: character.name for character in script.characters}
    with (out / "quotes.jsonl").open("w", encoding="utf-8") as file:
        for line in script.lines:
            if line.segment.kind in _SPEECH:
                start = script.book.chapters[line.segment.chapter].start
                span = line.segment.span
                row = {
                    "start": start + span.start, "end": start + span.end,
                    "speaker": names.get(line.speaker or ""), "confidence": line.confidence,
                    "reason": line.reason,
                }  # fmt: skip
                file.write(json.dumps(row) + "\n")
    with (out / "characters.jsonl").open("w", encoding="utf-8") as file:
        for character in script.characters:
            who = {"name": character.name, "aliases": character.aliases}
            file.write(json.dumps(who) + "\n")


def _report(novels: Sequence[Path], runs: Sequence[Run], out: Path, scorer: ModuleType) -> None:
    options = {"tol": 0.8, "relaxed": True, "all": False, "narrator": True}
    print(f"{datetime.now(UTC).date().isoformat()}  {len(novels)} texts")
    head = "".join(f"{title:>7}" for title, _ in _COLUMNS)
    print(f"{'':<26}{'words':>8}{head}{'s':>6}{'MiB':>5}")
    results: list[dict[str, Any]] = []
    judged: list[Judged] = []
    for novel, run in zip(novels, runs, strict=True):
        result = scorer.score_novel(str(novel), str(out / novel.name / "quotes.jsonl"), options)
        results.append(result)
        judged.extend(_judge(novel, out / novel.name, result))
        _row(novel.name, scorer.view(result), run)
    views = [scorer.view(result) for result in results]
    print("-" * 98)
    print(f"{'macro':<34}" + _cells(_macro(views)))
    print(f"{'micro':<34}" + _cells(scorer.view(scorer.add(results))))
    _report_confidence(judged)


def _row(name: str, view: dict[str, Any], run: Run) -> None:
    memory = "" if run.peak_mib is None else f"{run.peak_mib:5.0f}"
    print(f"{name[:25]:<26}{run.words:8d}{_cells(view)}{run.seconds:6.2f}{memory}")


def _cells(view: dict[str, Any]) -> str:
    return "".join(_cell(view[key]) for _, key in _COLUMNS)


def _cell(value: float | None) -> str:
    return f"{'-':>7}" if value is None else f"{100 * value:7.1f}"


def _macro(views: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for _, key in _COLUMNS:
        values = [view[key] for view in views if view[key] is not None]
        found[key] = sum(values) / len(values) if values else None
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(row) for row in file if row.strip()]


def _judge(novel: Path, out: Path, result: dict[str, Any]) -> Iterable[Judged]:
    """Each gold quotation that was found: its confidence, by characters, and its verdict."""
    lines = sorted(
        (row["start"], row["end"], row["confidence"]) for row in _rows(out / "quotes.jsonl")
    )
    starts = [start for start, _, _ in lines]
    wrong = {error["id"] for error in result["errors"]}
    for quote in _rows(novel / "quotes.jsonl"):
        if not quote.get("attributable", True):
            continue
        weight = total = 0.0
        for start, end in quote["spans"]:
            for k in range(max(0, bisect_left(starts, start) - 1), len(lines)):
                if lines[k][0] >= end:
                    break
                shared = max(0, min(end, lines[k][1]) - max(start, lines[k][0]))
                weight += shared
                total += shared * lines[k][2]
        if weight:
            yield Judged(confidence=total / weight, is_right=quote["id"] not in wrong)


def _report_confidence(judged: Sequence[Judged]) -> None:
    if not judged:
        return
    print()
    print(f"expected calibration error {calibration_error(judged):.3f}  ({_BINS} bins)")
    errors = sum(not one.is_right for one in judged)
    ranked = sorted(judged, key=lambda one: one.confidence)
    found = []
    for share in _SHARES:
        reviewed = ranked[: len(ranked) * share // 100]
        part = sum(not one.is_right for one in reviewed) / max(1, errors)
        found.append(f"{share}%: {100 * part:.0f}%")
    print("errors among the least sure  " + "   ".join(found))


def calibration_error(judged: Sequence[Judged]) -> float:
    """Mean distance between how sure and how right, over equal bins of confidence."""
    bins: list[list[Judged]] = [[] for _ in range(_BINS)]
    for one in judged:
        bins[min(_BINS - 1, int(one.confidence * _BINS))].append(one)
    return sum(
        abs(sum(one.confidence for one in part) - sum(one.is_right for one in part))
        for part in bins
    ) / len(judged)


if __name__ == "__main__":
    raise SystemExit(main())
