"""The numbers of a run that stand beside its figures: what it is, what it scored, what it learnt. Text, one table a subject."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.errors import EvaluationError, ModelError
from model.figures.drawing import Material
from model.figures.gain import Difference, Gain, GainPart
from model.figures.scores import remarks_of, summaries
from model.figures.sources import Source
from model.metrics import NAMES

SHA = 12
"""Digits of a hash that are shown."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a table (its first row is the header; empty without one), and sentences below it."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def sections(material: Material) -> list[Section]:
    """Everything there are numbers of; what is missing is there with the reason."""
    found = [_what(material)]
    for make in (_checkpoints, _cost):
        found.append(make(material.first))
    found += _scores(material.first)
    found.append(_learnt(material))
    found += _gain(material)
    return found


def _what(material: Material) -> Section:
    source = material.first
    config = source.config()
    rows = [("what", "value"), ("name", source.name)]
    if source.record is not None:
        record = source.record
        rows.append(
            (
                "checkpoint",
                f"{record.name}, epoch {record.epoch}, selected on {record.selected_on} ({record.criterion})",
            )
        )
        rows.append(("sha256", record.sha256))
    elif source.checkpoint is not None:
        rows.append(("checkpoint", source.checkpoint.name))
    if not config:
        return Section("The run", tuple(rows), (f"Nothing else is known of it: {source.no_run}.",))
    recipe, data, environment = (
        part if isinstance(part, Mapping) else {}
        for part in (config.get("recipe"), config.get("data"), _environment(source))
    )
    rows += [
        (name, _plain(value))
        for name, value in (
            ("model", config.get("model")),
            ("parameters", _grouped(config.get("parameters"))),
            ("network", _listed(config.get("network"))),
            ("recipe", _listed(recipe)),
            ("seeds", ", ".join(_plain(_seed(other)) for other in material.sources)),
            ("began with", _listed(config.get("from"))),
            ("training data", _data(data)),
            ("fingerprint", str(data.get("fingerprint", ""))[:SHA]),
            (
                "threads, processes",
                f"{_plain(environment.get('threads'))}, {_plain(environment.get('processes'))}",
            ),
            ("devices", _plain(environment.get("devices"))),
            ("code", _listed(environment.get("git"))),
            ("torch", (environment.get("libraries") or {}).get("torch")),
            ("ended", _ended(source)),
        )
        if value not in (None, "", {})
    ]
    notes = []
    if len(material.sources) == 1 and config.get("kind") == "training":
        notes.append("Single seed: nothing here tells what the randomness of training does.")
    for leak in data.get("leaks") or ():
        if isinstance(leak, Mapping):
            notes.append(
                f"Leak, recorded on request: {_plain(leak.get('kind'))}, {_plain(leak.get('detail'))}."
            )
    if config.get("extended"):
        notes.append("The run was given more epochs than it began with.")
    return Section("The run", tuple(rows), tuple(notes))


def _environment(source: Source) -> Mapping[str, Any]:
    try:
        return source.run.environment() if source.run is not None else {}
    except ModelError:
        return {}


def _seed(source: Source) -> object:
    recipe = source.config().get("recipe")
    return recipe.get("seed", "not stated") if isinstance(recipe, Mapping) else "not stated"


def _data(data: Mapping[str, Any]) -> str:
    if not data:
        return ""
    return (
        f"{_plain(data.get('root'))}, {_plain(data.get('split'))}: {_plain(data.get('training_files'))} files, "
        f"{_plain(data.get('validation_files'))} held out, {_plain(data.get('left_out', 0))} left out"
    )


def _ended(source: Source) -> str:
    events = (
        [] if source.run is None else [event for event in source.run.events() if isinstance(event, Mapping)]
    )
    for event in reversed(events):
        if event.get("event") == "finished":
            return f"after {_plain(event.get('epochs'))} epochs, {_hours(event.get('seconds'))}"
        if event.get("event") == "stopped":
            return f"stopped after epoch {_plain(event.get('epoch'))}: {_plain(event.get('reason'))}"
    return "not finished, as far as log.jsonl says" if events else ""


def _hours(seconds: object) -> str:
    return f"{seconds / 3600:.2f} h" if isinstance(seconds, int | float) else "time not stated"


def _checkpoints(source: Source) -> Section:
    title = "Checkpoints"
    if source.run is None:
        return Section(title, (), (f"Not known: {source.no_run}.",))
    records = source.run.checkpoints()
    if not records:
        return Section(title, (), ("The run lists none.",))
    terms = ("loss", "pesq", "stoi", "composite")
    rows: list[tuple[str, ...]] = [("name", "epoch", "selected on", "criterion", *terms, "sha256")]
    for record in records:
        values = [_number(record.validation.get(term), 4) for term in terms]
        rows.append(
            (
                record.name,
                str(record.epoch),
                record.selected_on,
                record.criterion,
                *values,
                record.sha256[:SHA],
            )
        )
    return Section(
        title, tuple(rows), ("loss, pesq, stoi and composite are of the utterances held out for validation.",)
    )


