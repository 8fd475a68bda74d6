"""Files of own results: JSON, CSV, TSV, per-file scores (VERSA's and SpeechScore's, too), the reports of the group's scripts.

Everything here is a pure function from text to :class:`OwnResults`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from litdb.errors import InputError, UsageError
from litdb.extract.score_files import ScoreFile, read_score_file
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Mark, Remark

MAX_BYTES = 50_000_000
_ID_NAMES = ("id", "file", "filename", "name", "utterance", "utt")
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


def read_results(text: str, name: str) -> OwnResults:
    """Read a result file, whose layout is recognised by its content. Raises InputError naming what is missing."""
    if len(text) > MAX_BYTES:
        raise InputError(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB: give the file with the scores alone"
        )
    stripped = text.lstrip("\ufeff \n\r\t")
    if not stripped:
        raise InputError(f"{name} is empty")
    if (scored := read_score_file(stripped, name)) is not None:
        return _of_tool(scored, name)
    if stripped[0] in "{[":
        return _json(stripped, name)
    if stripped.startswith("====") or "Evaluation Results" in stripped[:400]:
        return _report(stripped, name)
    return _table(stripped, name)


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
            validation[key] = _number(value, name, key)
        else:
            head[key.lower()] = value
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


def _of_tool(scored: ScoreFile, name: str) -> OwnResults:
    """Scores by file of another tool; what it does in its own way is said of each metric, what is no such score left out."""
    notes = [f"{scored.tool}, {quirk}" for quirk in scored.quirks if quirk.left_out]
    if scored.unknown:
        notes.append(f"{scored.tool}, not among the metrics here, left out: {', '.join(scored.unknown)}")
    marks = {
        metric: tuple(Remark(Mark.TOOL, (f"{scored.tool}, {quirk}",)) for quirk in quirks)
        for metric, quirks in scored.quirks_of().items()
    }
    return replace(_rows([dict(row) for row in scored.rows], name), marks=marks, notes=tuple(notes))


# --- JSON -------------------------------------------------------------------------------------------------


def _json(text: str, name: str) -> OwnResults:
    try:
        data = json.loads(text, parse_constant=lambda _c: None)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{name} is not JSON: {error}") from error
    if isinstance(data, list):
        rows = [row for row in data if isinstance(row, dict)]
        return _rows([{str(k): _text(v) for k, v in row.items()} for row in rows], name)
    metrics = data.get("metrics", data)
    if not isinstance(metrics, dict):
        raise InputError(f"{name}: `metrics` must be an object of metric names and values")
    values: dict[str, str] = {}
    known: dict[str, Any] = {}
    for key, value in metrics.items():
        if vocabulary().metric(key.partition("@")[0].removesuffix("-NB")) is not None and value is not None:
            _put(values, key, _text(value), name)
        else:
            known[key] = value
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
    )


# --- CSV and TSV ------------------------------------------------------------------------------------------


def _table(text: str, name: str) -> OwnResults:
    first = text.splitlines()[0]
    delimiter = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        lines = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(f"{name} is not a table: {error}") from error
    if not lines:
        raise InputError(f"{name} is empty")
    header = [cell.strip() for cell in lines[0]]
    if len(header) == 2 and header[0].lower() == "metric":
        values: dict[str, str] = {}
        for row in lines[1:]:
            if len(row) >= 2:
                _put(values, row[0], row[1].strip(), name)
        return OwnResults(values)
    short = [""] * len(header)  # cells that a line leaves out at its end are empty
    return _rows(
        [dict(zip(header, [*(c.strip() for c in row), *short], strict=False)) for row in lines[1:]], name
    )


def _rows(rows: list[dict[str, str]], name: str) -> OwnResults:
    """The means over a table with one row per file (a column names the file); a single row gives its values."""
    if not rows:
        raise InputError(f"{name} has a header and no rows")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    names = {column: spelled for column in columns if (spelled := metric_column(column)) is not None}
    for spelled in names.values():
        if list(names.values()).count(spelled) > 1:
            raise InputError(f"{name} has two columns of {spelled}: leave one out")
    if not names:
        raise InputError(f"{name} has no column that is a metric; its columns are {', '.join(columns)}")
    identity = next((c for c in columns if c.lower() in _ID_NAMES), None)
    if identity is None:
        if len(rows) > 1:
            raise InputError(f"{name} has several rows and no column that names the file (id, file or name)")
        return OwnResults({names[c]: rows[0][c] for c in names if rows[0].get(c)})
    error_column = next((c for c in columns if c.lower() in ("error", "reason")), None)
    utterances: list[tuple[str, str, float | None, str]] = []
    totals: dict[str, list[float]] = {spelled: [] for spelled in names.values()}
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        file = row.get(identity, "")
        if not file:
            raise InputError(f"{name}, line {number}: {identity} is empty")
        if file in seen:
            raise InputError(f"{name}, line {number}: {file} stands there twice")
        seen.add(file)
        for column, spelled in names.items():
            text = row.get(column, "") or ""
            value = _score(text, name, number, column)
            reason = (
                "" if value is not None else (row.get(error_column, "") if error_column else "") or "no value"
            )
            utterances.append((file, spelled, value, reason))
            if value is not None:
                totals[spelled].append(value)
    means = {m: f"{math.fsum(v) / len(v):.6f}" for m, v in totals.items() if v}
    if not means:
        raise InputError(f"{name} has no score in any row")
    return OwnResults(
        means,
        files=len(rows),
        utterances=tuple(utterances),
        counted={m: len(v) for m, v in totals.items() if v},
    )


def _put(values: dict[str, str], key: str, value: str, name: str) -> None:
    spelled = str(vocabulary().metric_name(key))
    if spelled in values:
        raise InputError(f"{name} gives {spelled} twice: leave one out")
    values[spelled] = value


def metric_column(column: str) -> str | None:
    """The metric of a column such as `pesq`, `csig_unit` or `PESQ-NB`, or None."""
    base = column.removesuffix("_unit")
    if vocabulary().metric(base.partition("@")[0].removesuffix("-NB")) is None:
        return None
    spelled = str(vocabulary().metric_name(base))
    return f"{spelled}@unit" if column.endswith("_unit") else spelled


def _score(text: str, name: str, line: int, column: str) -> float | None:
    if text.strip().lower() in ("", "nan", "none", "null", "-"):
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise InputError(f"{name}, line {line}: {column} is {text!r}, which is not a number") from error
    return value if math.isfinite(value) else None


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
    try:
        return int(str(value))
    except ValueError as error:
        raise InputError(f"{name}: {key} is {value!r}, which is not a whole number") from error


def _date(value: object, name: str) -> dt.date | None:
    if value in (None, ""):
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise UsageError(f"{name}: {value!r} is not a date; write YYYY-MM-DD") from error
