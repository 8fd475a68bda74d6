"""The golden catalogue: the seed, ten papers and a README, own runs, and decisions of every kind.

Everything goes through the command line, as a user would do it; every command is one step of the clock.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.golden.papers import FETCHED, INGESTED
from tests.support.runs import write_run, write_scores

#: Utterances of the own runs: two speakers of the test set.
FILES = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(1, 9)]
#: All 824 of a whole evaluation: what covers fewer contradicts no published value.
WHOLE = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(1, 413)]


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Litdb = Callable[..., Said]


def litdb(*words: str, stdin: str = "") -> Said:
    """Call a command in this process: `litdb("models", "--json")`."""
    from litdb.cli._root import run

    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(stdin)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run(words)
    finally:
        sys.stdin = before
    return Said(code, out.getvalue(), err.getvalue())


class Builder:
    """Runs one command after the other and stops at the first that fails."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick

    def do(self, *words: str, who: str = "ada", stdin: str = "") -> str:
        """Run a command that must succeed; returns what it printed."""
        self._tick()
        os.environ["LITDB_USER"] = who
        said = litdb(*words, stdin=stdin)
        if said.code != 0:
            raise RuntimeError(f"litdb {' '.join(words)} ended with {said.code}: {said.err}{said.out}")
        return said.out

    def look(self, *words: str) -> Any:
        """The JSON of a command that reads; its exit code is not looked at."""
        return json.loads(litdb(*words, "--json").out)

    def result(self, model: str, metric: str, printed: str, **wanted: str) -> str:
        """The key of the one value of a model that is printed so; `wanted` are further fields of it."""
        dataset = wanted.pop("dataset", "vbd")
        found = [
            value["key"]
            for value in self.look("why", model, metric, "--dataset", dataset)["values"]
            if value["printed"] == printed and all(value[name] == text for name, text in wanted.items())
        ]
        if len(found) != 1:
            raise RuntimeError(f"{len(found)} values {printed} of {model}, {metric}")
        return str(found[0])

    def decision(self, kind: str, index: int = -1) -> str:
        """The number of a decision of this kind: the newest, or one counted from the oldest."""
        return str([entry["uid"] for entry in self.look("history") if entry["kind"] == kind][index])


def build(tick: Callable[[], None]) -> None:
    """Make `sota.db` in the working folder. A replay server with `FETCHED` must be running."""
    todo = Builder(tick)
    todo.do("init", "sota.db")
    _papers(todo)
    _own(todo)
    _decide(todo)


