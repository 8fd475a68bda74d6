"""An extraction as tab-separated lines, one per reading; nothing is quoted, tabs and line ends become spaces."""

from __future__ import annotations

import re

from litdb.extract.meaning.confidence import ACCEPT_THRESHOLD
from litdb.extract.types import CellReading, Extraction
from litdb.vocabulary import MetricName

COLUMNS = (
    "file", "table", "row", "column", "model", "system", "kind", "metric", "dataset", "value", "unit", "uncertainty", "raw",
    "status", "confidence",
)  # fmt: skip


def status(reading: CellReading, threshold: float = ACCEPT_THRESHOLD) -> str:
    """The status a reading gets at this threshold: 'accepted' or 'proposed'."""
    return "accepted" if reading.confidence >= threshold else "proposed"


def number(value: float) -> str:
    """A number without floating-point noise: 427000, 0.921, 3.37."""
    return f"{value:.12g}" if abs(value) < 1e12 else f"{value:.0f}"


def _field(value: object) -> str:
    return re.sub(r"[\t\r\n]+", " ", str(value)).strip()


def header() -> str:
    """The line with the column names."""
    return "\t".join(COLUMNS)


def lines(extraction: Extraction, file: str) -> list[str]:
    """One line for each reading, tables and rows in their order in the document, counted from 1."""
    done = []
    for table in extraction.tables:
        for reading in table.readings:
            name = MetricName.parse(reading.metric)
            printed = MetricName(name.quantity, name.band, name.scale, name.statistic)
            done.append(
                "\t".join(
                    _field(value)
                    for value in (
                        file,
                        table.grid.number or table.grid.ordinal,
                        reading.row + 1,
                        reading.column + 1,
                        reading.model,
                        reading.system,
                        reading.kind,
                        printed,
                        reading.dataset,
                        number(reading.value),
                        reading.unit,
                        "" if reading.uncertainty is None else number(reading.uncertainty),
                        reading.printed,
                        status(reading),
                        f"{reading.confidence:.3f}",
                    )
                )
            )
    return done
