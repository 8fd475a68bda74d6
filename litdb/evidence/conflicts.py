"""Values that cannot both be right: same model, quantity, test set and protocol, further apart than rounding.

Where no item of the protocol is known to differ it is a conflict; where an item that decides is stated on one side
only it is a *possible* one. Two ways of counting parameters are no conflict but a matter for the audit, and two rows of
one table are two settings of a name: the table tells them apart, by a heading or a mark that is not in the label.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from litdb.evidence.comparability import deciding_items, known, partial, relation
from litdb.evidence.conflict_words import by_arithmetic, explain, told_apart
from litdb.evidence.rows.printed_twice import also_there, one_print, printed_beside, table_of
from litdb.values.agreement import agree
from litdb.values.value import Side, Value
from litdb.vocabulary.metric_name import MetricName
from litdb.vocabulary.protocol import ITEMS, Protocol

#: Items that say how a value came about without making it another number.
_NO_IDENTITY = ("files_expected", "selected_on", "causal", "rate")
_COUNTED = ("params", "MACs", "FLOPs")
#: Origins whose values are a matter for the audit: a claim without evidence contradicts nothing.
_NO_EVIDENCE = ("claim",)
#: What the key of a corrected result ends in where its cell, as it is read now, stands in a conflict.
FRESH = "~read"

Kind = Literal[
    "between versions",
    "within one paper",
    "between documents",
    "own table and quotations",
    "paper and repository",
    "between quotations",
    "reproduction",
    "between sources",
]
State = Literal["open", "resolved", "changed"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """A decision on a conflict: the result to keep ('' where both stand), and what was known when it was made."""

    decision: str
    keep: str
    reason: str
    known: tuple[str, ...]  # the fingerprint of every source then


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One disagreement with all its sources.

    `id` depends on model, metric and test set only, so it is the same tomorrow. `unknown` are the protocol items
    that could explain it and are not stated on one side (then `possible`). `state` is `changed` when a source
    appeared or changed since it was resolved.
    """

    id: str
    model: str
    name: str
    metric: str
    dataset: str
    possible: bool
    kinds: tuple[Kind, ...]
    sides: tuple[Side, ...]
    unknown: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()
    state: State = "open"
    resolution: Resolution | None = None

    @property
    def values(self) -> tuple[Value, ...]:
        """All sources of all sides."""
        return tuple(value for side in self.sides for value in side.sources)


def conflict_id(model: str, metric: str, dataset: str) -> str:
    """The number of a conflict: 32 hex digits from what it is about."""
    return hashlib.sha256("\x1f".join(("conflict", model, metric, dataset)).encode()).hexdigest()[:32]


def conflicts(
    values: Iterable[Value],
    resolutions: Mapping[str, Resolution] | None = None,
    relatives: Mapping[str, Sequence[Value]] | None = None,
    namesakes: Mapping[str, Sequence[Value]] | None = None,
    standing: Mapping[tuple[str, str], str] | None = None,
) -> list[Disagreement]:
    """All conflicts among these values, ordered by model and metric.

    `resolutions` are those in force, by conflict; `relatives` are, for a model, what its own paper reports for its
    other rows (variants, ablations), one of which a quotation may mean; `namesakes` are, for a model, the values of
    others that go by its name, and a quotation of one of those contradicts nothing; `standing` is what speaks for or
    against a row (its key and test set) by its own arithmetic.
    """
    found = []
    for (model, metric, dataset, checkpoint), entries in _grouped(values).items():
        members = _its_own(entries, (namesakes or {}).get(model, ()))
        number = conflict_id(model, metric + (f"#{checkpoint}" if checkpoint else ""), dataset)
        others = (relatives or {}).get(model, ())
        one = _conflict(number, metric, members, (resolutions or {}).get(number), others)
        if one is not None and standing:
            one = replace(one, explanation=(*one.explanation, *by_arithmetic(one.sides, standing)))
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda c: (c.possible, c.name.casefold(), c.metric, c.dataset))


def disputed_models(values: Iterable[Value]) -> set[str]:
    """The models that may have a conflict among these values: those of :func:`conflicts` without namesakes, and no others.

    It stops at the first pair that disagrees, and explains nothing.
    """
    found: set[str] = set()
    for (model, *_), members in _grouped(values).items():
        if model not in found:
            conventions = _conventions(members)
            beside = printed_beside(members)
            if any(_against(_alike(members, conventions, beside), conventions, beside)):
                found.add(model)
    return found


def _grouped(values: Iterable[Value]) -> dict[tuple[str, str, str, str], list[Value]]:
    """What must agree, by model, class of metric, test set and checkpoint."""
    groups: dict[tuple[str, str, str, str], list[Value]] = defaultdict(list)
    for value in _once(_with_fresh_readings(values)):
        if value.value is not None and value.origin not in _NO_EVIDENCE and value.status == "accepted":
            groups[(value.model, _class(value), value.dataset, value.checkpoint)].append(value)
    return groups


