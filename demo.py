"""The main job on the shipped catalogue: a parameter-range query, comparison tables, a plot, one number traced, an audit.

python demo.py OUT
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from litdb._places import packaged
from litdb.cli._root import run

MODELS = "IMSE,MUSE,TridentSE-S,DPT-FSNet,MANNER-S-5.3GF,TSTNN,BSRNN-FAC-MRHA3"


def main() -> int:
    """Run each command as a user would, and stop at the first that fails."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
    out.mkdir(parents=True, exist_ok=True)
    os.environ["LITDB_DB"] = str(packaged("sota.db"))
    for line, expected in (
        ("models --params 0.4M..1.0M --metric PESQ=2.8..3.4", 0),
        ("why IMSE PESQ", 0),
        (f"table --format markdown --models {MODELS} --out {out / 'table.md'}", 0),
        (f"table --format latex --models {MODELS} --label tab:sota --out {out / 'table.tex'}", 0),
        (f"plot --x params --y PESQ --out {out / 'pesq.pdf'}", 0),
        (f"plot --x params --y PESQ --out {out / 'pesq.png'}", 0),
        ("evidence phase --near 0.46M", 0),
        ("conflicts --model IMSE", 1),  # checks that find something
        ("audit --model MUSE", 1),
        ('claim "smallest with PESQ>=3.0 on vbd"', 1),
    ):
        print(f"$ litdb {line}", flush=True)
        code = run(shlex.split(line))
        if code != expected:
            return code or 1
        print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
