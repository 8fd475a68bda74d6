"""Why values may disagree, in sentences that suggest and do not decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from litdb.evidence.composites import COMPOSITES
from litdb.evidence.marks import few
from litdb.values.agreement import agree, cut_off
from litdb.values.display import cell_text, column_for
from litdb.values.value import Side, Value
from litdb.vocabulary import MetricName, vocabulary


def explain(
    sides: Sequence[Side],
    against: Sequence[tuple[Value, Value, tuple[str, ...]]],
    relatives: Sequence[Value],
) -> Iterable[str]:
    """What may explain a conflict: versions, another row that was meant, copies, cut digits, other settings.

    `against` are the pairs that disagree with the items not stated on one side; `relatives` what the model's own paper
    reports for its other rows.
    """
    originals = [side for side in sides if any(value.origin == "self" for value in side.sources)]
    yield from _versions(sides)
    yield from _meant(sides, relatives)
    yield from _copied(sides, originals)
    for value in (v for side in sides for v in side.sources if v.rerun):
        yield f"{value.spelled} was measured again by the authors of {value.place}"
    if any(cut_off(one, other) for one, other, _ in against):
        yield "some values agree when digits are cut off instead of rounded"
    yield from _labels(sides)
    unknown = dict.fromkeys(item for _, _, items in against for item in items)
    if unknown:
        yield f"{' and '.join(unknown)} not stated on both sides: they may not be the same kind of number"


def by_arithmetic(sides: Sequence[Side], standing: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """What speaks for or against the composites of each side, by the other numbers of their rows."""
    for side in sides:
        said: dict[str, list[str]] = {}
        for value in side.sources:
            if value.quantity in COMPOSITES and (words := standing.get((value.row.key, value.dataset))):
                said.setdefault(words, []).append(value.place)
        for words, places in said.items():
            where = places[0] if len(places) == 1 else f"{places[0]} and {len(places) - 1} more"
            yield f"{side.printed} in {where} {words}"


def told_apart(sides: Sequence[Side]) -> tuple[Side, ...]:
    """The sides, with their values in words where two print the same text: for two seconds and for one, say."""
    alike = Counter(side.printed for side in sides)
    return tuple(replace(side, apart=_in_words(side)) if alike[side.printed] > 1 else side for side in sides)


def _in_words(side: Side) -> str:
    first = side.sources[0]
    if vocabulary().metric(first.quantity) is None:
        return f"{side.value:g}"
    column = column_for(MetricName.parse(first.metric), vocabulary())
    length = first.protocol.get("audio_length")
    per = f" for {'one second' if length == '1' else f'{length} s'}" if length else ""
    text = f"{cell_text(side.value, 0.0, column)}{column.unit}{per}"
    return "" if text == side.printed else text


def _labels(sides: Sequence[Side]) -> Iterable[str]:
    """That some rows carry the model's name with something added that no other side has: perhaps another setting."""
    added = []
    for side in sides:
        name = _plain(side.sources[0].name)
        mine = {
            _plain(v.row.label): v.row.label
            for v in side.sources
            if v.row.model.kind != "reference" and v.origin == "quoted"
        }
        added.append({key: label for key, label in mine.items() if name in key and key != name})
    for side, labels in zip(sides, added, strict=True):
        rest = {key for other in added if other is not labels for key in other}
        own = sorted(label for key, label in labels.items() if key not in rest)
        if own:
            yield f"{side.printed} also stands in rows labelled {', '.join(own)}: perhaps another setting of that name"


def _plain(label: str) -> str:
    return "".join(char for char in label.casefold() if char.isalnum() or char == "+")


def _versions(sides: Sequence[Side]) -> Iterable[str]:
    printed: dict[int, str] = {}
    paper = ""
    for side in sides:
        for value in side.sources:
            if value.origin == "self" and value.version is not None:
                printed.setdefault(value.version, value.source_printed)
                paper = value.paper
    if len(set(printed.values())) > 1:
        newest = max(printed)
        older = ", ".join(f"version {v} printed {printed[v]}" for v in sorted(printed) if v != newest)
        yield f"{paper}: {older}, version {newest} prints {printed[newest]}; a table shows the newest"


def _meant(sides: Sequence[Side], relatives: Sequence[Value]) -> Iterable[str]:
    """That a quoted number, and no other side's, is what the paper reports for another of its rows."""
    sharpest = [min(side.sources, key=lambda value: value.resolution) for side in sides]
    for side, sharp in zip(sides, sharpest, strict=True):
        origins = {value.origin for value in side.sources}
        if "self" in origins or "quoted" not in origins:
            continue
        rows = [
            r
            for r in relatives
            if (r.metric, r.dataset) == (sharp.metric, sharp.dataset)
            and agree(r, sharp)
            and not any(agree(r, other) for other in sharpest if other is not sharp)
        ]
        if rows:
            finest = min(row.resolution for row in rows)
            meant = sorted((r for r in rows if r.resolution == finest), key=lambda r: (r.name, r.key))
            names = list(dict.fromkeys(row.name for row in meant))
            which = "that row" if len(names) == 1 else "one of these rows"
            yield f"{side.printed} is what the paper reports for {few(names)} ({meant[0].place}): perhaps {which} was meant"


def _copied(sides: Sequence[Side], originals: Sequence[Side]) -> Iterable[str]:
    """Quotations that agree with one another and not with the original: the earliest is the likely source."""
    for side in sides:
        if side in originals or (not originals and side is sides[0]):
            continue
        if any(value.measured_again for value in side.sources):
            continue  # who measured it had it from no table
        quoting = sorted(
            {(value.row.document.date.isoformat() if value.row.document.date else "9999", value.paper) for value in side.sources
             if value.origin == "quoted" and value.paper}
        )  # fmt: skip
        papers = list(dict.fromkeys(paper for _, paper in quoting))
        if len(papers) < 2:
            continue
        first, rest = papers[0], papers[1:]
        against = (
            "not with the original" if originals else "not with most quotations; the original is not here"
        )
        verb = "prints" if len(rest) == 1 else "print"
        yield (
            f"{side.printed}: {first} printed it first, {' and '.join(rest)} {verb} the same, "
            f"{against}: likely copied from {first} or from a source they share"
        )
