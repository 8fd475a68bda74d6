"""What is known of how papers go about it: for `litdb survey cluster`, and what people put elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.catalogue.facts.components import model_facts
from litdb.catalogue.papers import find_paper, paper_keys, publications
from litdb.catalogue.views.field import surveys
from litdb.catalogue.views.field.families import ablations_in_words, models_of_papers, placements
from litdb.errors import UsageError
from litdb.evidence.components.families import PaperApproach, StatedComponent
from litdb.evidence.screening import DROPPED
from litdb.questions.question import Question
from litdb.questions.table import compare

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NONE: tuple[None, None] = (None, None)


def paper_approaches(session: Session, survey: str = "") -> list[PaperApproach]:
    """What is known here of the papers of a survey that were not dropped, or of all papers; without abstracts.

    Raises NotFound for an unknown survey, UsageError for one without a paper.
    """
    titles = _of_survey(session, survey) if survey else _of_catalogue(session)
    if not titles:
        raise UsageError(
            f"{survey} holds no paper: `litdb survey run {survey}` looks for some"
            if survey
            else "there is no paper"
        )
    put = placements(session)
    keys = paper_keys(session, (*titles, *put))  # a paper may have been known by another of its names
    here = sorted({keys[name] for name in titles if name in keys})
    proposes, texts = models_of_papers(session, here), ablations_in_words(session, here)
    numbers = _numbers(session, {model for some in proposes.values() for model, _name in some})
    stated: dict[str, list[StatedComponent]] = defaultdict(list)
    for fact in model_facts(session):
        stated[fact.model].append(StatedComponent(fact.component, fact.item, fact.remark))
    placed_as = {keys.get(name, name): made for name, made in put.items()}
    found = []
    for name, title in titles.items():
        mine = proposes.get(keys.get(name, ""), [])
        models = [model for model, _name in mine]
        placed = placed_as.get(keys.get(name, name))
        found.append(
            PaperApproach(
                name,
                title,
                stated=tuple(dict.fromkeys(one for model in models for one in stated.get(model, ()))),
                names=tuple(called for _model, called in mine),
                text=texts.get(keys.get(name, ""), ""),
                params=tuple(n for model in models if (n := numbers.get(model, _NONE)[0]) is not None),
                scores=tuple(n for model in models if (n := numbers.get(model, _NONE)[1]) is not None),
                family=placed.what.family if placed else "",
                who=placed.who if placed else "",
                decision=placed.uid if placed else "",
            )
        )
    return found


def named_papers(session: Session, texts: Sequence[str]) -> list[str]:
    """The names in a survey of papers that a person means: by id or key, of the catalogue or of any survey.

    Raises NotFound for one that is in neither.
    """
    surveyed = {
        _bare(one.candidate.paper): one.candidate.paper
        for survey in surveys.listed(session)
        for one in survey.papers
    }
    found = []
    for text in texts:
        name = surveyed.get(re.sub(r"v\d+$", "", _bare(text)))
        if name is None:
            paper = find_paper(session, text)
            name = name_of(paper.key, paper.arxiv_id or "", paper.doi or "")
        found.append(name)
    return found


def _bare(text: str) -> str:
    return re.sub(r"^(?:arxiv|doi):", "", text.strip(), flags=re.IGNORECASE).lower()


def name_of(key: str, arxiv_id: str, doi: str) -> str:
    """The name in a survey of a paper of the catalogue."""
    return f"arXiv:{arxiv_id}" if arxiv_id else f"doi:{doi}" if doi else key


def _of_survey(session: Session, survey: str) -> dict[str, str]:
    papers = surveys.load(session, survey).papers
    return {one.candidate.paper: one.candidate.title for one in papers if one.state != DROPPED}


def _of_catalogue(session: Session) -> dict[str, str]:
    return {name_of(one.key, one.arxiv_id, one.doi): one.title for one in publications(session)}


def _numbers(session: Session, models: Collection[str]) -> dict[str, tuple[float | None, float | None]]:
    """Parameters and PESQ on VoiceBank+DEMAND of models as a table shows them; what may not be compared is left out."""
    if not models:
        return {}
    table = compare(session, replace(Question.parse(["params", "PESQ"]), models=tuple(sorted(models))))
    found: dict[str, tuple[float | None, float | None]] = {}
    for row in table.rows:
        params, score = (None if cell.refused or cell.bound else cell.value for cell in row.cells)
        found.setdefault(row.model, (params, score))
    return found
