"""How scores of files are spread, as a small drawing in the page."""

from __future__ import annotations

from markupsafe import Markup, escape

from litdb.catalogue.views.pages.scores import ScoreSpread
from litdb.report.escape import clean

_WIDE, _HIGH, _MARGIN = 360.0, 120.0, 18.0


def bars(spread: ScoreSpread) -> Markup:
    """The spread as bars with the median as a line; its colours are those of the text around it."""
    most = max(spread.bars)
    width = (_WIDE - 2 * _MARGIN) / len(spread.bars)
    parts = [
        f'<rect x="{_MARGIN + place * width:.1f}" y="{_HIGH - _MARGIN - high:.1f}" width="{width - 1:.1f}" height="{high:.1f}"/>'
        for place, count in enumerate(spread.bars)
        if (high := count / most * (_HIGH - 2 * _MARGIN)) > 0
    ]
    span = spread.most - spread.least
    middle = (
        _MARGIN + (spread.quartiles[1] - spread.least) / span * (_WIDE - 2 * _MARGIN) if span else _WIDE / 2
    )
    said = escape(
        clean(f"{spread.metric} by file on {spread.dataset}: from {spread.least:.3g} to {spread.most:.3g}, median {spread.quartiles[1]:.3g}")
    )  # fmt: skip
    floor = _HIGH - _MARGIN
    return Markup(
        f'<svg class="bars" role="img" aria-label="{said}" viewBox="0 0 {_WIDE:g} {_HIGH:g}" width="{_WIDE:g}" height="{_HIGH:g}">'
        f'<g fill="currentColor" fill-opacity="0.45">{"".join(parts)}</g>'
        f'<line x1="{_MARGIN:g}" y1="{floor:g}" x2="{_WIDE - _MARGIN:g}" y2="{floor:g}" stroke="currentColor"/>'
        f'<line x1="{middle:.1f}" y1="6" x2="{middle:.1f}" y2="{floor:g}" stroke="currentColor" stroke-dasharray="3 2"/>'
        f'<g fill="currentColor" font-size="11"><text x="{_MARGIN:g}" y="{_HIGH - 5:g}">{spread.least:.3g}</text>'
        f'<text x="{_WIDE - _MARGIN:g}" y="{_HIGH - 5:g}" text-anchor="end">{spread.most:.3g}</text></g></svg>'
    )
