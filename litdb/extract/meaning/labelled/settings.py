"""The settings of rows that name no model: a table about one model whose columns say how it was set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells, contents
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.meaning.labelled.labels import clean
from litdb.extract.types import Grid, TableCell


def setting_columns(segment: Segment, grid: Grid) -> list[ReadColumn]:
    """The columns whose values are the settings of the one model that a table is about."""
    data = grid.rows[segment.first : segment.last]
    first = min((c.index for c in segment.columns if c.metrics), default=len(segment.columns))
    return [
        c
        for c in segment.columns
        if not c.metrics
        and not c.excluded
        and c.role in ("attribute", "unknown", "model")
        and not contents.names_nothing(c, data)
        and not re.search(r"\bband\b|time|latency|delay|memory|gpu|\bloss\b|link", c.header, re.I)
        and len({row[c.index].text for row in data} - {""}) > (len(data) == 1)
        and not (
            MEASURED.search(c.header)
            or _PROVENANCE.fullmatch(c.header.strip())
            or _DIFFERENCE.match(c.header)
            or (c.index > first and _decimals(c, data))
        )
    ]


#: A column of results under a name that the vocabulary does not know.
MEASURED = re.compile(
    r"[↑↓⇑⇓]|\bp\W{0,3}values?\b|[(\[]\s*(?:[kKMG]i?B|[mµu]?W|mA|[mµu]?J|[€$])\s*[)\]]", re.I
)
#: What says where a row comes from, not how it was set.
_PROVENANCE = re.compile(
    r"(?:# ?|no\. of |number of )?(?:files?|clips?|utterances?|samples?|sentences?|items?)|commit|hash|sha|notes?|remarks?|comments?|bemerkung|说明|說明|备注|備考|비고",
    re.I,
)

#: What a row has gained or lost against another.
_DIFFERENCE = re.compile(
    r"\W*(?:[Δδ]|(?:rel(?:ative|\.) )?(?:delta|diff(?:erence)?s?|differenz|écarts?|gains?|improvements?|change|speed-?up|reduction|drop)\b)",
    re.I,
)


def _decimals(column: ReadColumn, data: Sequence[Sequence[TableCell]]) -> bool:
    """Whether most cells are numbers with a fraction: behind a score that is another one, no setting."""
    filled = [row[column.index].text for row in data if row[column.index].text]
    fractions = sum(bool(re.search(r"\d[.,]\d\d", text)) and cells.looks_numeric(text) for text in filled)
    return fractions * 2 > len(filled)


def numeric_settings(settings: Sequence[ReadColumn], grid: Grid, segment: Segment) -> frozenset[int]:
    """The setting columns whose values are numbers: a word among them is a label."""
    found = set()
    for column in settings:
        texts = [row[column.index].text for row in grid.rows[segment.first : segment.last]]
        filled = [text for text in texts if text and not cells.is_missing(text)]
        if sum(cells.looks_numeric(text) for text in filled) * 2 > len(filled):
            found.add(column.index)
    return frozenset(found)


def worded(
    row: Sequence[TableCell], settings: Sequence[ReadColumn], numeric: frozenset[int]
) -> TableCell | None:
    """The label of a row that has one where the others have settings: 'Noisy' under 'N'."""
    for column in settings:
        cell = row[column.index]
        if words.REFERENCE_LABEL.match(clean(cell.text)):
            return cell
        if (
            column.index in numeric
            and re.search(r"[A-Za-z]{3}", cell.text)
            and not cells.looks_numeric(cell.text)
        ):
            return cell
    return None


#: The unit behind the name of a setting.
_UNIT = re.compile(r"\s*[(\[]\s*(?P<unit>ms|s|kHz|Hz|kbps|dB|%)\s*[)\]]$")
_GIVEN = re.compile(r"(?P<name>[^\s=:,;]+)\s*=\s*(?P<value>[^\s,;]+)")


def stated(
    row: Sequence[TableCell], settings: Sequence[ReadColumn], section: str, last: Mapping[int, str]
) -> tuple[str, ...]:
    """What a row without a name is set to, by its columns and the title of its group: 'N=3', 'H=2'."""
    found = []
    for column in settings:
        text = row[column.index].text or last.get(column.index, "")
        name = re.sub(r"[${}]|\\[a-z]+", "", column.header).strip(" :")
        unit = _UNIT.search(name)
        if unit is not None and re.fullmatch(r"\d+(?:\.\d+)?", text):
            name, text = (
                name[: unit.start()].strip(),
                f"{text} {unit['unit']}",
            )  # 'iWin=20 ms', not 'iWin (ms)=20'
        if re.fullmatch(r"[A-Z][a-z]{2,}(?: [a-z]+)*", name):
            name = name.lower()
        if text and not cells.is_missing(text):
            numbered = re.match(r"^(?:#|no\.?|n[°o]\.?|ids?|index|row|exp\.?)$", name, re.I)
            found.append(f"ID {text}" if numbered else f"{name}={text}" if name else text)
    given = [f"{match['name']}={match['value']}" for match in _GIVEN.finditer(section)]
    return (*found, *given)
