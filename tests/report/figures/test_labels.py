"""Labels that cover nothing where there is room, and stay inside the frame always."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litdb.report.figures.labels import _crosses, _meet, _overlap, place_labels

FRAME = (0.0, 0.0, 300.0, 300.0)


def boxes_of(sizes: list[tuple[float, float]], corners: tuple[tuple[float, float], ...]) -> np.ndarray:
    return np.array([(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, sizes, strict=True)])


def test_no_points_need_no_place() -> None:
    assert place_labels([], [], [], FRAME).corners == ()


def test_a_lone_label_stands_beside_its_point() -> None:
    placed = place_labels([(40, 8)], [(150, 150)], [3], FRAME)
    (end,) = placed.ends
    assert 3 <= math.dist(end, (150, 150)) < 8
    assert (placed.covered, placed.crossed) == (0, 0)


@pytest.mark.parametrize("seed", range(5))
def test_thirty_crowded_labels_cover_nothing(seed: int) -> None:
    source = random.Random(seed)
    points = [(source.gauss(150, 45), source.gauss(150, 45)) for _ in range(30)]
    sizes = [(source.uniform(15, 55), 7.0) for _ in points]
    placed = place_labels(sizes, points, [2.5] * 30, FRAME)
    boxes = boxes_of(sizes, placed.corners)
    markers = np.array([(x - 2.5, y - 2.5, x + 2.5, y + 2.5) for x, y in points])
    assert placed.covered == 0
    assert not np.triu(_overlap(boxes, boxes), 1).any()
    assert not _overlap(boxes, markers).any()


def test_what_cannot_be_placed_is_counted() -> None:
    placed = place_labels([(200, 100)] * 6, [(100.0, 100.0 + i) for i in range(6)], [3] * 6, (0, 0, 220, 220))
    assert placed.covered > 0


def test_the_same_input_gives_the_same_places() -> None:
    points = [(100 + 7.0 * (i % 4), 100 + 5.0 * (i // 4)) for i in range(16)]
    first = place_labels([(40, 8)] * 16, points, [3] * 16, FRAME)
    assert first == place_labels([(40, 8)] * 16, points, [3] * 16, FRAME)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300), st.floats(1, 120)), min_size=1, max_size=8))
def test_labels_stay_in_the_frame(entries: list[tuple[float, float, float]]) -> None:
    sizes = [(width, 8.0) for _, _, width in entries]
    placed = place_labels(sizes, [(x, y) for x, y, _ in entries], [3.0] * len(entries), FRAME)
    boxes = boxes_of(sizes, placed.corners)
    assert (boxes[:, :2] >= -1e-6).all()
    assert (boxes[:, 2:] <= 300 + 1e-6).all()


def test_segments_and_boxes() -> None:
    box = np.array([[0.0, 0.0, 2.0, 2.0]])
    lines = np.array([[-1.0, 1, 3, 1], [1, 1, 1.5, 1.5], [3, 0, 3, 2], [-1, 1, -0.5, 1], [1, -5, 1, 5]])
    assert _crosses(lines, box)[:, 0].tolist() == [True, True, False, False, True]
    crossing = _meet(np.array([[0.0, 0, 2, 2]]), np.array([[0.0, 2, 2, 0], [3, 3, 4, 4], [0, 1, 0, 2]]))
    assert crossing[0].tolist() == [True, False, False]


def test_of_a_crowd_the_wanted_are_named_and_others_where_there_is_room() -> None:
    random_ = random.Random(3)
    points = [(random_.uniform(10, 290), random_.uniform(10, 290)) for _ in range(300)]
    wanted = [2 * (index % 60 == 0) for index in range(300)]
    placed = place_labels([(50, 8)] * 300, points, [3] * 300, FRAME, wanted=wanted)
    named = [corner for corner in placed.corners if corner is not None]
    assert all(corner is not None for corner, must in zip(placed.corners, wanted, strict=True) if must)
    assert sum(map(bool, wanted)) <= len(named) < 300
    boxes = boxes_of([(50, 8)] * len(named), tuple(named))
    overlaps = _overlap(boxes, boxes)
    free = [at for at, (c, must) in enumerate(zip(placed.corners, wanted, strict=True)) if c and not must]
    at = {corner: place for place, corner in enumerate(named)}
    for index in free:
        place = at[placed.corners[index]]
        assert overlaps[place].sum() == 1


def test_of_wanted_ones_that_cover_each_other_the_less_wanted_go() -> None:
    points = [(150.0 + number / 10, 150.0) for number in range(12)]
    wanted = [2, *[1] * 11]
    placed = place_labels([(250, 60)] * 12, points, [3] * 12, FRAME, wanted=wanted)
    named = [corner for corner in placed.corners if corner is not None]
    assert placed.corners[0] is not None
    assert len(named) < 12
    boxes = boxes_of([(250, 60)] * len(named), tuple(named))
    assert not np.triu(_overlap(boxes, boxes), 1).any()
    assert placed.covered <= 1


def test_points_without_a_label_are_kept_clear() -> None:
    obstacles = [(100 + 4.0 * across, 150.0) for across in range(25)]
    placed = place_labels([(40, 8)], [(150, 145)], [3], FRAME, obstacles=obstacles)
    box = boxes_of([(40, 8)], placed.corners)
    markers = np.array([(x - 2, y - 2, x + 2, y + 2) for x, y in obstacles])
    assert not _overlap(box, markers).any()
