"""What a training says while it runs."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from model.training.recipe import Recipe
from model.training.selection import Validation

# until the discriminator phase has been timed: a step with it takes about this much longer (measured on two cores)
PHASE_FACTOR = 1.6


class Progress:
    """One line an epoch, and on a terminal one that moves with the steps.

    When nobody reads any more (a closed pipe or terminal), it falls silent, and the training goes on.
    """

    def __init__(self, recipe: Recipe, stream: TextIO | None = None) -> None:
        self._recipe = recipe
        self._stream: TextIO | None = stream or sys.stderr  # None when it was closed from the start
        self._epoch_seconds: dict[bool, float] = {}
        self._shown = 0.0
        self._silent = self._stream is None

    def step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """After a step; drawn at most twice a second, and only on a terminal."""
        if time.monotonic() - self._shown > 0.5 and self._on_terminal():
            self._shown = time.monotonic()
            self._write(
                f"\repoch {epoch + 1}/{self._recipe.epochs} step {step}/{steps} loss {loss:.4f}\033[K"
            )

    def epoch(
        self, epoch: int, train: dict[str, float], validation: Validation | None, seconds: float
    ) -> None:
        """After an epoch, counted from 0."""
        self._epoch_seconds[self._recipe.discriminates(epoch)] = seconds
        losses = " ".join(f"{name} {value:.4f}" for name, value in train.items())
        checked = ""
        if validation is not None:
            quality = [
                f"{name} {value:.3f} ({files}/{validation.files})"
                for name, value, files in (
                    ("PESQ", validation.pesq, validation.pesq_files),
                    ("STOI", validation.stoi, validation.stoi_files),
                )
                if value is not None
            ]
            checked = f" | validation loss {validation.loss:.4f} {' '.join(quality)}"
        left = duration(self.left(epoch))
        self.note(f"epoch {epoch + 1}/{self._recipe.epochs} {losses}{checked} | {left} left")

    def note(self, words: str) -> None:
        """A line by itself."""
        clear = "\r\033[K" if self._on_terminal() else ""
        self._write(f"{clear}{words}\n")

    def _write(self, words: str) -> None:
        if self._silent or self._stream is None:
            return
        try:
            self._stream.write(words)
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: the stream itself was closed
            self._silent = True

    def _on_terminal(self) -> bool:
        try:
            return self._stream is not None and self._stream.isatty()
        except ValueError:
            return False

    def left(self, epoch: int) -> float:
        """Seconds that remain after an epoch, from the latest time of an epoch of each phase."""
        plain = self._epoch_seconds.get(False, self._epoch_seconds.get(True, 0.0) / PHASE_FACTOR)
        full = self._epoch_seconds.get(True, plain * PHASE_FACTOR)
        rest = range(epoch + 1, self._recipe.epochs)
        return sum(full if self._recipe.discriminates(other) else plain for other in rest)


def duration(seconds: float) -> str:
    """Seconds as people say them: `42 s`, `3 min 5 s`, `2 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
