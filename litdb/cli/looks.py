"""The options that say how a table is to look in a paper."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from litdb.errors import UsageError

if TYPE_CHECKING:
    from litdb.api import Table
    from litdb.report.style import Style

#: The options by the name of their field, each with its type and default.
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "template": (
        Annotated[
            str | None,
            typer.Option(
                "--for", metavar="TEMPLATE", help="Size LaTeX for ieeetran, interspeech or article."
            ),
        ],
        None,
    ),
    "columns": (
        Annotated[
            int, typer.Option("--columns", metavar="1|2", help="One column, or the width of the page.")
        ],
        1,
    ),
    "width": (
        Annotated[str | None, typer.Option("--width", metavar="80mm", help="Size LaTeX for this width.")],
        None,
    ),
    "plain": (Annotated[bool, typer.Option("--plain", help="LaTeX without siunitx.")], False),
    "notes": (
        Annotated[
            str | None,
            typer.Option(
                "--notes", metavar="paper|full", help="Footnotes for readers of a paper (with --for), or all."
            ),
        ],
        None,
    ),
    "with_year": (Annotated[bool, typer.Option("--with-year", help="A Year column in a paper too.")], False),
    "params_unit": (
        Annotated[
            str, typer.Option("--params-unit", metavar="M|K", help="Parameters in millions or thousands.")
        ],
        "M",
    ),
    "decimals": (
        Annotated[
            str,
            typer.Option("--decimals", metavar="printed|unified", help="As each source prints, or as usual."),
        ],
        "printed",
    ),
    "templates": (
        Annotated[
            Path | None,
            typer.Option("--templates", metavar="FOLDER", help="Your templates, before those of litdb."),
        ],
        None,
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What was typed of how a table is to look."""

    template: str | None
    columns: int
    width: str | None
    plain: bool
    notes: str | None
    with_year: bool
    params_unit: str
    decimals: str
    templates: Path | None

    @property
    def sized(self) -> bool:
        """Whether a LaTeX table of a width is asked for."""
        return self.template is not None or self.width is not None

    def style(self, compiled: str) -> Style:
        """The style that was typed. Raises UsageError."""
        from litdb.report.paper.target import target
        from litdb.report.style import Style

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
            templates=self.templates,
            compiled=compiled if self.sized else "",
        )

    def restated(self, table: Table) -> Table:
        """The table in the units and with the decimals that were typed. Raises UsageError."""
        from litdb.report.units import restated

        unit = _one_of("--params-unit", self.params_unit.upper(), "M", "K")
        decimals = _one_of("--decimals", self.decimals, "printed", "unified")
        if (unit, decimals) == ("M", "printed"):
            return table
        return restated(
            table,
            params=cast(Literal["M", "K"], unit),
            decimals=cast(Literal["printed", "unified"], decimals),
        )


def looks(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a :class:`Look`, where its parameter `look` stands."""

    @functools.wraps(command)
    def run(**typed: Any) -> None:
        look = Look(**{name: typed.pop(name) for name in _OPTIONS})
        command(look=look, **typed)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        if parameter.name == "look":
            parameters += [
                inspect.Parameter(name, keyword, default=default, annotation=annotation)
                for name, (annotation, default) in _OPTIONS.items()
            ]
        else:
            parameters.append(parameter)
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _one_of(option: str, typed: str, *known: str) -> str:
    if typed not in known:
        raise UsageError(f"{option} is {' or '.join(known)}, not {typed!r}")
    return typed
