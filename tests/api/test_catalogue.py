"""The public interface: what is exported, and that every verb of the command line is there."""

from __future__ import annotations

import inspect
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb import api
from litdb.api import Question
from litdb.api.reference import page
from litdb.catalogue.database.places import make_working, shipped_path
from litdb.catalogue.naming import Naming
from litdb.errors import CatalogueError, InputError, ReadOnlyCatalogue, UsageError


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
    with pytest.raises(CatalogueError, match="database of something else"):
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
    drawn = catalogue.plot("p.svg", models=["IMSE", "MUSE", "TSTNN"])
    assert drawn.figure.read_text().lstrip().startswith("<?xml")
    assert "IMSE" in drawn.data.read_text()
    assert drawn.boxes == ()


def test_fetch_wants_ids_or_a_query(catalogue: litdb.Catalogue) -> None:
    for words in ({}, {"ids": ["2511.14515"], "query": "all:x"}):
        with pytest.raises(UsageError, match="not both and not neither"):
            list(catalogue.fetch(**words))  # type: ignore[arg-type]


def test_what_the_api_names_is_there_and_listed_once() -> None:
    assert set(dir(api)) == set(api.__all__)
    assert len(set(api.__all__)) == len(api.__all__)
    for name in api.__all__:
        assert getattr(api, name) is not None
    assert not hasattr(api, "nothing_of_that_name")


def test_a_whole_question_is_taken_as_it_is(catalogue: litdb.Catalogue) -> None:
    words = {"params": "0.4M..1.0M"}
    asked = Question.parse(["params", "PESQ"], where=words, models=["TSTNN", "MUSE"])
    by_words = catalogue.table(["params", "PESQ"], where=words, models=["TSTNN", "MUSE"])
    assert [row.name for row in by_words.rows] == ["TSTNN", "MUSE"]
    assert catalogue.table(asked) == catalogue.models(asked) == by_words
    assert list(catalogue.table_frame(asked)["name"]) == ["TSTNN", "MUSE"]
    with pytest.raises(UsageError, match="leave year out"):
        catalogue.table(asked, year="2024..")


def test_a_plot_is_of_its_two_metrics_whatever_else_is_asked(catalogue: litdb.Catalogue) -> None:
    data = catalogue.plot("p.svg", where={"STOI": "0.95.."}, models=["IMSE", "MUSE", "TSTNN"]).data
    header = data.read_text(encoding="utf-8").splitlines()[0]
    assert "PESQ" in header
    assert "STOI" not in header
    same = catalogue.plot("q.svg", Question.parse(["params", "PESQ"], models=["IMSE", "MUSE"])).data
    assert "PESQ" in same.read_text(encoding="utf-8").splitlines()[0]


def test_corrections_name_what_they_change(catalogue: litdb.Catalogue) -> None:
    key = catalogue.why("IMSE", "PESQ").shown[0].value.key
    with pytest.raises(TypeError):
        catalogue.correct(key, "for the test", colour="red")  # type: ignore[call-arg]
    with pytest.raises(UsageError, match="nothing to correct"):
        catalogue.correct(key, "for the test")


def test_a_result_says_what_it_was_selected_on_in_known_words(catalogue: litdb.Catalogue) -> None:
    for words in ({"selected_on": "luck"}, {"scale": "int8"}):
        with pytest.raises(UsageError, match=f"--{next(iter(words)).replace('_', '-')} "):
            catalogue.add_result("MyNet", {"PESQ": 2.9}, run="r", **words)  # type: ignore[arg-type]


def test_results_come_from_a_file(catalogue: litdb.Catalogue) -> None:
    Path("scores.csv").write_text("id,pesq\np232_001,2.0\np232_002,3.0\n", encoding="utf-8")
    assert catalogue.add_result("MyNet", run="r/best", file="scores.csv", dataset="vbd").new == 1
    assert [value.value for value in catalogue.results("MyNet")] == [2.5]
    with pytest.raises(InputError, match="cannot be read"):
        catalogue.add_result("MyNet", run="r/best", file="missing.csv")


def test_tables_are_read_without_a_catalogue(home: Path) -> None:
    Path("t.md").write_text(
        "# VoiceBank+DEMAND\n\n| Model | PESQ |\n|---|---|\n| Otherly | 3.01 |\n| MUSE | 3.37 |\n"
    )
    found = api.extract("t.md")
    assert {r.raw for table in found.tables for r in table.readings} == {"3.01", "3.37"}
    for fmt in api.READING_FORMATS:
        text = api.readings_text([("t.md", found)], fmt)
        assert "Otherly" in text
        assert text.endswith("\n")
    assert "Otherly" in api.readings_text([("t.md", found)], explain=True)
    with pytest.raises(UsageError, match="use table, tsv or json"):
        api.readings_text([("t.md", found)], "word")
    assert not (home / "home").exists()


def test_the_rules_of_the_audit() -> None:
    (rule,) = api.audit_rules("year")
    assert rule.code == "YEAR"
    assert rule in api.audit_rules()
    with pytest.raises(UsageError, match="no rule 'nothing'"):
        api.audit_rules("nothing")


def test_the_page_about_python_is_the_one_the_code_gives() -> None:
    file = Path(litdb.__file__).parent.parent / "docs" / "python.md"
    assert file.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m litdb.api.reference > docs/python.md"
    )
