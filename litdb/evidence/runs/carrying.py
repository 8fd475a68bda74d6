"""How a run was carried out, as its folder says: on what, in which precision, and whether it was given more epochs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What `environment.json` says of a training besides libraries and commit; None or empty where it says nothing.

    `str` gives it in words. `deterministic` says that repeatable kernels were asked for; the log of a run names the
    operations that have none.
    """

    processes: int | None = None
    backend: str = ""
    devices: tuple[str, ...] = ()
    machines: int | None = None
    threads: int | None = None
    precision: str = ""
    compiled: bool | None = None
    deterministic: bool | None = None

    @classmethod
    def of(cls, environment: object) -> CarriedOut:
        """From the recorded environment; what is of a wrong type counts as not said."""
        told: Mapping[str, Any] = environment if isinstance(environment, dict) else {}
        devices = told.get("devices")
        return cls(
            processes=_count(told.get("processes")),
            backend=_word(told.get("backend")),
            devices=tuple(map(_word, devices)) if isinstance(devices, list) else (),
            machines=_count(told.get("machines")),
            threads=_count(told.get("threads")),
            precision=_word(told.get("precision")),
            compiled=_flag(told.get("compiled")),
            deterministic=_flag(told.get("deterministic")),
        )

    def __str__(self) -> str:
        said = []
        if self.processes is not None:
            joined = f" joined by {self.backend}" if self.backend else ""
            apart = f" on {self.machines} machines" if (self.machines or 1) > 1 else ""
            said.append(_number(self.processes, "process", "es") + joined + apart)
        if self.devices:
            said.append(" and ".join(n if k == 1 else f"{k} x {n}" for n, k in Counter(self.devices).items()))
        if self.threads is not None:
            each = " each" if (self.processes or 1) > 1 else ""
            said.append(_number(self.threads, "thread", "s") + each)
        if self.precision:
            said.append(self.precision)
        if self.compiled is not None:
            said.append("compiled" if self.compiled else "not compiled")
        if self.deterministic is not None:
            said.append("repeatable kernels" if self.deterministic else "kernels that need not repeat")
        return ", ".join(said)


def extensions(told: Mapping[str, Any]) -> tuple[str, ...]:
    """In words, each time that a run was given more epochs than it had been planned with: `14 to 20 on 2026-11-26`."""
    found = []
    for step in _steps(told):
        day = _word(step.get("time"))[:10]
        found.append(f"{step['from']} to {step['to']}" + (f" on {day}" if day else ""))
    return tuple(found)


def as_begun(told: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a run as they were before it was given more epochs: it is the same training."""
    begun = {key: value for key, value in told.items() if key != "extended"}
    steps, recipe = _steps(told), told.get("recipe")
    if steps and isinstance(recipe, dict):
        begun["recipe"] = {**recipe, "epochs": steps[0]["from"]}
    return begun


def _steps(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps = told.get("extended")
    whole = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return [s for s in whole if _count(s.get("from")) is not None and _count(s.get("to")) is not None]


def _number(count: int, noun: str, more: str) -> str:
    return f"{count} {noun}{'' if count == 1 else more}"


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