def write_inputs() -> None:
    """Files that cases name and that are in no catalogue."""
    lines = [f"{name} {'bus' if n % 2 else 'cafe'} {2.5 + 5 * (n % 2)}" for n, name in enumerate(FILES)]
    Path("conditions.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    Path("theirs.csv").write_text(scores_csv(3.0, tuple(FILES[1:3])), encoding="utf-8")
    component = '[[component]]\nid = "glitter"\naliases = ["sparkle"]\n'
    Path("components.toml").write_text(component, encoding="utf-8")


def _papers(todo: Builder) -> None:
    todo.do("fetch", *(paper.id for paper in FETCHED), "--all-versions")
    for name, text, options in INGESTED:
        Path(name).write_text(text, encoding="utf-8")
        todo.do("ingest", name, *options)


def scores_csv(base: float, skipped: tuple[str, ...] = ()) -> str:
    """Scores by file around `base`; a file in `skipped` has an error instead.

    All numbers are short, and the differences between two tables are of every size.
    """
    lines = ["id,pesq,csig,csig_unit,stoi,si_sdr,error"]
    for place, name in enumerate(FILES):
        if name in skipped:
            lines.append(f"{name},,,,,,no utterance detected")
            continue
        swing = ((place * 7) % 11 - 5) / 32
        lines.append(
            f"{name},{base + swing:.4f},{base + 1.25 - swing / 2:.4f},{base + 1.375:.4f},"
            f"{0.9375 + swing / 16:.4f},{17.5 + 2 * base - swing:.3f},"
        )
    return "\n".join(lines) + "\n"


def _own(todo: Builder) -> None:
    options = ("-d", "vbd", "--selected-on", "validation", "--params", "0.46M")
    for number, (run, base) in enumerate((("g1", 2.75), ("g2", 2.78), ("h1", 2.9), ("h2", 2.95))):
        table = Path(f"{run}.csv")
        table.write_text(
            scores_csv(base + number / 128, tuple(FILES[3:4]) if run == "g2" else ()), encoding="utf-8"
        )
        todo.do("add-result", "GoldNet", "--run", f"{run}/best", "--from", table.name, *options)
    other = ("add-result", "GoldNet", "--run", "g1/last", "--metric", "PESQ=2.70", "--metric", "STOI=0.93")
    todo.do(*other, "--scale", "unit", "--metric", "CSIG=4.10", "--selected-on", "none")
    todo.do("add-result", "GoldNet", "--run", "g1/last", "--metric", "PESQ=2.71", "--replace", "-r", "a typo")

    unet = {"kind": "unet", "gate": "additive", "branches": ["dot"]}
    networks = {
        "step-1": unet,
        "step-2": {**unet, "branches": ["dot", "cos"]},
        "step-3": {"kind": "unet", "gate": "none", "branches": ["cross", "dot", "cos"]},
    }
    for place, (name, network) in enumerate(networks.items()):
        folder = write_run(Path(name), seed=place, network=network)
        scores: dict[str, float | None] = {
            file: 2.5 + place / 8 + (number * 5 % 7) / 16 for number, file in enumerate(FILES)
        }
        scores[FILES[place]] = None
        write_scores(folder, "best-composite", scores, expected=824 if place else None)
        todo.do("add", str(folder))
    heard = write_run(Path("heard"), checkpoints=())
    write_scores(
        heard, "muse", {name: 3.25 + place % 16 / 64 for place, name in enumerate(WHOLE)}, source="enhanced"
    )
    todo.do("add", str(heard), "--model", "MUSE")
    todo.do("add-result", "SilverNet", "--run", "i1/best", "--metric", "PESQ=3.12", "--metric", "STOI=0.951",
            "--metric", "CSIG=4.41", "--scale", "int16", "--files", "824", "--params", "612,345",
            "--selected-on", "test")  # fmt: skip
    todo.do("add-result", "HandNet", "--paper", "2405.06573v2", "--table", "3", "--row", "5", "--origin",
            "quoted", "--metric", "PESQ=3.01")  # fmt: skip
    todo.do("add-result", "RumourNet", "--metric", "PESQ=3.3", "--params", "0.5M", who="ben")


def _decide(todo: Builder) -> None:
    reason = "--reason"
    # accept, reject and correct, one by one and in the conversation of `litdb review`
    todo.do("accept", todo.result("CMGAN", "PESQ", "5.41"), reason, "that is what it prints")
    todo.do("reject", todo.result("CMGAN", "PESQ", "5.41"), reason, "a slip of the authors", who="ben")
    todo.do("correct", todo.result("BandNet", "PESQ", "3.19"), "--value", "3.20", reason, "misread digit")
    todo.do("correct", todo.result("HushNet", "SSNR", "9.12"), "--metric", "SI-SDR", reason, "by its text")
    todo.do("review", "--paper", "2601.00105", stdin="a 1 # looked it up\nr 2\nc 3 0.89\nw 4\ns\nq\n")
    todo.do("correct", todo.result("BandNet-XS", "PESQ", "2.88", dataset="dns2020-noreverb"),
            "--dataset", "dns2020-reverb", reason, "the column to the left", who="ben")  # fmt: skip
    todo.do(
        "correct", todo.result("UnderNet", "STOI", "0.95"), "--model", "OverNet", reason, "rows exchanged"
    )
    # names
    todo.do("alias", "alpha-Net", "α-Net", "--paper", "2601.00109", reason, "so printed in Markdown")
    todo.do(
        "alias", "MP-SENet", "MP-SENet-2023", "--paper", "2601.00109", reason, "by its numbers", who="ben"
    )
    todo.do("alias", "Doorway", "DoorNet")
    todo.do("unify", "TickNet", "TickNet [N=2]", reason, "the setting that the paper uses")
    todo.do("unify", "UL-UNAS‡", "UL-UNAS†", reason, "too quick", who="ben")
    # conflicts
    (imse,) = todo.look("conflicts", "--model", "IMSE", "--metric", "PESQ")
    kept = imse["sides"][0]["sources"][0]["key"]
    todo.do("resolve", imse["id"], "--keep", kept, reason, "version 2 replaced it")
    # findings
    (words,) = [found for found in todo.look("audit", "--model", "MUSE") if found["code"] == "WORDS"]
    todo.do("audit", "--suppress", f"WORDS:{words['target']}", reason, "a note, kept as it is")
    files, *_ = [found for found in todo.look("audit", "--model", "GoldNet") if found["code"] == "FILES"]
    todo.do("audit", "--suppress", f"FILES:{files['target']}", reason, "sixteen files are enough here")
    # declarations and facts
    todo.do("runs", "declare", "g1", "-c", "best", "-r", "planned before the test", "--date", "2026-01-05")
    todo.do("runs", "declare", "h1", "-c", "best", "-r", "the recipe of the paper")
    todo.do("runs", "declare", "i1", "-c", "best", "-r", "its only one", "--date", "2026-02-01")
    todo.do("fact", "GoldNet", "--technique", "u-net", "--source", "its configuration")
    todo.do("fact", "HushNet", "--technique", "dual-path", "--source", "arXiv:2601.00103v1, section 2",
            "--remark", "two paths")  # fmt: skip
    todo.do("fact", "MUSE", "--technique", "deformable", "--withdraw", "-r", "for the golden files")
    # a state to compare with, and what happens after it
    todo.do("db", "backup", "before.db")
    todo.do("undo", todo.decision("suppress", 0), reason, "no longer")
    todo.do("undo", todo.decision("unify"), reason, "they differ")
    todo.do("undo", todo.decision("alias"))
    todo.do("undo", todo.decision("accept", 0), reason, "by the table after all", who="ben")
    # tries: one that failed, one that is open
    rests = todo.result("MUSE", "PESQ", "3.37", origin="self")
    tried = ("try", "add", "a second branch helps below 0.5M", "--change", "cos branch", "--evidence", rests)
    todo.do(*tried, "--component", "attention", "--base", "step-1", "--model", "BSRNN-FAC-MRHA3")
    todo.do(
        "try",
        "close",
        todo.decision("try"),
        "--outcome",
        "failed",
        "--run",
        "step-2",
        reason,
        "no gain in PESQ",
    )
    todo.do("try", "add", "longer training helps", "--change", "200 epochs", "--model", "GoldNet", who="ben")
