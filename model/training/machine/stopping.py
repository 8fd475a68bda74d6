"""When a training must end before its last epoch: at a deadline, or when it is told to by SIGTERM.

A cluster sends SIGTERM some time before it kills (SLURM: `--signal=TERM@120`). Nothing is interrupted: the flag is
looked at between steps, and the state is saved there.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from accelerate import Accelerator

from model.errors import ModelUsageError
from model.training.machine.sums import summed


class Stop:
    """Asked between steps whether to go on."""

    def __init__(self, hours: float = math.inf) -> None:
        """From now on, so many hours. Raises ModelUsageError unless they are above 0."""
        if not hours > 0:  # NaN is not above 0 either
            raise ModelUsageError(f"--hours must be above 0, not {hours}")
        self._deadline = time.monotonic() + 3600 * hours
        self.told = False

    def left(self) -> float:
        """Seconds to the deadline."""
        return self._deadline - time.monotonic()

    def due(self, reserve: float = 0.0) -> bool:
        """Whether to end now, if what comes next takes `reserve` seconds."""
        return self.told or self.left() <= reserve

    def agreed(self, group: Accelerator, reserve: float = 0.0) -> bool:
        """The same for all processes of a group: they end together when one of them must."""
        return summed(group, [float(self.due(reserve))])[0] > 0

    @property
    def reason(self) -> str:
        """Why, in words."""
        return "SIGTERM" if self.told else "the time of --hours is over"


@contextmanager
def heeding_sigterm(stop: Stop) -> Iterator[Stop]:
    """Let SIGTERM set `stop.told` instead of ending the process (in the main thread; elsewhere signals do not come)."""
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def tell(_number: int, _frame: FrameType | None) -> None:
        stop.told = True

    before = signal.signal(signal.SIGTERM, tell)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)
