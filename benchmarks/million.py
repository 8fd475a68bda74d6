"""A generated catalogue of 1,000,000 results: the range query against raw SQL of the same meaning, and one table.

    python benchmarks/million.py [--models 20000] [--rounds 5] [--keep FILE]

Bounds, in process: the range query (selection included) at most 3 times raw `sqlite3` running one SQL statement with
the same selection rules over the same file; `table` of 20 models under 0.5 s. Both ways must give the same models and
values. Exit code 1 when a bound is missed, 2 when the answers differ.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import litdb
from litdb.catalogue.database.places import make_working
from litdb.values.names import digest, fold_name

WHERE = ["params=0.4M..1.0M", "PESQ=2.8..3.4"]
METRICS = ["params", "PESQ", "CSIG", "CBAK", "COVL", "STOI"]
SCORES = {"PESQ": (1.8, 3.7, 0.01), "CSIG": (2.5, 4.8, 0.01), "CBAK": (2.0, 4.0, 0.01), "COVL": (2.0, 4.3, 0.01),
          "STOI": (0.85, 0.97, 0.01), "SSNR": (3.0, 11.0, 0.01)}  # fmt: skip

# The same rules as litdb.evidence.selection for published models: the self row of the newest version with most
# quantities, then by kind of table; else the repository; else the quotation with most quantities,
# then the values that most papers agree on, then the earliest paper. What the row lacks comes from the next best row in
# the same order. The range applies to what is then shown. Steps are materialised, so that SQLite joins them by an index.
RAW = """
WITH candidate AS (
  SELECT id FROM model WHERE kind IN ('system', 'variant') AND own = 0
  INTERSECT SELECT s.model_id FROM result r JOIN source_row s ON s.id = r.source_row_id
    WHERE r.quantity = 'params' AND r.dataset = '' AND r.status = 'accepted' AND r.value BETWEEN 400000 AND 1000000
  INTERSECT SELECT s.model_id FROM result r JOIN source_row s ON s.id = r.source_row_id
    WHERE r.quantity = 'PESQ' AND r.dataset = 'vbd' AND r.status = 'accepted' AND r.value BETWEEN 2.8 AND 3.4
), fact AS MATERIALIZED (
  SELECT s.model_id, s.id AS row_id, s.key AS row_key, s.origin, s.table_kind, d.paper_id,
         COALESCE(v.version, 0) AS version, COALESCE(p.first_submitted, '9999') AS day,
         r.quantity, r.value, r.resolution,
         CASE s.origin WHEN 'self' THEN 0 WHEN 'repository' THEN 1 WHEN 'quoted' THEN 3 END AS tier,
         CASE s.table_kind WHEN 'comparison' THEN 0 WHEN 'ablation' THEN 1 ELSE 2 END AS kind_order
  FROM candidate c JOIN source_row s ON s.model_id = c.id JOIN result r ON r.source_row_id = s.id
  JOIN document d ON d.id = s.document_id LEFT JOIN paper_version v ON v.id = d.version_id
  LEFT JOIN paper p ON p.id = d.paper_id
  WHERE r.status = 'accepted' AND r.dataset IN ('vbd', '')
), agreement AS (
  SELECT a.row_id, COUNT(DISTINCT a.quantity || ':' || b.paper_id) AS votes
  FROM fact a JOIN fact b ON b.model_id = a.model_id AND b.quantity = a.quantity AND b.tier = 3
    AND ABS(a.value - b.value) <= MAX(a.resolution, b.resolution) / 2 + 1e-9 * MAX(ABS(a.value), ABS(b.value), 1)
  WHERE a.tier = 3 GROUP BY a.row_id
), line AS MATERIALIZED (
  SELECT f.model_id, f.row_id, COUNT(*) AS facts, SUM(f.quantity <> 'params') AS scores,
         CASE WHEN f.tier = 3 THEN COALESCE(a.votes, 0) ELSE 0 END AS votes
  FROM fact f LEFT JOIN agreement a ON a.row_id = f.row_id GROUP BY f.row_id
), ranked AS MATERIALIZED (
  SELECT f.*, l.facts, l.votes, FIRST_VALUE(CASE WHEN l.scores > 0 THEN f.row_id END) OVER w AS base_row, FIRST_VALUE(f.paper_id) OVER w AS base_paper
  FROM fact f JOIN line l ON l.row_id = f.row_id
  WINDOW w AS (PARTITION BY f.model_id ORDER BY l.scores = 0, f.tier, -f.version, -l.facts,
      CASE WHEN f.tier = 3 THEN -l.votes ELSE f.kind_order END, f.day, f.row_key)
), chosen AS (
  SELECT model_id, quantity, value, ROW_NUMBER() OVER (
    PARTITION BY model_id, quantity
    ORDER BY row_id <> base_row, tier, paper_id <> base_paper, -version, -facts,
      CASE WHEN tier = 3 THEN -votes ELSE kind_order END, day, row_key) AS n
  FROM ranked WHERE base_row IS NOT NULL
)
SELECT m.key, MAX(CASE WHEN c.quantity = 'params' THEN c.value END), MAX(CASE WHEN c.quantity = 'PESQ' THEN c.value END)
FROM chosen c JOIN model m ON m.id = c.model_id WHERE c.n = 1 GROUP BY m.key
HAVING MAX(CASE WHEN c.quantity = 'params' THEN c.value END) BETWEEN 400000 AND 1000000
   AND MAX(CASE WHEN c.quantity = 'PESQ' THEN c.value END) BETWEEN 2.8 AND 3.4
