"""Errors of the `model` package, as part of litdb's tree.

    LitdbError
    ├── ModelError               the work failed                                       exit code 1
    │   ├── MetricError          two signals that cannot be scored together
    │   ├── DataError            a data folder, pair or audio file that cannot be used
    │   ├── TrainingError        a run that cannot start, go on or be resumed
    │   │   ├── NotFinite        a loss, gradient or weight became NaN or infinite
    │   │   └── Stopped          a run ended before its last epoch as it was told to; its state is saved
    │   └── EvaluationError      an evaluation that cannot be made
    └── litdb.errors.UsageError
        └── ModelUsageError      options that contradict each other, an unknown name     exit code 2

Each message is one sentence that says what is wrong and what to do.
"""

from __future__ import annotations

from litdb.errors import LitdbError, UsageError


class ModelError(LitdbError):
    """Base of the errors of training, evaluation and inspection."""


class MetricError(ModelError):
    """Two signals that cannot be scored together."""


class DataError(ModelError):
    """A data folder, pair or audio file that cannot be used."""


class TrainingError(ModelError):
    """A run that cannot start, go on or be resumed."""


class NotFinite(TrainingError):
    """A loss, gradient or weight became NaN or infinite; the message names which."""


class Stopped(TrainingError):
    """A run ended before its last epoch, by SIGTERM (`told`) or for lack of time; its state is saved."""

    def __init__(self, message: str, *, told: bool) -> None:
        super().__init__(message)
        self.told = told


class EvaluationError(ModelError):
    """An evaluation that cannot be made."""


class ModelUsageError(UsageError):
    """Wrong use: options that contradict each other, a path or name that does not exist."""
