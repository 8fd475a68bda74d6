"""The tables of a harvest: text files with tabs, and rows on their way into the seed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """A table with tabs, every field a string."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """A table with tabs; returns how many rows it has."""
    lines = [
        "\t".join(head),
        *("\t".join(text.replace("\t", " ") for text in row).rstrip("\t") for row in rows),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 1


@dataclass
class Line:
    """A row of a table on its way into the seed: figures by place, in the order of the table."""

    document: str
    table: str
    label: str
    model: str
    origin: str
    dataset: str
    items: tuple[tuple[str, str], ...]
    remark: str
    figures: dict[str, str] = field(default_factory=dict)

    def cells(self, kind: str) -> list[str]:
        """The fields of its line in rows.tsv."""
        shared = "; ".join(f"{name}={value}" for name, value in self.items)
        figures = " | ".join(f"{metric} {text}" for metric, text in self.figures.items())
        return [
            self.document,
            self.table,
            kind,
            self.label,
            self.model,
            self.origin,
            self.dataset,
            shared,
            figures,
            self.remark,
        ]


@dataclass
class Grid:
    """An ablation table: its lines by label, and which line changes what against which."""

    lines: dict[str, Line] = field(default_factory=dict)
    changes: list[list[str]] = field(default_factory=list)

    def line(self, wanted: Line, figures: dict[tuple[str, str], str]) -> str:
        """The name of the line that these figures belong to; another when the one of that label says otherwise."""
        label, number = wanted.label, 1
        while label in self.lines and any(
            self.lines[label].figures.get(place, text) != text for place, text in _placed(figures).items()
        ):
            number += 1
            label = f"{wanted.label} [{number}]"
        if label not in self.lines:
            self.lines[label] = wanted
            wanted.label = label
        self.lines[label].figures.update(_placed(figures))
        return label


def _placed(figures: dict[tuple[str, str], str]) -> dict[str, str]:
    return {f"{metric}@@{dataset}": text for (metric, dataset), text in figures.items()}
