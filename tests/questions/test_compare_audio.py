"""`litdb compare` with scored audio of published models, and gains in what a network was trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.evidence.runs.pairing import compare_systems
from litdb.evidence.runs.system import System
from litdb.evidence.runs.targets import Aimed, aimed
from litdb.vocabulary import MetricName
from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
from tests.support.runs import write_run, write_scores

FILES = [f"p232_{number:03}" for number in range(1, 9)]


def scored(base: float) -> dict[str, float | None]:
    return {name: base + (number * 5 % 7) / 16 for number, name in enumerate(FILES)}


def heard(litdb: Litdb, name: str = "heard", base: float = 3.0) -> None:
    folder = write_run(Path(name), checkpoints=(), said={"kind": "evaluation", "model": ""})
    write_scores(folder, "muse", scored(base), source="enhanced")
    said = litdb("add", str(folder), "--model", "MUSE", "--json")
    assert said.code == 0, said.err
    assert said.json["notes"] == ["muse: covers 8 of 824 files: it is marked, and not ranked"]


def mine(litdb: Litdb, recipe: dict[str, object] | None = None) -> None:
    folder = write_run(Path("full-1"), said={"recipe": recipe or {"epochs": 2, "weight_adversarial": 0.05}})
    write_scores(folder, "best-composite", scored(3.25))
    litdb("add", str(folder))


def test_audio_of_a_published_model_is_paired_file_by_file(litdb: Litdb) -> None:
    heard(litdb)
    mine(litdb)
    for name in ("MUSE", "heard/muse"):
        (found,) = litdb("compare", name, "full-1/best-composite", "--metrics", "PESQ", "--json").json
        pesq = found["measures"][0]
        assert pesq["difference"]["utterances"] == len(FILES)
        assert pesq["difference"]["mean"] == pytest.approx(0.25)
        assert found["refused"] == []
    assert "as scored in heard/muse" in litdb("compare", "MUSE", "full-1/best-composite").out


def test_scored_audio_is_no_own_run(litdb: Litdb) -> None:
    heard(litdb)
    assert all(run["key"] != "heard/muse" for run in litdb("runs", "--json").json)
    assert litdb("runs", "declare", "heard/muse", "-c", "muse", "-r", "no").code == 2
    (value,) = [
        v for v in litdb("why", "MUSE", "PESQ", "--json").json["values"] if v["origin"] == "reproduced"
    ]
    assert value["declared"] is False
    heard_again = litdb("add", "heard", "--model", "MUSE", "--json").json["added"]
    assert (heard_again["new"], heard_again["replaced"]) == (0, 0)
    assert litdb("db", "check").code == 0
    litdb("db", "dump", "all.jsonl")
    assert litdb("db", "load", "all.jsonl", "copy.db").code == 0
    mine(litdb)
    assert litdb("compare", "MUSE", "full-1/best-composite", "--json").code == 0


def test_audio_that_was_scored_twice_must_be_named(litdb: Litdb) -> None:
    heard(litdb)
    heard(litdb, "again", 3.1)
    mine(litdb)
    said = litdb("compare", "MUSE", "full-1/best-composite")
    assert said.code == 2
    assert "again/muse, heard/muse" in said.err


def test_another_models_audio_under_the_same_name_is_refused(litdb: Litdb) -> None:
    heard(litdb)
    said = litdb("add", "heard", "--model", "CMGAN")
    assert said.code == 1
    assert "--name" in said.err


# --- what a network was trained on ------------------------------------------------------------------------


def system(
    name: str, base: float, aims: Aimed | None, metrics: tuple[str, ...] = ("PESQ", "SI-SDR")
) -> System:
    scores = {
        metric: {f: base + 0.01 * (n % 3) + len(metric) for n, f in enumerate(FILES)} for metric in metrics
    }
    return System(name, name, "vbd", scores=scores, aims=aims)


NOTHING, ON_PESQ = Aimed((), ()), Aimed(("PESQ",), ())


def test_a_gain_of_a_network_trained_on_pesq_is_shown_beside_another_metric() -> None:
    asked = [MetricName("PESQ")]
    (found,) = compare_systems([system("a", 2.5, NOTHING), system("b", 2.8, ON_PESQ)], asked)
    assert [measure.metric for measure in found.measures] == ["PESQ", "SI-SDR"]
    assert "b: trained on PESQ; read the gain in PESQ beside SI-SDR" in found.notes
    (found,) = compare_systems([system("a", 2.9, NOTHING), system("b", 2.8, ON_PESQ)], asked)
    assert [measure.metric for measure in found.measures] == ["PESQ"]  # the gain is that of the other
    assert not any("read the gain" in note for note in found.notes)


def test_the_metric_beside_is_one_that_nobody_was_made_for() -> None:
    metrics = ("PESQ", "STOI", "SSNR")
    chosen = Aimed(("PESQ",), ("PESQ", "STOI"))
    (found,) = compare_systems(
        [system("a", 2.5, NOTHING, metrics), system("b", 2.8, chosen, metrics)], [MetricName("PESQ")]
    )
    assert [measure.metric for measure in found.measures] == ["PESQ", "SSNR"]
    assert "b: trained and selected on PESQ; read the gain in PESQ beside SSNR" in found.notes
    (found,) = compare_systems(
        [system("a", 2.5, NOTHING, ("PESQ",)), system("b", 2.8, chosen, ("PESQ",))], [MetricName("PESQ")]
    )
    assert any("no metric beside PESQ" in note for note in found.notes)


def test_what_is_not_recorded_may_be_pesq() -> None:
    (found,) = compare_systems([system("a", 2.5, NOTHING), system("b", 2.8, None)])
    assert any("not recorded what it was trained and selected on" in note for note in found.notes)
    assert [measure.metric for measure in found.measures].count("SI-SDR") == 1


@pytest.mark.parametrize(
    ("recipe", "names", "wanted"),
    [
        ({"weight_adversarial": 0.05}, ["last"], Aimed(("PESQ",), ())),
        ({"weight_adversarial": 0}, ["best-stoi"], Aimed((), ("STOI",))),
        ({}, ["best-loss", "best-composite"], Aimed((), ("PESQ", "STOI"))),
        ({"weight_adversarial": "much"}, [], Aimed((), ())),
    ],
)
def test_what_a_checkpoint_was_made_for(recipe: dict[str, object], names: list[str], wanted: Aimed) -> None:
    assert aimed(recipe, names) == wanted


def test_groups_say_it_too(litdb: Litdb) -> None:
    for number, base in enumerate((2.8, 2.82, 3.0, 3.05)):
        weight = 0.05 if number > 1 else 0.0
        folder = write_run(
            Path(f"r{number}"), seed=number, said={"recipe": {"seed": number, "weight_adversarial": weight}}
        )
        write_scores(folder, "last", scored(base))
        litdb("add", str(folder))
    words = ("--group", "a=r0/last,r1/last", "--group", "b=r2/last,r3/last", "--metrics", "PESQ", "--json")
    (found,) = litdb("compare", *words).json
    assert [measure["metric"] for measure in found["measures"]] == ["PESQ", "SI-SDR"]
    assert "r2/last, r3/last: trained on PESQ; read the gain in PESQ beside SI-SDR" in found["notes"]
