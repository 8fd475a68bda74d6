"""Which value a table shows: the one place where that is decided.

`select` is a pure function over the source rows of one model. The rules are those of docs/architecture.md,
"Which value a table shows".
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from litdb.evidence.matching import (
    Asked,
    Rules,
    fill_note,
    is_usable,
    matches,
    newest_versions,
    second_hand,
    without_superseded,
)
from litdb.evidence.runs import seeds
from litdb.values.agreement import agree
from litdb.values.choice import Choice, Selected
from litdb.values.note import Note
from litdb.values.origin import Origin, Status
from litdb.values.value import SeedGroup, SourceRow, Value

_NO_DATE = dt.date.max


@dataclass(slots=True)
class _Pool:
    """The usable values of one model: `said` by row and metric, asked or not, `found` by row and asked metric.

    Which row is shown depends on all that rows say, so that no column changes what another one shows. `kept` are, by
    asked metric, the values for which a conflict was settled.
    """

    asked: Sequence[Asked]
    rules: Rules
    rows: list[SourceRow] = field(default_factory=list)
    found: dict[str, dict[int, Value]] = field(default_factory=dict)
    said: dict[str, dict[str, Value]] = field(default_factory=dict)
    stated: dict[str, list[Value]] = field(default_factory=dict)
    kept: dict[int, list[Value]] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Iterable[Value], asked: Sequence[Asked], rules: Rules) -> _Pool:
        pool = cls(asked, rules)
        for value in values:
            if value.status is not Status.REJECTED:
                pool.stated.setdefault(value.row.key, []).append(value)
        usable: dict[str, list[Value]] = {}
        for key, stated in pool.stated.items():
            some = [value for value in stated if is_usable(value, rules)]
            if some:
                usable[key] = some
        for value in (value for some in usable.values() for value in some if value.kept is not None):
            for index in matches([value], asked, rules):
                pool.kept.setdefault(index, []).append(value)
        for key, some in without_superseded(usable).items():
            pool.rows.append(some[0].row)
            pool.said[key] = {value.metric: value for value in some}
            pool.found[key] = matches(some, asked, rules)
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
        return any(value.dataset for value in self.said[row.key].values())

    def count(self, row: SourceRow) -> int:
        return len({value.quantity for value in self.said[row.key].values()})

    def by_hand(self, row: SourceRow) -> bool:
        return all(value.by_hand for value in self.said[row.key].values())


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
    bases = [row for row in pool.rows if pool.scored(row)] or list(pool.rows)
    if own:
        # A checkpoint with none of what is asked stands for nothing: another one is shown, and said to be another.
        measured = [row for row in bases if row.checkpoint is not None and pool.found[row.key]]
        if measured:
            return _with_something(_own(pool, measured))
    published = [row for row in bases if row.origin is not Origin.REPRODUCED] or [
        row for row in pool.rows if row.origin is not Origin.REPRODUCED
    ]
    selected = []
    if published:
        selected.append(_published(pool, published))
    for row in sorted(bases, key=lambda r: (-pool.count(r), r.key)):
        if row.origin is Origin.REPRODUCED:
            same = [other for other in pool.rows if _one_rebuild(row, other)]
            choices = _fill(pool, row, same)
            selected.append(pool.selected(row, choices, _marks(choices), reproduced=True))
            break
    return _with_something(selected)


def _one_rebuild(row: SourceRow, other: SourceRow) -> bool:
    """Whether what was run again in the two rows may be one network: what one paper built, or what one measured oneself.

    Two papers that train a model again have two networks, and the scores of one are not those of the other.
    """
    return other.origin is Origin.REPRODUCED and other.document.paper == row.document.paper


def _with_something(selected: Iterable[Selected]) -> list[Selected]:
    """Without the rows that have none of the asked metrics."""
    return [one for one in selected if any(choice is not None for choice in one.choices)]


# --- published models -------------------------------------------------------------------------------------


def _published(pool: _Pool, candidates: Sequence[SourceRow]) -> Selected:
    tier = min(row.origin.tier for row in candidates)
    peers = [row for row in candidates if row.origin.tier == tier]
    if peers[0].origin is Origin.QUOTED:
        base = _best_quotation(pool, peers)
    else:
        newest = newest_versions(peers)
        base = min(newest, key=lambda row: _within_paper(pool, row))
    choices = _fill(pool, base, pool.rows)
    if base.origin is Origin.QUOTED:
        choices = tuple(_with_spread(pool, index, choice) for index, choice in enumerate(choices))
    base, choices = _seated(pool, base, choices)
    return pool.selected(base, _settled(pool, choices))


def _seated(
    pool: _Pool, base: SourceRow, choices: tuple[Choice | None, ...]
) -> tuple[SourceRow, tuple[Choice | None, ...]]:
    """Where all that is shown stands in one other row, that row; the values are the same."""
    rows = {choice.value.row.key: choice.value.row for choice in choices if choice is not None}
    if base.key in rows or len(rows) != 1:
        return base, choices
    (row,) = rows.values()
    own = tuple(None if choice is None else Choice(choice.value) for choice in choices)
    return row, tuple(_with_spread(pool, index, choice) for index, choice in enumerate(own))


def _settled(pool: _Pool, choices: tuple[Choice | None, ...]) -> tuple[Choice | None, ...]:
    """The choices, a value for which a conflict was settled in the place of the one that it was settled against."""
    made = list(choices)
    for index, stands in pool.kept.items():
        choice = made[index]
        if choice is not None:
            for value in stands:
                choice = _settled_choice(choice, value)
            made[index] = choice
    return tuple(made)


def _settled_choice(choice: Choice, stands: Value) -> Choice:
    shown, kept = choice.value, stands.kept
    if (
        kept is None
        or stands.key == shown.key
        or stands.checkpoint != shown.checkpoint
        or agree(stands, shown)
    ):
        return choice
    if shown.fingerprint not in kept.known:  # nobody has judged this one yet
        note = Note(
            f"{stands.spelled} ({stands.place}) was kept in a conflict before this source was known", ""
        )
        return replace(choice, notes=(*choice.notes, note))
    said = f"{stands.said} of {stands.place} stands instead of {shown.said} of {shown.place}: {kept.reason}"
    note = second_hand(stands.row, said)
    return Choice(stands, True, (note,), kept.reason)


def _within_paper(pool: _Pool, row: SourceRow) -> tuple[int, int, bool, dt.date, str]:
    """Most quantities, then comparison before ablation before abstract, then what litdb read, then the earlier paper."""
    date = row.document.date or _NO_DATE
    return (-pool.count(row), row.table_kind.place, pool.by_hand(row), date, row.key)


def _best_quotation(pool: _Pool, rows: Sequence[SourceRow]) -> SourceRow:
    """Most quantities, then the values most papers agree on, then the earliest paper.

    All quotations of the model have a voice, also those that cannot be chosen; two tables of one paper are one.
    """
    voices = newest_versions([row for row in pool.rows if row.origin is Origin.QUOTED])

    def agreement(row: SourceRow) -> int:
        total = 0
        for metric, value in pool.said[row.key].items():
            papers = set()
            for other in voices:
                peer = pool.said[other.key].get(metric)
                if peer is not None and agree(value, peer):
                    papers.add(other.document.paper or other.key)
            total += len(papers)
        return total

    current = newest_versions(rows)
    most = max(pool.count(row) for row in current)
    fullest = [row for row in current if pool.count(row) == most]
    if len(fullest) == 1:
        return fullest[0]
    return min(
        fullest,
        key=lambda row: (-agreement(row), row.document.date or _NO_DATE, pool.by_hand(row), row.key),
    )


def _with_spread(pool: _Pool, index: int, choice: Choice | None) -> Choice | None:
    """Name the quotations that print another value."""
    if choice is None or choice.value.origin is not Origin.QUOTED:
        return choice
    others: dict[str, list[str]] = defaultdict(list)
    for row in pool.rows:
        value = pool.value(row, index)
        if row.origin is not Origin.QUOTED or value is None or agree(value, choice.value):
            continue
        if (place := row.place) not in others[value.said]:
            others[value.said].append(place)
    spread = tuple(
        Note(f"others print {printed} ({'; '.join(sorted(sources))})", "")
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
    group = next((row.checkpoint.group for row in heads if row.checkpoint and row.checkpoint.group), None)
    by_key = {row.checkpoint.key: row for row in heads if row.checkpoint}
    members = [by_key[key] for key in (group.members if group else ()) if key in by_key]
    if group and members and not pool.rules.checkpoints:
        return [_of_group(pool, members, group)]
    chosen, note = (heads, "") if pool.rules.checkpoints else seeds.headline(heads)
    selected = []
    for head in sorted(chosen, key=lambda row: row.checkpoint.key if row.checkpoint else ""):
        assert head.checkpoint is not None
        choices = _settled(pool, _fill(pool, head, _parts(pool, head)))
        siblings = False
        if not pool.rules.checkpoints:
            choices, alone = _among_seeds(pool, heads, choices), choices
            siblings = bool(head.checkpoint.recipe) and choices != alone
        said = seeds.checkpoint_notes(
            head.checkpoint, [choice.value for choice in choices if choice], siblings=siblings
        )
        notes = (*said, *((note,) if note else ()), *_marks(choices))
        selected.append(pool.selected(head, choices, notes))
    return selected


def _parts(pool: _Pool, head: SourceRow) -> list[SourceRow]:
    """The rows that may complete that of a checkpoint: what was recorded of its run, or without a checkpoint."""
    assert head.checkpoint is not None
    run = head.checkpoint.key.rpartition("/")[0]
    return [
        row for row in pool.rows if row.checkpoint is None or row.checkpoint.key.rpartition("/")[0] == run
    ]


def _marks(choices: Iterable[Choice | None]) -> tuple[str, ...]:
    """What must be said beside a row of own measurements: a leak, files met in training, a part that is no test set."""
    return tuple(
        dict.fromkeys(mark for choice in choices if choice is not None for mark in choice.value.marks)
    )


def _of_group(pool: _Pool, members: Sequence[SourceRow], group: SeedGroup) -> Selected:
    """The row of a group of checkpoints that differ in their seed: means over them, counts where they agree."""
    filled = [_fill(pool, head, _parts(pool, head)) for head in members]
    row = seeds.group_row(members, group)
    choices: list[Choice | None] = []
    for metric, some in zip(pool.asked, zip(*filled, strict=True), strict=True):
        known = [choice for choice in some if choice is not None and choice.value.value is not None]
        if not known or (metric.per_model and len({choice.value.value for choice in known}) == 1):
            choices.append(known[0] if known else None)
            continue
        value, note = seeds.mean_over_seeds([choice.value for choice in known], row, group)
        choices.append(Choice(value, notes=(note, *value.quirks)))
    stated = tuple(value for head in members for value in pool.stated[head.key])
    return Selected(
        row,
        tuple(choices),
        (*seeds.group_notes(row, group, [choice.value for choice in choices if choice]), *_marks(choices)),
        stated=stated,
    )


def _among_seeds(
    pool: _Pool, heads: Sequence[SourceRow], choices: tuple[Choice | None, ...]
) -> tuple[Choice | None, ...]:
    """The choices, each said to be of one seed where runs that differ in their seed alone have values too."""
    made = list(choices)
    for index, choice in enumerate(choices):
        if choice is not None and not pool.asked[index].per_model:
            others = [value for head in heads if (value := pool.value(head, index)) is not None]
            if note := seeds.one_of_seeds(choice.value, others):
                made[index] = replace(choice, notes=(note, *choice.notes))
    return tuple(made)


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
            and not (metric.per_model and _is_rebuilt(pool, row) and base.origin is not Origin.REPRODUCED)
        ]
        choices.append(_best_fill(pool, base, candidates, index))
    return tuple(choices)


def _is_rebuilt(pool: _Pool, row: SourceRow) -> bool:
    """Whether a row is of a network that others trained anew, over seeds: its size is that of theirs, whatever its name."""
    if row.origin is not Origin.REPRODUCED:
        return False
    found = (pool.value(row, index) for index in range(len(pool.asked)))
    return any(value is not None and value.protocol.get("seeds") for value in found)


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
            newest_versions(peers),
            key=lambda r: (
                r.checkpoint != base.checkpoint,
                r.document.paper != base.document.paper,
                *_within_paper(pool, r),
            ),
        )
    value = pool.value(row, index)
    assert value is not None
    same_checkpoint = row.checkpoint is not None and row.checkpoint == base.checkpoint
    note = () if same_checkpoint else (fill_note(base, row, value.quantity),)
    choice = Choice(value, not same_checkpoint, (*note, *value.quirks))
    if row.origin is Origin.QUOTED:
        spread = _with_spread(pool, index, choice)
        assert spread is not None
        return spread
    return choice
