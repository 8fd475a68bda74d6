"""Numbers that cannot be: out of range, a noisy row that is not the known one, shifted columns, impossible pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from litdb.evidence import composites
from litdb.evidence.audit.facts import Facts, Finding, rejection, told
from litdb.evidence.rows.contradictions import exclusive
from litdb.evidence.rows.exchanged import homes, in_words, moved
from litdb.evidence.rows.unprocessed import clear_misfits, known_values
from litdb.values.value import Value
from litdb.vocabulary import vocabulary


def out_of_range(facts: Facts) -> Iterator[Finding]:
    """RANGE: a value outside the range that a mean of its metric can plausibly have."""
    words = vocabulary()
    for value in facts.values:
        metric = words.metric(value.quantity)
        if (
            metric is None
            or value.value is None
            or value.status != "accepted"
            or metric.plausible(value.value)
        ):
            continue
        yield Finding(
            code="RANGE",
            severity="error",
            target=value.key[:8],
            model=value.model,
            message=f"{value.about} is {value.spelled}: a mean of it lies in {metric.minimum:g}..{metric.maximum:g}",
            sources=(told(value),),
            proposals=(rejection(value, "outside the range of the metric"),),
        )


def noisy(facts: Facts) -> Iterator[Finding]:
    """NOISY: a row of the unprocessed input that is not the known one, so that the test set may be another."""
    known = {key: known_values(values) for key, values in _reference_values(facts).items()}
    for row in _reference_rows(facts):
        reference = known.get((row[0].model, row[0].dataset), {})
        off = clear_misfits(row, reference)
        if not off:
            continue
        shift = in_words(homes(off, reference))
        pairs = ", ".join(f"{v.metric} {v.spelled} instead of {k.spelled} ({k.place})" for v, k in off)
        guess = f"; columns look shifted: {shift}" if shift else ""
        yield Finding(
            code="NOISY",
            severity="error" if shift or len(off) > 1 else "warning",
            target=facts.row_target(row),
            model=row[0].model,
            message=f"{row[0].place}: {row[0].name} has {pairs}{guess}",
            sources=tuple(told(value) for value, _ in off),
            proposals=tuple(rejection(value, f"known to be {other.spelled}") for value, other in off),
        )


def _reference_rows(facts: Facts) -> list[list[Value]]:
    """The rows of the input, one for each table: what was read by hand and by a program is the same row."""
    rows: dict[tuple[object, ...], dict[tuple[str, float | None], Value]] = defaultdict(dict)
    for row in facts.rows():
        first = row[0]
        if first.row.model.kind != "reference":
            continue
        home = (first.paper, first.version) if first.paper else (first.row.document.key,)
        for value in row:
            rows[(*home, first.row.table, first.model, first.dataset)].setdefault(
                (value.metric, value.value), value
            )
    return [list(row.values()) for row in rows.values()]


def _reference_values(facts: Facts) -> Mapping[tuple[str, str], list[Value]]:
    found: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in facts.values:
        if value.row.model.kind == "reference" and value.value is not None and value.status == "accepted":
            found[(value.model, value.dataset)].append(value)
    return found


def shifted(facts: Facts) -> Iterator[Finding]:
    """SHIFTED: a row whose numbers are the known ones of other columns."""
    for row in facts.rows():
        first = row[0]
        found = moved(row, facts.of(first.model))
        if not found:
            continue
        yield Finding(
            code="SHIFTED",
            severity="error",
            target=facts.row_target(row),
            model=first.model,
            message=f"{first.place}, row “{first.row.label}”: {in_words(found)}",
            sources=tuple(told(value) for value, _ in found),
            proposals=tuple(rejection(value, "the number of another column") for value, _ in found),
        )


def impossible(facts: Facts) -> Iterator[Finding]:
    """IMPOSSIBLE: two numbers of one row that exclude one another."""
    for row in facts.rows():
        by_metric = {value.metric: value for value in row}
        for text, pair in exclusive(by_metric):
            yield Finding(
                code="IMPOSSIBLE",
                severity="error",
                target=f"{facts.row_target(row)}.{pair[0].quantity}",
                model=row[0].model,
                message=f"{row[0].place}, row “{row[0].row.label}”: {text}",
                sources=tuple(told(value) for value in pair),
            )


def identity(facts: Facts) -> Iterator[Finding]:
    """IDENTITY: a row whose COVL is not what its PESQ, SSNR, CSIG and CBAK make it."""
    for row in facts.rows():
        by_metric = composites.of_row(row)
        reason = composites.impossible(by_metric)
        if reason:
            yield Finding(
                code="IDENTITY",
                severity="error",
                target=facts.row_target(row),
                model=row[0].model,
                message=f"{row[0].place}, row “{row[0].row.label}”: {reason}",
                sources=tuple(told(value) for value in by_metric.values()),
            )


def scale(facts: Facts) -> Iterator[Finding]:
    """SCALE: composites that are said to be on one scale and whose own numbers show another."""
    for row in facts.rows():
        by_metric = composites.of_row(row)
        shown = composites.scale(by_metric)
        off = [
            value
            for value in by_metric.values()
            if shown is not None and value.protocol.get_stated("scale") not in (None, shown.value)
        ]
        if shown is not None and off:
            said = off[0].protocol.get_stated("scale")
            yield Finding(
                code="SCALE",
                severity="error",
                target=facts.row_target(row),
                model=row[0].model,
                message=f"{row[0].place}, row “{row[0].row.label}”: scale {said} is stated, {shown.note}, as on {shown.value}",
                sources=tuple(told(value) for value in off),
            )
