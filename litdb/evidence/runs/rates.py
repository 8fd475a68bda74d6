"""At which sampling rates the sides of a comparison were recorded, where that is not the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from litdb.evidence.runs.system import System
from litdb.vocabulary.remarks import Mark

_OF_RATE = (Mark.RESAMPLED, Mark.TEST_SET_RATE)


def rate_notes(systems: Sequence[System]) -> list[str]:
    """One sentence that the sampling rates differ, with each side's; empty where they do not, as far as they are known."""
    sides: dict[str, list[str]] = {}
    for system in systems:
        if said := _rate(system):
            sides.setdefault(said, []).append(system.name)
    if len(sides) < 2:
        return []
    told = "; ".join(f"{', '.join(names)}: {said}" for said, names in sides.items())
    return [f"sampling rates differ: {told}"]


def besides_rates(marks: Iterable[str]) -> list[str]:
    """Marks without those that the sentence on rates says."""
    return [mark for mark in marks if Mark.of(mark) not in _OF_RATE]


def _rate(system: System) -> str:
    """In words, what was done about the rate of a side's files, else the rate that its scores state, '' for neither."""
    said = [mark for mark in system.marks if Mark.of(mark) in _OF_RATE]
    if said:
        return "; ".join(said)
    rates = sorted({rate for value in system.means.values() if (rate := value.protocol.get("rate"))})
    return f"scored at {', '.join(rates)} Hz as it is" if rates else ""
