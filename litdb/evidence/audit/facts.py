"""What the audit looks at, and what it finds: plain values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from litdb.values.value import Value

Severity = Literal["error", "warning", "note"]


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
            for value in self._by_model().get(model, ())
            if (not quantity or value.quantity == quantity) and (dataset is None or value.dataset == dataset)
        ]

    def evidence(self, value: Value) -> list[Value]:
        """The accepted numbers of the same model, quantity and test set that are no claim, the best first."""
        found = [
            other
            for other in self.of(value.model, value.quantity, value.dataset)
            if other.origin != "claim" and other.value is not None and other.status == "accepted"
        ]
        return sorted(found, key=lambda v: (v.origin.tier, -(v.version or 0), v.place, v.key))

    def rows(self) -> Iterator[list[Value]]:
        """The accepted values by source row and test set: what one line of a table printed."""
        rows: dict[tuple[str, str], list[Value]] = defaultdict(list)
        for value in self.values:
            if value.status == "accepted" and value.value is not None:
                rows[(value.row.key, value.dataset)].append(value)
        yield from rows.values()

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
        about = (paper.key, value.dataset, value.quantity)
        return next((a for a in self.absences if (a.paper, a.dataset, a.quantity) == about), None)

    def _by_model(self) -> Mapping[str, list[Value]]:
        cached: dict[str, list[Value]] | None = self.__dict__.get("_models")
        if cached is None:
            cached = defaultdict(list)
            for value in self.values:
                cached[value.model].append(value)
            self.__dict__["_models"] = cached
        return cached


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
    return f"{value.metric} {value.printed}: {value.origin}, {value.cited} [{value.key[:8]}]"


def claims(facts: Facts) -> Iterable[Value]:
    """The claims that still stand."""
    return (value for value in facts.values if value.origin == "claim" and value.status == "accepted")
