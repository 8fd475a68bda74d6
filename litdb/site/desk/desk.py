"""What is done at the desk: the queue of `litdb review`, one verb of the catalogue for each button, and steps back.

All of it is called by one thread at a time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.errors import LitdbError, NotFound, UsageError
from litdb.values.names import digest

if TYPE_CHECKING:
    from litdb.api import Catalogue, PrintedTable, Queue, Waiting, WaitingDecision, WaitingTable

#: What can be corrected.
CHANGES = ("value", "metric", "dataset", "model")
#: The longest words that are taken in one field.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class DeskStep:
    """What one button did: in words, on which page, by which decisions (none where it cannot be taken back)."""

    done: str
    page: str
    uids: tuple[str, ...]


@dataclass(frozen=True)
class DeskTable:
    """A table that waits, under the name of its page."""

    table: WaitingTable

    @cached_property
    def name(self) -> str:
        """The name of its page, the same as long as something of it waits, and when it is read again."""
        table = self.table
        return digest(table.paper, table.source, table.url, table.caption)[:16]

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"/desk/table/{self.name}"

    @property
    def marks(self) -> dict[tuple[int, int], list[int]]:
        """The numbers of the readings that wait, by the row and column of their cell."""
        found: dict[tuple[int, int], list[int]] = {}
        for number, reading in enumerate(self.table.readings, 1):
            if reading.row is not None and reading.column is not None:
                found.setdefault((reading.row, reading.column), []).append(number)
        return found

    @property
    def shared(self) -> list[str]:
        """The doubts that all its readings have."""
        first, *others = self.table.readings
        return [d for d in first.doubts if all(d in other.doubts for other in others)] if others else []

    @property
    def shown(self) -> str:
        """A word for all that its page shows, so that only what was seen is decided."""
        said = ((r.key, r.model, r.metric, r.dataset, r.printed) for r in self.table.readings)
        return digest(self.table.offered, *(part for parts in said for part in parts))[:16]

    @property
    def sure(self) -> float:
        """The least confidence among its readings."""
        return min(reading.confidence for reading in self.table.readings)

    def by_row(self) -> list[tuple[int | None, list[tuple[int, Waiting]]]]:
        """The readings with their numbers, in groups by row."""
        groups: dict[int | None, list[tuple[int, Waiting]]] = {}
        for number, reading in enumerate(self.table.readings, 1):
            groups.setdefault(reading.row, []).append((number, reading))
        return list(groups.items())


@dataclass(slots=True)
class Desk:
    """An open catalogue, what waits in it, and the steps taken here so far."""

    catalogue: Catalogue
    steps: list[DeskStep] = field(default_factory=list)
    _queue: Queue | None = None
    _seen: tuple[object, ...] = ()

    def queue(self) -> Queue:
        """What waits now; asked again only when the catalogue has changed."""
        state = _state(self.catalogue.place)
        if self._queue is None or not state or state != self._seen:
            self._queue, self._seen = self.catalogue.review(), state
        return self._queue

    def tables(self, paper: str = "", only: str = "") -> list[DeskTable]:
        """The tables that wait, of all papers or of one; `only` is `self` or `quoted`. Raises NotFound, UsageError."""
        queue = self.catalogue.review(paper or None, only=only or None) if paper or only else self.queue()
        return [DeskTable(table) for table in queue.tables]

    def table(self, name: str) -> DeskTable:
        """The table of a page. Raises NotFound when nothing of it waits."""
        found = next((one for one in self.tables() if one.name == name), None)
        if found is None:
            raise NotFound("nothing of this table waits any more: it was decided, here or by `litdb review`")
        return found

    def after(self, name: str) -> str:
        """The page to go to when a table is done with: the next that waits, else the list."""
        names = [one.name for one in self.tables()]
        place = names.index(name) + 1 if name in names else 0
        return f"/desk/table/{names[place]}" if place < len(names) else "/desk/"

    def printed(self, table: DeskTable) -> PrintedTable | str:
        """The table as its paper has it, or why it cannot be shown."""
        try:
            return self.catalogue.printed_table(table.table.readings[0].key)
        except LitdbError as error:
            return str(error)

    def picture(self, table: DeskTable) -> bytes:
        """The page of its PDF around the table, as PNG. Raises LitdbError where it cannot be shown."""
        return self.catalogue.table_picture(table.table.readings[0].key)

    def decision(self, uid: str) -> WaitingDecision:
        """A decision that waits. Raises NotFound."""
        found = next((one for one in self.queue().decisions if one.uid == uid), None)
        if found is None:
            raise NotFound("this decision waits no more: it was made again or dropped")
        return found

    # --- deciding -----------------------------------------------------------------------------------------

    def decide(self, name: str, fields: Mapping[str, Sequence[str]]) -> str:
        """Carry out what the form of a table asks; returns the page to go to.

        Raises UsageError that says what to choose, NotFound for readings that wait no more, and what the verbs raise.
        """
        table = self.table(name)
        act, reason = _one(fields, "act"), _one(fields, "reason")
        if _one(fields, "shown") != table.shown:
            raise NotFound("the table has changed since it was shown: nothing was changed; look at it again")
        if act == "other":
            return self._other(table, reason)
        verb, _, which = act.partition(" ")
        readings, how = _chosen(table, which, fields.get("reading", ()))
        keys = [reading.key for reading in readings]
        about = f"{len(keys)} of {table.table.source}"
        behind = self.after(name)
        if verb == "accept":
            uids = self.catalogue.accept_all(keys, reason or f"reviewed {how}")
        elif verb == "reject":
            uids = self.catalogue.reject_all(keys, reason or f"reviewed {how}")
        elif verb == "correct":
            changes = {what: text for what in CHANGES if (text := _one(fields, what))}
            if not changes:
                raise UsageError("say what is right: a value, a metric, a test set or a model")
            if "value" in changes and len(keys) != 1:
                raise UsageError("values are corrected one at a time: choose one reading")
            uids = self.catalogue.correct_all(
                keys,
                reason or "corrected in review",
                value=changes.get("value"),
                metric=changes.get("metric"),
                dataset=changes.get("dataset"),
                model=changes.get("model"),
            )
        else:
            raise UsageError("say what to do: accept, reject or correct")
        self._did(f"{verb}ed {about}", table.page, uids)
        return table.page if any(one.name == name for one in self.tables()) else behind

    def _other(self, table: DeskTable, reason: str) -> str:
        layout = table.table.offered
        if not layout:
            raise UsageError("no other interpretation of this table is likely: accept, reject or correct")
        keys = [reading.key for reading in table.table.readings]
        behind = self.after(table.name)
        uid = self.catalogue.read_as(keys, layout, reason=reason or "chosen in review")
        self._did(f"read {table.table.source} so: {layout}", table.page, [uid])
        return table.page if any(one.name == table.name for one in self.tables()) else behind

    def settle(self, uid: str, fields: Mapping[str, Sequence[str]]) -> str:
        """Make a decision again for what its cell says now, or drop it; returns the page to go to. Raises UsageError."""
        waiting = self.decision(uid)
        act, reason = _one(fields, "act"), _one(fields, "reason")
        if act == "keep":
            uids = self.catalogue.renew(uid, reason=reason or waiting.reason)
            self._did(f"made {waiting.kind} {uid[:8]} again", f"/desk/decision/{uid}", uids)
        elif act == "drop":
            self.catalogue.undo_all([uid], reason=reason or "no longer applies")
            self._did(f"dropped {waiting.kind} {uid[:8]}", "/desk/", [])
        else:
            raise UsageError("say what to do: make it again, or drop it")
        return "/desk/"

    def undo(self) -> str:
        """Take the last step back; returns its page. Raises UsageError where there is none, or none that can be."""
        if not self.steps:
            raise UsageError(
                "nothing was done here yet that could be taken back: `litdb undo` knows all decisions"
            )
        step = self.steps[-1]
        if not step.uids:
            raise UsageError(
                "a dropped decision is not brought back: decide anew with `litdb correct` or `litdb accept`"
            )
        self.catalogue.undo_all(step.uids, reason="taken back in review")
        self.steps.pop()
        self._queue = None
        return step.page

    def _did(self, done: str, page: str, uids: Sequence[str]) -> None:
        self.steps.append(DeskStep(done, page, tuple(uids)))
        self._queue = None


def _chosen(table: DeskTable, which: str, keys: Sequence[str]) -> tuple[list[Waiting], str]:
    """The readings that a button means (`all`, `row 5`, `chosen`), and how they were chosen. Raises UsageError."""
    readings = table.table.readings
    if which == "all":
        return list(readings), "with its table"
    if which == "chosen":
        if not keys:
            raise UsageError("choose the readings that are meant, by the boxes beside them")
        found = [one for one in readings if one.key in keys]
        if len(found) != len(set(keys)):
            raise UsageError("some of these are no readings of this table")
        return found, "by cell"
    found = [one for one in readings if one.row is not None and which == f"row {one.row + 1}"]
    if not found:
        raise UsageError("say which readings are meant: all, a row that waits, or those chosen")
    return found, "by row"


def _one(fields: Mapping[str, Sequence[str]], name: str) -> str:
    values = fields.get(name, ())
    if len(values) > 1:
        raise UsageError(f"{name} is given {len(values)} times: once is enough")
    text = values[0].strip() if values else ""
    if len(text) > _LONGEST:
        raise UsageError(f"{name} is longer than {_LONGEST} characters: say it more shortly")
    return text


def _state(place: str) -> tuple[object, ...]:
    """What tells whether a catalogue's file was written; empty for a database on a server."""
    found: list[object] = []
    for name in (place, f"{place}-wal"):
        try:
            state = os.stat(Path(name))
        except (OSError, ValueError):
            continue
        found += [name, state.st_mtime_ns, state.st_size, state.st_ino]
    return tuple(found)
