"""Where the row path (along frequency) and the column path (along time) attend to, one map a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.figures.style import canvas
from model.inspection.learnt import AttentionPath, Inspection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTION = (
    "Attention of the bottleneck on {audio}: row path along frequency (mean over frames), column path along time (mean over "
    "bins). From each position (up) to each (right), as a multiple of even attention over all positions; white is "
    "even. Each row of a map averages to 1."
)
TICKS_HZ = (1000, 4000, 7000)
STRETCH = 2.0
"""The largest multiple that the colours tell apart is at least this."""


def caption(audio: str) -> str:
    """What must be known to read the figure."""
    return CAPTION.format(audio=audio)


def draw(found: Inspection, columns: int) -> Figure:
    """A row of maps for each path, each row with its colour bar."""
    most = max(len(path.branches) for path in found.paths)
    figure = canvas(columns, (10 + 37 * len(found.paths)) if columns == 1 else 8 + 52 * len(found.paths))
    grid = figure.subplots(len(found.paths), most, squeeze=False)
    for axes_of_path, path in zip(grid, found.paths, strict=True):
        _path(figure, list(axes_of_path), path)
    return figure


def relative(path: AttentionPath) -> list[Any]:
    """The maps of a path as multiples of even attention, [queries, keys]."""
    return [np.asarray(branch.map) * branch.keys for branch in path.branches]


def _path(figure: Figure, grid: list[Any], path: AttentionPath) -> None:
    from matplotlib.colors import LogNorm

    maps = relative(path)
    # the same colour for as much more as for as much less, up to what all but the outermost hundredth reach
    far = max(STRETCH, *(float(np.quantile(np.maximum(values, 1e-9), 0.99)) for values in maps))
    norm = LogNorm(1 / far, far)
    row = path.name == "row"
    for place, (axes, branch, values) in enumerate(zip(grid, path.branches, maps, strict=False)):
        assert branch.extent is not None
        image = axes.imshow(
            np.maximum(values, 1e-9),
            origin="lower",
            aspect="auto",
            extent=branch.extent,
            norm=norm,
            cmap="PuOr_r",
        )
        axes.set_xlim(branch.extent[2], branch.extent[3])
        axes.set_ylim(branch.extent[2], branch.extent[3])
        axes.set_title(f"{path.name}, {branch.name}")
        if row:
            shown = [tick for tick in TICKS_HZ if branch.extent[2] <= tick <= branch.extent[3]]
            axes.set_xticks(shown, [f"{tick / 1000:g}" for tick in shown])
            axes.set_yticks(shown, [f"{tick / 1000:g}" for tick in shown])
        else:
            axes.locator_params(nbins=3)
        if place:
            axes.set_yticklabels([])
        axes.set_xlabel("To (kHz)" if row else "To (s)")
    for axes in grid[len(path.branches) :]:
        axes.set_visible(False)
    grid[0].set_ylabel("From (kHz)" if row else "From (s)")
    bar = figure.colorbar(image, ax=grid, label="× even", extend="both", aspect=12, pad=0.02)
    ticks = [tick for tick in (0.01, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0) if 1 / far <= tick <= far]
    bar.set_ticks(list(ticks), labels=[f"{tick:g}" for tick in ticks])
    bar.ax.minorticks_off()
