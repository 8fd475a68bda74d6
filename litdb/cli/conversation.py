"""The conversation of `litdb review`: what a line asks for, and how a table is shown. No terminal, no database."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from litdb.api import Waiting, WaitingDecision, WaitingTable
from litdb.errors import UsageError
from litdb.report.escape import terminal, width

Verb = Literal["accept", "reject", "correct", "other", "skip", "undo", "why", "keep", "drop", "help", "quit"]

_VERBS: dict[str, Verb] = {
    "a": "accept", "accept": "accept", "r": "reject", "reject": "reject", "c": "correct", "correct": "correct",
    "o": "other", "other": "other", "s": "skip", "skip": "skip", "n": "skip", "next": "skip", "u": "undo", "undo": "undo", "w": "why", "why": "why",
    "k": "keep", "keep": "keep", "d": "drop", "drop": "drop", "h": "help", "help": "help", "?": "help",
    "q": "quit", "quit": "quit",
}  # fmt: skip

HELP = """\
a            accept all marked readings of the table      r            reject them
a 3          accept reading 3 (also 3-6,9)                r 3          reject reading 3
a row 5      accept the readings of row 5                 r row 5      reject them
c 3 3.37     correct the value of reading 3               c 3-6 model="Foo" metric=CSIG dataset=vbd (also c row 5 ...)
o            take "or is it so: ...?" for the whole table: it is read so from now on
w 3          why reading 3 is believed to be that         s            skip the table
u            take the last step back                      q            stop; what was decided is stored
A reason may follow after '#': a 3 # checked in the PDF"""

DECISION_HELP = """\
k            make the decision again for what the cell says now
d            drop the decision: it no longer applies
s            skip it      u  take the last step back      q  stop
A reason may follow after '#'."""

_CHANGES = ("value", "metric", "dataset", "model")


@dataclass(frozen=True, slots=True)
class Order:
    """What a line asks for. `numbers` count the table's readings from 1; none of them and no `row` means all."""

    verb: Verb
    numbers: tuple[int, ...] = ()
    row: int | None = None
    changes: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def understand(line: str) -> Order:
    """The order in a line. Raises UsageError that says what can be typed."""
    text, _, reason = line.partition("#")
    reason = reason.strip()
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"{text.strip()!r}: a quotation mark is missing") from error
    if not words:
        return Order("help")
    verb = _VERBS.get(words[0].lower())
    if verb is None:
        raise UsageError(f"{words[0]!r} is no command here: h lists them")
    rest = words[1:]
    if verb == "correct":
        return _correction(rest, reason)
    if verb in ("accept", "reject", "why") and rest:
        if rest[0].lower() == "row" and len(rest) == 2 and rest[1].isdigit():
            return Order(verb, row=int(rest[1]), reason=reason)
        return Order(verb, _numbers(" ".join(rest)), reason=reason)
    if rest:
        raise UsageError(f"{words[0]} takes no {' '.join(rest)!r}: h says what can be typed")
    if verb == "why":
        raise UsageError("say which reading: w 3")
    return Order(verb, reason=reason)


def _correction(rest: Sequence[str], reason: str) -> Order:
    row = int(rest[1]) if len(rest) > 1 and rest[0].lower() == "row" and rest[1].isdigit() else None
    words = rest[1:] if row is None else rest[2:]
    if not words:
        raise UsageError("say which reading and what is right: c 3 3.37, or c row 5 model=Foo")
    numbers = _numbers(rest[0]) if row is None else ()
    changes: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            name, value = "value", word
        if name not in _CHANGES or name in changes or not value:
            raise UsageError(f"{word!r}: write {', '.join(f'{n}=...' for n in _CHANGES)}, each once")
        changes[name] = value
    if "value" in changes and len(numbers) != 1:
        raise UsageError("values are corrected one at a time")
    return Order("correct", numbers, row, changes, reason)


def _numbers(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in re.split(r"[,\s]+", text.strip()):
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part)
        if match is None:
            raise UsageError(f"{part!r} is no number of a reading: write 3, 3-6 or 3,5")
        last = int(match[2] or match[1])
        if not 1 <= int(match[1]) <= last or last - int(match[1]) > 10_000:
            raise UsageError(f"{part!r} is no range of readings")
        found.extend(range(int(match[1]), last + 1))
    return tuple(dict.fromkeys(found))


