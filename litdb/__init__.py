"""litdb: a catalogue of published and own results for speech enhancement, every number with its source.

    import litdb

    with litdb.open() as catalogue:
        table = catalogue.table(["params", "PESQ"], where={"params": "0.4M..1.0M", "PESQ": "2.8..3.4"})
        for row in table.rows:
            print(row.name, row.source, [cell.text for cell in row.cells])

What is named here is the public interface; everything else may change.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from litdb.errors import (
    Ambiguous,
    CacheMiss,
    CatalogueBusy,
    CatalogueError,
    Conflict,
    HostRefused,
    InputError,
    LitdbError,
    NotFound,
    ReadOnlyCatalogue,
    SchemaMismatch,
    SourceError,
    TooLarge,
    UnsafeArchive,
    UsageError,
)

if TYPE_CHECKING:
    from litdb.api.catalogue import Catalogue
    from litdb.api.catalogue import open_catalogue as open
    from litdb.extract.types import Extraction
    from litdb.questions.question import Question
    from litdb.report.render import render
    from litdb.values.reading import Reading
    from litdb.values.table import Cell, Column, Provenance, Row, Table
    from litdb.vocabulary import MetricName
    from litdb.vocabulary.protocol import Protocol

__version__ = "0.1.0"

# Loaded when first used: `litdb --help` must not pay for the database.
_LAZY = {
    "Catalogue": ("litdb.api.catalogue", "Catalogue"),
    "Cell": ("litdb.values.table", "Cell"),
    "Column": ("litdb.values.table", "Column"),
    "Extraction": ("litdb.extract.types", "Extraction"),
    "MetricName": ("litdb.vocabulary", "MetricName"),
    "Protocol": ("litdb.vocabulary.protocol", "Protocol"),
    "Provenance": ("litdb.values.table", "Provenance"),
    "Question": ("litdb.questions.question", "Question"),
    "Reading": ("litdb.values.reading", "Reading"),
    "Row": ("litdb.values.table", "Row"),
    "Table": ("litdb.values.table", "Table"),
    "open": ("litdb.api.catalogue", "open_catalogue"),
    "render": ("litdb.report.render", "render"),
}

__all__ = [
    "Ambiguous",
    "CacheMiss",
    "Catalogue",
    "CatalogueBusy",
    "CatalogueError",
    "Cell",
    "Column",
    "Conflict",
    "Extraction",
    "HostRefused",
    "InputError",
    "LitdbError",
    "MetricName",
    "NotFound",
    "Protocol",
    "Provenance",
    "Question",
    "ReadOnlyCatalogue",
    "Reading",
    "Row",
    "SchemaMismatch",
    "SourceError",
    "Table",
    "TooLarge",
    "UnsafeArchive",
    "UsageError",
    "__version__",
    "open",
    "render",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'litdb' has no attribute {name!r}")
    module, attribute = _LAZY[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
