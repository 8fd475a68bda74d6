"""What pages say of litdb as a whole: docs/believing.md lists every audit rule in its words, README counts what is shipped."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from litdb.api import audit_rules

ROOT = Path(__file__).resolve().parents[2]


def test_every_audit_rule_stands_in_the_page() -> None:
    page = (ROOT / "docs" / "believing.md").read_text(encoding="utf-8")
    table = page.partition("| code | finds |\n")[2].partition("\n\n")[0]
    listed = dict(re.findall(r"^\| ([A-Z]+) \| (.+) \|$", table, re.MULTILINE))
    assert listed == {rule.code: rule.finds for rule in audit_rules("all")}


def test_readme_counts_what_is_shipped() -> None:
    page = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    told = re.search(
        r": ([\d,]+) papers \(.*?\), ([\d,]+) figures of ([\d,]+) models, settings and ablations, ([\d,]+) comparisons of ablation "
        r"rows, ([\d,]+) facts of .*? ([\d,]+) descriptions",
        page,
    )
    assert told is not None
    with closing(sqlite3.connect(f"file:{ROOT / 'sota.db'}?mode=ro", uri=True)) as shipped:
        counted = [
            shipped.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("paper", "result", "model", "ablation")
        ]
        asked = "select sum(item in ('family', 'technique', 'training')), count(*) from model_fact"
        facts, both = shipped.execute(asked).fetchone()
        counted += [facts, both - facts]
    assert [int(number.replace(",", "")) for number in told.groups()] == counted
