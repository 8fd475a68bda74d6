"""Where the names of points stand in a plot: near their points, off the markers and off each other.

Every label has a ring of candidate places; a local search (best place for one label after the other, until none
moves; then a few seeded shakes of the labels still in conflict) minimises what is covered first, leader lines that
cross something second and distance last. Of more points than a figure has room to name, the wanted ones are placed so;
the others get a label where one is free. Lengths are in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

_COVERED, _CROSSED, _NEARER, _LINE, _DISTANCE = 1000.0, 60.0, 6.0, 4.0, 1.0
_ANGLES = np.deg2rad(np.arange(0, 360, 15))
_REACH = (0.0, 0.5, 1.0, 1.7, 2.6, 3.7, 5.0, 6.5)  # gaps to the marker in label heights
_SWEEPS, _SHAKES = 12, 4
#: In a crowd the wanted names are few and may stand further off, and are tried more often.
_FAR = (*_REACH, 8.5, 11.0, 14.0)
_MORE_SHAKES = 8
#: The others of a crowd stand beside their points or nowhere.
_BESIDE = _REACH[:4]
#: So many of the best places of a label are searched among.
_PLACES = 96


@dataclass(frozen=True, slots=True)
class Placed:
    """The lower left corner of each label and the end of its leader line at the label; None for a point left unnamed.

    `covered` is how many labels cover another one or a marker, `crossed` how many other labels have a leader line
    that crosses something.
    """

    corners: tuple[tuple[float, float] | None, ...]
    ends: tuple[tuple[float, float] | None, ...]
    covered: int
    crossed: int


@dataclass(slots=True)
class _Places:
    """The candidates of one label: boxes [K,4] (x0, y0, x1, y1), leader lines [K,4] and the fixed cost [K]."""

    boxes: Array
    leaders: Array
    cost: Array


def place_labels(
    sizes: Sequence[tuple[float, float]],
    points: Sequence[tuple[float, float]],
    radii: Sequence[float],
    bounds: Box,
    lines: Sequence[Box] = (),
    wanted: Sequence[int] = (),
    obstacles: Sequence[tuple[float, float]] = (),
) -> Placed:
    """Places for labels of the given (width, height) at points drawn as markers of the given radii.

    Labels stay inside `bounds` (x0, y0, x1, y1) and off the segments `lines` where they can. The same input gives
    the same places. A label too wide for the bounds is kept as near as it goes. With `wanted`, a number for each point,
    those of 2 have a label in any case, those of 1 before others and where it covers nothing, those of 0, in their order,
    where it covers and crosses nothing. `obstacles` are points that get no label and are kept clear all the same.
    """
    if not points:
        return Placed((), (), 0, 0)
    centres = np.asarray(points, dtype=np.float64)
    around = np.asarray(radii, dtype=np.float64)[:, None]
    markers = np.hstack([centres - around, centres + around])
    if len(obstacles):
        markers = np.vstack(
            [markers, _thinned(np.asarray(obstacles, dtype=np.float64), float(np.median(around)))]
        )
    segments = np.asarray(lines, dtype=np.float64).reshape(-1, 4)
    limits = np.asarray(bounds, dtype=np.float64)
    must = [index for index in range(len(points)) if not wanted or wanted[index]]
    reach = _FAR if wanted else _REACH
    first = [_candidates(sizes[index], index, markers, limits, segments, reach) for index in must]
    chosen, costs = (
        _search(first, _MORE_SHAKES if wanted else _SHAKES)
        if first
        else (np.zeros(0, dtype=np.int64), np.zeros(0))
    )
    set_down: dict[int, tuple[Array, Array]] = {}
    left = sorted(range(len(must)), key=lambda at: -wanted[must[at]]) if wanted else range(len(must))
    for at in left:
        place, k, index = first[at], chosen[at], must[at]
        if not wanted or wanted[index] > 1 or _stands(place.boxes[k], place.cost[k], set_down):
            set_down[index] = place.boxes[k], place.leaders[k]
        if wanted and wanted[index] < 2:
            costs[at] = 0.0  # what stands covers nothing, and what does not stand neither
    for index in range(len(points)):
        if index not in set_down:
            near = _candidates(sizes[index], index, markers, limits, segments, _BESIDE)
            free = _free(near, list(set_down.values()))
            if free is not None:
                set_down[index] = free
    corners = [set_down[i][0] if i in set_down else None for i in range(len(points))]
    ends = [set_down[i][1] if i in set_down else None for i in range(len(points))]
    return Placed(
        tuple(None if box is None else (float(box[0]), float(box[1])) for box in corners),
        tuple(None if leader is None else (float(leader[2]), float(leader[3])) for leader in ends),
        int((costs >= _COVERED).sum()),
        int(((costs >= _CROSSED) & (costs < _COVERED)).sum()),
    )


def _stands(box: Array, cost: float, others: dict[int, tuple[Array, Array]]) -> bool:
    """Whether a label covers neither a marker nor one that is set down."""
    if cost >= _COVERED:
        return False
    return not others or not _overlap(box[None], np.stack([one for one, _ in others.values()])).any()


def worth_trying(
    points: Sequence[tuple[float, float]], must: Sequence[int], most: int, cell: tuple[float, float]
) -> list[int]:
    """Which points of a crowd to find a place for: those that must have one, then those with the fewest others around them.

    `cell` is about the size of a label. At most `most` in all; the places in `points`, in that order.
    """
    wanted = [index for index, one in enumerate(must) if one][:most]
    if len(points) <= most:
        return wanted + [index for index, one in enumerate(must) if not one]
    cells = np.floor(np.asarray(points, dtype=np.float64) / np.asarray(cell)).astype(np.int64)
    cells -= cells.min(axis=0)
    counts = np.zeros(cells.max(axis=0) + 3, dtype=np.int64)
    np.add.at(counts, (cells[:, 0] + 1, cells[:, 1] + 1), 1)
    around = sum(
        counts[cells[:, 0] + 1 + across, cells[:, 1] + 1 + up] for across in (-1, 0, 1) for up in (-1, 0, 1)
    )
    order = np.argsort(around, kind="stable").tolist()
    taken = set(wanted)
    return wanted + [index for index in order if index not in taken and not must[index]][: most - len(wanted)]


def _thinned(centres: Array, radius: float) -> Array:
    """Markers of that radius, one for all that lie as good as at one place: [K,4]."""
    _, first = np.unique(np.round(centres / max(radius, 1.0)), axis=0, return_index=True)
    kept = centres[np.sort(first)]
    return np.hstack([kept - radius, kept + radius])


def _free(place: _Places, others: list[tuple[Array, Array]]) -> tuple[Array, Array] | None:
    """Box and leader line of the best place that covers and crosses nothing; None where there is none."""
    good = np.flatnonzero(place.cost < _CROSSED)
    if not good.size:
        return None
    if others:
        boxes, leaders = (np.stack(part) for part in zip(*others, strict=True))
        clear = ~(
            _overlap(place.boxes[good], boxes).any(axis=1)
            | _crosses(place.leaders[good], boxes).any(axis=1)
            | _crosses(leaders, place.boxes[good]).any(axis=0)
            | _meet(place.leaders[good], leaders).any(axis=1)
        )
        good = good[clear]
    if not good.size:
        return None
    best = int(good[np.argmin(place.cost[good])])
    return place.boxes[best], place.leaders[best]


def _candidates(
    size: tuple[float, float],
    index: int,
    markers: Array,
    bounds: Array,
    segments: Array,
    reach: Sequence[float] = _REACH,
) -> _Places:
    extent = np.asarray(size, dtype=np.float64)
    width, height = size
    radius = (markers[index, 2] - markers[index, 0]) / 2
    centre = (markers[index, :2] + markers[index, 2:]) / 2
    gaps = np.repeat(np.asarray(reach) * height, len(_ANGLES))
    angles = np.tile(_ANGLES, len(reach))
    away = radius + 0.15 * height + gaps
    # The label touches the ring of that radius with the part of its border that faces the point.
    middle = centre + np.stack([
        np.cos(angles) * (away + width / 2 * np.abs(np.cos(angles)) ** 0.25),
        np.sin(angles) * (away + height / 2),
    ], axis=1)  # fmt: skip
    corner = middle - extent / 2
    corner = np.maximum(np.minimum(corner, bounds[2:] - extent), bounds[:2])
    boxes = np.hstack([corner, corner + extent])
    ends = np.clip(centre, boxes[:, :2], boxes[:, 2:])
    leaders = np.hstack([np.broadcast_to(centre, ends.shape), ends])
    # Markers that no candidate can touch say nothing: in a crowd that is nearly all of them.
    low, high = np.minimum(boxes[:, :2].min(axis=0), centre), np.maximum(boxes[:, 2:].max(axis=0), centre)
    near = ((markers[:, 2:] >= low) & (markers[:, :2] <= high)).all(axis=1)
    own = markers[index : index + 1]
    near[index] = False
    others = markers[near]
    markers = np.vstack([own, others])
    length = np.hypot(*(ends - centre).T) / height
    covered = _overlap(boxes, markers).sum(axis=1)
    cost = _COVERED * covered + _LINE * _crosses(segments, boxes).sum(axis=0) + _DISTANCE * length**1.5
    # What covers something is not made much worse by what it crosses: only the others are looked at closely.
    clear = np.flatnonzero(covered == covered.min())
    cost[clear] += _CROSSED * _crosses(leaders[clear], others).sum(axis=1)
    cost[clear] += _NEARER * (_distance(others, boxes[clear]) < _distance(own, boxes[clear])).sum(axis=1)
    best = np.argsort(cost, kind="stable")[:_PLACES]
    return _Places(boxes[best], leaders[best], cost[best])


def _search(places: list[_Places], shakes: int) -> tuple[npt.NDArray[np.int64], Array]:
    """The chosen candidate of each label and what it costs there."""
    random = np.random.RandomState(0)
    best = np.array([int(np.argmin(place.cost)) for place in places], dtype=np.int64)
    best, costs = _descend(places, best)
    for _ in range(shakes):
        conflict = np.flatnonzero(costs >= _CROSSED)
        if not conflict.size:
            break
        shaken = best.copy()
        for index in conflict:
            shaken[index] = random.randint(len(places[index].cost))
        shaken, new_costs = _descend(places, shaken)
        if new_costs.sum() < costs.sum():
            best, costs = shaken, new_costs
    return best, costs


def _descend(places: list[_Places], start: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Array]:
    """Moves one label after the other to its best place until none moves; the places and the cost of each."""
    chosen = start.copy()
    boxes = np.stack([place.boxes[k] for place, k in zip(places, chosen, strict=True)])
    leaders = np.stack([place.leaders[k] for place, k in zip(places, chosen, strict=True)])
    costs = np.zeros(len(places))
    for _ in range(_SWEEPS):
        moved = False
        for index, place in enumerate(places):
            keep = np.arange(len(places)) != index
            cost = (
                place.cost
                + _COVERED * _overlap(place.boxes, boxes[keep]).sum(axis=1)
                + _CROSSED * _crosses(place.leaders, boxes[keep]).sum(axis=1)
                + _CROSSED * _crosses(leaders[keep], place.boxes).sum(axis=0)
                + _CROSSED * _meet(place.leaders, leaders[keep]).sum(axis=1)
            )
            k = int(np.argmin(cost))
            costs[index] = cost[k]
            if cost[k] < cost[chosen[index]]:
                moved = True
                chosen[index], boxes[index], leaders[index] = k, place.boxes[k], place.leaders[k]
        if not moved:
            break
    return chosen, costs


def _distance(markers: Array, boxes: Array) -> Array:
    """From the border of each box [K,4] to the centre of each marker [N,4]: [K,N]."""
    centres = (markers[None, :, :2] + markers[None, :, 2:]) / 2
    nearest = np.clip(centres, boxes[:, None, :2], boxes[:, None, 2:])
    distance: Array = np.hypot(centres[..., 0] - nearest[..., 0], centres[..., 1] - nearest[..., 1])
    return distance


def _overlap(first: Array, second: Array) -> npt.NDArray[np.bool_]:
    """Which boxes [K,4] and [N,4] share area: [K,N]."""
    a, b = first[:, None], second[None]
    shared: npt.NDArray[np.bool_] = (
        (a[..., 0] < b[..., 2]) & (b[..., 0] < a[..., 2]) & (a[..., 1] < b[..., 3]) & (b[..., 1] < a[..., 3])
    )
    return shared


def _crosses(segments: Array, boxes: Array) -> npt.NDArray[np.bool_]:
    """Which segments [K,4] pass through which boxes [N,4] (slab method): [K,N]."""
    enter = np.zeros((len(segments), len(boxes)))
    leave = np.ones_like(enter)
    for axis in (0, 1):
        start, step = segments[:, axis, None], (segments[:, axis + 2] - segments[:, axis])[:, None]
        step = np.where(np.abs(step) < 1e-9, 1e-9, step)
        low, high = (boxes[:, axis] - start) / step, (boxes[:, axis + 2] - start) / step
        enter = np.maximum(enter, np.minimum(low, high))
        leave = np.minimum(leave, np.maximum(low, high))
    through: npt.NDArray[np.bool_] = enter < leave
    return through


def _meet(first: Array, second: Array) -> npt.NDArray[np.bool_]:
    """Which segments [K,4] and [N,4] cross each other: [K,N]."""
    a, b = first[:, None, :2], first[:, None, 2:]
    c, d = second[None, :, :2], second[None, :, 2:]

    def side(p: Array, q: Array, r: Array) -> Array:
        cross: Array = (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
            r[..., 0] - p[..., 0]
        )
        return cross

    met: npt.NDArray[np.bool_] = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    return met
