"""The protocol of a reading: band, condition, statistic, rate and so on where they are stated, with their place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litdb.extract.meaning.heads.headers import Named
from litdb.extract.meaning.heads.segment import ReadColumn
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.types import Grid, TableCell
from litdb.vocabulary import custom, vocabulary
from litdb.vocabulary.protocol import Item, Protocol

_RATE = re.compile(r"\b(?P<rate>8|16|22\.05|24|32|44\.1|48)\s*[- ]?k(?:Hz)?\b", re.I)
_SECONDS = re.compile(
    r"\b(?P<number>one|\d+(?:\.\d+)?)[- ]?(?:s\b|sec(?:ond)?s?\b)[^.;]{0,40}(?:audio|segment|signal|speech|data|input|utterance|clip|waveform)|(?:audio|segment|signal|speech|input|utterance)s?\b[^.;]{0,30}\b(?P<after>\d+(?:\.\d+)?)[- ]?s(?:ec(?:ond)?s?)?\b",
    re.I,
)
_SPEAKERS = re.compile(r"\b(?P<number>28|56|84)[- ]?(?:spk|speakers?)\b", re.I)
_WIDE = re.compile(r"\b(?:wide[- ]?band\s+PESQ|PESQ[- ]?\(?WB\)?|WB[- ]PESQ|P\.862\.2)", re.I)
_NARROW = re.compile(r"\b(?:narrow[- ]?band\s+PESQ|PESQ[- ]?\(?NB\)?|NB[- ]PESQ)", re.I)
_WIDE_BY_CUSTOM = "unqualified PESQ on VoiceBank+DEMAND at 16 kHz is wide-band"
_PER_SECOND = re.compile(r"(?:/|per)\s*s(?:ec(?:ond)?)?\b", re.I)


def _places(grid: Grid) -> list[tuple[str, str]]:
    return [
        ("caption", grid.caption),
        *(("note", note) for note in grid.notes),
        ("text around", grid.context),
        ("section", grid.section),
    ]


def read(  # noqa: C901 - one item after the other, each with the places that may state it
    grid: Grid,
    column: ReadColumn,
    row: LabelledRow,
    named: Named,
    cell: TableCell,
    dataset: str,
    scope: Sequence[tuple[str, Item]] = (),
) -> Protocol:
    """The stated and inferred items that bear on one number; `scope` are those that the texts around state."""
    items: dict[str, Item] = dict(scope)
    if named.band:
        items.pop("band", None)  # the header knows better
    metric = named.metric
    if metric.id == "PESQ":
        _band(items, grid, column, row, named)
    if column.condition and not metric.per_model:
        items["condition"] = Item(column.condition, "stated", f"header: {column.header}")
    elif row.condition and not metric.per_model:
        items["condition"] = Item(row.condition, "stated", "condition column")
    reverb = column.reverb or row.reverb
    if reverb and not metric.per_model:
        place = f"header: {column.header}" if column.reverb else "row"
        items["reverb"] = Item(reverb, "stated", place)
    if row.training and not metric.per_model:
        items["training"] = Item(row.training, "stated", "training column")
    if column.statistic:
        items["statistic"] = Item(column.statistic, "stated", f"header: {column.header}")
    if row.causal:
        items["causal"] = Item(row.causal, "stated", "causal column")
    if not metric.per_model:
        for place, text in [
            ("header", column.header),
            ("row", row.section or row.model),
            *_places(grid)[:-2],
        ]:
            match = _RATE.search(text)
            if match:
                items["rate"] = Item(str(int(float(match["rate"]) * 1000)), "stated", place)
                break
        for place, text in _places(grid) if not row.training else ():
            match = _SPEAKERS.search(text)
            if match:
                items["training"] = Item(f"{match['number']}spk", "stated", place)
                break
    elif metric.id in ("MACs", "FLOPs"):
        if _PER_SECOND.search(column.header) or _PER_SECOND.search(cell.text):
            items["audio_length"] = Item("1", "stated", f"header: {column.header}")
        else:
            for place, text in _places(grid):
                match = _SECONDS.search(text)
                if match:
                    number = match["number"] or match["after"]
                    items["audio_length"] = Item("1" if number.lower() == "one" else number, "stated", place)
                    break
    stated = Protocol.of(items)
    known = vocabulary().dataset(dataset) if metric.id == "PESQ" and dataset else None
    if known is None:
        return stated
    band = custom.band(metric.id, known.id, stated, _WIDE_BY_CUSTOM)
    return stated if band is None else stated.with_("band", band)


def _band(items: dict[str, Item], grid: Grid, column: ReadColumn, row: LabelledRow, named: Named) -> None:
    band = named.band or row.band
    if band:
        items["band"] = Item(band, "stated", f"header: {column.header}" if named.band else "row")
        return
    if "band" in items:
        return
    for place, text in _places(grid):
        wide, narrow = _WIDE.search(text), _NARROW.search(text)
        if bool(wide) != bool(narrow):
            items["band"] = Item("WB" if wide else "NB", "stated", place)
            return


def uncertainty_kind(value: float | None, grid: Grid, column: ReadColumn) -> str:
    """What a printed spread is: std, sem, 95% interval, or unknown."""
    if value is None:
        return ""
    text = " ".join((column.header, grid.caption, *grid.notes))
    if re.search(r"95\s*%|confidence interval|\bCI\b", text):
        return "95% interval"
    if re.search(r"standard error|\bsem\b", text, re.I):
        return "sem"
    if re.search(r"standard deviation|\bstd\b|\bs\.?d\.?\b", text, re.I):
        return "std"
    return "unknown"
