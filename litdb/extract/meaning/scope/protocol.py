"""The protocol of a reading: band, condition, statistic, rate and so on where they are stated, with their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from litdb.extract.meaning.heads.headers import Named
from litdb.extract.meaning.heads.segment import ReadColumn
from litdb.extract.meaning.labelled.labels import LabelledRow, clean
from litdb.extract.meaning.scope import pesq_band, trials
from litdb.extract.types import Grid, TableCell
from litdb.vocabulary import custom, vocabulary
from litdb.vocabulary.protocol import Item, Protocol

_RATE = re.compile(r"\b(?P<rate>8|16|22\.05|24|32|44\.1|48)\s*[- ]?k(?:Hz)?\b", re.I)
_SECONDS = re.compile(
    r"\b(?P<number>one|\d+(?:\.\d+)?)[- ]?(?:s\b|sec(?:ond)?s?\b)[^.;]{0,40}(?:audio|segment|signal|speech|data|input|utterance|clip|waveform)|(?:audio|segment|signal|speech|input|utterance)s?\b[^.;]{0,30}\b(?P<after>\d+(?:\.\d+)?)[- ]?s(?:ec(?:ond)?s?)?\b",
    re.I,
)
_SPEAKERS = re.compile(r"\b(?P<number>28|56|84)[- ]?(?:spk|speakers?)\b", re.I)
#: 'DNSMOS denotes P.808': which of its scores a column is that is headed by its name alone.
_DNSMOS = re.compile(
    r"\bDNSMOS\b[\"'*_`)]{0,3}\s*(?:denotes?|means?|is|are|refers? to|stands? for|reports?|=|:)\s+(?:the\s+)?(?:ITU-T\s+)?"
    r"(?:(?P<p808>P\.?\s?808)|(?P<ovrl>(?:P\.?\s?835\s+)?(?:OVRL|OVL|overall\s+(?:score|quality|MOS))))\b",
    re.I,
)
_WIDE_BY_CUSTOM = "unqualified PESQ on VoiceBank+DEMAND at 16 kHz is wide-band"
_PER_SECOND = re.compile(r"(?:/|per)\s*s(?:ec(?:ond)?)?\b", re.I)


class TableSays:
    """What the texts at a table say that bears on all of its numbers, each looked up once."""

    def __init__(self, grid: Grid, band: str = "") -> None:
        self._grid, self._band = grid, band
        self._near = (("caption", grid.caption), *(("note", note) for note in grid.notes))
        self._all = (*self._near, ("text around", grid.context), ("section", grid.section))

    @cached_property
    def rate(self) -> Item | None:
        """The sampling rate."""
        return next((item for place, text in self._near if (item := self.rate_in(place, text))), None)

    def rate_in(self, place: str, text: str) -> Item | None:
        """The sampling rate that a text names."""
        match = _RATE.search(text)
        return None if match is None else Item(str(int(float(match["rate"]) * 1000)), "stated", place)

    @cached_property
    def speakers(self) -> Item | None:
        """The speakers of the training part of VoiceBank+DEMAND."""
        for place, text in self._all:
            match = _SPEAKERS.search(text)
            if match:
                return Item(f"{match['number']}spk", "stated", place)
        return None

    def _said(self, reads: Callable[[str], str], places: Sequence[tuple[str, str]]) -> Item | None:
        return next(
            (Item(value, "stated", place) for place, text in places if text and (value := reads(text))), None
        )

    @cached_property
    def seeds(self) -> Item | None:
        """How many seeds the means are over."""
        return self._said(trials.seeds, self._all)

    @cached_property
    def hardware(self) -> Item | None:
        """What times were measured on."""
        return self._said(trials.hardware, self._all)

    @cached_property
    def training(self) -> Item | None:
        """What all models of the table were trained on."""
        return self._said(trials.training, self._all)

    @cached_property
    def causal(self) -> Item | None:
        """Whether all models of the table are causal."""
        return self._said(trials.causal, self._all)

    @cached_property
    def seconds(self) -> Item | None:
        """The length of the audio that operations are counted over."""
        for place, text in self._all:
            match = _SECONDS.search(text)
            if match:
                number = match["number"] or match["after"]
                return Item("1" if number.lower() == "one" else number, "stated", place)
        return None

    @cached_property
    def dnsmos(self) -> str:
        """The id of the score that 'DNSMOS' alone stands for, '' where no text says."""
        found = next((match for _, text in self._all if (match := _DNSMOS.search(text))), None)
        return "" if found is None else "DNSMOS-P808" if found["p808"] else "DNSMOS-OVRL"

    @cached_property
    def band(self) -> Item | None:
        """The one band of PESQ that a text speaks of: at the table, or else anywhere in the paper, of all its scores."""
        labels = [clean(row[0].text) for row in self._grid.rows if row]
        for place, text in self._all:
            if said := pesq_band.said(text, labels if place == "text around" else ()):
                return Item(said, "stated", place)
        return Item(self._band, "stated", "text") if self._band else None


def read(
    says: TableSays,
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
        _band(items, says, column, row, named)
    if column.statistic:
        items["statistic"] = Item(column.statistic, "stated", f"header: {column.header}")
    if row.causal:
        items["causal"] = Item(row.causal, "stated", "causal column")
    elif row.section and (said := trials.causal(row.section)):
        items["causal"] = Item(said, "stated", "title of the rows")
    elif says.causal is not None:
        items["causal"] = says.causal
    if metric.id in ("RTF", "latency"):
        device = trials.hardware(column.header)
        hardware = Item(device, "stated", f"header: {column.header}") if device else says.hardware
        if hardware is not None:
            items["hardware"] = hardware
    if not metric.per_model:
        _of_the_signal(items, says, column, row)
    elif metric.id in ("MACs", "FLOPs"):
        if _PER_SECOND.search(column.header) or _PER_SECOND.search(cell.text):
            items["audio_length"] = Item("1", "stated", f"header: {column.header}")
        elif says.seconds is not None:
            items["audio_length"] = says.seconds
    stated = Protocol.of(items)
    known = vocabulary().dataset(dataset) if metric.id == "PESQ" and dataset else None
    if known is None:
        return stated
    band = custom.band(metric.id, known.id, stated, _WIDE_BY_CUSTOM)
    return stated if band is None else stated.with_("band", band)


def _of_the_signal(items: dict[str, Item], says: TableSays, column: ReadColumn, row: LabelledRow) -> None:
    """What bears on scores of signals alone: condition, reverberation, training, rate."""
    if column.condition:
        items["condition"] = Item(column.condition, "stated", f"header: {column.header}")
    elif row.condition:
        items["condition"] = Item(row.condition, "stated", "condition column")
    if reverb := column.reverb or row.reverb:
        items["reverb"] = Item(reverb, "stated", f"header: {column.header}" if column.reverb else "row")
    rate = says.rate_in("header", column.header) or says.rate_in("row", row.section or row.model) or says.rate
    if rate is not None:
        items["rate"] = rate
    if row.training:
        items["training"] = Item(row.training, "stated", "training column")
    elif trained := says.speakers or says.training:
        items["training"] = trained
    over = trials.seeds(column.header)
    runs = Item(over, "stated", f"header: {column.header}") if over else says.seeds
    if runs is not None:
        items["seeds"] = runs


def _band(
    items: dict[str, Item], says: TableSays, column: ReadColumn, row: LabelledRow, named: Named
) -> None:
    band = named.band or row.band
    if band:
        items["band"] = Item(band, "stated", f"header: {column.header}" if named.band else "row")
    elif "band" not in items and says.band is not None:
        items["band"] = says.band


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
