"""Who and when: years, names that several models share, numbers of a re-implementation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from litdb.evidence.audit.facts import Facts, Finding, ModelRecord, quoted, rejection, told
from litdb.values.agreement import agree
from litdb.values.names import bare_name
from litdb.values.value import Value


def year(facts: Facts) -> Iterator[Finding]:
    """YEAR: a year given for a model that is not that of its paper."""
    for value in facts.values:
        given = _year_given(value)
        paper = facts.paper_of(value.model)
        if given is None or paper is None or paper.year is None or value.status != "accepted":
            continue
        if given == paper.year or (paper.published is not None and given == paper.published.year):
            continue
        first = f"first submitted on {paper.submitted}" if paper.submitted else f"of {paper.year}"
        ident = f" ({paper.ident})" if paper.ident else ""
        early = given < paper.year
        more = "" if early else "; a later year may be that of a journal or conference, which is not recorded"
        yield Finding(
            code="YEAR",
            severity="error" if early else "warning",
            target=value.key[:8],
            model=value.model,
            message=f"{value.name} is dated {given}: its paper{ident} is {first}{more}",
            sources=(f"{given}: {value.cited}",),
            proposals=(rejection(value, f"the paper is {first}"),) if value.quantity == "year" else (),
        )


def _year_given(value: Value) -> int | None:
    if value.quantity == "year":
        return int(value.value) if value.value is not None else None
    return None


def name(facts: Facts) -> Iterator[Finding]:
    """NAME: a name that several models go by, and rows under it that nobody has placed."""
    for shared, keys in sorted(facts.shared.items()):
        models = [facts.models[key] for key in keys if key in facts.models]
        yield Finding(
            code="NAME",
            severity="note",
            target=shared,
            model=keys[0],
            message=f"{shared!r} is the name of {len(models)} models: {'; '.join(_known(facts, m) for m in models)}",
        )
        yield from _unplaced(facts, shared, models)


def _known(facts: Facts, model: ModelRecord) -> str:
    best: dict[str, str] = {}
    own = [value for value in facts.of(model.key) if value.origin == "self"]
    for value in sorted(own, key=lambda value: value.dataset != "vbd"):
        if value.metric in ("params", "PESQ"):
            best.setdefault(value.metric, value.printed + (f" on {value.dataset}" if value.dataset else ""))
    said = ", ".join(f"{quantity} {printed}" for quantity, printed in sorted(best.items(), reverse=True))
    paper = facts.paper_of(model.key)
    where = f" ({paper.ident})" if paper is not None and paper.ident else ""
    return f"{model.key}{where}{': ' + said if said else ''}"


def _unplaced(facts: Facts, shared: str, models: list[ModelRecord]) -> Iterator[Finding]:
    """Rows under a shared name that belong to neither model yet, with the one their numbers fit."""
    known = {model.key for model in models}
    folded = bare_name(shared)
    rows: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in facts.once(_by_label).get(folded, ()):
        if value.model not in known:
            rows[(value.row.document.key, value.row.label)].append(value)
    for (document, label), values in sorted(rows.items()):
        fits = [model for model in models if _fits(facts, model, values)]
        first = values[0]
        says = (
            f"their numbers fit {fits[0].key} only"
            if len(fits) == 1
            else "their numbers do not tell which is meant"
        )
        scope = first.paper or document
        yield Finding(
            code="NAME",
            severity="warning",
            target=f"{shared}@{scope}",
            model=first.model,
            message=f"{first.place} has a row {label!r}, which several models are called: {says}",
            sources=tuple(told(value) for value in values),
            proposals=(
                f"litdb alias {quoted(label)} {quoted(fits[0].key)} --paper {quoted(scope)} --reason "
                "'its numbers are those of this one'",
            )
            if len(fits) == 1 and first.paper
            else (),
        )


def _by_label(facts: Facts) -> Mapping[str, list[Value]]:
    """Quoted values by the bare name of their row."""
    found: dict[str, list[Value]] = defaultdict(list)
    for value in facts.values:
        if value.origin in ("quoted", "repository"):
            found[bare_name(value.row.label)].append(value)
    return found


def _fits(facts: Facts, model: ModelRecord, values: list[Value]) -> bool:
    """Whether all values of a row that the model reports itself are the same there, and at least one is."""
    own = {(v.metric, v.dataset): v for v in facts.of(model.key) if v.origin == "self"}
    shared = [(own[(v.metric, v.dataset)], v) for v in values if (v.metric, v.dataset) in own]
    return bool(shared) and all(agree(one, other) for one, other in shared)


#: How many steps of its last digit a number has to have before its agreement with another says anything.
_TELLING = 100


def reimplementation(facts: Facts) -> Iterator[Finding]:
    """REIMPL: the number of a re-implementation given as that of the paper."""
    for value in facts.values:
        second_hand = value.origin in ("claim", "quoted", "tracker") and value.status == "accepted"
        if not second_hand or value.value is None or value.quantity == "year":
            continue
        if stands_elsewhere(facts, value):
            continue
        match = next((other for other in reimplementations(facts, value) if _taken_from(value, other)), None)
        if match is None:
            continue
        record = facts.models[match.model]
        absence = facts.absence(value)
        parts = [f"{value.printed} is given for {value.name}"]
        if absence is not None:
            parts.append(f"{absence.source}: {absence.statement}")
        parts.append(f"it is what {match.place} reports for {record.name}")
        parts += _counts(facts, value, match)
        yield Finding(
            code="REIMPL",
            severity="error",
            target=value.key[:8],
            model=value.model,
            message=f"{value.metric}{f' on {value.dataset}' if value.dataset else ''}: " + "; ".join(parts),
            sources=(told(value), told(match)),
            proposals=(
                f"litdb correct {value.key[:8]} --model {quoted(match.model)} --reason "
                "'the number of the re-implementation'",
            ),
        )


def stands_elsewhere(facts: Facts, value: Value) -> bool:
    """Whether something better than a quotation holds the number: what the authors or their code say, whatever it is, or
    somebody else's run that gives the same."""
    return any(
        other.origin in ("self", "repository", "measured")
        or (other.origin == "reproduced" and agree(value, other))
        for other in facts.evidence(value)
    )


