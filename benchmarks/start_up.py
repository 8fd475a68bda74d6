"""How long a command takes from the shell, against importing the two libraries it is built on.

    python benchmarks/start_up.py [ROUNDS]

Each round runs every line once, so that a change of the machine's load meets all of them; the figures are medians of
wall time. Exits 1 when a bound is missed. The catalogue is the shipped one, opened read-only.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST_ROUNDS = 15


@dataclass(frozen=True, slots=True)
class Line:
    """A command to time; `bound` is how many times the yardstick it may take, None where none is set."""

    name: str
    command: tuple[str, ...]
    bound: float | None = None


def lines() -> list[Line]:
    """The yardstick first, then litdb as a module, then as the installed script where there is one."""
    module = (sys.executable, "-m", "litdb")
    asked = ("--params", "0.4M..1.0M", "--metric", "PESQ=2.8..3.4")
    found = [
        Line('python -c "import typer, sqlalchemy"', (sys.executable, "-c", "import typer, sqlalchemy")),
        Line("python -m litdb --help", (*module, "--help"), 1.0),
        Line("python -m litdb models", (*module, "models"), 2.5),
        Line(f"python -m litdb models {' '.join(asked)}", (*module, "models", *asked)),
        Line("python -m litdb table", (*module, "table")),
    ]
    script = Path(sys.executable).with_name("litdb")
    if script.exists():
        found += [
            Line("litdb --help (script)", (str(script), "--help"), 1.0),
            Line("litdb models (script)", (str(script), "models"), 2.5),
        ]
    return found


def seconds(command: tuple[str, ...], environment: dict[str, str]) -> float:
    """Wall time of one run. Raises CalledProcessError when it fails."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Time all lines, print a table, and say whether the bounds are met."""
    rounds = max(LEAST_ROUNDS, int(sys.argv[1]) if len(sys.argv) > 1 else LEAST_ROUNDS)
    timed = lines()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LITDB_HOME": home, "LITDB_DB": str(ROOT / "sota.db")}
        for line in timed:  # fills the caches of bytecode and of the file system
            seconds(line.command, environment)
        taken: list[list[float]] = [[] for _ in timed]
        for _ in range(rounds):
            for place, line in enumerate(timed):
                taken[place].append(seconds(line.command, environment))
    yardstick = statistics.median(taken[0])
    missed = False
    print(f"medians of {rounds} interleaved rounds, load {before:.2f} before, {os.getloadavg()[0]:.2f} after")
    for line, times in zip(timed, taken, strict=True):
        median = statistics.median(times)
        ratio = median / yardstick
        verdict = ""
        if line.bound is not None:
            held = ratio <= line.bound
            missed = missed or not held
            verdict = f"  at most {line.bound:.1f}: {'held' if held else 'MISSED'}"
        print(
            f"{median * 1000:7.0f} ms (least {min(times) * 1000:5.0f})  x{ratio:4.2f}  {line.name}{verdict}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
