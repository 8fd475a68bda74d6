"""A number of a table held against what the catalogue knows of its model: agreed, outdated, second-hand, another model's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from litdb.draft.knowledge import Knowledge, stands
from litdb.evidence.comparability import known
from litdb.extract.types import CellReading
from litdb.values.agreement import agree, cut_off, is_bound
from litdb.values.origin import Origin
from litdb.values.value import Value
from litdb.vocabulary import MetricName, vocabulary

#: Quantities whose number depends on a machine or on a length of audio that a draft rarely states.
_COSTS = ("MACs", "FLOPs")
_OF_A_MACHINE = ("RTF", "latency")
#: So many seconds of audio a printed count of operations is for at most.
_LONGEST = 40
#: Items in which a number of the draft may be known to be of another kind than one of the catalogue.
_KINDS = ("band", "statistic", "condition")


class Standing(StrEnum):
    """How a number stands to what is known of its model."""

    AGREES = "agrees"
    CUT = "cut off"
    STALE = "stale"
    SECOND_HAND = "second hand"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Held:
    """A number with its standing: the value that speaks for it (`source`), and the one that it should be (`right`)."""

    number: CellReading
    standing: Standing
    source: Value | None = None
    right: Value | None = None

    @property
    def wrong(self) -> bool:
        """Whether it is not what the model's own paper prints."""
        return self.standing not in (Standing.AGREES, Standing.UNKNOWN)


def dataset_of(number: CellReading) -> str | None:
    """The test set of a number as the catalogue names it, '' for what belongs to none; None where it is not clear."""
    metric = vocabulary().metric(number.quantity)
    if metric is not None and metric.per_model:
        return ""
    if not number.dataset:
        return None
    found = vocabulary().dataset(number.dataset)
    return found.id if found is not None else number.dataset


def of_same_kind(knowledge: Knowledge, number: CellReading, model: str) -> list[Value]:
    """What is known of a model in the quantity, test set and kind of a number, the best first; claims are among it."""
    dataset = dataset_of(number)
    if dataset is None:
        return []
    return [value for value in knowledge.all_of(model, number.quantity, dataset) if _alike(number, value)]


def _frozen(knowledge: Knowledge, number: CellReading, model: str) -> list[Value]:
    """What a lock holds of a model in the quantity, test set and kind of a number."""
    dataset = dataset_of(number)
    return [
        value
        for value in knowledge.frozen
        if (value.model, value.quantity, value.dataset) == (model, number.quantity, dataset)
        and _alike(number, value)
    ]


def _alike(number: CellReading, value: Value) -> bool:
    return _class(value.metric) == _class(number.metric) and not _another_kind(number, value)


def _class(metric: str) -> MetricName:
    name = MetricName.parse(metric)
    return MetricName(name.quantity, name.band, None, name.statistic, name.condition)


def _another_kind(number: CellReading, value: Value) -> bool:
    pairs = ((known(number.protocol, item), known(value.protocol, item)) for item in _KINDS)
    return any(one is not None and other is not None and one != other for one, other in pairs)


def hold(knowledge: Knowledge, number: CellReading, model: str) -> Held:
    """How a number stands to what is known of a model."""
    if frozen := _frozen(knowledge, number, model):
        right = next((value for value in frozen if same(number, value)), None)
        return Held(number, Standing.DIFFERS if right is None else Standing.AGREES, right, right or frozen[0])
    values = of_same_kind(knowledge, number, model)
    if number.quantity in _OF_A_MACHINE:
        agreeing = next((value for value in values if agree(number, value)), None)
        return Held(number, Standing.AGREES if agreeing is not None else Standing.UNKNOWN, agreeing)
    own = [value for value in values if value.origin in (Origin.SELF, Origin.MEASURED)]
    current = _current(own)
    for value in current:
        if same(number, value):
            return Held(number, Standing.AGREES, value, value)
    right = next((value for value in current if stands(value)), current[0] if current else None)
    for value in own:
        if value not in current and same(number, value) and as_fine(number, value):
            if value.origin is Origin.MEASURED:
                return Held(number, Standing.AGREES, value, right)  # OWN says of which checkpoint it is
            return Held(number, Standing.STALE, value, right)
    others = [value for value in values if value not in own]
    source = _best_second_hand(number, others)
    if source is not None:
        return Held(number, _second_hand(number, source, right, others), source, right)
    cut = next((value for value in current if cut_off(number, value)), None)
    if cut is not None and number.resolution > cut.resolution:
        return Held(number, Standing.CUT, cut, cut)
    against = current if number.quantity in _COSTS else [*current, *others]
    against = [value for value in against if not _no_evidence(value)]
    if not against or (number.quantity in _COSTS and not _same_length(number, against)):
        return Held(number, Standing.UNKNOWN)
    return Held(number, Standing.DIFFERS, None, right if right in against else against[0])


