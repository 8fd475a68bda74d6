"""Reading results tables: pure functions from the text of a paper to readings with confidence and reasons.

    source = source_from_files({"main.tex": text}, "paper")
    extraction = extract(source)

Nothing here touches a file, a database or the network.
"""

from __future__ import annotations

from litdb.extract.document import extract, grids
from litdb.extract.meaning.confidence import ACCEPT_THRESHOLD
from litdb.extract.source import source_from_files
from litdb.extract.types import (
    EXTRACTOR_VERSION,
    CellReading,
    Extraction,
    Grid,
    Reference,
    SourceText,
    Span,
    TableCell,
    TableReadings,
)

__all__ = [
    "ACCEPT_THRESHOLD",
    "EXTRACTOR_VERSION",
    "CellReading",
    "Extraction",
    "Grid",
    "Reference",
    "SourceText",
    "Span",
    "TableCell",
    "TableReadings",
    "extract",
    "grids",
    "source_from_files",
]
