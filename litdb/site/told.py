"""What the pages tell, as plain values: the templates show them, the JSON beside each page holds them, the schema describes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from litdb.catalogue.views.pages.papers import DocumentRecord, VersionRecord
from litdb.catalogue.views.pages.scores import ScoreSpread
from litdb.evidence.tracing.card import Card
from litdb.evidence.tracing.dive import VersionChange


@dataclass(frozen=True, slots=True)
class Ref:
    """Something with a page: its key, its name, and the address of the page from the root of the site ('' for none)."""

    key: str
    name: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ProtocolLine:
    """How a number was obtained, one item of it: stated, or inferred for the reason in the note."""

    item: str
    value: str
    basis: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One result. `value` is normalised (counts absolute, STOI in 0..1, times in seconds), None for words.

    `cell` is the address of its cell in the page of its paper, '' where the table is not kept; `shown` says that a leaderboard
    shows it; `notes` are what must be said beside it.
    """

    result: str
    model: Ref
    metric: str
    dataset: str
    value: float | None
    printed: str
    uncertainty: float | None
    origin: str
    status: str
    source: str
    url: str
    row: str
    paper: str
    version: int | None
    entry: str
    cell: str
    shown: bool
    notes: tuple[str, ...]
    protocol: tuple[ProtocolLine, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source of one side of a conflict: what it prints, who it is, and what must be said beside it."""

    result: str
    printed: str
    origin: str
    source: str
    url: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """Values that cannot both be right. `settled` says how it was resolved, '' where it is open."""

    id: str
    model: Ref
    metric: str
    dataset: str
    possible: bool
    state: str
    unknown: tuple[str, ...]
    sides: tuple[tuple[SourceLine, ...], ...]
    explanation: tuple[str, ...]
    settled: str


@dataclass(frozen=True, slots=True)
class EffectLine:
    """A metric in the base row and in the changed row as printed, and the difference (changed minus base) in its unit."""

    metric: str
    dataset: str
    base: str
    changed: str
    difference: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AblationLine:
    """A changed row of an ablation table against its base row."""

    place: str
    url: str
    base: str
    row: str
    change: str
    action: str
    components: tuple[str, ...]
    replacement: str
    effects: tuple[EffectLine, ...]
    seeded: bool


@dataclass(frozen=True, slots=True)
class FactLine:
    """What a model is made of or trained with, as a component or in words, and where that is stated."""

    item: str
    what: str
    source: str
    remark: str
    by: str


@dataclass(frozen=True, slots=True)
class ModelTold:
    """All that is known of a model."""

    key: str
    name: str
    kind: str
    own: bool
    year: int | None
    paper: Ref | None
    parent: Ref | None
    children: tuple[Ref, ...]
    names: tuple[str, ...]
    unified: tuple[str, ...]
    absences: tuple[str, ...]
    facts: tuple[FactLine, ...]
    values: tuple[ValueLine, ...]
    conflicts: tuple[ConflictLine, ...]
    ablations: tuple[AblationLine, ...]
    card: Card | None
    runs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What was read in a cell of a table; row and column are counted from 0. `corrected` is the number that counts instead, '' for
    none."""

    row: int
    column: int
    result: str
    model: Ref
    metric: str
    dataset: str
    printed: str
    status: str
    note: str
    corrected: str


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table as it stood, with what was read in it; `version` is that of the paper."""

    anchor: str
    source: str
    url: str
    caption: str
    version: int | None
    kind: str
    rows: tuple[tuple[str, ...], ...]
    read: tuple[ReadLine, ...]


@dataclass(frozen=True, slots=True)
class PaperTold:
    """All that is known of a paper; `values` are those whose table is not kept."""

    key: str
    title: str
    authors: tuple[str, ...]
    arxiv_id: str
    doi: str
    date: dt.date | None
    venue: str
    withdrawn: str
    versions: tuple[VersionRecord, ...]
    documents: tuple[DocumentRecord, ...]
    models: tuple[Ref, ...]
    absences: tuple[str, ...]
    changes: tuple[VersionChange, ...]
    tables: tuple[TableLine, ...]
    values: tuple[ValueLine, ...]
    ablations: tuple[AblationLine, ...]


@dataclass(frozen=True, slots=True)
class MeanLine:
    """A value of a checkpoint, `shown` in the unit of the `title`; `partial` says that it covers fewer files than the test set has."""

    metric: str
    title: str
    dataset: str
    value: float | None
    shown: str
    files: str
    partial: bool


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """A checkpoint of an own run; `declared_on` is None where it does not stand for its model."""

    key: str
    epoch: int | None
    criterion: str
    selected_on: str
    date: dt.date | None
    declared_on: dt.date | None
    reason: str
    sha256: str
    also: tuple[str, ...]
    marks: tuple[str, ...]
    validation: dict[str, float]
    means: tuple[MeanLine, ...]
    spreads: tuple[ScoreSpread, ...]
    looks_before: dict[str, int]


@dataclass(frozen=True, slots=True)
class LookLine:
    """A look at a test set: when, with which command, and what was scored."""

    at: dt.datetime
    command: str
    dataset: str
    files: int | None
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunTold:
    """An own run with its checkpoints and figures (addresses from the root of the site)."""

    key: str
    model: Ref
    recipe: str
    seed: int | None
    carried_out: str
    removed: str
    group: str
    checkpoints: tuple[CheckpointLine, ...]
    looks: tuple[LookLine, ...]
    figures: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A cell of a leaderboard. `text` is in the unit of its column, `value` normalised; `rank` is 1 for the best, 2 for the second
    of what may be compared. Of a `refused` value, known not to be comparable, the notes say why."""

    text: str
    value: float | None
    printed: str
    rank: int | None
    origin: str
    source: str
    url: str
    result: str
    refused: bool
    bound: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A row of a leaderboard: one model as one source reports it; `cells` are by metric, without the empty ones."""

    model: Ref
    year: int | None
    own: bool
    causal: bool | None
    proposed: bool
    reproduced: bool
    checkpoint: str
    origin: str
    source: str
    url: str
    notes: tuple[str, ...]
    cells: dict[str, BoardCell]


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column of a leaderboard: its metric, its title with the unit, and which direction is better."""

    metric: str
    title: str
    unit: str
    direction: str


@dataclass(frozen=True, slots=True)
class BoardTold:
    """The leaderboard of a test set; `others` are metrics with values on it that have no column; `hidden` counts rows that wait for
    review and are not shown."""

    dataset: str
    title: str
    columns: tuple[BoardColumn, ...]
    rows: tuple[BoardRow, ...]
    notes: tuple[str, ...]
    others: tuple[str, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Something that changed, and when: `kind` is paper, version, read, decision, run or watch."""

    at: dt.datetime
    kind: str
    title: str
    words: str
    href: str
    id: str


@dataclass(frozen=True, slots=True)
class ChangesTold:
    """What is new, the newest first."""

    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class IndexTold:
    """What the site holds: every page with its JSON beside it, at the same address ending in .json."""

    as_of: dt.date
    boards: tuple[Ref, ...]
    models: tuple[Ref, ...]
    papers: tuple[Ref, ...]
    runs: tuple[Ref, ...]
    notes: tuple[str, ...] = field(default=())
