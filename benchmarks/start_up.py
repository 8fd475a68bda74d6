"""Start-up of the command line against importing the libraries it stands on; interleaved medians in one run.

    python benchmarks/start_up.py [--rounds 15]

Bounds: `litdb --help` at most 1.0 times, `litdb models` at most 2.5 times `python -c "import typer, sqlalchemy"`.
Exit code 1 when one is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from litdb.catalogue.database.places import shipped_path

YARDSTICK = [sys.executable, "-c", "import typer, sqlalchemy"]
LITDB = [sys.executable, "-m", "litdb"]
COMMANDS: dict[str, tuple[list[str], float | None]] = {
    "import typer, sqlalchemy": (YARDSTICK, None),
    "litdb --help": ([*LITDB, "--help"], 1.0),
    "litdb models": ([*LITDB, "models"], 2.5),
    "litdb models (range)": ([*LITDB, "models", "--params", "0.4M..1.0M", "--metric", "PESQ=2.8..3.4"], 2.5),
    "litdb table -f latex": ([*LITDB, "table", "-f", "latex"], None),
}
SCRIPT = Path(sys.executable).with_name("litdb")
if SCRIPT.exists():  # as a user starts it
    COMMANDS["litdb --help (script)"] = ([str(SCRIPT), "--help"], 1.0)
    COMMANDS["litdb models (script)"] = ([str(SCRIPT), "models"], 2.5)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    environment = {**os.environ, "LITDB_DB": str(shipped_path())}
    # An installed litdb has its byte code as the libraries have theirs.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(rounds + 1):
        for name, (words, _bound) in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=environment)
            if number:  # the first round warms the file cache
                times[name].append(time.perf_counter() - start)
    print(f"load {os.getloadavg()[0]:.2f}, {rounds} rounds, medians")
    base = statistics.median(times["import typer, sqlalchemy"])
    missed = 0
    for name, (_words, bound) in COMMANDS.items():
        median = statistics.median(times[name])
        ratio = median / base
        verdict = "" if bound is None else f"  at most {bound}: {'ok' if ratio <= bound else 'MISSED'}"
        missed += bound is not None and ratio > bound
        print(f"{name:28s} {median * 1000:7.1f} ms  {ratio:5.2f}{verdict}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
