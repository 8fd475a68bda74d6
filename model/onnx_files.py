"""ONNX files and the program that runs them."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any


def opened(runtime: ModuleType, path: Path) -> Any:
    """A session of an ONNX file on the processor, by the module onnxruntime, which raises errors of its own.

    Its warnings, such as which constants it could not fold, are no use to whoever runs the file, and are not printed.
    """
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
