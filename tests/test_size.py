"""What an installation takes, as `benchmarks/size.py` measures it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "size.py"


def measured(*args: str) -> subprocess.CompletedProcess[str]:
    # This environment has more than Narrator, which does not matter here.
    command = [sys.executable, str(SCRIPT), "--python", sys.executable, *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_table_has_each_package_and_their_sum() -> None:
    done = measured("--ceiling", "5000")
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in done.stdout.splitlines()[2:]]
    by_name = {row[0].split()[0]: row for row in rows}
    assert 60 < float(by_name["`av`"][1]) < 160
    assert "encode" in by_name["`av`"][3]
    whole = by_name["**all**"]
    assert float(whole[1]) > float(by_name["`av`"][1]) + float(by_name["`numpy`"][1])
    # Each is rounded to a tenth.
    assert abs(float(whole[1]) - sum(float(row[1]) for row in rows[:-1])) < 0.05 * len(rows)


def test_what_is_over_the_ceiling_fails() -> None:
    done = measured("--ceiling", "50")
    assert done.returncode == 1
    assert "over the ceiling of 50.0 MB" in done.stderr
