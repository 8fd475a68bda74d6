"""Decisions on what was read: one by one, in review, taken back, and their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litdb.api.opened import Opened
from litdb.errors import UsageError

if TYPE_CHECKING:
    from litdb.catalogue.decision import Accept, Reject
    from litdb.catalogue.views.history import HistoryEntry
    from litdb.catalogue.views.review import Queue
    from litdb.intake.beside.printed import PrintedTable


class DecisionVerbs(Opened):
    """Decisions on what was read: one by one, in review, taken back, and their history.

    A result is named by its key, or the beginning of it; a decision by its number, or the beginning of it. The methods
    `*_all` take whole keys and numbers as the queue of :meth:`review` gives them: all are decided, or none.
    """

    def history(self, target: str | None = None) -> list[HistoryEntry]:
        """The decisions, all of them or those about one model, paper or result."""
        from litdb.catalogue.views.history import history

        with self.reading() as session:
            return history(session, target)

    def accept(self, result: str, reason: str) -> str:
        """Accept a proposed result; returns the decision's number. Raises NotFound, Ambiguous, UsageError."""
        from litdb.catalogue.decision import Accept

        return self._decide(Accept(), result, reason)

    def reject(self, result: str, reason: str) -> str:
        """Reject a result; returns the decision's number. Raises NotFound, Ambiguous, UsageError."""
        from litdb.catalogue.decision import Reject

        return self._decide(Reject(), result, reason)

    def correct(
        self,
        result: str,
        reason: str,
        *,
        value: str | None = None,
        metric: str | None = None,
        dataset: str | None = None,
        model: str | None = None,
    ) -> str:
        """Correct a result's value (as printed), metric, dataset or model; returns the decision's number.

        Raises UsageError when nothing is changed or a word is unknown, InputError for a value that is no number.
        """
        from litdb.catalogue import decisions

        with self.writing() as session:
            what = decisions.correction(
                session, result, value=value, metric=metric, dataset=dataset, model=model
            )
            return decisions.decide_on_reading(session, what, result, reason).uid

    def _decide(self, what: Accept | Reject, result: str, reason: str) -> str:
        from litdb.catalogue import decisions

        with self.writing() as session:
            return decisions.decide_on_reading(session, what, result, reason).uid

    def alias(self, name: str, model: str, *, paper: str | None = None, reason: str) -> str:
        """Say that `name` means `model`, everywhere or within one paper; returns the decision's number."""
        from litdb.catalogue import decisions
        from litdb.catalogue.papers import find_paper

        with self.writing() as session:
            scope = find_paper(session, paper).key if paper else ""
            return decisions.alias(session, name, model, reason, scope=scope).uid

    def unify(self, kept: str, merged: str, *, reason: str) -> str:
        """Say that two models are one; returns the decision's number, for `undo`."""
        from litdb.catalogue import decisions

        with self.writing() as session:
            return decisions.unify(session, kept, merged, reason).uid

    def undo(self, decision: str, *, reason: str) -> str:
        """Take a decision back; returns the number of the undoing."""
        from litdb.catalogue import decisions

        with self.writing() as session:
            done = decisions.undo(session, decision, reason)
            uid, target = done.uid, done.target
        self._read_otherwise([target])
        return uid

    # --- review ------------------------------------------------------------------------------------------

    def review(self, paper: str | None = None, *, only: str | None = None) -> Queue:
        """What waits for a person: proposed readings by table, and decisions whose cell changed or is gone.

        `only` is `self` (the papers' own models) or `quoted`. Raises NotFound for a paper, UsageError.
        """
        from litdb.catalogue.views import review

        with self.reading() as session:
            return review.queue(session, paper=paper, only=only)

    def printed_table(self, result: str) -> PrintedTable:
        """The table of a result, by its whole key, as its paper has it, read from the cached file.

        Raises NotFound, UsageError for what was not read in a table, InputError when its file is not in the cache.
        """
        from litdb._places import cache_dir
        from litdb.intake.beside.printed import printed_table

        return printed_table(self.reading, cache_dir(), result)

    def table_picture(self, result: str) -> bytes:
        """The page of a PDF around the table of a result, by its whole key, with a box about it, as PNG.

        Raises UsageError for what was not read in a PDF, TooLarge when it cannot be drawn in time, and as `printed_table`.
        """
        from litdb._places import cache_dir
        from litdb.intake.beside.printed import table_picture

        return table_picture(self.reading, cache_dir(), result)

    def accept_all(self, results: Sequence[str], reason: str) -> list[str]:
        """Accept results by their whole keys, all or none; returns the decisions' numbers."""
        from litdb.catalogue.decision import Accept

        return self._decide_all(Accept(), results, reason)

    def reject_all(self, results: Sequence[str], reason: str) -> list[str]:
        """Reject results by their whole keys, all or none; returns the decisions' numbers."""
        from litdb.catalogue.decision import Reject

        return self._decide_all(Reject(), results, reason)

    def correct_all(
        self,
        results: Sequence[str],
        reason: str,
        *,
        value: str | None = None,
        metric: str | None = None,
        dataset: str | None = None,
        model: str | None = None,
    ) -> list[str]:
        """Correct the same of several results, as :meth:`correct` does, all or none; returns the decisions' numbers."""
        from litdb.catalogue.views import review

        with self.writing() as session:
            return review.correct(
                session, results, reason, value=value, metric=metric, dataset=dataset, model=model
            )

    def _decide_all(self, what: Accept | Reject, results: Sequence[str], reason: str) -> list[str]:
        from litdb.catalogue.views import review

        with self.writing() as session:
            return review.decide(session, what, results, reason)

    def undo_all(self, decisions: Sequence[str], *, reason: str) -> list[str]:
        """Take decisions on results back by their whole numbers, all or none; returns the undoings' numbers."""
        from litdb.catalogue.views import review

        with self.writing() as session:
            undone = review.take_back(session, decisions, reason)
        self._read_otherwise(decisions)
        return undone

    def read_as(self, results: Sequence[str], layout: str, *, reason: str) -> str:
        """Read the table of some results by another interpretation, in the words of the reason that offers it.

        The choice is a decision on the table ("or is it so: ...?"), kept whenever it is read again and taken back by
        :meth:`undo` and :meth:`undo_all`; returns its number. Raises NotFound, and UsageError when the document cannot be
        read again or gives nothing so: then nothing is changed.
        """
        from litdb.catalogue.views import chosen, review

        with self.writing() as session:
            tables = {chosen.table_of(session, key) for key in results}
            if len(tables) != 1:
                raise UsageError(f"these are results of {len(tables)} tables: choose for one at a time")
            table = tables.pop()
            uid = chosen.choose(session, table, layout, reason)
        fault = self._read_again([table.document])
        with self.reading() as session:
            if not fault and not chosen.holds(session, table, layout):
                fault = f"the table cannot be read so: {layout}"
        if fault:
            with self.writing() as session:
                review.take_back(session, [uid], fault)
            self._read_again([table.document])
            raise UsageError(f"{fault}; nothing was changed")
        return uid

    def _read_otherwise(self, uids: Sequence[str]) -> None:
        """Read the documents again whose interpretation some decisions chose, when they are taken back or renewed."""
        from litdb.catalogue.views.chosen import files_read_otherwise

        with self.reading() as session:
            documents = files_read_otherwise(session, uids)
        if documents:
            self._read_again(documents)

    def _read_again(self, documents: Sequence[int]) -> str:
        """Read some documents again; what went wrong, or ''."""
        from litdb._places import cache_dir
        from litdb.intake.rereading import reread

        found = list(reread(self.reading, self.writing, cache_dir(), documents=documents, workers=1))
        missing = [f"{uri} is not in the cache" for one in found for uri in one.missing]
        return "; ".join((*missing, *(fault for one in found for fault in one.failures)))

    def renew(self, decision: str, *, reason: str) -> list[str]:
        """Make a decision whose cell changed again for what the cell says now; returns the new decision's number."""
        from litdb.catalogue.views import review

        with self.writing() as session:
            return review.renew(session, decision, reason)
