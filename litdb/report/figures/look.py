"""How a point looks: its shape by causality, its filling by who gives the numbers, a star for what is one's own.

The colours are Okabe and Ito's, told apart with any colour vision; in grey the shapes and fillings tell what colours do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from litdb.report.figures.points import Point, RowFacts
from litdb.values.origin import Origin

Shape = Literal["star", "triangle", "circle", "square", "cross", "plus"]
Filling = Literal["full", "half", "none"]

BLUE, ORANGE, VERMILION, PURPLE, GREY = "#0072B2", "#E69F00", "#D55E00", "#AA4499", "#808080"
FAINT, DARK, LINE, THIN = "#E8A988", "#333333", "#555555", "#9a9a9a"
#: Millimetres: a column and the page of a two-column paper, and the size of its text in points.
COLUMN_MM, PAGE_MM, TEXT_PT = 85.0, 178.0, 8.0


@dataclass(frozen=True, slots=True)
class Marking:
    """A mark: shape, colour, filling, and its radius in points."""

    shape: Shape
    colour: str
    filling: Filling = "full"
    radius: float = 2.2
    edge: str = ""  # of another colour than the filling, '' for the same


OWN = Marking("star", VERMILION, "full", 5.0, DARK)
OTHER_OWN = Marking("star", FAINT, "none", 3.6)
CLAIMED = Marking("cross", GREY, "full", 2.2)
PROPOSED = Marking("plus", PURPLE, "full", 2.6)
_SHAPES: dict[bool | None, tuple[Shape, str, float]] = {
    False: ("circle", BLUE, 2.2),
    True: ("triangle", ORANGE, 2.6),
    None: ("square", GREY, 1.9),
}
_FILLINGS: dict[str, Filling] = {Origin.SELF: "full", Origin.MEASURED: "full", Origin.REPRODUCED: "half"}
_CAUSALITY = {False: "non-causal", True: "causal", None: "causality not stated"}
_FILLED: dict[Filling, str] = {
    "full": "reported by its authors",
    "none": "quoted or repository",
    "half": "reproduced",
}


def look_of(point: Point) -> Marking:
    """How a point is drawn."""
    if point.mark == "own":
        return OTHER_OWN if point.faint else OWN
    if point.mark == "claim":
        return CLAIMED
    if point.mark == "proposed":
        return PROPOSED
    shape, colour, radius = _SHAPES[point.facts.causal]
    return Marking(shape, colour, _FILLINGS.get(point.mark, "none"), radius)


def legend_of(points: Sequence[Point]) -> list[tuple[Marking, str]]:
    """The marks that a drawing explains, with their words: only what it has."""
    looks = {look_of(point) for point in points}
    entries = []
    if OWN in looks:
        several = OTHER_OWN in looks
        entries.append((OWN, "own model, declared" if several else "own model"))
    if OTHER_OWN in looks:
        entries.append((OTHER_OWN, "own model, not declared"))
    others = [point for point in points if point.mark not in ("own", "claim", "proposed")]
    for causal, words in _CAUSALITY.items():
        if any(point.facts.causal is causal for point in others):
            entries.append((look_of(Point("", "", 0, 0, facts=RowFacts(causal=causal))), words))
    for filling, words in _FILLED.items():
        if any(look_of(point).filling == filling for point in others):
            entries.append((Marking("circle", DARK, filling), words))
    entries += [(CLAIMED, "claim")] if CLAIMED in looks else []
    entries += [(PROPOSED, "proposed, not reviewed")] if PROPOSED in looks else []
    return entries


def causality(point: Point) -> str:
    """Whether a point's model is causal, in words."""
    return _CAUSALITY[point.facts.causal]


def families(points: Sequence[Point]) -> list[list[Point]]:
    """The points that a thin line joins: sizes of one model, as its own paper gives them, from small to large."""
    found: dict[str, list[Point]] = {}
    for point in points:
        if point.facts.family and point.mark in (Origin.SELF, Origin.QUOTED, Origin.REPOSITORY):
            found.setdefault(point.facts.family, []).append(point)
    ordered = (
        sorted(some, key=lambda one: (one.x, one.y))
        for some in found.values()
        if len({p.x for p in some}) > 1
    )
    return list(ordered)
