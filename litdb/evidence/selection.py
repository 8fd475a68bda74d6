"""Which value a table shows: the one place where that is decided.

`select` is a pure function over the source rows of one model. The rules are those of docs/architecture.md,
"Which value a table shows".
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from litdb.values.agreement import agree
from litdb.values.origin import Origin, Status
from litdb.values.value import Checkpoint, SourceRow, Value
from litdb.vocabulary.metric_name import MetricName

_NO_DATE = dt.date.max


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
class Choice:
    """The value chosen for one asked metric, and what must be said with it; `filled` from another row than the base."""

    value: Value
    filled: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """One row of a table: its source row and the choice for each asked metric (None where nothing is known).

    `stated` is all that the source row says, asked or not, as far as it was loaded.
    """

    row: SourceRow
    choices: tuple[Choice | None, ...]
    notes: tuple[str, ...] = ()
    reproduced: bool = False
    stated: tuple[Value, ...] = ()

    @property
    def causal(self) -> bool | None:
        """Whether the row states that the model is causal, or that it is not; None where it states neither, or both."""
        said = {value.protocol.get("causal") for value in self.stated} - {None}
        return said == {"yes"} if len(said) == 1 else None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a caller may widen: proposed results, claims, values known to be of another protocol, all checkpoints."""

    proposed: bool = False
    claims: bool = False
    mixed: bool = False
    checkpoints: bool = False


@dataclass(slots=True)
class _Pool:
    """The usable values of one model, found by row and asked metric."""

    asked: Sequence[Asked]
    rules: Rules
    rows: list[SourceRow] = field(default_factory=list)
    found: dict[str, dict[int, Value]] = field(default_factory=dict)
    stated: dict[str, list[Value]] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Iterable[Value], asked: Sequence[Asked], rules: Rules) -> _Pool:
        pool = cls(asked, rules)
        for value in values:
            if value.status is not Status.REJECTED:
                pool.stated.setdefault(value.row.key, []).append(value)
        for key, stated in pool.stated.items():
            row = stated[0].row
            if row.origin is Origin.CLAIM and not rules.claims:
                continue
            if found := _matches(stated, asked, rules):
                pool.rows.append(row)
                pool.found[key] = found
        return pool

    def value(self, row: SourceRow, index: int) -> Value | None:
        return self.found[row.key].get(index)

    def selected(
        self,
        row: SourceRow,
        choices: tuple[Choice | None, ...],
        notes: tuple[str, ...] = (),
        *,
        reproduced: bool = False,
    ) -> Selected:
        return Selected(row, choices, notes, reproduced, tuple(self.stated[row.key]))

    def scored(self, row: SourceRow) -> bool:
        return any(not self.asked[index].per_model for index in self.found[row.key])

    def count(self, row: SourceRow) -> int:
        return len(self.found[row.key])


USUAL = Rules()


def select(
    values: Iterable[Value], asked: Sequence[Asked], rules: Rules = USUAL, *, own: bool = False
) -> list[Selected]:
    """The rows a table shows for one model, from all its values.

    Published models give one row (self-reported, else repository, else one quotation, else a tracker's, else a
    claim when asked), and one more for an own measurement of them, marked reproduced. Own models give their
    declared checkpoint, else the one selected on validation data, else every checkpoint; all of them when
    `rules.checkpoints` is set. A model with nothing on the asked metrics gives no row.
    """
    pool = _Pool.of(values, asked, rules)
    wants_scores = any(not metric.per_model for metric in asked)
    bases = [row for row in pool.rows if pool.scored(row)] if wants_scores else list(pool.rows)
    if own:
        measured = [row for row in bases if row.checkpoint is not None]
        if measured:
            return _own(pool, measured)
    published = [row for row in bases if row.origin is not Origin.REPRODUCED] or [
        row for row in pool.rows if row.origin is not Origin.REPRODUCED
    ]
    selected = []
    if published:
        selected.append(_published(pool, published))
    for row in sorted(bases, key=lambda r: (-pool.count(r), r.key)):
        if row.origin is Origin.REPRODUCED:
            same = [other for other in pool.rows if other.origin is Origin.REPRODUCED]
            choices = _fill(pool, row, same)
            selected.append(pool.selected(row, choices, _marks(choices), reproduced=True))
            break
    if not selected and pool.rows:
        selected.append(_published(pool, pool.rows))
    return selected


# --- published models -------------------------------------------------------------------------------------


