"""All figures of a source; and of one that cannot be drawn, why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from model.checkpoint import load_checkpoint
from model.errors import EvaluationError, ModelError
from model.evaluation.measuring import Progress
from model.evaluation.systems import System
from model.evaluation.test_data import TestData
from model.figures import attention, curves, gain, gates, scores, spectrograms
from model.figures.sources import Example, Source, alike
from model.figures.style import format_of, publication, rendered, save
from model.inspection.learnt import Inspection, inspect_checkpoint

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Kind(StrEnum):
    """A figure of a network."""

    TRAINING = "training"
    CODES = "codes"
    GATES = "gates"
    ATTENTION = "attention"
    SPECTROGRAMS = "spectrograms"
    GAIN = "gain"
    SCORES = "scores"


TITLES = {
    Kind.TRAINING: "Training",
    Kind.CODES: "FAC codes and band weights",
    Kind.GATES: "Gates by band",
    Kind.ATTENTION: "Attention",
    Kind.SPECTROGRAMS: "Spectrograms",
    Kind.GAIN: "Where the gain lies",
    Kind.SCORES: "Gain by file",
}
HEARD = frozenset({Kind.GATES, Kind.ATTENTION, Kind.SPECTROGRAMS})
"""What needs an utterance."""
SEVERAL = frozenset({Kind.TRAINING, Kind.GAIN})
"""What takes several runs; the others are of the first."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that can be drawn: `draw` makes it over one or two columns, inside `publication(texts)`."""

    kind: Kind
    name: str
    title: str
    caption: str
    draw: Callable[[int], Figure]
    texts: tuple[str, ...] = ()

    def rendered(self, columns: int, format: str) -> bytes:
        """The figure as a file, `pdf`, `svg` or `png`."""
        with publication(self.texts):
            return rendered(self.draw(columns), format)

    def save(self, columns: int, path: Path) -> Path:
        """Write the figure. Raises ModelUsageError for a name that asks for no format, EvaluationError when it cannot."""
        format_of(path)
        with publication(self.texts):
            return save(self.draw(columns), path)


@dataclass(frozen=True, slots=True)
class Absent:
    """A figure that cannot be drawn, and why."""

    kind: Kind
    title: str
    reason: str


@dataclass(frozen=True)
class Material:
    """What figures are drawn from: runs and checkpoints (the first is the one looked at), and what it is heard on.

    `no_data` and `no_example` say why there is none of it. What takes long is measured once, when first asked for.
    """

    sources: tuple[Source, ...]
    data: TestData | None = None
    no_data: str = "name a corpus with --data"
    example: Example | None = None
    heard: str = ""
    no_example: str = "name a file with --audio, or a corpus with --data"
    workers: int = 1
    progress: Progress = lambda _name, _done, _total: None

    @property
    def first(self) -> Source:
        """The source that is looked at."""
        return self.sources[0]

    @property
    def checkpoint(self) -> Path:
        """Its checkpoint. Raises EvaluationError with the reason where it has none."""
        if self.first.checkpoint is None:
            raise EvaluationError(self.first.no_checkpoint)
        return self.first.checkpoint

    @property
    def label(self) -> str:
        """What it is called in figures: the model's name where its run says it."""
        return str(self.first.config().get("model") or self.first.name)

    @property
    def seeds(self) -> tuple[Source, ...]:
        """The first source and those that differ from it in nothing but their seed, as far as they have weights."""
        return tuple(
            source
            for source in self.sources
            if source.checkpoint is not None and (source is self.first or alike(self.first, source))
        )

    @cached_property
    def inspection(self) -> Inspection:
        """What the network learnt, measured on the utterance where there is one."""
        signal = None if self.example is None else torch.from_numpy(self.example.noisy)
        return inspect_checkpoint(self.checkpoint, signal)

    @cached_property
    def gain(self) -> gain.Gain:
        """Its gain over noisy. Raises EvaluationError where there is nothing to measure it on."""
        checkpoint = self.checkpoint
        if self.data is None:
            raise EvaluationError(self.no_data)
        systems = [System(self.label, "checkpoint", source.checkpoint) for source in self.seeds]
        assert checkpoint == systems[0].path
        return gain.gain(self.label, systems, self.data, workers=self.workers, progress=self.progress)

    def utterance(self) -> Example:
        """Raises EvaluationError where there is none."""
        self.checkpoint  # noqa: B018 - without weights there is nothing to hear
        if self.example is None:
            raise EvaluationError(self.no_example)
        return self.example


