"""Options and output that commands share."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litdb.cli.shell.groups import WholeLines
from litdb.errors import UsageError
from litdb.report.escape import terminal
from litdb.report.json_text import indented, plain

if TYPE_CHECKING:
    from litdb.api import Catalogue

Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="FILE|URL",
        help="The catalogue (default: LITDB_DB, ./sota.db, your own copy).",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reason = Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why; kept in the history.")]


def family() -> typer.Typer:
    """A Typer for one family of commands."""
    return typer.Typer(
        cls=WholeLines,
        rich_markup_mode=None,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def open_catalogue(
    db: str | None, *, any_schema: bool = False, wait_seconds: float | None = None
) -> Catalogue:
    """The catalogue that the options name."""
    from litdb.api import open_catalogue as open_it

    return open_it(db, any_schema=any_schema, wait_seconds=wait_seconds)


def say(text: str = "") -> None:
    """Print a line; control characters of papers' text are taken out."""
    print("\n".join(" ".join(map(terminal, line.split(" "))) for line in text.split("\n")))


def warn(text: str) -> None:
    """Print a line on standard error."""
    print(terminal(text), file=sys.stderr)


def emit_json(value: object) -> None:
    """Print a value type as JSON, or a list of them: one after the other, however many there are."""
    if not isinstance(value, (list, tuple)) or not value:
        print(indented(plain(value)))
        return
    for place, item in enumerate(value):
        print("[\n  " if place == 0 else ",\n  ", indented(plain(item), "\n  "), sep="", end="")
    print("\n]")


def recorded(uid: str, json: bool, what: str = "") -> None:
    """Say `what` was decided, and under which number; or give the number as JSON."""
    if json:
        emit_json({"decision": uid})
    else:
        if what:
            say(what)
        say(f"recorded as decision {uid[:8]} (`litdb undo {uid[:8]}` takes it back)")


def date(text: str | None) -> dt.date | None:
    """An option's date. Raises UsageError."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a date: write YYYY-MM-DD") from error


def names(text: str | None) -> list[str] | None:
    """A comma-separated option, or `@FILE` with one name a line; None when it is not given.

    A comma inside parentheses belongs to the name. Raises UsageError where no name is in it.
    """
    if not text:
        return None if text is None else []
    if text.startswith("@"):
        from litdb.api import names_in

        return names_in(text[1:])
    found, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and depth <= 0:
            found.append("")
        else:
            found[-1] += char
    named = [name.strip() for name in found if name.strip()]
    if not named:
        raise UsageError(f"{text!r} holds no name: give one, or leave the option out")
    return named


def columns(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """Aligned plain text."""
    from litdb.report.escape import width

    table = [list(header), *[[terminal(cell) for cell in row] for row in rows]]
    widths = [max(width(row[i]) for row in table) for i in range(len(header))]
    lines = [
        "  ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)).rstrip()
        for row in table
    ]
    lines.insert(1, "  ".join("─" * w for w in widths))
    return "\n".join(lines)


def progress(items: Iterable[Any], total: int | None, label: str) -> Iterable[Any]:
    """The items with a progress bar on standard error, or without one when that is no terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        for item in items:
            bar.advance(task)
            yield item
