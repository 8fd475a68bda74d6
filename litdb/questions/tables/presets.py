"""What a kind of table usually asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from litdb.questions.question import DEFAULT_METRICS, Words

PRESETS = ("sota", "datasets", "runs", "versions", "ablation")
_METRICS: dict[str | None, tuple[str, ...]] = {
    "sota": ("params", "MACs", "PESQ", "CSIG", "CBAK", "COVL", "STOI"),
    "datasets": ("params", "PESQ", "STOI"),
}
_WORDS: dict[str | None, Words] = {
    "sota": {"group_by": "size"},
    "datasets": {"datasets": ("vbd", "dns2020-noreverb")},
    "runs": {"checkpoints": True, "origins": ("measured",)},
}


@dataclass(frozen=True, slots=True)
class Study:
    """What an ablation is of: groups of own runs with the fewest `seeds` of a group, or a published `paper`.

    `number` is one table of the paper, '' for all that hold an ablation.
    """

    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seeds: int = 3
    paper: str = ""
    number: str = ""

    @property
    def asked(self) -> bool:
        """Whether there is one."""
        return bool(self.groups or self.paper)


@dataclass(frozen=True, slots=True)
class Preset:
    """The metrics and words of a question; what is asked for comes before what is usual for the kind of table."""

    metrics: tuple[str, ...]
    words: Words

    @classmethod
    def of(cls, name: str | None, metrics: Sequence[str] | None, words: Words) -> Preset:
        """The question of a preset (None for none), `metrics` being None where nobody asked for some."""
        given = cast(Words, {word: what for word, what in words.items() if what})
        usual = _METRICS.get(name, DEFAULT_METRICS)
        by_models = name == "sota" and metrics is not None and "params" not in metrics
        wanted = Words() if by_models else _WORDS.get(name, Words())
        if "causal" in words:
            given["causal"] = words["causal"]  # False is asked for too
        return cls(tuple(metrics or usual), cast(Words, {**wanted, **given}))
