"""What attribution found, in sentences that claim no more than the rows do."""

from __future__ import annotations

from collections.abc import Sequence

from litdb.evidence.components.values import Effect, Evidence
from litdb.vocabulary import format_count

#: What is said where there is nothing to ask.
NO_TABLES = "The catalogue holds no ablation table: `litdb fetch` or `litdb ingest` papers that have some."


def summary(
    name: str,
    isolated: Sequence[Evidence],
    near: Sequence[Evidence],
    together: Sequence[Evidence],
    size: float | None,
    metric: str,
    dataset: str,
    *,
    resizing: bool,
) -> str:
    """The sentence that claims no more than the rows do; `near` are those whose base is near `size` parameters.

    `resizing` is whether the component can have parameters of its own: how a network is trained has none.
    """
    if not isolated:
        more = f" {_rows(len(together))} {'changes' if len(together) == 1 else 'change'} it together with other things."
        return f"No ablation row in the catalogue isolates {name}.{more if together else ''}"
    papers = len({e.comparison.paper for e in isolated})
    said = [
        f"{_rows(len(isolated))} of {papers} paper{'s' if papers > 1 else ''} "
        f"{'isolates' if len(isolated) == 1 else 'isolate'} {name}"
    ]
    said.append(_range(isolated, metric, dataset))
    said.append(_bases(isolated))
    said.append(_resized(isolated) if resizing else "")
    text = "; ".join(part for part in said if part) + "."
    if size is not None:
        text += " " + _size_sentence(isolated, near, size, metric, dataset)
    return text + " Differences of single runs as printed, of these models and trainings only."


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"


def _range(evidence: Sequence[Evidence], metric: str, dataset: str) -> str:
    """The range of the differences of a metric, on the test set that most rows report."""
    by_set: dict[str, list[Effect]] = {}
    for one in evidence:
        for effect in one.effects:
            if effect.metric == metric:
                by_set.setdefault(effect.dataset, []).append(effect)
    if not by_set:
        return f"none reports {metric}" + (f" on {dataset}" if dataset else "")
    where = max(sorted(by_set), key=lambda name: len(by_set[name]))
    ordered = sorted(by_set[where], key=lambda effect: effect.difference)
    ends = dict.fromkeys((signed(ordered[0]), signed(ordered[-1])))
    return f"{metric} with it is {' to '.join(ends)} on {where}"


def signed(effect: Effect) -> str:
    """A difference with its sign and the decimals it has as printed."""
    return f"{effect.difference:+.{effect.digits}f}"


def _bases(evidence: Sequence[Evidence]) -> str:
    sizes = sorted({e.comparison.base_params for e in evidence if e.comparison.base_params is not None})
    unknown = sum(e.comparison.base_params is None for e in evidence)
    trained = sum(e.comparison.metricgan == "yes" for e in evidence)
    parts = []
    if sizes:
        parts.append(
            f"base models of {format_count(sizes[0])}"
            + (f" to {format_count(sizes[-1])}" if len(sizes) > 1 else "")
        )
    if unknown:
        parts.append(f"{_rows(unknown)} with a base of unstated size")
    if trained:
        parts.append(f"{trained} of {len(evidence)} with a base trained against a metric discriminator")
    return ", ".join(parts)


#: A size that differs by less than this is the same: counts are printed to two or three digits.
_SAME_SIZE = 1.02


def _resized(evidence: Sequence[Evidence]) -> str:
    """That the change takes parameters with it, or may, so that size and component are not told apart."""
    pairs = [(e.comparison.base_params, e.comparison.changed_params) for e in evidence]
    off = [(a, b) for a, b in pairs if a and b and max(a, b) > _SAME_SIZE * min(a, b)]
    unknown = sum(not (a and b) for a, b in pairs)
    said = []
    if off:
        shown = ", ".join(f"{format_count(a)} to {format_count(b)}" for a, b in off[:3])
        more = f" and {len(off) - 3} more" if len(off) > 3 else ""
        said.append(f"in {_rows(len(off))} the size changes with it ({shown}{more})")
    if unknown:
        said.append(f"in {_rows(unknown)} the sizes are not stated")
    return "; ".join(said)


def _size_sentence(
    isolated: Sequence[Evidence], near: Sequence[Evidence], size: float, metric: str, dataset: str
) -> str:
    if near:
        tells = "isolates" if len(near) == 1 else "isolate"
        return f"Near {format_count(size)} {_rows(len(near))} {tells} it: {_range(near, metric, dataset)}."
    sizes = [e.comparison.base_params for e in isolated if e.comparison.base_params is not None]
    closest = f" (the closest has {format_count(min(sizes, key=lambda s: abs(s - size)))})" if sizes else ""
    return (
        f"None is near {format_count(size)} parameters{closest}: nothing is known of its effect at that size."
    )
