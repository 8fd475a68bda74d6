"""Which value a table shows: the one place where that is decided.

`select` is a pure function over the source rows of one model. The rules are those of docs/architecture.md,
"Which value a table shows".
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from litdb.values.table import Origin, Status
from litdb.vocabulary.metric_name import MetricName
from litdb.vocabulary.protocol import NOTHING_STATED, Protocol

_TIER: dict[str, int] = {
    "self": 0,
    "measured": 0,
    "repository": 1,
    "reproduced": 2,
    "quoted": 3,
    "tracker": 4,
    "claim": 5,
}
_TABLE_ORDER = {"comparison": 0, "ablation": 1, "other": 2, "abstract": 3}
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


class Fact(NamedTuple):
    """One result as selection sees it. A tuple, because a query makes tens of thousands of them."""

    key: str
    metric: str
    quantity: str
    value: float | None
    printed: str
    resolution: float = 0.0
    status: Status = "accepted"
    protocol: Protocol = NOTHING_STATED
    approximate: str = ""
    uncertainty: float | None = None


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
    """What selection needs to know of an own checkpoint. `standing` names the one declared for the model, if any."""

    name: str
    selected_on: str = ""
    declared_on: dt.date | None = None
    date: dt.date | None = None
    standing: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One model in one table of one document, or one checkpoint: a row that really existed.

    `facts` are those of the asked test set and those that need none. `version` is None for what has no versions.
    """

    key: str
    origin: Origin
    facts: tuple[Fact, ...]
    source: str = ""
    url: str = ""
    label: str = ""
    paper: str = ""
    version: int | None = None
    table: str = ""
    table_kind: str = "comparison"
    date: dt.date | None = None
    checkpoint: CheckpointInfo | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The fact chosen for one asked metric, the row it stands in, and what must be said with it."""

    fact: Fact
    row: SourceRow
    filled: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """One row of a table: its source row and the choice for each asked metric (None where nothing is known)."""

    row: SourceRow
    choices: tuple[Choice | None, ...]
    notes: tuple[str, ...] = ()
    reproduced: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a caller may widen: proposed results, claims, values known to be of another protocol, all checkpoints."""

    proposed: bool = False
    claims: bool = False
    mixed: bool = False
    checkpoints: bool = False


@dataclass(slots=True)
class _Pool:
    """The usable facts of one model, found by row and asked metric."""

    asked: Sequence[Asked]
    rules: Rules
    rows: list[SourceRow] = field(default_factory=list)
    found: dict[str, dict[int, Fact]] = field(default_factory=dict)

    def add(self, row: SourceRow) -> None:
        if row.origin == "claim" and not self.rules.claims:
            return
        facts = _matches(row.facts, self.asked, self.rules)
        if facts:
            self.rows.append(row)
            self.found[row.key] = facts

    def fact(self, row: SourceRow, index: int) -> Fact | None:
        return self.found[row.key].get(index)

    def scored(self, row: SourceRow) -> bool:
        return any(not self.asked[index].per_model for index in self.found[row.key])

    def count(self, row: SourceRow) -> int:
        return len(self.found[row.key])


USUAL = Rules()


def select(
    rows: Iterable[SourceRow], asked: Sequence[Asked], rules: Rules = USUAL, *, own: bool = False
) -> list[Selected]:
    """The rows a table shows for one model, from all its source rows.

    Published models give one row (self-reported, else repository, else one quotation, else a tracker's, else a
    claim when asked), and one more for an own measurement of them, marked reproduced. Own models give their
    declared checkpoint, else the one selected on validation data, else every checkpoint; all of them when
    `rules.checkpoints` is set. A model with nothing on the asked metrics gives no row.
    """
    pool = _Pool(asked, rules)
    for row in rows:
        pool.add(row)
    wants_scores = any(not metric.per_model for metric in asked)
    bases = [row for row in pool.rows if pool.scored(row)] if wants_scores else list(pool.rows)
    if own:
        measured = [row for row in bases if row.checkpoint is not None]
        if measured:
            return _own(pool, measured)
    published = [row for row in bases if row.origin != "reproduced"] or [
        row for row in pool.rows if row.origin != "reproduced"
    ]
    selected = []
    if published:
        selected.append(_published(pool, published))
    for row in sorted(bases, key=lambda r: (-pool.count(r), r.key)):
        if row.origin == "reproduced":
            same = [other for other in pool.rows if other.origin == "reproduced"]
            selected.append(Selected(row, _fill(pool, row, same), reproduced=True))
            break
    if not selected and pool.rows:
        selected.append(_published(pool, pool.rows))
    return selected


