"""Training curves: losses, what was measured on the held-out utterances, the learning rate, and where the discriminator starts.

Runs that differ in nothing but their seed are one line, the mean of them, with a band from the smallest to the largest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from model.errors import EvaluationError, ModelUsageError
from model.figures.sources import Source, seed_of, settings
from model.figures.style import GREY, canvas, letters, look, short
from model.training.recipe import Recipe

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PARTS = ("complex", "magnitude", "wave")
"""The parts of the reconstruction loss."""
ADVERSARIAL = ("adversarial", "discriminator")


@dataclass(frozen=True, slots=True)
class Course:
    """A value over the epochs (from 1): mean, smallest and largest of the runs that have it there."""

    epochs: tuple[int, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Training:
    """Runs of one recipe. Values by name: `train`, `validation` (reconstruction loss, without the adversarial part), those of
    PARTS and ADVERSARIAL, `pesq`, `stoi`, `rate`; only what the logs have."""

    label: str
    runs: tuple[str, ...]
    seeds: tuple[int | None, ...]
    values: Mapping[str, Course]
    discriminator: int | None
    """The first epoch (from 1) in which the discriminator trains; None when it never does."""
    selected: tuple[int, ...]
    """Epoch of the best checkpoint by composite of each run, where it has one."""


def trainings(sources: Sequence[Source]) -> tuple[Training, ...]:
    """The trainings of these runs, grouped by what they are runs of, in the order given.

    Raises ModelUsageError for a run given twice, EvaluationError for one without a log of epochs.
    """
    groups: dict[str, list[Source]] = {}
    known: set[str] = set()
    for source in sources:
        if source.run is None:
            raise EvaluationError(source.no_run)
        if (place := str(source.run.path.resolve())) in known:
            raise ModelUsageError(f"{source.run.path} is given twice")
        known.add(place)
        config = source.config()
        if config.get("kind") != "training":
            raise EvaluationError(f"{source.name} is no training and has no log of epochs")
        groups.setdefault(settings(config), []).append(source)
    labels = [str(members[0].config().get("model") or members[0].name) for members in groups.values()]
    return tuple(
        _training(label if labels.count(label) == 1 else f"{label} ({members[0].name})", members)
        for label, members in zip(labels, groups.values(), strict=True)
    )


def _training(label: str, members: Sequence[Source]) -> Training:
    found: dict[str, dict[int, list[float]]] = {}
    selected = []
    for source in members:
        assert source.run is not None
        epochs = source.run.epochs()
        if not epochs:
            raise EvaluationError(f"{source.name} has no epoch in log.jsonl, or no log.jsonl at all")
        for event in epochs:
            for name, value in _values(event).items():
                found.setdefault(name, {}).setdefault(event["epoch"], []).append(value)
        selected += [entry.epoch for entry in source.run.checkpoints() if entry.name == "best-composite"]
    return Training(
        label=label,
        runs=tuple(source.name for source in members),
        seeds=tuple(seed_of(source.config()) for source in members),
        values={name: _course(by_epoch) for name, by_epoch in found.items()},
        discriminator=_discriminator(members[0].config()),
        selected=tuple(selected),
    )


def _values(event: Mapping[str, Any]) -> dict[str, float]:
    """What an epoch's line says, as far as it is numbers."""
    train, validation = (
        part if isinstance(part := event.get(key), Mapping) else {} for key in ("train", "validation")
    )
    found = {
        "rate": event.get("learning_rate"),
        "validation": validation.get("loss"),
        "pesq": validation.get("pesq"),
        "stoi": validation.get("stoi"),
        **{name: train.get(name) for name in (*PARTS, *ADVERSARIAL)},
    }
    total, adversarial = train.get("total"), train.get("adversarial")
    if _is_number(total):
        weight = event.get("adversarial_weight")
        # what is said of the held-out utterances has no adversarial part, so this has none
        found["train"] = total - (
            weight * adversarial if _is_number(weight) and _is_number(adversarial) else 0.0
        )
    return {name: float(value) for name, value in found.items() if _is_number(value)}


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _course(by_epoch: Mapping[int, Sequence[float]]) -> Course:
    epochs = tuple(sorted(by_epoch))
    values = [by_epoch[epoch] for epoch in epochs]
    return Course(
        epochs,
        tuple(float(np.mean(entry)) for entry in values),
        tuple(map(min, values)),
        tuple(map(max, values)),
    )


