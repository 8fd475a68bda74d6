"""The plot for a browser: own SVG in which every point tells its sources and footnotes.

It is complete without any script: each point has a title that browsers show, and can be reached with the keyboard. Nothing in
it is inline in the sense of a content security policy: no style attribute, no event attribute, no address but links that a
reader follows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from litdb.report.escape import clean, html
from litdb.report.figures.axes import Axis, axis_for
from litdb.report.figures.look import DARK, THIN, VERMILION, Marking, causality, families, legend_of, look_of
from litdb.report.figures.points import YEAR, Point, Points, heights, pareto_front
from litdb.values.display import in_unit
from litdb.values.table import Column
from litdb.vocabulary.ranges import Range

_WIDTH, _HEIGHT = 760.0, 520.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 14.0, 14.0, 50.0
_ROW, _TEXT, _LABEL = 17.0, 12.0, 10.0
_SCALE = 1.9  # pixels a point of a mark's radius
_LONGEST, _MOST_NAMED, _MOST_TRIED = 32, 60, 250
Link = Callable[[Point], str]


def _source_link(point: Point) -> str:
    return point.url if point.url.startswith("https://") else ""


def interactive_svg(
    found: Points,
    x: Column,
    y: Column,
    *,
    title: str = "",
    xlim: Range | None = None,
    ylim: Range | None = None,
    link: Link = _source_link,
) -> str:
    """The plot as one SVG element with a text for every point; '' where there is no point.

    It is text and shapes alone: it may stand in any page with a strict policy. `link` gives the address that a point leads
    to, '' for none; by default its source on the web. Classes begin with `lp-`; lines and text are in `currentColor`, so
    that a page may be dark; STYLE and SCRIPT of :mod:`litdb.report.figures.page` add the box of text and find names.
    """
    if not found.points:
        return ""
    across = axis_for([point.x for point in found.points], x, xlim)
    up = axis_for(heights(found.points), y, ylim)
    shown = [point for point in found.points if not _left_out(point, across, up)]
    legend = legend_of(shown)
    rows = math.ceil((len(legend) + 1) / 3)
    height = _HEIGHT + rows * _ROW + 8
    name = clean(title) or f"{y.title} over {x.title}"
    parts = [
        f'<svg class="lp-plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" role="group" '
        f'aria-label="{html(name)}" font-family="sans-serif" font-size="{_TEXT:g}" fill="currentColor">',
        *_frame(across, up, name),
        *_lines(shown, across, up, x, y),
        *_labels(shown, across, up, x, y),
        '<g class="lp-points">',
        *(_point(point, across, up, x, y, link(point)) for point in sorted(shown, key=_last_on_top)),
        "</g>",
        *_legend(legend, x),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def told(point: Point, x: Column, y: Column) -> list[str]:
    """What is told of a point, in lines: its name, both values with their sources, causality, footnotes."""
    facts = point.facts
    lines = [
        point.name,
        f"{y.title}: {point.y_text or f'{in_unit(point.y, y):g}'} ({'; '.join(filter(None, (point.mark, point.y_source)))})",
        f"{x.title}: {point.x_text or f'{in_unit(point.x, x):g}'}"
        + (f" ({point.x_source})" if point.x_source and x != YEAR else ""),
        causality(point),
    ]
    if facts.interval is not None:
        low, high = (in_unit(end, y) for end in facts.interval)
        lines.append(f"{facts.interval_of}: {low:.3f} to {high:.3f}")
    lines += [f"version {one.version} printed {one.printed}" for one in facts.earlier]
    return [clean(line) for line in (*lines, *point.notes) if line]


def _left_out(point: Point, across: Axis, up: Axis) -> bool:
    at_x, at_y = _values(point, across, up)
    return bool((across.asked and across.beyond(at_x)) or (up.asked and up.beyond(at_y)))


def _last_on_top(point: Point) -> tuple[bool, bool]:
    return point.mark == "own", not point.faint


def _values(point: Point, across: Axis, up: Axis) -> tuple[float, float]:
    return in_unit(point.x, across.column), in_unit(point.y, up.column)


def _place(at: tuple[float, float], across: Axis, up: Axis) -> tuple[float, float]:
    """Where values stand in the picture; what lies beyond an axis close to its end."""
    return (
        _LEFT + across.share(across.held(at[0])) * (_WIDTH - _LEFT - _RIGHT),
        _HEIGHT - _BOTTOM - up.share(up.held(at[1])) * (_HEIGHT - _TOP - _BOTTOM),
    )


def _frame(across: Axis, up: Axis, name: str) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = [
        f"<title>{html(name)}</title>",
        '<g class="lp-grid" stroke="currentColor" stroke-opacity="0.14">',
    ]
    columns = [(_LEFT + across.share(tick) * (right - _LEFT), text) for tick, text in zip(across.ticks, across.texts, strict=True)]  # fmt: skip
    rows = [(bottom - up.share(tick) * (bottom - _TOP), text) for tick, text in zip(up.ticks, up.texts, strict=True)]  # fmt: skip
    parts += [f'<path d="M{at:.1f},{_TOP}V{bottom}"/>' for at, _ in columns]
    parts += [f'<path d="M{_LEFT},{at:.1f}H{right}"/>' for at, _ in rows]
    parts.append("</g>")
    parts.append(
        f'<rect x="{_LEFT}" y="{_TOP}" width="{right - _LEFT}" height="{bottom - _TOP}" fill="none" stroke="currentColor"/>'
    )
    parts += [f'<text x="{at:.1f}" y="{bottom + 16}" text-anchor="middle">{text}</text>' for at, text in columns]  # fmt: skip
    parts += [f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{text}</text>' for at, text in rows]
    middle = (_TOP + bottom) / 2
    parts.append(f'<text x="{(_LEFT + right) / 2}" y="{bottom + 36}" text-anchor="middle">{html(axis_title(across))}</text>')  # fmt: skip
    parts.append(
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">{html(axis_title(up))}</text>'
    )
    return parts


def axis_title(axis: Axis) -> str:
    """The title of an axis with the direction that is better, where one is."""
    column = axis.column
    if column == YEAR:
        return column.title
    return f"{clean(column.title)}, {column.direction} is better"


def _lines(shown: Sequence[Point], across: Axis, up: Axis, x: Column, y: Column) -> list[str]:
    """Sizes and versions of one model, intervals, and the front."""
    parts = []
    for some in families(shown):
        path = " ".join(
            f"{a:.1f},{b:.1f}" for a, b in (_place(_values(p, across, up), across, up) for p in some)
        )
        parts.append(f'<polyline points="{path}" fill="none" stroke="{THIN}" stroke-width="0.8"/>')
    for point in shown:
        at = _values(point, across, up)
        left, top = _place(at, across, up)
        for one in point.facts.earlier:
            _, before = _place((at[0], in_unit(one.value, y)), across, up)
            parts.append(
                f'<path d="M{left:.1f},{top:.1f}V{before:.1f}M{left - 3:.1f},{before:.1f}h6" stroke="{THIN}" fill="none"/>'
            )
        if point.facts.interval is not None:
            ends = [_place((at[0], in_unit(end, y)), across, up)[1] for end in point.facts.interval]
            caps = "".join(f"M{left - 4:.1f},{end:.1f}h8" for end in ends)
            parts.append(
                f'<path d="M{left:.1f},{ends[0]:.1f}V{ends[1]:.1f}{caps}" stroke="{VERMILION}" fill="none" stroke-width="1.4"/>'
            )
    corners = front_corners(shown, x, y)
    if corners:
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in (_place(one, across, up) for one in corners))
        parts.append(f'<polyline class="lp-front" points="{path}" fill="none" stroke="currentColor" stroke-opacity="0.7" stroke-width="1.2" stroke-dasharray="6 3"/>')  # fmt: skip
    return parts


def front_corners(points: Sequence[Point], x: Column, y: Column) -> list[tuple[float, float]]:
    """The front as steps (what is reached within a budget of x, or up to a day), in the units of the columns."""
    front = [(in_unit(point.x, x), in_unit(point.y, y)) for point in pareto_front(points, x, y)]
    corners = front[:1]
    for before, after in pairwise(front):
        corners += [(after[0], before[1]) if x.direction == "lower" else (before[0], after[1]), after]
    return corners


def front_words(x: Column) -> str:
    """What the line of the best is called."""
    return "best so far, as reported" if x == YEAR else "Pareto front, as reported"


def _labels(shown: Sequence[Point], across: Axis, up: Axis, x: Column, y: Column) -> list[str]:
    """Names beside points: of the front, one's own and those asked for, and of others where there is room."""
    from litdb.report.figures.labels import place_labels, worth_trying

    best = {id(point) for point in pareto_front(shown, x, y)}
    few = sum(point.asked for point in shown) <= _MOST_NAMED  # where so many were asked for, as many as fit
    must = [
        2 if (p.mark == "own" and not p.faint) or (few and p.asked) else int(id(p) in best) for p in shown
    ]
    every = [_place(_values(point, across, up), across, up) for point in shown]
    tried = worth_trying(every, must, _MOST_TRIED, (8 * _LABEL, 2 * _LABEL))
    names = [_shortened(shown[number].name) for number in tried]
    placed = place_labels(
        [(_wide(name) * _LABEL, _LABEL * 1.15) for name in names],
        [every[number] for number in tried],
        [look_of(shown[number]).radius * _SCALE + 1 for number in tried],
        (_LEFT + 3, _TOP + 3, _WIDTH - _RIGHT - 3, _HEIGHT - _BOTTOM - 3),
        wanted=[must[number] for number in tried],
        obstacles=[every[number] for number in sorted(set(range(len(shown))) - set(tried))],
    )
    parts = [f'<g class="lp-labels" font-size="{_LABEL:g}">']
    for number, name, corner, end in zip(tried, names, placed.corners, placed.ends, strict=True):
        if corner is None or end is None:
            continue
        if math.dist(end, every[number]) > 10:
            (a, b), (c, d) = every[number], end
            parts.append(f'<path d="M{a:.1f},{b:.1f}L{c:.1f},{d:.1f}" stroke="currentColor" stroke-opacity="0.5" stroke-width="0.6"/>')  # fmt: skip
        parts.append(f'<text x="{corner[0]:.1f}" y="{corner[1] + _LABEL * 0.9:.1f}">{html(name)}</text>')
    return [*parts, "</g>"]


