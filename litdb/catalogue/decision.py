"""What can be decided, one type a kind.

A decision is stored as its kind, its target and a JSON text, the detail. The types below say what each detail holds;
:func:`from_json` is the only reader of that text and :meth:`Decided.to_json` its only writer. A decision is in force
until an `undo` names it, or somebody who did not know it decided otherwise: :mod:`litdb.catalogue.views.in_force` is the
only place that says so.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from litdb.catalogue.database.json_fields import READ
from litdb.catalogue.database.schema import DecisionRow
from litdb.catalogue.kinds.base import JSON_NAMES
from litdb.catalogue.kinds.base import Decided as Decided
from litdb.catalogue.kinds.field import PlaceInFamily as PlaceInFamily
from litdb.catalogue.kinds.field import RunSurvey as RunSurvey
from litdb.catalogue.kinds.field import RunWatch as RunWatch
from litdb.catalogue.kinds.field import Screen as Screen
from litdb.catalogue.kinds.field import StartSurvey as StartSurvey
from litdb.catalogue.kinds.field import StartWatch as StartWatch
from litdb.catalogue.kinds.field import WriteNote as WriteNote
from litdb.errors import CatalogueError
from litdb.evidence.tries import OUTCOMES


@dataclass(frozen=True, slots=True)
class Accept(Decided):
    """The reading (target: its key) is right."""

    kind: ClassVar[str] = "accept"


@dataclass(frozen=True, slots=True)
class Reject(Decided):
    """The reading (target: its key) is wrong, and is shown nowhere."""

    kind: ClassVar[str] = "reject"


@dataclass(frozen=True, slots=True)
class Correct(Decided):
    """The reading (target: its key) is right when these fields are changed; None leaves a field as it was read.

    `metric` is a canonical spelling, `dataset` an id ('' for a quantity that needs no test set), `model` a key. `value`
    is in the unit of the quantity, `printed` the text it was given as and `resolution` the step of its last digit.
    """

    kind: ClassVar[str] = "correct"
    metric: str | None = None
    dataset: str | None = None
    model: str | None = None
    value: float | None = None
    printed: str | None = None
    resolution: float | None = None


@dataclass(frozen=True, slots=True)
class ReadAs(Decided):
    """The `table` (its place in the document, from 1) of the file (target: its sha256) is to be read by the interpretation
    of those words."""

    kind: ClassVar[str] = "read as"
    table: int
    layout: str


@dataclass(frozen=True, slots=True)
class Resolve(Decided):
    """A conflict (target: its number) is settled: the reading `keep`, printed as `value`, stands; without it, all do.

    `known` are the fingerprints of the values that were in conflict then.
    """

    kind: ClassVar[str] = "resolve"
    model: str
    metric: str
    dataset: str
    known: tuple[str, ...] = ()
    keep: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        if (self.keep is None) != (self.value is None):
            raise ValueError("'keep' and 'value' go together")


@dataclass(frozen=True, slots=True)
class Suppress(Decided):
    """A finding of the audit (target: `CODE:TARGET`), about the model of that key, is known and may stand."""

    kind: ClassVar[str] = "suppress"
    model: str


@dataclass(frozen=True, slots=True)
class Alias(Decided):
    """`name` (target: its folded form) means the model of key `model` in the paper `scope`, or everywhere ('').

    `before` is the source of the same name of the same model that this decision confirmed; undoing gives it back.
    """

    kind: ClassVar[str] = "alias"
    name: str
    model: str
    scope: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Unify(Decided):
    """The model (target: its key) is the same as the model of key `into`, which stays."""

    kind: ClassVar[str] = "unify"
    into: str


@dataclass(frozen=True, slots=True)
class Declare(Decided):
    """The checkpoint (target: its key) stands for its model from `date` on, or from the day this was decided."""

    kind: ClassVar[str] = "declare"
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class DeclareGroup(Decided):
    """The checkpoints of keys `members`, of runs that differ in their seed, stand together for the model (target: its key).

    `omitted` are runs of the same recipe that were left out, each with the reason: `RUN: reason`.
    """

    kind: ClassVar[str] = "group"
    members: tuple[str, ...]
    omitted: tuple[str, ...] = ()
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RemoveRun(Decided):
    """The own run (target: its key) counts no more: none of its values is shown."""

    kind: ClassVar[str] = "remove"


@dataclass(frozen=True, slots=True)
class StateFact(Decided):
    """The model (target: its key) has the component, as `source` states; or, not `stated`, does not have it after all.

    `item` is family, technique or training, or a topic of :mod:`litdb.values.description`, and then `component` is what the
    source says in words.
    """

    kind: ClassVar[str] = "fact"
    component: str
    item: str
    stated: bool
    source: str | None = None
    remark: str | None = None

    def __post_init__(self) -> None:
        if self.stated and self.source is None:
            raise ValueError("it has no 'source'")


@dataclass(frozen=True, slots=True)
class Replace(Decided):
    """The reading (target: its key) was recorded anew; printed texts and values before and after.

    Protocols are given in words, where they changed.
    """

    kind: ClassVar[str] = "replace"
    was: str
    was_value: float | None
    now: str
    now_value: float | None
    was_protocol: str | None = None
    now_protocol: str | None = None


@dataclass(frozen=True, slots=True)
class GoOn(Decided):
    """The checkpoint (target: its key) is a later state of its run, which went on: epoch and hash before and after."""

    kind: ClassVar[str] = "go on"
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Try(Decided):
    """One `change` is to be tried on the model (target: its key); the reason of the decision is the hypothesis.

    `evidence` are keys of readings that it rests on, `components` ids of the vocabulary, `base` the run that is changed.
    """

    kind: ClassVar[str] = "try"
    change: str
    evidence: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    base: str | None = None


@dataclass(frozen=True, slots=True)
class EndTry(Decided):
    """The try of that number, on the model (target: its key), came out so, as `run` tested; the reason says how."""

    kind: ClassVar[str] = "outcome"
    tried: str
    outcome: str
    run: str | None = None

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"its 'outcome' is not {' or '.join(OUTCOMES)}")


@dataclass(frozen=True, slots=True)
class Undo(Decided):
    """The decision (target: its uid) is taken back."""

    kind: ClassVar[str] = "undo"


_TYPES: tuple[type[Decided], ...] = (
    Accept, Reject, Correct, ReadAs, Resolve, Suppress, Alias, Unify, Declare, DeclareGroup, RemoveRun, StateFact, Replace, GoOn, Try, EndTry,
    StartSurvey, RunSurvey, Screen, PlaceInFamily, WriteNote, StartWatch, RunWatch, Undo,
)  # fmt: skip
_OF_KIND = {decided.kind: decided for decided in _TYPES}
#: Every kind of decision.
KINDS = tuple(_OF_KIND)
#: The kinds that are about what one reading says.
ON_READING = (Accept, Reject, Correct)


def from_json(kind: str, text: str) -> Decided:
    """What a decision of that kind and detail says.

    Raises CatalogueError for an unknown kind and for a detail that litdb does not write.
    """
    decided = _OF_KIND.get(kind)
    if decided is None:
        raise CatalogueError(
            f"{kind!r:.40} is no kind of decision that this litdb knows: use the litdb that made it, "
            "or restore a backup"
        )
    try:
        return decided(**_fields(decided, text))
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise CatalogueError(
            f"the detail of a decision of kind {kind} cannot be used, {reason:.200}: restore a backup, "
            "or load a dump"
        ) from error


def _fields(decided: type[Decided], text: str) -> dict[str, Any]:
    """The fields of a kind from its JSON. Raises ValueError, RecursionError."""
    detail = json.loads(text)
    if not isinstance(detail, dict):
        raise ValueError("it is not a JSON object")
    found = {}
    for spec in dataclasses.fields(decided):
        name = JSON_NAMES.get(spec.name, spec.name)
        optional = spec.default is not dataclasses.MISSING
        if name in detail:
            value = detail.pop(name)
            if optional and value is None:
                raise ValueError(f"its {name!r} is null")
            found[spec.name] = READ[str(spec.type)](name, value)
        elif not optional:
            raise ValueError(f"it has no {name!r}")
    if detail:
        raise ValueError(f"it has an unknown {next(iter(detail))!r:.40}")
    return found


What = TypeVar("What", bound=Decided, covariant=True)


@dataclass(frozen=True, slots=True)
class Made(Generic[What]):
    """A decision as it was made: what, about which target, by whom, when and why.

    `printed` is what the cell of its reading said then ('' for what is not about a reading).
    """

    uid: str
    what: What
    target: str
    printed: str
    reason: str
    who: str
    made_at: dt.datetime


#: The columns of the table `decision` from which :func:`made` makes a decision, in its order.
COLUMNS = (
    DecisionRow.uid, DecisionRow.kind, DecisionRow.detail, DecisionRow.target, DecisionRow.printed, DecisionRow.reason, DecisionRow.who,
    DecisionRow.made_at,
)  # fmt: skip


def made(row: Sequence[Any]) -> Made[Decided]:
    """A decision from its :data:`COLUMNS`. Raises CatalogueError, with the decision's number, for a damaged one."""
    uid, kind, detail, target, printed, reason, who, made_at = row
    try:
        what = from_json(kind, detail)
    except CatalogueError as error:
        raise CatalogueError(f"decision {uid[:8]}: {error}") from error
    return Made(uid, what, target, printed, reason, who, made_at)


#: The order in which decisions were made, whatever the clocks said; the same in every copy of a catalogue.
ORDER = (DecisionRow.sequence, DecisionRow.uid)
