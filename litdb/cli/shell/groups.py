"""Groups of commands whose help says each command's first sentence whole."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

#: What the commands of `litdb --help` are for, and which they are (a test finds each of them once).
SECTIONS = {
    "Ask": (
        "models",
        "table",
        "plot",
        "show",
        "why",
        "claim",
        "compare",
        "patterns",
        "evidence",
        "vocabulary",
    ),
    "Take in": ("fetch", "ingest", "extract", "add", "add-result", "fact", "reextract"),
    "Decide": (
        "review",
        "accept",
        "reject",
        "correct",
        "alias",
        "unify",
        "resolve",
        "note",
        "history",
        "undo",
    ),
    "Believe": ("conflicts", "audit", "protocol", "card", "letter"),
    "Own runs": ("runs", "gap", "try", "model"),
    "Survey the field": ("index", "survey", "dive", "gaps", "watch"),
    "Write a paper": ("check", "values", "build", "freeze", "thaw", "impact", "supplement", "bib"),
    "Share": ("init", "db", "site", "mcp", "assistant-notes"),
}


class WholeLines(TyperGroup):
    """A group whose help does not cut the lines of its commands."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Each command with the first paragraph of its help."""
        named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, first_line(command)) for name, command in named if command and not command.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def first_line(command: Any) -> str:
    """The first paragraph of a command's help, on one line."""
    return " ".join((command.help or "").split("\n\n", 1)[0].split())
