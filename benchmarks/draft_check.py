"""How well `litdb check` finds what is wrong in a draft, and how often it is wrong itself.

usage: python benchmarks/draft_check.py truth      the draft of tests/draft/truth: 60 planted faults, then corrected
       python benchmarks/draft_check.py heldout    the draft of tests/draft/heldout: 20 faults in another style, then corrected
       python benchmarks/draft_check.py heldout2   the two drafts of tests/draft/heldout2: 15 faults each, then corrected
       python benchmarks/draft_check.py generated [--seeds 10] [--drafts 12]
       python benchmarks/draft_check.py real DIR... every LaTeX paper under the folders: no exception, findings counted

A planted fault is found when a finding of one of its rules stands on its lines. A finding elsewhere is a false alarm, unless it
names a fault's `file:line` (of two places that disagree, one is reported and the other named). Drafts that are generated are of
one table each with its sentences, from the shipped catalogue, with one random change; a change is found when a finding stands
on its line, and every line of numbers that was left alone and has a finding that does not name the changed one is flagged.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import litdb
from litdb.draft.check import check_draft
from litdb.draft.finding import DraftFinding, DraftReport
from tests.draft.truth.drawn import Drawn, draw, field_of
from tests.draft.truth.own import own_catalogue
from tests.draft.truth.planted import HERE, Planted, corrected, planted

HELD_OUT = HERE.parent / "heldout"


def main() -> int:
    """Run one of the modes; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("mode", choices=("truth", "heldout", "heldout2", "generated", "real"))
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--drafts", type=int, default=12)
    parser.add_argument("--show", action="store_true", help="print what was missed and what was flagged")
    parser.add_argument("--find", action="store_true", help="real: print every finding")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.mode == "truth":
            catalogue = own_catalogue(Path(folder) / "mine.db")
            return against(catalogue, HERE, Path(folder) / "mended", least=57, most=4)
        if asked.mode == "heldout":
            return against(litdb.open(), HELD_OUT, Path(folder) / "mended", least=0, most=1_000)
        if asked.mode == "heldout2":
            second = HERE.parent / "heldout2"
            return max(
                against(litdb.open(), second / name, Path(folder) / name, least=0, most=1_000)
                for name in ("a", "b")
            )
        if asked.mode == "generated":
            return generated(asked.seeds, asked.drafts, Path(folder), show=asked.show)
        return real(asked.folders, show=asked.find)


def against(catalogue: litdb.Catalogue, truth: Path, mended: Path, *, least: int, most: int) -> int:
    """Count what is found of the planted faults of a folder, and what else is; then check the corrected draft."""
    faults = planted(truth)
    paper = truth / "paper"
    main_file = next(iter(sorted(paper.glob("*.tex"))))
    started = time.perf_counter()
    report = check_draft(catalogue, main_file)
    took = time.perf_counter() - started
    missed, alarms = score(faults, paper, report)
    by_rule = Counter(fault.rules[0] for fault in faults)
    lost = Counter(fault.rules[0] for fault in missed)
    for rule, count in by_rule.items():
        print(f"{rule:12} {count - lost[rule]} of {count}")
    for fault in missed:
        print(f"missed {fault.id} ({', '.join(fault.rules)}): {fault.what}")
    for finding in alarms:
        print(f"false alarm {_line(finding)}")
    after = check_draft(catalogue, corrected(mended, truth))
    for finding in after.findings:
        print(f"on the corrected draft {_line(finding)}")
    print(
        f"found {len(faults) - len(missed)} of {len(faults)}, false alarms {len(alarms)}, "
        f"on the corrected draft {len(after.findings)}; {took:.2f} s"
    )
    print(f"checked {dict(report.checked)}\nnot checked {dict(report.unchecked)}")
    return int(len(faults) - len(missed) < least or len(alarms) > most or bool(after.findings))


