"""One request at a time and a pause between two, by service, for every litdb process that shares a cache folder.

arXiv asks for at most one request in three seconds over a single connection, counted over all machines one person
controls; others ask for less. All addresses of a service share one `Throttle`; a lock file is held for the length of a
request and a second file keeps the time of the last one, so that processes started side by side take turns.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from litdb.errors import SourceError
from litdb.sources.web.hosts import Host

_LOCK_SECONDS = 900.0  # longer than any one request may take, with its retries
_LONGEST_HOLD = 3600.0  # a Retry-After beyond this is cut to it; also what a clock set back can cost at most


class Throttle:
    """Turns for requests to one service, shared between processes.

    `patience` is the longest wait (seconds) a turn may cost because the service asked for a pause; beyond it
    the turn is refused with the time at which to try again.
    """

    def __init__(self, host: Host, folder: Path, delay: float, *, patience: float = 120.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock_path = folder / f"{host.slug}.lock"
        self._state_path = folder / f"{host.slug}.last"
        self._name = host.name
        self.delay = delay
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until a request may start and hold the right to make it until the block ends.

        Raises:
            SourceError: the service asked for a longer pause than `patience`, or another process does not release its turn.
        """
        lock = FileLock(self._lock_path)
        while True:
            try:
                lock.acquire(timeout=_LOCK_SECONDS)
            except Timeout as error:
                raise SourceError(
                    f"another litdb process has held the connection to {self._name} for {_LOCK_SECONDS:.0f} s; "
                    "wait for it or stop it",
                    retry=True,
                ) from error
            try:
                wait = self._seconds_to_wait()
                if wait <= 0.0:
                    # Recorded before the request as well: a process that is killed may have sent it.
                    self._note(last=time.time())
                    try:
                        yield
                    finally:
                        self._note(last=time.time())
                    return
            finally:
                lock.release()
            # Sleep without the lock, so that the process whose turn comes first can take it.
            time.sleep(wait)

    def hold(self, seconds: float) -> None:
        """Let nobody make a request for so long (Retry-After, back-off). Call it inside a turn."""
        self._note(last=time.time(), not_before=time.time() + min(seconds, _LONGEST_HOLD))

    def _seconds_to_wait(self) -> float:
        last, not_before = self._state()
        now = time.time()
        pause = not_before - now
        if pause > self._patience:
            until = datetime.fromtimestamp(not_before, UTC)
            raise SourceError(
                f"{self._name} asks for no requests before {until:%H:%M} UTC; run the same command then, "
                "what was fetched is kept",
                retry=True,
            )
        if last > now:
            self._note(last=now)  # the clock was set back; wait from here
            last = now
        return max(pause, last + self.delay - now)

    def _state(self) -> tuple[float, float]:
        """Time of the last request and the time before which none may start, both in seconds since 1970."""
        last, not_before = 0.0, 0.0
        with suppress(OSError, ValueError):
            first, second = self._state_path.read_text("ascii").split()
            if math.isfinite(float(first)) and math.isfinite(float(second)):
                last, not_before = float(first), float(second)
        if not_before - time.time() > _LONGEST_HOLD:
            not_before = 0.0  # the clock was set back
        return last, not_before

    def _note(self, *, last: float, not_before: float | None = None) -> None:
        if not_before is None:
            not_before = self._state()[1]
        self._state_path.write_text(f"{last:.6f} {not_before:.6f}\n", "ascii")
