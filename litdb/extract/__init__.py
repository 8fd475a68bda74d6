"""Reading results tables: pure functions from the text of a paper to readings with confidence and reasons.

    source = source_from_files({"main.tex": text}, "paper")
    extraction = extract(source)

Nothing here touches a file, a database or the network. The reader is loaded when it is first used: a plain query, which needs
the types alone, must start quickly.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from litdb.extract.document import extract, grids
    from litdb.extract.meaning.confidence import ACCEPT_THRESHOLD
    from litdb.extract.source import source_from_files

_LAZY = {
    "ACCEPT_THRESHOLD": "litdb.extract.meaning.confidence",
    "extract": "litdb.extract.document",
    "grids": "litdb.extract.document",
    "source_from_files": "litdb.extract.source",
}

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


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'litdb.extract' has no attribute {name!r}")
    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value