def _against(
    alike: Sequence[Sequence[Value]],
    conventions: Mapping[str, str],
    beside: Mapping[tuple[str, ...], list[Value]],
) -> Iterator[tuple[Value, Value, tuple[str, ...]]]:
    """The pairs that disagree, with the items that only one side states; each stands for those that are alike."""
    for one, other in combinations((some[0] for some in alike), 2):
        if agree(one, other) or one_print(one, other):
            continue
        if also_there(one, other, beside) or also_there(other, one, beside):
            continue
        unknown = _may_conflict(one, other, conventions)
        if unknown is not None:
            yield one, other, unknown


def _its_own(members: Sequence[Value], namesakes: Sequence[Value]) -> list[Value]:
    """The values without quotations that give the number of another model of that name, and not this one's."""
    own = [value for value in members if value.origin in ("self", "repository")]
    other = [value for value in namesakes if value.origin in ("self", "repository")]
    return [
        value
        for value in members
        if value.origin not in ("quoted", "tracker")
        or any(agree(value, one) for one in own)
        or not any(
            (value.metric, value.dataset) == (one.metric, one.dataset) and agree(value, one) for one in other
        )
    ]


def _with_fresh_readings(values: Iterable[Value]) -> Iterator[Value]:
    """The values, and besides a corrected one what its cell is read as since, where that is another number."""
    seen = set()
    for value in values:
        if value.key in seen:
            continue
        seen.add(value.key)
        yield value
        for made in value.corrections:
            if made.fresh and made.value is not None:
                remark = f"read anew after it was corrected ({made.decision[:8]})"
                yield replace(
                    value,
                    key=f"{value.key}{FRESH}",
                    value=made.value,
                    printed=made.fresh,
                    corrections=(),
                    remark=remark,
                )


def _once(values: Iterable[Value]) -> list[Value]:
    """Each source once: the same table read by hand and by a program, or from two files, is one."""
    found: dict[tuple[object, ...], Value] = {}
    for value in sorted(values, key=lambda v: (v.row.document.kind == "seen", v.key)):
        home = (
            (value.paper, value.version, value.row.table)
            if value.paper
            else (value.row.document.key, value.row.table)
        )
        place = (*home, value.model, value.metric, value.dataset, value.value, value.checkpoint, value.origin)
        found.setdefault(place, value)
    return list(found.values())


def _class(value: Value) -> str:
    """The metric without its composite scale: what a name states otherwise is known to be another number."""
    name = MetricName.parse(value.metric)
    return str(MetricName(name.quantity, name.band, None, name.statistic, name.condition))


def _conflict(
    number: str,
    metric: str,
    members: Sequence[Value],
    resolution: Resolution | None,
    relatives: Sequence[Value],
) -> Disagreement | None:
    conventions = _conventions(members)
    beside = printed_beside(members)
    alike = _alike(members, conventions, beside)
    against = list(_against(alike, conventions, beside))
    if not against:
        return None
    involved = {value.key: value for one, other, _ in against for value in (one, other)}
    theirs = [
        some for some in alike if some[0].key in involved or any(agree(some[0], v) for v in involved.values())
    ]
    sides = _sides([value for some in theirs for value in some])
    if len(sides) < 2:  # 0.93 and 0.92 beside a 92.5: one number rounds to both
        return None
    certain = any(not unknown for _, _, unknown in against)
    unknown = () if certain else tuple(dict.fromkeys(item for _, _, items in against for item in items))
    first = members[0]
    return Disagreement(
        id=number,
        model=first.model,
        name=first.name,
        metric=metric,
        dataset=first.dataset,
        possible=not certain,
        kinds=_kinds([(one, other) for one, other, _ in against]),
        sides=sides,
        unknown=unknown,
        explanation=tuple(explain(sides, against, relatives)),
        state=_state(sides, resolution),
        resolution=resolution,
    )


def _alike(
    members: Sequence[Value],
    conventions: Mapping[str, str],
    beside: Mapping[tuple[str, ...], list[Value]],
) -> list[list[Value]]:
    """The values in groups of which one stands for all: pairs of groups are few where a thousand papers quote a number."""
    groups: dict[tuple[object, ...], list[Value]] = defaultdict(list)
    for value in members:
        number = (value.value, value.resolution, value.approximate, conventions.get(value.key))
        home = (value.paper, value.version) if value.origin == "self" else ()
        table = table_of(value) if beside else ()
        table = table if table in beside else ()
        groups[(*number, value.protocol, value.quantity, value.origin, home, value.rerun, table)].append(
            value
        )
    return list(groups.values())


