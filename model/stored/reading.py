"""The content of a `torch.save` file: read with `weights_only=True`, so that a file cannot run code, and its weights found.

Trainers put more than weights into their files. Tensors, plain values, optimizer states, NumPy scalars and arrays and
`defaultdict` load; any other object is refused with its name and how to save the file again.
"""

from __future__ import annotations

import pickle
import re
import warnings
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from model.errors import ModelError
from model.stored.precision import USED, in_use, number_types

PREFIXES = ("module.", "_orig_mod.")
"""What data-parallel training, weight averaging and torch.compile put in front of every name."""

#: Where trainers put the weights of the network, the most telling name first.
WEIGHT_KEYS = (
    "model_state_dict", "generator_state_dict", "gen_state_dict", "network_state_dict", "state_dict", "generator", "model",
    "network", "net",
)  # fmt: skip

#: How files of audio begin: wav, flac, ogg, mp3, aiff.
_AUDIO = (b"RIFF", b"RF64", b"fLaC", b"OggS", b"ID3", b"FORM")
#: Bytes of all that is no tensor: a byte of a pickle can become a list of fifty.
_MOST_OF_OBJECTS = 8_000_000
#: What averaged weights carry beside them.
_COUNTERS = ("n_averaged",)
_SCALARS = ("f2", "f4", "f8", "c8", "c16", "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "S1", "U1")
_OBJECT = re.compile(r"(?:GLOBAL |got <class ')([\w.]+)")


class CheckpointError(ModelError):
    """A checkpoint file that cannot be read, or whose weights do not fit the network; the message names the first."""


@dataclass(frozen=True)
class StoredWeights:
    """The weights of the network in a file: under which key (empty for a bare state dict), and by name without prefixes."""

    key: str
    tensors: dict[str, Tensor]
    prefixes: tuple[str, ...]

    @property
    def types(self) -> dict[str, int]:
        """How many of the tensors are of which type of real numbers, the commonest first."""
        return number_types(self.tensors.values())


def read_safely(path: Path) -> dict[str, Any]:
    """The dictionary in a `torch.save` file. Raises CheckpointError."""
    if wrong := _no_checkpoint(path) or _unpacks(path):
        raise CheckpointError(f"{path} {wrong}.")
    try:
        with torch.serialization.safe_globals(_plain()), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # about the file's pickle protocol; what does not load is an error
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        match = _OBJECT.search(str(error))
        if match is None:
            raise CheckpointError(f"{path} is no checkpoint: it is not what torch.save writes.") from error
        raise CheckpointError(
            f"{path} holds the object {match[1]}, which is not loaded, as that could run code: where the file was made, save "
            "its weights alone, torch.save({'model_state_dict': network.state_dict()}, 'weights.pth')."
        ) from error
    except Exception as error:  # bytes of any kind make an unpickler raise anything
        raise CheckpointError(f"{path} is no readable checkpoint: {_first_line(error)}.") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{path} holds a {type(content).__name__}, not a dictionary of weights.")
    return content


def find_weights(
    path: Path, content: Mapping[str, Any], recognised: Callable[[Mapping[str, Tensor]], bool]
) -> StoredWeights:
    """The weights of the network among everything in a file; those that are `recognised` before others.

    Raises CheckpointError when there are none, or an entry of what must be a bare state dict is no tensor.
    """
    keys = [key for key in WEIGHT_KEYS if key in content] + [key for key in content if key not in WEIGHT_KEYS]
    named = [(key, content[key]) for key in keys if isinstance(content[key], Mapping)]
    found = [
        StoredWeights(str(key), *_unwrapped(value)) for key, value in named if value and _all_tensors(value)
    ]
    own = {name: value for name, value in content.items() if isinstance(value, Tensor)}
    if own:
        found.append(StoredWeights("", *_unwrapped(own)))
    fitting = [weights for weights in found if recognised(weights.tensors)]
    if fitting:
        return _of_numbers(path, fitting[0])
    telling = [weights for weights in found if weights.key in WEIGHT_KEYS]
    if telling or (own and len(own) == len(content)):
        return _of_numbers(path, (telling or found)[0])
    if not content or any(not value for key, value in named if key in WEIGHT_KEYS):
        raise CheckpointError(f"{path} holds no weights.")
    name, value = next((name, value) for name, value in content.items() if not isinstance(value, Tensor))
    raise CheckpointError(f"{path} holds no network: {name} is a {type(value).__name__}, not a tensor.")


def _of_numbers(path: Path, weights: StoredWeights) -> StoredWeights:
    """The weights, when every one is numbers that a network can have. Raises CheckpointError with the first that is not."""
    for name, tensor in weights.tensors.items():
        if wrong := _what_is_wrong(tensor):
            raise CheckpointError(f"{path}: {name} {wrong}.")
    return weights


def _what_is_wrong(tensor: Tensor) -> str:
    if tensor.is_meta:
        return "has a shape and no numbers (it was saved on the device 'meta'): save the network after it was loaded"
    if tensor.layout != torch.strided:
        return f"is sparse ({tensor.layout}): save it dense, with tensor.to_dense()"
    if tensor.is_quantized:
        return "is quantized: save the weights before they are quantized"
    if tensor.is_complex():
        return f"holds complex numbers ({tensor.dtype}), which no weight of these networks is"
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        return f"has the shape {tuple(tensor.shape)}, but the file holds fewer numbers for it"
    return _no_finite_numbers(tensor) if tensor.is_floating_point() else ""


def _no_finite_numbers(tensor: Tensor) -> str:
    """Why real numbers are none that a network in float32 can compute with; empty when they are.

    Asked of what they become in float32: not every type can be asked itself (float8), and a double can be too large.
    """
    used = in_use(tensor)
    if used is None:
        return f"is {str(tensor.dtype).removeprefix('torch.')}, which does not turn into {USED}: save it as {USED}"
    if bool(torch.isfinite(used).all()):
        return ""
    if tensor.dtype == torch.float64 and bool(torch.isfinite(tensor).all()):
        return f"holds numbers beyond what {USED} can hold, which the networks compute in"
    return "holds NaN or infinite values: the training it is from diverged; take an earlier checkpoint"


def _unpacks(path: Path) -> str:
    """What a packed file is when it unpacks to more than it holds, which what torch.save writes never does."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""  # another format, or damaged: torch says how
    size = path.stat().st_size
    if (
        any(m.compress_type != zipfile.ZIP_STORED for m in members)
        or sum(m.file_size for m in members) > size
    ):
        return f"is packed, to {sum(m.file_size for m in members):,} bytes, which torch.save does not do: save it again"
    described = max((m.file_size for m in members if m.filename.endswith("data.pkl")), default=0)
    if described > _MOST_OF_OBJECTS:
        return (
            f"holds {described:,} bytes of objects beside its tensors; at most {_MOST_OF_OBJECTS:,} are read: "
            "save its weights alone"
        )
    return ""


def _all_tensors(values: Mapping[str, Any]) -> bool:
    return all(isinstance(value, Tensor) for value in values.values())


def _unwrapped(stored: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], tuple[str, ...]]:
    """Without the prefixes that wrappers put in front of all names, in any order and number, and what was taken away.

    torch.compile of a part puts its prefix in the middle of names.
    """
    names = {name: name for name in stored if name not in _COUNTERS}
    taken: list[str] = []
    while prefix := next(
        (p for p in PREFIXES if names and all(n.startswith(p) for n in names.values())), None
    ):
        names = {original: name.removeprefix(prefix) for original, name in names.items()}
        taken.append(prefix)
    compiled = f".{PREFIXES[1]}"
    if any(compiled in name for name in names.values()):
        names = {original: name.replace(compiled, ".") for original, name in names.items()}
        taken.append(compiled)
    return {name: stored[original] for original, name in names.items()}, tuple(taken)


def _plain() -> list[Any]:
    """What is allowed beyond what torch allows: NumPy scalars and arrays of numbers, and plain containers.

    numpy before 2.0 wrote another module's name for the same functions.
    """
    multiarray: Any = import_module("numpy._core.multiarray")
    rebuild = getattr(multiarray, "_reconstruct")  # noqa: B009 - the name that pickles of arrays carry

    def scalar(*words: Any) -> Any:
        return multiarray.scalar(*words)

    def reconstruct(*words: Any) -> Any:
        return rebuild(*words)

    def dictionary(*_factory: Any) -> Any:
        return OrderedDict()  # torch fills no other kind, and who reads a file asks for no missing keys

    for function, module, name in (
        (scalar, "numpy.core.multiarray", "scalar"),
        (reconstruct, "numpy.core.multiarray", "_reconstruct"),
        (dictionary, "collections", "defaultdict"),
    ):
        function.__module__, function.__qualname__, function.__name__ = module, name, name
    kinds = [type(np.dtype(kind)) for kind in _SCALARS]
    return [
        *(scalar, reconstruct, dictionary, multiarray.scalar, rebuild),
        *(np.ndarray, np.dtype, *kinds, list, dict, int, float),
    ]


def _no_checkpoint(path: Path) -> str:
    """What a path is when it is no checkpoint for reasons that torch does not see; empty otherwise."""
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError:
        return "does not exist: there is no checkpoint of this name"
    except IsADirectoryError:
        return "is a folder; name a checkpoint file in it"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not start:
        return "is empty: copy it again"
    if start.startswith(b"version https://git-lfs"):
        return "is a pointer of git-lfs, not the file itself: fetch it with `git lfs pull`"
    if start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        return "is a web page, not the file itself: download it again"
    if start.startswith(_AUDIO):
        return "is an audio file, no checkpoint"
    # what torch.save writes begins with a zip's or a pickle's mark
    if start.startswith((b"PK", b"\x80")):
        return ""
    text = all(31 < byte < 127 or byte in b"\t\n\r" for byte in start)
    return "is a text file, no checkpoint" if text else "is no checkpoint: torch.save writes no such file"


def _first_line(error: Exception) -> str:
    """What an error says first, without colours; its kind when it says nothing, as an end of file does."""
    said = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
    return (said or type(error).__name__).splitlines()[0].rstrip(".")
