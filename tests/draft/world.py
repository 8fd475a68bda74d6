"""A made-up catalogue in memory, and drafts that are checked against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from litdb.catalogue.views.drafts.names import KnownName
from litdb.draft.check import RULES, Check, checked
from litdb.draft.finding import DraftFinding, DraftReport
from litdb.draft.knowledge import Knowledge
from litdb.draft.subject import Draft
from litdb.draft.text.reading import read_project
from litdb.evidence.audit.facts import Facts, ModelRecord, PaperFact
from litdb.values.bibliography import Publication
from litdb.values.names import fold_name
from litdb.values.value import Checkpoint, SeedGroup, Value
from tests.evidence.values import value

_SCORES = ("PESQ", "CSIG", "CBAK", "COVL", "STOI")


def numbers(model: str, paper: str, version: int, row: Sequence[str], **more: Any) -> list[Value]:
    """Parameters and scores of one row, in the order of the columns; '' leaves one out."""
    place = more.pop("place", f"{paper} v{version}, table 1")
    return [
        value(model, metric, printed, paper=paper, version=version, place=place, **more)
        for metric, printed in zip(("params", *_SCORES), row, strict=False)
        if printed
    ]


def _own(metric: str, printed: str, checkpoint: str, **more: Any) -> Value:
    made = value(
        "OwnNet",
        metric,
        printed,
        origin="measured",
        checkpoint=checkpoint,
        own=True,
        place=checkpoint,
        **more,
    )
    saved = Checkpoint(checkpoint, "test", dt.date(2025, 1, 1), None, "run/best")
    return replace(made, row=replace(made.row, checkpoint=saved))


def _seed(run: str, printed: str) -> Value:
    """A score of one of three runs that stand for SeedNet together."""
    made = value("SeedNet", "PESQ", printed, origin="measured", checkpoint=run, own=True, place=run)
    group = SeedGroup(("s1", "s2", "s3"), (), dt.date(2025, 1, 1), "d0")
    return replace(
        made, row=replace(made.row, checkpoint=Checkpoint(run, "validation", None, None, "s3", (), group))
    )


VALUES: tuple[Value, ...] = (
    *numbers("TwinNet-short", "twin-short", 1, ["2.05M", "3.50", "4.73", "3.95", "4.22", "0.96"], name="TwinNet (short)"),
    *numbers("TwinNet-long", "twin-long", 2, ["2.26M", "3.60", "4.81", "3.99", "4.34", "0.96"], name="TwinNet (long)"),
    *numbers("GoldNet", "gold", 2, ["0.427M", "3.399", "4.67", "3.83", "4.14", "0.951"]),
    *numbers("GoldNet", "gold", 1, ["", "3.373"]),
    *numbers("SilverNet", "silver", 1, ["0.51M", "3.37", "4.63", "3.80", "4.10", "0.95"]),
    *numbers("SilverNet", "gold", 2, ["", "3.36"], origin="quoted"),
    *numbers("SilverNet+aug", "silver", 1, ["0.51M", "3.41", "4.66", "3.84", "4.15", "0.96"], kind="variant"),
    *numbers("TinNet", "tin", 1, ["0.92M", "2.96", "4.33", "3.53", "3.67", "0.95"]),
    *numbers("TinNet", "others", 1, ["", "2.71"], origin="reproduced", place="others v1, table 2"),
    value("TinNet", "PESQ", "3.10", origin="claim", place="a blog"),
    value("TinNet", "MACs", "1.50G", paper="tin", version=1, place="tin v1, table 1"),
    *(value("Noisy", "PESQ", "1.97", paper=p, place=f"{p}, table 1", kind="reference") for p in ("gold", "tin", "silver")),
    _own("params", "0.46M", "run/best"),
    _own("PESQ", "2.864", "run/best", protocol={"files": "824", "files_expected": "824"}),
    _own("CSIG", "4.262", "run/best", protocol={"scale": "int16"}),
    _own("PESQ", "2.810", "run/last", protocol={"files": "824", "files_expected": "824"}),
    _own("STOI", "0.9399", "run/best", protocol={"files": "800", "files_expected": "824"}),
)  # fmt: skip

_CALLED = {
    "TwinNet-short": "TwinNet (short)", "TwinNet-long": "TwinNet (long)", "SettingNet-0.5": "SettingNet: α=0.5",
    "SettingNet-0.9": "SettingNet: α=0.9",
}  # fmt: skip
VALUES = (
    *VALUES,
    *numbers("SettingNet", "others", 1, ["0.87M", "3.43", "4.66", "", "4.22", "0.96"], origin="quoted"),
    *numbers("SettingNet", "setting", 1, ["0.87M"]),
    *numbers(
        "SettingNet-0.5", "setting", 1, ["0.87M", "3.43", "4.66", "3.94", "4.15", "0.96"], kind="variant"
    ),
    *numbers(
        "SettingNet-0.9", "setting", 1, ["0.87M", "3.33", "4.60", "3.81", "3.98", "0.95"], kind="variant"
    ),
    *(
        value("OwnNet:M1", m, p, origin="measured", own=True, kind="ablation", place="m1")
        for m, p in (("params", "361700"), ("PESQ", "2.861"))
    ),
    *(
        value("OwnNet:M2", m, p, origin="measured", own=True, kind="ablation", place="m2")
        for m, p in (("params", "374864"), ("PESQ", "2.927"))
    ),
    *(_seed(run, printed) for run, printed in (("s1", "3.038"), ("s2", "3.052"), ("s3", "3.060"))),
)

_HOMES = {
    "TwinNet-short": "twin-short", "TwinNet-long": "twin-long", "GoldNet": "gold", "SilverNet": "silver",
    "SilverNet+aug": "silver", "TinNet": "tin", "Noisy": "", "OwnNet": "", "OwnNet:M1": "", "OwnNet:M2": "", "SeedNet": "",
    "SettingNet": "setting", "SettingNet-0.5": "setting", "SettingNet-0.9": "setting",
}  # fmt: skip
_PAPERS = {
    "twin-short": Publication("twin-short", "TwinNet: two heads for speech", ("Ada One", "Bea Two"), "2301.00001", "", "", 2023),
    "twin-long": Publication("twin-long", "TwinNet: two heads for speech at length", ("Ada One",), "2308.00002", "", "", 2023),
    "gold": Publication("gold", "GoldNet: an efficient network", ("Cem Three",), "2511.00003", "", "", 2025),
    "silver": Publication("silver", "SilverNet: a small network", ("Dan Four",), "2406.00004", "10.1234/silver", "", 2024),
    "tin": Publication("tin", "TinNet: an old network", ("Eve Five",), "2103.00005", "", "", 2021),
    "setting": Publication("setting", "SettingNet: one network in two settings", (), "2302.00007", "", "", 2023),
    "others": Publication("others", "Others measured again", (), "2501.00006", "", "", 2025),
}  # fmt: skip
_NAMES = {
    "TwinNet": ("TwinNet-short", "TwinNet-long"), "GoldNet": ("GoldNet",), "SilverNet": ("SilverNet",),
    "SilverNet + aug": ("SilverNet+aug",), "TinNet": ("TinNet",), "Noisy": ("Noisy",), "OwnNet": ("OwnNet",),
    "Base": ("TinNet",), "SettingNet": ("SettingNet",), "SeedNet": ("SeedNet",),
}  # fmt: skip

REFS = """
@misc{twin, title={TwinNet: two heads for speech}, year=2023, eprint={2301.00001}, author={One, Ada and Two, Bea}}
@misc{twinlong, title={TwinNet: two heads for speech at length}, year=2023, eprint={2308.00002}}
@misc{gold, title={GoldNet: an efficient network}, year=2025, eprint={2511.00003}}
@misc{silver, title={SilverNet: a small network}, year=2024, doi={10.1234/silver}}
@misc{tin, title={TinNet: an old network}, year=2021, eprint={2103.00005}}
@misc{setting, title={SettingNet: one network in two settings}, year=2023, eprint={2302.00007}}
@misc{strange, title={A work that nobody here has heard of}, year=2020}
"""


def world() -> Knowledge:
    """The made-up catalogue."""
    models = {
        key: ModelRecord(
            key,
            _CALLED.get(key, key),
            "reference" if key == "Noisy" else "variant" if "+" in key or "-0." in key else "system",
            key.startswith("OwnNet") or key == "SeedNet",
            home,
            {"SilverNet+aug": "SilverNet", "OwnNet:M1": "OwnNet", "OwnNet:M2": "OwnNet"}.get(key, ""),
        )
        for key, home in _HOMES.items()
    }
    papers = {
        key: PaperFact(key, one.title, one.arxiv_id, one.doi, year=one.year) for key, one in _PAPERS.items()
    }
    names = [KnownName(name, fold_name(name), "", key) for name, keys in _NAMES.items() for key in keys]
    names += [KnownName(name, fold_name(name), "own", f"OwnNet:{name}") for name in ("M1", "M2")]
    return Knowledge(Facts(VALUES, papers, models), _PAPERS, tuple(names))


#: Parameters, PESQ and the other scores as columns.
HEAD = r"Model & Params (M) & PESQ & CSIG & CBAK & COVL & STOI \\ \midrule"


def table(*rows: str, head: str = HEAD, caption: str = "Scores on VoiceBank+DEMAND.") -> str:
    """A table of these rows, each on a line of its own; the first stands on line 5 of a draft that begins with it."""
    columns = "l" + "c" * head.count("&")
    body = "\n".join(row if row.startswith("\\") else rf"{row} \\" for row in rows)
    return (
        f"\\begin{{table}}\\caption{{{caption}}}\\label{{tab:main}}\n\\begin{{tabular}}{{{columns}}}\n{head}\n"
        f"{body}\n\\end{{tabular}}\\end{{table}}\n"
    )


def report(folder: Path, body: str, rules: Sequence[Check] = RULES, bib: str = REFS) -> DraftReport:
    """What rules find in a draft of this body, whose first line is line 2 of paper.tex, with the bibliography `REFS`."""
    (folder / "refs.bib").write_text(bib, "utf-8")
    main = folder / "paper.tex"
    main.write_text(
        f"\\documentclass{{article}}\\begin{{document}}\n{body}\n\\bibliography{{refs}}\n\\end{{document}}\n",
        "utf-8",
    )
    return checked(Draft(read_project(main), world()), rules)


def said(found: DraftReport) -> list[tuple[str, int]]:
    """Rule and line of each finding."""
    return [(str(finding.rule), finding.place.line) for finding in found.findings]


def only(found: DraftReport) -> DraftFinding:
    """The one finding."""
    (finding,) = found.findings
    return finding
