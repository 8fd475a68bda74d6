"""What a table is sized for: the column and the page of a template, or a width in millimetres."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from litdb.errors import UsageError
from litdb.report.paper.widths import POINTS_PER_MM, Face


@dataclass(frozen=True, slots=True)
class Room:
    """A width in millimetres, and the environment that a table of it stands in."""

    mm: float
    environment: Literal["table", "table*"] = "table"

    @property
    def points(self) -> float:
        """The width in TeX's points, less a hair for rounding."""
        return self.mm * POINTS_PER_MM - 0.5


@dataclass(frozen=True, slots=True)
class Sizing:
    """The rooms a table may take, the one to be tried first in front, and the face of the text around it."""

    rooms: tuple[Room, ...]
    face: Face


#: Column and page in millimetres, and the face, of each template.
_TEMPLATES: dict[str, tuple[float, float, Face]] = {
    "ieeetran": (88, 181, "times"),
    "interspeech": (80, 170, "times"),
    "article": (121, 121, "cm"),  # \textwidth at 10 pt; a two-column article has more on its page
}
TEMPLATES = tuple(_TEMPLATES)
_WIDTH = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|cm|pt|in)")
_MM = {"mm": 1.0, "cm": 10.0, "pt": 1 / POINTS_PER_MM, "in": 25.4}


def target(template: str | None = None, columns: int = 1, width: str | None = None) -> Sizing:
    """The target that words name. Raises UsageError for an unknown template or a width that is none."""
    if template is not None and template not in _TEMPLATES:
        raise UsageError(f"no template is called {template!r}: use {', '.join(TEMPLATES)}, or --width 80mm")
    if columns not in (1, 2):
        raise UsageError(f"a table stands in 1 column or over 2, not {columns}")
    column, page, face = _TEMPLATES[template or "article"]
    if width is not None:
        return Sizing((Room(_mm(width)),), face)
    over = Room(page, "table*")
    if columns == 2:
        return Sizing((over,), face)
    return Sizing((Room(column), *((over,) if page > column else ())), face)


def _mm(text: str) -> float:
    found = _WIDTH.fullmatch(text.strip())
    mm = float(found[1]) * _MM[found[2]] if found else 0.0
    if not 20 <= mm <= 1000:
        raise UsageError(f"{text!r} is no width of a table: write for example 80mm, 3.5in or 252pt")
    return mm
