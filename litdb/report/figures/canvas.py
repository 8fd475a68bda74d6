"""What all drawings on paper have in common: widths, type, fonts, and files that are the same bytes tomorrow."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litdb._written import check_replaced, write_file
from litdb.errors import UsageError
from litdb.report.escape import clean
from litdb.report.figures.fonts import covering
from litdb.report.figures.look import COLUMN_MM, PAGE_MM, TEXT_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".pdf", ".png", ".svg")
DPI = 300
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing as written: the figure, the CSV with its data, and what is to be said of them.

    `boxes` are the characters that no installed font has (drawn as boxes); `notes` what could not all stand in the picture.
    """

    figure: Path
    data: Path
    boxes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def checked_suffix(out: Path, *others: str) -> str:
    """The format that the name of a file says. Raises UsageError for another one."""
    known = (*SUFFIXES, *others)
    if out.suffix.lower() not in known:
        raise UsageError(f"{out.name}: the name of a plot must end in {', '.join(known[:-1])} or {known[-1]}")
    return out.suffix.lower()


def width_of(columns: int) -> float:
    """The width in inches of a drawing over so many columns. Raises UsageError."""
    if columns not in (1, 2):
        raise UsageError(f"a figure stands in 1 column or over 2, not {columns}")
    return (COLUMN_MM if columns == 1 else PAGE_MM) / _MM_PER_INCH


@contextlib.contextmanager
def setting(texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """matplotlib as the house sets it, whatever the caller has set; gives the characters of `texts` that no font has."""
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        families, boxes = covering(map(clean, texts))
        matplotlib.rcParams.update({
            "svg.hashsalt": "litdb", "pdf.fonttype": 42, "font.size": TEXT_PT, "axes.linewidth": 0.6,
            "axes.formatter.use_mathtext": False, "text.parse_math": False, "font.family": families,
        })  # fmt: skip
        # What no font has is a box, and said once; the CSV has it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield boxes


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of that size in inches, on which text can be measured as the PNG will show it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def quiet(axes: Axes) -> None:
    """Thin lines and ticks, a light grid behind everything."""
    axes.tick_params(labelsize=TEXT_PT, width=0.6, length=2.5, pad=2)
    axes.grid(True, color="#e6e6e6", linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)


def make_room(figure: Figure, axes: Axes, width: float) -> None:
    """Move the left side of the axes in where its title would stand outside, as beside labels such as `0.975`; `width` is the figure's, in inches."""
    box = axes.yaxis.get_tightbbox()
    short = 0.0 if box is None else 0.02 - box.x0 / figure.dpi
    if short > 0:
        place = axes.get_position()
        axes.set_position((place.x0 + short / width, place.y0, place.width - short / width, place.height))


def save(figure: Figure, out: Path, csv: str) -> Path:
    """Write the figure, and the CSV under the same stem; gives the CSV's path. Raises UsageError for a CSV there that is no
    figure's and for a database in the place of either, LitdbError where they cannot be written."""
    picture = io.BytesIO()
    figure.savefig(picture, format=out.suffix[1:].lower(), dpi=DPI, metadata=_metadata(out))
    return save_text(picture.getvalue(), out, csv)


def save_text(picture: str | bytes, out: Path, csv: str) -> Path:
    """:func:`save` for a page that is text, or a picture that is drawn."""
    data = out.with_suffix(".csv")
    check_replaced(data)
    if data.is_file() and not _is_of_figure(data, csv):
        raise UsageError(
            f"the numbers of {out} are to stand in {data}, which no figure wrote: move it away, or name another --out"
        )
    write_file(out, picture)
    write_file(data, csv)
    return data


def _is_of_figure(data: Path, csv: str) -> bool:
    """Whether a CSV has the columns of such a figure: as many, the last of the same name; those between name metrics."""
    with data.open(encoding="utf-8", errors="replace", newline="") as file:
        old = file.readline(10_000).rstrip().split(",")
    new = csv.partition("\n")[0].rstrip().split(",")
    return len(old) == len(new) and old[-1] == new[-1]


def _metadata(out: Path) -> dict[str, str | None]:
    """Entries that take date and version out of the file."""
    match out.suffix.lower():
        case ".pdf":
            return {"CreationDate": None, "Creator": "litdb", "Producer": None}
        case ".svg":
            return {"Date": None, "Creator": "litdb"}
        case _:
            return {"Software": None}
