"""`litdb review` and `litdb reextract`: going through what waits, and reading again."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.api import WaitingDecision, WaitingTable
from litdb.cli._shared import Db, Json, emit_json, family, open_catalogue, progress, say, warn
from litdb.cli.conversation import (
    DECISION_HELP,
    HELP,
    Order,
    chosen,
    explained,
    left,
    shown,
    shown_decision,
    understand,
)
from litdb.errors import LitdbError, UsageError

if TYPE_CHECKING:
    from litdb.api import Catalogue, Queue, Reread

app = family()


@app.command()
def review(
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="ID", help="Only what one paper says.")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="self|quoted", help="Own models of the papers, or what they quote."),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", "-r", metavar="TEXT", help="The reason kept with each decision.")
    ] = "",
    json: Json = False,
    db: Db = None,
) -> None:
    """Go through proposed readings table by table, and decisions whose cell changed.

    The table is shown as it stood, its waiting readings marked and numbered; `h` says what can be typed. Every step
    is stored at once as decisions that survive reading again. Lines from a pipe do the same; exit 1 when one of them
    could not be carried out.

    Example: litdb review --paper 2511.14515 --only self
    """
    with open_catalogue(db) as catalogue:
        queue = catalogue.review(paper, only=only)
        if json:
            emit_json({"left": queue.readings, "tables": queue.tables, "decisions": queue.decisions})
            return
        if not queue.tables and not queue.decisions:
            say("nothing waits for review; `litdb fetch` and `litdb ingest` bring new readings")
            return
        talk = _Talk(catalogue, queue, reason, paper=paper, only=only)
        try:
            talk.run()
        except KeyboardInterrupt:
            say()
            say(f"stopped; what was decided is stored, {talk.left()}")
            raise typer.Exit(130) from None
        say(talk.left())
    if talk.refused and not sys.stdin.isatty():
        raise typer.Exit(1)


@app.command()
def reextract(
    paper: Annotated[str | None, typer.Option("--paper", metavar="ID", help="Only this paper.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; store nothing.")] = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, help="Processes that read (default: one a core)."),
    ] = None,
    knowing: Annotated[
        bool | None,
        typer.Option(
            "--knowing/--shipped",
            help="Let the reader know the models and unprocessed rows that the catalogue holds, or only what litdb "
            "ships (default: as each document was last read).",
        ),
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Read all cached documents again with the present reader, and say what changed.

    Papers are stored one by one, so it may be stopped at any time; the same again changes nothing. Documents whose
    bytes are not in the cache are named. Exit code 1 when one could not be read.

    Example: litdb reextract --dry-run
    """
    outcomes: list[Reread] = []
    with open_catalogue(db) as catalogue:
        for outcome in progress(
            catalogue.reextract(paper, dry_run=dry_run, workers=workers, knowing=knowing), None, "reading"
        ):
            outcomes.append(outcome)
            if not json:
                _say_outcome(outcome)
    if json:
        emit_json(outcomes)
    else:
        _say_sum(outcomes, dry_run)
    if any(outcome.failures for outcome in outcomes):
        raise typer.Exit(1)


