"""Which metrics a network was trained and selected on, so that a gain in PESQ is read beside a metric that it was not.

A metric discriminator is taught PESQ, so a network trained against it is trained on PESQ; a checkpoint that is the best of
its run by a metric was selected on that metric. `model.evaluation.targets` says the same of the files it scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litdb.vocabulary import MetricName

if TYPE_CHECKING:
    from litdb.evidence.runs.pairing import Measure
    from litdb.evidence.runs.system import System

#: Name of a checkpoint -> the metrics that it is the best by.
_SELECTED = {"best-pesq": ("PESQ",), "best-stoi": ("STOI",), "best-composite": ("PESQ", "STOI")}
#: What is shown beside PESQ, the first that fits.
BESIDE = ("SI-SDR", "ESTOI", "STOI", "SSNR")


@dataclass(frozen=True, slots=True)
class Aimed:
    """The metrics that a checkpoint was trained and selected on."""

    trained: tuple[str, ...]
    selected: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both."""
        return (*self.trained, *self.selected)


def aimed(recipe: Mapping[str, object], names: Iterable[str]) -> Aimed:
    """What a checkpoint of these names, of a run with this recipe, was made for."""
    weight = recipe.get("weight_adversarial", 0)
    trained = isinstance(weight, int | float) and weight > 0
    selected = dict.fromkeys(metric for name in names for metric in _SELECTED.get(name, ()))
    return Aimed(("PESQ",) if trained else (), tuple(selected))


def beside_pesq(
    measures: Sequence[Measure], sides: tuple[Sequence[System], Sequence[System]]
) -> tuple[MetricName | None, list[str]]:
    """The metric to be shown beside a gain in PESQ that may only be what a side was trained for, and the words for it.

    None where there is no such gain, and where no other metric is scored by file of all.
    """
    pesq = next((one for one in measures if MetricName.parse(one.metric).quantity == "PESQ"), None)
    if pesq is None or pesq.difference.mean == 0:
        return None, []
    ahead = [one for one in sides[1 if pesq.difference.mean > 0 else 0] if not one.reference]
    said: dict[str, list[str]] = {}
    for one in ahead:
        if words := _words(one):
            said.setdefault(words, []).append(one.name)
    if not said:
        return None, []
    everyone = [system for side in sides for system in side]
    targets = {metric for one in everyone if one.aims is not None for metric in one.aims.all}
    name = next(
        (n for n in BESIDE if n not in targets and all(n in system.scores for system in everyone)), None
    )
    read = (
        f"read the gain in PESQ beside {name}"
        if name is not None
        else "no metric beside PESQ that nobody was made for is scored by file of both sides"
    )
    notes = [f"{', '.join(names)}: {words}; {read}" for words, names in said.items()]
    return (None if name is None else MetricName(name)), notes


def _words(system: System) -> str:
    if system.aims is None:
        return "not recorded what it was trained and selected on, PESQ may be among it"
    made = [
        word
        for word, metrics in (("trained", system.aims.trained), ("selected", system.aims.selected))
        if "PESQ" in metrics
    ]
    return f"{' and '.join(made)} on PESQ" if made else ""
