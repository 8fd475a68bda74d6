"""One result with its source: what rules, questions and renderers see of the catalogue.

A value stands in a row that really existed (one model in one table of one document, or one checkpoint); rows, models,
documents and checkpoints are parts that many values share.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass

from litdb.values.origin import Kind, Origin, Status, TableKind
from litdb.values.reading import RERUN
from litdb.vocabulary.protocol import NOTHING_STATED, Protocol
from litdb.vocabulary.remarks import Flag, Mark

_NUMBER = re.compile(r"[~<>≥≤=\s]*(-?\d+(?:\.\d+)?)(?!.*%)")


@dataclass(frozen=True, slots=True)
class Model:
    """A model. `date` and `year` are those of the paper that proposes it (its parent's, for a variant)."""

    key: str
    name: str
    kind: Kind = Kind.SYSTEM
    own: bool = False
    paper: str = ""
    date: dt.date | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document. `kind` is that of its file, `seen` where somebody looked; `date` that of its paper.

    `newest` is the newest version of the paper that is known, `withdrawn` what that says where it withdraws the paper;
    `submitted` is the day of its own version, as far as that is known.
    """

    key: str
    kind: str = ""
    uri: str = ""
    paper: str = ""
    arxiv_id: str = ""
    doi: str = ""
    version: int | None = None
    date: dt.date | None = None
    newest: int | None = None
    withdrawn: str = ""
    submitted: dt.date | None = None

    @property
    def title(self) -> str:
        """Short text that names the source: `arXiv:2511.14515v2`, `github:owner/name`, a URL, words."""
        if self.arxiv_id and self.version is not None:
            return f"arXiv:{self.arxiv_id}v{self.version}"
        if self.key.startswith("github:"):
            return self.key
        if self.kind == "seen" and self.doi:
            return f"doi:{self.doi}"
        return self.uri

    @property
    def url(self) -> str:
        """Where a reader can look, or '' for what is not on the web."""
        if self.arxiv_id and self.version is not None:
            return f"https://arxiv.org/abs/{self.arxiv_id}v{self.version}"
        return self.uri if self.uri.startswith(("https://", "http://")) else ""

    def place(self, table: str) -> str:
        """The source with the table in it: `arXiv:2511.14515v2, table 1`."""
        if not table:
            return self.title
        numbered = table[0].isascii() and (table[0].isdigit() or table[0].isupper())
        return f"{self.title}, {f'table {table}' if numbered else table}"


@dataclass(frozen=True, slots=True)
class SeedGroup:
    """Own checkpoints (`members`, by key) of runs that differ in their seed and stand together for their model.

    `omitted` are runs that were left out, each with the reason; `decision` is the number of the declaration.
    """

    members: tuple[str, ...]
    omitted: tuple[str, ...]
    declared_on: dt.date
    decision: str

    @property
    def name(self) -> str:
        """The members in one text."""
        return ", ".join(self.members)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A saved state of an own run: what it was selected on, since when it stands for its model.

    `standing` is the key of the one that does stand for the model, '' when none is declared, and `group` the several that
    do. `marks` are what must be said beside all its scores, such as a leak in its training; runs of one `recipe` ('' where
    it is not recorded) differ in their seed alone. `contested` says who let which one stand, where two did so unknown to
    each other: then none does.
    """

    key: str
    selected_on: str = ""
    declared_on: dt.date | None = None
    date: dt.date | None = None
    standing: str = ""
    marks: tuple[str, ...] = ()
    group: SeedGroup | None = None
    recipe: str = ""
    contested: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row that really existed: one model in one table of one document, or one checkpoint.

    `label` is the row as printed, `named` the model as it was called before models were unified.
    """

    key: str
    model: Model
    document: Document
    origin: Origin
    label: str = ""
    table: str = ""
    table_kind: TableKind = TableKind.COMPARISON
    checkpoint: Checkpoint | None = None
    named: str = ""

    @property
    def place(self) -> str:
        """The source in short text: `arXiv:2511.14515v2, table 1`, `run full-1/best`."""
        return f"run {self.checkpoint.key}" if self.checkpoint else self.document.place(self.table)


@dataclass(frozen=True, slots=True)
class GridCell:
    """Where in a table a value stands, as far as it is known: row, column, which of several numbers in the cell.

    `grid` is the row number of the stored table, None for what was read by hand.
    """

    grid: int | None = None
    row: int | None = None
    column: int | None = None
    slot: int = 0


NO_CELL = GridCell()


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction in force: what was read (`was`, in words), by whom it was corrected, when and why.

    `printed` and `value` are the number of the source where the correction gives another one, else '' and None;
    `fresh` is what a later reading of the cell says that differs from what was corrected, '' for none.
    """

    was: str
    who: str
    date: dt.date
    reason: str
    decision: str
    printed: str = ""
    value: float | None = None
    fresh: str = ""

    def __str__(self) -> str:
        said = f"corrected from {self.was} by {self.who} on {self.date.isoformat()}: {self.reason}"
        return f"{said} (the cell now reads {self.fresh})" if self.fresh else said


@dataclass(frozen=True, slots=True)
class Kept:
    """A conflict was settled in favour of a value: the reason, and the fingerprint of every source known then."""

    decision: str
    reason: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One result with its source.

    `metric` is the canonical spelling, `quantity` its identity; `value` is normalised (counts absolute, STOI in 0..1)
    and None for words; `uncertainty` is what stands behind its ±, `uncertainty_kind` what that is (std, sem, 95% interval or
    unknown); `resolution` is one step of the last printed digit in that unit; `approximate` is '', '~', '>='
    or '<='. `confidence`, `reasons` and `flags` are those of the reading. `entry` says how it came in: `reader`
    (litdb read the file), `hand`, `seed` (read by hand, shipped with litdb) or `run`; `corrections` are those in
    force, `kept` the resolution of a conflict that lets it stand; `contested` says who decided otherwise than whom, where
    neither knew it and so neither decision holds.
    """

    key: str
    row: SourceRow
    metric: str
    quantity: str
    dataset: str
    value: float | None
    printed: str
    resolution: float = 0.0
    approximate: str = ""
    uncertainty: float | None = None
    status: Status = Status.ACCEPTED
    protocol: Protocol = NOTHING_STATED
    confidence: float = 1.0
    reasons: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    remark: str = ""
    cell: GridCell = NO_CELL
    entry: str = ""
    corrections: tuple[Correction, ...] = ()
    kept: Kept | None = None
    contested: str = ""
    uncertainty_kind: str = ""

    @property
    def withdrawn(self) -> str:
        """Why its paper is withdrawn, in words, '' where it is not."""
        document = self.row.document
        return (
            f"{document.arxiv_id or document.paper} is withdrawn: {document.withdrawn}"
            if document.withdrawn
            else ""
        )

    @property
    def by_hand(self) -> bool:
        """Whether a person read it from a publication, instead of litdb from the file."""
        return self.entry in ("hand", "seed") and self.origin.published

    @property
    def source_printed(self) -> str:
        """What its source prints: for a corrected number that from before."""
        return next((made.printed for made in self.corrections if made.printed), self.printed)

    @property
    def said(self) -> str:
        """The number in a sentence, with what became of it: `3.373 (corrected from 3.399)`, `98.8 %` for a printed 98.8."""
        if not self.corrections:
            return self.spelled
        return f"{self.spelled} (corrected from {'; '.join(made.was for made in self.corrections)})"

    @property
    def spelled(self) -> str:
        """The number as a sentence spells it: a fraction that is printed in percent says so, `98.8 %`."""
        found = _NUMBER.match(self.printed) if self.value else None
        percent = found is not None and math.isclose(float(found[1]), 100 * (self.value or 0.0))
        return f"{self.printed} %" if percent else self.printed

    @property
    def fingerprint(self) -> str:
        """Its source and number, as a resolution remembers them: reading the same paper again changes neither."""
        number = "" if self.value is None else f"{self.value:.12g}"
        return f"{self.paper or self.row.document.key}@{self.version or ''}={number}"

    @property
    def model(self) -> str:
        """The key of the model it counts for."""
        return self.row.model.key

    @property
    def name(self) -> str:
        """The name of the model it counts for."""
        return self.row.model.name

    @property
    def origin(self) -> Origin:
        """Who gives it."""
        return self.row.origin

    @property
    def place(self) -> str:
        """Its source in short text."""
        return self.row.place

    @property
    def paper(self) -> str:
        """The key of the paper it stands in, '' for none."""
        return self.row.document.paper

    @property
    def version(self) -> int | None:
        """The version of that paper."""
        return self.row.document.version

    @property
    def checkpoint(self) -> str:
        """The key of the own checkpoint it was measured with, '' for none."""
        return self.row.checkpoint.key if self.row.checkpoint else ""

    @property
    def rerun(self) -> bool:
        """Whether the authors of the table measured another's model again."""
        return self.remark == RERUN

    @property
    def measured_again(self) -> bool:
        """Whether somebody who did not propose the model, or this project, got it from a run: no copy of a printed number."""
        return self.rerun or self.origin.measured

    @property
    def marks(self) -> tuple[str, ...]:
        """What must be said beside it: of its checkpoint, and of what it was measured on."""
        of_checkpoint = self.row.checkpoint.marks if self.row.checkpoint else ()
        if not self.flags:
            return of_checkpoint
        own = (flag for flag in self.flags if Mark.of(flag) not in (None, Mark.TOOL))
        return tuple(dict.fromkeys((*of_checkpoint, *own)))

    @property
    def quirks(self) -> tuple[str, ...]:
        """What the tool that measured it does in its own way."""
        return tuple(flag for flag in self.flags if Mark.of(flag) is Mark.TOOL) if self.flags else ()

    @property
    def forced(self) -> str:
        """Why it is here though its metric cannot have it; '' for a number that it can have."""
        return next((flag for flag in self.flags if Flag.of(flag) is Flag.FORCED), "") if self.flags else ""

    @property
    def about(self) -> str:
        """Model, metric and test set in words."""
        return f"{self.name}, {self.metric}" + (f" on {self.dataset}" if self.dataset else "")

    @property
    def cited(self) -> str:
        """The source with the row in it."""
        row = self.row
        return f"{row.place}, row “{row.label}”" if row.label and not row.checkpoint else row.place


@dataclass(frozen=True, slots=True)
class Side:
    """The sources that print one value, the best first.

    `apart` is the value in words where another side prints the same text for another one, '' elsewhere.
    """

    printed: str
    value: float
    sources: tuple[Value, ...]
    apart: str = ""

    @property
    def said(self) -> str:
        """What it is called beside the other sides: `63.15G`, `63.15G (31.58G for one second)`, `98.8 %`."""
        return f"{self.printed} ({self.apart})" if self.apart else self.sources[0].spelled
