"""What the columns of a table say about one another: bands, conditions and test sets that only their neighbours tell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import headers
from litdb.extract.meaning.heads.segment import ReadColumn, Rows
from litdb.extract.meaning.scope.mentions import looks_like_set
from litdb.vocabulary import vocabulary

_PART_OF_SET = re.compile(
    r"[-−–+]?\d+(?:\.\d+)?\s*dB|(?:un)?seen|simu(?:lated)?|real|"
    r"vocals?|drums|bass|other|accompaniment|"
    r"val(?:id(?:ation)?)?(?: set)?|test(?: set)?|dev(?:elopment)?(?: set)?|train(?:ing)?(?: set)?",
    re.I,
)


#: What a test set that nobody knows may be called over a column.
_NAME_OF_SET = re.compile(
    r"(?!(?i:avg|average|mean|overall|all|total|unseen|seen|others?)\b)(?=.*[A-Z\d])[\w+/&-]{3,24}(?: [\w+/&()-]{2,20}){0,2}"
)


def settled(
    columns: Sequence[ReadColumn], rows: Rows, head: Sequence[int], data: Rows
) -> tuple[ReadColumn, ...]:
    """The columns with what the ones beside them tell."""
    titles = _titles(columns, rows)
    done = [_plain_title(column) for column in _under_titles(columns, titles)]
    told = [row for row in data if len({(c.span.start, c.text) for c in row if c.text}) > 1]  # no titles
    done = [c if c.index in titles else _by_contents(c, told, len(data)) for c in done]
    done = _with_sets(done, rows, head)
    done = _told_apart([_seen_or_not(column) for column in done])
    done = _sigmos_alone(_totals(done))
    return tuple(_bands(done))


def _titles(columns: Sequence[ReadColumn], rows: Rows) -> dict[int, str]:
    """Columns of one cell that reaches over all rows, the header's among them, with its text."""
    return {
        c.index: rows[0][c.index].text
        for c in columns
        if len(rows) > 2
        and rows[0][c.index].text
        and all(row[c.index].span == rows[0][c.index].span for row in rows)
    }


def _under_titles(columns: Sequence[ReadColumn], titles: Mapping[int, str]) -> list[ReadColumn]:
    """What such a cell says of the columns behind it, as a row of one cell does of the rows below in a table not turned."""
    known = any(headers.parse(title).datasets for title in titles.values())
    title, done = "", []
    for column in columns:
        if column.index in titles:
            title = titles[column.index]
            column = replace(column, role="attribute", datasets=(), metrics=(), units=())
        elif title and column.metrics and not (column.datasets or column.printed_set):
            sets = headers.parse(title).datasets
            name = "" if sets else looks_like_set(title) or (title if known else "")
            column = replace(column, datasets=sets, printed_set=name)
        done.append(column)
    return done


def _plain_title(column: ReadColumn) -> ReadColumn:
    """A title over the metrics that says only that they are metrics says nothing."""
    if column.qualifier and words.GROUP_TITLE.match(column.qualifier):
        return replace(column, qualifier="")
    return column


def _by_contents(column: ReadColumn, told: Rows, rows: int) -> ReadColumn:
    """A column of test sets, or of parts of one, whatever its header."""
    if words.TRAINED_ON_HEADER.search(column.header):  # names of sets, but none that is tested on
        return column if column.metrics else replace(column, role="attribute", datasets=())
    if column.metrics or column.role in ("dataset", "condition", "metric", "causal"):
        return column
    if words.DIFFERENCES.match(column.header):  # decibels gained, not those that noise was added at
        return column
    titled = [text for row in told if (text := row[column.index].text.strip())]
    if titled and all(_is_part(t) for t in titled) and len(set(titled)) > 1:
        return replace(column, role="condition")
    named = [t for t in titled if any(at == 0 for at, _ in vocabulary().datasets_in(t))]
    if titled and len(named) * 3 >= len(titled) * 2 and len(set(titled)) < max(rows, 2):
        return replace(column, role="dataset")
    if not column.header and _sets_among(titled, named):
        return replace(column, role="dataset")
    return column


def _sets_among(titled: Sequence[str], named: Sequence[str]) -> bool:
    """Whether groups of rows under no head stand for test sets: half of them known, the others like names of one."""
    groups = Counter(titled)
    return (
        1 < len(groups) <= 6
        and min(groups.values()) > 1
        and len(set(named)) * 2 >= len(groups)
        and all(_NAME_OF_SET.fullmatch(text) for text in groups if text not in named)
    )


def _is_part(text: str) -> bool:
    return bool(_PART_OF_SET.fullmatch(text) or words.REVERB.fullmatch(text.replace("_", " ")))


def _with_sets(columns: Sequence[ReadColumn], rows: Rows, head: Sequence[int]) -> list[ReadColumn]:
    """A heading beside one that names a test set, or that looks like one, names a set of its own."""
    beside = [r for r in head if any(headers.parse(cell.text).datasets for cell in rows[r] if cell.text)]
    done = []
    for column in columns:
        text = column.qualifier
        if joined := _joined_sets(column, rows, head):
            column = replace(column, datasets=(), printed_set=joined)
        if column.metrics and text and not column.datasets and not column.condition:
            in_row = any(text in {cell.text for cell in rows[r]} for r in beside)
            name = looks_like_set(text) or (text if in_row else "")
            if name:
                column = replace(column, printed_set=name, qualifier="")
        done.append(column)
    return done


def _joined_sets(column: ReadColumn, rows: Rows, head: Sequence[int]) -> str:
    """A head that joins two known names is that of a third set, of the one's speech with the other's noise: 'LibriSpeech + WHAM!'."""
    if len(column.datasets) != 2:
        return ""
    texts = [rows[r][column.index].text for r in head]
    return next((t for t in texts if "+" in t and len(headers.parse(t).datasets) == 2), "")


