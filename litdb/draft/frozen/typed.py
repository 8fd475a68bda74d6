"""Numbers that were typed into a draft by hand: the sentences and cells that print a value of a model."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from litdb.api import Catalogue
from litdb.draft.finding import DraftPlace
from litdb.draft.knowledge import knowledge
from litdb.draft.subject import Draft
from litdb.draft.text.project import DraftSentence
from litdb.draft.text.reading import read_project
from litdb.vocabulary import MetricName

#: A number in a sentence, as it is printed.
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w]*\d)")
_SIZE = re.compile(r"\s?(?:[MKk]\b|million|thousand)|\s*(?:trainable )?parameters")
_LONGEST = 200


def read_draft(catalogue: Catalogue, place: Path, bib: Path | None = None) -> Draft:
    """A LaTeX draft with what the catalogue knows. Raises InputError, TooLarge."""
    return Draft(read_project(place, bib), knowledge(catalogue), catalogue)


def models_in(draft: Draft, sentence: DraftSentence) -> set[str]:
    """The models that a sentence names, or whose paper it cites."""
    found = {key for one in draft.knowledge.mentions(sentence.text) for key in one.models}
    papers = {draft.cited[cite.key] for cite in sentence.citations if cite.key in draft.cited}
    return found | draft.knowledge.proposed_by(papers)


def says(text: str, match: re.Match[str], printed: str, quantity: str) -> bool:
    """Whether a number of a sentence is a value as printed: the same digits, its metric or its unit in the sentence."""
    if match.group() != re.sub(r"[^\d.]", "", printed):
        return False
    if quantity == "params":
        return bool(_SIZE.match(text[match.end() :]))
    return re.search(rf"\b{re.escape(quantity)}\b", text) is not None


def place_of(sentence: DraftSentence, at: int) -> DraftPlace:
    """Where a number of a sentence stands, with the words of the sentence."""
    return sentence.place(at, sentence.text[:_LONGEST])


@dataclass(frozen=True)
class TypedNumbers:
    """The numbers that stand in a draft as digits."""

    draft: Draft

    def of(self, model: str, metric: str, printed: Collection[str]) -> tuple[DraftPlace, ...]:
        """The sentences and cells that print a value of a model (by a name of it) in one of these spellings."""
        keys = set(self.draft.knowledge.named(model))
        return tuple(
            dict.fromkeys((*self._sentences(keys, metric, printed), *self._cells(keys, metric, printed)))
        )

    def _sentences(self, keys: set[str], metric: str, printed: Collection[str]) -> Iterator[DraftPlace]:
        quantity = MetricName.parse(metric).quantity
        for sentence in self.draft.project.sentences:
            for match in NUMBER.finditer(sentence.text):
                if any(says(sentence.text, match, one, quantity) for one in printed) and keys & models_in(
                    self.draft, sentence
                ):
                    yield place_of(sentence, match.start())

    def _cells(self, keys: set[str], metric: str, printed: Collection[str]) -> Iterator[DraftPlace]:
        quantity = MetricName.parse(metric).quantity
        digits = {re.sub(r"[^\d.]", "", one) for one in printed}
        for table in self.draft.project.tables:
            for row in table.rows:
                if keys & set(self.draft.models(row)):
                    for cell in row.cells:
                        if any(
                            n.quantity == quantity and re.sub(r"[^\d.]", "", n.printed) in digits
                            for n in cell.numbers
                        ):
                            yield DraftPlace(
                                cell.place.file, cell.place.line, f"{table.name}, {row.label}: {cell.text}"
                            )