def _may_conflict(one: Value, other: Value, conventions: Mapping[str, str]) -> tuple[str, ...] | None:
    """None where the protocols are known to differ, else the items that are not stated on one side."""
    if one.protocol == other.protocol and one.quantity not in _COUNTED:
        return ()
    for item in ITEMS:
        if item in _NO_IDENTITY:
            continue
        a, b = known(one.protocol, item), known(other.protocol, item)
        if item == "counting":
            a, b = conventions.get(one.key), conventions.get(other.key)
        if item != "files" and a is not None and b is not None and a != b:
            return None
    if partial(one.protocol) != partial(other.protocol):
        return None
    verdict, items = relation(one.quantity, *_as_stated(one.protocol, other.protocol))
    if verdict == "differs":
        return None
    if one.quantity in ("MACs", "FLOPs") and "audio_length" in deciding_items(one.quantity):
        lengths = {known(value.protocol, "audio_length") for value in (one, other)}
        if None in lengths:
            return ("length of audio",)
    return (*items, *_one_sided(one, other, conventions))


def _as_stated(one: Protocol, other: Protocol) -> tuple[Protocol, Protocol]:
    """Two protocols without the scale that only one of them has, where it was inferred from that row's own numbers.

    A misquoted row does not show its scale; that cannot make it another kind of number than the row it was copied from.
    """
    if (one.get("scale") is None) != (other.get("scale") is None) and not any(
        protocol.get_stated("scale") for protocol in (one, other)
    ):
        return one.without("scale"), other.without("scale")
    return one, other


def _one_sided(one: Value, other: Value, conventions: Mapping[str, str]) -> Iterable[str]:
    """Items beyond those that decide a ranking which only one side states, and which could explain the difference."""
    if one.quantity in _COUNTED:
        if (one.key in conventions) != (other.key in conventions):
            yield "way of counting"
        return
    for item, words in (("training", "training set"), ("extra_data", "extra training data")):
        if (known(one.protocol, item) is None) != (known(other.protocol, item) is None):
            yield words


def _conventions(members: Sequence[Value]) -> dict[str, str]:
    """The counting convention of each value: as stated, else that of a stated value it agrees with."""
    stated = {
        v.key: v.protocol.get("counting")
        for v in members
        if v.quantity in _COUNTED and v.protocol.get("counting")
    }
    found = {key: convention for key, convention in stated.items() if convention}
    telling = [value for value in members if value.key in stated]
    for value in members if telling else ():
        if value.key in found or value.quantity not in _COUNTED:
            continue
        same = {found[other.key] for other in telling if agree(value, other)}
        if len(same) == 1:
            found[value.key] = same.pop()
    return found


def _order(value: Value) -> tuple[int, int, str, str, str]:
    date = value.row.document.date.isoformat() if value.row.document.date else "9999"
    version = value.version or 0 if value.origin == "self" else 0
    return (value.origin.tier, -version, date, value.place, value.key)


def _sides(values: Sequence[Value]) -> tuple[Side, ...]:
    """The values grouped by agreement: sharper prints lead, and a coarse one joins the first it agrees with."""
    sides: list[list[Value]] = []
    for value in sorted(values, key=lambda v: (v.resolution, *_order(v))):
        home = next((side for side in sides if agree(value, side[0])), None)
        if home is None:
            sides.append([value])
        else:
            home.append(value)
    made = []
    for side in sides:
        ordered = sorted(side, key=_order)
        assert ordered[0].value is not None
        made.append(Side(ordered[0].printed, ordered[0].value, tuple(ordered)))
    made.sort(key=lambda side: (*_order(side.sources[0])[:2], -len(side.sources), side.printed))
    return told_apart(made)


def _kinds(pairs: Iterable[tuple[Value, Value]]) -> tuple[Kind, ...]:
    return tuple(sorted({_kind(one, other) for one, other in pairs}))


def _kind(one: Value, other: Value) -> Kind:
    origins = {one.origin, other.origin}
    if origins == {"self"}:
        if (one.paper or one.row.document.key) != (other.paper or other.row.document.key):
            return "between documents"  # drafts of one paper, or papers of two that share a name
        return "between versions" if one.version != other.version else "within one paper"
    if "reproduced" in origins or one.rerun != other.rerun:
        return "reproduction"
    if origins <= {"self", "repository"}:
        return "paper and repository"
    if origins <= {"self", "quoted", "tracker"} and "self" in origins:
        return "own table and quotations"
    return "between quotations" if origins <= {"quoted", "tracker"} else "between sources"


def _state(sides: Sequence[Side], resolution: Resolution | None) -> State:
    if resolution is None:
        return "open"
    now = {value.fingerprint for side in sides for value in side.sources}
    return "resolved" if now <= set(resolution.known) else "changed"
