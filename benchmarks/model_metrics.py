"""Time of all metrics against the floor, PESQ and STOI alone, on one core and on two.

    python benchmarks/model_metrics.py DIR [--rounds 5]

DIR holds `clean/` and `noisy/` with files of the same names at 16 kHz. Within a round both ways see every file in
turn, so that a change of the machine's speed meets both; printed are medians over rounds of this process's CPU time (it
has one thread), which other programs disturb least, and their ratio. The two-core
figure times the evaluation's own pool, after its workers have started, with one worker and with two.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np
import pesq
import pystoi
import soundfile

from model.evaluation.pool import ScorePool, ScoreTask
from model.metrics import score


def floor(clean: np.ndarray, noisy: np.ndarray) -> None:
    """The two measures that nobody computes faster than their packages."""
    pesq.pesq(16000, clean, noisy, "wb")
    pystoi.stoi(clean, noisy, 16000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    names = sorted(path.name for path in (arguments.folder / "clean").iterdir())
    folders = arguments.folder / "clean", arguments.folder / "noisy"
    pairs = [tuple(soundfile.read(folder / name)[0] for folder in folders) for name in names]
    seconds = sum(len(clean) for clean, _ in pairs) / 16000
    print(f"{len(pairs)} files, {seconds:.0f} s of audio, load {os.getloadavg()[0]:.2f}")

    floors, alls = [], []
    for _ in range(arguments.rounds):
        times = [0.0, 0.0]
        for pair in pairs:
            for which, function in enumerate((floor, lambda c, n: score(c, n, 16000))):
                start = time.process_time()
                function(*pair)
                times[which] += time.process_time() - start
        floors.append(times[0])
        alls.append(times[1])
    one, every = statistics.median(floors), statistics.median(alls)
    print(f"PESQ + STOI        {one:7.3f} s   1.00")
    print(f"all eight metrics  {every:7.3f} s   {every / one:.2f}")

    tasks = [ScoreTask(name, folders[0] / name, folders[1] / name) for name in names]
    by_workers: dict[int, list[float]] = {1: [], 2: []}
    with ScorePool(1) as single, ScorePool(2) as double:
        for pool in (single, double):
            list(pool.run(tasks))
        for _ in range(arguments.rounds):
            for workers, pool in ((1, single), (2, double)):
                start = time.perf_counter()
                list(pool.run(tasks))
                by_workers[workers].append(time.perf_counter() - start)
    alone, together = (statistics.median(by_workers[workers]) for workers in (1, 2))
    print(f"1 worker {alone:.3f} s, 2 workers {together:.3f} s: {alone / together:.2f} times as fast")
    print(f"load at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