"""


def generate(path: Path, models: int, seed: int = 11, quoting: tuple[int, int] = (8, 5)) -> int:
    """Fill a new catalogue with made-up published models, about 50 results each; returns the number of results.

    Each model has a paper of two versions with a comparison and an ablation row, a repository row for some, and five
    papers that quote it; versions of a quoting paper do not occur, so its newest version is its only one. `quoting` is how many
    papers quote one that reports nothing itself, and one that does.
    """
    make_working(path, empty=True).close()
    rng = random.Random(seed)
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("INSERT INTO protocol VALUES (1, ?, '[]')", (digest("p")[:16],))
    tables: dict[str, list[tuple[Any, ...]]] = {
        "paper": [], "paper_version": [], "document": [], "model": [], "model_name": [], "reading": [],
        "source_row": [], "result": [],
    }  # fmt: skip
    facts = 0
    for number in range(1, models + 1):
        day = f"20{rng.randint(18, 25)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        tables["paper"].append(
            (number, f"P{number}", f"Paper {number}", "[]", f"{number:09d}", None, None, day, None, None)
        )
        for version in (1, 2):
            place = 2 * number - 2 + version
            tables["paper_version"].append((place, number, version, None, ""))
            tables["document"].append(
                (place, f"D{place}", "latex", f"d{place}", None, number, place, None, 1, "")
            )
        kind = rng.choices(["system", "variant", "ablation"], [6, 3, 1])[0]
        tables["model"].append((number, f"M{number}", f"M{number}", kind, 0, "reader", None, number, None))
        tables["model_name"].append((number, number, f"M{number}", fold_name(f"M{number}"), "", "reader"))
    repository = 2 * models + 1
    tables["document"].append(
        (repository, "R", "repository", "https://example.org", None, None, None, None, 1, "")
    )
    rows = 0
    for number in range(1, models + 1):
        params = 10 ** rng.uniform(4.3, 7.5)
        true = {name: rng.uniform(low, high) for name, (low, high, _step) in SCORES.items()}
        sources = [(2 * number - 1, "self", "comparison", 1.0), (2 * number, "self", "comparison", 1.0),
                   (2 * number, "self", "ablation", 0.5)]  # fmt: skip
        sources = sources if rng.random() < 0.6 else []
        if rng.random() < 0.2:
            sources.append((repository, "repository", "comparison", 0.9))
        others = rng.sample(range(1, models + 1), quoting[0] if not sources else quoting[1])
        sources += [(2 * other, "quoted", "comparison", 0.9) for other in others if other != number]
        for document, origin, table_kind, share in sources:
            rows += 1
            tables["source_row"].append(
                (rows, digest("row", rows), number, document, None, "1", table_kind, f"M{number}", origin)
            )
            values = (
                [("params", "", float(f"{params * rng.choice([1, 1, 1, 1.1]):.3g}"), 1000.0)]
                if rng.random() < 0.7
                else []
            )
            values += [
                (name, "vbd", round(true[name] + rng.choice([0, 0, 0, 0.02]), 2), step)
                for name, (_low, _high, step) in SCORES.items()
                if rng.random() < share
            ]
            for quantity, dataset, value, step in values:
                facts += 1
                status = rng.choices(["accepted", "proposed", "rejected"], [90, 8, 2])[0]
                tables["reading"].append((
                    facts, digest("cell", facts), "reader", document, None, None, "", 0, "1", table_kind, None, None,
                    None, f"M{number}", f"M{number}", fold_name(f"M{number}"), kind, origin == "self", "", "[]", "",
                    quantity, quantity, dataset, value, "", str(value), "", step, "", None, "", 1, 0.99, "[]", "[]", "",
                ))  # fmt: skip
                tables["result"].append(
                    (facts, facts, rows, quantity, quantity, dataset, value, str(value), step, 1, status)
                )
    for name, records in tables.items():
        columns = len(records[0])
        db.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})", records)
    db.commit()
    db.execute("ANALYZE")
    db.close()
    return facts


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    value = call()
    return time.perf_counter() - start, value


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=int, default=25_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="keep (or reuse) the generated file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "million.db"
        if not path.exists():
            generate(path, options.models)
        raw = sqlite3.connect(path)
        total = raw.execute("SELECT COUNT(*) FROM result").fetchone()[0]
        print(f"{total:,} results, load {os.getloadavg()[0]:.2f}, {options.rounds} rounds, medians")
        names = [row[0] for row in raw.execute("SELECT key FROM model WHERE kind = 'system' LIMIT 20")]
        with litdb.open(path) as catalogue:
            times: dict[str, list[float]] = {"litdb": [], "raw": [], "table": []}
            for _ in range(options.rounds):
                spent, table = timed(lambda: catalogue.models(metrics=METRICS, where=WHERE))
                times["litdb"].append(spent)
                spent, wanted = timed(lambda: raw.execute(RAW).fetchall())
                times["raw"].append(spent)
                spent, _few = timed(lambda: catalogue.table(METRICS, models=names))
                times["table"].append(spent)
        raw.close()
    found = {row.model: (row.cells[0].value, row.cells[1].value) for row in table.rows}
    expected = {key: (params, pesq) for key, params, pesq in wanted}
    ours, theirs, twenty = (statistics.median(times[name]) for name in ("litdb", "raw", "table"))
    ratio = ours / theirs
    print(
        f"range query: litdb {ours * 1000:.0f} ms, raw SQL {theirs * 1000:.0f} ms, ratio {ratio:.2f} (at most 3)"
    )
    print(f"table of 20 models: {twenty * 1000:.0f} ms (at most 500)")
    if found != expected:
        different = [key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)]
        print(f"the answers differ for {len(different)} models, such as {different[:3]}:")
        print([(key, found.get(key), expected.get(key)) for key in different[:3]])
        return 2
    print(f"the same {len(found)} models with the same values")
    return 1 if ratio > 3 or twenty > 0.5 else 0


if __name__ == "__main__":
    sys.exit(main())
