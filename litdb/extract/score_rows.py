"""Tables with one row a file: which column is what, and the score in each cell."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litdb.errors import Impossible, InputError
from litdb.vocabulary import Metric, vocabulary
from litdb.vocabulary.entered import entered, is_no_value, refusal

_ID_NAMES = ("id", "file", "filename", "name", "utterance", "utt")
_SUMMARIES = frozenset(
    (
        "mean", "meanscore", "average", "avg", "std", "stddev", "stdev", "standarddeviation", "sd", "sem", "var",
        "variance", "median", "min", "minimum", "max", "maximum", "total", "overall", "all", "sum", "count",
    )
)  # fmt: skip
_PLAIN = re.compile(r"\d+\.\d+")
_EMPTY = ("", "nan", "none", "null", "-", "inf", "-inf", "infinity", "-infinity")


@dataclass(frozen=True, slots=True)
class FileScore:
    """The score of one file in one metric (canonical spelling), or why there is none."""

    file: str
    metric: str
    value: float | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRows:
    """What a table of scores says: the score of every file, or the values of its single row, which names no file."""

    scores: tuple[FileScore, ...] = ()
    single: Mapping[str, str] | None = None


def read_score_rows(rows: Sequence[tuple[str, dict[str, str]]], name: str, *, force: bool) -> ScoreRows:
    """Read a table whose rows are (place in words, cells by column).

    Raises InputError with the place of a cell that is no number, of a file that stands twice, of a row of means or
    deviations; Impossible, unless `force`, for a score that its metric cannot have.
    """
    if not rows:
        raise InputError(f"{name} has a header and no rows")
    columns = list(dict.fromkeys(column for _where, row in rows for column in row))
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
        only = rows[0][1]
        return ScoreRows(single={names[c]: only[c] for c in names if only.get(c)})
    files = _files(rows, identity, name)
    errors = next((c for c in columns if c.lower() in ("error", "reason")), None)
    found = {column: _column(rows, column, name, force) for column in names}
    return ScoreRows(
        tuple(
            FileScore(file, spelled, value, "" if value is not None else row.get(errors or "", "") or why)
            for number, (file, (_where, row)) in enumerate(zip(files, rows, strict=True))
            for column, spelled in names.items()
            for value, why in (found[column][number],)
        )
    )


def _files(rows: Sequence[tuple[str, dict[str, str]]], identity: str, name: str) -> list[str]:
    """The file of each row."""
    seen: dict[str, None] = {}
    for where, row in rows:
        file = row.get(identity, "")
        if not file:
            raise InputError(f"{name}, {where}: {identity} is empty")
        if file in seen:
            raise InputError(f"{name}, {where}: {file} stands there twice")
        if re.sub(r"\(.*?\)|[^a-z0-9]", "", file.lower()) in _SUMMARIES:
            raise InputError(f"{name}, {where}: {file!r} is a summary, no file: leave that row out")
        seen[file] = None
    return list(seen)


def _column(
    rows: Sequence[tuple[str, dict[str, str]]], column: str, name: str, force: bool
) -> list[tuple[float | None, str]]:
    """The score of each row in a column, and why there is none."""
    metric = _metric(column)
    read = [_score(row.get(column) or "", metric, f"{name}, {where}", column) for where, row in rows]
    if metric.percent:
        read = _as_fractions(read, [where for where, _row in rows], metric, name)
    for (where, row), (value, _why) in zip(rows, read, strict=True):
        if value is not None and not force and not metric.possible(value):
            raise Impossible(f"{name}, {where}: {refusal(metric, value, row[column])}")
    return read


def _score(text: str, metric: Metric, where: str, column: str) -> tuple[float | None, str]:
    """The number in a cell as it stands, and why there is none."""
    bare = text.strip()
    if bare.lower() in _EMPTY:
        return None, "infinite" if "inf" in bare.lower() else "no value"
    if _PLAIN.fullmatch(bare):  # nearly always
        value = float(bare)
    else:
        try:
            number = entered(bare, metric)
        except InputError as error:
            raise InputError(f"{where}: {column} is {error}") from error
        if number.approximate or number.uncertainty is not None:
            raise InputError(f"{where}: {column} is {text!r}, which is not a score of one file")
        # A percent sign settles the scale; without one the column as a whole does (below).
        value = number.value * 100 if metric.percent and number.flags else number.value
    if is_no_value(metric, value):
        return None, f"{bare}, which stands for no value"
    return (value, "") if math.isfinite(value) else (None, "infinite")


def _as_fractions(
    read: Sequence[tuple[float | None, str]], places: Sequence[str], metric: Metric, name: str
) -> list[tuple[float | None, str]]:
    """A column of a fraction in one scale: as it is, or wholly in percent. Raises InputError for a mixture."""
    large = [value is not None and value > 1.5 for value, _why in read]
    if not any(large):
        return list(read)
    for place, big, (value, _why) in zip(places, large, read, strict=True):
        if value is not None and not big:
            raise InputError(
                f"{name}, {place}: {metric.id} is {value:g}, and {sum(large)} other {'row has' if sum(large) == 1 else 'rows have'} "
                "it in percent: write all of them alike"
            )
    return [(value / 100 if value is not None else None, why) for value, why in read]


def _metric(column: str) -> Metric:
    metric = vocabulary().metric(_quantity(column))
    assert metric is not None
    return metric


def metric_column(column: str) -> str | None:
    """The metric of a column such as `pesq`, `csig_unit` or `PESQ-NB`, or None."""
    if vocabulary().metric(_quantity(column)) is None:
        return None
    spelled = str(vocabulary().metric_name(column.removesuffix("_unit")))
    return f"{spelled}@unit" if column.endswith("_unit") else spelled


def _quantity(column: str) -> str:
    """A column's name without what it says of band and scale."""
    return column.removesuffix("_unit").partition("@")[0].removesuffix("-NB")
