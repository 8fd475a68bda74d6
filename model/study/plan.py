"""The runs of a study and what must be the same in all of them, in `study.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from model.errors import ModelUsageError
from model.runs import write_json
from model.training.probing.pace import Pace
from model.training.recipe import Recipe

FILE = "study.json"


@dataclass(frozen=True)
class Planned:
    """One run of a study: its folder in that of the study, the variant's own name, the seed."""

    run: str
    variant: str
    seed: int


@dataclass(frozen=True)
class Plan:
    """A study: the recipe (its seed is not that of the runs), the fingerprint of the data, the checkpoint that is tested,
    the runs in their order, and each variant's pace where it was measured."""

    recipe: Recipe
    fingerprint: str
    checkpoint: str
    runs: tuple[Planned, ...]
    paces: Mapping[str, Pace] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "recipe": {**self.recipe.to_json(), "seed": None},
            "fingerprint": self.fingerprint,
            "checkpoint": self.checkpoint,
            "runs": [asdict(run) for run in self.runs],
            "paces": {variant: asdict(pace) for variant, pace in self.paces.items()},
        }


def in_order(variants: Sequence[str], seeds: Sequence[int]) -> tuple[Planned, ...]:
    """Seed by seed, all variants of one before the next, so that an unfinished study compares what it has."""
    return tuple(Planned(f"{variant}-seed{seed}", variant, seed) for seed in seeds for variant in variants)


def read_plan(folder: Path) -> Plan:
    """The plan of a study folder. Raises ModelUsageError when it is none."""
    try:
        content = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        raise ModelUsageError(f"{folder} is not the folder of a study: it has no {FILE}") from None
    except ValueError as error:
        raise ModelUsageError(f"{folder / FILE} is not valid JSON: {error}") from None
    return Plan(
        Recipe.from_json({**content["recipe"], "seed": 0}),
        content["fingerprint"],
        content.get("checkpoint", "best-composite"),
        tuple(Planned(**run) for run in content.get("runs", ())),
        {variant: Pace(**pace) for variant, pace in content.get("paces", {}).items()},
    )


def joined(folder: Path, plan: Plan) -> Plan:
    """A plan with the runs and paces of the one that the folder holds already.

    Raises ModelUsageError when that has another recipe or other data: they would not be comparable.
    """
    if not (folder / FILE).exists():
        return plan
    known = read_plan(folder)
    if replace(known.recipe, seed=0) != replace(plan.recipe, seed=0) or known.fingerprint != plan.fingerprint:
        raise ModelUsageError(
            f"{folder} holds a study with another recipe or other data; name another folder"
        )
    runs = dict.fromkeys([*plan.runs, *known.runs])
    return replace(plan, runs=tuple(runs), paces={**known.paces, **plan.paces})


def write_plan(folder: Path, plan: Plan) -> None:
    """Keep a plan, joined with the one that is there."""
    whole = joined(folder, plan)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / FILE, whole.to_json())