def _discriminator(config: Mapping[str, Any]) -> int | None:
    """Raises ModelUsageError for a recipe of another version."""
    recipe = Recipe.from_json(config.get("recipe") or {})
    first = recipe.first_adversarial_epoch
    return first + 1 if recipe.discriminates(first) and first < recipe.epochs else None


def caption(found: Sequence[Training]) -> str:
    """What must be known to read the figure."""
    said = []
    for training in found:
        runs = len(training.runs)
        seeds = ", ".join("not stated" if seed is None else str(seed) for seed in training.seeds)
        if runs > 1:
            said.append(
                f"{training.label}: mean of {runs} runs (seeds {seeds}), the band from smallest to largest."
            )
        else:
            said.append(f"{training.label}: one run (seed {seeds}).")
    starts = {training.discriminator for training in found} - {None}
    if starts:
        said.append(
            f"Dashed vertical line: the discriminator trains from epoch {', '.join(map(str, sorted(map(int, filter(None, starts)))))} on."
        )
    else:
        said.append("No discriminator takes part.")
    said.append(
        "Losses are the reconstruction loss, without the adversarial part; PESQ and STOI are means over the utterances held "
        "out for validation."
    )
    if len(found) == 1 and len(found[0].selected) == 1:
        said.append(f"Star: the best checkpoint by composite (epoch {found[0].selected[0]}).")
    return " ".join(said)


def draw(found: Sequence[Training], columns: int) -> Figure:
    """The curves of one training with the parts of its loss, or of several in one line each."""
    panels: list[tuple[str, Callable[[Axes], None], float]] = [
        ("Loss", lambda axes: _losses(axes, found), 1.5 if len(found) == 1 else 1.2)
    ]
    if any(name in training.values for training in found for name in ADVERSARIAL):
        panels.append(("Adversarial losses", lambda axes: _adversarial(axes, found), 1.0))
    for name, title in (("pesq", "PESQ"), ("stoi", "STOI")):
        if any(name in training.values for training in found):
            panels.append((f"{title}, validation", lambda axes, name=name: _metric(axes, found, name), 1.0))  # type: ignore[misc]
    panels.append(("Learning rate", lambda axes: _rates(axes, found), 0.8))
    width = 1 if columns == 1 else 2
    rows = -(-len(panels) // width)
    heights = [panel[2] for panel in panels] if width == 1 else [1.0] * rows
    figure = canvas(columns, 12 + (26 if width == 1 else 38) * sum(heights))
    grid = figure.subplots(rows, width, sharex=True, squeeze=False, height_ratios=heights)
    used = list(grid.flat)[: len(panels)]
    for axes, (title, fill, _height) in zip(used, panels, strict=True):
        axes.set_title(title, loc="left")
        starts = [training.discriminator for training in found]
        for place, first in enumerate(starts):
            if first is not None:
                colour = GREY if len(set(starts)) == 1 else look(place)["color"]
                axes.axvline(first - 0.5, color=colour, linewidth=0.7, linestyle=(0, (3, 2)))
        fill(axes)
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_visible(False)
    for axes in used[-1:] if width == 1 else used:
        axes.set_xlabel("Epoch")
        axes.tick_params(labelbottom=True)
        axes.xaxis.get_major_locator().set_params(integer=True)
    letters(used)
    if len(found) > 1:
        handles, labels = used[-1].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=2 * columns)
    return figure