#: Papers that must print a number of the unprocessed signal before another one is called wrong.
_WITNESSES = 3


def hold_reference(knowledge: Knowledge, number: CellReading, model: str) -> Held:
    """How a number of the unprocessed signal stands to what most papers print; what two print besides may be another tool's."""
    values = [
        v for v in of_same_kind(knowledge, number, model) if not is_bound(v) and v.origin is not Origin.CLAIM
    ]
    papers: dict[str, set[str]] = {v.key: _printing(values, v) for v in values}
    agreeing = [value for value in values if same(number, value)]
    if len({value.paper or value.row.document.key for value in agreeing}) > 1:
        return Held(number, Standing.AGREES, agreeing[0], agreeing[0])
    most = max(values, key=lambda v: (len(papers[v.key]), v.key), default=None)
    if most is None or len(papers[most.key]) < _WITNESSES or cut_off(number, most):
        return Held(number, Standing.UNKNOWN)
    return Held(number, Standing.DIFFERS, None, most)


def _printing(values: Sequence[Value], one: Value) -> set[str]:
    """The papers that print a number like one."""
    return {v.paper or v.row.document.key for v in values if agree(v, one)}


def _best_second_hand(number: CellReading, others: Sequence[Value]) -> Value | None:
    """What others print of a number: a publication's before a re-run, a claim last."""
    agreeing = [value for value in others if same(number, value)]
    return min(
        agreeing, key=lambda v: (v.origin is Origin.CLAIM, v.origin is Origin.REPRODUCED), default=None
    )


def _second_hand(
    number: CellReading, source: Value, right: Value | None, others: Sequence[Value]
) -> Standing:
    """Whether a number that others print is wrong in the place of the paper's.

    Who counts parameters again counts in another way, and says so rarely: that is no error of who quotes the count. Where the
    original is not known, a quotation stands, and so does a re-run that no quotation contradicts.
    """
    if source.origin is Origin.CLAIM:
        return Standing.SECOND_HAND
    if number.quantity in (*_COSTS, "params"):
        return Standing.AGREES
    if right is not None:
        return Standing.SECOND_HAND
    if source.origin is Origin.REPRODUCED and any(value.origin is Origin.QUOTED for value in others):
        return Standing.SECOND_HAND
    return Standing.AGREES


def same(number: CellReading, value: Value) -> bool:
    """Whether a number is that of a value: up to rounding; of costs also as it was printed, for another length of audio."""
    if agree(number, value):
        return not (is_bound(value) and not number.approximate)
    if number.quantity not in _COSTS or not number.value or not value.value:
        return False
    lengths = number.value / value.value  # as many seconds of audio as one count is for and the other is not
    return _digits(number.printed) == _digits(value.printed) and 1 / _LONGEST <= lengths <= _LONGEST


def as_fine(number: CellReading, value: Value) -> bool:
    """Whether a value says a number as finely as it is printed: '3' is not where 3.19 comes from."""
    return value.resolution <= number.resolution * 1.0001


def _digits(printed: str) -> str:
    return "".join(char for char in printed if char.isdigit() or char == ".").strip(".")


def _no_evidence(value: Value) -> bool:
    """Whether a value says nothing against another number: a claim, a re-run on other terms, the end of a range."""
    return value.origin in (Origin.CLAIM, Origin.REPRODUCED) or is_bound(value)


def _same_length(number: CellReading, values: Sequence[Value]) -> bool:
    """Whether costs are known to be of one length of audio."""
    mine = known(number.protocol, "audio_length")
    return mine is not None and any(known(value.protocol, "audio_length") == mine for value in values)


def _current(own: Iterable[Value]) -> list[Value]:
    """Of a paper's own numbers those of the newest version that prints one; what is in no version stands beside them.

    Of an own network those of the checkpoint that stands for it, where one does.
    """
    own = list(own)
    if any(map(stands, own)):
        return [value for value in own if stands(value)]
    newest: dict[str, int] = {}
    for value in own:
        if value.version is not None:
            newest[value.paper] = max(newest.get(value.paper, 0), value.version)
    return [value for value in own if value.version is None or value.version == newest[value.paper]]


def plain_numbers(numbers: Iterable[CellReading]) -> dict[str, CellReading]:
    """The means of a row by quantity, no bounds and no parts of a test set; of several test sets the first."""
    found: dict[str, CellReading] = {}
    dataset = Counter(number.dataset for number in numbers if number.quantity == "PESQ").most_common(1)
    for number in numbers:
        plain = number.metric == number.quantity and not number.approximate and not number.slot
        if plain and (not dataset or number.dataset == dataset[0][0]):
            found.setdefault(number.quantity, number)
    return found