def figures(kinds: Iterable[Kind], material: Material) -> list[Picture | Absent]:
    """The figures asked for, in this order. A figure that cannot be drawn is there with the reason."""
    found: list[Picture | Absent] = []
    for kind in kinds:
        try:
            found += _MAKERS[kind](material)
        except ModelError as error:
            found.append(Absent(kind, TITLES[kind], str(error).rstrip(".")))
    return found


def _training(material: Material) -> list[Picture | Absent]:
    found = curves.trainings(material.sources)
    texts = tuple(training.label for training in found)
    return [
        _picture(Kind.TRAINING, curves.caption(found), lambda columns: curves.draw(found, columns), texts)
    ]


def _codes(material: Material) -> list[Picture | Absent]:
    found = material.inspection
    if not found.gates:
        raise EvaluationError("this network has no FAC gates")
    return [
        _picture(Kind.CODES, gates.codes_caption(found), lambda columns: gates.draw_codes(found, columns))
    ]


def _gates(material: Material) -> list[Picture | Absent]:
    material.utterance()
    found = material.inspection
    if not found.gates and not any(len(path.branches) > 1 for path in found.paths):
        raise EvaluationError("this network has neither FAC gates nor a gate between branches of attention")
    words = gates.gates_caption(found, material.heard)
    return [_picture(Kind.GATES, words, lambda columns: gates.draw_gates(found, columns))]


def _attention(material: Material) -> list[Picture | Absent]:
    material.utterance()
    found = material.inspection
    if not found.paths:
        raise EvaluationError("this network has no row and column attention")
    words = attention.caption(material.heard)
    return [_picture(Kind.ATTENTION, words, lambda columns: attention.draw(found, columns))]


def _spectrograms(material: Material) -> list[Picture | Absent]:
    example = material.utterance()
    found = spectrograms.spectrograms(load_checkpoint(material.checkpoint)[0], example)
    words = spectrograms.caption(material.heard)
    return [_picture(Kind.SPECTROGRAMS, words, lambda columns: spectrograms.draw(found, columns))]


def _gain(material: Material) -> list[Picture | Absent]:
    found = material.gain
    return [_picture(Kind.GAIN, gain.caption(found), lambda columns: gain.draw(found, columns))]


def _scores(material: Material) -> list[Picture | Absent]:
    source = material.first
    if source.run is None:
        raise EvaluationError(source.no_run)
    sets = scores.summaries(source.run)
    if not sets:
        raise EvaluationError(
            f"{source.name} has no scores by file; litdb model evaluate --all RUN --noisy gives them"
        )
    found: list[Picture | Absent] = []
    for slug, summary in sets:
        title = f"{TITLES[Kind.SCORES]}, {summary.get('test_set') or slug}"
        try:
            one = scores.score_gain(source, slug, summary)
        except ModelError as error:
            found.append(Absent(Kind.SCORES, title, str(error).rstrip(".")))
            continue
        name = f"{Kind.SCORES}-{slug}" if len(sets) > 1 else str(Kind.SCORES)
        found.append(
            Picture(
                Kind.SCORES,
                name,
                title,
                scores.caption(one),
                lambda columns, one=one: scores.draw(one, columns),  # type: ignore[misc]
            )
        )
    return found


def _picture(kind: Kind, caption: str, draw: Callable[[int], Figure], texts: Sequence[str] = ()) -> Picture:
    return Picture(kind, str(kind), TITLES[kind], caption, draw, tuple(texts))


_MAKERS: dict[Kind, Callable[[Material], list[Picture | Absent]]] = {
    Kind.TRAINING: _training,
    Kind.CODES: _codes,
    Kind.GATES: _gates,
    Kind.ATTENTION: _attention,
    Kind.SPECTROGRAMS: _spectrograms,
    Kind.GAIN: _gain,
    Kind.SCORES: _scores,
}
