"""Why a number has no rank among the others of its test set: one rule for tables, plots, claims, gaps and comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from litdb.evidence.rows.contradictions import contradicted
from litdb.evidence.rows.exchanged import out_of_place
from litdb.evidence.rows.mixed import of_several
from litdb.evidence.rows.unprocessed import Unprocessed
from litdb.values.note import Note
from litdb.values.value import Value


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a number has no rank, in words and briefly: its table's `input` is another, or the `number` is not what it is said to be."""

    words: str
    brief: str
    cause: Literal["input", "number"]

    @property
    def note(self) -> Note:
        """What a table says of it."""
        return Note(f"not ranked with the others: {self.words}", self.brief)


class Refusals:
    """The refusals of one test set, by what is `known` of models, what papers have (`own`, by paper), and the `inputs` of tables."""

    def __init__(
        self,
        inputs: Unprocessed,
        known: Mapping[str, Sequence[Value]],
        own: Mapping[str, Sequence[Value]] | None = None,
    ) -> None:
        self._inputs, self._known, self._own = inputs, known, own or {}
        self._rows: dict[tuple[str, str], dict[str, Refusal]] = {}

    def of(self, value: Value) -> Refusal | None:
        """Why a number has no rank; None where nothing speaks against it."""
        if told := self._inputs.in_words(value):
            return Refusal(told, "the unprocessed input of its table is another one, not ranked", "input")
        return self._of_row(value).get(value.metric) if value.dataset else None

    def _of_row(self, value: Value) -> dict[str, Refusal]:
        key = (value.row.key, value.model)
        if key not in self._rows:
            known = self._known.get(value.model, ())
            row = [one for one in known if one.row.key == value.row.key]
            reasons = {
                "cannot be by the other numbers of its row, not ranked": contradicted(row),
                "a number of another column, not ranked": out_of_place(row, known),
                "numbers of several networks in one row, not ranked": of_several(
                    row, known, self._own.get(value.row.model.paper, ())
                ),
            }
            self._rows[key] = {
                metric: Refusal(words, brief, "number")
                for brief, found in reversed(reasons.items())
                for metric, words in found.items()
            }
        return self._rows[key]
