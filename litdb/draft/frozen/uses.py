r"""Where a draft prints a value: by its macro, by hand in a sentence, or in a cell of a table of its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.draft.finding import DraftPlace
from litdb.report.escape import clean
from litdb.sources.files import files_of, read_bytes

if TYPE_CHECKING:
    from litdb.draft.frozen.thaw import Thawed

_MACRO = re.compile(r"\\lit(?P<kind>val|cite|name)\s*\{(?P<name>[^{}\\]{1,200})\}")
_INPUT = re.compile(
    r"\\(?:input|include|includegraphics)\s*(?:\[[^\]]{0,200}\])?\s*\{(?P<name>[^{}]{1,300})\}"
)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_END = re.compile(r"[.!?](?=\s+(?:[A-Z\\$(]|$))|\n[ \t]*\n")
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class UsedMacro:
    """A macro or an included file in a draft: its name and the sentence around it; `kind` is val, cite, name or ''."""

    name: str
    place: DraftPlace
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DraftUses:
    """The macros that a draft uses, and the files that it includes."""

    macros: tuple[UsedMacro, ...] = ()
    included: tuple[UsedMacro, ...] = ()

    @property
    def values(self) -> tuple[UsedMacro, ...]:
        """The values that are printed by name."""
        return tuple(one for one in self.macros if one.kind == "val")

    @classmethod
    def read(cls, place: Path) -> DraftUses:
        """The uses in a LaTeX project. Raises InputError for one that cannot be read."""
        macros: list[UsedMacro] = []
        included: list[UsedMacro] = []
        for name, text in _texts(place):
            macros += _found(_MACRO, name, text)
            included += _found(_INPUT, name, text)
        return cls(tuple(macros), tuple(included))

    def of(self, change: Thawed) -> tuple[DraftPlace, ...]:
        """Where a value that changed is printed: its macro, or the table or figure that it stands in."""
        if change.macro:
            wanted = (change.macro, f"{change.macro}.spread")
            return tuple(dict.fromkeys(one.place for one in self.macros if one.name in wanted))
        return self.including(change.where)

    def including(self, name: str) -> tuple[DraftPlace, ...]:
        """Where a file is included, by its whole name or without its ending."""
        wanted = (name, name.rpartition(".")[0])
        return tuple(one.place for one in self.included if one.name.removeprefix("./") in wanted)


def _texts(place: Path) -> Iterator[tuple[str, str]]:
    """The LaTeX files of a project, without their comments (in which a line stays a line)."""
    for name, data in files_of(place, read_bytes(place)).items():
        if name.endswith((".tex", ".ltx")):
            text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
            yield name, _COMMENT.sub(r"\1", text.replace("\r\n", "\n"))


def _found(pattern: re.Pattern[str], file: str, text: str) -> Iterator[UsedMacro]:
    ends = [match.end() for match in _END.finditer(text)]
    for match in pattern.finditer(text):
        at = bisect_right(ends, match.start())
        start, end = ends[at - 1] if at else 0, ends[at] if at < len(ends) else len(text)
        words = clean(text[max(start, match.start() - _LONGEST) : min(end, match.end() + _LONGEST)])
        kind = match.groupdict().get("kind", "")
        yield UsedMacro(
            match["name"].strip(), DraftPlace(file, text.count("\n", 0, match.start()) + 1, words), kind
        )
