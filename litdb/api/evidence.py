"""What may be believed: conflicts, findings, protocols, attribution, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.api.opened import Opened
from litdb.errors import UsageError, near

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from litdb.evidence.audit import Finding, Rule
    from litdb.evidence.components.values import Answer
    from litdb.evidence.conflicts import Disagreement
    from litdb.evidence.matrix import ProtocolMatrix
    from litdb.evidence.quotations.check import Checked
    from litdb.evidence.runs.steps import Step
    from litdb.evidence.tracing.card import Card, Letter


class EvidenceVerbs(Opened):
    """What may be believed: conflicts, findings, protocols, attribution, statements."""

    def conflicts(self, model: str | None = None, *, metric: str | None = None) -> list[Disagreement]:
        """Values that cannot both be right, with every source. Raises NotFound, Ambiguous, UsageError."""
        from litdb.questions.conflicts import find_conflicts
        from litdb.vocabulary import vocabulary

        quantity = vocabulary().metric_name(metric).quantity if metric else None
        with self.reading() as session:
            return find_conflicts(session, model=model, quantity=quantity)

    def resolve(self, conflict: str, reason: str, *, keep: str | None = None, both: bool = False) -> str:
        """Settle a conflict: one result is kept, or both stand; returns the decision's number, for `undo`."""
        from litdb.questions import conflicts as settled

        with self.writing() as session:
            return settled.resolve(session, conflict, reason, keep=keep, both=both).uid

    def audit(self, model: str | None = None) -> list[Finding]:
        """What should not be believed as it stands, suppressed findings included. Raises NotFound, Ambiguous."""
        from litdb.questions.conflicts import find_findings

        with self.reading() as session:
            return find_findings(session, model=model)

    def quotations(self, model: str | None = None, *, paper: str | None = None) -> list[Checked]:
        """Each quoted value whose source is in the catalogue, held against it: of one model; in or of one paper.

        Raises NotFound, Ambiguous.
        """
        from litdb.questions.tracing.quotations import check_quotations

        with self.reading() as session:
            return check_quotations(session, model=model, paper=paper)

    def card(self, model: str, *, dataset: str = "vbd") -> Card:
        """What is stated, inferred, missing and contradicted of how a model's numbers came about, each with its cell.

        Raises NotFound, Ambiguous, UsageError.
        """
        from litdb.questions.tracing.card import model_card

        with self.reading() as session:
            return model_card(session, model, dataset=dataset)

    def letter(self, paper: str, *, dataset: str = "vbd") -> Letter:
        """What to ask the authors of a paper, with the cells in question; `litdb letter` prints it. Raises NotFound."""
        from litdb.questions.tracing.card import paper_letter

        with self.reading() as session:
            return paper_letter(session, paper, dataset=dataset)

    def suppress(self, finding: str, reason: str) -> str:
        """Say that a finding (`CODE:TARGET`) may stand; returns the decision's number, for `undo`."""
        from litdb.questions import conflicts as settled

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
        from litdb.questions.components import answer

        with self.reading() as session:
            return answer(
                session, component, near=near, dataset=dataset, metric=metric, components=components
            )

    def protocol(self, models: Sequence[str], *, dataset: str = "vbd") -> ProtocolMatrix:
        """How the numbers of several models were obtained, item by item. Raises NotFound, Ambiguous, UsageError."""
        from litdb.questions.protocols import protocols

        with self.reading() as session:
            return protocols(session, models, dataset=dataset)

    def own_steps(self, runs: Sequence[str]) -> list[Step]:
        """Whether each step between own runs, in order, changes one thing. Raises NotFound, UsageError."""
        from litdb.questions.steps import own_steps

        with self.reading() as session:
            return own_steps(session, runs)


def audit_rules(code: str = "all") -> list[Rule]:
    """The rules of the audit, or the one of a code: what it finds, and why that matters. Raises UsageError."""
    from litdb.evidence.audit import RULES

    if code == "all":
        return list(RULES.values())
    rule = RULES.get(code.upper())
    if rule is None:
        hint = near(code, RULES)
        raise UsageError(
            f"no rule {code!r}: {hint}{' ' if hint else ''}the codes are {', '.join(RULES)}, or say all"
        )
    return [rule]
