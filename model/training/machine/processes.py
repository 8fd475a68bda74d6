"""How many processes train together, on which devices, and how they find each other.

torchrun and accelerate's launcher set torch's variables (RANK, WORLD_SIZE, ...). SLURM's `srun` sets its own, which
are translated here.
"""

from __future__ import annotations

import atexit
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import gather_object

from model.errors import TrainingError
from model.training.machine.precision import Precision
from model.training.machine.stopping import Stop
from model.workers import cores

_FIRST_PORT, _PORTS = 15_000, 20_000


@dataclass(frozen=True)
class Machine:
    """How a run is carried out.

    `precision` and `compiled` concern the generator's forward pass; None stands for what the run has (a new one: fp32,
    not compiled). `loggers` are names of `model.training.watching.loggers`. `stop` says when to end early.
    """

    cpu: bool = False
    workers: int = 0
    precision: Precision | None = None
    compiled: bool | None = None
    loggers: tuple[str, ...] = ()
    stop: Stop = field(default_factory=Stop)


def from_slurm(environ: Mapping[str, str]) -> dict[str, str]:
    """torch's variables for a process that `srun` started beside others; nothing where they are set already.

    Only a step of several tasks counts: the batch script itself sees the size of the allocation, too, but is alone.
    """
    tasks = int(environ.get("SLURM_STEP_NUM_TASKS", "1"))
    if "RANK" in environ or "WORLD_SIZE" in environ or tasks < 2 or "SLURM_PROCID" not in environ:
        return {}
    local = int(re.match(r"\d+", environ.get("SLURM_STEP_TASKS_PER_NODE", str(tasks)))[0])  # type: ignore[index]
    job = int(environ.get("SLURM_JOB_ID", "0")) * 31 + int(environ.get("SLURM_STEP_ID", "0"))
    found = {
        "RANK": environ["SLURM_PROCID"],
        "WORLD_SIZE": str(tasks),
        "LOCAL_RANK": environ.get("SLURM_LOCALID", "0"),
        "LOCAL_WORLD_SIZE": str(local),
        "MASTER_ADDR": first_host(environ.get("SLURM_STEP_NODELIST", "localhost")),
        "MASTER_PORT": str(_FIRST_PORT + job % _PORTS),
        "OMP_NUM_THREADS": str(max(1, cores() // local)),
    }
    return {name: environ.get(name, value) for name, value in found.items()}


def first_host(nodes: str) -> str:
    """The first of SLURM's list of nodes: `gpu[03-05,9],cpu1` -> `gpu03`."""
    match = re.match(r"([^,\[]+)(?:\[(\d+)[^\]]*\])?([^,]*)", nodes)
    return f"{match[1]}{match[2] or ''}{match[3]}" if match else nodes


def accelerator(machine: Machine) -> Accelerator:
    """The group of processes this one belongs to.

    Without a GPU processes are joined by gloo on the CPU. Raises TrainingError when several were started that this
    machine's device cannot join: each would train by itself into the same folder.
    """
    os.environ.update(from_slurm(os.environ))
    cpu = machine.cpu or not _has_device()
    if not cpu:
        _prefer_repeatable()
    try:
        group = Accelerator(cpu=cpu)
    except (ValueError, RuntimeError) as error:  # torch's own network errors are RuntimeErrors
        raise TrainingError(f"the processes cannot be joined: {str(error).splitlines()[0]}") from error
    if group.num_processes != started():
        raise TrainingError(
            f"{started()} processes were started, but on {group.device.type} each is alone; "
            "start one, or add --cpu to join them on the processor"
        )
    if group.num_processes > 1:
        atexit.register(_leave)
    return group


def _leave() -> None:
    """Part from the group before the interpreter ends: threads of gloo that are still there then can abort the process."""
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def started() -> int:
    """How many processes were started together (before or after the group has met)."""
    return int({**os.environ, **from_slurm(os.environ)}.get("WORLD_SIZE", "1"))


def local_processes() -> int:
    """How many processes of the group share this machine's cores."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1"))


def speaks() -> bool:
    """Whether this is the process of the group that prints and writes (before or after the group has met)."""
    return {**os.environ, **from_slurm(os.environ)}.get("RANK", "0") == "0"


def described(group: Accelerator) -> dict[str, Any]:
    """What `environment.json` says of the group; every process must call it."""
    places = gather_object([(platform.node(), _device_name(group.device))])
    distributed = group.num_processes > 1
    return {
        "processes": group.num_processes,
        "backend": str(torch.distributed.get_backend()) if distributed else None,
        "devices": [name for _, name in places],
        "machines": len({host for host, _ in places}),
        "threads": torch.get_num_threads(),
        # on the processor every kernel that is used repeats itself (model.training.determinism)
        "deterministic": group.device.type == "cpu" or torch.are_deterministic_algorithms_enabled(),
    }


def _has_device() -> bool:
    """Whether there is a device besides the processor."""
    xpu = getattr(torch, "xpu", None)
    return (
        torch.cuda.is_available()
        or torch.backends.mps.is_available()
        or (xpu is not None and xpu.is_available())
    )


def _device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def _prefer_repeatable() -> None:
    """Repeatable kernels on a GPU where torch has them; where it has none it warns, and `not_repeatable` reads that."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.backends.cudnn.benchmark = False
    torch.use_deterministic_algorithms(True, warn_only=True)


def not_repeatable(warnings: list[str]) -> list[str]:
    """The operations that torch's warnings say have no repeatable kernel."""
    found = (re.match(r"(\S+) does not have a deterministic implementation", words) for words in warnings)
    return sorted({match[1] for match in found if match})
