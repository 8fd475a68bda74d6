"""What ablations say of a component: rows that change it alone, apart from all that does not isolate it.

Nothing is predicted: an effect belongs to the model, the training and the test set it was measured on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from litdb.evidence.comparability import relation
from litdb.evidence.components.phrases import NO_CONTEXT, Context, Phrases, words_of
from litdb.evidence.components.values import NEAR_FACTOR, Answer, ChangedRow, Effect, Evidence, Gain, Whole
from litdb.evidence.components.words import NO_TABLES, summary
from litdb.values.origin import Kind, TableKind
from litdb.values.value import Value
from litdb.vocabulary.components import Component


def attribute(  # noqa: PLR0913 - each is a body of evidence of its own, all optional but three
    query: str,
    comparisons: Sequence[ChangedRow],
    phrases: Phrases,
    *,
    gains: Iterable[Gain] = (),
    values: Iterable[Value] = (),
    facts: Mapping[str, Collection[str]] | None = None,
    size: float | None = None,
    dataset: str = "",
    metric: str = "PESQ",
) -> Answer:
    """Sort all ablation rows by what they say of a component, named by the vocabulary or in free words.

    `size` is the number of parameters the asker has in mind, `dataset` limits the effects to one test set, `metric`
    is what the summary tells. Rows without an effect on that test set are left out. `values` and `facts` (components
    known of a model, by its key) give the differences between whole systems.
    """
    (wanted,) = phrases.means(query)[:1] or ("",)
    component = phrases.components.of_id(wanted) if wanted else None
    isolated: list[Evidence] = []
    together: list[Evidence] = []
    related: list[Evidence] = []
    unplaced: dict[str, None] = {}
    for one in comparisons:
        kind, against, why, sign = _judge(one, query, component, phrases)
        if kind == "unplaced":
            unplaced[f"{one.words} ({one.paper})"] = None
        if kind in ("", "unplaced"):
            continue
        effects = _effects(one, sign, dataset)
        if effects:
            place = {"isolated": isolated, "together": together, "related": related}[kind]
            place.append(Evidence(one, effects, against, why))
    near = [e for e in isolated if _near(e.comparison.base_params, size)] if size else []
    whole = [g for g in gains if _is(g.name, query, component, phrases)]
    name = component.id if component is not None else f"“{query}”"
    resizing = component is None or component.item != "training"
    told = (
        summary(name, isolated, near, together, size, metric, dataset, resizing=resizing)
        if comparisons
        else NO_TABLES
    )
    return Answer(
        query,
        component.id if component else "",
        component.title if component else query,
        told,
        tuple(sorted(isolated, key=_order)),
        tuple(sorted(near, key=_order)),
        tuple(sorted(together, key=_order)),
        tuple(sorted(related, key=_order)),
        tuple(whole),
        tuple(_systems(phrases.components.with_kinds(component), values, facts or {}, metric))
        if component is not None
        else (),
        tuple(unplaced),
        len({(c.paper, c.place) for c in comparisons}),
    )


# --- what a row changes -----------------------------------------------------------------------------------

_Verdict = tuple[Literal["isolated", "together", "related", "unplaced", ""], str, str, int]
_ZERO = re.compile(r"[=:]\s*0\s*\)?$")


def _judge(one: ChangedRow, query: str, component: Component | None, phrases: Phrases) -> _Verdict:
    """The place of a row in the answer, what the component stands against, why it isolates nothing, and the sign.

    The sign turns changed minus base into with minus without: -1 where the changed row lacks the component. Rows that
    isolate nothing keep the order of the table (1).
    """
    changed = [text for text in one.components if _is(text, query, component, phrases, one.context)]
    replaced = bool(one.replacement) and _is(one.replacement, query, component, phrases, one.context)
    left = component is not None and phrases.without(component, one.replacement, one.context)
    if replaced and not changed and _holds(one, component, phrases):
        return "related", "", "it stays: only what stood beside it goes", 1
    if len(one.components) > 1:
        if not (changed or replaced or left):
            return "", "", "", 1
        return "together", "", f"{len(one.components)} things change: {', '.join(one.components)}", 1
    text = one.components[0] if one.components else one.words
    if changed and replaced:
        return "related", "", "one kind of it takes the place of another", 1
    if one.action == "changed" and changed:
        if _ZERO.search(text):
            return "isolated", "", "", -1
        return "related", "", "a setting of it changes, it stays", 1
    if changed or left:
        against = one.replacement if one.action == "replaced" else ""
        return "isolated", against, "", 1 if one.action == "added" else -1
    if replaced:
        return "isolated", text, "", 1
    return _else(one, text, component, phrases)


def _holds(one: ChangedRow, component: Component | None, phrases: Phrases) -> bool:
    """Whether what was replaced held the component beside something else ('both branches' by one of them)."""
    found = (phrases.components.of_id(i) for t in one.components for i in phrases.means(t, one.context))
    return component is not None and any(c is not None and component.id in c.parts for c in found)


def _else(one: ChangedRow, text: str, component: Component | None, phrases: Phrases) -> _Verdict:
    """A row that does not name the component: what is near it, what nobody can place."""
    ids = (*phrases.means(text, one.context), *phrases.means(one.replacement, one.context))
    if component is not None:
        close = [c for i in ids if i in component.near and (c := phrases.components.of_id(i)) is not None]
        inside = phrases.without(component, _inside(text), one.context)
        if close and (one.action != "changed" or inside):
            title = close[0].title
            title = title if title[1:2].isupper() else title[0].lower() + title[1:]
            return "related", "", f"another component: {title}", 1
        if not ids and one.action == "changed" and _mentions(one.caption, component):
            return "related", "", "the table's caption speaks of it, the row names a setting", 1
    return ("unplaced" if not ids and one.action != "changed" else ""), "", "", 1


def _inside(text: str) -> str:
    match = re.search(r"\(([^()]*)\)", text)
    return match[1] if match else ""


def _is(
    text: str, query: str, component: Component | None, phrases: Phrases, context: Context = NO_CONTEXT
) -> bool:
    """Whether a text names what is asked for, or a kind of it."""
    if component is not None:
        return not phrases.components.with_kinds(component).isdisjoint(phrases.means(text, context))
    return _free(text, query)


def _free(text: str, query: str) -> bool:
    """Whether free words are all in a text, next to one another."""
    wanted, words = words_of(query), words_of(text)
    return bool(wanted) and any(
        words[i : i + len(wanted)] == wanted for i in range(len(words) - len(wanted) + 1)
    )


def _mentions(caption: str, component: Component) -> bool:
    return any(_free(caption, name) for name in component.aliases if len(words_of(name)) > 1 or "-" in name)


def _effects(one: ChangedRow, sign: int, dataset: str) -> tuple[Effect, ...]:
    found = []
    for delta in one.deltas:
        if dataset and delta.dataset not in (dataset, ""):
            continue
        present, absent = (delta.changed, delta.base) if sign > 0 else (delta.base, delta.changed)
        difference = float(f"{present - absent:.10g}")
        places = f"{abs(difference):.6f}".rstrip("0").partition(".")[2]
        printed = (len(text.partition(".")[2]) for text in (delta.base_printed, delta.changed_printed))
        digits = max(len(places), *printed) if delta.dataset else 0
        texts = (delta.base_printed, delta.changed_printed)
        results = (delta.base_result, delta.changed_result)
        if sign > 0:
            texts, results = texts[::-1], results[::-1]
        found.append(
            Effect(delta.metric, delta.dataset, present, absent, difference, min(digits, 4), texts, results)
        )
    return tuple(found)


def _systems(
    wanted: frozenset[str], values: Iterable[Value], facts: Mapping[str, Collection[str]], metric: str
) -> list[Whole]:
    """For each comparison table, its own system with one of the components against the best row not known to have any."""
    tables: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in values:
        if (
            value.metric == metric
            and value.value is not None
            and value.row.table_kind is TableKind.COMPARISON
        ):
            tables[(value.place, value.dataset)].append(value)
    found = []
    for rows in tables.values():
        mine = [v for v in rows if v.origin == "self" and not wanted.isdisjoint(facts.get(v.model, ()))]
        if not mine:
            continue
        best = max(mine, key=lambda v: (v.value or 0.0, v.key))
        others = [
            v
            for v in rows
            if facts.get(v.model)
            and wanted.isdisjoint(facts[v.model])
            and v.row.model.kind is not Kind.REFERENCE
            and (v.row.model.paper != best.row.model.paper or not best.row.model.paper)
        ]  # a variant of the same network is no rival: what is said of it is said of some of its parts only
        if not others:
            continue
        other = max(others, key=lambda v: (v.value or 0.0, v.key))
        if relation(best.quantity, best.protocol, other.protocol)[0] == "differs":
            continue
        one, two = best.value or 0.0, other.value or 0.0
        difference = float(f"{one - two:.10g}")
        found.append(Whole(best.name, other.name, best.place, metric, best.dataset, one, two, difference))
    return sorted(found, key=lambda w: (w.name.casefold(), w.place))


def _near(params: float | None, size: float | None) -> bool:
    return params is not None and size is not None and size / NEAR_FACTOR <= params <= size * NEAR_FACTOR


def _order(evidence: Evidence) -> tuple[str, str, str, str]:
    one = evidence.comparison
    return (one.paper.casefold(), one.place, one.base_label, one.words)
