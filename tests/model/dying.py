"""Work that kills its worker. In a module of its own, as a worker imports the module of what it does."""

import os
import signal
from pathlib import Path


def die(once: str) -> str:
    """Die at the first call, which the file `once` remembers; with an empty name, at every one."""
    if not once or not Path(once).exists():
        if once:
            Path(once).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"