def _shortened(name: str) -> str:
    cleaned = clean(name)
    return cleaned if len(cleaned) <= _LONGEST else cleaned[: _LONGEST - 1] + "…"


def _wide(text: str) -> float:
    """About how wide a text is, in the size of its letters: a browser's fonts are not known."""
    return sum(1.05 if ord(char) > 0x2E80 else 0.34 if char in "il.,:;'|!() " else 0.62 for char in text)


def _point(point: Point, across: Axis, up: Axis, x: Column, y: Column, address: str) -> str:
    at = _values(point, across, up)
    left, top = _place(at, across, up)
    lines = told(point, x, y)
    sides = {"x": across.beyond(at[0]), "y": up.beyond(at[1])}
    if any(sides.values()):
        lines.insert(1, "beyond the axis, drawn at its end")
    shape = shape_svg(look_of(point), left, top)
    text = "\n".join(map(html, lines))
    inner = f"<title>{text}</title>{shape}"
    if address:
        safe = html(address)
        return f'<a class="lp-point" href="{safe}" data-name="{html(point.name)}" aria-label="{html(", ".join(lines[:3]))}">{inner}</a>'  # fmt: skip
    return (
        f'<g class="lp-point" tabindex="0" role="img" data-name="{html(point.name)}" '
        f'aria-label="{html(", ".join(lines[:3]))}">{inner}</g>'
    )


