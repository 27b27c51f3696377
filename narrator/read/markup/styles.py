"""The little of style sheets that changes what is read: slant, weight, and what is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_SHEET_CHARS = 2_000_000
"""Of one style sheet; what stands beyond is not looked at."""

_SELECTOR = re.compile(r"[a-z0-9]*\.([\w-]+)", re.IGNORECASE)
_SLANT = re.compile(r"font-style\s*:\s*([a-z]+)", re.IGNORECASE)
_WEIGHT = re.compile(r"font-weight\s*:\s*([a-z0-9]+)", re.IGNORECASE)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How something is set; None where nothing is said."""

    italic: bool | None = None
    bold: bool | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """What style sheets say about classes."""

    classes: dict[str, Look] = field(default_factory=dict)

    def of(self, names: Iterable[str]) -> list[Look]:
        """The looks of those classes that have one."""
        return [self.classes[name] for name in names if name in self.classes]


def look_of(declarations: str) -> Look:
    """What ``font-style: italic; …`` says."""
    slant, weight = _SLANT.search(declarations), _WEIGHT.search(declarations)
    return Look(
        italic=slant[1].lower() in ("italic", "oblique") if slant else None,
        bold=_is_bold(weight[1].lower()) if weight else None,
        hidden=_HIDES.search(declarations) is not None,
    )


def _is_bold(weight: str) -> bool:
    return weight in ("bold", "bolder") or (weight.isdecimal() and int(weight[:4]) >= 600)


def _without_comments(sheet: str) -> str:
    found: list[str] = []
    at = 0
    while (start := sheet.find("/*", at)) >= 0:
        found.append(sheet[at:start])
        end = sheet.find("*/", start + 2)
        if end < 0:
            return "".join(found)
        at = end + 2
    return "".join([*found, sheet[at:]])


def read_styles(sheets: Iterable[str]) -> Styles:
    """What style sheets say about classes that stand alone or after an element's name."""
    classes: dict[str, Look] = {}
    for sheet in sheets:
        for rule in _without_comments(sheet[:MAX_SHEET_CHARS]).split("}"):
            above, _, declarations = rule.rpartition("{")
            selectors = above.rpartition("{")[2]
            look = look_of(declarations)
            if look == Look():
                continue
            for selector in selectors.split(","):
                match = _SELECTOR.fullmatch(selector.strip())
                if match is not None:
                    classes[match[1].lower()] = look
    return Styles(classes=classes)