def score(
    faults: list[Planted], paper: Path, report: DraftReport
) -> tuple[list[Planted], list[DraftFinding]]:
    """The faults that were missed, and the findings that belong to none."""
    places = {fault.id: fault.places(paper) for fault in faults}
    lines = {(file, line) for at in places.values() for file, numbers in at.items() for line in numbers}
    found = {
        fault.id
        for fault in faults
        for finding in report.findings
        if finding.rule in fault.rules and finding.place.line in places[fault.id].get(finding.place.file, ())
    }
    alarms = [
        finding
        for finding in report.findings
        if (finding.place.file, finding.place.line) not in lines and not _named(finding) & lines
    ]
    return [fault for fault in faults if fault.id not in found], alarms


def _named(finding: DraftFinding) -> set[tuple[str, int]]:
    """The places that a finding names beside its own."""
    return {
        (file, int(line))
        for text in (finding.message, *finding.sources)
        for file, line in re.findall(r"([\w./-]+\.(?:tex|bib)):(\d+)", text)
    }


def generated(seeds: int, drafts: int, folder: Path, *, show: bool) -> int:
    """Drafts from the shipped catalogue, one change each."""
    catalogue = litdb.open()
    known = field_of(catalogue)
    changed, found = Counter[str](), Counter[str]()
    untouched = flagged = 0
    for seed in range(seeds):
        for number in range(drafts):
            drawn = draw(known, seed * 1_000 + number)
            report = check_draft(catalogue, drawn.write(folder / f"{seed}-{number}"))
            changed[drawn.change] += 1
            hit = any(_hits(drawn, finding) for finding in report.findings)
            found[drawn.change] += hit
            untouched += drawn.statements
            others = [
                one for one in report.findings if not _hits(drawn, one) and not _named(one) & drawn.lines
            ]
            flagged += len({(one.place.file, one.place.line, one.message) for one in others})
            if show:
                for one in others:
                    print(
                        f"{seed}-{number} flagged {_line(one)} | {drawn.line(one.place.file, one.place.line)}"
                    )
                if not hit:
                    print(f"{seed}-{number} missed {drawn.change}: {drawn.words}")
    for change, count in sorted(changed.items()):
        print(f"{change:14} {found[change]} of {count}")
    total = sum(changed.values())
    share, false = sum(found.values()) / total, flagged / untouched
    print(
        f"found {sum(found.values())} of {total} ({share:.1%}), flagged {flagged} of {untouched} ({false:.2%})"
    )
    return int(share < 0.9 or false > 0.02)


def _hits(drawn: Drawn, finding: DraftFinding) -> bool:
    return (finding.place.file, finding.place.line) in drawn.lines


def real(folders: list[Path], *, show: bool) -> int:
    """Check every LaTeX document under some folders; a failure is an exception that no user should see."""
    catalogue = litdb.open()
    failed = papers = 0
    rules = Counter[str]()
    slowest = 0.0
    for path in sorted(path for folder in folders for path in folder.rglob("*.tex")):
        if r"\begin{document}" not in path.read_text(encoding="utf-8", errors="replace"):
            continue
        papers += 1
        started = time.perf_counter()
        try:
            report = check_draft(catalogue, path)
        except litdb.LitdbError as error:
            print(f"refused {path}: {error}")
            continue
        except Exception as error:
            failed += 1
            print(f"FAILED {path}: {type(error).__name__} {error}")
            continue
        slowest = max(slowest, time.perf_counter() - started)
        rules.update(finding.rule for finding in report.findings)
        if show:
            for finding in report.findings:
                print(f"{path.parent.name}/{_line(finding)}")
    print(f"{papers} documents, {failed} failed, slowest {slowest:.1f} s, findings {dict(rules)}")
    return int(bool(failed))


def _line(finding: DraftFinding) -> str:
    return f"{finding.rule} {finding.place.file}:{finding.place.line}: {finding.message}"


if __name__ == "__main__":
    sys.exit(main())
