"""Ablation tables as values: the base row, and for each changed row what changed and by how much each metric moved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from litdb.extract.types import Reading, TableReadings

Action = Literal["removed", "added", "replaced", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """How one metric of a changed row differs from the base row: changed minus base, in the metric's unit."""

    metric: str
    dataset: str
    base: float
    changed: float

    @property
    def difference(self) -> float:
        """Changed minus base, without binary dust."""
        return float(f"{self.changed - self.base:.10g}")


@dataclass(frozen=True, slots=True)
class Change:
    """One changed row. `words` is the change as printed; `components` what was removed, added, replaced or set;
    `replacement` what took its place."""

    row: int
    system: str
    words: str
    action: Action
    components: tuple[str, ...]
    replacement: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Ablation:
    """One ablation table: the base system, its row in the grid (0-based), and the changed rows in order."""

    base: str
    base_row: int
    rows: tuple[Change, ...]


_REMOVED = re.compile(
    r"^(?:w\s*/?\s*o\b\.?|without\b|no\b|[-–−]\s*|remov(?:e|ed|ing)\b|rm\b|minus\b|excl(?:uding)?\b\.?|disable\b)\s*",
    re.I,
)
_ADDED = re.compile(r"^(?:\+\s*|w\s*/\s*|with\b|add(?:ing|ed)?\b|plus\b)\s*", re.I)
_REPLACES = re.compile(
    r"^(?P<new>.+?)\s*\((?:it\s+)?(?:replaces|replacing|instead of|in place of)\s+(?P<old>[^)]+)\)\s*$", re.I
)
_REPLACED = re.compile(
    r"^(?:replac(?:e|ed|ing)\s+)?(?P<old>.+?)\s*(?:→|->|⇒|\bby\b|\breplaced (?:by|with)\b|\bwith\b)\s*(?P<new>.+)$",
    re.I,
)
_JOINED = re.compile(r"\s*(?:,|&|\band\b)\s*|\s+\+\s+")


def parse_change(label: str) -> tuple[Action, tuple[str, ...], str]:
    """What a label such as 'w/o CA', '+ MALA (replaces MET)' or 'LSTM → GRU' says: action, components, replacement."""
    text = label.strip()
    bracket = re.fullmatch(r".*\[(.+)\]|.*\(([-–−+].+|w/o .+)\)", text)
    if bracket:
        text = (bracket[1] or bracket[2]).strip()
    swapped = _REPLACES.match(_ADDED.sub("", text))
    if swapped:
        return "replaced", _parts(swapped["old"]), swapped["new"].strip()
    if _REMOVED.match(text):
        return "removed", _parts(_REMOVED.sub("", text, count=1)), ""
    if _ADDED.match(text):
        return "added", _parts(_ADDED.sub("", text, count=1)), ""
    arrow = _REPLACED.match(text)
    if arrow and ("→" in text or "->" in text or "⇒" in text or "replac" in text.lower()):
        return "replaced", _parts(arrow["old"]), arrow["new"].strip()
    return "changed", (text,), ""


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip(" .") for piece in _JOINED.split(text)) if part)


def ablation(table: TableReadings) -> Ablation | None:
    """The ablation that a table is, or None: it needs a base row and at least one changed row with a shared metric."""
    changed = [r for r in table.readings if r.kind == "ablation"]
    if not changed:
        return None
    base_name = changed[0].parent
    base_row = _base_row(table, base_name)
    if base_row is None:
        return None
    base = {(r.metric, r.dataset): r.value for r in table.readings if r.row == base_row}
    rows: list[Change] = []
    for row in dict.fromkeys(r.row for r in changed):
        readings = [r for r in changed if r.row == row]
        differences = tuple(
            Difference(r.metric, r.dataset, base[(r.metric, r.dataset)], r.value)
            for r in readings
            if (r.metric, r.dataset) in base
        )
        if differences:
            words = _words(readings[0])
            rows.append(Change(row, readings[0].system, words, *parse_change(words), differences=differences))
    return Ablation(base_name or _system(table, base_row), base_row, tuple(rows)) if rows else None


def _words(reading: Reading) -> str:
    """The change as printed: the label, or the condition that sets it apart from its parent."""
    inside = re.fullmatch(r".*?\[(.+)\]", reading.model)
    return (
        inside[1] if inside and reading.parent and reading.model.startswith(reading.parent) else reading.model
    )


def _system(table: TableReadings, row: int) -> str:
    return next(r.system for r in table.readings if r.row == row)


def _base_row(table: TableReadings, name: str) -> int | None:
    rows = [r for r in table.readings if r.kind in ("system", "variant")]
    same = [r.row for r in rows if r.system == name or r.model == name]
    own = [r.row for r in rows if r.own]
    found = same or own
    return found[0] if found else None
