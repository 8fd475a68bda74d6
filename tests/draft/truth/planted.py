"""The faults that were planted in a draft: written before the first rule of `litdb check`, and not changed to please one.

A fault is some lines of a file (its anchor) and the lines that are right. `also` are other places at which a check may
report it, such as the caption of a table that lacks a row.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault: its rules (any of them may find it), where it stands, and what would be right."""

    id: str
    rules: tuple[str, ...]
    file: str
    anchor: str
    what: str
    corrected: str
    also: tuple[tuple[str, str], ...]

    def places(self, draft: Path) -> dict[str, set[int]]:
        """The lines by file at which finding it counts."""
        found: dict[str, set[int]] = {}
        for file, words in ((self.file, self.anchor), *self.also):
            text = (draft / file).read_text(encoding="utf-8")
            at = text.index(words)
            first = text.count("\n", 0, at) + 1
            lines = set(range(first, first + words.count("\n") + 1))
            if file.endswith(".bib"):  # a finding about an entry stands where the entry begins
                lines.add(text.count("\n", 0, text.rfind("@", 0, at + len(words))) + 1)
            found.setdefault(file, set()).update(lines)
        return found


def planted(folder: Path = HERE) -> list[Planted]:
    """The faults of a folder with a `paper` and a `faults.tsv`."""
    with (folder / "faults.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Planted(
            row["id"], tuple(row["rules"].split(",")), row["file"], _lines(row["anchor"]), row["what"],
            _lines(row["corrected"]), tuple(_also(row["also"])),
        )
        for row in rows
    ]  # fmt: skip


def _lines(text: str) -> str:
    return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")


def _also(text: str) -> Iterator[tuple[str, str]]:
    for item in filter(None, text.split(" | ")):
        file, words = item.split(":", 1)
        yield file, words


def corrected(into: Path, folder: Path = HERE) -> Path:
    """Write the draft with all faults mended under `into`; its main file."""
    shutil.copytree(folder / "paper", into, dirs_exist_ok=True)
    for fault in planted(folder):
        path = into / fault.file
        text = path.read_text(encoding="utf-8")
        if text.count(fault.anchor) != 1:
            raise ValueError(f"{fault.id}: its lines stand {text.count(fault.anchor)} times in {fault.file}")
        path.write_text(text.replace(fault.anchor, fault.corrected), encoding="utf-8")
    return next(iter(sorted(into.glob("*.tex"))))
