"""Own ablations: does the step from one run to the next change one thing? Told from their recorded configurations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

#: What a run is made of, by the names of docs/run_folder.md. Paths, names and the seed are not.
_PARTS = ("network", "recipe", "data")
_NOT_A_CHANGE = ("recipe.seed", "data.root", "data.bad")
#: The checkpoint that a fine-tuning began with: one thing, whatever else is told of it.
_BEGAN_WITH = "from.sha256"
#: What does not change the model by design but can change its numbers: said beside the step.
_BESIDE = (
    "data.fingerprint",
    "environment.data_fingerprint",
    "environment.git.commit",
    "environment.libraries",
    "environment.processes",
    "environment.precision",
    "environment.compiled",
)
#: Lists of the network whose first entry brings a structure with it, so that none against some is more than one thing.
_STRUCTURES = {
    "network.branches": "the standard bottleneck against position codes, row and column paths and their norms"
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that two runs differ in: its name in the configuration, before and after."""

    name: str
    before: str
    after: str
    several: str = ""  # in words, when this one setting changes several things


@dataclass(frozen=True, slots=True)
class Step:
    """From one run to the next. `isolates` when exactly one thing changes; `beside` is what else is not the same."""

    first: str
    second: str
    settings: tuple[Setting, ...]
    beside: tuple[str, ...]
    verdict: str

    @property
    def isolates(self) -> bool:
        """Whether exactly one thing changes."""
        return len(self.settings) == 1 and not self.settings[0].several


def step(first: str, one: Mapping[str, Any], second: str, other: Mapping[str, Any]) -> Step:
    """Compare the recorded details of two runs (their keys `network`, `recipe`, `data`, `environment`)."""
    missing = [
        name
        for name, run in ((first, one), (second, other))
        if not run.get("network") or not run.get("recipe")
    ]
    if missing:
        why = f"not known: {' and '.join(missing)} recorded no configuration"
        return Step(first, second, (), (), why)
    flat_one, flat_other = (dict(_flat(run)) for run in (one, other))
    settings: list[Setting] = []
    beside: list[str] = []
    for name in dict.fromkeys([*flat_one, *flat_other]):
        before, after = flat_one.get(name), flat_other.get(name)
        if before == after:
            continue
        if name.startswith(_BESIDE):
            beside.append(name.removeprefix("environment."))
        elif name == _BEGAN_WITH:
            settings.append(
                Setting("from", *(str(sha256)[:8] if sha256 else "-" for sha256 in (before, after)))
            )
        elif name.partition(".")[0] in _PARTS and name not in _NOT_A_CHANGE:
            settings += _settings(name, before, after)
    return Step(first, second, tuple(settings), tuple(_grouped(beside)), _verdict(settings))


def ladder(runs: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Step]:
    """The steps of several runs in order."""
    return [step(a, one, b, other) for (a, one), (b, other) in pairwise(runs)]


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for key, item in value.items():
        name = f"{prefix}{key}"
        if isinstance(item, Mapping):
            yield from _flat(item, f"{name}.")
        else:
            yield name, item


def _settings(name: str, before: object, after: object) -> list[Setting]:
    """One setting, or for a list one for each entry that only one side has."""
    several = _STRUCTURES.get(name, "")
    if isinstance(before, list) and isinstance(after, list):
        if several and not (before and after):
            return [Setting(name, _text(before), _text(after), several)]
        gone = [entry for entry in before if entry not in after]
        new = [entry for entry in after if entry not in before]
        found = [Setting(name, str(entry), "-") for entry in gone] + [
            Setting(name, "-", str(entry)) for entry in new
        ]
        return found or [Setting(name, _text(before), _text(after))]
    return [Setting(name, _text(before), _text(after))]


def _text(value: object) -> str:
    if isinstance(value, list):
        return "+".join(map(str, value)) or "none"
    return "-" if value is None else str(value)


def _grouped(names: Iterable[str]) -> list[str]:
    return sorted(
        {
            "libraries" if name.startswith("libraries") else name.replace("git.commit", "commit")
            for name in names
        }
    )


def _verdict(settings: Sequence[Setting]) -> str:
    if not settings:
        return "nothing changes but the seed"
    if len(settings) > 1:
        return f"{len(settings)} things change: nothing is isolated"
    if settings[0].several:
        return f"one setting, but several things: {settings[0].several}"
    return "one thing changes"
