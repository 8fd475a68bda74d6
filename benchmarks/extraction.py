"""What the readers achieve on real papers: accuracy by kind, calibration leave-one-paper-out, speed.

    python benchmarks/extraction.py [--papers DIR] [--latexml [--limit SECONDS]]

DIR holds GOLD.tsv and the files it names (default: papers/ in the folder of real data, LITDB_REAL_DATA or ../shared/real).
A reading is right when file, label, metric and number agree with a line of the gold, each line used once, and the
test set is VoiceBank+DEMAND in both or in neither. `--latexml` also times Debian's latexml on the LaTeX sources that it
completes within the limit, whole process against whole process.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from litdb.extract import ACCEPT_THRESHOLD, CellReading, extract, source_from_files
from litdb.vocabulary import vocabulary

SCORED = frozenset(
    [
        "PESQ",
        "STOI",
        "ESTOI",
        "CSIG",
        "CBAK",
        "COVL",
        "SSNR",
        "SI-SDR",
        "SDR",
        "SNR",
        "DNSMOS-SIG",
        "DNSMOS-BAK",
        "DNSMOS-OVRL",
        "DNSMOS-P808",
        "RTF",
        "MACs",
        "FLOPs",
        "params",
    ]
)


@dataclass(slots=True)
class Line:
    """One value of the gold."""

    number: float | None
    voicebank: bool
    used: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading with the verdict on it."""

    paper: str
    kind: str
    confidence: float
    right: bool
    test_set_right: bool
    told: bool  # whether a test set is named, for what needs one


def label_key(text: str) -> str:
    """A label as it is compared: no brackets, decoration, list number or punctuation."""
    bare = re.sub(r"^\s*\(?\d+[.)]\s+", "", text)
    bare = re.sub(r"\[[^\]]*\]|\((?:ours|our|proposed|baseline|(?:19|20)\d\d)\)", " ", bare, flags=re.I)
    return re.sub(r"[^a-z0-9]", "", bare.lower().replace("+", "plus"))


