"""A number on its way in, whoever hands it in: a program, a person, the shipped seed or an own run."""

from __future__ import annotations

from dataclasses import dataclass

from litdb.vocabulary.protocol import NOTHING_STATED, Protocol
from litdb.vocabulary.remarks import Remark

#: Who hands in what an assistant proposed: it waits for a person, whatever it is.
ASSISTANT = "helper"
#: The remark on a value of another's model that the authors of the table measured themselves.
RERUN = "re-run by the authors of the table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A number, or a claim in words (`value` is then None), seen in one place, and what it is believed to be.

    `model` is the row label, followed in square brackets by what distinguishes rows of one model; `system` is what a
    program resolves it to within the paper, '' where it stands for itself; `own` says that the row is the paper's own
    model, and `parent` names the system that a variant or ablation belongs to. `metric` is the canonical spelling (see
    :class:`litdb.vocabulary.MetricName`), `quantity` its first part. `value` is normalised (params and MACs absolute,
    STOI in 0..1); `resolution` is one step of the last printed digit in the same unit. `approximate` is '', '~', '>='
    or '<='. `origin` is '' where derivation is to say. `row` and `column` are 0-based places in a grid. `by` is who hands
    it in: `reader` (a program), `hand`, `seed`, `run`, or `helper` (an assistant, whose values are proposals).
    """

    model: str
    metric: str
    quantity: str
    printed: str
    value: float | None
    dataset: str = ""
    system: str = ""
    kind: str = "system"
    own: bool = False
    parent: str = ""
    cites: tuple[str, ...] = ()
    origin: str = ""
    by: str = "reader"
    words: str = ""
    unit: str = ""
    resolution: float = 0.0
    approximate: str = ""
    uncertainty: float | None = None
    uncertainty_kind: str = ""
    protocol: Protocol = NOTHING_STATED
    table: str = ""
    table_kind: str = "comparison"
    row: int | None = None
    column: int | None = None
    page: int | None = None
    confidence: float = 1.0
    reasons: tuple[Remark, ...] = ()
    flags: tuple[Remark, ...] = ()
    remark: str = ""

    @property
    def reproduced(self) -> bool:
        """Whether the authors of the table measured another's model again."""
        return self.remark == RERUN
