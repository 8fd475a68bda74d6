"""`litdb site`: the catalogue in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from litdb.cli._shared import Db, family, open_catalogue, say

app = family()
site = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Show the catalogue in a browser: pages that open from a disk.\n\nExample: litdb site serve",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(site, name="site")


@site.callback()
def _site() -> None:
    """Show the catalogue in a browser: pages that open from a disk."""


#: Seconds that a button waits for another process that writes.
_WAITS = 5.0


@site.command("serve")
def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="A built site to serve beside the desk.", show_default=False),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port (0: any that is free).")
    ] = 0,
    db: Db = None,
) -> None:
    """Serve the review desk, and a built site beside it, on this machine alone.

    The desk is `litdb review` in a browser: each table as litdb read it beside the paper's own; accept, correct, reject, or
    have it read otherwise. The address that is printed opens once, in one browser; nobody else can use the desk.
    Control-C ends it.

    Example: litdb site serve
    """
    from litdb.site.desk import open_desk

    with open_catalogue(db, wait_seconds=_WAITS) as catalogue:
        server = open_desk(catalogue, folder, port)
        try:
            say(f"open {server.address}")
            say(f"it decides in {catalogue.place}; Control-C ends it")
            sys.stdout.flush()
            server.serve_forever()
        except KeyboardInterrupt:
            say()
            say("ended; what was decided is stored")
        finally:
            server.end()