def _line(axes: Axes, course: Course, place: int, label: str = "", **more: Any) -> None:
    """A value over the epochs with the band between runs."""
    style = {"marker": "." if len(course.epochs) < 2 else None, **look(place), **more}
    axes.plot(course.epochs, course.mean, label=label, markevery=max(1, len(course.epochs) // 8), **style)
    if course.low != course.high:
        axes.fill_between(
            course.epochs, course.low, course.high, color=style["color"], alpha=0.25, linewidth=0
        )


def _marker(found: Sequence[Training], place: int) -> str | None:
    """What tells several trainings apart where a figure is printed in grey."""
    return None if len(found) == 1 else "os^Dv<"[place % 6]


def _losses(axes: Axes, found: Sequence[Training]) -> None:
    for place, training in enumerate(found):
        lone = len(found) == 1
        names = ("train", "validation", *(PARTS if lone else ()))
        for number, name in enumerate(names):
            if name not in training.values:
                continue
            words = {"train": "training", "validation": "validation"}.get(name, f"{name} part")
            if lone:
                width = 1.1 if number < 2 else 0.8
                _line(axes, training.values[name], number, words, linewidth=width)
            else:
                stroke = "-" if name == "validation" else ":"
                _line(axes, training.values[name], place, linestyle=stroke, marker=_marker(found, place))
    if len(found) == 1:
        axes.legend(ncols=2)
    else:
        axes.plot([], [], color=GREY, linestyle="-", label="validation")
        axes.plot([], [], color=GREY, linestyle=":", label="training")
        axes.legend(ncols=2)
    axes.set_ylim(bottom=0)


def _adversarial(axes: Axes, found: Sequence[Training]) -> None:
    for place, training in enumerate(found):
        for number, name in enumerate(ADVERSARIAL):
            if name in training.values:
                lone = len(found) == 1
                style: dict[str, Any] = (
                    {} if lone else {"linestyle": ("-", ":")[number], "marker": _marker(found, place)}
                )
                _line(axes, training.values[name], number if lone else place, name if lone else "", **style)
    if len(found) > 1:
        for name, stroke in zip(ADVERSARIAL, ("-", ":"), strict=True):
            axes.plot([], [], color=GREY, linestyle=stroke, label=name)
    axes.legend(loc="best")
    axes.set_ylim(bottom=0)


def _metric(axes: Axes, found: Sequence[Training], name: str) -> None:
    for place, training in enumerate(found):
        if name not in training.values:
            continue
        course = training.values[name]
        _line(axes, course, place, linestyle="-", marker=_marker(found, place))
        if len(found) == 1 and len(training.selected) == 1 and training.selected[0] in course.epochs:
            at = course.epochs.index(training.selected[0])
            axes.plot(
                [course.epochs[at]],
                [course.mean[at]],
                "*",
                color=look(1)["color"],
                markersize=7,
                linestyle="",
            )


def _rates(axes: Axes, found: Sequence[Training]) -> None:
    rates = [
        value for training in found if "rate" in training.values for value in training.values["rate"].mean
    ]
    power = math.floor(math.log10(max(rates))) if rates and max(rates) > 0 else 0
    for place, training in enumerate(found):
        if "rate" in training.values:
            course = training.values["rate"]
            scaled = (
                tuple(value / 10**power for value in values)
                for values in (course.mean, course.low, course.high)
            )
            words = short(training.label)
            _line(
                axes,
                Course(course.epochs, *scaled),
                place,
                words,
                drawstyle="steps-mid",
                linestyle="-",
                marker=_marker(found, place),
            )
    digits = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    axes.set_title(f"Learning rate (10{digits})", loc="left")
    axes.set_ylim(0, 1.25 * max(rates) / 10**power if rates else 1)
    axes.locator_params(axis="y", nbins=3)
    starts = [training.discriminator for training in found if training.discriminator is not None]
    if starts:
        first, last = min(starts), max(epoch for training in found for epoch in _epochs(training))
        axes.annotate(
            "discriminator",
            (first - 0.5, 0.06),
            (2 if first <= last / 2 else -2, 0),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="left" if first <= last / 2 else "right",
        )


def _epochs(training: Training) -> set[int]:
    return {epoch for course in training.values.values() for epoch in course.epochs}
