"""`get_value` and `conflicts`: one figure with its source and the reason why it is the one, and figures that disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litdb.errors import NotFound
from litdb.evidence.comparability import deciding_items, in_words
from litdb.mcp.answers import ToolAnswer, nothing
from litdb.mcp.lookup import keys_of
from litdb.mcp.text import DIGITS, figure, key, on_set, place, printed, quote, result, standing
from litdb.values.origin import Origin, Status
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from litdb.api import Catalogue, Disagreement, Value, Why


def get_value(
    catalogue: Catalogue,
    model: str,
    metric: str,
    dataset: str = "vbd",
    source: str = "",
    everything: bool = False,
) -> ToolAnswer:
    """The value that stands for a model in a metric, with the reason; all that is known with `everything`.

    With `source` (an arXiv id with or without its version, a repository, or an origin such as quoted) what that gives.
    """
    name = vocabulary().metric_name(metric)
    try:
        keys = keys_of(catalogue, model)
    except NotFound as unknown:
        return nothing(quote(str(unknown), 200))
    asked = [(one, catalogue.why(one, str(name), dataset=dataset)) for one in keys]
    items: list[str] = []
    for one, why in asked:
        if source:
            given = [
                value for value in why.values if value.status is Status.ACCEPTED and _gives(value, source)
            ]
            items += [f"{_named(why, one)}: {figure(value)}" for value in given]
        elif everything:
            items += [f"{_named(why, one)}: {figure(value)}{_note(value)}" for value in why.values]
        else:
            items += _chosen(why, one)
    of = f"{name} of {quote(model, 60)} on {_title(dataset)}"
    if not items:
        return _none(asked, f"{of}{f' in {quote(source, 60)}' if source else ''}")
    head = (
        f"{of}:"
        if len(asked) == 1
        else f"{of}: {len(asked)} models go by this name, each with its own figure."
    )
    return ToolAnswer(head, tuple(items))


def _named(why: Why, model: str) -> str:
    return quote(why.model, 60) if why.model == model else f"{quote(why.model, 60)} (key {key(model)})"


def _title(dataset: str) -> str:
    return on_set(dataset)


def _chosen(why: Why, model: str) -> Iterator[str]:
    """What a table shows for the model itself; what others measured of it only where there is nothing else."""
    published = [one for one in why.shown if one.value.origin is not Origin.REPRODUCED]
    shown = published or list(why.shown)
    for one in shown:
        lines = [f"{_named(why, model)}: {figure(one.value)}", f"  because {quote(one.because, 240)}"]
        lines += [f"  {line}" for line in _protocol(one.value)]
        lines += [f"  note: {quote(note, 160)}" for note in dict.fromkeys(one.notes)]
        yield "\n".join(lines)
    if shown:
        if besides := _besides(why, {one.value.key for one in shown}):
            yield besides


def _protocol(value: Value) -> Iterator[str]:
    """What decides whether it may be compared: band, scale and the like, with the ground."""
    for item in (*deciding_items(value.quantity), "training"):
        found = value.protocol.item(item)
        if found is not None:
            yield f"{in_words(item) if item != 'training' else 'training set'}: {quote(found.value, 60)}, {found.basis}"


def _besides(why: Why, shown: set[str]) -> str:
    """What else is on record, counted, not listed: a figure that is not the answer is not put beside it."""
    counts = Counter(standing(value) for value in why.values if value.key not in shown)
    parts = []
    if counts:
        said = ", ".join(f"{many} {words}" for words, many in counts.items())
        parts.append(f"Also on record: {said} (everything=true lists them).")
    if why.disputes:
        numbers = ", ".join(text.removeprefix("possible ").split()[1].rstrip(":") for text in why.disputes)
        parts.append(f"Other sources print other numbers (conflict {numbers}): ask conflicts.")
    if why.namesakes:
        parts.append(f"Other models go by this name: {', '.join(map(key, why.namesakes))}.")
    return " ".join(parts)


def _gives(value: Value, source: str) -> bool:
    """Whether a value is from a source, as somebody may name it; a claim only where claims are asked for."""
    wanted = source.strip().casefold().removeprefix("arxiv:")
    if wanted == value.origin:
        return True
    if value.origin is Origin.CLAIM or not wanted:
        return False
    document = value.row.document
    named = (
        value.place,
        document.title,
        document.uri,
        document.key,
        f"{document.arxiv_id}v{document.version}",
    )
    return any(_begins_at(text.casefold(), wanted) for text in named)


def _begins_at(text: str, wanted: str) -> bool:
    """Whether a name holds a wanted one whole: `2511.14515v1` is not in `2511.14515v12`."""
    at = text.find(wanted)
    return at >= 0 and not text[at + len(wanted) : at + len(wanted) + 1].isdigit()


def _note(value: Value) -> str:
    return f"; remark {quote(value.remark, 80)}" if value.remark else ""


def _none(asked: Sequence[tuple[str, Why]], of: str) -> ToolAnswer:
    """That nothing is known, with what is recorded of it: that a paper reports none, that there are claims."""
    more = []
    for _, why in asked:
        more += [f"Recorded: {quote(absence, 200)}" for absence in why.absences]
        claims = sum(value.origin is Origin.CLAIM for value in why.values)
        if claims:
            one = "1 claim without a source is" if claims == 1 else f"{claims} claims without a source are"
            more.append(f"{one} on record, which is no evidence (everything=true lists what is claimed).")
        others = sum(value.origin is not Origin.CLAIM for value in why.values)
        if others:
            more.append(f"{others} other values are on record (leave source out, or everything=true).")
    return nothing(f"the catalogue holds no accepted value of {of}.", *dict.fromkeys(more))


def conflicts(catalogue: Catalogue, model: str = "", metric: str = "") -> ToolAnswer:
    """Values that cannot both be right, each side with its sources."""
    models: Sequence[str | None] = [None]
    if model:
        try:
            models = keys_of(catalogue, model)
        except NotFound as unknown:
            return nothing(quote(str(unknown), 200))
    found = [one for name in models for one in catalogue.conflicts(name, metric=metric or None)]
    about = " of ".join(part for part in (metric and quote(metric, 40), model and quote(model, 60)) if part)
    if not found:
        return nothing(
            f"no conflict{f' in {about}' if about else ''} is known; sources agree, or there is one alone."
        )
    items = [item for one in found for item in _conflict(one)]
    return ToolAnswer(f"{len(found)} conflicts{f' in {about}' if about else ''}:", tuple(items))


def _conflict(one: Disagreement) -> Iterator[str]:
    on = f" on {on_set(one.dataset)}" if one.dataset else ""
    kind = "possible conflict" if one.possible else "conflict"
    state = {"open": "open", "resolved": "resolved", "changed": "resolved before a source changed"}[one.state]
    yield f"{kind} {one.id[:DIGITS]}: {quote(one.name, 60)}, {one.metric}{on} ({', '.join(one.kinds)}; {state})"
    for side in one.sides:
        for value in side.sources:
            yield f"  {printed(value.printed, value.value)} {result(value.key)} {standing(value)}, {place(value.place)}"
    for words in one.explanation:
        yield f"  {quote(words, 200)}"