def as_sets(columns: Sequence[ReadColumn]) -> list[ReadColumn]:
    """Columns of one metric of which half or more are headed by known test sets: a name over another is a set as well."""
    if sum(bool(c.datasets) for c in columns) * 2 < max(len(columns), 2):
        return list(columns)
    return [
        replace(c, printed_set=c.header.strip())
        if not (c.datasets or c.condition or c.statistic or c.validation or c.reverb)
        and _NAME_OF_SET.fullmatch(c.header.strip())
        else c
        for c in columns
    ]


def _printed(column: ReadColumn) -> str:
    """What a header says besides its metric, as it is printed where that is all that is left: 'all cores', not 'cores'."""
    rest = vocabulary().without_metrics(column.header).strip(" ()[]:,-–↑↓")
    return (
        rest
        if re.fullmatch(rf"(?:all|both|each|one|the) {re.escape(column.more)}", rest, re.I)
        else column.more
    )


def _told_apart(columns: Sequence[ReadColumn]) -> list[ReadColumn]:
    """Columns of one metric that differ by a word of their header alone: that word is a condition."""
    groups: dict[object, list[ReadColumn]] = defaultdict(list)
    for column in columns:
        if column.metrics and not column.excluded:
            metrics = tuple((m.metric.id, m.band) for m in column.metrics)
            groups[
                (
                    metrics,
                    column.datasets,
                    column.printed_set,
                    column.condition,
                    column.statistic,
                    column.reverb,
                    column.validation,
                    column.qualifier,
                )
            ].append(column)
    done = list(columns)
    at = {column.index: place for place, column in enumerate(columns)}
    for group in groups.values():
        said = {column.more for column in group}
        if len(group) > 1 and said == {""}:
            for column, device in zip(group, _devices(group), strict=False):
                done[at[column.index]] = replace(column, qualifier=f"{column.qualifier} {device}".strip())
        elif len(group) > 1 and len(said) == len(group):
            for column in group:
                if column.more:
                    text = f"{column.qualifier} {_printed(column)}".strip()
                    done[at[column.index]] = replace(column, qualifier=text, doubts=())
    return done


#: On what data, by whether a model knows the like of it: no part of a metric's name.
_SEEN = re.compile(
    r"\b(?:OOD|IID|(?:out[- ]of|in)[- ](?:dist(?:ribution|\.)?|domain)|(?:un)?seen|(?:mis)?matched)\b", re.I
)


def _seen_or_not(column: ReadColumn) -> ReadColumn:
    """A column whose header says that its data are like those of training, or not, has that as its condition."""
    said = _SEEN.search(column.header) if column.metrics and column.more else None
    if said is None or column.condition or said.group() in column.qualifier:
        return column
    return replace(column, qualifier=f"{column.qualifier} {said.group()}".strip(), more="", doubts=())


def _sigmos_alone(columns: Sequence[ReadColumn]) -> list[ReadColumn]:
    """SIGMOS without BAKMOS or an overall score beside it is the metric of that name, which is no part of DNSMOS."""
    of_dnsmos = {m.metric.id for c in columns for m in c.metrics} & {"DNSMOS-BAK", "DNSMOS-OVRL"}
    return [
        replace(c, metrics=(), units=()) if not of_dnsmos and re.search(r"\bSIGMOS\b", c.header, re.I) else c
        for c in columns
    ]


#: What a column of costs says of all of a model, at the end of its header.
_TOTAL = re.compile(
    r"\b(?:total|overall|all(?: layers| modules| parts)?|sum|whole(?: model| network)?)\W*$", re.I
)


def _totals(columns: Sequence[ReadColumn]) -> list[ReadColumn]:
    """Costs of parts of a model beside the cost of all of it are no costs of the model: MACs of 'non-GRU', 'GRU', 'all layers'."""
    groups: dict[object, list[ReadColumn]] = defaultdict(list)
    for column in columns:
        if len(column.metrics) == 1 and column.metrics[0].metric.per_model:
            groups[column.metrics[0].metric.id].append(column)
    parts: set[int] = set()
    whole: set[int] = set()
    for group in groups.values():
        total = {column.index for column in group if _TOTAL.search(column.header)}
        if len(total) == 1:
            whole |= total
            parts |= {column.index for column in group if column.qualifier} - total
    return [
        replace(column, excluded="a part of the model")
        if column.index in parts
        else replace(column, qualifier="")
        if column.index in whole
        else column
        for column in columns
    ]


def _devices(group: Sequence[ReadColumn]) -> list[str]:
    """What stands in brackets behind the name of a cost, of which it is a part, where columns differ by it alone: 'RTF (CPU)',
    'RTF (GPU)'; empty otherwise."""
    behind = [re.search(r"\(([^()]{2,20})\)\W*$", column.header) for column in group]
    found = [match[1] for match in behind if match is not None]
    return found if len(set(found)) == len(group) and group[0].metrics[0].metric.per_model else []


def _bands(columns: Sequence[ReadColumn]) -> list[ReadColumn]:
    """A PESQ without a band beside one with: it is the other one."""
    bands = {m.band for c in columns if not c.excluded for m in c.metrics if m.metric.id == "PESQ"}
    told = bands - {""}
    if "" not in bands or len(told) != 1:
        return list(columns)
    other = "NB" if told == {"WB"} else "WB"
    return [
        replace(
            c,
            metrics=tuple(
                replace(m, band=other) if m.metric.id == "PESQ" and not m.band else m for m in c.metrics
            ),
        )
        for c in columns
    ]
