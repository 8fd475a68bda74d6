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
    "(a) The weight of each band (3 softmax, on average 1) in the FAC gate of each encoder layer. Then, layer by layer, what "
    "acts in each bin: {what}, at the frequency in the middle of the bin. Grey: where training began. Dashed: the edges of "
    "the bands, 300 and 3400 Hz."
)
GATES_CAPTION = (
    "By layer and band, on {audio}: the mean of the gate G, and the root mean square of what the gate adds, relative to "
    "its input in the band. A layer without bins in a band has no bar there.{shares}"
)
SHARES = " Below, the share that the gate of MRHA3 gives each branch, by frequency of the bottleneck, mean over frames."


def codes_caption(found: Inspection) -> str:
    """What must be known to read the figure of codes."""
    direct = bool(found.gates) and found.gates[0].kind == "direct"
    return CODES_CAPTION.format(
        what="the gain" if direct else "the learnt position code times the band's weight"
    )


def draw_codes(found: Inspection, columns: int) -> Figure:
    """Band weights of all layers over Hz, and the code of each."""
    panels = 1 + len(found.gates)
    width = columns
    rows = -(-panels // width)
    figure = canvas(columns, (40 + 16 * (rows - 1)) if columns == 1 else 8 + 26 * rows)
    heights = [1.6, *[1.0] * (rows - 1)] if columns == 1 else [1.0] * rows
    grid = list(figure.subplots(rows, width, squeeze=False, height_ratios=heights).flat)
    weights, codes = grid[0], grid[1:panels]
    edges = (0, *BAND_EDGES_HZ, NYQUIST_HZ)
    initial = 3 * np.exp(INITIAL_BAND_WEIGHTS) / np.exp(INITIAL_BAND_WEIGHTS).sum()
    weights.stairs(initial, edges, color=GREY, linewidth=2.4, alpha=0.5, baseline=None, label="at first")
    direct = found.gates[0].kind == "direct"
    for place, (gate, axes) in enumerate(zip(found.gates, codes, strict=True)):
        shown = [
            weight if bins else np.nan for weight, bins in zip(gate.weights, gate.band_bins, strict=True)
        ]
        weights.stairs(shown, edges, baseline=None, **look(place))
        axes.plot(gate.hertz, gate.at_first, drawstyle="steps-mid", color=GREY, linewidth=1.6, alpha=0.5)
        style = look(place)
        axes.plot(gate.hertz, gate.used, drawstyle="steps-mid", linewidth=0.9, color=style["color"])
        weights.plot([], [], label=f"layer {gate.layer}", **style)
        axes.set_title(f"Layer {gate.layer}: {'gain' if direct else 'code × weight'}", loc="left")
        axes.locator_params(axis="y", nbins=3)
    weights.set_title("Band weight", loc="left")
    top = max(max(max(gate.used), max(gate.at_first)) for gate in found.gates)
    bottom = min(0.0, *(min(gate.used) for gate in found.gates))
    for axes in codes:  # one scale, so that layers can be compared
        axes.set_ylim(bottom - 0.05 * (top - bottom), top + 0.05 * (top - bottom))
    weights.set_ylim(bottom=0)
    for place, axes in enumerate(grid):
        hertz_axis(axes)
        axes.set_visible(place < panels)
        if place < panels - width:
            axes.set_xlabel("")
            if columns == 1:
                axes.tick_params(labelbottom=False)
    letters(grid[:panels])
    handles, labels = weights.get_legend_handles_labels()
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
    figure = canvas(columns, 14 + 40 * rows)
    grid = list(figure.subplots(rows, width, squeeze=False).flat)
    if found.gates:
        _bars(grid[0], found, "gate")
        _bars(grid[1], found, "change")
    for axes, path in zip(grid[2 if found.gates else 0 :], _gated(found), strict=False):
        for place, branch in enumerate(path.branches):
            axes.plot(path.hertz, branch.share_by_bin, marker="o", label=branch.name, **look(place))
        axes.axhline(1 / len(path.branches), color=GREY, linewidth=0.6, zorder=0.5)
        axes.set_title(f"Share, {path.name}", loc="left")
        hertz_axis(axes, ticks=(0, 1000, 3400, 8000))
        axes.set_ylim(0, 1)
    for axes in grid[len(panels) :]:
        axes.set_visible(False)
    letters(grid[: len(panels)])
    named = {
        label: handle
        for axes in grid[: len(panels)]
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(named.values(), named.keys(), loc="outside upper center", ncols=3 if columns == 1 else 6)
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
    if what == "gate":
        axes.set_ylim(0, 1)
