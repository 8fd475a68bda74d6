"""A genealogy as a small figure: time across, one line for each printed number, an arrow from source to copy."""

from __future__ import annotations

from litdb.evidence.tracing.genealogy import Genealogy, Trace
from litdb.report.escape import clean, html
from litdb.values.value import Value

_WIDTH, _LEFT, _RIGHT, _TOP, _LINE = 720, 90, 130, 46, 54
_COLOUR = {Trace.ORIGINAL: "#666666", Trace.SLIP: "#D55E00", Trace.FORM: "#0072B2"}
_DASH = {Trace.ORIGINAL: ' stroke-dasharray="2 3"', Trace.SLIP: "", Trace.FORM: ' stroke-dasharray="6 3"'}


def genealogy_svg(found: Genealogy) -> str:
    """The figure as SVG. The same genealogy gives the same bytes."""
    lanes = sorted({value.printed for value in found.cells})
    days = [value.row.document.date.toordinal() for value in found.cells if value.row.document.date]
    first, last = (min(days), max(days)) if days else (0, 1)
    places: dict[str, tuple[float, float]] = {}
    used: dict[str, list[float]] = {lane: [] for lane in lanes}
    for value in found.cells:
        date = value.row.document.date
        share = (date.toordinal() - first) / max(last - first, 1) if date else 1.0
        x = _LEFT + share * (_WIDTH - _LEFT - _RIGHT)
        y = (
            _TOP
            + lanes.index(value.printed) * _LINE
            + 14 * (sum(abs(x - other) < 70 for other in used[value.printed]) % 3)
        )
        used[value.printed].append(x)
        places[value.row.key] = (x, y)
    height = _TOP + len(lanes) * _LINE + 34
    title = f"{found.name}, {found.metric}" + (f" on {found.dataset}" if found.dataset else "")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="10">',
        f"<title>Who copied from whom: {html(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="8" y="18" font-size="13">{html(clean(title))}</text>',
        '<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="7" refY="3" orient="auto">'
        '<path d="M0,0 L7,3 L0,6 z" fill="#333333"/></marker></defs>',
    ]
    for number, lane in enumerate(lanes):
        parts.append(f'<text x="8" y="{_TOP + number * _LINE + 4}">{html(clean(lane))}</text>')
    for edge in found.edges:
        (x1, y1), (x2, y2) = places[edge.parent.row.key], places[edge.child.row.key]
        parts.append(
            f'<path d="M{x1:.1f},{y1:.1f} Q{(x1 + x2) / 2:.1f},{min(y1, y2) - 22:.1f} {x2:.1f},{y2 - 4:.1f}" fill="none" '
            f'stroke="{_COLOUR[edge.kind]}"{_DASH[edge.kind]} marker-end="url(#tip)"><title>{html(clean(edge.words))}</title></path>'
        )
    parts += [_node(value, *places[value.row.key]) for value in found.cells]
    legend = "orange: a shared slip; blue: a shared form; grey: as the original"
    parts.append(f'<text x="8" y="{height - 8}" font-size="9">{legend}</text></svg>')
    return "\n".join(parts) + "\n"


def _node(value: Value, x: float, y: float) -> str:
    source = value.row.document.paper or value.row.document.title
    fill = "#333333" if value.origin == "self" else "white"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{fill}" stroke="#333333"><title>{html(clean(value.cited))}</title></circle>'
        f'<text x="{x + 6:.1f}" y="{y + 3:.1f}">{html(clean(source[:22]))}</text>'
    )
