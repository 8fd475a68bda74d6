"""What may be believed: conflicts, findings, protocols, attribution, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.verbs.opened import Opened

if TYPE_CHECKING:
    from pathlib import Path

    from litdb.evidence.attributed import Answer
    from litdb.evidence.audit import Finding
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

    def audit(self, model: str | None = None) -> list[Finding]:
        """What should not be believed as it stands, suppressed findings included. Raises NotFound, Ambiguous."""
        from litdb.catalogue.settled import find_findings

        with self.reading() as session:
            return find_findings(session, model=model)

    def suppress(self, finding: str, reason: str) -> str:
        """Say that a finding (`CODE:TARGET`) may stand; returns the decision's number, for `undo`."""
        from litdb.catalogue import settled

        with self.writing() as session:
            return settled.suppress(session, finding, reason).uid

    def evidence(
        self,
        component: str,
        *,
        near: str | None = None,
        dataset: str | None = None,
        metric: str = "PESQ",
        components: Path | None = None,
    ) -> Answer:
        """What ablation rows say of a component, named by the vocabulary or in free words.

        `near` is a number of parameters (`0.46M`); `components` a file that adds to the component vocabulary (default:
        `components.toml` in the data folder). Raises UsageError for unknown words, InputError for such a file.
        """
        from litdb.evidence_question import answer

        with self.reading() as session:
            return answer(
                session, component, near=near, dataset=dataset, metric=metric, components=components
            )