def _published(pool: _Pool, candidates: Sequence[SourceRow]) -> Selected:
    tier = min(row.origin.tier for row in candidates)
    peers = [row for row in candidates if row.origin.tier == tier]
    if peers[0].origin is Origin.QUOTED:
        base = _best_quotation(pool, peers)
    else:
        newest = _newest_versions(peers)
        base = min(newest, key=lambda row: _within_paper(pool, row))
    choices = _fill(pool, base, pool.rows)
    if base.origin is Origin.QUOTED:
        choices = tuple(_with_spread(pool, index, choice) for index, choice in enumerate(choices))
    return pool.selected(base, choices)


def _within_paper(pool: _Pool, row: SourceRow) -> tuple[int, int, dt.date, str]:
    """Most of the asked quantities, then comparison before ablation before abstract, then the earlier paper."""
    return (-pool.count(row), row.table_kind.place, row.document.date or _NO_DATE, row.key)


def _newest_versions(rows: Sequence[SourceRow]) -> list[SourceRow]:
    newest: dict[str, int] = {}
    for row in rows:
        newest[row.document.paper] = max(newest.get(row.document.paper, 0), row.document.version or 0)
    return [row for row in rows if (row.document.version or 0) == newest[row.document.paper]]


def _best_quotation(pool: _Pool, rows: Sequence[SourceRow]) -> SourceRow:
    """Most of the asked quantities, then the values most papers agree on, then the earliest paper.

    All quotations of the model have a voice, also those that cannot be chosen; two tables of one paper are one.
    """
    voices = _newest_versions([row for row in pool.rows if row.origin is Origin.QUOTED])

    def agreement(row: SourceRow) -> int:
        total = 0
        for index, value in pool.found[row.key].items():
            papers = set()
            for other in voices:
                peer = pool.value(other, index)
                if peer is not None and agree(value, peer):
                    papers.add(other.document.paper or other.key)
            total += len(papers)
        return total

    current = _newest_versions(rows)
    most = max(pool.count(row) for row in current)
    fullest = [row for row in current if pool.count(row) == most]
    if len(fullest) == 1:
        return fullest[0]
    return min(fullest, key=lambda row: (-agreement(row), row.document.date or _NO_DATE, row.key))


def _with_spread(pool: _Pool, index: int, choice: Choice | None) -> Choice | None:
    """Name the quotations that print another value."""
    if choice is None or choice.value.origin is not Origin.QUOTED:
        return choice
    others: dict[str, list[str]] = defaultdict(list)
    for row in pool.rows:
        value = pool.value(row, index)
        if row.origin is not Origin.QUOTED or value is None or agree(value, choice.value):
            continue
        if (place := row.place) not in others[value.printed]:
            others[value.printed].append(place)
    spread = tuple(
        f"others print {printed} ({'; '.join(sorted(sources))})"
        for printed, sources in sorted(others.items())
    )
    return Choice(choice.value, choice.filled, choice.notes + spread)


# --- own models -------------------------------------------------------------------------------------------


def _own(pool: _Pool, measured: Sequence[SourceRow]) -> list[Selected]:
    by_checkpoint: dict[str, list[SourceRow]] = defaultdict(list)
    for row in measured:
        assert row.checkpoint is not None
        by_checkpoint[row.checkpoint.key].append(row)
    heads = [min(group, key=lambda row: _within_paper(pool, row)) for group in by_checkpoint.values()]
    chosen, note = (heads, "") if pool.rules.checkpoints else _headline(heads)
    selected = []
    for head in sorted(chosen, key=lambda row: row.checkpoint.key if row.checkpoint else ""):
        assert head.checkpoint is not None
        parts = [row for row in pool.rows if _of_one_run(row.checkpoint, head.checkpoint)]
        choices = _fill(pool, head, parts)
        notes = (*_checkpoint_notes(head.checkpoint), *((note,) if note else ()), *_marks(choices))
        selected.append(pool.selected(head, choices, notes))
    return selected


def _of_one_run(part: Checkpoint | None, head: Checkpoint) -> bool:
    """Whether a row may complete that of a checkpoint: what was recorded of its run, or without a checkpoint."""
    return part is None or part.key.rpartition("/")[0] == head.key.rpartition("/")[0]


def _marks(choices: Iterable[Choice | None]) -> tuple[str, ...]:
    """What must be said beside a row of own measurements: a leak, files met in training, a part that is no test set."""
    return tuple(
        dict.fromkeys(mark for choice in choices if choice is not None for mark in choice.value.marks)
    )


