"""Reading again, and going through what waits for review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.api.opened import Opened

if TYPE_CHECKING:
    from litdb.intake.rereading import Reread
    from litdb.questions.review import Queue


class ReadingVerbs(Opened):
    """Reading again, and going through what waits for review."""

    def review(self, paper: str | None = None, *, only: str | None = None) -> Queue:
        """What waits for a person: proposed readings by table, and decisions whose cell changed or is gone.

        `only` is `self` (the papers' own models) or `quoted`. Raises NotFound for a paper, UsageError.
        """
        from litdb.questions import review

        with self.reading() as session:
            return review.queue(session, paper=paper, only=only)

    def accept_all(self, results: Sequence[str], reason: str) -> list[str]:
        """Accept results by their whole keys, all or none; returns the decisions' numbers."""
        return self._decide_all("accept", results, reason)

    def reject_all(self, results: Sequence[str], reason: str) -> list[str]:
        """Reject results by their whole keys, all or none; returns the decisions' numbers."""
        return self._decide_all("reject", results, reason)

    def correct_all(self, results: Sequence[str], reason: str, **changes: str | None) -> list[str]:
        """Correct the same of several results (metric, dataset, model), all or none; returns the decisions' numbers."""
        from litdb.questions import review

        with self.writing() as session:
            return review.correct(session, results, reason, **changes)

    def _decide_all(self, kind: str, results: Sequence[str], reason: str) -> list[str]:
        from litdb.questions import review

        with self.writing() as session:
            return review.decide(session, kind, results, reason)

    def undo_all(self, decisions: Sequence[str], *, reason: str) -> list[str]:
        """Take decisions on results back by their whole numbers, all or none; returns the undoings' numbers."""
        from litdb.questions import review

        with self.writing() as session:
            return review.take_back(session, decisions, reason)

    def renew(self, decision: str, *, reason: str) -> list[str]:
        """Make a decision whose cell changed again for what the cell says now; returns the new decision's number."""
        from litdb.questions import review

        with self.writing() as session:
            return review.renew(session, decision, reason)

    def reextract(
        self,
        paper: str | None = None,
        *,
        dry_run: bool = False,
        workers: int | None = None,
        cache: Path | None = None,
    ) -> Iterator[Reread]:
        """Read all cached documents again with the present reader, in parallel; one outcome a paper, as it is stored.

        `dry_run` stores nothing. Raises NotFound for an unknown paper.
        """
        from litdb._places import cache_dir
        from litdb.intake.rereading import reread

        wanted = reread(
            self.reading, self.writing, cache or cache_dir(), paper, dry_run=dry_run, workers=workers
        )
        yield from wanted
