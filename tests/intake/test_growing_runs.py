"""A run that is added again: later states, the same bytes under two names, more epochs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import litdb
from litdb.errors import Conflict, InputError, UsageError
from tests.intake.run_scenes import FILES, grown
from tests.intake.run_scenes import catalogue as catalogue
from tests.intake.run_scenes import run as run
from tests.support.runs import sha, write_run, write_scores


def test_a_run_that_went_on_takes_its_later_state(catalogue: litdb.Catalogue, run: Path) -> None:
    catalogue.add_run(run)
    grown(run)
    with pytest.raises(Conflict, match="has scores of epoch 2, and is of epoch 4 now"):
        catalogue.add_run(run)
    write_scores(
        run, "best-composite", {**FILES, "p232_001": 2.8}, expected=824, digest=sha("later best-composite")
    )
    added = catalogue.add_run(run)
    assert any("best-composite from epoch 2 to 4" in note for note in added.notes)
    (view,) = [run for run in catalogue.runs() if run.key == "full-1"]
    assert {c.name: (c.epoch, c.sha256) for c in view.checkpoints} == {
        "last": (3, sha("later last")),
        "best-composite": (4, sha("later best-composite")),
    }
    assert [entry.kind for entry in catalogue.history("BSRNN-FAC-MRHA3")].count("replace") == 1
    assert catalogue.add_run(run).added.replaced == 0


def test_an_earlier_state_of_a_run_is_refused_with_an_option_that_exists(
    catalogue: litdb.Catalogue, run: Path
) -> None:
    before = (run / "checkpoints.json").read_text()
    grown(run)
    write_scores(run, "best-composite", FILES, expected=824, digest=sha("later best-composite"))
    catalogue.add_run(run)
    (run / "checkpoints.json").write_text(before)
    with pytest.raises(Conflict, match="add --name"):
        catalogue.add_run(run, replace=True, reason="older")


def test_scores_of_other_bytes_are_no_scores_of_a_checkpoint(catalogue: litdb.Catalogue, run: Path) -> None:
    grown(run)
    with pytest.raises(InputError, match="those of other bytes"):
        catalogue.add_run(run)


def test_bytes_that_are_recorded_under_another_run_are_said_to_be(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    for name in ("one", "other"):
        folder = write_run(tmp_path / name)
        entries = json.loads((folder / "checkpoints.json").read_text())
        for entry in entries:
            entry["sha256"] = sha(entry["name"])
        (folder / "checkpoints.json").write_text(json.dumps(entries))
        write_scores(folder, "last", FILES, digest=sha("last"))
        added = catalogue.add_run(folder)
    assert added.added.new == 0
    assert "last is the same bytes as one/last, which is recorded: its values stand there" in added.notes


def test_the_history_and_a_merge_keep_a_run_that_went_on(
    catalogue: litdb.Catalogue, run: Path, tmp_path: Path
) -> None:
    write_scores(run, "best-composite", FILES, expected=824)
    catalogue.add_run(run)
    catalogue.backup(tmp_path / "before.db")
    grown(run)
    write_scores(run, "best-composite", FILES, expected=824, digest=sha("later best-composite"))
    catalogue.add_run(run)
    went = [entry for entry in catalogue.history() if entry.kind == "go on"]
    assert [(entry.about, entry.reason) for entry in went] == [
        (f"{run.name}/last", "the run went on from epoch 1 to 3"),
        (f"{run.name}/best-composite", "the run went on from epoch 2 to 4"),
    ]
    with pytest.raises(UsageError, match="does not go back"):
        catalogue.undo(went[0].uid, reason="a slip")
    with litdb.open(tmp_path / "before.db") as before:
        before.merge(catalogue)  # what is behind takes the later state
        catalogue.merge(tmp_path / "before.db")  # and what is ahead stays as it is
        assert before.diff(catalogue) == []
        assert {
            c.name: c.epoch for view in before.runs() for c in view.checkpoints if view.key == run.name
        } == {
            "last": 3,
            "best-composite": 4,
        }
        assert before.check() == catalogue.check() == []


def test_states_with_the_same_bytes_are_recorded_once_and_adding_them_again_changes_nothing(
    catalogue: litdb.Catalogue, run: Path
) -> None:
    """At the end of a short training the last state is the best one too."""
    saved = json.loads((run / "checkpoints.json").read_text())
    for entry in saved:
        entry |= {"sha256": sha("the same"), "epoch": 4}
    (run / "checkpoints.json").write_text(json.dumps(saved))
    for entry in saved:
        write_scores(run, entry["name"], FILES, expected=824, digest=sha("the same"))
    catalogue.add_run(run)
    again = catalogue.add_run(run, replace=True, reason="again")
    assert (again.added.new, again.added.replaced) == (0, 0)


def test_a_run_that_was_given_more_epochs_is_the_same_run_and_says_so(
    catalogue: litdb.Catalogue, run: Path
) -> None:
    catalogue.add_run(run)
    config = json.loads((run / "config.json").read_text())
    epochs = config["recipe"]["epochs"]
    config["recipe"]["epochs"] = epochs + 2
    config["extended"] = [{"time": "2026-11-26T10:00:00+00:00", "from": epochs, "to": epochs + 2}]
    (run / "config.json").write_text(json.dumps(config))
    grown(run)
    write_scores(run, "best-composite", FILES, expected=824, digest=sha("later best-composite"))
    catalogue.add_run(run, replace=True, reason="trained on")
    (view,) = [run for run in catalogue.runs() if run.key == "full-1"]
    said = f"given more epochs than it was planned with: {epochs} to {epochs + 2} on 2026-11-26"
    assert all(said in checkpoint.marks for checkpoint in view.checkpoints)
    assert f"epochs {epochs + 2}" in view.recipe
    assert catalogue.add_run(run).added.replaced == 0
