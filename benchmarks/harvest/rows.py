"""The rows of harvested tables as the seed writes them: test set, metric with its protocol, number with its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from benchmarks.harvest import protocols
from benchmarks.harvest.harvest import Harvest
from benchmarks.harvest.tables import Line
from litdb.vocabulary import vocabulary

#: Test sets whose words are longer than a catalogue keeps.
_SHORTER = {
    "WSJ0-SI84+DNS noise (30 h subset), factory1, average of -3, 0, DBT-Net": "WSJ0-SI84+DNS noise (30 h), factory1, mean of -3 and 0, DBT-Net",
    "DNS Challenge 2020 (own 5000-utterance test mixtures, DNS noise), LORT": "DNS Challenge 2020 (5000 own mixtures, DNS noise), LORT",
    "LibriSpeech+7 noise sets (own mix), PSM; PESQ at 5 dB, composites averaged, Ripple attention": "LibriSpeech+7 noise sets, PSM; PESQ at 5 dB, Ripple attention",
}
#: Sets that several papers publish results on under one name, though the vocabulary lacks them.
_SHARED_SETS = ("VB-DemandEx",)
_SKIPPED = re.compile(r"^delta_")


def dataset_of(text: str, paper: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The id of a test set, or the paper's own words with the paper, and protocol items that the words hold."""
    items: list[tuple[str, str]] = []
    if text in ("-", "sizes", ""):
        return "", ()
    name, _, training = text.partition(", trained on ")
    if training:
        items.append(("training", training))
    if part := re.search(r",? \(?(-?\d+ dB|Avg\.|Ave\.|SNR Avg\.)\)?$", name):
        items.append(("condition", f"SNR {part[1]}" if "dB" in part[1] else "all"))
        name = name[: part.start()]
    known = vocabulary().dataset(name)
    if known is not None:
        return known.id, tuple(items)
    name = name if name in _SHARED_SETS else f"{name}, {paper}"
    return _SHORTER.get(name, name), tuple(items)


def figure(
    harvest: Harvest, metric: str, printed: str, per: str, remark: str, origin: str = "self"
) -> tuple[str, str] | None:
    """A figure as the seed writes it: the metric with its protocol in braces, and the number; None for one left out."""
    if _SKIPPED.match(metric):
        harvest.left_out["a difference printed as a score"] += 1
        return None
    items = list(protocols.stated(metric, per, remark, origin))
    if device := re.fullmatch(r"RTF \((.+)\)", metric):
        metric, items = "RTF", [("hardware", device[1])]
    text = re.sub(r" \(.*\)$", "", printed.strip()).rstrip("*").replace(" ± ", "±")
    if metric in ("Params", "MACs", "FLOPs"):
        text = text.replace(" ", "")
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+[A-Za-z]?", text):
            text = text.replace(",", "")
        if re.fullmatch(r"~?[\d.,]+", text):
            letter = protocols.unit(metric, remark)
            if not letter and not (metric == "Params" and float(text.strip("~").replace(",", "")) >= 1000):
                harvest.left_out[f"{metric} without a unit"] += 1
                return None
            text += letter
    if metric == "SI-SNR":
        metric = "SI-SDR"
    name = {"Params": "params", "SI-SNRi": "SI-SDRi"}.get(metric, metric)
    if items:
        name += "{" + "; ".join(f"{n}={v}" for n, v in dict(items).items()) + "}"
    return name, text


def lines(harvest: Harvest, placed: dict[int, str]) -> list[Line]:
    """The rows of all tables that are no ablation's."""
    found: dict[tuple[object, ...], Line] = {}
    for at, row in enumerate(harvest.facts):
        paper = harvest.printing(row["source"])
        figured = figure(harvest, row["metric"], row["printed"], row["per"], row["remark"], row["origin"])
        if figured is None:
            continue
        dataset, words = dataset_of(row["dataset"], paper)
        told = protocols.condition(row["condition"])
        label = f"{row['model']} [{told.label}]" if told.label else row["model"]
        items = tuple(dict((*words, *told.items)).items())
        remark = protocols.kept(row["remark"])
        key = (row["source"], row["table"], label, placed[at], row["origin"], dataset, items, remark)
        line = found.setdefault(
            key,
            Line(row["source"], row["table"], label, placed[at], row["origin"], dataset, items, remark),
        )
        if figured[0] in line.figures:
            harvest.left_out["a second figure in one place"] += 1
            continue
        line.figures[figured[0]] = figured[1]
    return list(found.values())


def once(harvest: Harvest, rows: Sequence[list[str]]) -> None:
    """Leave every place of a table one figure: what stands there twice is written once, what differs is told."""
    taken: dict[tuple[str, ...], str] = {}
    for row in rows:
        left = []
        for text in filter(None, row[8].split(" | ")):
            metric, _, printed = text.partition("} ") if "{" in text else text.partition(" ")
            name, _, own = metric.partition("{")
            quantity = vocabulary().metric(vocabulary().metric_name(name).quantity)
            per_model = quantity is not None and quantity.per_model
            part = re.search(r"condition=([^;]*)", f"{own}; {row[7]}")
            place = (
                *row[:2],
                row[3],
                name,
                "" if per_model else row[6],
                part[1] if part and not per_model else "",
            )
            if place not in taken:
                taken[place] = printed
                left.append(text)
            elif taken[place] != printed:
                harvest.left_out[
                    f"another {name} in the same place: {row[0]} {row[1]} {row[3]}: {taken[place]} {printed}"
                ] += 1
        row[8] = " | ".join(left)
