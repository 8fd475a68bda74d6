"""What all figures share: sizes, type, colours, axes in Hz, and files.

A figure is drawn inside `publication()`, which sets matplotlib up and puts back what was set before. Widths are those of
a column and of a page of a two-column paper; text is set in 8 pt. Lines and text are vectors in PDF (TrueType) and SVG;
maps are pictures inside.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litdb.report.escape import clean
from litdb.report.figures.fonts import covering
from model.errors import EvaluationError, ModelUsageError
from model.networks.codes import BAND_EDGES_HZ, NYQUIST_HZ

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

FORMATS = ("pdf", "svg", "png")
WIDTH_MM = {1: 85.0, 2: 170.0}
"""Width over so many columns of a paper of two columns."""
TEXT = 8.0
"""Points."""
DPI = 400
"""Of PNG files, and of maps inside PDF and SVG files."""
_INCH = 25.4

BLACK, BLUE, ORANGE, GREEN, PURPLE, SKY = "#000000", "#0072B2", "#D55E00", "#009E73", "#AA4499", "#56B4E9"
GREY = "#777777"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, BLACK)
"""Okabe and Ito's, told apart with any colour vision; in grey the line styles tell them apart."""
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)))

HERTZ = (0, 300, 1000, 3400, 8000)
"""Ticks of a frequency axis: the edges of the FAC encoder's bands, and one between."""


@contextmanager
def publication(texts: Iterable[str] = ()) -> Iterator[None]:
    """Draw and save inside of this. `texts` are names from outside, for which a font is looked for that has their characters.

    Raises ModelUsageError when matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise ModelUsageError("figures need matplotlib: pip install matplotlib") from error
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        families, _ = covering(texts)
        matplotlib.rcParams.update(
            {
                "font.size": TEXT,
                "axes.labelsize": TEXT,
                "axes.titlesize": TEXT,
                "legend.fontsize": TEXT,
                "xtick.labelsize": TEXT,
                "ytick.labelsize": TEXT,
                "font.family": families,
                "text.parse_math": False,
                "axes.formatter.use_mathtext": False,
                "axes.linewidth": 0.6,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "lines.linewidth": 1.1,
                "lines.markersize": 3,
                "xtick.major.width": 0.6,
                "ytick.major.width": 0.6,
                "xtick.major.size": 2.5,
                "ytick.major.size": 2.5,
                "xtick.major.pad": 2,
                "ytick.major.pad": 2,
                "axes.labelpad": 2,
                "axes.titlepad": 3,
                "legend.frameon": False,
                "legend.handlelength": 1.8,
                "legend.handletextpad": 0.4,
                "legend.columnspacing": 1.0,
                "legend.labelspacing": 0.25,
                "legend.borderaxespad": 0.2,
                "figure.constrained_layout.h_pad": 0.02,
                "figure.constrained_layout.w_pad": 0.02,
                "image.cmap": "viridis",
                "image.interpolation": "none",
                "pdf.fonttype": 42,
                "svg.hashsalt": "litdb",
            }
        )
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def canvas(columns: int, height_mm: float) -> Figure:
    """An empty figure over so many columns."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH_MM[columns] / _INCH, height_mm / _INCH), dpi=DPI, layout="constrained")


def rendered(figure: Figure, format: str) -> bytes:
    """The figure as a file of one of FORMATS; the same figure gives the same bytes."""
    metadata: dict[str, dict[str, str | None]] = {
        "pdf": {"CreationDate": None, "Creator": "litdb", "Producer": None},
        "svg": {"Date": None, "Creator": "litdb"},
        "png": {"Software": None},
    }
    held = io.BytesIO()
    figure.savefig(held, format=format, dpi=DPI, metadata=metadata[format])
    return held.getvalue()


def format_of(path: Path) -> str:
    """The format that a file's name asks for. Raises ModelUsageError for another than FORMATS."""
    found = path.suffix.lower().removeprefix(".")
    if found not in FORMATS:
        raise ModelUsageError(
            f"{path.name}: the name of a figure must end in {', '.join(f'.{name}' for name in FORMATS[:-1])} "
            f"or .{FORMATS[-1]}"
        )
    return found


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all. Raises EvaluationError when it cannot be written."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as error:
        raise EvaluationError(
            f"{error.filename or path} cannot be written ({error.strerror}); name another place with --out"
        ) from None
    return path


def save(figure: Figure, path: Path) -> Path:
    """Write a figure in the format that its name asks for. Raises ModelUsageError, EvaluationError."""
    return write_whole(path, rendered(figure, format_of(path)))


def look(place: int) -> dict[str, Any]:
    """Colour and line style of the line at a place of a legend."""
    return {"color": COLOURS[place % len(COLOURS)], "linestyle": LINES[place % len(LINES)]}


def letters(panels: Sequence[Axes]) -> None:
    """`(a)`, `(b)`, ... in front of the titles of the panels."""
    for place, axes in enumerate(panels):
        words = axes.get_title(loc="left")
        axes.set_title(f"({chr(ord('a') + place)}) {words}".rstrip(), loc="left")


def short(text: str, longest: int = 28) -> str:
    """A name from outside as it can stand in a figure: one line, its middle left out where it is long."""
    text = clean(text)
    if len(text) <= longest:
        return text
    half = (longest - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def hertz_axis(axes: Axes, along: str = "x", edges: bool = True, ticks: Sequence[int] = HERTZ) -> None:
    """A frequency axis from 0 to 8000 Hz as wide as it is heard (mel), with the edges of the FAC bands as lines."""
    setter = axes.set_xscale if along == "x" else axes.set_yscale
    setter("function", functions=(mel, hertz_of_mel))
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_ticks(list(ticks), labels=[str(tick) for tick in ticks])
    axis.set_ticks([], minor=True)
    (axes.set_xlim if along == "x" else axes.set_ylim)(0, NYQUIST_HZ)
    axis.set_label_text("Frequency (Hz)")
    if edges:
        line = axes.axvline if along == "x" else axes.axhline
        for edge in BAND_EDGES_HZ:
            line(edge, color=GREY, linewidth=0.6, linestyle=(0, (2, 2)), zorder=0.5)


def mel(hertz: Any) -> Array:
    """Hz on the mel scale (O'Shaughnessy 1987), where equal steps are heard alike."""
    return np.asarray(2595 * np.log10(1 + np.maximum(hertz, 0) / 700), dtype=np.float64)


def hertz_of_mel(value: Any) -> Array:
    """The inverse of `mel`."""
    return np.asarray(700 * (10 ** (np.asarray(value) / 2595) - 1), dtype=np.float64)
