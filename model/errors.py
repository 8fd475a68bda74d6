"""Errors of the `model` package.

    ModelError           one sentence that says what is wrong and what to do
    ├── MetricError      signals that cannot be scored together
    ├── DataError        a data folder, pair or audio file that cannot be used
    ├── TrainingError    a run that cannot start, go on or be resumed
    └── EvaluationError  an evaluation that cannot be made

Commands print the sentence and leave with exit code 2 (wrong use) or 1 (the work failed).
"""

from __future__ import annotations


class ModelError(Exception):
    """Base of all errors a user of `model` is expected to meet."""

    exit_code = 1


class MetricError(ModelError):
    """Two signals that cannot be scored together."""


class DataError(ModelError):
    """A data folder, pair or audio file that cannot be used."""


class TrainingError(ModelError):
    """A run that cannot start, go on or be resumed."""


class EvaluationError(ModelError):
    """An evaluation that cannot be made."""


class UsageError(ModelError):
    """Wrong use: options that contradict each other, a path that does not exist, an unknown name."""

    exit_code = 2
