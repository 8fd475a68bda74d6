"""What is said with a number: corrections, values read by hand, settled conflicts; and that columns do not interact."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import litdb
from litdb.catalogue.decision import Correct
from litdb.catalogue.decisions import correction, decide_on_reading
from litdb.report.frame import table_frame
from litdb.report.render import render
from tests.catalogue.scenes import extraction, put
from tests.evidence.worlds import publish

LINES = [("Bar", "2.90", False), ("Foo", "3.399", True)]
SAID = "corrected from 3.399 by tester on "


@pytest.fixture
def read(catalogue: litdb.Catalogue) -> litdb.Catalogue:
    with catalogue.writing() as session:
        put(session, "2401.00001", extraction(LINES))
    return catalogue


def shown(
    catalogue: litdb.Catalogue, model: str = "Foo", metric: str = "PESQ"
) -> tuple[str, tuple[str, ...]]:
    table = catalogue.table(models=[model], metrics=[metric])
    (row,) = table.rows
    return row.cells[0].printed, row.cells[0].notes


def corrected(catalogue: litdb.Catalogue, value: str = "3.373") -> str:
    (one,) = catalogue.why("Foo", "PESQ").shown
    return catalogue.correct(one.value.key, "misread digit", value=value)


def test_a_corrected_value_is_marked_everywhere(read: litdb.Catalogue, tmp_path: Path) -> None:
    corrected(read)
    table = read.table(models=["Foo", "Bar"], metrics=["PESQ"])
    text, (note,) = shown(read)
    assert (text, note.startswith(SAID), note.endswith(": misread digit")) == ("3.373", True, True)
    for fmt in ("terminal", "markdown", "latex", "html", "csv", "json"):
        assert SAID in " ".join(render(table, fmt).replace("\n  ", " ").split()), fmt
    (cells,) = [row["cells"] for row in json.loads(render(table, "json"))["rows"] if row["name"] == "Foo"]
    assert cells[0]["provenance"]["corrections"] == [note]
    (line,) = [row for row in csv.DictReader(io.StringIO(render(table, "csv"))) if row["name"] == "Foo"]
    assert (line["PESQ entry"], line["PESQ note"]) == ("reader", note)
    frame = table_frame(table)
    assert frame["PESQ note"][0] == note
    assert list(frame["PESQ entry"]) == ["reader", "reader"]


def test_why_tells_what_the_source_prints_and_what_was_corrected(read: litdb.Catalogue) -> None:
    corrected(read)
    why = read.why("Foo", "PESQ")
    (one,) = why.shown
    assert one.value.printed == "3.373"
    assert one.notes[0].startswith(SAID)
    assert why.versions == ((1, "3.399"),)  # that is what version 1 prints


def test_a_correction_stays_and_another_reading_of_its_cell_is_a_conflict(read: litdb.Catalogue) -> None:
    corrected(read)
    with read.writing() as session:
        put(session, "2401.00001", extraction([LINES[0], ("Foo", "3.339", True)]))
    text, (note,) = shown(read)
    assert text == "3.373"
    assert note.endswith("(the cell now reads 3.339)")
    (conflict,) = read.conflicts("Foo")
    assert {side.printed for side in conflict.sides} == {"3.373", "3.339"}
    fresh = next(v for v in conflict.values if v.printed == "3.339")
    with pytest.raises(litdb.errors.UsageError, match="undo"):
        read.resolve(conflict.id, "no", keep=fresh.key)


def test_a_correction_of_the_metric_says_so(read: litdb.Catalogue) -> None:
    with read.writing() as session:
        key = next(v.key for v in read.why("Foo", "PESQ").values)
        what = correction(session, key, metric="PESQ-NB")
        assert isinstance(what, Correct)
        decide_on_reading(session, what, key, "the caption says so")
    (one,) = read.why("Foo", "PESQ-NB").shown
    assert one.notes[0].startswith("corrected from metric PESQ by tester")


def test_values_read_by_hand_have_one_note_and_a_field(read: litdb.Catalogue) -> None:
    publish(read.store, "Typed", {"PESQ": "3.00", "STOI": "0.94"}, date="2024-01-01")
    table = read.table(models=["Typed", "Foo"], metrics=["PESQ", "STOI"])
    assert table.notes == ("2 of 3 published values were read by hand, not by litdb from the papers' files.",)
    entries = [c.provenance.entry for row in table.rows for c in row.cells if c.provenance is not None]
    assert sorted(entries) == ["hand", "hand", "reader"]


def test_what_litdb_read_in_a_table_supersedes_what_a_person_read_there(read: litdb.Catalogue) -> None:
    added = read.add_result("Foo", {"PESQ": "3.55"}, paper="2401.00001v1", table="1", row=2, origin="self")
    (said,) = added.contradicts
    assert "prints 3.399, not 3.55" in said
    text, notes = shown(read)
    assert (text, notes) == ("3.399", ())
    why = read.why("Foo", "PESQ")
    assert why.grid is not None  # the table as it stood, not words of where somebody looked
    assert {v.printed for v in why.values} == {"3.399", "3.55"}
    (conflict,) = read.conflicts("Foo")
    assert conflict.kinds == ("within one paper",)
    same = read.add_result("Bar", {"PESQ": "2.9"}, paper="2401.00001v1", table="1", row=1)
    assert same.contradicts == ()


def test_the_value_that_is_kept_stands_in_the_table(read: litdb.Catalogue) -> None:
    with read.writing() as session:
        put(session, "2402.00002", extraction([("Foo", "3.20", False), ("Baz", "3.30", True)]))
    (conflict,) = read.conflicts("Foo")
    keep = next(v for v in conflict.values if v.printed == "3.20")
    uid = read.resolve(conflict.id, "the author confirmed it", keep=keep.key)
    text, notes = shown(read)
    assert text == "3.20"
    assert notes == (
        "3.20 of arXiv:2402.00002v1, table 1 stands instead of 3.399 of arXiv:2401.00001v1, table 1: "
        "the author confirmed it",
    )
    (one,) = read.why("Foo", "PESQ").shown
    assert one.because == "a conflict was settled in favour of it: the author confirmed it"
    read.undo(uid, reason="no")
    assert shown(read) == ("3.399", ())


def test_a_value_that_nobody_has_judged_is_not_replaced(read: litdb.Catalogue) -> None:
    with read.writing() as session:
        put(session, "2402.00002", extraction([("Foo", "3.20", False), ("Baz", "3.30", True)]))
    (conflict,) = read.conflicts("Foo")
    keep = next(v for v in conflict.values if v.printed == "3.20")
    read.resolve(conflict.id, "the author confirmed it", keep=keep.key)
    with read.writing() as session:
        put(session, "2401.00001", extraction([LINES[0], ("Foo", "3.41", True)]))
    text, notes = shown(read)
    assert text == "3.41"
    assert "before this source was known" in notes[0]
    assert read.conflicts("Foo")[0].state == "changed"


METRICS = ("PESQ", "STOI", "CSIG", "params", "MACs")


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_no_column_changes_what_another_shows(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    asked = data.draw(st.lists(st.sampled_from(METRICS), min_size=1, unique=True))
    catalogue = _shipped()
    alone = {metric: _numbers(catalogue, (metric,)) for metric in asked}
    together = _numbers(catalogue, tuple(asked))
    for (model, metric), number in together.items():
        assert alone[metric].get((model, metric)) == number, (model, metric, asked)


def _shipped() -> litdb.Catalogue:
    from litdb.catalogue.database.places import shipped_path

    return litdb.open(shipped_path())


def _numbers(catalogue: litdb.Catalogue, metrics: tuple[str, ...]) -> dict[tuple[str, str], str]:
    table = catalogue.table(
        models=["DEMUCS", "IMSE", "MANNER", "SEMamba", "BSRNN-sungwon23", "PHASEN", "TSTNN"], metrics=metrics
    )
    return {
        (row.model, metric): cell.printed
        for row in table.rows
        for metric, cell in zip(metrics, row.cells, strict=True)
        if cell.value is not None
    }
