"""What an installation of Narrator takes on the disk, package by package, and who needs it.

Run it from the root of a checkout; it builds the wheel and installs it into a fresh environment:

    python benchmarks/size.py
    python benchmarks/size.py --extra piper
    python benchmarks/size.py --python VENV/bin/python --ceiling 235   # measures what is there

The sizes are those of the files that pip recorded, in MB of a million bytes, without and with what
`pip install` compiles (`pip install --no-compile` leaves that out); pip and setuptools come with
the environment and are not counted. A package that no part of Narrator imports is needed by others.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AIM_MB = 200
SMALL_MB = 1.0
"""Packages under this share a line."""

_ASK = """
import json, re
from importlib.metadata import distributions
rows = []
for each in distributions():
    files = [(str(f), f.locate()) for f in each.files or ()]
    sizes = [(name, path.stat().st_size) for name, path in files if path.is_file()]
    compiled = sum(size for name, size in sizes if name.endswith(".pyc"))
    tops = {name.split("/")[0].split(".")[0] for name, _ in sizes if name.endswith((".py", ".so"))}
    needs = [re.split("[^A-Za-z0-9_.-]", r)[0] for r in each.requires or () if "extra ==" not in r]
    rows.append([each.name, each.version, sum(s for _, s in sizes) - compiled, compiled,
                 sorted(tops), needs])
print(json.dumps(rows))
"""
"""Run by the Python of the environment that is measured, which may be another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One line of the table."""

    name: str
    version: str
    bare_bytes: int
    compiled_bytes: int
    imported_as: tuple[str, ...]
    needs: tuple[str, ...]


def main() -> int:
    """Print the table; 1 where the whole is over the ceiling."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", help="of an environment that has Narrator and nothing else")
    parser.add_argument("--extra", action="append", default=[], help="install that as well")
    parser.add_argument("--ceiling", type=float, help="MB, with what is compiled")
    wanted = parser.parse_args()
    if wanted.python:
        packages = installed(wanted.python)
    else:
        with tempfile.TemporaryDirectory() as folder:
            packages = installed(fresh_environment(Path(folder), wanted.extra))
    print_table(packages)
    whole_mb = sum(each.bare_bytes + each.compiled_bytes for each in packages) / 1e6
    if wanted.ceiling is not None and whole_mb > wanted.ceiling:
        print(f"{whole_mb:.1f} MB are over the ceiling of {wanted.ceiling} MB", file=sys.stderr)
        return 1
    return 0


def fresh_environment(folder: Path, extras: Iterable[str]) -> str:
    """Build this checkout's wheel, install it, and give the Python of the environment."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--wheel-dir", str(folder / "wheel"), str(ROOT)], check=True)
    (wheel,) = (folder / "wheel").glob("narrator-*.whl")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    names = ",".join(extras)
    what = f"{wheel}[{names}]" if names else str(wheel)
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", what], check=True)
    return str(python)


def installed(python: str) -> tuple[Package, ...]:
    """What an environment holds, largest first, without what it had before Narrator."""
    # -I: else what lies in the folder where this runs would be found as well.
    answer = subprocess.run([python, "-I", "-c", _ASK], check=True, capture_output=True, text=True)
    packages = (
        Package(
            name=name,
            version=version,
            bare_bytes=bare,
            compiled_bytes=compiled,
            imported_as=tuple(tops),
            needs=tuple(_canonical(each) for each in needs),
        )
        for name, version, bare, compiled, tops, needs in json.loads(answer.stdout)
        if name not in ("pip", "setuptools")
    )
    return tuple(sorted(packages, key=lambda each: -each.bare_bytes - each.compiled_bytes))


def print_table(packages: Iterable[Package]) -> None:
    """As Markdown."""
    packages = tuple(packages)
    users = users_of(packages)
    print("| package | MB | with .pyc | needed by |\n|---|---:|---:|---|")
    small = [each for each in packages if each.bare_bytes + each.compiled_bytes < SMALL_MB * 1e6]
    for each in packages:
        if each not in small:
            print(_line(f"`{each.name}` {each.version}", (each,), users[each.name]))
    if small:
        print(_line(", ".join(f"`{each.name}`" for each in small), small, ""))
    print(_line("**all**", packages, f"(aim: {AIM_MB})"))


def _line(name: str, packages: Iterable[Package], note: str) -> str:
    bare_mb = sum(each.bare_bytes for each in packages) / 1e6
    compiled_mb = sum(each.compiled_bytes for each in packages) / 1e6
    return f"| {name} | {bare_mb:.1f} | {bare_mb + compiled_mb:.1f} | {note} |"


def users_of(packages: Iterable[Package]) -> dict[str, str]:
    """For each package, the parts of Narrator that import it, or the packages that need it."""
    packages = tuple(packages)
    imported = _imports(ROOT / "narrator")
    users: dict[str, str] = {}
    for each in packages:
        tops = set(each.imported_as) - {"narrator"}
        parts = sorted({part for top in tops for part in imported.get(top, ())})
        others = sorted(o.name for o in packages if _canonical(each.name) in o.needs)
        users[each.name] = ", ".join(parts or others)
    return users


def _imports(folder: Path) -> dict[str, set[str]]:
    """The parts of Narrator that import each top-level name."""
    parts: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        part = path.relative_to(folder).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            for name in names:
                parts.setdefault(name.split(".")[0], set()).add(part)
    return parts


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


if __name__ == "__main__":
    sys.exit(main())