def _taken_from(value: Value, other: Value) -> bool:
    """Whether a number can be that of a re-implementation: no later one, and too many digits to agree by chance.

    A figure of two digits (CBAK 3.4, STOI 0.95) is the figure of many systems.
    """
    assert value.value is not None
    if not agree(value, other) or abs(value.value) < _TELLING * value.resolution:
        return False
    said, made = value.row.document.date, other.row.document.date
    return said is None or made is None or made <= said


def reimplementations(facts: Facts, value: Value) -> list[Value]:
    """Numbers of the same kind from code without a paper, under a name that contains the model's."""
    inside = bare_name(value.name)
    return [
        other
        for key in facts.once(_Reimplemented).of(inside)
        if key != value.model
        for other in facts.of(key, value.quantity, value.dataset)
        if _from_code(other)
    ]


def _from_code(value: Value) -> bool:
    return value.origin in ("repository", "reproduced") and value.value is not None


def code_named(facts: Facts, model: str) -> list[str]:
    """The models without a paper, and thus perhaps code, whose bare name contains that of a model."""
    record = facts.models.get(model)
    return facts.once(_Reimplemented).of(bare_name(record.name)) if record is not None else []


class _Reimplemented:
    """The models that may be code without a paper, by what their bare names contain."""

    def __init__(self, facts: Facts) -> None:
        self._names = {
            key: bare_name(record.name)
            for key, record in sorted(facts.models.items())
            if not (record.own or record.paper or record.kind == "reference")
        }
        self._of: dict[str, list[str]] = {}

    def of(self, inside: str) -> list[str]:
        """The models whose bare name contains this one."""
        if inside not in self._of:
            self._of[inside] = [key for key, name in self._names.items() if inside and inside in name]
        return self._of[inside]


def _counts(facts: Facts, value: Value, match: Value) -> Iterator[str]:
    """What the re-implementation counts in parameters, where the claim says otherwise."""
    counted = [v for v in facts.of(match.model, "params") if v.value is not None]
    claimed = [v for v in facts.of(value.model, "params") if v.origin == "claim" and v.value is not None]
    for count in counted[:1]:
        assert count.value is not None
        text = f"which has {count.value:,.0f} parameters ({count.place})"
        off = [claim.printed for claim in claimed if not agree(claim, count)]
        yield text + (f", not {' or '.join(off)} as claimed" if off else "")
