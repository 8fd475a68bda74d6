"""What attribution works on and answers with, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from litdb.evidence.components.phrases import Context
from litdb.evidence.marks import few
from litdb.evidence.tries import Tried

Trained = Literal["yes", "no", "not stated"]
#: A base model is near the asked size when its parameters are within this factor of it.
NEAR_FACTOR = 2.0


@dataclass(frozen=True, slots=True)
class Delta:
    """One metric in the base row and the changed row, in the metric's unit and as printed, with the keys of the results."""

    metric: str
    dataset: str
    base: float
    changed: float
    base_printed: str
    changed_printed: str
    base_result: str = ""
    changed_result: str = ""


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """Two rows of one ablation table: what the second changes against the first.

    `components` is all that was changed, as printed; `replacement` what took its place. `base_params` and
    `changed_params` are counts, None where the paper does not give them. `metricgan` says whether the base model was
    trained against a metric discriminator, `metricgan_source` who says so; `seeded` whether both rows are means over seeds.
    """

    paper: str
    place: str
    url: str
    caption: str
    words: str
    label: str
    base_label: str
    base_model: str
    action: str
    components: tuple[str, ...]
    replacement: str
    deltas: tuple[Delta, ...]
    base_params: float | None = None
    changed_params: float | None = None
    metricgan: Trained = "not stated"
    metricgan_source: str = ""
    seeded: bool = False
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class Effect:
    """A metric with and without the component, and the difference (with minus without), free of binary dust.

    Of a row that does not isolate the component: the changed row, the base row, and changed minus base. `digits` are
    the decimals that the difference has as printed; `printed` are both numbers as printed and `results` the keys of the
    results, with and without.
    """

    metric: str
    dataset: str
    present: float
    absent: float
    difference: float
    digits: int = 2
    printed: tuple[str, str] = ("", "")
    results: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison as evidence. `against` is what stands in the component's place, '' where nothing does; `why` says
    what keeps it from isolating the component ('' when it does)."""

    comparison: ChangedRow
    effects: tuple[Effect, ...]
    against: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Gain:
    """A claimed gain that no ablation stands behind."""

    name: str
    metric: str
    printed: str
    source: str
    remark: str


@dataclass(frozen=True, slots=True)
class Whole:
    """Two whole systems of one comparison table, the first known to have the component, the second not known to: what
    they differ by is not the component's doing alone."""

    name: str
    other: str
    place: str
    metric: str
    dataset: str
    value: float
    other_value: float
    difference: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to `litdb evidence`: rows that isolate the component, rows that do not, and what may be said.

    `isolated` change it alone; `together` change it with others; `related` change one thing that is easily taken for
    it, or one of its settings; `gains` are claims for whole systems and `systems` differences between them, which isolate
    nothing; `unplaced` are changes the vocabulary does not know. `near` are the isolated rows whose base model is near the asked size.
    """

    query: str
    component: str
    title: str
    summary: str
    isolated: tuple[Evidence, ...]
    near: tuple[Evidence, ...]
    together: tuple[Evidence, ...]
    related: tuple[Evidence, ...]
    gains: tuple[Gain, ...]
    systems: tuple[Whole, ...]
    unplaced: tuple[str, ...]
    tables: int
    waiting: int = (
        0  # rows of ablation tables with a value that waits for review, so that it is not among these
    )
    tries: tuple[Tried, ...] = ()  # own ones about it, failed ones too

    @property
    def unknown(self) -> str:
        """In words, which changes the vocabulary does not know: a few of them, and how many others."""
        return few(self.unplaced).replace("others", "others (`--json` lists them)")
