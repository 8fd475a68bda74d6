"""`litdb try`: recorded, ended, listed, undone, merged, found by `litdb evidence`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Litdb
from tests.support.runs import write_run, write_scores


@pytest.fixture
def runs(litdb: Litdb) -> str:
    """Two own runs, the second with one more branch, and the key of a result."""
    for name, branches in (("base-1", ["dot"]), ("more-1", ["dot", "cos"])):
        folder = write_run(Path(name), network={"kind": "unet", "branches": branches})
        assert litdb("add", str(folder)).code == 0
    return str(litdb("why", "MUSE", "PESQ", "--json").json["values"][0]["key"])


def start(litdb: Litdb, key: str, *more: str) -> str:
    words = ("try", "add", "phase helps below 0.5M", "--change", "one more branch")
    said = litdb(*words, "--evidence", key[:10], "--component", "phase", "--base", "base-1", "--json", *more)
    assert said.code == 0, said.err
    return str(said.json["try"])


def test_a_try_is_recorded_ended_and_listed(litdb: Litdb, runs: str) -> None:
    uid = start(litdb, runs)
    (one,) = litdb("try", "list", "--json").json
    assert (one["hypothesis"], one["change"], one["components"]) == (
        "phase helps below 0.5M",
        "one more branch",
        ["phase"],
    )
    assert one["outcome"] == ""
    assert one["model"] == "BSRNN-FAC-MRHA3"
    assert [ground["result"] for ground in one["evidence"]] == [runs]
    assert one["evidence"][0]["words"].startswith("MUSE")
    words = ("--outcome", "failed", "--run", "more-1", "-r", "-0.01 PESQ on 824 files")
    assert litdb("try", "close", uid[:8], *words).code == 0
    (one,) = litdb("try", "list", "--json").json
    assert (one["outcome"], one["run"], one["seen"]) == ("failed", "more-1", "-0.01 PESQ on 824 files")
    assert one["step"] == "one thing changes"
    text = litdb("try", "list").out
    assert "failed by run more-1: -0.01 PESQ on 824 files" in text
    assert "from base-1 to more-1: one thing changes" in text


def test_a_failure_is_found_by_evidence(litdb: Litdb, runs: str) -> None:
    uid = start(litdb, runs)
    litdb("try", "close", uid, "--outcome", "failed", "--run", "more-1", "-r", "worse")
    assert [one["uid"] for one in litdb("evidence", "phase", "--json").json["tries"]] == [uid]
    assert "failed: phase helps below 0.5M" in litdb("evidence", "phase").out
    assert [one["uid"] for one in litdb("evidence", "more branch", "--json").json["tries"]] == [uid]
    assert litdb("evidence", "mamba", "--json").json["tries"] == []


def test_what_a_try_names_must_exist(litdb: Litdb, runs: str) -> None:
    words = ("try", "add", "it helps", "--change", "more of it")
    for option, name, said in (
        ("--evidence", "00000000", "no result"),
        ("--base", "nowhere", "no run"),
        ("--component", "phaze", "did you mean phase"),
        ("--model", "NoSuchNet", "no model"),
    ):
        failed = litdb(*words, option, name)
        assert failed.code == 2
        assert said in failed.err
    assert litdb("try", "add", " ", "--change", "x").code == 2
    assert litdb("try", "list", "--json").json == []


def test_an_answer_needs_its_run_and_comes_once(litdb: Litdb, runs: str) -> None:
    uid = start(litdb, runs)
    close = ("try", "close", uid[:8], "-r", "seen")
    assert "name the run" in litdb(*close, "--outcome", "supported").err
    assert litdb(*close, "--outcome", "good", "--run", "more-1").code == 2
    assert litdb(*close, "--outcome", "supported", "--run", "nowhere").code == 2
    assert litdb("try", "close", "12345678", "--outcome", "undecided", "-r", "given up").code == 2
    ended = litdb(*close, "--outcome", "undecided", "--json").json["decision"]
    again = litdb(*close, "--outcome", "supported", "--run", "more-1")
    assert again.code == 2
    assert f"litdb undo {ended[:8]}" in again.err
    assert litdb("undo", ended[:8]).code == 0
    assert litdb("try", "list", "--json").json[0]["outcome"] == ""
    assert litdb(*close, "--outcome", "supported", "--run", "more-1").code == 0


def test_the_history_tells_of_tries_and_undo_takes_them_back(litdb: Litdb, runs: str) -> None:
    uid = start(litdb, runs)
    litdb("try", "close", uid, "--outcome", "failed", "--run", "more-1", "-r", "worse")
    entries = litdb("history", "BSRNN-FAC-MRHA3", "--json").json
    told = [(e["kind"], e["reason"], e["state"]) for e in entries if e["kind"] in ("try", "outcome")]
    assert told == [("try", "phase helps below 0.5M", "in force"), ("outcome", "worse", "in force")]
    assert f"try {uid[:8]} failed, run more-1" in litdb("history").out
    assert litdb("undo", uid[:8]).code == 0
    assert litdb("try", "list", "--json").json == []


def test_tries_are_dumped_loaded_and_merged(litdb: Litdb, runs: str) -> None:
    uid = start(litdb, runs)
    litdb("try", "close", uid, "--outcome", "failed", "--run", "more-1", "-r", "worse")
    before = litdb("try", "list", "--json").json
    assert litdb("db", "dump", "all.jsonl").code == 0
    assert litdb("db", "load", "all.jsonl", "copy.db").code == 0
    assert litdb("try", "list", "--json", "--db", "copy.db").json == before
    litdb("init", "other.db")
    assert litdb("db", "merge", "copy.db", "--db", "other.db").code == 0
    assert litdb("try", "list", "--json", "--db", "other.db").json == before
    assert litdb("db", "check", "--db", "other.db").code == 0


def test_a_result_that_is_gone_is_said_to_be(litdb: Litdb, runs: str) -> None:
    from sqlalchemy import delete, select

    import litdb as package
    from litdb.catalogue.database.schema import ReadingRow, ResultRow

    start(litdb, runs)
    with package.open() as catalogue, catalogue.writing() as session:
        number = session.scalars(select(ReadingRow.id).where(ReadingRow.key == runs)).one()
        session.execute(delete(ResultRow).where(ResultRow.reading_id == number))
        session.execute(delete(ReadingRow).where(ReadingRow.id == number))
    assert "no longer in this catalogue" in litdb("try", "list").out


# --- plan -------------------------------------------------------------------------------------------------


def seeds(litdb: Litdb, *, recipe: str, values: tuple[float, ...], swing: float = 0.2) -> list[str]:
    """Runs of one recipe and different seeds, each scored on ten files, taken in."""
    made = []
    for number, value in enumerate(values):
        name = f"{recipe}-{number}"
        folder = write_run(Path(name), seed=number, network={"kind": recipe})
        scores: dict[str, float | None] = {
            f"p232_{file:03}": value + swing * ((file * 7 + number * 3) % 5 - 2) for file in range(1, 11)
        }
        write_scores(folder, "best-composite", scores, expected=10)
        assert litdb("add", str(folder)).code == 0
        made.append(name)
    return made


def test_a_plan_follows_the_spread_of_own_runs(litdb: Litdb) -> None:
    seeds(litdb, recipe="one", values=(2.80, 2.83, 2.79))
    seeds(litdb, recipe="two", values=(2.90, 2.92))
    found = litdb("try", "plan", "--effect", "0.1", "--json").json
    assert found["spread"]["df"] == 3
    assert found["spread"]["files"] == 10
    assert len(found["spread"]["sources"]) == 2
    assert found["files"] == 824
    assert found["seeds"] >= 2
    assert found["power"] >= 0.8
    assert found["seeds_low"] <= found["seeds"]
    text = litdb("try", "plan", "--effect", "0.1").out
    assert f"{found['seeds']} seeds on each side on 824 files" in text
    assert "3 degrees of freedom" in text
    named = litdb("try", "plan", "--effect", "0.1", "--runs", "one-0,one-1,one-2", "--json").json
    assert named["spread"]["df"] == 2
    assert any("one recipe" in note for note in named["spread"]["notes"])
    assert litdb("try", "plan", "--effect", "0.0001").out.splitlines()[1].startswith("more than 100 seeds")


def test_without_a_spread_over_seeds_there_is_no_plan(litdb: Litdb) -> None:
    (alone,) = seeds(litdb, recipe="one", values=(2.80,))
    said = litdb("try", "plan", "--effect", "0.03")
    assert said.code == 2
    assert "differ in their seed" in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert litdb("try", "plan", "--effect", "0.03", "--runs", alone).code == 2


def test_a_published_spread_serves_where_it_is_one_over_seeds(litdb: Litdb) -> None:
    stated = ("--paper", "2401.00001", "--table", "1", "--row", "1")
    assert litdb("add-result", "FarNet", "--metric", "PESQ=3.20±0.02", *stated).code == 0
    (value,) = litdb("why", "FarNet", "PESQ", "--json").json["values"]
    words = ("try", "plan", "--effect", "0.03", "--published", value["key"][:10])
    found = litdb(*words, "--of", "5", "--json").json
    assert found["spread"]["means"] == pytest.approx(0.02)
    assert found["spread"]["df"] == 4
    assert "2401.00001" in found["spread"]["sources"][0]
    assert "not said" in litdb(*words).out
    seeds(litdb, recipe="one", values=(2.80,))
    own = next(
        v["key"] for v in litdb("why", "BSRNN-FAC-MRHA3", "PESQ", "--json").json["values"]
        if "one-0" in v["source"]
    )  # fmt: skip
    assert "over files" in litdb("try", "plan", "--effect", "0.03", "--published", own).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--effect 0", "above 0"),
        ("--effect 0.1 --power 1.5 --spread 0.02", "share"),
        ("--effect 0.1 --spread 0.02 --runs a,b", "give one of"),
        ("--effect 0.1 --of 3", "--of says"),
        ("--effect 0.1 --metric params --spread 1", "belongs to a model"),
        ("--effect 0.1 --dataset nowhere", "unknown test set"),
    ],
)
def test_wrong_plans_are_refused(litdb: Litdb, words: str, said: str) -> None:
    spread = [] if "--spread" in words or "--of" in words else ["--spread", "0.02"]
    failed = litdb("try", "plan", *words.split(), *spread)
    assert failed.code == 2
    assert said in failed.err
