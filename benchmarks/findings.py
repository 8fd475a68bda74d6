"""What conflicts and audit rules find on the shipped catalogue, against `litdb/seed/findings.tsv`.

    python -m benchmarks.findings [--write]

findings.tsv has one line a finding: its key, the verdict and the reason. *settled*: which value is right is known;
*explained*: both are right, of different things, or the finding is what the source says; *open*: nobody can say yet.
The reason is of this finding and no other: one sentence or two, at most 250 characters, with the papers and tables that
show it. A key is `conflict:MODEL:METRIC:TEST SET:VALUES` or `CODE:TARGET`, and none stands for several, so that a new
finding is never taken for one that somebody has looked at. Lists what has no line yet and what is no longer found; exit 1 when there is
any. `--write` adds what is new with the verdict `new`, which is none: a test fails until somebody wrote one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import litdb
from litdb._places import packaged
from litdb.seed.read import rows

FILE = Path(__file__).parents[1] / "litdb/seed/findings.tsv"
VERDICTS = ("settled", "explained", "open")


def settled() -> dict[str, tuple[str, str]]:
    """Verdict and reason of every line of findings.tsv by its key."""
    return {row["key"]: (row["verdict"], row["reason"]) for row in rows("findings.tsv")}


def found_in(catalogue: litdb.Catalogue) -> Iterator[tuple[str, str]]:
    """The key of everything that is found, and what it says."""
    for conflict in catalogue.conflicts():
        values = "/".join(sorted({side.printed for side in conflict.sides}))
        key = f"conflict:{conflict.model}:{conflict.metric}:{conflict.dataset}:{values}"
        yield key, ", ".join(conflict.kinds)
    for finding in catalogue.audit():
        yield finding.id, finding.message


def main() -> int:
    """Compare, and write what is new when asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    known = settled()
    with litdb.open(packaged("sota.db")) as catalogue:
        found = dict(found_in(catalogue))
    new = [key for key in found if key not in known]
    gone = [key for key in known if key not in found]
    for key in new:
        print("new ", key, found[key])
    for key in gone:
        print("gone", key)
    if options.write:
        lines = ["key\tverdict\treason"]
        lines += ["\t".join((key, *known.get(key, ("new", found[key])))) for key in sorted(found)]
        FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if new or gone else 0


if __name__ == "__main__":
    raise SystemExit(main())
