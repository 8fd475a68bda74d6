"""The processor measurements are made on: its name, and whether other work keeps it busy."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

QUIET_CORES = 0.25
"""A machine is quiet while other processes keep fewer cores than this busy."""
LOOK_SECONDS = 1.0
"""How long a look at what others do takes."""
_BUSY = ("user", "nice", "system", "irq", "softirq", "steal")


def processor_model() -> str:
    """The processor's name as its maker gives it, or its architecture where the system does not tell."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name" and value.strip():
                return value.strip()
    if platform.system() == "Darwin":
        said = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True)
        if said.returncode == 0 and said.stdout.strip():
            return said.stdout.strip()
    return platform.processor() or platform.machine()


def load_average() -> float | None:
    """Mean number of runnable processes over the last minute; None where the system does not tell."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


@dataclass
class Span:
    """A stretch of time, from `begin` on, and what was computed in it."""

    wall: float
    own: float
    machine: float

    @classmethod
    def begin(cls) -> Self:
        return cls(time.perf_counter(), time.process_time(), _machine_seconds())

    def wall_seconds(self) -> float:
        """Seconds passed on the clock on the wall."""
        return time.perf_counter() - self.wall

    def processor_seconds(self) -> float:
        """Processor time of this process, all its threads together."""
        return time.process_time() - self.own

    def busy_elsewhere(self) -> float:
        """How many cores processes other than this one kept busy, on average."""
        others = _machine_seconds() - self.machine - self.processor_seconds()
        return max(0.0, others / max(self.wall_seconds(), 1e-9))


def wait_for_quiet(seconds: float) -> bool:
    """Wait until other processes leave the machine alone, `seconds` at the longest; whether it is quiet now.

    Looks at least once, so it takes LOOK_SECONDS even when nothing is to be waited for.
    """
    until = time.monotonic() + seconds
    while True:
        look = Span.begin()
        time.sleep(LOOK_SECONDS)
        if look.busy_elsewhere() < QUIET_CORES:
            return True
        if time.monotonic() >= until:
            return False


def _machine_seconds() -> float:
    """Processor time that everything on this machine has used since it started."""
    times = psutil.cpu_times()
    return float(sum(getattr(times, name, 0.0) for name in _BUSY))
