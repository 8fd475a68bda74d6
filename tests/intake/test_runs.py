"""`litdb add`: run folders and packed runs into the catalogue."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.cli import main
from litdb.errors import Conflict, Impossible, InputError, TooLarge, UsageError
from litdb.intake.run_folder import read_run
from litdb.intake.scored_set import scored_set
from litdb.questions.systems import find_system
from tests.support.runs import pack, sha, write_run, write_scores

FILES = {"p232_001": 2.5, "p232_002": 3.0, "p257_001": 3.5}


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[litdb.Catalogue]:
    main_db = tmp_path / "mine.db"
    assert _run("init", str(main_db)) == 0
    with litdb.open(main_db) as opened:
        yield opened


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    return int(stop.value.code or 0)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = write_run(tmp_path / "full-1")
    write_scores(folder, "best-composite", FILES, expected=824)
    return folder


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


def test_what_is_no_run_is_refused(tmp_path: Path, run: Path) -> None:
    with pytest.raises(InputError, match=r"no config\.json"):
        read_run(tmp_path)
    (tmp_path / "text.tar.gz").write_text("no archive")
    with pytest.raises(InputError, match="no packed run"):
        read_run(tmp_path / "text.tar.gz")
    with pytest.raises(InputError, match="No such file"):
        read_run(tmp_path / "absent.tar.gz")
    (run / "config.json").write_text('{"format": "litdb-run/9"}')
    with pytest.raises(InputError, match="litdb-run/1"):
        read_run(run)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("checkpoints.json", "{}", "not a list"),
        ("checkpoints.json", "[", "not JSON"),
        ("environment.json", "[]", "not an object"),
        ("cost.json", "7", "not an object"),
        ("scores/voicebank-demand/summary.json", "{}", "format"),
        ("scores/voicebank-demand/best-composite.csv", "id,pesq\n", "no rows"),
    ],
)
def test_a_damaged_file_is_named(run: Path, file: str, content: str, message: str) -> None:
    (run / file).write_text(content)
    with pytest.raises(InputError, match=message):
        read_run(run)


def test_a_missing_score_file_is_named(run: Path) -> None:
    (run / "scores/voicebank-demand/best-composite.csv").unlink()
    with pytest.raises(InputError, match=r"best-composite\.csv is missing"):
        read_run(run)


def test_an_archive_is_bounded_and_never_unpacked(
    tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = pack(run, tmp_path / "run.tar.gz")
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(archive) as old, tarfile.open(evil, "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        info = tarfile.TarInfo("full-1/../../escaped.json")
        info.size = 2
        new.addfile(info, io.BytesIO(b"{}"))
        link = tarfile.TarInfo("full-1/link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        new.addfile(link)
    assert read_run(evil) == read_run(archive)
    assert not (tmp_path.parent / "escaped.json").exists()
    monkeypatch.setattr("litdb.intake.run_folder.MAX_BYTES", 100)
    with pytest.raises(TooLarge):
        read_run(archive)


def test_the_command(tmp_path: Path, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = str(tmp_path / "mine.db")
    assert _run("init", db) == 0
    capsys.readouterr()
    assert _run("add", str(run), "--db", db) == 0
    assert "run full-1 (BSRNN-FAC-MRHA3): 2 checkpoints" in capsys.readouterr().out
    assert _run("add", str(run), "--db", db, "--json") == 0
    assert json.loads(capsys.readouterr().out)["added"]["new"] == 0
    assert _run("add", str(tmp_path / "nothing"), "--db", db) == 1
    assert capsys.readouterr().err.startswith("Error: ")


def summary_of(folder: Path) -> Path:
    (path,) = folder.glob("scores/*/summary.json")
    return path


def changed_summary(folder: Path, **changes: object) -> None:
    """Write summary.json anew with these keys; None takes one away."""
    path = summary_of(folder)
    content = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    folder = write_run(tmp_path / "told-1")
    write_scores(folder, "best-composite", {"p232_001": 2.8, "p232_002": 3.0})
    return folder


def stated(catalogue: litdb.Catalogue, metric: str) -> dict[str, str]:
    (value,) = [v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == metric and "told-1" in v.place]
    return {name: item.value for name, item in value.protocol if item.basis == "stated"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rate": 8000}, "scored at 8000 Hz"),
        ({"rate": 48000}, "evaluate again at 16 kHz"),
        ({"band": "NB"}, "PESQ band NB"),
        ({"rate": True}, "True Hz"),
    ],
)
def test_scores_of_another_rate_or_band_are_refused(
    catalogue: litdb.Catalogue, scored: Path, changes: dict[str, object], said: str
) -> None:
    changed_summary(scored, **changes)
    before = len(catalogue.results())
    with pytest.raises(InputError, match=said):
        catalogue.add_run(scored)
    assert len(catalogue.results()) == before


def test_what_a_folder_does_not_say_is_not_stated(catalogue: litdb.Catalogue, scored: Path) -> None:
    changed_summary(scored, rate=None, band=None, scales=None)
    catalogue.add_run(scored)
    assert stated(catalogue, "PESQ").keys() & {"rate", "band"} == set()
    assert "scale" not in stated(catalogue, "CSIG")


def test_scales_in_the_words_of_earlier_runs(catalogue: litdb.Catalogue, scored: Path) -> None:
    words = "csig, cbak, covl on int16-valued samples; *_unit on samples in [-1, 1]"
    changed_summary(scored, scales=None, composite_scale=words)
    catalogue.add_run(scored)
    assert stated(catalogue, "CSIG")["scale"] == "int16"


def test_a_mean_that_its_own_files_contradict_is_refused_by_name(
    catalogue: litdb.Catalogue, scored: Path
) -> None:
    content = json.loads(summary_of(scored).read_text())
    content["entries"][0]["means"] = {"pesq": {"mean": 3.4, "std": 0.1, "files": 2}}
    summary_of(scored).write_text(json.dumps(content))
    with pytest.raises(
        InputError, match=r"PESQ 3\.4 for best-composite, its own best-composite\.csv gives 2\.9"
    ):
        catalogue.add_run(scored)


def test_the_standard_deviation_is_kept(catalogue: litdb.Catalogue, scored: Path) -> None:
    content = json.loads(summary_of(scored).read_text())
    content["entries"][0]["means"] = {"pesq": {"mean": 2.9, "std": 0.141421, "files": 2}}
    summary_of(scored).write_text(json.dumps(content))
    catalogue.add_run(scored)
    (value,) = [v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == "PESQ" and "told-1" in v.place]
    assert value.uncertainty == 0.141421


def _grown(folder: Path) -> None:
    """The same training at a later epoch: other bytes under the same names."""
    entries = json.loads((folder / "checkpoints.json").read_text())
    for entry in entries:
        entry["epoch"] += 2
        entry["sha256"] = sha(f"later {entry['name']}")
    (folder / "checkpoints.json").write_text(json.dumps(entries))


def test_a_run_that_went_on_takes_its_later_state(catalogue: litdb.Catalogue, run: Path) -> None:
    catalogue.add_run(run)
    _grown(run)
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
    _grown(run)
    write_scores(run, "best-composite", FILES, expected=824, digest=sha("later best-composite"))
    catalogue.add_run(run)
    (run / "checkpoints.json").write_text(before)
    with pytest.raises(Conflict, match="add --name"):
        catalogue.add_run(run, replace=True, reason="older")


def test_scores_of_other_bytes_are_no_scores_of_a_checkpoint(catalogue: litdb.Catalogue, run: Path) -> None:
    _grown(run)
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


def test_an_own_test_set_is_shown_by_every_question(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "mine")
    write_scores(
        folder, "last", {f"recording-{name}": scores for name, scores in FILES.items()}, test_set="data"
    )
    catalogue.add_run(folder)
    (row,) = catalogue.table(["PESQ"], dataset="data").rows
    assert row.checkpoint == "mine/last"
    assert catalogue.why("BSRNN-FAC-MRHA3", "PESQ", dataset="data").shown
    assert catalogue.protocol(["BSRNN-FAC-MRHA3"], dataset="data")
    with pytest.raises(UsageError, match="unknown test set 'date'"):
        catalogue.table(["PESQ"], dataset="date")


def test_a_folder_with_a_part_of_a_known_test_set_is_a_part(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "half")
    write_scores(folder, "best-composite", FILES)  # three files, and the folder has no more
    added = catalogue.add_run(folder)
    assert any("covers 3 of 824 files" in note for note in added.notes)
    value = next(v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == "PESQ" and "half/" in v.place)
    assert value.protocol.get("files_expected") == "824"


NAMES = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(1, 413)]


@pytest.mark.parametrize(
    ("called", "names", "stored", "files"),
    [
        ("VCTK-DEMAND", NAMES, "vbd", 824),
        ("VCTK-DEMAND 16 kHz wav", [f"{name}.wav" for name in NAMES], "vbd", 824),
        ("VCTK-DEMAND", NAMES[:3], "vbd", 824),
        ("VCTK-DEMAND", ["p226_001", *NAMES[:3]], "VCTK-DEMAND (other files)", 0),
        ("VoiceBank (dereverb)", NAMES, "vbd-dereverb", 824),
        ("corpus", NAMES, "corpus", 0),  # the names of files alone, or a layout, make no test set
        ("dns2020-noreverb", ["a", "b"], "dns2020-noreverb", 150),
    ],
)
def test_a_name_and_the_files_say_which_test_set_it_is(
    called: str, names: list[str], stored: str, files: int
) -> None:
    found = scored_set(called, names)
    assert (found.id, found.files) == (stored, files)
    assert bool(found.notes) == (stored not in ("vbd", "vbd-dereverb", "dns2020-noreverb"))


def test_an_impossible_score_of_a_run_is_refused_unless_forced_with_a_reason(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "odd")
    write_scores(folder, "best-composite", {**FILES, "p257_001": 29.31})
    with pytest.raises(Impossible, match=r"best-composite.csv, line 4: PESQ cannot be 29.31.*--force"):
        catalogue.add_run(folder)
    with pytest.raises(UsageError, match="--reason"):
        catalogue.add_run(folder, force=True)
    catalogue.add_run(folder, force=True, reason="to look at it")
    (value,) = [v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == "PESQ" and "odd/" in v.place]
    assert "taken because: to look at it" in value.forced


def test_how_a_run_was_computed_is_kept_and_makes_no_stranger_of_it(run: Path) -> None:
    """A run that an earlier version took in, without these keys, is the same one when it comes again."""
    before = read_run(run)
    environment = json.loads((run / "environment.json").read_text())
    told = {"precision": "bf16", "compiled": False, "devices": ["cuda"], "backend": "nccl", "machines": 1}
    (run / "environment.json").write_text(json.dumps({**environment, **told}))
    after = read_run(run)
    assert after.identity == before.identity
    assert {key: after.details["environment"][key] for key in told} == told


def test_the_history_and_a_merge_keep_a_run_that_went_on(
    catalogue: litdb.Catalogue, run: Path, tmp_path: Path
) -> None:
    write_scores(run, "best-composite", FILES, expected=824)
    catalogue.add_run(run)
    catalogue.backup(tmp_path / "before.db")
    _grown(run)
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
    _grown(run)
    write_scores(run, "best-composite", FILES, expected=824, digest=sha("later best-composite"))
    catalogue.add_run(run, replace=True, reason="trained on")
    (view,) = [run for run in catalogue.runs() if run.key == "full-1"]
    said = f"given more epochs than it was planned with: {epochs} to {epochs + 2} on 2026-11-26"
    assert all(said in checkpoint.marks for checkpoint in view.checkpoints)
    assert f"epochs {epochs + 2}" in view.recipe
    assert catalogue.add_run(run).added.replaced == 0


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
