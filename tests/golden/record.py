"""`python -m tests.golden.record FOLDER`: build the golden catalogue there and run every case on it.

Nothing is made plain in what is recorded but the schema's number in the header of the dump, the path of the folder, and
the address of the stand-in for arXiv, whose port is another each time.

The folder gets `work/` (the working folder, with `sota.db`) and `results/`: `dump.jsonl`, a file a case, and
`dump_after.jsonl`, which is the same as the first when reading commands write nothing.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

from tests.golden.frozen import freeze


def main(folder: Path) -> None:
    """Everything, in a process whose clock stands still."""
    clock = freeze()
    work, results = folder / "work", folder / "results"
    work.mkdir(parents=True)
    results.mkdir()
    for name in [name for name in os.environ if name.startswith("LITDB_")]:
        del os.environ[name]
    os.environ |= {"LITDB_HOME": str(folder / "home"), "COLUMNS": "120", "LINES": "40", "NO_COLOR": "1"}
    os.chdir(work)

    from litdb.seed.build import build as build_seed
    from tests.golden.cases import CASES
    from tests.golden.catalogue import build, litdb, write_inputs
    from tests.golden.papers import FETCHED, NEWS
    from tests.support.replay import ReplayServer
    from tests.support.stores import first_part_only

    first_part_only(build_seed(folder / "first.db", harvest=False))

    def plain(text: str) -> str:
        return text.replace(str(folder), "FOLDER").replace(server.url, "http://arxiv.replay")

    def dumped() -> str:
        header, rest = litdb("db", "dump").out.split("\n", 1)
        return plain(re.sub(r'"schema": "\w+"', '"schema": "any"', header) + "\n" + rest)

    with ReplayServer((*FETCHED, NEWS)) as server:
        os.environ |= server.environment
        build(clock.tick)
        write_inputs()
        clock.tick()
        _write(results / "dump.jsonl", dumped())
        for name, case in CASES.items():
            said = litdb(*shlex.split(case.line), stdin=case.typed)
            text = f"$ litdb {case.line}\nexit {said.code}\n--- stdout\n{said.out}--- stderr\n{said.err}"
            for file in case.files:
                text += f"--- {file}\n" + Path(file).read_bytes().decode()
            _write(results / f"{name}.txt", plain(text))
        _write(results / "dump_after.jsonl", dumped())


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
