"""What may be believed: conflicts, findings, protocols, attribution, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.verbs.opened import Opened

if TYPE_CHECKING:
    from litdb.evidence.conflicts import Conflict


class EvidenceVerbs(Opened):
    """What may be believed: conflicts, findings, protocols, attribution, statements."""

    def conflicts(self, model: str | None = None, *, metric: str | None = None) -> list[Conflict]:
        """Values that cannot both be right, with every source. Raises NotFound, Ambiguous, UsageError."""
        from litdb.catalogue.settled import find_conflicts
        from litdb.vocabulary import vocabulary

        quantity = vocabulary().metric_name(metric).quantity if metric else None
        with self.reading() as session:
            return find_conflicts(session, model=model, quantity=quantity)

    def resolve(self, conflict: str, reason: str, *, keep: str | None = None, both: bool = False) -> str:
        """Settle a conflict: one result is kept, or both stand; returns the decision's number, for `undo`."""
        from litdb.catalogue import settled

        with self.writing() as session:
            return settled.resolve(session, conflict, reason, keep=keep, both=both).uid