def shape_svg(look: Marking, left: float, top: float) -> str:
    """A mark as SVG with its middle at that place."""
    r = look.radius * _SCALE
    # What is dark on paper is of the colour of the text, so that it is seen on a dark page.
    colour, edge = ("currentColor" if one == DARK else one for one in (look.colour, look.edge or look.colour))
    paint = f'fill="{colour if look.filling == "full" else "#ffffff"}" stroke="{edge}" stroke-width="1.3"'
    match look.shape:
        case "circle":
            body = f'<circle cx="{left:.1f}" cy="{top:.1f}" r="{r:.1f}" {paint}/>'
        case "cross" | "plus":
            d = (
                f"M{left - r:.1f},{top - r:.1f}l{2 * r:.1f},{2 * r:.1f}m0,{-2 * r:.1f}l{-2 * r:.1f},{2 * r:.1f}"
                if look.shape == "cross"
                else f"M{left - r:.1f},{top:.1f}h{2 * r:.1f}M{left:.1f},{top - r:.1f}v{2 * r:.1f}"
            )
            body = f'<path d="{d}" fill="none" stroke="{edge}" stroke-width="1.6"/>'
        case _:
            corners = " ".join(f"{left + a * r:.1f},{top + b * r:.1f}" for a, b in _CORNERS[look.shape])
            body = f'<polygon points="{corners}" {paint}/>'
    if look.filling == "half":
        body += (
            f'<path d="M{left - r:.1f},{top:.1f}h{2 * r:.1f}" stroke="{edge}" stroke-width="{r * 0.9:.1f}"/>'
        )
    return body


_CORNERS: dict[str, list[tuple[float, float]]] = {
    "triangle": [(0, -1.15), (1.05, 0.75), (-1.05, 0.75)],
    "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    "star": [
        (size * math.sin(math.pi * k / 5), -size * math.cos(math.pi * k / 5))
        for k in range(10)
        for size in [1.15 if k % 2 == 0 else 0.47]
    ],
}


def _legend(entries: Sequence[tuple[Marking, str]], x: Column) -> list[str]:
    parts = ['<g class="lp-legend" font-size="11">']
    width = (_WIDTH - _LEFT - _RIGHT) / 3
    for number, (look, words) in enumerate([*entries, (None, front_words(x))]):
        left, top = _LEFT + number % 3 * width, _HEIGHT + 6 + number // 3 * _ROW
        if look is None:
            parts.append(
                f'<path d="M{left:.1f},{top:.1f}h18" stroke="currentColor" stroke-opacity="0.7" stroke-dasharray="6 3"/>'
            )
        else:
            parts.append(shape_svg(look, left + 9, top))
        parts.append(f'<text x="{left + 24:.1f}" y="{top + 4:.1f}">{html(words)}</text>')
    return [*parts, "</g>"]
