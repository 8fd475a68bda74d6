"""docs/commands.md: every command with its arguments and options, as `--help` says them.

`python -m litdb.cli.shell.reference docs/commands.md` writes it anew; a test compares it with the commands.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from litdb.cli._root import COMMANDS, root

_HEAD = """\
# Commands

Made from the commands themselves by `python -m litdb.cli.shell.reference docs/commands.md`; a test compares them. Every command
takes `--help`; it leaves with 0 when all is well, 1 when the work failed or a check found something, 2 when it was called
wrongly. What is not understood is said in one sentence.
"""
#: What stands for a value, by its type.
_KINDS = {
    "int": "N",
    "integer": "N",
    "int range": "N",
    "float": "NUMBER",
    "float range": "NUMBER",
    "path": "PATH",
}
#: Commands of the bundled network, which registers them as another package would.
_BUNDLED = "model"


def page() -> str:
    """The whole page."""
    group = root()
    context = typer.Context(group)
    parts = [_HEAD, *_contents(group, context)]
    for name in (*COMMANDS, _BUNDLED):
        parts += _sections(name, group.get_command(context, name))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _contents(group: Any, context: Any) -> Iterator[str]:
    lines = ["| command | |", "|---|---|"]
    for name in (*COMMANDS, _BUNDLED):
        first = _paragraphs(group.get_command(context, name))[0]
        lines.append(f"| [{name}](#litdb-{name}) | {_in_table(first)} |")
    yield "\n".join(lines)


def _sections(name: str, command: Any, depth: int = 2) -> Iterator[str]:
    """A command, and those in it."""
    paragraphs = _paragraphs(command)
    examples = [part for part in paragraphs if part.startswith("Example:")]
    yield f"{'#' * depth} litdb {name}"
    inner = getattr(command, "commands", {})
    if not inner or command.invoke_without_command:
        arguments = [_argument(one) for one in command.params if one.param_type_name == "argument"]
        yield f"`{' '.join(['litdb', name, *arguments, '[OPTIONS]'])}`"
    yield from (_code(part) for part in paragraphs if part not in examples)
    for example in examples:
        line = example.removeprefix("Example:").strip()
        mark = (
            "``" if "&&" in line or "|" in line else "`"
        )  # a line for a shell is not held against the options
        yield f"Example: {mark}{line}{mark}"
    rows = [row for parameter in command.params if (row := _row(parameter))]
    if rows:
        yield "\n".join(["| | |", "|---|---|", *rows])
    for below, sub in inner.items():
        yield from _sections(f"{name} {below}", sub, depth + 1)


def _paragraphs(command: Any) -> list[str]:
    """The help of a command, a paragraph each, on one line."""
    text = (command.help or "").replace("\b", "").replace("\f", "")
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())] or [""]


def _argument(parameter: Any) -> str:
    shown = str(parameter.metavar or parameter.name.upper())
    return shown if parameter.required or shown.startswith("[") else f"[{shown}]"


def _row(parameter: Any) -> str:
    """The line of an option or argument in its table; '' for `--help`."""
    if "--help" in parameter.opts or getattr(parameter, "hidden", False):
        return ""
    if parameter.param_type_name == "argument":
        shown = f"`{_argument(parameter)}`"
    else:
        names = [*sorted(parameter.opts, key=len, reverse=True), *parameter.secondary_opts]
        shown = ", ".join(f"`{name}`" for name in names)
        if not parameter.is_flag:
            shown += f" `{parameter.metavar or _KINDS.get(parameter.type.name, 'TEXT')}`"
    said = [str(parameter.help or "").strip()]
    default = parameter.default
    if (
        parameter.param_type_name == "option"
        and not callable(default)
        and default not in (None, False, True, (), [], "")
    ):
        said.append(f"Default: `{default}`.")
    if getattr(parameter, "multiple", False) and "may be repeated" not in said[0]:
        said.append("May be repeated.")
    return f"| {_in_table(shown)} | {_in_table(' '.join(part for part in said if part))} |"


def _in_table(text: str) -> str:
    return _code(" ".join(text.split()).replace("|", "\\|"))


def _code(text: str) -> str:
    """Words that Markdown would take for markup stay as they are, outside code."""
    parts = text.split("`")
    return "`".join(
        part if place % 2 else re.sub(r"([*<_])", r"\\\1", part) for place, part in enumerate(parts)
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
