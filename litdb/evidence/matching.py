"""Which values may answer for what a table asks, before any row is chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litdb.values.note import Note
from litdb.values.origin import Origin, Status
from litdb.values.value import SourceRow, Value
from litdb.vocabulary import MetricName, vocabulary


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric a table asks for; `per_model` for those that need no test set (params, MACs)."""

    name: MetricName
    per_model: bool = False

    @property
    def plain(self) -> str:
        """The quantity, where the name asks for nothing but it; else ''."""
        return self.name.quantity if self.name.is_plain else ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a caller may widen: proposed results, claims, values known to be of another protocol, all checkpoints.

    With `withdrawn` values of withdrawn papers are ranked like others.
    """

    proposed: bool = False
    claims: bool = False
    mixed: bool = False
    checkpoints: bool = False
    withdrawn: bool = False


def is_usable(value: Value, rules: Rules) -> bool:
    """Whether a value may be shown under these rules."""
    if value.origin is Origin.CLAIM and not rules.claims:
        return False
    return value.status is Status.ACCEPTED or (rules.proposed and value.status is Status.PROPOSED)


def without_superseded(rows: dict[str, list[Value]]) -> dict[str, list[Value]]:
    """What a person read in a table stands back behind what litdb read in it, metric by metric."""
    read: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for some in rows.values():
        for value in some:
            if value.entry == "reader":
                read[_table_of(value)].add(value.metric)
    left = {
        key: [v for v in some if not (v.by_hand and v.metric in read.get(_table_of(v), ()))]
        for key, some in rows.items()
    }
    return {key: some for key, some in left.items() if some}


def _table_of(value: Value) -> tuple[object, ...]:
    """The table that a value stands in, however it was read; its own row where that is not a paper's table."""
    if not value.paper or not value.row.table:
        return (value.row.key,)
    return (value.paper, value.version, value.row.table, value.origin)


def matches(values: Iterable[Value], asked: Sequence[Asked], rules: Rules) -> dict[int, Value]:
    """For each asked metric, the usable value of a row: the exact name first, then what counts as that name."""
    by_quantity: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        by_quantity[value.quantity].append(value)
    found: dict[int, Value] = {}
    for index, metric in enumerate(asked):
        same = by_quantity.get(metric.name.quantity)
        if same is None:
            continue
        if len(same) == 1 and same[0].metric == same[0].quantity == metric.plain:  # nearly always
            found[index] = same[0]
            continue
        ranked = [
            (grade, value.status is not Status.ACCEPTED, value.key, value)
            for value in same
            if (grade := _grade(value, metric.name, rules)) is not None
        ]
        if ranked:
            found[index] = min(ranked, key=lambda entry: entry[:3])[3]
    return found


def _grade(value: Value, name: MetricName, rules: Rules) -> int | None:
    """0 for the very name, 1 for another scale that was not asked about, 2 for what only `mixed` admits."""
    if value.metric == str(name):
        return 0
    has = MetricName.parse(value.metric)
    if has.condition != name.condition:
        return None
    if has.band == name.band and has.statistic == name.statistic:
        if name.scale is None:
            return 1
        if (
            value.protocol.get("scale") == name.scale
        ):  # int16 is not spelled in a name, an inferred scale neither
            return 0 if value.protocol.get_stated("scale") else 1
    return 2 if rules.mixed else None


def fill_note(base: SourceRow, row: SourceRow, quantity: str) -> Note:
    """What must be said of a value that fills a gap in a row: where it is from."""
    if row.document.paper and row.document.paper == base.document.paper and row.origin == base.origin:
        if row.document.version != base.document.version:
            return Note(f"last printed in {row.place}", f"last printed in v{row.document.version}")
        if row.place == base.place:
            return Note(f"read by hand in {row.place}", "")
        return Note(f"from {row.place}", "")
    if row.origin.measured:
        if row.document.paper:  # another paper's measurement, and none of one's own
            return Note(f"reproduced in {row.place}", "re-run by the authors of", row.document.paper)
        metric = vocabulary().metric(quantity)
        counted = metric is not None and metric.unit == "count"
        return Note(
            f"own {'count' if counted else 'measurement'}, {row.place}",
            f"{'counted' if counted else 'measured'} by us",
        )
    return second_hand(row, f"{row.origin.reported} {row.place}")


def second_hand(row: SourceRow, text: str) -> Note:
    """A note on where a row is from, which to a reader of a paper is said by citation where its source is a paper."""
    if not row.document.paper and row.origin in (Origin.SELF, Origin.QUOTED):
        return Note(text)  # no paper to cite: the words of the place are all there is
    cites = row.document.paper if row.origin in (Origin.SELF, Origin.QUOTED) else ""
    return Note(text, row.origin.briefly, cites)


def newest_versions(rows: Sequence[SourceRow]) -> list[SourceRow]:
    """The rows that the newest version of their paper has."""
    newest: dict[str, int] = {}
    for row in rows:
        newest[row.document.paper] = max(newest.get(row.document.paper, 0), row.document.version or 0)
    return [row for row in rows if (row.document.version or 0) == newest[row.document.paper]]
