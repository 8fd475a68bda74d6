"""The tables of a catalogue, as typed SQLAlchemy classes.

What was *read* (Document, Grid, Reading) and what was *decided* (Decision) are the record; Result and SourceRow
follow from both and can be built again at any time (:mod:`litdb.catalogue.derive`).

Every table has a natural key, so that two catalogues can be compared and merged without their row numbers;
`NATURAL` lists it for each, a foreign key standing for the natural key of the row it points to.
"""

# No postponed annotations here: SQLAlchemy would evaluate each of them from its text, at every start.

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from litdb.catalogue.database.base import Base as Base
from litdb.catalogue.database.bibliography import CitationRow as CitationRow

#: The Alembic revision this code works with; a test keeps it equal to the newest migration.
REVISION = "0006"


class MetaRow(Base):
    """What the file says of itself: `kind` is `shipped` or `working`."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str]


class PaperRow(Base):
    """A published work, under its arXiv id, DOI or both."""

    __tablename__ = "paper"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="")
    authors: Mapped[str] = mapped_column(default="[]")  # JSON list, in printed order
    arxiv_id: Mapped[str | None] = mapped_column(unique=True)
    doi: Mapped[str | None] = mapped_column(unique=True)
    pmcid: Mapped[str | None]
    first_submitted: Mapped[dt.date | None]
    published: Mapped[dt.date | None]
    venue: Mapped[str | None]

    @property
    def date(self) -> dt.date | None:
        """The day the work became known: first submission, else publication."""
        return self.first_submitted or self.published


class VersionRow(Base):
    """One version of a paper on arXiv; `withdrawn` is what arXiv says where this version withdraws the paper.

    A paper is withdrawn when its newest version says so.
    """

    __tablename__ = "paper_version"
    __table_args__ = (UniqueConstraint("paper_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    version: Mapped[int]
    submitted: Mapped[dt.date | None]
    withdrawn: Mapped[str] = mapped_column(default="")
    paper: Mapped[PaperRow] = relationship()


class DocumentRow(Base):
    """A source that was read: a fetched file, or a place somebody looked at (`seen`), with no bytes kept.

    `kind`: latex, html, markdown, jats, seen, repository, page, note, evaluation, configuration. `priors` is the digest
    of the priors that the last reading was made with, '' for none.
    """

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    uri: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(String(64))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("paper_version.id"))
    fetched_at: Mapped[dt.datetime | None]
    reader: Mapped[int] = mapped_column(default=0)  # EXTRACTOR_VERSION of the last reading, 0 for none
    priors: Mapped[str] = mapped_column(String(64), default="")
    paper: Mapped[PaperRow | None] = relationship()
    version: Mapped[VersionRow | None] = relationship()


class GridRow(Base):
    """A table of a document as it stood, so that a cell can be shown again."""

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("document_id", "span"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    span: Mapped[str]
    ordinal: Mapped[int]
    number: Mapped[str] = mapped_column(default="")
    caption: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(16), default="other")
    rows: Mapped[str]  # JSON: rows of cell texts, spans resolved


class ProtocolRow(Base):
    """A protocol, stored once for all the readings that share it."""

    __tablename__ = "protocol"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(16), unique=True)
    items: Mapped[str]


class ModelRow(Base):
    """A system, a variant of one, an ablation, or a reference such as the noisy input."""

    __tablename__ = "model"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16), default="system")
    own: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str] = mapped_column(String(16), default="reader")  # reader, seed, hand
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("model.id"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))
    unified_id: Mapped[int | None] = mapped_column(ForeignKey("model.id"))  # reversible: see decisions
    paper: Mapped[PaperRow | None] = relationship()
    parent: Mapped["ModelRow | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])


class NameRow(Base):
    """A name a model goes by, everywhere or within one paper or document."""

    __tablename__ = "model_name"
    __table_args__ = (UniqueConstraint("folded", "scope", "model_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"), index=True)
    name: Mapped[str]
    folded: Mapped[str]
    scope: Mapped[str] = mapped_column(default="")  # '' everywhere, else the key of a paper or document
    source: Mapped[str]  # seed, reader, hand (a key typed with a value), or the uid of a decision


#: Sources of names that nobody decided on.
UNDECIDED = ("seed", "reader")


class RunRow(Base):
    """An own training run."""

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"))
    recipe: Mapped[str] = mapped_column(default="")
    details: Mapped[str] = mapped_column(default="{}")  # JSON: configuration, commit, seed, data, libraries
    model: Mapped[ModelRow] = relationship()


class CheckpointRow(Base):
    """A saved state of a run, and what it was chosen on."""

    __tablename__ = "checkpoint"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    name: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    epoch: Mapped[int | None]
    criterion: Mapped[str] = mapped_column(default="")
    selected_on: Mapped[str] = mapped_column(String(16), default="")  # test, validation, none, '' not stated
    date: Mapped[dt.date | None]
    declared_on: Mapped[dt.date | None]
    details: Mapped[str] = mapped_column(default="{}")  # JSON: validation figures as recorded
    run: Mapped[RunRow] = relationship()


class ScoreRow(Base):
    """The score of one test file, or why there is none."""

    __tablename__ = "utterance_score"
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), primary_key=True)
    dataset: Mapped[str] = mapped_column(String(64), primary_key=True)
    utterance: Mapped[str] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[float | None]
    error: Mapped[str] = mapped_column(default="")


class ReadingRow(Base):
    """A number, or words, as somebody or some program saw it in one place.

    `key` is made from the document, the span of the cell and the slot in it (or, for what was read by hand, the
    place in words), so that a decision finds its reading again after the document was read anew.
    `by`: `reader` (a program), `hand`, `seed`, `run`, `helper` (an assistant; always proposed).
    """

    __tablename__ = "reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    by: Mapped[str] = mapped_column(String(8))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"), index=True)
    span: Mapped[str] = mapped_column(default="")
    slot: Mapped[int] = mapped_column(default=0)
    table: Mapped[str] = mapped_column("table_no", default="")  # printed number, 'abstract', ''
    table_kind: Mapped[str] = mapped_column(String(16), default="comparison")
    row: Mapped[int | None] = mapped_column("row_no")
    column: Mapped[int | None] = mapped_column("column_no")
    page: Mapped[int | None]
    label: Mapped[str]  # the row as printed
    system: Mapped[str]  # what it resolves to within the document
    folded: Mapped[str] = mapped_column(index=True)  # `system` as names are compared
    kind: Mapped[str] = mapped_column(String(16))
    own: Mapped[bool] = mapped_column(default=False)
    parent: Mapped[str] = mapped_column(default="")
    cites: Mapped[str] = mapped_column(default="[]")
    origin: Mapped[str] = mapped_column(String(16), default="")  # '' lets derivation say
    metric: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[str] = mapped_column(String(32))
    dataset: Mapped[str] = mapped_column(String(64), default="")
    value: Mapped[float | None]
    words: Mapped[str] = mapped_column(default="")
    printed: Mapped[str]
    unit: Mapped[str] = mapped_column(String(16), default="")
    resolution: Mapped[float] = mapped_column(default=0.0)
    approximate: Mapped[str] = mapped_column(String(4), default="")
    uncertainty: Mapped[float | None]
    uncertainty_kind: Mapped[str] = mapped_column(String(16), default="")
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocol.id"))
    confidence: Mapped[float] = mapped_column(default=1.0)
    reasons: Mapped[str] = mapped_column(default="[]")
    flags: Mapped[str] = mapped_column(default="[]")
    remark: Mapped[str] = mapped_column(default="")


class StoredRow(Base):
    """One model in one table of one document, or one checkpoint on one test set: a row that really existed."""

    __tablename__ = "source_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"), index=True)
    table: Mapped[str] = mapped_column("table_no", default="")
    table_kind: Mapped[str] = mapped_column(String(16), default="comparison")
    label: Mapped[str]
    origin: Mapped[str] = mapped_column(String(16))


class ResultRow(Base):
    """A reading with the decisions on it applied: what queries see."""

    __tablename__ = "result"
    __table_args__ = (
        Index("ix_result_range", "quantity", "dataset", "value", "source_row_id"),
        Index("ix_result_source_row_id", "source_row_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), unique=True)
    source_row_id: Mapped[int] = mapped_column(ForeignKey("source_row.id"))
    metric: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[str] = mapped_column(String(32))
    dataset: Mapped[str] = mapped_column(String(64), default="")
    value: Mapped[float | None]
    printed: Mapped[str]
    resolution: Mapped[float]
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocol.id"))
    status: Mapped[str] = mapped_column(String(16))


class AblationRow(Base):
    """One changed row of an ablation table against a base row; `row_no` and `base_row_no` count rows of the grid.

    A row may be compared with several: the base of its table, and rows that differ from it in one component. The
    differences are those of the results in the two rows, so corrections reach them. `action`: removed, added, replaced
    or changed; `components` is what was removed, added, replaced or set, all of it: a row with one component isolates
    it. `replacement` is what took its place.
    """

    __tablename__ = "ablation"
    __table_args__ = (UniqueConstraint("grid_id", "row_no", "base_row_no"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    grid_id: Mapped[int] = mapped_column(ForeignKey("grid.id"))
    row: Mapped[int] = mapped_column("row_no")
    base_row: Mapped[int] = mapped_column("base_row_no")
    words: Mapped[str]
    action: Mapped[str] = mapped_column(String(16))
    components: Mapped[str] = mapped_column(default="[]")  # JSON list of texts as printed
    replacement: Mapped[str] = mapped_column(default="")
    grid: Mapped[GridRow] = relationship()


class FactRow(Base):
    """What a model is made of or trained with, and where that is stated.

    `item`: family, technique or training, and `value` is the id of a component of the vocabulary; or the topic of a
    description (causal, hardware), and `value` is what the source says in words.
    """

    __tablename__ = "model_fact"
    __table_args__ = (UniqueConstraint("model_id", "item", "value"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"))
    item: Mapped[str] = mapped_column(String(16))
    value: Mapped[str]
    source: Mapped[str]
    remark: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str] = mapped_column(String(16), default="hand")  # seed, hand
    model: Mapped[ModelRow] = relationship()


class AbsenceRow(Base):
    """A paper that reports no such value: needed to refute a claim."""

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("paper_id", "dataset", "quantity"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    dataset: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[str] = mapped_column(String(32))
    source: Mapped[str]
    statement: Mapped[str]
    remark: Mapped[str] = mapped_column(default="")


class DecisionRow(Base):
    """Something somebody decided. Appended, never changed; `undo` is a decision too.

    `target` is the key of a reading, a name or a model; `detail` is JSON; `printed` is the text of the cell when
    the decision was made, so that a changed cell is noticed. `sequence` orders decisions without a clock: one more than
    the greatest that its catalogue knew. `after` is the JSON list of the uids of the decisions about the same thing that
    its catalogue knew, so that of two one can tell whether either was made in knowledge of the other.
    """

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(index=True)
    detail: Mapped[str] = mapped_column(default="{}")
    printed: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    who: Mapped[str]
    made_at: Mapped[dt.datetime]
    sequence: Mapped[int] = mapped_column(default=0, index=True)
    after: Mapped[str] = mapped_column(default="[]")


class SealRow(Base):
    """The digest of one block of rows, by which `litdb db check` notices a flipped bit (SQLite only).

    Triggers empty `digest` when a row of the block is written, and the end of the transaction writes it anew. Not part
    of a dump: it says what the file holds, not what the catalogue says.
    """

    __tablename__ = "seal"
    table_name: Mapped[str] = mapped_column(String(32), primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(32))


#: The natural key of each table that is dumped, in an order that parents come before children.
NATURAL: dict[type[Base], tuple[str, ...]] = {
    MetaRow: ("name",),
    PaperRow: ("key",),
    VersionRow: ("paper_id", "version"),
    DocumentRow: ("key",),
    GridRow: ("document_id", "span"),
    CitationRow: ("document_id", "place"),
    ProtocolRow: ("digest",),
    ModelRow: ("key",),
    NameRow: ("folded", "scope", "model_id"),
    RunRow: ("key",),
    CheckpointRow: ("key",),
    ScoreRow: ("checkpoint_id", "dataset", "utterance", "metric"),
    ReadingRow: ("key",),
    StoredRow: ("key",),
    ResultRow: ("reading_id",),
    AblationRow: ("grid_id", "row", "base_row"),
    FactRow: ("model_id", "item", "value"),
    AbsenceRow: ("paper_id", "dataset", "quantity"),
    DecisionRow: ("uid",),
}
