"""The site of large catalogues: time and memory of a build, files and bytes, and when the first page answers in Chromium.

    python benchmarks/site.py [--papers 1000,10000] [--keep FOLDER] [--chromium /usr/bin/chromium]

Catalogues are generated (benchmarks/million.py, a paper a model and about 20 results a paper), with a stored table for every
document, so that pages of papers have tables as they stood. Each build runs in a process of its own. The first page answers when
its rows are in the document and its script has read all of them (a filter changes the count); a filter is timed too. Processor
time may grow by the factor of papers and a fifth more: exit code 1 when it grows more, or when the first page at 500 models
loads more than 300 KB.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from sqlalchemy import select

import litdb
from benchmarks.million import generate
from litdb.catalogue.database.schema import DocumentRow
from litdb.catalogue.derive import derive
from litdb.vocabulary.protocol import Protocol

#: How many papers quote one that reports nothing itself, and one that does: about 20 results a paper.
QUOTING = (3, 1)
MOST_KB, MODELS = 300, 500
_LIBRARIES = 1.5  # seconds of processor time that starting takes, however small the catalogue


def prepared(path: Path, papers: int) -> None:
    """A whole catalogue of that many papers, each document with one table of its rows and metrics."""
    generate(path, papers, quoting=QUOTING)
    db = sqlite3.connect(path)
    db.execute("UPDATE protocol SET digest = ?, items = ?", (Protocol().digest, Protocol().to_json()))
    found = defaultdict(list)
    for reading, document, label, metric, printed in db.execute(
        "SELECT id, document_id, label, metric, printed FROM reading ORDER BY id"
    ):
        found[document].append((reading, label, metric, printed))
    grids, places = [], []
    for number, (document, readings) in enumerate(found.items(), start=1):
        if len(readings) > 2000:  # the one repository of all
            continue
        metrics = list(dict.fromkeys(metric for _, _, metric, _ in readings))
        lines: list[list[str]] = []
        at: dict[str, int] = {}
        for reading, label, metric, printed in readings:
            line = at.get(label)
            column = 1 + metrics.index(metric)
            if line is None or lines[line][column] != "-":  # a second row of that name
                line = at[label] = len(lines)
                lines.append([label, *["-"] * len(metrics)])
            lines[line][column] = printed
            places.append((number, line + 1, column, reading))
        rows = json.dumps([["Model", *metrics], *lines])
        grids.append(
            (number, document, f"s{number}", 1, "1", "Comparison of made-up models.", "comparison", rows)
        )
    db.executemany("INSERT INTO grid VALUES (?, ?, ?, ?, ?, ?, ?, ?)", grids)
    db.executemany("UPDATE reading SET grid_id = ?, row_no = ?, column_no = ? WHERE id = ?", places)
    db.commit()
    db.close()
    with litdb.open(path) as catalogue, catalogue.store.write() as session:
        derive(session, list(session.scalars(select(DocumentRow.id))))


def built(db: Path, out: Path) -> tuple[float, float, int, dict[str, int]]:
    """Wall and processor seconds, peak memory in MB, and what the command says of a build."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "litdb", "site", "build", str(out), "--db", str(db), "--json"],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the build failed: {os.waitstatus_to_exitcode(status)}")
    return (
        time.perf_counter() - begun,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss // 1024,
        json.loads(said),
    )


def answered(out: Path, chromium: str) -> dict[str, float]:
    """Milliseconds until the rows of the first page are there and until its script knows all of them, of a filter, of a search;
    and the kilobytes that it loads."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        page = browser.new_page()
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url))
        page.goto("about:blank")
        begun = time.perf_counter()
        page.goto((out / "index.html").as_uri(), wait_until="commit")
        page.wait_for_selector("#board tbody tr")
        rows = time.perf_counter() - begun
        page.wait_for_selector("#filter:not([hidden])", state="attached")
        ready = time.perf_counter() - begun
        begun = time.perf_counter()
        page.evaluate("document.querySelector('#filters').open = true")
        page.get_by_label("PESQ ↑, at least").fill("3")
        page.wait_for_function("document.querySelector('#count').textContent.includes(' of ')")
        filtered = time.perf_counter() - begun
        size = sum(Path(url.removeprefix("file://")).stat().st_size for url in loaded)
        begun = time.perf_counter()
        page.goto((out / "search.html").as_uri() + "?q=M77")
        page.wait_for_selector("#found li")
        searched = time.perf_counter() - begun
        browser.close()
    return {
        "rows_ms": rows * 1000, "ready_ms": ready * 1000, "filter_ms": filtered * 1000, "search_ms": searched * 1000,
        "kb": size / 1000,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", default=f"{MODELS},1000,10000", help="how many papers each catalogue has")
    parser.add_argument("--keep", type=Path, help="keep (or reuse) the generated files in this folder")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    failed, spent = False, {}
    for papers in map(int, options.papers.split(",")):
        db, out = folder / f"{papers}.db", folder / f"site-{papers}"
        if not db.exists():
            prepared(db, papers)
        results = sqlite3.connect(db).execute("SELECT COUNT(*) FROM result").fetchone()[0]
        shutil.rmtree(out, ignore_errors=True)
        wall, cpu, memory, said = built(db, out)
        spent[papers] = cpu
        print(
            f"{papers:6} papers, {results:8,} results: {wall:6.1f} s ({cpu:.1f} s of processor), {memory:5} MB of memory, "
            f"{said['files']:,} files, {said['size'] / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        again, cpu_again, _, told = built(db, out)
        print(
            f"       built again: {again:.1f} s ({cpu_again:.1f} s of processor), {told['changed']} files written"
        )
        if options.chromium:
            seen = answered(out, options.chromium)
            print(
                "       first page: rows after {rows_ms:.0f} ms, ready after {ready_ms:.0f} ms, {kb:.0f} KB loaded; a filter {filter_ms:.0f} ms; "
                "a search {search_ms:.0f} ms".format(**seen),
                flush=True,
            )
            failed |= papers == MODELS and seen["kb"] > MOST_KB
    sizes = sorted(spent)
    if len(sizes) > 1:
        ratio = (spent[sizes[-1]] - _LIBRARIES) / (spent[sizes[-2]] - _LIBRARIES)
        print(f"from {sizes[-2]} to {sizes[-1]} papers: {ratio:.1f} times the processor time")
        failed |= ratio > 1.2 * sizes[-1] / sizes[-2]
    if options.keep is None:
        shutil.rmtree(folder)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
