"""Knock-outs and weights as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from model.inspection.effects import Confirmation, KnockOuts, PartEffect
from model.inspection.initial import State, WeightState
from model.inspection.parts import How
from model.inspection.verdicts import Sample, Thresholds, Verdict

NOT_AN_ABLATION = (
    "A knock-out says what this trained network does with a part; it is no ablation: without the part from the start, another "
    "network would have been trained."
)
SHOWN_INITIAL = 8
"""So many weights that are still at their initial value are named."""


def table(found: KnockOuts) -> list[list[str]]:
    """Rows of text, the first one the header, the largest effect first."""
    rows = [
        ["rank", "part", "replaced", "verdict", "PESQ", "STOI", "SI-SDR dB", "output dB", "surroundings dB"]
    ]
    for effect in found.effects:
        rows.append(
            [
                str(effect.rank),
                effect.part,
                effect.how,
                effect.verdict,
                _text(effect.pesq),
                _text(effect.stoi),
                _text(effect.si_sdr),
                effect.output_db.in_db(),
                "" if effect.local_db is None else effect.local_db.in_db(),
            ]
        )
    return rows


def _text(value: Sample | None) -> str:
    return "no value" if value is None else str(value)


def explanation(found: KnockOuts) -> list[str]:
    """What must be known to read the table."""
    scores = [
        f"{name} {value:.4f}"
        for name, value in (("PESQ", found.pesq), ("STOI", found.stoi), ("SI-SDR", found.si_sdr))
        if value is not None
    ]
    return [
        f"{len(found.files)} files; as it is the network scores {', '.join(scores) or 'nothing'}. Differences are without the "
        "part minus with it, with the 95 % interval of their mean.",
        "removed: replaced by its identity or zero. constant: by its mean over these files, an attention by an even one.",
        f"used: the interval lies beyond a threshold. not used: one more file stays below every threshold with 95 %, and "
        f"no file came nearer to it than half. Else not decidable. Thresholds: {found.thresholds}.",
        NOT_AN_ABLATION,
        *(f"not measured: {name}: {reason}" for name, reason in list(found.failed.items())[:5]),
    ]


def findings(found: KnockOuts) -> list[str]:
    """What is not used, in sentences, a whole before its parts; parts of a whole that does nothing are only counted."""
    said: list[str] = []
    named: list[tuple[str, str]] = []
    effects = sorted(
        found.effects, key=lambda effect: (effect.part.count("."), effect.part, effect.how is How.CONSTANT)
    )
    for wanted in (True, False):
        for effect in effects:
            if effect.inert is not wanted or not (effect.inert or effect.verdict is Verdict.NOT_USED):
                continue
            if any(_covers(whole, how, effect) for whole, how in named):
                continue
            named.append((effect.part, effect.how))
            inside = [
                other.part
                for other in effects
                if other.part.startswith(f"{effect.part}.")
                and (other.inert or other.verdict is Verdict.NOT_USED)
            ]
            count = len(set(inside))
            more = f" The same goes for {count} of its parts." if count else ""
            said.append(_sentence(effect, found.thresholds) + more)
    return said


def _covers(whole: str, how: str, effect: PartEffect) -> bool:
    """Whether what was said of a part says it of this one, too."""
    if effect.part == whole:
        return how == How.REMOVED
    return effect.part.startswith(f"{whole}.")


def _sentence(effect: PartEffect, limits: Thresholds) -> str:
    removed = effect.how is How.REMOVED
    if effect.inert:
        verdict = "does nothing where it stands" if removed else "works as a constant"
    else:
        verdict = "not used" if removed else "used as a constant only"
    changes = [] if effect.local_db is None else [f"its surroundings change by {effect.local_db.in_db()} dB"]
    changes.append(f"the output by {effect.output_db.in_db()} dB")
    if effect.pesq is not None:
        changes.append(f"PESQ by {effect.pesq} (threshold {limits.pesq:g})")
    without = f"Without {effect.words}" if removed else f"With {effect.words} held constant"
    return f"{effect.part}: {verdict}. {without} {', '.join(changes)}."


def weight_findings(states: Sequence[WeightState], why: str) -> list[str]:
    """Weights that vanished, are even, grew or never moved, in sentences; `why` says where initial values come from."""
    said = []
    for state in states:
        if state.state in (State.ZERO, State.SHRUNK, State.EVEN, State.GROWN):
            said.append(f"{state}{_of(state)}.")
    still = [state for state in states if state.state is State.INITIAL]
    if still:
        names = ", ".join(_named(still[:SHOWN_INITIAL]))
        more = f" and {len(still) - SHOWN_INITIAL} more" if len(still) > SHOWN_INITIAL else ""
        said.append(f"Still at their initial value: {names}{more}.")
    said.append(f"Initial values: {why}.")
    return said


def _of(state: WeightState) -> str:
    return f" (part {state.part})" if state.part else ""


def _named(states: Iterable[WeightState]) -> list[str]:
    named = []
    for state in states:
        units = (
            "" if state.noise_units is None else f", {state.noise_units:.1f} times the spread between seeds"
        )
        moved = "" if state.moved is None else f" (moved by {state.moved:.2%}{units})"
        named.append(f"{state.name}{moved}")
    return named


def confirmations(found: Sequence[Confirmation], thresholds: Thresholds) -> list[str]:
    """What other files say of the parts called not used."""
    if not found:
        return ["No part was called not used, so there is nothing to confirm."]
    said = []
    for entry in found:
        if not entry.holds:
            change = "has no value" if entry.pesq is None else f"changes by {entry.pesq}"
            said.append(
                f"{entry.part} ({entry.how}): called not used, and yet PESQ {change} on the other files."
            )
    measured = [entry.pesq for entry in found if entry.pesq is not None]
    held = f"{len(found) - len(said)} of {len(found)} parts called not used change the mean PESQ of the other files by less than {thresholds.pesq:g}"
    if not measured:
        return [*said, f"{held}."]
    files = max(value.files for value in measured)
    mean = max(abs(value.mean) for value in measured)
    largest = max(value.largest for value in measured)
    return [
        *said,
        f"{held} ({files} files; largest change of the mean {mean:.4f}, of a single file {largest:.4f}).",
    ]