def _cost(source: Source) -> Section:
    title = "Cost"
    path = None if source.run is None else source.run.path / "cost.json"
    if path is None or not path.is_file():
        return Section(title, (), ("Not measured; litdb model cost CHECKPOINT measures it.",))
    try:
        content = json.loads(path.read_text())
        if not isinstance(content, dict):
            raise TypeError
    except (OSError, ValueError, TypeError):
        return Section(
            title,
            (),
            ("cost.json of the run is not valid JSON; litdb model cost CHECKPOINT writes it again.",),
        )
    rows = [
        ("what", "value"),
        *((str(key).replace("_", " "), _plain(value)) for key, value in content.items()),
    ]
    return Section(title, tuple(rows))


def _scores(source: Source) -> list[Section]:
    title = "Scores"
    if source.run is None:
        return [Section(title, (), (f"None: {source.no_run}.",))]
    try:
        sets = summaries(source.run)
    except EvaluationError as error:
        return [Section(title, (), (str(error),))]
    if not sets:
        return [Section(title, (), ("None; litdb model evaluate --all RUN --noisy measures them.",))]
    return [_of_set(slug, summary) for slug, summary in sets]


def _of_set(slug: str, summary: Mapping[str, Any]) -> Section:
    entries = [entry for entry in summary["entries"] if isinstance(entry, dict)]
    used = [name for name in NAMES if any(_mean(entry, name).get("mean") is not None for entry in entries)]
    rows = [("metric", *(_plain(entry.get("name")) for entry in entries))]
    rows += [(name, *(_mean_text(_mean(entry, name)) for entry in entries)) for name in used]
    counts = [
        sorted({count for name in used if isinstance(count := _mean(entry, name).get("files"), int)})
        for entry in entries
    ]
    rows.append(
        (
            "files",
            *(
                f"{'-'.join(map(str, found)) or '0'} of {_plain(entry.get('files_expected'))}"
                for found, entry in zip(counts, entries, strict=True)
            ),
        )
    )
    notes = [
        "Mean ± standard deviation over files; csig, cbak and covl on int16-valued samples, *_unit on samples in [-1, 1]."
    ]
    for entry in entries:
        if said := remarks_of(entry, dict(summary)):
            notes.append(f"{_plain(entry.get('name'))}: {'; '.join(said)}.")
    return Section(f"Scores on {summary.get('test_set') or slug}", tuple(rows), tuple(notes))


def _mean_text(mean: Mapping[str, Any]) -> str:
    deviation = _number(mean.get("std"), 3)
    return f"{_number(mean.get('mean'), 3)}{f' ± {deviation}' if deviation != '-' else ''}"


def _mean(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    means = entry.get("means")
    found = means.get(name) if isinstance(means, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _learnt(material: Material) -> Section:
    title = "What it learnt"
    try:
        found = material.inspection
    except ModelError as error:
        return Section(title, (), (f"Not known: {str(error).rstrip('.')}.",))
    table = found.table()
    rows = tuple(map(tuple, table)) if len(table) > 1 else ()
    heard = (f"Heard on {material.heard}.",) if material.example is not None else ()
    return Section(title, rows, (*found.findings, *heard))


def _gain(material: Material) -> list[Section]:
    title = "Gain over noisy"
    try:
        found = material.gain
    except ModelError as error:
        return [Section(title, (), (f"Not measured: {str(error).rstrip('.')}.",))]
    whole = [("metric", "gain [95 % interval]", "files")]
    whole += [(name, *_difference(value)) for name, value in found.overall.items()]
    failed = [f"Not compared: {name}: {reason}." for name, reason in found.failed.items()]
    head = ("PESQ [95 % interval]", "files")
    return [
        Section(f"{title}: {_on(found)}", tuple(whole), (*found.remarks, *failed)),
        Section(f"{title} by SNR", _parts(found.by_snr, ("SNR", *head, "SI-SDR in dB", "files"))),
        Section(
            f"{title} by band",
            _parts(found.by_band, ("band", *head, "clean/error in dB", "files")),
            ("The signal is the network's inside the band and clean outside, against noisy so treated.",),
        ),
    ]


def _on(found: Gain) -> str:
    return f"{found.test_set.name}, {found.test_set.files} files" + (
        "" if found.seeds == 1 else f", {found.seeds} seeds"
    )


def _parts(parts: Iterable[GainPart], head: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return (
        head,
        *((part.label, *_difference(part.pesq), *_difference(part.db)) for part in parts if part.files),
    )


def _difference(value: Difference | None) -> tuple[str, str]:
    if value is None:
        return "no value", "0"
    interval = "" if value.low is None or value.high is None else f" [{value.low:+.3f}, {value.high:+.3f}]"
    return f"{value.mean:+.3f}{interval}", str(value.files)


def _number(value: object, digits: int) -> str:
    return f"{value:.{digits}f}" if isinstance(value, int | float) and not isinstance(value, bool) else "-"


def _grouped(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) else value


def _listed(value: object) -> str:
    """`name value, name value` of a mapping; "" without one."""
    if not isinstance(value, Mapping):
        return ""
    return ", ".join(f"{key} {_plain(item)}" for key, item in value.items() if item not in (None, ""))


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "not stated"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_plain, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
