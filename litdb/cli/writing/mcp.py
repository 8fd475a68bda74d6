"""`litdb mcp` and `litdb assistant-notes`."""

from __future__ import annotations

from typing import Annotated

import typer

from litdb.cli._shared import Db, family
from litdb.mcp.answers import BUDGET, LEAST, MOST

app = family()


@app.command("mcp")
def mcp(
    allow_propose: Annotated[
        bool,
        typer.Option(
            "--allow-propose", help="One more tool: proposals that a person reviews. Else nothing is written."
        ),
    ] = False,
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="N", min=0.5, max=600, help="Stop a tool after so long.")
    ] = 20.0,
    tokens: Annotated[
        int,
        typer.Option(
            "--tokens", metavar="N", min=LEAST, max=MOST, help="Length of an answer; the rest is on pages."
        ),
    ] = BUDGET,
    db: Db = None,
) -> None:
    """Serve the catalogue to an assistant over stdin and stdout: every figure with its result and source.

    It speaks the Model Context Protocol; a client starts it (docs/assistant.md). A token is counted as four bytes of UTF-8.

    Example: litdb mcp --allow-propose
    """
    from litdb.mcp.server import run

    run(db, seconds=seconds, budget=tokens, allow_propose=allow_propose)


@app.command("assistant-notes")
def assistant_notes() -> None:
    """Print a short instruction file for an assistant that uses litdb.

    Example: litdb assistant-notes > ASSISTANT.md
    """
    from litdb.mcp.prompts import notes

    print(notes())
