"""From the questions of `litdb card` and `litdb letter` to their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.facts.descriptions import said_of
from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper
from litdb.catalogue.values import ACCEPTED, Where, in_order, values
from litdb.catalogue.views.scores import asked_test_set
from litdb.catalogue.views.shown import model_view, paper_view
from litdb.evidence import selection
from litdb.evidence.matching import Asked
from litdb.evidence.matrix import matrix
from litdb.evidence.tracing.card import Card, CardOf, Letter, card, letter
from litdb.questions.conflicts import find_conflicts
from litdb.questions.protocols import described_by
from litdb.questions.tracing.quotations import check_quotations
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from litdb.catalogue.database.schema import ModelRow
    from litdb.evidence.conflicts import Disagreement
    from litdb.values.description import Description
    from litdb.values.value import Value

#: The numbers of a card, in this order.
_NUMBERS = (
    "PESQ", "CSIG", "CBAK", "COVL", "SSNR", "STOI", "ESTOI", "SI-SDR", "params", "MACs", "FLOPs", "RTF",
)  # fmt: skip


def model_card(session: Session, name: str, *, dataset: str = "vbd") -> Card:
    """The reproducibility card of a model on a test set. Raises NotFound, Ambiguous, UsageError."""
    known = asked_test_set(session, dataset).id
    return _card(session, find_model(session, name), known)


def _card(session: Session, model: ModelRow, dataset: str) -> Card:
    found = in_order(values(session, Where(models=[model.key], dataset=dataset, statuses=ACCEPTED)))
    view = model_view(session, model)
    return card_from(
        CardOf(model.key, model.name, view.paper, view.title),
        found,
        find_conflicts(session, model=model.key),
        dataset,
        own=model.own,
        said=said_of(session, model),
        checkpoints=view.runs,
    )


def card_from(
    about: CardOf,
    found: Sequence[Value],
    disagreements: Iterable[Disagreement],
    dataset: str,
    *,
    own: bool,
    said: Sequence[Description],
    checkpoints: Sequence[str],
) -> Card:
    """The card of a model from its accepted values on a test set (in_order), its conflicts, and what is said of it."""
    words = vocabulary()
    asked = [
        Asked(words.metric_name(metric.id), metric.per_model)
        for each in _NUMBERS
        if (metric := words.metric(each)) is not None
    ]
    by_key = {value.key: value for value in found}
    shown = [
        by_key[choice.value.key]
        for one in selection.select(found, asked, own=own)[:1]
        for choice in one.choices
        if choice is not None and choice.value.key in by_key
    ]
    return card(
        about,
        matrix(described_by(about.model, about.name, found, own=own)),
        shown=shown,
        values=found,
        disagreements=[one for one in disagreements if one.dataset in ("", dataset)],
        said=said,
        checkpoints=checkpoints,
    )


def paper_letter(session: Session, name: str, *, dataset: str = "vbd") -> Letter:
    """What to ask the authors of a paper. Raises NotFound, UsageError."""
    known = asked_test_set(session, dataset).id
    paper = find_paper(session, name)
    there = values(session, Where(paper=paper.key, statuses=ACCEPTED))
    proposed = {value.model: value.row.model.kind for value in there if value.origin.tier == 0}
    own = sorted(key for key, kind in proposed.items() if kind == "system") or sorted(
        key for key, kind in proposed.items() if kind == "variant"
    )  # some papers name their settings only
    cards = [_card(session, find_model(session, key), known) for key in own]
    view = paper_view(session, paper)
    url = next((value.row.document.url for value in there if value.row.document.arxiv_id), "")
    return letter(
        paper=paper.key,
        title=view.title or paper.key,
        url=url or (f"https://doi.org/{view.doi}" if view.doi else ""),
        cards=cards,
        checked=check_quotations(session, paper=paper.key),
    )
