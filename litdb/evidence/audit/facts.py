"""What the audit looks at, and what it finds: plain values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from litdb.values.value import Value

Severity = Literal["error", "warning", "note"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PaperFact:
    """A paper by its key. `year` is that of the first submission (of the arXiv id where no date is known)."""

    key: str
    title: str = ""
    arxiv_id: str = ""
    doi: str = ""
    submitted: dt.date | None = None
    published: dt.date | None = None
    year: int | None = None

    @property
    def ident(self) -> str:
        """The identifier that `litdb fetch` or a reader can use, '' when there is none."""
        return f"arXiv:{self.arxiv_id}" if self.arxiv_id else f"doi:{self.doi}" if self.doi else ""


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A model by its key; `paper` and `parent` are keys, '' for none."""

    key: str
    name: str
    kind: str = "system"
    own: bool = False
    paper: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class AbsenceFact:
    """A paper that reports no such value."""

    paper: str
    dataset: str
    quantity: str
    source: str
    statement: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CheckpointFact:
    """An own checkpoint and what it was selected on ('' where that is not stated)."""

    key: str
    model: str
    name: str
    selected_on: str = ""
    criterion: str = ""
    declared_on: dt.date | None = None


@dataclass(frozen=True)
class Facts:
    """A catalogue as the rules see it. `shared` are names that several models go by, with their keys."""

    values: tuple[Value, ...]
    papers: Mapping[str, PaperFact] = field(default_factory=dict)
    models: Mapping[str, ModelRecord] = field(default_factory=dict)
    absences: tuple[AbsenceFact, ...] = ()
    checkpoints: tuple[CheckpointFact, ...] = ()
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, model: str, quantity: str = "", dataset: str | None = None) -> list[Value]:
        """The values of a model, of one quantity and test set when given."""
        return [
            value
            for value in self.once(_by_model).get(model, ())
            if (not quantity or value.quantity == quantity) and (dataset is None or value.dataset == dataset)
        ]

    def evidence(self, value: Value) -> list[Value]:
        """The accepted numbers of the same model, quantity and test set that are no claim, the best first."""
        return self.once(_evidence).get((value.model, value.quantity, value.dataset), [])

    def rows(self) -> Sequence[list[Value]]:
        """The accepted values by source row and test set: what one line of a table printed."""
        return self.once(_rows)

    def row_target(self, row: Sequence[Value]) -> str:
        """What a finding about such a row goes by: of one row with scores on several test sets each has its own."""
        key = row[0].row.key
        several = len(self.once(_test_sets)[key]) > 1
        return f"{key[:8]}.{row[0].dataset}" if several and row[0].dataset else key[:8]

    def once(self, index: Callable[[Facts], T]) -> T:
        """An index over these facts, made at the first call."""
        made: dict[object, T] = self.__dict__.setdefault("_indices", {})
        if index not in made:
            made[index] = index(self)
        return made[index]

    def found(self, rule: Callable[[Facts], Iterable[Finding]]) -> tuple[Finding, ...]:
        """What a rule finds here, worked out at the first call: rules build on one another."""
        worked: dict[object, tuple[Finding, ...]] = self.__dict__.setdefault("_found", {})
        if rule not in worked:
            worked[rule] = tuple(rule(self))
        return worked[rule]

    def paper_of(self, model: str) -> PaperFact | None:
        """The paper that proposes a model (its parent's, for a variant), or None."""
        record = self.models.get(model)
        while record is not None and not record.paper and record.parent:
            record = self.models.get(record.parent)
        return self.papers.get(record.paper) if record is not None and record.paper else None

    def absence(self, value: Value) -> AbsenceFact | None:
        """What says that the model's paper reports no such value, or None."""
        paper = self.paper_of(value.model)
        if paper is None:
            return None
        return self.once(_absences).get((paper.key, value.dataset, value.quantity))


def _by_model(facts: Facts) -> Mapping[str, list[Value]]:
    found: dict[str, list[Value]] = defaultdict(list)
    for value in facts.values:
        found[value.model].append(value)
    return found


def _evidence(facts: Facts) -> Mapping[tuple[str, str, str], list[Value]]:
    found: dict[tuple[str, str, str], list[Value]] = defaultdict(list)
    for value in facts.values:
        if value.origin != "claim" and value.value is not None and value.status == "accepted":
            found[(value.model, value.quantity, value.dataset)].append(value)
    for values in found.values():
        values.sort(key=lambda v: (v.origin.tier, -(v.version or 0), v.place, v.key))
    return found


def _rows(facts: Facts) -> Sequence[list[Value]]:
    rows: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in facts.values:
        if value.status == "accepted" and value.value is not None:
            rows[(value.row.key, value.dataset)].append(value)
    return list(rows.values())


def _test_sets(facts: Facts) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in facts.rows():
        found[row[0].row.key].update({row[0].dataset} - {""})
    return found


def _absences(facts: Facts) -> Mapping[tuple[str, str, str], AbsenceFact]:
    return {(a.paper, a.dataset, a.quantity): a for a in reversed(facts.absences)}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be believed as it stands.

    `target` names what it is about and stays the same from day to day; `CODE:TARGET` suppresses it. `sources` are
    the places that show it; `proposals` are commands that would settle it, none of which the audit runs.
    """

    code: str
    severity: Severity
    target: str
    model: str
    message: str
    sources: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    suppressed: str = ""

    @property
    def id(self) -> str:
        """What `--suppress` takes."""
        return f"{self.code}:{self.target}"


def quoted(text: str) -> str:
    """A word of a shell command."""
    import shlex

    return shlex.quote(text)


def rejection(value: Value, reason: str) -> str:
    """The command that takes a value out of tables."""
    return f"litdb reject {value.key[:8]} --reason {quoted(reason)}"


def told(value: Value) -> str:
    """A value with its source, for `sources`."""
    return f"{value.metric} {value.spelled}: {value.origin}, {value.cited} [{value.key[:8]}]"


def claims(facts: Facts) -> Iterable[Value]:
    """The claims that still stand."""
    return (value for value in facts.values if value.origin == "claim" and value.status == "accepted")