# --- published models -------------------------------------------------------------------------------------


def _published(pool: _Pool, candidates: Sequence[SourceRow]) -> Selected:
    tier = min(_TIER[row.origin] for row in candidates)
    peers = [row for row in candidates if _TIER[row.origin] == tier]
    if peers[0].origin == "quoted":
        base = _best_quotation(pool, peers)
    else:
        newest = _newest_versions(peers)
        base = min(newest, key=lambda row: _within_paper(pool, row))
    choices = _fill(pool, base, pool.rows)
    if base.origin == "quoted":
        choices = tuple(_with_spread(pool, index, choice) for index, choice in enumerate(choices))
    return Selected(base, choices)


def _within_paper(pool: _Pool, row: SourceRow) -> tuple[int, int, dt.date, str]:
    """Most of the asked quantities, then comparison before ablation before abstract, then the earlier paper."""
    return (-pool.count(row), _TABLE_ORDER.get(row.table_kind, 2), row.date or _NO_DATE, row.key)


def _newest_versions(rows: Sequence[SourceRow]) -> list[SourceRow]:
    newest: dict[str, int] = {}
    for row in rows:
        newest[row.paper] = max(newest.get(row.paper, 0), row.version or 0)
    return [row for row in rows if (row.version or 0) == newest[row.paper]]


def _best_quotation(pool: _Pool, rows: Sequence[SourceRow]) -> SourceRow:
    """Most of the asked quantities, then the values most papers agree on, then the earliest paper.

    All quotations of the model have a voice, also those that cannot be chosen; two tables of one paper are one.
    """
    voices = _newest_versions([row for row in pool.rows if row.origin == "quoted"])

    def agreement(row: SourceRow) -> int:
        total = 0
        for index, fact in pool.found[row.key].items():
            papers = set()
            for other in voices:
                peer = pool.fact(other, index)
                if peer is not None and agrees(fact, peer):
                    papers.add(other.paper or other.key)
            total += len(papers)
        return total

    current = _newest_versions(rows)
    most = max(pool.count(row) for row in current)
    fullest = [row for row in current if pool.count(row) == most]
    if len(fullest) == 1:
        return fullest[0]
    return min(fullest, key=lambda row: (-agreement(row), row.date or _NO_DATE, row.key))


def _with_spread(pool: _Pool, index: int, choice: Choice | None) -> Choice | None:
    """Name the quotations that print another value."""
    if choice is None or choice.row.origin != "quoted":
        return choice
    others: dict[str, list[str]] = defaultdict(list)
    for row in pool.rows:
        fact = pool.fact(row, index)
        if row.origin != "quoted" or fact is None or agrees(fact, choice.fact):
            continue
        if row.source not in others[fact.printed]:
            others[fact.printed].append(row.source)
    spread = tuple(
        f"others print {printed} ({'; '.join(sorted(sources))})"
        for printed, sources in sorted(others.items())
    )
    return Choice(choice.fact, choice.row, choice.filled, choice.notes + spread)


# --- own models -------------------------------------------------------------------------------------------


def _own(pool: _Pool, measured: Sequence[SourceRow]) -> list[Selected]:
    by_checkpoint: dict[str, list[SourceRow]] = defaultdict(list)
    for row in measured:
        assert row.checkpoint is not None
        by_checkpoint[row.checkpoint.name].append(row)
    heads = [min(group, key=lambda row: _within_paper(pool, row)) for group in by_checkpoint.values()]
    without = [row for row in pool.rows if row.checkpoint is None]
    chosen, note = (heads, "") if pool.rules.checkpoints else _headline(heads)
    selected = []
    for head in sorted(chosen, key=lambda row: row.checkpoint.name if row.checkpoint else ""):
        assert head.checkpoint is not None
        notes = (*_checkpoint_notes(head.checkpoint), *((note,) if note else ()))
        selected.append(
            Selected(head, _fill(pool, head, by_checkpoint[head.checkpoint.name] + without), notes)
        )
    return selected


def _headline(heads: Sequence[SourceRow]) -> tuple[list[SourceRow], str]:
    def age(row: SourceRow, declared: bool) -> tuple[dt.date, str]:
        assert row.checkpoint is not None
        date = row.checkpoint.declared_on if declared else row.checkpoint.date
        return (date or dt.date.min, row.checkpoint.name)

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