def chosen(order: Order, table: WaitingTable, open_keys: Sequence[str]) -> list[Waiting]:
    """The readings that an order means; without numbers or row, those that still wait.

    Raises UsageError for numbers and rows that the table does not have.
    """
    if order.row is not None:
        found = [r for r in table.readings if r.row == order.row - 1 and r.key in open_keys]
        if not found:
            raise UsageError(f"row {order.row} has no reading that waits")
        return found
    if not order.numbers:
        return [r for r in table.readings if r.key in open_keys]
    if max(order.numbers) > len(table.readings):
        raise UsageError(f"there is no reading {max(order.numbers)}: they go from 1 to {len(table.readings)}")
    return [table.readings[number - 1] for number in order.numbers]


# --- showing ----------------------------------------------------------------------------------------------


def shown(table: WaitingTable, open_keys: Sequence[str], columns: int = 120) -> str:
    """The table as it stood, its waiting readings marked with their numbers, and what is believed of each."""
    lines = [f"{table.title or table.paper}: {table.source}"]
    if table.caption:
        lines.append(_cut(table.caption, 2 * columns))
    marks: dict[tuple[int, int], list[str]] = {}
    for number, reading in enumerate(table.readings, 1):
        if reading.key in open_keys and reading.row is not None and reading.column is not None:
            marks.setdefault((reading.row, reading.column), []).append(str(number))
    lines += _grid(table.rows, marks, columns)
    waiting = [(number, r) for number, r in enumerate(table.readings, 1) if r.key in open_keys]
    shared = set.intersection(*(set(r.doubts) for _, r in waiting)) if len(waiting) > 1 else set()
    lines += [f"  all: {doubt}" for doubt in sorted(shared)]
    lines += [f"  [{number}] {_believed(reading, shared)}" for number, reading in waiting]
    return "\n".join(terminal_lines(lines))


def terminal_lines(lines: Sequence[str]) -> list[str]:
    """Lines with nothing that a terminal would obey; leading blanks and those between columns stay."""
    return [
        "".join(part if part.isspace() else terminal(part) for part in re.split(r"( +)", line))
        for line in lines
    ]


def _grid(
    rows: Sequence[Sequence[str]], marks: Mapping[tuple[int, int], Sequence[str]], columns: int
) -> list[str]:
    if not rows:
        return []
    texts = [
        [
            str(r + 1),
            *(_marked(text, marks.get((r, c), ()), 32 if c == 0 else 20) for c, text in enumerate(row)),
        ]
        for r, row in enumerate(rows)
    ]
    widths = [max(width(row[c]) for row in texts if c < len(row)) for c in range(max(map(len, texts)))]
    lines = [
        "  ".join(cell + " " * (widths[c] - width(cell)) for c, cell in enumerate(row)).rstrip()
        for row in texts
    ]
    return [_cut(line, max(columns, 40)) if not _has_mark(line) else line for line in lines]


def _has_mark(line: str) -> bool:
    return bool(re.search(r"\[\d+(?:,\d+)*\]", line))


def _marked(text: str, numbers: Sequence[str], longest: int) -> str:
    text = _cut(terminal(text), longest)
    return f"{text} [{','.join(numbers)}]" if numbers else text


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _believed(reading: Waiting, said: Collection[str] = ()) -> str:
    where = f" on {reading.dataset}" if reading.dataset else ""
    doubts = "; ".join(doubt for doubt in reading.doubts if doubt not in said)
    return (
        f"{reading.model}: {reading.metric}{where} = {reading.printed}  ({reading.origin}, {reading.confidence:.2f})"
        + (f"  {doubts}" if doubts else "")
    )


def explained(reading: Waiting) -> str:
    """All that is known of one reading, a line a reason."""
    lines = [_believed(reading), f"  label {reading.label}; key {reading.key[:12]}"]
    lines += [f"  {reason}" for reason in (*reading.reasons, *reading.flags)]
    return "\n".join(terminal_lines(lines))


def shown_decision(waiting: WaitingDecision) -> str:
    """A decision that waits, with what its cell said and says."""
    lines = [
        f"Decision {waiting.uid[:8]} ({waiting.kind}, {waiting.who}, {waiting.made_at.date()}): {waiting.about}",
        f"  {waiting.why}",
        f"  its reason was: {waiting.reason}"
        + (f"; it set {waiting.detail}" if waiting.detail != "{}" else ""),
    ]
    return "\n".join(terminal_lines(lines))


def left(readings: int, tables: int, decisions: int) -> str:
    """How much waits, in words."""
    parts = []
    if decisions:
        parts.append(f"{decisions} decision{'s' * (decisions != 1)}")
    parts.append(
        f"{readings} reading{'s' * (readings != 1)} in {tables} table{'s' * (tables != 1)}"
        if readings
        else "no reading"
    )
    return " and ".join(parts) + " left"
