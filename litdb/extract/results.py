"""Files of own results: JSON, CSV, TSV, per-file scores (VERSA's and SpeechScore's, too), the reports of the group's scripts.

Everything here is a pure function from text to :class:`OwnResults`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from litdb.errors import InputError, UsageError
from litdb.extract.score_files import ScoreFile, read_score_file
from litdb.extract.score_rows import read_score_rows
from litdb.extract.strict_json import read_json
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Mark, Remark

MAX_BYTES = 50_000_000
_REPORT_LINE = re.compile(r"^\s*(?P<name>[A-Za-z][\w +.()/-]*?)\s*:\s*(?P<value>.+?)\s*$")


@dataclass(frozen=True, slots=True)
class OwnResults:
    """What a result file says. `values` are printed values by metric name (canonical spelling)."""

    values: Mapping[str, str]
    dataset: str = ""
    checkpoint: str = ""
    sha256: str | None = None
    epoch: int | None = None
    date: dt.date | None = None
    files: int | None = None
    selected_on: str = ""
    criterion: str = ""
    validation: Mapping[str, float] = field(default_factory=dict)
    utterances: tuple[tuple[str, str, float | None, str], ...] = ()  # file, metric, value, error
    counted: Mapping[str, int] = field(default_factory=dict)  # files each mean covers, by metric
    marks: Mapping[str, tuple[Remark, ...]] = field(default_factory=dict)  # what must be said, by metric
    notes: tuple[str, ...] = ()  # what of the file was left out, and why


def read_results(text: str, name: str, *, force: bool = False) -> OwnResults:
    """Read a result file, whose layout is recognised by its content.

    Raises InputError naming what is missing, or the line and the metric of what is no score of one file: given twice, a
    row of means, a comma that may be either; with `force` scores outside what a metric can be are taken.
    """
    if len(text) > MAX_BYTES:
        raise InputError(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB: give the file with the scores alone"
        )
    stripped = text.lstrip("\ufeff \n\r\t")
    if not stripped:
        raise InputError(f"{name} is empty")
    if (scored := read_score_file(stripped, name)) is not None:
        return _of_tool(scored, name, force)
    if stripped[0] in "{[":
        return _json(stripped, name, force)
    if stripped.startswith("====") or "Evaluation Results" in stripped[:400]:
        return _report(stripped, name)
    return _table(stripped, name, force)


# --- the group's evaluation reports -----------------------------------------------------------------------


def _report(text: str, name: str) -> OwnResults:
    """The layout of `evaluation_results_*.txt`: a head, perhaps a validation block, then the test metrics."""
    head: dict[str, str] = {}
    validation: dict[str, float] = {}
    values: dict[str, str] = {}
    block = "head"
    for line in text.splitlines():
        bare = line.strip()
        if not bare or set(bare) <= {"=", "-"}:
            continue
        if re.match(r"validation metrics", bare, re.IGNORECASE):
            block = "validation"
            continue
        if re.fullmatch(r"(test set )?metrics:?", bare, re.IGNORECASE):
            block = "test"
            continue
        match = _REPORT_LINE.match(bare)
        if match is None:
            continue
        key, value = match["name"].strip(), match["value"]
        if block == "validation" and not line.startswith((" ", "\t")):
            block = "head"
        if block == "test":
            _put(values, key, value, name)
        elif block == "validation":
            if validation.setdefault(key, number := _number(value, name, key)) != number:
                raise InputError(f"{name} gives {key} twice among the validation metrics: leave one out")
        elif head.setdefault(key.lower(), value) != value:
            raise InputError(f"{name} gives {key} twice: leave one out")
    if not values:
        raise InputError(f"{name} has no block of test metrics: is it an evaluation report?")
    scaled = {(f"{m}@unit" if m in ("CSIG", "CBAK", "COVL") else m): v for m, v in values.items()}
    folder = head.get("test data directory", "")
    datasets = vocabulary().datasets_in(folder)
    return OwnResults(
        scaled,
        dataset=datasets[0][1].id if datasets else "",
        checkpoint=head.get("checkpoint", ""),
        epoch=_whole(head.get("epoch"), name, "Epoch"),
        date=_date(head.get("date"), name),
        files=_whole(head.get("number of test files"), name, "Number of test files"),
        criterion=head.get("model type", ""),
        validation=validation,
    )


# --- VERSA and SpeechScore --------------------------------------------------------------------------------


def _of_tool(scored: ScoreFile, name: str, force: bool) -> OwnResults:
    """Scores by file of another tool; what it does in its own way is said of each metric, what is no such score left out."""
    notes = [f"{scored.tool}, {quirk}" for quirk in scored.quirks if quirk.left_out]
    if scored.unknown:
        notes.append(f"{scored.tool}, not among the metrics here, left out: {', '.join(scored.unknown)}")
    marks = {
        metric: tuple(Remark(Mark.TOOL, (f"{scored.tool}, {quirk}",)) for quirk in quirks)
        for metric, quirks in scored.quirks_of().items()
    }
    rows = [(f"file {row['id']}", dict(row)) for row in scored.rows]
    return replace(_rows(rows, name, force), marks=marks, notes=tuple(notes))


# --- JSON -------------------------------------------------------------------------------------------------


#: What a JSON file says besides its metrics.
_SAID = frozenset(
    ("dataset", "checkpoint", "checkpoint_sha256", "composite_scale", "epoch", "date", "files", "selected_on")
)


def _json(text: str, name: str, force: bool) -> OwnResults:
    data = read_json(text, name)
    if isinstance(data, list):
        rows = [
            (f"entry {number}", {str(k): _text(v) for k, v in row.items()})
            for number, row in enumerate(data, start=1)
            if isinstance(row, dict)
        ]
        return _rows(rows, name, force)
    metrics = data.get("metrics", data)
    if not isinstance(metrics, dict):
        raise InputError(f"{name}: `metrics` must be an object of metric names and values")
    values: dict[str, str] = {}
    known: dict[str, Any] = {}
    left = []
    for key, value in metrics.items():
        if vocabulary().metric(key.partition("@")[0].removesuffix("-NB")) is not None and value is not None:
            _put(values, key, _text(value), name)
        else:
            known[key] = value
            if key not in _SAID and not isinstance(value, dict):
                left.append(key)
    known |= {key: value for key, value in data.items() if key != "metrics" and key not in metrics}
    if not values:
        raise InputError(f'{name} names no metric: write for example {{"PESQ": 2.86, "STOI": 0.94}}')
    if known.get("composite_scale") == "unit":
        values = {(f"{m}@unit" if m in ("CSIG", "CBAK", "COVL") else m): v for m, v in values.items()}
    return OwnResults(
        values,
        dataset=str(known.get("dataset") or ""),
        checkpoint=str(known.get("checkpoint") or ""),
        sha256=str(known["checkpoint_sha256"]) if known.get("checkpoint_sha256") else None,
        epoch=_whole(known.get("epoch"), name, "epoch"),
        date=_date(known.get("date"), name),
        files=_whole(known.get("files"), name, "files"),
        selected_on=str(known.get("selected_on") or ""),
        notes=(f"{name}, no metric with a number, left out: {', '.join(left)}",) if left else (),
    )


# --- CSV and TSV ------------------------------------------------------------------------------------------


def _table(text: str, name: str, force: bool) -> OwnResults:
    first = text.splitlines()[0]
    delimiter = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        lines = [
            (f"line {reader.line_num}", [cell.strip() for cell in row])
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise InputError(f"{name} is not a table: {error}") from error
    if not lines:
        raise InputError(f"{name} is empty")
    header = lines[0][1]
    for column in filter(None, header):
        if header.count(column) > 1:
            raise InputError(f"{name} has two columns {column}: leave one out")
    for where, row in lines[1:]:
        if any(row[len(header) :]):
            raise InputError(
                f"{name}, {where}: {len(row)} cells stand under {len(header)} headers; write decimals with a point, "
                "or part the cells by semicolons or tabs"
            )
    if len(header) == 2 and header[0].lower() == "metric":
        values: dict[str, str] = {}
        for _where, row in lines[1:]:
            if len(row) >= 2:
                _put(values, row[0], row[1], name)
        return OwnResults(values)
    short = [""] * len(header)  # cells that a line leaves out at its end are empty
    rows = [(where, dict(zip(header, [*row, *short], strict=False))) for where, row in lines[1:]]
    return _rows(rows, name, force)


def _rows(rows: list[tuple[str, dict[str, str]]], name: str, force: bool) -> OwnResults:
    """The means over a table with one row per file (a column names the file); a single row gives its values."""
    scored = read_score_rows(rows, name, force=force)
    if scored.single is not None:
        return OwnResults(scored.single)
    totals: dict[str, list[float]] = {}
    for score in scored.scores:
        known = totals.setdefault(score.metric, [])
        if score.value is not None:
            known.append(score.value)
    totals = {metric: known for metric, known in totals.items() if known}
    if not totals:
        raise InputError(f"{name} has no score in any row")
    return OwnResults(
        {metric: f"{math.fsum(values) / len(values):.6f}" for metric, values in totals.items()},
        files=len(rows),
        utterances=tuple((score.file, score.metric, score.value, score.error) for score in scored.scores),
        counted={metric: len(values) for metric, values in totals.items()},
    )


def _put(values: dict[str, str], key: str, value: str, name: str) -> None:
    spelled = str(vocabulary().metric_name(key))
    if spelled in values:
        raise InputError(f"{name} gives {spelled} twice: leave one out")
    if value.strip().lower() in ("nan", "inf", "-inf", "+inf", "infinity", "-infinity"):
        raise InputError(f"{name}: {spelled} is {value}, which is no mean: leave it out, or score again")
    values[spelled] = value


def _text(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _number(text: str, name: str, key: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InputError(f"{name}: {key} is {text!r}, which is not a number") from error


def _whole(value: object, name: str, key: str) -> int | None:
    if value in (None, ""):
        return None
    if not re.fullmatch(r"\d{1,9}", str(value).strip()):
        raise InputError(f"{name}: {key} is {str(value)!r:.40}, which is not a whole number")
    return int(str(value))


def _date(value: object, name: str) -> dt.date | None:
    if value in (None, ""):
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise UsageError(f"{name}: {value!r} is not a date; write YYYY-MM-DD") from error
