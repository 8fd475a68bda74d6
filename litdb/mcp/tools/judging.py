"""`evidence`, `gap`, `protocol` and `claim`: what may be said of figures, each with the results it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from litdb.errors import NotFound
from litdb.evidence.comparability import deciding_items, in_words, relation, trained_apart, unfit
from litdb.mcp.answers import ToolAnswer, nothing
from litdb.mcp.lookup import keys_of, values_of
from litdb.mcp.text import figure, key, number, on_set, place, printed, quote, result
from litdb.values.origin import Origin
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from litdb.api import Answer, Catalogue, Evidence, Judged, ProtocolMatrix, Rival, Value, Witness
    from litdb.evidence.components.values import Effect

#: Differences of one comparison that are told, the metric asked for first.
_EFFECTS = 4
#: What nobody states of a model's numbers is not listed item by item.
_SILENT = ("not stated", "not needed")


def evidence(catalogue: Catalogue, component: str, near: str = "", metric: str = "PESQ") -> ToolAnswer:
    """What ablation rows isolate of a component: both rows with their results, and the difference; nothing is predicted."""
    found = catalogue.evidence(component, near=near or None, metric=metric)
    of = f"{quote(found.title or component, 80)}"
    if not found.isolated:
        return nothing(f"no ablation row in the catalogue isolates {of}.", *_others(found, near=False))
    papers = len({one.comparison.paper for one in found.isolated})
    head = f"{len(found.isolated)} ablation rows of {papers} papers isolate {of}."
    rows = found.isolated
    if near:
        rows = found.near or found.isolated
        head += (
            f" {len(found.near)} with a base model near {quote(near, 20)} parameters:"
            if found.near
            else f" None has a base model near {quote(near, 20)} parameters: nothing is known of its effect at that size. Others:"
        )
    items = [_row(one, metric) for one in rows]
    items.append(
        "Differences of single runs as printed, of these models and trainings only: no prediction for another model."
    )
    return ToolAnswer(head, (*items, *_others(found, near=bool(near and found.near))))


def _row(one: Evidence, metric: str) -> str:
    effects = sorted(one.effects, key=lambda effect: (effect.metric != metric, effect.dataset != "vbd"))
    said = "; ".join(_effect(effect) for effect in effects[:_EFFECTS])
    against = f", against {quote(one.against, 60)}" if one.against else ""
    row = one.comparison
    return f"{quote(row.base_model, 60)}, {quote(row.words, 100)}{against}, {place(row.place)}: {said or 'no number in both rows'}"


def _effect(effect: Effect) -> str:
    from litdb.api import signed

    present, absent = (number(text) for text in effect.printed)
    on = f" on {on_set(effect.dataset)}" if effect.dataset else ""
    with_it, without = (result(one) for one in effect.results)
    return f"{effect.metric}{on} {present} {with_it} with, {absent} {without} without: {signed(effect)}"


def _others(found: Answer, *, near: bool) -> Iterator[str]:
    """What there is besides, counted: none of it isolates the component."""
    if near and (more := len(found.isolated) - len(found.near)):
        yield f"{more} further rows isolate it in models of other sizes (leave near out)."
    if found.together:
        yield f"{len(found.together)} rows change it together with other things, which isolates nothing."
    if found.related:
        yield f"{len(found.related)} rows change something else that is easily taken for it."
    if found.gains or found.systems:
        yield f"{len(found.gains)} claimed gains and {len(found.systems)} comparisons of whole systems prove nothing of it."
    if found.waiting:
        yield f"{found.waiting} rows of ablation tables wait for review and are not among these."


def gap(catalogue: Catalogue, target: Sequence[str] = (), against: str = "", model: str = "") -> ToolAnswer:
    """How far the declared checkpoint of the own model is from targets and from published models of a size."""
    found = catalogue.gap(tuple(target), against=against or None, model=model or None)
    results = {one.result for one in found.aims} | {
        key for r in found.rivals for d in r.differences for key in d.results
    }
    known = values_of(catalogue, [found.model, *(rival.model for rival in found.rivals)]) if results else {}
    known |= _own(catalogue, found.model)
    items = []
    for aim in found.aims:
        own = f"{number(aim.printed)} {result(aim.result)}" if aim.result else "not measured"
        short = (
            "unknown"
            if aim.missing is None
            else "reached"
            if aim.missing == 0
            else f"missing {aim.missing:.6g}"
        )
        note = f"; {quote(aim.note, 120)}" if aim.note else ""
        items.append(f"{aim.metric}: own {own}, {place(found.source)}; wanted {aim.wanted:g}; {short}{note}")
    if against and not found.rivals:
        items.append(
            f"no evidence: no published model of {quote(against, 40)} parameters has a value to compare with."
        )
    items += [_rival(rival, known) for rival in found.rivals]
    items += [f"Note: {quote(note, 200)}" for note in found.notes]
    if not any(aim.result for aim in found.aims) and not found.rivals:
        return nothing(f"nothing of {quote(found.model, 60)} can be compared with what is asked.", *items)
    return ToolAnswer(f"{quote(found.model, 60)} on {quote(found.dataset, 60)}:", tuple(items))


def _own(catalogue: Catalogue, name: str) -> dict[str, Value]:
    return {
        key: value for one in keys_of(catalogue, name) for key, value in values_of(catalogue, [one]).items()
    }


def _rival(rival: Rival, known: Mapping[str, Value]) -> str:
    parts = []
    for one in rival.differences:
        own, theirs = (
            _printed(key, said, known) for key, said in zip(one.results, (one.own, one.theirs), strict=True)
        )
        note = f" ({quote(one.note, 80)})" if one.note else ""
        parts.append(f"{quote(one.metric, 30)} own {own}, theirs {theirs}: own is {one.sign}{note}")
    name = quote(rival.name, 60) + (f" (key {key(rival.model)})" if rival.model != rival.name else "")
    return (
        f"{name}, {place(rival.source)}: {'; '.join(parts) or 'no metric in common'}; own is {rival.standing}"
    )


def _printed(one: str, said: str, known: Mapping[str, Value]) -> str:
    return f"{number(known[one].printed if one in known else said)} {result(one)}"


def protocol(
    catalogue: Catalogue, models: Sequence[str], metric: str = "", dataset: str = "vbd"
) -> ToolAnswer:
    """How numbers of several models were obtained; with a metric the figures, and whether each pair may be compared."""
    try:
        keys = [one for name in models for one in keys_of(catalogue, name)]
    except NotFound as unknown:
        return nothing(quote(str(unknown), 200))
    keys = list(dict.fromkeys(keys))
    if not metric:
        return ToolAnswer(
            f"How the numbers on {on_set(dataset)} were obtained:",
            tuple(_matrix(catalogue.protocol(keys, dataset=dataset))),
        )
    name = vocabulary().metric_name(metric)
    shown: list[tuple[str, Value]] = []
    missing = []
    for one in keys:
        why = catalogue.why(one, str(name), dataset=dataset)
        of_it = [s.value for s in why.shown]
        own = [value for value in of_it if value.origin is not Origin.REPRODUCED] or of_it
        if own:
            shown.append((why.model, own[0]))
        else:
            missing.append(
                f"no evidence: no accepted {name} of {quote(why.model, 60)} on {on_set(dataset)} is known."
            )
    if not shown:
        return nothing(f"no accepted {name} of these models on {on_set(dataset)} is known.")
    items = [f"{quote(who, 60)}: {figure(value)}; {_stated(value)}" for who, value in shown]
    items += [_pair(one, other) for one, other in combinations(shown, 2)]
    return ToolAnswer(f"{name} on {on_set(dataset)}:", (*items, *missing))


def _stated(value: Value) -> str:
    """What decides of a figure whether it may be compared, each with its ground."""
    said = []
    for item in deciding_items(value.quantity):
        found = value.protocol.item(item)
        if found is not None:
            note = f": {quote(found.note, 100)}" if found.note else ""
            said.append(f"{in_words(item)} {quote(found.value, 40)} ({found.basis}{note})")
        elif item in ("band", "scale"):
            said.append(f"{in_words(item)} not stated")
    return "; ".join(said) or "nothing that decides is stated"


def _pair(one: tuple[str, Value], other: tuple[str, Value]) -> str:
    (who, mine), (whom, theirs) = one, other
    names = f"{quote(who, 60)} and {quote(whom, 60)}"
    for name, value in (one, other):
        if (reason := unfit(value)) is not None:
            return f"{names}: not comparable, that of {quote(name, 60)} {quote(reason, 100)}"
    how, items = relation(mine.quantity, mine.protocol, theirs.protocol)
    if how == "differs":
        return f"{names}: not comparable, known to differ in {', '.join(items)}"
    if (apart := trained_apart(mine.quantity, mine.protocol, theirs.protocol)) is not None:
        return f"{names}: not comparable as models, {quote(apart, 120)}"
    if how == "not stated":
        return f"{names}: comparable only if what one of them does not state is the same: {', '.join(items)}"
    return f"{names}: comparable, nothing that decides is known to differ"


def _matrix(found: ProtocolMatrix) -> Iterator[str]:
    for row in found.rows:
        said = [
            f"{title} {quote(cell.text, 60)} ({cell.basis}{f', {place(cell.place)}' if cell.place else ''})"
            for title, cell in zip(found.items, row.cells, strict=True)
            if cell.basis not in _SILENT and not title.endswith("per second")
        ]
        silent = [
            title
            for title, cell in zip(found.items, row.cells, strict=True)
            if cell.basis == "not stated" and not title.endswith("per second")
        ]
        more = f"; not stated: {', '.join(silent)}" if silent else ""
        yield f"{quote(row.name, 60)}: {'; '.join(said) or 'nothing is stated'}{more}"
    for words in found.differing:
        yield f"Known to differ: {quote(words, 160)}"


def claim(catalogue: Catalogue, statement: str, model: str = "") -> ToolAnswer:
    """Whether a statement such as "smallest with PESQ>=3.0 on vbd" holds, and what speaks against it."""
    found = catalogue.claim(statement, model=model or None)
    witnesses = found.against if found.verdict == "false" else found.open
    known = values_of(catalogue, [witness.model for witness in witnesses]) | _own(catalogue, found.subject)
    items = [_subject(found, known)]
    if found.verdict == "not decidable":
        items.append(
            f"{len(witnesses)} models may speak against it:"
            if witnesses
            else "It depends on what is not known."
        )
    items += [_witness(witness, known) for witness in witnesses]
    items += [f"Note: {quote(note, 200)}" for note in found.notes[:6]]
    verdict = found.verdict if found.verdict != "true" else "true as far as this catalogue knows"
    head = f"{verdict}: {quote(found.statement, 160)}; {found.considered} models with values on the test set were looked at."
    if not found.results and not witnesses:
        return nothing(head, *items)
    return ToolAnswer(head, tuple(items))


def _subject(found: Judged, known: Mapping[str, Value]) -> str:
    figures = [f"{figure(known[one])}" for one in found.results if one in known]
    said = [
        quote(words, 120)
        for words in found.own
        if not figures or " does not " in words or " not known" in words
    ]
    return f"{quote(found.subject, 60)}: {'; '.join((*figures, *said)) or 'nothing is known of it'}"


def _witness(witness: Witness, known: Mapping[str, Value]) -> str:
    figures = []
    for one in witness.results:
        if one in known:
            value = known[one]
            elsewhere = f" from {place(value.place)}" if value.place != witness.source else ""
            mark = " CLAIM without evidence" if value.origin is Origin.CLAIM else ""
            figures.append(
                f"{value.metric} {printed(value.printed, value.value)} {result(one)}{mark}{elsewhere}"
            )
    named = quote(witness.name, 60) + (
        f" (key {key(witness.model)})" if witness.model != witness.name else ""
    )
    date = f", {witness.date}" if witness.date else ""
    # why names the figure as it is rounded in a table; said here is only what the figures do not say
    why = (
        ""
        if any(word in witness.why for word in ("PESQ ", "params ")) and "," not in witness.why
        else f"; {quote(witness.why, 100)}"
    )
    return f"{named}{date}: {', '.join(figures)}; {place(witness.source)}{why}"
