"""The Catalogue: every verb of the command line, from Python."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from litdb.api.evidence import EvidenceVerbs
from litdb.api.own import OwnVerbs
from litdb.api.reading import ReadingVerbs
from litdb.catalogue.database.places import locate
from litdb.errors import UsageError
from litdb.evidence.selection import Rules
from litdb.questions.table import DEFAULT_DATASET, DEFAULT_METRICS, Question, compare
from litdb.values.origin import Origin
from litdb.values.table import Table
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.ranges import Condition, Range

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy.orm import Session

    from litdb.catalogue.own import Added
    from litdb.catalogue.views.shown import ModelView, PaperView
    from litdb.intake.papers import FileOutcome, PaperOutcome
    from litdb.questions.history import Entry
    from litdb.questions.why import Why
    from litdb.values.value import Value


def open_catalogue(db: str | os.PathLike[str] | None = None) -> Catalogue:
    """Open a catalogue: a file, a postgresql:// URL, or, without `db`, the one the command line would open.

    Raises InputError when there is none, SchemaMismatch when another version of litdb made it.
    """
    return Catalogue(locate(db))


class Catalogue(ReadingVerbs, EvidenceVerbs, OwnVerbs):
    """An open catalogue. Use it as a context manager, or call :meth:`close`.

    Reading methods return value types; `*_frame` methods the same as pandas DataFrames. Writing methods are one
    transaction each; on the shipped catalogue the first of them makes the user's working copy, unless the
    shipped file was named, which raises ReadOnlyCatalogue.
    """

    # --- queries -----------------------------------------------------------------------------------------

    def table(
        self,
        metrics: Sequence[str] = DEFAULT_METRICS,
        *,
        dataset: str = DEFAULT_DATASET,
        where: Mapping[str, str] | Sequence[str] = (),
        models: Sequence[str] | None = None,
        year: str | None = None,
        causal: bool | None = None,
        origins: Sequence[str] = (),
        since: dt.date | None = None,
        sort: str | None = None,
        proposed: bool = False,
        claims: bool = False,
        mixed: bool = False,
        checkpoints: bool = False,
        ablations: bool = False,
        references: bool = False,
    ) -> Table:
        """A comparison on one test set.

        `where` are conditions such as `{"params": "0.4M..1.0M", "PESQ": "2.8..3.4"}`; `models` are names or keys,
        whose order is kept; `sort` is a metric, with `-` before it for the largest first (default: the first
        score asked for, best first). `proposed`, `claims` and `mixed` widen what is shown, as on the command line.

        Raises UsageError for unknown words, NotFound and Ambiguous for models.
        """
        with self.reading() as session:
            return compare(
                session,
                self._question(
                    session, metrics, dataset, where, models, year, causal, origins, since, sort,
                    Rules(proposed, claims, mixed, checkpoints), ablations, references,
                ),
            )  # fmt: skip

    def models(self, **options: object) -> Table:
        """The models that meet the conditions: :meth:`table` under the name of the command."""
        return self.table(**options)  # type: ignore[arg-type]

    def table_frame(self, **options: object) -> pd.DataFrame:
        """:meth:`table` as a DataFrame."""
        from litdb.report.frame import table_frame

        return table_frame(self.table(**options))  # type: ignore[arg-type]

    def _question(
        self,
        session: Session,
        metrics: Sequence[str],
        dataset: str,
        where: Mapping[str, str] | Sequence[str],
        models: Sequence[str] | None,
        year: str | None,
        causal: bool | None,
        origins: Sequence[str],
        since: dt.date | None,
        sort: str | None,
        rules: Rules,
        ablations: bool,
        references: bool,
    ) -> Question:
        from litdb.catalogue.naming import find_model

        words = vocabulary()
        known = words.dataset(dataset)
        if known is None:
            raise UsageError(
                f"unknown test set {dataset!r}: use one of {', '.join(d.id for d in words.datasets)}"
            )
        names = tuple(dict.fromkeys(words.metric_name(metric) for metric in metrics))
        if not names:
            raise UsageError("no metric is asked for: give for example params,PESQ,STOI")
        pairs = [f"{k}={v}" for k, v in where.items()] if isinstance(where, Mapping) else list(where)
        unknown = [origin for origin in origins if origin not in list(Origin)]
        if unknown:
            raise UsageError(f"unknown origin {unknown[0]!r}: use one of {', '.join(Origin)}")
        keys = None if models is None else tuple(dict.fromkeys(find_model(session, m).key for m in models))
        kinds = (
            "system",
            "variant",
            *(("ablation",) if ablations else ()),
            *(("reference",) if references else ()),
        )
        return Question(
            metrics=names,
            dataset=known.id,
            conditions=tuple(Condition.parse(pair) for pair in pairs),
            models=keys,
            years=Range.parse(year) if year else None,
            causal=causal,
            origins=tuple(origin for origin in Origin if origin in origins),
            since=since,
            sort=_sort(sort, names, by_name=keys is not None),
            kinds=("system", "variant", "ablation", "reference") if keys is not None else kinds,
            rules=rules,
        )

    def why(self, model: str, metric: str, *, dataset: str = DEFAULT_DATASET) -> Why:
        """Every value known of a model in a metric, which one a table shows and why, and where it stands."""
        from litdb.questions.why import explain

        with self.reading() as session:
            return explain(session, model, metric, dataset)

    def show(self, name: str) -> tuple[ModelView | PaperView, list[Value]]:
        """A model, or else a paper, with all its values. Raises NotFound, Ambiguous."""
        from litdb.questions.show import show

        with self.reading() as session:
            return show(session, name)

    def history(self, target: str | None = None) -> list[Entry]:
        """The decisions, all of them or those about one model, paper or result."""
        from litdb.questions import history

        with self.reading() as session:
            return history.history(session, target)

    def results(self, model: str | None = None, *, status: str | None = None) -> list[Value]:
        """All values of a model (or of the catalogue), whatever their status, one entry each."""
        from litdb.catalogue.naming import find_model
        from litdb.catalogue.values import Where
        from litdb.questions.show import known_values

        with self.reading() as session:
            models = [find_model(session, model).key] if model is not None else None
            statuses = [status] if status is not None else None
            return known_values(session, Where(models=models, statuses=statuses))

    def results_frame(self, model: str | None = None) -> pd.DataFrame:
        """:meth:`results` as a DataFrame, one row a value."""
        import pandas as pd

        from litdb.report.records import listed

        hidden = {"protocol", "grid_id", "row", "column", "reasons", "flags"}
        rows = [
            {name: item for name, item in listed(value).items() if name not in hidden}
            for value in self.results(model)
        ]
        return pd.DataFrame(rows)

    def plot(
        self,
        out: str | os.PathLike[str],
        *,
        x: str = "params",
        y: str = "PESQ",
        proposed: bool = False,
        claims: bool = False,
        **options: object,
    ) -> tuple[Path, Path]:
        """Plot `y` over `x` to a pdf, png or svg file; returns it and the CSV of the plotted data beside it."""
        from litdb.report.plot import plot
        from litdb.report.points import points_from

        table = self.table((x, y), proposed=proposed, claims=claims, **options)  # type: ignore[arg-type]
        across, up = table.columns[0], table.columns[-1]
        points = points_from(table, across, up, claims=claims)
        target = Path(out)
        data = plot(points.points, across, up, target, title=table.dataset, notes=points.notes)
        return target, data

    # --- papers and files --------------------------------------------------------------------------------

    def fetch(
        self,
        ids: Sequence[str] = (),
        *,
        query: str | None = None,
        since: dt.date | None = None,
        max_results: int = 100,
        all_versions: bool = False,
        offline: bool = False,
        dry_run: bool = False,
        cache: Path | None = None,
    ) -> Iterator[PaperOutcome]:
        """Fetch papers from arXiv, by id or by query, and store their readings; one outcome a paper.

        Raises UsageError for malformed ids, SourceError when arXiv does not answer.
        """
        from litdb._places import cache_dir
        from litdb.intake.papers import fetch_ids, fetch_query
        from litdb.sources.arxiv import ArxivSource
        from litdb.sources.types import ArxivId

        if bool(ids) == bool(query):
            raise UsageError("give arXiv ids, or a query with --query, not both and not neither")
        parsed = list(dict.fromkeys(ArxivId.parse(text) for text in ids))
        store = self.store if dry_run else self.writable()
        with ArxivSource(cache or cache_dir(), offline=offline) as source:
            if query:
                yield from fetch_query(
                    store, source, query, since=since, max_results=max_results, all_versions=all_versions,
                    dry_run=dry_run,
                )  # fmt: skip
            else:
                yield from fetch_ids(store, source, parsed, all_versions=all_versions, dry_run=dry_run)

    def ingest(
        self, file: str | os.PathLike[str], *, arxiv: str = "", doi: str = "", url: str = ""
    ) -> FileOutcome:
        """Read a local tex, e-print archive, html or md file and store what it says."""
        from litdb._places import cache_dir
        from litdb.intake.papers import check_identity, ingest_file

        identity = check_identity(arxiv, doi, url)
        return ingest_file(self.writable(), Path(file), identity, cache=cache_dir())

    # --- own results and decisions -----------------------------------------------------------------------

    def add_result(
        self, model: str, values: Mapping[str, str | float] | None = None, **options: object
    ) -> Added:
        """Add results: measured, read by hand from a paper, or claimed. Options as in :class:`litdb.intake.results.Request`."""
        from litdb.intake.results import Request, add

        request = Request(model, {name: str(value) for name, value in (values or {}).items()}, **options)  # type: ignore[arg-type]
        with self.writing() as session:
            return add(session, request)

    def accept(self, result: str, reason: str) -> str:
        """Accept a proposed result; returns the decision's number."""
        return self._decide("accept", result, reason)

    def reject(self, result: str, reason: str) -> str:
        """Reject a result; returns the decision's number."""
        return self._decide("reject", result, reason)

    def correct(self, result: str, reason: str, **changes: str | None) -> str:
        """Correct a result's value, metric, dataset or model; returns the decision's number."""
        from litdb.catalogue import decisions

        with self.writing() as session:
            detail = decisions.correction(session, result, **changes)
            return decisions.decide_on_reading(session, "correct", result, reason, detail=detail).uid

    def _decide(self, kind: str, result: str, reason: str) -> str:
        from litdb.catalogue import decisions

        with self.writing() as session:
            return decisions.decide_on_reading(session, kind, result, reason).uid

    def alias(self, name: str, model: str, *, paper: str | None = None, reason: str) -> str:
        """Say that `name` means `model`, everywhere or within one paper; returns the decision's number."""
        from litdb.catalogue import decisions
        from litdb.catalogue.papers import find_paper

        with self.writing() as session:
            scope = find_paper(session, paper).key if paper else ""
            return decisions.alias(session, name, model, reason, scope=scope).uid

    def unify(self, kept: str, merged: str, *, reason: str) -> str:
        """Say that two models are one; returns the decision's number, for `undo`."""
        from litdb.catalogue import decisions

        with self.writing() as session:
            return decisions.unify(session, kept, merged, reason).uid

    def undo(self, decision: str, *, reason: str) -> str:
        """Take a decision back; returns the number of the undoing."""
        from litdb.catalogue import decisions

        with self.writing() as session:
            return decisions.undo(session, decision, reason).uid

    # --- whole catalogues --------------------------------------------------------------------------------

    def dump(self, out: TextIO) -> None:
        """Write everything as canonical JSON lines: the same content gives the same text."""
        from litdb.catalogue.exchange.dump import dump

        dump(self.store, out)


def _sort(text: str | None, names: Sequence[MetricName], *, by_name: bool) -> tuple[MetricName, bool] | None:
    words = vocabulary()
    if text is None:
        scores = [
            name for name in names if (m := words.metric(name.quantity)) is not None and not m.per_model
        ]
        if by_name or not scores:
            return None
        metric = words.metric(scores[0].quantity)
        return scores[0], metric is None or metric.direction == "higher"
    return words.metric_name(text.removeprefix("-")), text.startswith("-")
