"""`litdb vocabulary`."""

from __future__ import annotations

from typing import Annotated

import typer

from litdb.cli._shared import Json, columns, emit_json, family, say
from litdb.errors import UsageError
from litdb.vocabulary import vocabulary
from litdb.vocabulary.components import components

app = family()


@app.command("vocabulary")
def list_vocabulary(
    what: Annotated[str, typer.Argument(metavar="[metrics|datasets|components]")] = "",
    json: Json = False,
) -> None:
    """List the metrics, test sets and components of models that litdb knows.

    Example: litdb vocabulary metrics
    """
    if what not in ("", "metrics", "datasets", "components"):
        raise UsageError(f"{what!r} is not a part of the vocabulary: use metrics, datasets or components")
    words = vocabulary()
    if json:
        emit_json({"metrics": words.metrics, "datasets": words.datasets, "components": components().all})
        return
    if what == "components":
        say(columns([[c.item, c.id, c.title] for c in components().all], ["kind", "component", "what it is"]))
        return
    if what in ("", "metrics"):
        rows = [
            [m.id, m.title, m.unit or "-", m.direction, f"{m.minimum:g}..{m.maximum:g}"]
            for m in words.metrics
        ]
        say(columns(rows, ["metric", "what it is", "unit", "better", "plausible"]))
    if what == "":
        say()
    if what in ("", "datasets"):
        rows = [[d.id, d.title, str(d.rate or "-"), str(d.files or "-")] for d in words.datasets]
        say(columns(rows, ["test set", "title", "rate", "files"]))
