"""`propose`: a figure that an assistant read in a paper, put before a person; it counts for nothing until one accepts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.errors import LitdbError, UsageError
from litdb.mcp.answers import ToolAnswer
from litdb.mcp.text import figure, quote
from litdb.report.escape import clean
from litdb.values.origin import Status
from litdb.values.reading import ASSISTANT

if TYPE_CHECKING:
    from litdb.api import Catalogue

#: Letters of a reason that are kept.
_REASON = 300


def propose(
    catalogue: Catalogue,
    model: str,
    metric: str,
    printed: str,
    paper: str,
    reason: str,
    table: str = "",
    dataset: str = "vbd",
) -> ToolAnswer:
    """Record a figure as proposed: read in a paper, at a place, for a reason. Nothing that is there is changed.

    Raises UsageError for a model that is not known or has no place in the paper, Conflict for another number at that place.
    """
    from litdb.catalogue.naming import find_model
    from litdb.catalogue.values import Where, values
    from litdb.intake.results import Request, add
    from litdb.vocabulary import vocabulary

    why = clean(reason)[:_REASON]
    if not why:
        raise UsageError("say why: the words of the paper that state the figure")
    name = vocabulary().metric_name(metric)
    quantity = vocabulary().metric(name.quantity)
    costs = quantity is not None and quantity.per_model
    request = Request(
        model,
        {str(name): printed},
        dataset="" if costs else dataset,
        paper=paper,
        table=clean(table)[:40] or "text",
        origin="quoted",
        reason=why,
        assistant=True,
    )
    with catalogue.writing() as session:
        find_model(session, model)  # a proposal makes no model: what is not known is told, not made up
        add(session, request)
    with catalogue.reading() as session:
        found = [
            v for v in values(session, Where(models=[find_model(session, model).key])) if v.entry == ASSISTANT
        ]
    mine = [v for v in found if v.metric == str(name) or v.quantity == name.quantity]
    if any(
        value.status is Status.ACCEPTED and not value.corrections
        for value in mine
        if value.printed == printed
    ):
        said = "a person has accepted it already"
    else:
        said = "it waits for a person: `litdb review` shows it, `litdb accept` takes it, `litdb reject` takes it away; `litdb undo` takes either back"
    if not mine:
        raise LitdbError("the proposal was not recorded: the place holds the same figure already")
    return ToolAnswer(
        f"Proposed, marked as an assistant's; {said}.",
        tuple(figure(v) + f", {quote(v.remark, 120)}" for v in mine),
    )
