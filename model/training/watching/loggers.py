"""Where else the scalars of a training go: TensorBoard, MLflow, trackio, Weights & Biases, as far as installed.

`log.jsonl` in the run folder has every value anyway, so a logger that is missing or fails is dropped with a word, and
the training goes on.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from model.errors import ModelUsageError

PROJECT = "litdb"


class Logger(Protocol):
    """Takes the scalars of every epoch."""

    def scalars(self, epoch: int, values: Mapping[str, float]) -> None:
        """`values` by names such as `train/complex` and `validation/pesq`, after an epoch counted from 1."""

    def close(self) -> None:
        """No more are coming."""


class TensorBoard:
    """Files in the folder `tensorboard` of the run."""

    def __init__(self, run: Path, _config: Mapping[str, Any]) -> None:
        importlib.import_module("tensorboard")
        self._writer: Any = importlib.import_module("torch.utils.tensorboard").SummaryWriter(
            str(run / "tensorboard")
        )

    def scalars(self, epoch: int, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._writer.add_scalar(name, value, epoch)
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()


class MLflow:
    """A run of the experiment that MLflow's own variables name; where to is MLFLOW_TRACKING_URI."""

    def __init__(self, run: Path, config: Mapping[str, Any]) -> None:
        self._mlflow: Any = importlib.import_module("mlflow")
        self._mlflow.start_run(run_name=run.name)
        self._mlflow.log_params(dict(config))

    def scalars(self, epoch: int, values: Mapping[str, float]) -> None:
        self._mlflow.log_metrics(dict(values), step=epoch)

    def close(self) -> None:
        self._mlflow.end_run()


class Hosted:
    """trackio and Weights & Biases, which have the same three functions."""

    def __init__(self, module: str, run: Path, config: Mapping[str, Any]) -> None:
        self._module: Any = importlib.import_module(module)
        self._module.init(project=PROJECT, name=run.name, config=dict(config))

    def scalars(self, epoch: int, values: Mapping[str, float]) -> None:
        self._module.log(dict(values), step=epoch)

    def close(self) -> None:
        self._module.finish()


LOGGERS: dict[str, Callable[[Path, Mapping[str, Any]], Logger]] = {
    "tensorboard": TensorBoard,
    "mlflow": MLflow,
    "trackio": lambda run, config: Hosted("trackio", run, config),
    "wandb": lambda run, config: Hosted("wandb", run, config),
}
"""By the name that `--logger` takes, which is also the name of the package."""


def known_loggers(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once. Raises ModelUsageError for one that is not in LOGGERS."""
    for name in names:
        if name not in LOGGERS:
            raise ModelUsageError(f"there is no logger {name!r}; there are {', '.join(LOGGERS)}")
    return tuple(dict.fromkeys(names))


class Loggers:
    """All loggers of a run. `lost` is called with the name and the reason when one cannot go on."""

    def __init__(
        self, names: Sequence[str], run: Path, config: Mapping[str, Any], lost: Callable[[str, str], None]
    ) -> None:
        self._lost = lost
        self._loggers: dict[str, Logger] = {}
        for name in known_loggers(names):
            try:
                self._loggers[name] = LOGGERS[name](run.resolve(), config)
            except ModuleNotFoundError:
                lost(name, f"it is not installed (pip install {name})")
            except Exception as error:  # whatever a foreign package does, the training goes on
                lost(name, _words(error))

    def scalars(self, epoch: int, values: Mapping[str, float]) -> None:
        """To every logger that is left."""
        self._each(lambda logger: logger.scalars(epoch, values))

    def close(self) -> None:
        """All of them."""
        self._each(lambda logger: logger.close())

    def _each(self, call: Callable[[Logger], None]) -> None:
        for name, logger in list(self._loggers.items()):
            try:
                call(logger)
            except Exception as error:  # as above
                del self._loggers[name]
                self._lost(name, _words(error))


def _words(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
