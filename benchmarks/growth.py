"""How time and memory grow from 20,000 results to 200,000: audits, conflicts, the check and a merge.

    python benchmarks/growth.py [--only audit,merge] [--keep FOLDER] [--small 400] [--large 4000]

Two generated catalogues (benchmarks/million.py, then derived, so that `db check` finds them whole), the second with ten times
the models. What is merged in is as large: half of its documents are the same, half are not known. Each command runs in a process of its
own; shown are its processor time, its peak memory and what it printed. From the small to the large catalogue, processor time
may grow twelve times (and by as much as starting costs); an audit of one model, which loads what it needs, likewise. Exit code 1
when one grows more. Processor time is shown because it depends least on what else the machine does; the load stands beside it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from sqlalchemy import select

import litdb
from benchmarks.million import generate
from litdb.catalogue.database.schema import DocumentRow
from litdb.catalogue.derive import derive
from litdb.vocabulary.protocol import Protocol

MOST = 12.0
COMMANDS = {
    "audit": ["audit"],
    "audit of one model": ["audit", "--model", "M7"],
    "conflicts": ["conflicts", "--json"],
    "conflicts of one model": ["conflicts", "--model", "M7", "--json"],
    "quotations": ["audit", "--quotations"],
    "genealogy of one number": ["why", "M7", "PESQ", "--genealogy"],
    "check": ["db", "check"],
    "merge": ["db", "merge", "OTHER"],
}


def prepared(path: Path, models: int, *, other: bool) -> None:
    """A whole catalogue of that many models; `other` has half of its documents in common with the one that is not."""
    generate(path, models)
    raw = sqlite3.connect(path)
    if other:
        raw.execute("UPDATE reading SET key = substr(key || 'x', 2) WHERE document_id / 2 % 2")
        raw.execute("UPDATE document SET key = key || 'x' WHERE id / 2 % 2")
    raw.execute("UPDATE protocol SET digest = ?, items = ?", (Protocol().digest, Protocol().to_json()))
    raw.commit()
    raw.close()
    with litdb.open(path) as catalogue, catalogue.store.write() as session:
        derive(session, list(session.scalars(select(DocumentRow.id))))


def measured(words: list[str], db: Path) -> tuple[float, int, int, int]:
    """Processor seconds, peak memory in MB, bytes printed and exit code of one command."""
    with tempfile.TemporaryFile() as out:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.execv(sys.executable, [sys.executable, "-m", "litdb", *words, "--db", str(db)])
        _child, status, used = os.wait4(child, 0)
        printed = os.fstat(out.fileno()).st_size
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, printed, os.waitstatus_to_exitcode(status)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", type=int, default=400, help="models of the small catalogue")
    parser.add_argument("--large", type=int, default=4000, help="models of the large one")
    parser.add_argument("--only", default="", help="names of commands, or their beginnings")
    parser.add_argument("--keep", type=Path, help="keep (or reuse) the generated files in this folder")
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else list(COMMANDS)
    folder = options.keep or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    files = {models: folder / f"{models}.db" for models in (options.small, options.large)}
    for models, path in files.items():
        other = folder / f"{models}-other.db"
        for file in (path, other):
            if not file.exists():
                prepared(file, models, other=file is other)
        count = sqlite3.connect(path).execute("SELECT COUNT(*) FROM result").fetchone()[0]
        print(f"{path.name}: {count:,} results, {path.stat().st_size >> 20} MB")
    worst = 0.0
    for name, words in COMMANDS.items():
        if not any(name.startswith(beginning) for beginning in wanted):
            continue
        seconds = []
        for models, path in files.items():
            target = folder / "target.db"
            shutil.copyfile(path, target)
            said = [str(folder / f"{models}-other.db") if word == "OTHER" else word for word in words]
            spent, memory, printed, code = measured(said, target)
            target.unlink()
            seconds.append(spent)
            print(
                f"{name:24} {models:5} models: {spent:7.1f} s, {memory:5} MB, {printed:11,} bytes, exit {code}, load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
        ratio = seconds[1] / max(seconds[0], 0.5)
        worst = max(worst, ratio)
        print(f"{name:24} {ratio:.1f} times", flush=True)
    if options.keep is None:
        shutil.rmtree(folder)
    return 1 if worst > MOST else 0


if __name__ == "__main__":
    sys.exit(main())