def _checkpoint_notes(checkpoint: CheckpointInfo) -> tuple[str, ...]:
    said = f"checkpoint {checkpoint.name}"
    if checkpoint.declared_on:
        said += f", declared {checkpoint.declared_on.isoformat()}"
    if checkpoint.selected_on == "test":
        said += ", selected on the test set"
    elif checkpoint.selected_on == "validation":
        said += ", selected on validation data"
    if checkpoint.standing not in ("", checkpoint.name):
        said += f"; not the declared one, which is {checkpoint.standing}"
    return (said,)


# --- gaps and matching ------------------------------------------------------------------------------------


def _fill(pool: _Pool, base: SourceRow, others: Sequence[SourceRow]) -> tuple[Choice | None, ...]:
    """The base row's facts; what it lacks comes from the next best row, with a note that says from where."""
    choices: list[Choice | None] = []
    for index, metric in enumerate(pool.asked):
        fact = pool.fact(base, index)
        if fact is not None:
            choices.append(Choice(fact, base))
            continue
        candidates = [
            row
            for row in others
            if pool.fact(row, index) is not None
            and (row.origin != "reproduced" or metric.per_model or base.origin == "reproduced")
        ]
        choices.append(_best_fill(pool, base, candidates, index))
    return tuple(choices)


def _best_fill(pool: _Pool, base: SourceRow, candidates: Sequence[SourceRow], index: int) -> Choice | None:
    if not candidates:
        return None
    tier = min(_fill_tier(row) for row in candidates)
    peers = [row for row in candidates if _fill_tier(row) == tier]
    if peers[0].origin == "quoted":
        row = _best_quotation(pool, peers)
    else:
        row = min(_newest_versions(peers), key=lambda r: (r.paper != base.paper, *_within_paper(pool, r)))
    fact = pool.fact(row, index)
    assert fact is not None
    same_checkpoint = row.checkpoint is not None and row.checkpoint == base.checkpoint
    note = () if same_checkpoint else (_fill_note(base, row),)
    choice = Choice(fact, row, not same_checkpoint, note)
    if row.origin == "quoted":
        spread = _with_spread(pool, index, choice)
        assert spread is not None
        return spread
    return choice


def _fill_tier(row: SourceRow) -> int:
    return _TIER[row.origin]


def _fill_note(base: SourceRow, row: SourceRow) -> str:
    if row.paper and row.paper == base.paper and row.origin == base.origin:
        if row.version != base.version:
            return f"last printed in {row.source}"
        return f"from {row.source}"
    words = {
        "self": "reported in",
        "repository": "from the repository",
        "quoted": "quoted in",
        "tracker": "from the tracker",
        "claim": "claimed by",
        "reproduced": "own count,",
        "measured": "own count,",
    }[row.origin]
    return f"{words} {row.source}"


def agrees(one: Fact, other: Fact) -> bool:
    """Whether two values are the same number up to the coarser printed step."""
    if one.value is None or other.value is None:
        return one.value is other.value and one.printed == other.printed
    step = max(one.resolution, other.resolution)
    return abs(one.value - other.value) <= step / 2 + 1e-9 * max(abs(one.value), abs(other.value), 1.0)


def _matches(facts: Iterable[Fact], asked: Sequence[Asked], rules: Rules) -> dict[int, Fact]:
    """For each asked metric, the usable fact of a row: the exact name first, then what counts as that name."""
    by_quantity: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.status == "accepted" or (rules.proposed and fact.status == "proposed"):
            by_quantity[fact.quantity].append(fact)
    found: dict[int, Fact] = {}
    for index, metric in enumerate(asked):
        same = by_quantity.get(metric.name.quantity)
        if same is None:
            continue
        if len(same) == 1 and same[0].metric == same[0].quantity == metric.plain:  # nearly always
            found[index] = same[0]
            continue
        ranked = [
            (grade, fact.status != "accepted", fact.key, fact)
            for fact in same
            if (grade := _grade(fact, metric.name, rules)) is not None
        ]
        if ranked:
            found[index] = min(ranked, key=lambda entry: entry[:3])[3]
    return found


def _grade(fact: Fact, name: MetricName, rules: Rules) -> int | None:
    """0 for the very name, 1 for another scale that was not asked about, 2 for what only `mixed` admits."""
    if fact.metric == str(name):
        return 0
    has = MetricName.parse(fact.metric)
    if has.condition != name.condition:
        return None
    if has.band == name.band and has.statistic == name.statistic:
        if name.scale is None:
            return 1
        if name.scale == "int16" and fact.protocol.get("scale") == "int16":
            return 0
    return 2 if rules.mixed else None
