"""How a table is to look, in the words of who asks for it: on the command line or in a paper.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from litdb.errors import UsageError
from litdb.report.paper.style import Style
from litdb.report.paper.target import target

if TYPE_CHECKING:
    from litdb.values.table import Table


@dataclass(frozen=True, slots=True)
class Appearance:
    """What was asked of how a table is to look, in the words of the options of `litdb table`."""

    template: str | None = None
    columns: int = 1
    width: str | None = None
    plain: bool = False
    notes: str | None = None
    with_year: bool = False
    params_unit: str = "M"
    decimals: str = "printed"
    bib: Path | None = None
    templates: Path | None = None

    @property
    def sized(self) -> bool:
        """Whether a LaTeX table of a width is asked for."""
        return self.template is not None or self.width is not None

    def style(self, compiled: str, citations: Mapping[str, str]) -> Style:
        """The style that was typed. Raises UsageError."""
        if self.columns != 1 and not self.sized:
            raise UsageError("--columns goes with --for, such as --for ieeetran --columns 2")
        voice = _one_of("--notes", self.notes or ("paper" if self.sized else "full"), "paper", "full")
        if self.templates is not None and not self.templates.is_dir():
            raise UsageError(f"{self.templates} is no folder of templates")
        return Style(
            voice=cast(Literal["paper", "full"], voice),
            target=target(self.template, self.columns, self.width) if self.sized else None,
            plain=self.plain,
            year=True if self.with_year else None,
            citations=citations,
            templates=self.templates,
            compiled=compiled if self.sized else "",
        )

    def restated(self, table: Table) -> Table:
        """The table in the units and with the decimals that were typed. Raises UsageError."""
        from litdb.report.paper.units import restated  # brings the rules of ranking along

        unit = _one_of("--params-unit", self.params_unit.upper(), "M", "K")
        decimals = _one_of("--decimals", self.decimals, "printed", "unified")
        if (unit, decimals) == ("M", "printed"):
            return table
        return restated(
            table,
            params=cast(Literal["M", "K"], unit),
            decimals=cast(Literal["printed", "unified"], decimals),
        )


def _one_of(option: str, typed: str, *known: str) -> str:
    if typed not in known:
        raise UsageError(f"{option} is {' or '.join(known)}, not {typed!r}")
    return typed
