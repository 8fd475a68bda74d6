"""What an answer says of the own network, by the rule that drafts are held to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litdb.draft.answers.statements import AnswerText, SaidStatement
from litdb.draft.finding import DraftFinding
from litdb.draft.knowledge import Knowledge
from litdb.draft.rules.prose.network import network
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftPart, DraftProject, DraftSentence

if TYPE_CHECKING:
    from litdb.api import Catalogue


def own_network(
    answer: AnswerText, known: Knowledge, catalogue: Catalogue, file: str, tally: Tally
) -> Iterator[DraftFinding]:
    """NETWORK, over the sentences of an answer; rows of its tables are not read."""
    sentences = tuple(_sentence(one, file) for one in answer.statements if not one.header)
    yield from network(Draft(DraftProject(file, sentences), known, catalogue), tally)


def _sentence(said: SaidStatement, file: str) -> DraftSentence:
    spots = tuple((start, file, said.line + number) for number, start in enumerate((0, *said.starts[1:])))
    return DraftSentence(said.text, DraftPart.TEXT, "", spots)
