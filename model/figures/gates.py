"""FAC codes and band weights over Hz, and how far gates open, by band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.figures.style import GREY, canvas, hertz_axis, letters, look
from model.inspection.learnt import AttentionPath, Inspection
from model.inspection.parts import BANDS_HZ
from model.networks.codes import BAND_EDGES_HZ, INITIAL_BAND_WEIGHTS, NYQUIST_HZ

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CODES_CAPTION = (
    "Above, the weight of each band (3 softmax, on average 1) in the FAC gate of each encoder layer, grey where training "
    "began. Below, what acts in each bin: {what}, at the frequency in the middle of the bin. Dashed: the edges of the bands."
)
GATES_CAPTION = (
    "By layer and band, on {audio}: the mean of the gate G, and the root mean square of what the gate adds, relative to "
    "its input in the band. A layer without bins in a band has no bar there.{shares}"
)
SHARES = " Below, the share that the gate of MRHA3 gives each branch, by frequency of the bottleneck, mean over frames."


def codes_caption(found: Inspection) -> str:
    """What must be known to read the figure of codes."""
    direct = bool(found.gates) and found.gates[0].kind == "direct"
    return CODES_CAPTION.format(what="the gain" if direct else "the learnt position code times the band's weight")


def draw_codes(found: Inspection, columns: int) -> Figure:
    """Band weights and codes of every layer over Hz."""
    figure = canvas(columns, 92 if columns == 1 else 62)
    above, below = (
        figure.subplots(2, 1, sharex=True, height_ratios=(1, 1.6)) if columns == 1 else figure.subplots(1, 2)
    )
    edges = (0, *BAND_EDGES_HZ, NYQUIST_HZ)
    initial = 3 * np.exp(INITIAL_BAND_WEIGHTS) / np.exp(INITIAL_BAND_WEIGHTS).sum()
    above.stairs(initial, edges, color=GREY, linewidth=2.4, alpha=0.6, baseline=None, label="at first")
    for place, gate in enumerate(found.gates):
        weights = [
            weight if bins else np.nan for weight, bins in zip(gate.weights, gate.band_bins, strict=True)
        ]
        above.stairs(weights, edges, baseline=None, linewidth=1.1, **look(place))
        below.plot(gate.hertz, gate.used, drawstyle="steps-mid", label=f"layer {gate.layer}", **look(place))
    above.set_title("Band weight", loc="left")
    below.set_title("Gain" if found.gates[0].kind == "direct" else "Code × weight", loc="left")
    above.set_ylim(bottom=0)
    for axes in (above, below):
        hertz_axis(axes)
    if columns == 1:
        above.set_xlabel("")
    letters((above, below))
    handles, labels = (
        before + after
        for before, after in zip(
            below.get_legend_handles_labels(), above.get_legend_handles_labels(), strict=True
        )
    )
    figure.legend(handles, labels, loc="outside upper center", ncols=3 if columns == 1 else 6)
    return figure


def gates_caption(found: Inspection, audio: str) -> str:
    """What must be known to read the figure of gates."""
    return GATES_CAPTION.format(audio=audio, shares=SHARES if _gated(found) else "")


def draw_gates(found: Inspection, columns: int) -> Figure:
    """Openings and changes of the FAC gates by layer and band, and shares of the branches by frequency."""
    panels = (["opened", "change"] if found.gates else []) + [path.name for path in _gated(found)]
    width = 2 if columns == 1 else len(panels)
    rows = -(-len(panels) // width)
    figure = canvas(columns, 8 + 42 * rows)
    grid = list(figure.subplots(rows, width, squeeze=False).flat)
    if found.gates:
        _bars(grid[0], found, "gate")
        _bars(grid[1], found, "change")
        grid[1].legend(loc="upper right")
    for axes, path in zip(grid[2 if found.gates else 0 :], _gated(found), strict=False):
        for place, branch in enumerate(path.branches):
            axes.plot(path.hertz, branch.share_by_bin, marker="o", label=branch.name, **look(place))
        axes.axhline(1 / len(path.branches), color=GREY, linewidth=0.6, zorder=0.5)
        axes.set_title(f"Share, {path.name}", loc="left")
        hertz_axis(axes, ticks=(0, 1000, 3400, 8000))
        axes.set_ylim(bottom=0)
        axes.legend(loc="best")
    for axes in grid[len(panels) :]:
        axes.set_visible(False)
    letters(grid[: len(panels)])
    return figure


def _gated(found: Inspection) -> list[AttentionPath]:
    """The paths with several branches, on which audio was heard."""
    return [path for path in found.paths if len(path.branches) > 1 and path.hertz]


def _bars(axes: Axes, found: Inspection, what: str) -> None:
    """One bar a layer and band; the three bands are told apart by their grey as well."""
    for band, (name, colour) in enumerate(zip(BANDS_HZ, ("#08306B", "#4292C6", "#C6DBEF"), strict=True)):
        places, values = [], []
        for gate in found.gates:
            if gate.opening is None:
                continue
            by_band = gate.opening.gate_by_band if what == "gate" else gate.opening.change_by_band
            value = by_band[band]
            if value is not None:
                places.append(gate.layer + 0.27 * (band - 1))
                values.append(value)
        axes.bar(places, values, 0.27, color=colour, edgecolor="black", linewidth=0.4, label=name)
    axes.set_title("Gate G, mean" if what == "gate" else "Added / input", loc="left")
    axes.set_xlabel("Encoder layer")
    axes.set_xticks([gate.layer for gate in found.gates])
