"""Where a gain over noisy lies: by input SNR, in the bands of the FAC encoder, and by SNR and frequency together.

The scores are those of `litdb model where` and of `where --group`. By frequency stands how much less error there is than in
noisy: ratio of the error's power before and after in bands as wide as they are heard, in dB, mean over files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

from model.data import audio
from model.evaluation.alignment import equal_length
from model.evaluation.groups import NOISY, SeedGroup, compare_groups
from model.evaluation.measuring import Progress
from model.evaluation.pool import network_of, processed
from model.evaluation.summary import TestSet
from model.evaluation.systems import System
from model.evaluation.test_data import TestData
from model.evaluation.where import SNR_GROUPS, on, where
from model.figures.sources import snr_of
from model.figures.style import BLUE, GREY, Array, canvas, hertz_axis, hertz_of_mel, letters, mel
from model.metrics import RATE
from model.networks.codes import N_BINS, NYQUIST_HZ
from model.stft import stft

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BANDS = 24
"""Bands by frequency, equally wide on the mel scale; narrower ones than a bin are joined."""
TINY = 1e-12
FEW = 5
"""Intervals over fewer files stretch no axis; where they go on, an arrow says so."""


class Difference(Protocol):
    """A mean over files with its interval: of files alone, or of seeds and files."""

    @property
    def mean(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def files(self) -> int: ...


@dataclass(frozen=True, slots=True)
class GainPart:
    """A group of files or a band: gains over noisy in PESQ and in dB (SI-SDR; in a band, clean to error)."""

    label: str
    files: int
    pesq: Difference | None
    db: Difference | None


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """Gains of a network, or of several seeds of it, over noisy.

    `less_error` [groups of SNR, bands] in dB, NaN for a group without files; `edges` [bands + 1] in Hz.
    """

    name: str
    seeds: int
    test_set: TestSet
    overall: dict[str, Difference | None]
    by_snr: tuple[GainPart, ...]
    by_band: tuple[GainPart, ...]
    edges: Array
    less_error: Array
    failed: dict[str, str]
    remarks: tuple[str, ...]


def gain(name: str, systems: Sequence[System], data: TestData, *, workers: int, progress: Progress) -> Gain:
    """Measure the gain of one checkpoint, or of several that differ in their seed.

    Raises EvaluationError when no file (for several checkpoints, fewer than two) can be scored.
    """
    if len(systems) == 1:
        one = where(NOISY, systems[0], data, workers=workers, progress=progress)
        overall: dict[str, Difference | None] = {**one.overall}
        snr = [GainPart(part.label, part.files, part.pesq, part.si_sdr) for part in one.by_snr]
        band = [GainPart(part.label, part.files, part.pesq, part.clean_to_error) for part in one.by_band]
        failed, said = one.failed, one.remarks
    else:
        labelled = tuple(
            System(f"{name}/{place}", "checkpoint", system.path)
            for place, system in enumerate(systems, start=1)
        )
        group = SeedGroup(name, labelled)
        many = compare_groups(SeedGroup("noisy", (NOISY,)), group, data, workers=workers, progress=progress)
        overall = {**many.overall}
        snr = [GainPart(part.label, part.files, part.pesq, part.si_sdr) for part in many.by_snr]
        band = [GainPart(part.label, part.files, part.pesq, part.clean_to_error) for part in many.by_band]
        failed, said = many.failed, many.remarks
    edges = band_edges()
    less = less_error(systems, data, edges, progress, set(failed))
    return Gain(
        name, len(systems), data.test_set, overall, tuple(snr), tuple(band), edges, less, dict(failed), said
    )


def band_edges() -> Array:
    """Edges in Hz of the bands by frequency, [bands + 1], each at the lower edge of a bin."""
    wanted = hertz_of_mel(np.linspace(0, float(mel(NYQUIST_HZ)), BANDS + 1))
    step = NYQUIST_HZ / (N_BINS - 1)
    return np.unique(np.round(wanted / step)) * step


def less_error(
    systems: Sequence[System], data: TestData, edges: Array, progress: Progress, without: set[str]
) -> Array:
    """How much less error there is than in noisy, [groups of SNR, bands] in dB, mean over files and checkpoints."""
    found: list[list[Array]] = [[] for _ in SNR_GROUPS]
    pairs = [pair for pair in data.pairs if pair.id not in without]
    for number, pair in enumerate(pairs, start=1):
        clean, noisy = audio.read_at(pair.clean, RATE), audio.read_at(pair.noisy, RATE)
        snr = snr_of(pair)
        group = next(place for place, known in enumerate(SNR_GROUPS) if snr in known)
        before = _in_bands(noisy, clean, edges)
        for system in systems:
            assert system.path is not None
            after = _in_bands(processed(network_of(system.path), noisy), clean, edges)
            found[group].append(10 * np.log10((before + TINY) / (after + TINY)))
        progress("by frequency", number, len(pairs))
    return np.array([np.mean(rows, axis=0) if rows else np.full(len(edges) - 1, np.nan) for rows in found])


def _in_bands(signal: audio.Samples, clean: audio.Samples, edges: Array) -> Array:
    """Power of the error of a signal in each band, [bands]."""
    clean, signal, _ = equal_length(clean, signal)
    error = (
        stft(torch.from_numpy(signal - clean)[None])[0].abs().square().double().sum(dim=1).numpy()
    )  # [257]
    starts = np.round(edges[:-1] * (N_BINS - 1) / NYQUIST_HZ).astype(int)
    return np.asarray(np.add.reduceat(error, starts))


def caption(found: Gain) -> str:
    """What must be known to read the figure."""
    over = "files" if found.seeds == 1 else f"{found.seeds} seeds and files"
    return (
        f"Gain of {found.name} over noisy on {on(found.test_set)}: means with the 95 % interval over {over}. (a), (b) by the "
        "SNR of the noisy file. (c), (d) its signal inside a band and clean outside, against noisy so treated; in (d) the "
        "ratio of the whole clean signal to the error in the band. (e) How much less error there is than in noisy, by SNR and "
        f"frequency, mean over files{'' if found.seeds == 1 else ' and seeds'}. Arrow: the interval goes on. {' '.join(_sentence(text) for text in found.remarks)}"
    ).rstrip()


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def draw(found: Gain, columns: int) -> Figure:
    """Gains by SNR and band with intervals, and the map by SNR and frequency."""
    shown = [place for place, part in enumerate(found.by_snr) if part.files]
    if columns == 1:
        figure = canvas(1, 96 + 6 * len(shown))
        layout = figure.subplot_mosaic(
            [["a", "b"], ["c", "d"], ["e", "e"]],
            height_ratios=(1.2 + 0.2 * len(shown), 1.5, 1.2 + 0.2 * len(shown)),
        )
    else:
        figure = canvas(2, 62 + 4 * len(shown))
        layout = figure.subplot_mosaic([["a", "b", "e"], ["c", "d", "e"]], width_ratios=(1, 1, 1.4))
    snr = [found.by_snr[place] for place in shown]
    labels = [f"{part.label.replace(' and more', '+').replace('below', '<')}" for part in snr]
    counted = [
        f"{label}\n({part.files} file{'s' * (part.files > 1)})"
        for label, part in zip(labels, snr, strict=True)
    ]
    _intervals(layout["a"], counted, [part.pesq for part in snr], "PESQ")
    _intervals(layout["b"], [""] * len(snr), [part.db for part in snr], "SI-SDR (dB)")
    bands = [part.label.replace(" Hz", "\nHz") for part in found.by_band]
    _intervals(layout["c"], bands, [part.pesq for part in found.by_band], "PESQ")
    _intervals(layout["d"], [""] * len(bands), [part.db for part in found.by_band], "Clean/error (dB)")
    _map(figure, layout["e"], found, shown, labels)
    letters([layout[name] for name in "abcde"])
    return figure


def reach(values: Sequence[Difference]) -> tuple[float, float]:
    """Limits of an axis that show zero, every mean and the intervals of FEW files and more.

    The interval of two files is some twelve times as wide as their spread; it would leave no room for the others.
    """
    ends = [0.0, *(value.mean for value in values)]
    wide = [value for value in values if value.files >= FEW] or values
    ends += [end for value in wide for end in (value.low, value.high) if end is not None]
    low, high = min(ends), max(ends)
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def _intervals(axes: Axes, labels: Sequence[str], values: Sequence[Difference | None], title: str) -> None:
    """One point a row, the first at the bottom, with its interval; zero is no gain."""
    axes.axvline(0, color=GREY, linewidth=0.6, zorder=0.5)
    low, high = reach([value for value in values if value is not None])
    for place, value in enumerate(values):
        if value is None:
            axes.annotate("no value", (0, place), (3, 0), textcoords="offset points", va="center", color=GREY)
            continue
        if value.low is not None and value.high is not None:
            axes.plot([max(value.low, low), min(value.high, high)], [place, place], color=BLUE)
            for end, marker, cut in ((low, "<", value.low < low), (high, ">", value.high > high)):
                if cut:
                    axes.plot([end], [place], marker, color=BLUE, markersize=3, clip_on=False)
        axes.plot([value.mean], [place], "o", color=BLUE, markersize=4)
    axes.set_xlim(low, high)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.set_title(title, loc="left")
    axes.locator_params(axis="x", nbins=4)


def _map(figure: Figure, axes: Axes, found: Gain, shown: Sequence[int], labels: Sequence[str]) -> None:
    values = found.less_error[list(shown)]
    far = max(1.0, float(np.nanmax(np.abs(values)))) if values.size else 1.0
    image = axes.pcolormesh(
        found.edges,
        np.arange(len(shown) + 1) - 0.5,
        values,
        cmap="RdBu",
        vmin=-far,
        vmax=far,
        rasterized=True,
    )
    hertz_axis(axes)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_title("Less error than noisy", loc="left")
    figure.colorbar(image, ax=axes, label="dB", aspect=12, pad=0.02)
