"""Looks at test sets: read from the log of a run, remembered once, counted before a declaration."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from litdb.evidence.runs.looks import Look, before, distinct_looks
from litdb.intake.run_folder import read_run
from litdb.intake.run_looks import looks_in
from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
from tests.support.runs import pack, sha, write_run, write_scores

FILES = {"p232_001": 2.5, "p257_001": 3.5}
DAY = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


def line(at: str, command: str = "evaluate", **more: Any) -> str:
    look = {"test_set": "VoiceBank+DEMAND", "split": "test", "role": "test", "fingerprint": "f", "files": 824}
    system = {"name": "best-composite", "sha256": sha("full-1/best-composite")}
    return json.dumps({"time": at, "event": "look", "command": command, **look, "systems": [system], **more})


LOG = "\n".join(
    [
        json.dumps({"time": "2026-01-01T00:00:00+00:00", "event": "epoch", "epoch": 1}),
        line("2026-01-02T10:00:00+00:00"),
        line("2026-01-03T10:00:00+00:00", "where"),
        line("2026-01-03T11:00:00+00:00", test_set="home made", systems=[]),
        line("2999-01-03T11:00:00+00:00", "bands"),
        line("2026-01-04T10:00:00+00:00")[:-20],
    ]
)


def full(name: str = "full-1") -> Path:
    folder = write_run(Path(name))
    write_scores(folder, "best-composite", FILES)
    (folder / "log.jsonl").write_text(LOG, encoding="utf-8")
    return folder


def test_a_run_counts_looks_before_its_declaration(litdb: Litdb) -> None:
    litdb("add", str(full()))
    litdb("runs", "declare", "full-1", "-c", "best-composite", "-r", "the last word")
    (run,) = [run for run in litdb("runs", "--json").json if run["key"] == "full-1"]
    assert [(look["command"], look["dataset"]) for look in run["looks"]] == [
        ("evaluate", "vbd"),
        ("where", "vbd"),
        ("evaluate", "home made"),
        ("bands", "vbd"),
    ]
    standing = {c["name"]: c["looks_before"] for c in run["checkpoints"]}
    assert standing == {"best-composite": {"home made": 1, "vbd": 2}, "last": {}}
    text = litdb("runs").out
    assert "before it was declared home made was looked at once and vbd was looked at 2 times" in text
    assert "full-1: home made was looked at once and vbd was looked at 3 times in all" in text
    litdb("runs", "declare", "full-1", "-c", "last", "-r", "earlier", "--date", "2026-01-02")
    (run,) = [run for run in litdb("runs", "--json").json if run["key"] == "full-1"]
    assert {c["name"]: c["looks_before"] for c in run["checkpoints"]}["last"] == {"vbd": 1}


def test_looks_are_remembered_once_and_keep_the_run_the_same(litdb: Litdb) -> None:
    folder = full()
    assert read_run(pack(folder, Path("full-1.tar.gz"))) == read_run(folder)
    for source in (str(folder), "full-1.tar.gz", str(folder)):
        assert litdb("add", source).code == 0
    (folder / "log.jsonl").write_text(LOG + "\n" + line("2026-01-06T10:00:00+00:00"), encoding="utf-8")
    assert litdb("add", str(folder)).code == 0  # the log grew: still the same run
    (run,) = [run for run in litdb("runs", "--json").json if run["key"] == "full-1"]
    assert len(run["looks"]) == 5
    assert litdb("evidence", "--own", "full-1,full-1", "--json").json[0]["settings"] == []


def test_a_look_from_another_folder_counts_for_the_run_of_its_checkpoint(litdb: Litdb) -> None:
    folder = write_run(Path("full-1"))
    litdb("add", str(folder))
    other = write_run(Path("again"), checkpoints=(), said={"kind": "evaluation", "model": ""})
    write_scores(other, "best-composite", FILES, digest=sha("full-1/best-composite"))
    (other / "log.jsonl").write_text(line("2026-01-02T10:00:00+00:00"), encoding="utf-8")
    assert litdb("add", str(other)).code == 0
    (run,) = [run for run in litdb("runs", "--json").json if run["key"] == "full-1"]
    assert len(run["looks"]) == 1


def look(hours: float, command: str = "evaluate", dataset: str = "vbd") -> Look:
    return Look(DAY + dt.timedelta(hours=hours), command, dataset)


def test_the_same_look_in_two_logs_is_one() -> None:
    near = Look(DAY + dt.timedelta(seconds=1), "evaluate", "vbd")
    assert distinct_looks([look(0), near, look(1), look(0, "where")]) == [look(0), look(0, "where"), look(1)]


@pytest.mark.parametrize(
    ("day", "decided", "counted"),
    [
        (DAY.date(), DAY, {"vbd": 1}),  # decided that day: by the hour
        (DAY.date(), DAY + dt.timedelta(days=9), {"vbd": 2}),  # dated back: the whole day counts as before
        (dt.date(2026, 1, 3), DAY, {}),
        (dt.date(2026, 1, 7), DAY + dt.timedelta(days=9), {"other": 1, "vbd": 2}),
    ],
)
def test_before_a_declaration(day: dt.date, decided: dt.datetime, counted: dict[str, int]) -> None:
    assert before([look(-1), look(1), look(24, dataset="other")], day, decided) == counted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json but look",
        '{"event": "look"}',
        '{"event": "look", "time": "yesterday"}',
        '["look"]',
        '"look"',
    ],
)
def test_what_is_no_look_is_none(text: str) -> None:
    assert looks_in(text.encode()) == ()
    assert looks_in(b"\xff\xfe look") == ()


def test_a_look_without_a_name_or_a_zone_is_one() -> None:
    told = {"event": "look", "time": "2026-01-05T12:00:00", "systems": [{"name": None}, 3], "files": True}
    assert looks_in(json.dumps(told).encode()) == (Look(DAY, "", "a test set"),)