def first_number(text: str) -> float | None:
    """The first number of a text."""
    match = re.search(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", text.replace("−", "-").replace(",", ""))
    return float(match.group()) if match else None


def gold(folder: Path) -> dict[tuple[str, str, str], list[Line]]:
    """The gold by file, label and metric; parameter counts once per row."""
    lines: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    seen: set[tuple[str, str, str]] = set()
    with (folder / "GOLD.tsv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            file, label = row["file"], label_key(row["system"])
            voicebank = row["dataset"] == "VoiceBank+DEMAND"
            named = vocabulary().metric(row["metric"])
            if named is not None and named.id in SCORED:
                lines[file, label, named.id].append(Line(first_number(row["value"]), voicebank))
            millions = first_number(row["params_millions"] or "")
            if millions is not None and (file, row["table_index"], row["system"]) not in seen:
                seen.add((file, row["table_index"], row["system"]))
                lines[file, label, "params"].append(Line(millions * 1e6, voicebank))
    return lines


def agrees(reading: CellReading, line: Line) -> bool:
    """Whether the number of a reading is the one of the gold, as printed or normalised."""
    want = line.number
    if want is None:
        return False
    numbers = [reading.value, first_number(reading.raw)]
    if reading.quantity in ("STOI", "ESTOI"):
        numbers += [reading.value * 100]
    if reading.quantity == "params" and abs(reading.value - want) <= 0.006 * want:
        return True
    return any(n is not None and math.isclose(n, want, rel_tol=1e-6, abs_tol=1e-9) for n in numbers)


def paper_of(file: str) -> str:
    """The paper that a rendering belongs to: its LaTeX, HTML and Markdown leave together."""
    stem = Path(file).stem.removeprefix("arxiv-")
    return re.sub(r"^\d{4}-\d{5}v\d+_", "", stem).split("__")[-1].lower()


def judge(folder: Path) -> tuple[list[Judged], dict[str, int]]:
    """Every reading of the files in the gold with its verdict, and the size of the gold by kind."""
    lines = gold(folder)
    files = sorted({file for file, _, _ in lines})
    sizes: dict[str, int] = defaultdict(int)
    for (file, _, metric), entries in lines.items():
        sizes["params" if metric == "params" else file.split("/")[0]] += len(entries)
    judged: list[Judged] = []
    for file in files:
        extraction = extract(source_from_files({Path(file).name: (folder / file).read_bytes()}, file))
        for reading in extraction.readings:
            if reading.quantity not in SCORED or reading.protocol.get("statistic"):
                continue
            key = (file, label_key(reading.model), reading.quantity)
            match = next(
                (line for line in lines.get(key, []) if not line.used and agrees(reading, line)), None
            )
            if match is not None:
                match.used = True
            per_model = reading.quantity in ("params", "MACs", "FLOPs")
            same_set = match is not None and (
                per_model or match.voicebank == (reading.dataset == "VoiceBank+DEMAND")
            )
            kind = "params" if reading.quantity == "params" else file.split("/")[0]
            known = vocabulary().metric(reading.quantity)
            told = bool(reading.dataset) or (known is not None and known.per_model)
            judged.append(Judged(paper_of(file), kind, reading.confidence, match is not None, same_set, told))
    return judged, sizes


def lower_bound(hits: int, total: int) -> float:
    """The lower end of the 95% Wilson interval of a share."""
    if total == 0:
        return 0.0
    z = 1.959964
    share = hits / total
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (share + z * z / (2 * total) - spread) / (1 + z * z / total)


def threshold(judged: Sequence[Judged], wanted: float = 0.995) -> float:
    """The lowest confidence above which the precision is at least `wanted` by its lower bound."""
    best = 1.0
    ordered = sorted(judged, key=lambda j: -j.confidence)
    hits = 0
    for index, item in enumerate(ordered):
        hits += item.right and item.test_set_right
        last = index + 1 == len(ordered) or ordered[index + 1].confidence < item.confidence
        if last and lower_bound(hits, index + 1) >= wanted:
            best = item.confidence
    return best


def accuracy(judged: Sequence[Judged], sizes: dict[str, int]) -> None:
    print(f"{'kind':10s}{'gold':>6s}{'read':>6s}{'right':>6s}  precision  recall      F1")
    for kind in [*sorted(sizes), "all"]:
        mine = [j for j in judged if kind in ("all", j.kind)]
        total = sum(sizes.values()) if kind == "all" else sizes[kind]
        hits = sum(j.right for j in mine)
        precision, recall = hits / max(1, len(mine)), hits / max(1, total)
        print(
            f"{kind:10s}{total:6d}{len(mine):6d}{hits:6d}  {precision:9.4f}  {recall:6.4f}  {2 * hits / max(1, len(mine) + total):6.4f}"
        )
    right = [j for j in judged if j.right]
    print(f"test set (VoiceBank+DEMAND or not) right: {sum(j.test_set_right for j in right)} of {len(right)}")


def calibration(judged: Sequence[Judged]) -> None:
    """Choose the threshold without each paper in turn and apply it to that paper."""
    accepted: list[Judged] = []
    chosen: list[float] = []
    for paper in sorted({j.paper for j in judged}):
        limit = threshold([j for j in judged if j.paper != paper])
        chosen.append(limit)
        accepted.extend(j for j in judged if j.paper == paper and j.confidence >= limit)
    report("leave one paper out", accepted, judged)
    print(
        f"  thresholds chosen: {min(chosen):.3f} to {max(chosen):.3f}; on all papers {threshold(judged):.3f}"
    )
    report(
        f"at the shipped threshold {ACCEPT_THRESHOLD:g}",
        [j for j in judged if j.confidence >= ACCEPT_THRESHOLD],
        judged,
    )
    print("  confidence       readings  right")
    edges = [0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.01]
    for low, high in itertools.pairwise(edges):
        band = [j for j in judged if low <= j.confidence < high]
        if band:
            print(
                f"  {low:.2f} to {min(high, 1):.2f}  {len(band):10d}  {sum(j.right and j.test_set_right for j in band) / len(band):.4f}"
            )


def report(name: str, accepted: Sequence[Judged], judged: Sequence[Judged]) -> None:
    hits = sum(j.right and j.test_set_right for j in accepted)
    correct = sum(j.right and j.test_set_right for j in judged)
    bound = lower_bound(hits, len(accepted))
    share = hits / max(1, correct)
    print(
        f"{name}: {len(accepted)} accepted, precision {hits / max(1, len(accepted)):.4f} (lower bound {bound:.4f}), {share:.4f} of the right ones"
    )


def speed(folder: Path) -> None:
    """Tables per second on one core."""
    files = sorted({file for file, _, _ in gold(folder)})
    sources = [source_from_files({Path(f).name: (folder / f).read_bytes()}, f) for f in files]
    best = math.inf
    for _ in range(3):
        start = time.perf_counter()
        tables = sum(len(extract(source).tables) for source in sources)
        best = min(best, time.perf_counter() - start)
    print(
        f"{tables} tables of {len(files)} files in {best:.2f} s: {tables / best:.0f} tables/s, load {os.getloadavg()[0]:.1f}"
    )


_OURS = """import sys
from pathlib import Path
from dataclasses import replace
from litdb.extract import extract, source_from_files
for main in map(Path, sys.argv[1:]):
    beside = {p.relative_to(main.parent).as_posix(): p.read_bytes() for p in main.parent.rglob("*.tex")}
    extract(replace(source_from_files(beside, main.name), main=main.name))
"""


def timed(command: Sequence[str], folder: Path, seconds: float) -> tuple[float, float] | None:
    """Wall-clock and processor time of a whole process in seconds; None when it fails or passes the time limit."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (wall, used) if done.returncode == 0 else None


def against_latexml(sources: Iterable[Path], limit: float = 60) -> None:
    """Whole process against whole process on the sources that latexml completes; processor time tells under load.

    For each source alone, where a process of litdb is mostly the start of Python, and for all: latexml takes one
    process a source, litdb one for all of them. Files without \\documentclass are parts of others and left out.
    """
    program = shutil.which("latexml")
    if program is None:
        print("latexml is not installed: no comparison")
        return
    ratios: list[tuple[float, float]] = []
    completed: list[Path] = []
    times: list[tuple[float, float]] = []
    unfinished = 0
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            if "\\documentclass" not in source.read_text(encoding="utf-8", errors="replace"):
                continue
            out, log = Path(folder) / "out.xml", Path(folder) / "log"
            theirs = timed(
                [program, "--quiet", f"--dest={out}", f"--log={log}", str(source)], source.parent, limit
            )
            ours = timed([sys.executable, "-c", _OURS, str(source)], Path.cwd(), limit)
            if ours is None:
                raise SystemExit(f"{source} was not read")
            if theirs is None:
                unfinished += 1
                continue
            ratios.append((theirs[0] / ours[0], theirs[1] / ours[1]))
            completed.append(source)
            times.append(theirs)
            print(
                f"  {source.name:45s} latexml {theirs[0]:6.2f} s ({theirs[1]:6.2f} s processor), "
                f"litdb {ours[0]:5.2f} s ({ours[1]:5.2f} s): {ratios[-1][0]:4.0f} and {ratios[-1][1]:4.0f} times",
                flush=True,
            )
    together = timed([sys.executable, "-c", _OURS, *map(str, completed)], Path.cwd(), 10 * limit)
    if not completed or together is None:
        return
    wall, used = (sorted(ratio[i] for ratio in ratios) for i in (0, 1))
    middle = len(ratios) // 2
    print(
        f"each source alone: latexml takes {wall[middle]:.0f} times as long (median of {len(ratios)}, {wall[0]:.0f} to "
        f"{wall[-1]:.0f}), {used[middle]:.0f} times the processor time ({used[0]:.0f} to {used[-1]:.0f}); "
        f"{unfinished} sources it does not complete in {limit:g} s"
    )
    theirs_wall, theirs_used = (sum(time[i] for time in times) for i in (0, 1))
    print(
        f"all {len(completed)}: latexml {theirs_wall:.1f} s ({theirs_used:.1f} s processor), litdb {together[0]:.2f} s "
        f"({together[1]:.2f} s): {theirs_wall / together[0]:.0f} and {theirs_used / together[1]:.0f} times; "
        f"load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    real = Path(os.environ.get("LITDB_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "real"))
    parser.add_argument("--papers", type=Path, default=real / "papers")
    parser.add_argument("--latexml", action="store_true")
    parser.add_argument("--limit", type=float, default=60, help="seconds that latexml gets for a source")
    arguments = parser.parse_args()
    if not (arguments.papers / "GOLD.tsv").is_file():
        raise SystemExit(f"no GOLD.tsv in {arguments.papers}: name the folder with --papers")
    judged, sizes = judge(arguments.papers)
    accuracy(judged, sizes)
    calibration(judged)
    speed(arguments.papers)
    if arguments.latexml:
        against_latexml(sorted((arguments.papers / "latex").rglob("*.tex")), arguments.limit)


if __name__ == "__main__":
    main()
