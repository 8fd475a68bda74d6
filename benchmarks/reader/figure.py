"""Confidence against truth as a small SVG: a circle a bin, its area by the number of readings."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

_SIZE, _EDGE = 360, 48
_EDGES = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)


def drawn(seen: Sequence[tuple[float, bool, bool]]) -> str:
    """A figure of (confidence, right, whether the table was changed) readings: as they stand, and with changed copies."""
    span = _SIZE - 2 * _EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIZE}" height="{_SIZE}" font-family="sans-serif" font-size="11">',
        f'<rect width="{_SIZE}" height="{_SIZE}" fill="white"/>',
        f'<path d="M{_EDGE},{_SIZE - _EDGE} L{_SIZE - _EDGE},{_EDGE}" stroke="#999" stroke-dasharray="4 3"/>',
        f'<path d="M{_EDGE},{_EDGE} V{_SIZE - _EDGE} H{_SIZE - _EDGE}" stroke="black" fill="none"/>',
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = _EDGE + tick * span, _SIZE - _EDGE - tick * span
        parts.append(f'<text x="{x:.0f}" y="{_SIZE - _EDGE + 16}" text-anchor="middle">{tick:.1f}</text>')
        parts.append(f'<text x="{_EDGE - 8}" y="{y + 4:.0f}" text-anchor="end">{tick:.1f}</text>')
    x = _EDGE + 0.8 * span
    parts.append(f'<path d="M{x:.0f},{_EDGE} V{_SIZE - _EDGE}" stroke="#c60" stroke-dasharray="2 2"/>')
    parts.append(
        f'<text x="{x - 4:.0f}" y="{_SIZE - _EDGE - 6}" text-anchor="end" fill="#c60">accepted from here</text>'
    )
    kinds = (
        ("#1f6fb4", "as they stand", [s for s in seen if not s[2]]),
        ("#888888", "with changed copies", list(seen)),
    )
    for place, (colour, words, mine) in enumerate(kinds):
        for low, high in itertools.pairwise(_EDGES):
            here = [(value, right) for value, right, _ in mine if low <= value < high]
            if here:
                mean, truth = sum(v for v, _ in here) / len(here), sum(r for _, r in here) / len(here)
                radius = 2 + 12 * math.sqrt(len(here) / len(mine))
                parts.append(
                    f'<circle cx="{_EDGE + mean * span:.1f}" cy="{_SIZE - _EDGE - truth * span:.1f}" r="{radius:.1f}" '
                    f'fill="{colour}" fill-opacity="0.5" stroke="{colour}"/>'
                )
        parts.append(
            f'<circle cx="{_EDGE + 14}" cy="{_EDGE - 30 + 16 * place}" r="5" fill="{colour}" fill-opacity="0.5"/>'
        )
        parts.append(f'<text x="{_EDGE + 24}" y="{_EDGE - 26 + 16 * place}">{words}</text>')
    parts.append(f'<text x="{_SIZE / 2}" y="{_SIZE - 10}" text-anchor="middle">confidence</text>')
    parts.append(
        f'<text x="14" y="{_SIZE / 2}" text-anchor="middle" transform="rotate(-90 14 {_SIZE / 2})">share that is right</text>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"
