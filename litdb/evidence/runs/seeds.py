"""Which own checkpoint a table shows, and what several runs say together that differ in their seed alone."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Sequence
from dataclasses import replace

from litdb.evidence.comparability import partial, trained_elsewhere
from litdb.values.names import digest
from litdb.values.note import Note
from litdb.values.value import NO_CELL, Checkpoint, SeedGroup, SourceRow, Value
from litdb.vocabulary.protocol import Protocol


def headline(heads: Sequence[SourceRow]) -> tuple[list[SourceRow], str]:
    """The rows of own checkpoints that a table shows, and why, where none is declared."""

    def age(row: SourceRow, declared: bool) -> tuple[dt.date, str]:
        assert row.checkpoint is not None
        date = row.checkpoint.declared_on if declared else row.checkpoint.date
        return (date or dt.date.min, row.checkpoint.key)

    states = [row.checkpoint for row in heads if row.checkpoint is not None]
    contested = next((state.contested for state in states if state.contested), "")
    declared = [row for row in heads if row.checkpoint and row.checkpoint.declared_on]
    if declared:
        return [max(declared, key=lambda row: age(row, True))], contested
    standing = next((state.standing for state in states if state.standing), "")
    lacking = f"the declared {standing} has none of these values" if standing else "no checkpoint is declared"
    if contested:
        lacking = f"{contested}; {lacking}" if standing else contested
    validated = [row for row in heads if row.checkpoint and row.checkpoint.selected_on == "validation"]
    if validated:
        return [max(validated, key=lambda row: age(row, False))], f"{lacking}; selected on validation"
    return list(heads), f"{lacking}: every one {'that has is' if standing else 'is'} shown"


def checkpoint_notes(
    checkpoint: Checkpoint, values: Sequence[Value] = (), *, siblings: bool = False
) -> tuple[Note, ...]:
    """What a table says of the checkpoint that a row is of; `values` are those shown of it.

    `siblings` says that its values are told to be of one seed among several already.
    """
    standing = []
    if checkpoint.declared_on:
        standing.append(f"declared {checkpoint.declared_on.isoformat()}")
    caveats = [_SELECTED[checkpoint.selected_on]] if checkpoint.selected_on in _SELECTED else []
    if checkpoint.group is None and not siblings:
        caveats.append("single seed")
    caveats += dict.fromkeys(told for value in values if (told := trained_elsewhere(value)))
    said = ", ".join([f"checkpoint {checkpoint.key}", *standing, *caveats])
    if checkpoint.standing not in ("", checkpoint.key) and checkpoint.group is None:
        said += f"; not the declared one, which is {checkpoint.standing}"
    known = "declared checkpoint" if checkpoint.declared_on else "checkpoint not declared"
    return (Note(said, ", ".join([*_files(values), known, *caveats])),)


_SELECTED = {"test": "selected on the test set", "validation": "selected on validation data"}


def _files(values: Sequence[Value]) -> list[str]:
    """How many files the scores are means over, in words, where all say the same."""
    counts = {value.protocol.get("files") for value in values if value.dataset} - {None}
    return [f"{files} files" for files in counts] if len(counts) == 1 else []


def group_row(members: Sequence[SourceRow], group: SeedGroup) -> SourceRow:
    """The row that stands for a group of checkpoints, of those of its members that have values."""
    first = members[0]
    states = [row.checkpoint for row in members if row.checkpoint is not None]
    selected = {state.selected_on for state in states}
    checkpoint = Checkpoint(
        key=", ".join(state.key for state in states),
        selected_on=selected.pop() if len(selected) == 1 else "",
        declared_on=group.declared_on,
        standing=group.name,
        marks=tuple(dict.fromkeys(mark for state in states for mark in state.marks)),
        group=group,
    )
    return replace(first, key=digest("group", group.decision), checkpoint=checkpoint)


def group_notes(row: SourceRow, group: SeedGroup, values: Sequence[Value] = ()) -> tuple[str, ...]:
    """What a table says of the row of a group: its members, since when it stands, which runs were left out and why."""
    assert row.checkpoint is not None
    said = f"mean over {len(group.members)} seeds, {group.name}, declared {group.declared_on.isoformat()}"
    brief = [*_files(values), f"mean over {len(group.members)} seeds"]
    if row.checkpoint.selected_on:
        brief.append(_SELECTED.get(row.checkpoint.selected_on, "not selected"))
        said += f", {brief[-1]}"
    trained = dict.fromkeys(told for value in values if (told := trained_elsewhere(value)))
    said = ", ".join([said, *trained])
    return (
        Note(said, ", ".join([*brief, *trained])),
        *(f"left out of the mean: {one}" for one in group.omitted),
    )


def mean_over_seeds(values: Sequence[Value], row: SourceRow, group: SeedGroup) -> tuple[Value, Note]:
    """The mean of one metric over the members of a group as a value of their row, and what must be said with it.

    A mean over fewer files in one member is one in the whole. The spread is the standard deviation over seeds.
    """
    numbers = [value.value for value in values if value.value is not None]
    mean = statistics.fmean(numbers)
    spread = statistics.stdev(numbers) if len(numbers) > 1 else None
    first = values[0]
    note, brief = f"mean over {len(numbers)} seeds{_range(numbers)}", ""
    if len(numbers) < len(group.members):
        lacking = [key for key in group.members if key not in {value.checkpoint for value in values}]
        brief = f"mean over {len(numbers)} of {len(group.members)} seeds"
        note = f"{brief}{_range(numbers)}; {', '.join(lacking)} lacks it"
    if spread is not None:
        note += f", standard deviation {spread:.2g}"
    return (
        replace(
            first,
            key=digest("group", group.decision, first.metric, first.dataset),
            row=row,
            value=mean,
            printed=f"{mean:.4f}",
            resolution=1e-4,
            approximate="~" if any(value.approximate for value in values) else "",
            uncertainty=spread,
            uncertainty_kind="" if spread is None else "std",
            protocol=_common([value.protocol for value in values]),
            flags=tuple(dict.fromkeys(flag for value in values for flag in value.flags)),
            remark="",
            cell=NO_CELL,
            corrections=tuple(made for value in values for made in value.corrections),
            kept=None,
        ),
        Note(note, brief),
    )


def _range(numbers: Sequence[float]) -> str:
    low, high = min(numbers), max(numbers)
    return f" ({low:.4g}..{high:.4g})" if len(numbers) > 1 else ""


def _common(protocols: Sequence[Protocol]) -> Protocol:
    """What all protocols say; of the files covered, what the first says that covers a part."""
    found = protocols[0]
    for name, item in found:
        if any(other.get(name) != item.value for other in protocols):
            found = found.without(name)
    for part in protocols:
        if partial(part):
            return Protocol.of({**dict(found), **{n: i for n, i in part if n in ("files", "files_expected")}})
    return found


def one_of_seeds(value: Value, others: Sequence[Value]) -> str:
    """That a value is of one seed among several, with the range over them; '' where it has no siblings.

    `others` are values of the same metric of all checkpoints of the model. Of each run of the same recipe the
    checkpoint of the same name counts, else its only one. Runs that recorded no recipe may be seeds of one, and are named too.
    """
    mine = value.row.checkpoint
    if mine is None or value.value is None:
        return ""
    run, _, name = mine.key.rpartition("/")
    runs: dict[str, dict[str, float]] = {}
    for other in others:
        theirs = other.row.checkpoint
        if theirs is None or theirs.recipe != mine.recipe or other.value is None:
            continue
        place, _, called = theirs.key.rpartition("/")
        if place != run:
            runs.setdefault(place, {})[called] = other.value
    numbers = [value.value]
    for named in runs.values():
        if name in named:
            numbers.append(named[name])
        elif len(named) == 1:
            numbers += named.values()
    if len(numbers) < 2:
        return ""
    if not mine.recipe:
        return f"one of {len(numbers)} runs of the model{_range(numbers)}, whose recipes are not recorded"
    return f"one of {len(numbers)} seeds{_range(numbers)}"
