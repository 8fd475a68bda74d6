"""The public interface: what is exported, and that every verb of the command line is there."""

from __future__ import annotations

import inspect
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.database.places import make_working, shipped_path
from litdb.catalogue.naming import Naming
from litdb.errors import InputError, ReadOnlyCatalogue, SchemaMismatch, UsageError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LITDB_USER", "tester")
    monkeypatch.delenv("LITDB_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def catalogue(home: Path) -> Iterator[litdb.Catalogue]:
    make_working("mine.db").close()
    with litdb.open("mine.db") as opened:
        yield opened


def test_everything_that_is_exported_is_there_and_documented() -> None:
    for name in litdb.__all__:
        assert getattr(litdb, name) is not None
    assert set(dir(litdb)) == set(litdb.__all__)
    assert not hasattr(litdb, "nothing_of_that_name")
    for name, member in inspect.getmembers(litdb.Catalogue, inspect.isfunction):
        if not name.startswith("_"):
            assert member.__doc__, name


def test_every_error_is_a_litdb_error_with_its_exit_code() -> None:
    errors = [
        e
        for e in map(litdb.__getattribute__, litdb.__all__)
        if inspect.isclass(e) and issubclass(e, Exception)
    ]
    assert all(issubclass(error, litdb.LitdbError) for error in errors)
    assert {error.__name__ for error in errors if error.exit_code == 2} == {
        "UsageError",
        "NotFound",
        "Ambiguous",
    }


def test_the_example_of_the_package(home: Path) -> None:
    with litdb.open() as catalogue:
        table = catalogue.table(["params", "PESQ"], where={"params": "0.4M..1.0M", "PESQ": "2.8..3.4"})
        assert {row.name for row in table.rows} >= {"IMSE", "MUSE", "TSTNN"}
        assert catalogue.models(metrics=["PESQ"], where=["PESQ=3.5.."]).rows
        assert litdb.render(table, "csv").count("\n") > len(table.rows)


def test_the_first_write_makes_the_users_copy_and_goes_on_there(home: Path) -> None:
    with litdb.open() as catalogue:
        assert catalogue.store.read_only
        catalogue.add_result("MyNet", {"PESQ": 2.9}, run="r/best")
        assert not catalogue.store.read_only
        assert [v.printed for v in catalogue.results("MyNet")] == ["2.9"]
    with litdb.open() as again:
        assert again.store.path == home / "home" / "catalogue.db"
        assert again.results("MyNet")


def test_a_named_shipped_file_is_not_written(home: Path) -> None:
    with litdb.open(shipped_path()) as catalogue, pytest.raises(ReadOnlyCatalogue, match="litdb init"):
        catalogue.add_result("MyNet", {"PESQ": 2.9}, run="r")


def test_what_is_no_catalogue_is_refused(home: Path) -> None:
    with pytest.raises(InputError):
        litdb.open("missing.db")
    import sqlite3

    sqlite3.connect("empty.db").execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(SchemaMismatch, match="not a litdb catalogue"):
        litdb.open("empty.db")


def test_decisions_from_python(catalogue: litdb.Catalogue) -> None:
    key = catalogue.why("IMSE", "PESQ").shown[0].value.key
    rejection = catalogue.reject(key, "for the test")
    assert catalogue.why("IMSE", "PESQ").shown[0].value.key != key
    catalogue.undo(rejection, reason="for the test")
    catalogue.accept(key, "for the test")
    catalogue.correct(key, "for the test", value="3.40")
    assert catalogue.why("IMSE", "PESQ").shown[0].value.value == 3.4
    catalogue.alias("IMSE-Net", "IMSE", paper="2511.14515", reason="for the test")
    merged = catalogue.unify("IMSE", "MUSE", reason="for the test")
    assert {v.row.named for v in catalogue.results("IMSE")} == {"IMSE", "MUSE"}
    catalogue.undo(merged, reason="for the test")
    assert [entry.kind for entry in catalogue.history("IMSE")][:4] == ["reject", "undo", "accept", "correct"]
    assert all(entry.who == "tester" for entry in catalogue.history("IMSE"))


def test_a_failed_write_changes_nothing(catalogue: litdb.Catalogue) -> None:
    before = io.StringIO()
    catalogue.dump(before)

    def half_done() -> None:
        with catalogue.writing() as session:
            Naming(session).make("Half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    after = io.StringIO()
    catalogue.dump(after)
    assert after.getvalue() == before.getvalue()


def test_frames(catalogue: litdb.Catalogue) -> None:
    frame = catalogue.table_frame(metrics=["params", "PESQ"], models=["IMSE", "MUSE"])
    assert len(frame) == 2
    assert 3.399 in set(frame["PESQ"])
    values = catalogue.results_frame("IMSE")
    assert {"3.399", "3.373"} <= set(values[values["metric"] == "PESQ"]["printed"])


def test_ingest_and_its_identity(catalogue: litdb.Catalogue) -> None:
    Path("README.md").write_text(
        "# VoiceBank+DEMAND\n\n| Model | Params | PESQ |\n|---|---|---|\n| Otherly | 0.7M | 3.01 |\n| MUSE | 0.51M | 3.37 |\n"
    )
    assert catalogue.ingest("README.md", url="https://github.com/a/b").state == "new"
    assert catalogue.ingest("README.md", url="https://github.com/a/b").state == "known"
    assert {v.printed for v in catalogue.results("Otherly")} == {"0.7M", "3.01"}
    with pytest.raises(UsageError, match="web address"):
        catalogue.ingest("README.md", url="here")
    with pytest.raises(InputError, match="cannot be read"):
        catalogue.ingest("missing.md")


def test_a_plot_and_its_data(catalogue: litdb.Catalogue) -> None:
    figure, data = catalogue.plot("p.svg", models=["IMSE", "MUSE", "TSTNN"])
    assert figure.read_text().lstrip().startswith("<?xml")
    assert "IMSE" in data.read_text()


def test_fetch_wants_ids_or_a_query(catalogue: litdb.Catalogue) -> None:
    for words in ({}, {"ids": ["2511.14515"], "query": "all:x"}):
        with pytest.raises(UsageError, match="not both and not neither"):
            list(catalogue.fetch(**words))  # type: ignore[arg-type]
