"""`litdb site`: the catalogue in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from litdb.cli._shared import Db, Json, emit_json, family, open_catalogue, progress, say, warn
from litdb.cli.shell.groups import WholeLines

app = family()
site = typer.Typer(
    cls=WholeLines,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Show the catalogue in a browser: pages that open from a disk.\n\nExample: litdb site build out/site",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(site, name="site")

#: Seconds that a button waits for another process that writes.
_WAITS = 5.0


@site.callback()
def _site() -> None:
    """Show the catalogue in a browser: pages that open from a disk."""


@site.command("build")
def build(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="A new or empty folder, or that of a former site.")
    ],
    url: Annotated[
        str, typer.Option("--url", help="Where the site will lie, for the links of its feed.")
    ] = "",
    figures: Annotated[
        Path | None,
        typer.Option("--figures", help="A folder with a folder of figures (SVG, PNG) for each own run."),
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Write the catalogue as a static site: leaderboards, models, papers, own runs, search, a feed, JSON.

    It opens from a disk without network. Building again writes what changed and removes pages that are gone.

    Example: litdb site build out/site
    """
    from litdb.site.build import build_site

    def told(step: str) -> None:
        if sys.stderr.isatty():
            warn(f"loading {step}")

    with open_catalogue(db) as catalogue:
        built = build_site(catalogue, out, url=url, figures=figures, told=told, watched=progress)
    if json:
        emit_json(built)
        return
    say(
        f"{built.out}: {built.models} models, {built.papers} papers, {built.boards} test sets, {built.runs} own runs; "
        f"{built.files} files, {built.size / 1e6:.1f} MB, {built.changed} written, {built.removed} removed"
    )
    say(f"open {out / 'index.html'} in a browser")


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
            say(f"the catalogue is {catalogue.place}; Control-C ends it")
            sys.stdout.flush()
            server.serve_forever()
        except KeyboardInterrupt:
            say()
            say("ended; what was decided is stored")
        finally:
            server.end()