def _say_outcome(outcome: Reread) -> None:
    if outcome.new or outcome.gone or outcome.changed or outcome.waiting:
        say(
            f"{outcome.paper}: {len(outcome.new)} new, {len(outcome.gone)} gone, {len(outcome.changed)} changed"
        )
    for text in outcome.new:
        say(f"  new      {text}")
    for text in outcome.gone:
        say(f"  gone     {text}")
    for change in outcome.changed:
        say(f"  changed  {change.label}: {change.what}: {change.before} -> {change.after}")
    for text in outcome.waiting:
        say(f"  waits for review: {text}")
    for text in outcome.missing:
        warn(
            f"{outcome.paper}: {text} is not in the cache: `litdb fetch` or `litdb ingest` of it brings it back"
        )
    for text in (*outcome.findings, *outcome.failures):
        warn(f"{outcome.paper}: {text}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _say_sum(outcomes: list[Reread], dry_run: bool) -> None:
    counts = [
        sum(len(getattr(o, name)) for o in outcomes)
        for name in ("new", "gone", "changed", "waiting", "missing")
    ]
    new, gone, changed, waiting, missing = counts
    say(
        f"{_count(sum(o.documents for o in outcomes) - missing, 'document')} of {_count(len(outcomes), 'paper')} "
        "read again: "
        f"{new} readings new, {gone} gone, {changed} changed" + ("; nothing was stored" if dry_run else "")
    )
    if unaccepted := sum(o.unaccepted for o in outcomes):
        say(f"{_count(unaccepted, 'reading')} accepted before, proposed or gone now: `litdb review`")
    if waiting:
        say(f"{_count(waiting, 'decision')} to look at again: `litdb review`")


@dataclass(slots=True)
class _Step:
    """What one line did: where, to which readings, by which decisions (none that can be taken back: empty)."""

    position: int
    keys: tuple[str, ...]
    uids: tuple[str, ...]
    place: tuple[str, ...] = ()
    renewed: bool = False  # a table was read again by it


_Item = WaitingDecision | WaitingTable


def _place(item: _Item) -> tuple[str, ...]:
    """What is the same of something that waits before and after a document was read again."""
    return (
        (item.uid,)
        if isinstance(item, WaitingDecision)
        else (item.paper, item.source, item.url, item.caption)
    )


_PROMPTS = {
    WaitingDecision: "k/d/s/u/q/h> ",
    WaitingTable: "a/r/c/o/s/u/w/q/h> ",
    type(None): "all seen; u/q> ",
}


@dataclass(slots=True)
class _Talk:
    """The place in the queue, what is still open, and the steps so far."""

    catalogue: Catalogue
    queue: Queue
    reason: str
    at: int = 0
    paper: str | None = None
    only: str | None = None
    renewed: bool = False
    refused: int = 0
    open: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    steps: list[_Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.open = {reading.key for table in self.queue.tables for reading in table.readings}
        self.waiting = {decision.uid for decision in self.queue.decisions}

    def left(self) -> str:
        """How much waits, in words."""
        tables = sum(any(r.key in self.open for r in table.readings) for table in self.queue.tables)
        return left(len(self.open), tables, len(self.waiting))

    def run(self) -> None:
        """Until everything was seen, `q`, or the end of the input."""
        if self._items:
            say(self.left())
        while self.at < len(self._items) or self.steps:
            item = self._items[self.at] if self.at < len(self._items) else None
            if item is not None and not self._show(item):
                self.at += 1
                continue
            order = self._ask(_PROMPTS[type(item)])
            while order is not None and not self._do(order, item):
                order = self._ask(_PROMPTS[type(item)])
            if order is None or order.verb == "quit":
                return

    @property
    def _items(self) -> list[_Item]:
        return [*self.queue.decisions, *self.queue.tables]

    def _show(self, item: _Item) -> bool:
        """Show what is next; False when nothing of it is open."""
        if isinstance(item, WaitingDecision):
            if item.uid not in self.waiting:
                return False
            say()
            print(shown_decision(item))
            return True
        if not any(reading.key in self.open for reading in item.readings):
            return False
        say()
        print(shown(item, sorted(self.open), shutil.get_terminal_size((120, 40)).columns))
        return True

    def _ask(self, prompt: str) -> Order | None:
        """The next order that can be understood; None at the end of the input."""
        while True:
            if sys.stdin.isatty():
                try:
                    line = input(prompt)
                except EOFError:
                    return None
            else:
                line = sys.stdin.readline()
                if not line:
                    return None
            try:
                return understand(line)
            except UsageError as error:
                self._refuse(error)

    def _refuse(self, error: LitdbError) -> None:
        """Say why a line did nothing; whoever types reads it, of a pipe the exit code tells it."""
        warn(str(error))
        self.refused += 1

    def _do(self, order: Order, item: _Item | None) -> bool:
        """Carry an order out; True when the next thing is to be shown."""
        if order.verb == "quit":
            return True
        if order.verb == "skip" and item is not None:
            self.at += 1
            return True
        if order.verb == "help":
            print(DECISION_HELP if isinstance(item, WaitingDecision) else HELP)
            return False
        try:
            if order.verb == "undo":
                return self._undo()
            if isinstance(item, WaitingDecision):
                return self._settle(order, item)
            if item is None:
                raise UsageError("everything was seen: u takes the last step back, q ends")
            return self._decide(order, item)
        except LitdbError as error:
            self._refuse(error)
            return False

    def _decide(self, order: Order, table: WaitingTable) -> bool:
        if order.verb in ("keep", "drop"):
            raise UsageError("k and d are for decisions whose cell changed; here a, r and c decide")
        if order.verb == "other":
            return self._take_other(order, table)
        readings = chosen(order, table, sorted(self.open))
        if order.verb == "why":
            for reading in readings:
                print(explained(reading))
            return False
        keys = tuple(reading.key for reading in readings)
        if order.verb == "correct":
            reason = order.reason or self.reason or "corrected in review"
            uids = self.catalogue.correct_all(keys, reason, **order.changes)
        else:
            how = "by row" if order.row is not None else "by cell" if order.numbers else "with its table"
            reason = order.reason or self.reason or f"reviewed {how}"
            act = self.catalogue.accept_all if order.verb == "accept" else self.catalogue.reject_all
            uids = act(keys, reason)
        self._note(keys, uids, f"{order.verb}ed {len(keys)}")
        return True

    def _take_other(self, order: Order, table: WaitingTable) -> bool:
        """Have the table read by the next best interpretation, and go on with what waits of it then."""
        layout = table.offered
        if not layout:
            raise UsageError("no other interpretation of this table is likely: a, r and c decide")
        reason = order.reason or self.reason or "chosen in review"
        keys = tuple(reading.key for reading in table.readings)
        uid = self.catalogue.read_as(keys, layout, reason=reason)
        behind = [_place(item) for item in self._items[self.at :]]
        self._renew()
        self.steps.append(_Step(self.at, (), (uid,), _place(table), renewed=True))
        self.at = next(
            (at for at, item in enumerate(self._items) if _place(item) in behind), len(self._items)
        )
        say(f"read so: {layout}; {self.left()}")
        return True

    def _renew(self) -> None:
        """Ask again what waits, now that a table was read again."""
        self.queue = self.catalogue.review(self.paper, only=self.only)
        self.renewed = True
        self._begin()

    def _settle(self, order: Order, item: WaitingDecision) -> bool:
        if order.verb not in ("keep", "drop"):
            raise UsageError("this is a decision whose cell changed: k, d or s")
        if order.verb == "keep":
            uids = self.catalogue.renew(item.uid, reason=order.reason or self.reason or item.reason)
        else:
            self.catalogue.undo_all([item.uid], reason=order.reason or self.reason or "no longer applies")
            uids = []
        self.waiting.discard(item.uid)
        self._note((), uids, "made again" if order.verb == "keep" else "dropped")
        return True

    def _note(self, keys: tuple[str, ...], uids: list[str], done: str) -> None:
        self.steps.append(_Step(self.at, keys, tuple(uids), _place(self._items[self.at])))
        self.open -= set(keys)
        say(f"{done}; {self.left()}")

    def _undo(self) -> bool:
        if not self.steps:
            raise UsageError("nothing was done yet that could be taken back")
        step = self.steps[-1]
        if not step.uids:
            raise UsageError(
                "a dropped decision is not brought back: decide anew with `litdb correct` or `accept`"
            )
        self.catalogue.undo_all(step.uids, reason="taken back in review")
        self.steps.pop()
        if step.renewed or self.renewed:  # places have moved since
            self._renew()
            self.at = next((at for at, item in enumerate(self._items) if _place(item) == step.place), 0)
        else:
            self.open |= set(step.keys)
            self.at = step.position
        say(f"taken back; {self.left()}")
        return True