def _headline(heads: Sequence[SourceRow]) -> tuple[list[SourceRow], str]:
    def age(row: SourceRow, declared: bool) -> tuple[dt.date, str]:
        assert row.checkpoint is not None
        date = row.checkpoint.declared_on if declared else row.checkpoint.date
        return (date or dt.date.min, row.checkpoint.key)

    declared = [row for row in heads if row.checkpoint and row.checkpoint.declared_on]
    if declared:
        return [max(declared, key=lambda row: age(row, True))], ""
    standing = next(
        (row.checkpoint.standing for row in heads if row.checkpoint and row.checkpoint.standing), ""
    )
    lacking = f"the declared {standing} has none of these values" if standing else "no checkpoint is declared"
    validated = [row for row in heads if row.checkpoint and row.checkpoint.selected_on == "validation"]
    if validated:
        return [max(validated, key=lambda row: age(row, False))], f"{lacking}; selected on validation"
    return list(heads), f"{lacking}: every one {'that has is' if standing else 'is'} shown"


def _checkpoint_notes(checkpoint: Checkpoint) -> tuple[str, ...]:
    said = f"checkpoint {checkpoint.key}"
    if checkpoint.declared_on:
        said += f", declared {checkpoint.declared_on.isoformat()}"
    if checkpoint.selected_on == "test":
        said += ", selected on the test set"
    elif checkpoint.selected_on == "validation":
        said += ", selected on validation data"
    if checkpoint.standing not in ("", checkpoint.key):
        said += f"; not the declared one, which is {checkpoint.standing}"
    return (said,)


# --- gaps and matching ------------------------------------------------------------------------------------


def _fill(pool: _Pool, base: SourceRow, others: Sequence[SourceRow]) -> tuple[Choice | None, ...]:
    """The base row's values; what it lacks comes from the next best row, with a note that says from where."""
    choices: list[Choice | None] = []
    for index, metric in enumerate(pool.asked):
        value = pool.value(base, index)
        if value is not None:
            choices.append(Choice(value, notes=value.quirks))
            continue
        candidates = [
            row
            for row in others
            if pool.value(row, index) is not None
            and (row.origin is not Origin.REPRODUCED or metric.per_model or base.origin is Origin.REPRODUCED)
            and (metric.per_model or _one_checkpoint(row, base))
        ]
        choices.append(_best_fill(pool, base, candidates, index))
    return tuple(choices)


def _one_checkpoint(row: SourceRow, base: SourceRow) -> bool:
    """Whether scores of a row may stand in another: those of one checkpoint never stand for another's."""
    return row.checkpoint is None or base.checkpoint is None or row.checkpoint.key == base.checkpoint.key


def _best_fill(pool: _Pool, base: SourceRow, candidates: Sequence[SourceRow], index: int) -> Choice | None:
    if not candidates:
        return None
    tier = min(row.origin.tier for row in candidates)
    peers = [row for row in candidates if row.origin.tier == tier]
    if peers[0].origin is Origin.QUOTED:
        row = _best_quotation(pool, peers)
    else:
        row = min(
            _newest_versions(peers),
            key=lambda r: (
                r.checkpoint != base.checkpoint,
                r.document.paper != base.document.paper,
                *_within_paper(pool, r),
            ),
        )
    value = pool.value(row, index)
    assert value is not None
    same_checkpoint = row.checkpoint is not None and row.checkpoint == base.checkpoint
    note = () if same_checkpoint else (_fill_note(base, row),)
    choice = Choice(value, not same_checkpoint, (*note, *value.quirks))
    if row.origin is Origin.QUOTED:
        spread = _with_spread(pool, index, choice)
        assert spread is not None
        return spread
    return choice


def _fill_note(base: SourceRow, row: SourceRow) -> str:
    if row.document.paper and row.document.paper == base.document.paper and row.origin == base.origin:
        if row.document.version != base.document.version:
            return f"last printed in {row.place}"
        return f"from {row.place}"
    return f"{row.origin.reported} {row.place}"


def _matches(values: Iterable[Value], asked: Sequence[Asked], rules: Rules) -> dict[int, Value]:
    """For each asked metric, the usable value of a row: the exact name first, then what counts as that name."""
    by_quantity: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        if value.status is Status.ACCEPTED or (rules.proposed and value.status is Status.PROPOSED):
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
        if name.scale == "int16" and value.protocol.get("scale") == "int16":
            return 0
    return 2 if rules.mixed else None
