"""What the pages for users print: their commands, the output below each, and the marks that say how a block is run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
#: Why a block may stay unrun: the word after `not run:`, and what it means.
REASONS = {
    "network": "asks a server that the tests have no stand-in for",
    "GPU": "needs a GPU, or several machines",
    "PostgreSQL": "needs a server; tests/catalogue has its own",
    "audio": "needs a corpus, a checkpoint or hours of training; tests/model runs these commands on small ones",
    "server": "answers until it is ended; tests/site/desk and tests/browser speak with it",
    "other program": "is no command of litdb",
}
_MARK = re.compile(r"^<!-- (not run|file): (.+) -->$")
_SPAN = re.compile(r"(?<!`)`litdb ([^`\n]+)`(?!`)")


@dataclass(frozen=True, slots=True)
class Command:
    """A line after `$ `, and the lines printed below it: lines `shown` of the page, from `first` on."""

    line: str
    shown: tuple[str, ...]
    first: int

    @property
    def words(self) -> list[str]:
        """The words of the command; a remark after # is none."""
        return shlex.split(self.line, comments=True)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the number of its first line inside the fence, its lines and the mark above it."""

    language: str
    first: int
    lines: tuple[str, ...]
    mark: str = ""
    value: str = ""

    def commands(self) -> Iterator[Command]:
        """The commands of a console block, each with what the page shows of its output."""
        starts = [place for place, line in enumerate(self.lines) if line.startswith("$ ")]
        for start, stop in zip(starts, [*starts[1:], len(self.lines)], strict=True):
            end = start
            while self.lines[end].endswith("\\"):
                end += 1
            said = " ".join(part.removesuffix("\\").strip() for part in self.lines[start : end + 1])
            shown = list(self.lines[end + 1 : stop])
            while shown and not shown[-1].strip():
                shown.pop()
            yield Command(said.removeprefix("$ "), tuple(shown), self.first + end + 1)


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page."""
    lines, found, place = text.split("\n"), [], 0
    while place < len(lines):
        if not lines[place].startswith("```"):
            place += 1
            continue
        end = next(n for n in range(place + 1, len(lines)) if lines[n].startswith("```"))
        mark = _MARK.match(lines[place - 1]) if place else None
        named = (mark[1], mark[2]) if mark else ("", "")
        found.append(Block(lines[place][3:].strip(), place + 1, tuple(lines[place + 1 : end]), *named))
        place = end + 1
    return found


def outside(text: str) -> str:
    """A page without its fenced blocks."""
    inside = {n for block in blocks(text) for n in range(block.first - 1, block.first + len(block.lines) + 1)}
    return "\n".join(line for number, line in enumerate(text.split("\n")) if number not in inside)


def spans(text: str) -> list[list[str]]:
    """The commands in running text, `litdb ...` between backticks, as words without `litdb`."""
    return [shlex.split(found.replace("'", "’")) for found in _SPAN.findall(outside(text))]


def agrees(shown: Sequence[str], said: Sequence[str]) -> bool:
    """Whether what a page shows is what a command said; `...` alone on a line stands for any lines."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) == 1:
        return parts[0] == list(said)
    first, *middle, last = parts
    end = len(said) - len(last)
    if list(said[: len(first)]) != first or end < len(first) or list(said[end:]) != last:
        return False
    place = len(first)
    for part in middle:
        starts = range(place, end - len(part) + 1)
        here = next((n for n in starts if list(said[n : n + len(part)]) == part), None)
        if here is None:
            return False
        place = here + len(part)
    return True


def renewed(shown: Sequence[str], said: Sequence[str]) -> list[str]:
    """What the page is to show now: as many lines as before at both ends where it left some out, else all."""
    gaps = [place for place, line in enumerate(shown) if line.strip() == "..."]
    if not gaps:
        return list(said)
    head, tail = gaps[0], len(shown) - gaps[-1] - 1
    if head + tail >= len(said):
        return list(said)
    return [*said[:head], "...", *said[len(said) - tail :]]
