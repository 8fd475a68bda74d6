"""How a table is to look, beside its format: the voice of its footnotes, citations, and the room it has in a paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from litdb.report.paper.target import Sizing

Voice = Literal["full", "paper"]


@dataclass(frozen=True, slots=True)
class Style:
    r"""How a table is to look.

    `voice` is that of its footnotes: `full` says all that the catalogue knows, `paper` what a reader of the paper must know,
    lettered. `target` sizes a LaTeX table; without it LaTeX is as wide as it comes out. `plain` does without siunitx. `year`
    asks for the Year column or none; None for as the voice has it. `citations` are the keys for \cite by paper. `templates`
    is a folder whose files come before those of litdb. `compiled` is the date of the catalogue, in words.
    """

    voice: Voice = "full"
    target: Sizing | None = None
    plain: bool = False
    year: bool | None = None
    citations: Mapping[str, str] = field(default_factory=dict)
    templates: Path | None = None
    compiled: str = ""


USUAL = Style()
