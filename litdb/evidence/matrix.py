"""How the numbers of several models were obtained, side by side: a model-by-item matrix with the place of each cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from litdb.values.description import Description
from litdb.values.value import Value
from litdb.vocabulary import format_count

Basis = Literal["stated", "inferred", "in words", "not stated", "not needed"]


@dataclass(frozen=True, slots=True)
class ProtocolCell:
    """One item of one model: what it is, on what ground, and where that stands."""

    text: str
    basis: Basis
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModelProtocol:
    """The items of one model, in the order of the matrix."""

    model: str
    name: str
    source: str
    cells: tuple[ProtocolCell, ...]


@dataclass(frozen=True, slots=True)
class ProtocolMatrix:
    """Models by items. `differing` are items on which two models are known to differ, in words."""

    items: tuple[str, ...]
    rows: tuple[ModelProtocol, ...]
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """A model with the values a table shows for it, and its other values from the same source and from elsewhere."""

    model: str
    name: str
    shown: tuple[Value, ...]
    others: tuple[Value, ...] = ()


#: Column title, protocol item, the quantities it bears on (none: every score).
_ITEMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("PESQ band", "band", ("PESQ",)),
    ("rate", "rate", ()),
    ("composite scale", "scale", ("CSIG", "CBAK", "COVL")),
    ("training set", "training", ()),
    ("extra data", "extra_data", ()),
    ("selected on", "selected_on", ()),
    ("causal", "causal", ()),
    ("files", "files", ()),
    ("params counted", "counting", ("params",)),
    ("MACs counted", "counting", ("MACs",)),
)
_COSTS = ("MACs", "FLOPs")
#: Items that belong to the model rather than to one number: any of its values may state them.
_OF_MODEL = ("causal", "training", "extra_data")


def matrix(models: Iterable[Described]) -> ProtocolMatrix:
    """The matrix of these models."""
    rows = [_row(model) for model in models]
    titles = (*(title for title, _, _ in _ITEMS), *(f"{cost} per second" for cost in _COSTS))
    return ProtocolMatrix(titles, tuple(rows), tuple(_differing(titles, rows)))


#: The items that a paper's words on its model tell of, by the topic of the words.
_TOPICS = {"rate": "sampling-rate", "training set": "training-set", "causal": "causal"}
_SHORT = 32


def with_words(found: ProtocolMatrix, said: Mapping[str, Sequence[Description]]) -> ProtocolMatrix:
    """The matrix with what papers say of their models as a whole (by key) where no number's protocol states it.

    Words are of the model as its paper describes it, and decide nothing: `differing` stays as it is.
    """
    rows = []
    for row in found.rows:
        by_topic = {one.topic: one for one in said.get(row.model, ())}
        cells = [
            _in_words(one) if cell.basis == "not stated" and one is not None else cell
            for cell, one in zip(
                row.cells, (by_topic.get(_TOPICS.get(item, "")) for item in found.items), strict=True
            )
        ]
        rows.append(replace(row, cells=tuple(cells)))
    return replace(found, rows=tuple(rows))


def _in_words(one: Description) -> ProtocolCell:
    short = one.text if len(one.text) <= _SHORT else f"{one.text[: _SHORT - 1].rstrip()}…"
    full = "" if short == one.text else one.text
    return ProtocolCell(short, "in words", one.source, "; ".join(filter(None, (full, one.remark))))


def per_second(value: Value) -> float | None:
    """An operation count for one second of audio, or None where the source does not say how long its audio is."""
    length = value.protocol.get("audio_length")
    try:
        seconds = float(length) if length else 0.0
    except ValueError:
        return None
    return value.value / seconds if seconds > 0 and value.value is not None else None


def _row(model: Described) -> ModelProtocol:
    cells = [_cell(model, item, quantities) for _, item, quantities in _ITEMS]
    cells += [_cost(model, quantity) for quantity in _COSTS]
    source = next((value.place for value in model.shown if value.dataset), "")
    return ModelProtocol(
        model.model, model.name, source or next((v.place for v in model.shown), ""), tuple(cells)
    )


def _cell(model: Described, item: str, quantities: Sequence[str]) -> ProtocolCell:
    def bears(value: Value) -> bool:
        return value.quantity in quantities if quantities else bool(value.dataset)

    shown = [value for value in model.shown if bears(value)]
    if not shown and quantities:
        return ProtocolCell("-", "not needed")
    wide = [value for value in model.others if bears(value) or item in _OF_MODEL] if item in _OF_MODEL else []
    for value in (*shown, *wide):
        found = value.protocol.item(item)
        if found is None:
            continue
        text = found.value
        if item == "files":
            expected = value.protocol.get("files_expected")
            text = f"{text} of {expected}" if expected else text
        return ProtocolCell(text, found.basis, value.place, found.note)
    return ProtocolCell("not stated", "not stated")


def _cost(model: Described, quantity: str) -> ProtocolCell:
    """Operations of one second where the length is stated, as printed where it is not. MACs and FLOPs stay apart."""
    found = [
        value
        for value in (*model.shown, *model.others)
        if value.quantity == quantity and value.value is not None
    ]
    for value in found:
        number = per_second(value)
        if number is not None:
            item = value.protocol.item("audio_length")
            length = value.protocol.get("audio_length")
            note = "" if length == "1" else f"{value.printed} for {length} s"
            said = item.note if item is not None and item.basis == "inferred" else note
            return ProtocolCell(format_count(number), "stated", value.place, said)
    if found:
        value = found[0]
        return ProtocolCell(f"{value.printed} ?", "not stated", value.place, "for audio of unstated length")
    return ProtocolCell("-", "not needed")


def _differing(titles: Sequence[str], rows: Sequence[ModelProtocol]) -> Iterable[str]:
    for number, title in enumerate(titles):
        if title.endswith(("per second", "counted")):
            continue
        said: dict[str, list[str]] = {}
        for row in rows:
            cell = row.cells[number]
            if cell.basis in ("stated", "inferred"):
                said.setdefault(cell.text, []).append(row.name)
        if len(said) > 1:
            yield f"{title}: " + "; ".join(f"{text} for {', '.join(names)}" for text, names in said.items())
