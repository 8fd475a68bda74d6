"""`litdb add`: run folders and packed runs into the catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import litdb
from litdb.errors import Conflict, UsageError
from litdb.intake.run_folder import read_run
from litdb.questions.systems import find_system
from tests.intake.run_scenes import FILES, command
from tests.intake.run_scenes import catalogue as catalogue
from tests.intake.run_scenes import run as run
from tests.support.runs import pack, sha, write_run, write_scores


def test_a_run_is_taken_in_once(catalogue: litdb.Catalogue, run: Path) -> None:
    first = catalogue.add_run(run)
    assert (first.run, first.model, first.checkpoints) == ("full-1", "BSRNN-FAC-MRHA3", 2)
    assert first.added.new > 0
    second = catalogue.add_run(run)
    assert second.added.new == second.added.replaced == 0
    assert second.added.same == first.added.new


def test_a_packed_run_is_the_same_run(catalogue: litdb.Catalogue, run: Path, tmp_path: Path) -> None:
    assert read_run(pack(run, tmp_path / "full-1.tar.gz")) == read_run(run)
    catalogue.add_run(run)
    assert catalogue.add_run(tmp_path / "full-1.tar.gz").added.new == 0


def test_values_carry_what_is_known_of_them(catalogue: litdb.Catalogue, run: Path) -> None:
    catalogue.add_run(run)
    values = {v.metric: v for v in catalogue.results("BSRNN-FAC-MRHA3") if "full-1/best-composite" in v.place}
    pesq = values["PESQ"]
    assert pesq.value == 3.0
    assert pesq.origin == "measured"
    stated = dict(pesq.protocol.items)
    assert stated["band"].value == "WB"
    assert (stated["files"].value, stated["files_expected"].value) == ("3", "824")
    assert stated["selected_on"].value == "validation"
    assert values["CSIG"].value == 4.0
    assert dict(values["CSIG"].protocol.items)["scale"].value == "int16"
    assert values["CSIG@unit"].value == pytest.approx(4.1)


def test_scores_by_file_and_missing_ones_are_kept(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    from sqlalchemy import select

    from litdb.catalogue.database.schema import CheckpointRow, ScoreRow

    folder = write_run(tmp_path / "part")
    write_scores(folder, "last", {**FILES, "p257_002": None})
    catalogue.add_run(folder)
    with catalogue.reading() as session:
        scores = session.execute(
            select(ScoreRow.utterance, ScoreRow.value, ScoreRow.error)
            .join(CheckpointRow)
            .where(CheckpointRow.key == "part/last", ScoreRow.metric == "PESQ")
            .order_by(ScoreRow.utterance)
        ).all()
    assert [tuple(row) for row in scores] == [
        ("p232_001", 2.5, ""),
        ("p232_002", 3.0, ""),
        ("p257_001", 3.5, ""),
        ("p257_002", None, "PESQ: no speech found"),
    ]


def test_other_numbers_are_refused_and_replaced_on_request(catalogue: litdb.Catalogue, run: Path) -> None:
    catalogue.add_run(run)
    write_scores(run, "best-composite", {**FILES, "p232_001": 2.8}, expected=824)
    with pytest.raises(Conflict, match="nothing was changed"):
        catalogue.add_run(run)
    again = catalogue.add_run(run, replace=True, reason="scored again")
    assert again.added.replaced == 1
    assert [entry.kind for entry in catalogue.history("BSRNN-FAC-MRHA3")].count("replace") == 1


def test_another_run_of_the_same_name_needs_its_own(
    catalogue: litdb.Catalogue, run: Path, tmp_path: Path
) -> None:
    catalogue.add_run(run)
    other = write_run(tmp_path / "elsewhere" / "full-1", seed=2, checkpoints=("first",))
    with pytest.raises(Conflict, match="--name"):
        catalogue.add_run(other)
    assert catalogue.add_run(other, name="full-2").run == "full-2"


def test_two_names_of_one_checkpoint_are_one(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "twins")
    entries = json.loads((folder / "checkpoints.json").read_text())
    entries[1]["sha256"] = entries[0]["sha256"]
    (folder / "checkpoints.json").write_text(json.dumps(entries))
    write_scores(folder, "last", FILES)
    write_scores(folder, "best-composite", FILES, digest=entries[0]["sha256"])
    first = catalogue.add_run(folder)
    assert first.added.same == 0  # nothing was there before
    assert "best-composite is the same bytes as last: its values stand once" in first.notes
    assert catalogue.add_run(folder).added.new == 0
    (run,) = catalogue.runs("BSRNN-FAC-MRHA3")[-1:]
    assert [(c.key, c.also) for c in run.checkpoints] == [("twins/last", ("twins/best-composite",))]
    with catalogue.reading() as session:
        assert find_system(session, "twins/best-composite", "vbd").checkpoint == "twins/last"
    catalogue.declare("twins", "best-composite", reason="it stands for the model")
    assert catalogue.runs("BSRNN-FAC-MRHA3")[-1].checkpoints[0].standing


def test_a_cost_without_its_convention_states_none(catalogue: litdb.Catalogue, run: Path) -> None:
    (run / "cost.json").write_text('{"macs_per_second": 573008264}')
    catalogue.add_run(run)
    macs = next(v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == "MACs" and "full-1" in v.place)
    assert macs.value == 573008264
    assert (macs.protocol.get("audio_length"), macs.protocol.get("counting")) == ("1", None)


def test_an_unknown_variant_becomes_an_own_model(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "novel", model="M9-wide")
    write_scores(folder, "last", FILES)
    added = catalogue.add_run(folder)
    view, _values = catalogue.show(added.model)
    assert "M9-wide" in str(view)


def test_a_published_name_is_not_taken_for_an_own_run(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "mine", model="MUSE")
    assert catalogue.add_run(folder).model != "MUSE"


def test_an_evaluation_finds_its_checkpoint_by_hash(
    catalogue: litdb.Catalogue, run: Path, tmp_path: Path
) -> None:
    catalogue.add_run(run)
    evaluation = _evaluation(tmp_path / "tested")
    write_scores(evaluation, "best", FILES, test_set="Other", digest=sha("full-1/best-composite"))
    added = catalogue.add_run(evaluation)
    assert added.model == "BSRNN-FAC-MRHA3"
    assert any("Other is not among the known test sets" in note for note in added.notes)


def test_somebodys_audio_is_reproduced_and_needs_a_name(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    evaluation = _evaluation(tmp_path / "theirs")
    write_scores(evaluation, "out", FILES, source="enhanced", expected=824)
    write_scores(evaluation, "noisy", FILES, source="noisy", expected=824)
    with pytest.raises(UsageError, match="--model"):
        catalogue.add_run(evaluation)
    added = catalogue.add_run(evaluation, model="MUSE")
    assert added.model == "MUSE"
    assert {v.origin for v in catalogue.results("MUSE") if v.metric == "ESTOI"} == {"reproduced"}
    assert catalogue.add_run(evaluation, model="MUSE").added.new == 0


def _evaluation(folder: Path) -> Path:
    folder.mkdir()
    config = {"format": "litdb-run/1", "kind": "evaluation", "name": folder.name}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "environment.json").write_text("{}")
    return folder


def test_the_command(tmp_path: Path, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = str(tmp_path / "mine.db")
    assert command("init", db) == 0
    capsys.readouterr()
    assert command("add", str(run), "--db", db) == 0
    assert "run full-1 (BSRNN-FAC-MRHA3): 2 checkpoints" in capsys.readouterr().out
    assert command("add", str(run), "--db", db, "--json") == 0
    assert json.loads(capsys.readouterr().out)["added"]["new"] == 0
    assert command("add", str(tmp_path / "nothing"), "--db", db) == 1
    assert capsys.readouterr().err.startswith("Error: ")


def test_how_a_run_was_computed_stands_in_runs_and_why(catalogue: litdb.Catalogue, run: Path) -> None:
    environment = json.loads((run / "environment.json").read_text())
    how = {"processes": 2, "backend": "gloo", "devices": ["cpu", "cpu"], "machines": 1, "threads": 1}
    how |= {"precision": "fp32", "compiled": False, "deterministic": True}
    (run / "environment.json").write_text(json.dumps({**environment, **how}))
    catalogue.add_run(run)
    words = "2 processes joined by gloo, 2 x cpu, 1 thread each, fp32, not compiled, repeatable kernels"
    (view,) = [run for run in catalogue.runs() if run.key == "full-1"]
    assert str(view.carried_out) == words
    catalogue.declare("full-1", "best-composite", reason="by validation")
    answer = catalogue.why("BSRNN-FAC-MRHA3", "PESQ")
    assert ("full-1", words) in [(key, str(found)) for key, found in answer.carried_out]
