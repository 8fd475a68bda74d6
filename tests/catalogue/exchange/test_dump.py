"""Dumps, what they refuse, and comparing two catalogues."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from litdb.catalogue.database.schema import (
    NATURAL,
    CheckpointRow,
    MetaRow,
    PaperRow,
    ReadingRow,
    ResultRow,
    ScoreRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange import dump as exchange
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff, dump, load
from litdb.catalogue.exchange.portable import fields, models_by_name
from litdb.errors import CatalogueError, InputError, LitdbError, SchemaMismatch
from tests.catalogue.scenes import copy_into, extraction, put, text_of


def test_a_dump_comes_back_byte_for_byte(new_store: Callable[[], Store], shipped: Store) -> None:
    text = text_of(shipped)
    store = new_store()
    assert load(store, io.StringIO(text)) == text.count("\n") - 1
    assert text_of(store) == text
    assert diff(shipped, store) == []
    assert check(store) == []


def test_the_text_does_not_depend_on_the_order_of_writing(new_store: Callable[[], Store]) -> None:
    first = ("2511.14515", extraction([("Noisy", "1.97", False), ("IMSE", "3.399", True)]))
    second = ("2406.04589", extraction([("MUSE", "3.37", True), ("Noisy", "1.97", False)]))
    one, two = new_store(), new_store()
    for store, papers in ((one, (first, second)), (two, (second, first))):
        for arxiv_id, seen in papers:
            with store.write() as session:
                put(session, arxiv_id, seen)
    assert text_of(one) == text_of(two)


def test_no_row_number_is_in_a_dump(shipped: Store) -> None:
    for line in text_of(shipped).splitlines()[1:]:
        row = json.loads(line)["row"]
        assert not [name for name in row if name == "id" or (name.endswith("_id") and name != "arxiv_id")]


def test_every_table_has_different_names_for_its_fields() -> None:
    for model in NATURAL:
        names = [field.name for field in fields(model)]
        assert len(names) == len(set(names)), model


def test_infinite_scores_odd_text_and_line_separators_survive(
    new_store: Callable[[], Store], shipped: Store
) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        number = session.scalars(select(CheckpointRow.id).order_by(CheckpointRow.key)).first()
        for name, value in (("a", float("-inf")), ('\u2028\x85\r\n"\\é', 1e-17), ("c", None)):
            session.add(
                ScoreRow(checkpoint_id=number, dataset="vbd", utterance=name, metric="SI-SDR", value=value)
            )
    text = text_of(store)
    other = new_store()
    load(other, io.StringIO(text))
    assert text_of(other) == text
    with other.read() as session:
        assert session.scalar(select(ScoreRow.value).where(ScoreRow.utterance == "a")) == float("-inf")


def test_new_rows_after_a_load_do_not_meet_the_loaded_ones(
    new_store: Callable[[], Store], shipped: Store
) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        put(session, "2999.00001", extraction([("A New One", "3.1", True)]))
    assert check(store) == []


def test_a_catalogue_with_rows_is_not_loaded_into(store: Store, shipped: Store) -> None:
    with store.write() as session:
        session.add(PaperRow(key="mine", title="Mine"))
    with pytest.raises(CatalogueError, match="not empty"):
        load(store, io.StringIO(text_of(shipped)))


def lines_of(shipped: Store) -> list[str]:
    return text_of(shipped).splitlines(keepends=True)


def place_of(lines: list[str], table: str) -> int:
    return next(n for n, line in enumerate(lines) if line.startswith(f'{{"table": "{table}"'))


def changed(line: str, **values: object) -> str:
    record = json.loads(line)
    record["row"].update(values)
    return json.dumps(record) + "\n"


BAD_VALUES = [
    ("paper", {"first_submitted": "yesterday"}, "isoformat"),
    ("paper", {"title": None}, "title is empty"),
    ("paper", {"title": 3}, "title is a int"),
    ("paper", {"title": "a\x00b"}, "no text may hold"),
    ("paper", {"title": "\ud800"}, "no text may hold"),
    ("paper", {"authors": "[" * 100_000}, "nested too deeply"),
    ("paper", {"authors": "[" * 50 + "]" * 50}, "nested more than"),
    ("paper", {"authors": '{"a": 1}'}, "JSON text of a list"),
    ("paper", {"authors": "nonsense"}, "not JSON"),
    ("paper", {"title": {"a": 1}}, "not one value"),
    ("paper_version", {"paper": "nobody"}, "points to paper 'nobody'"),
    ("paper_version", {"paper": [{"a": 1}]}, "not the key of a row"),
    ("paper_version", {"version": 2**40}, "32 bits"),
    ("paper_version", {"version": True}, "32 bits"),
    ("protocol", {"digest": "0" * 16}, "does not fit"),
    ("protocol", {"items": "[1]"}, "cannot be read"),
    ("model", {"parent": "nobody"}, "points to model 'nobody'"),
    ("model", {"own": 1}, "own is a int"),
    ("reading", {"value": "many"}, "not a number"),
    ("reading", {"by": "somebody else"}, "longer than 8"),
    ("decision", {"made_at": "2025-12-13T00:00:00"}, "without its zone"),
]


@pytest.mark.parametrize(("table", "values", "says"), BAD_VALUES)
def test_a_bad_value_is_refused_with_its_line(
    store: Store, shipped: Store, table: str, values: dict[str, object], says: str
) -> None:
    lines = lines_of(shipped)
    place = place_of(lines, table)
    lines[place] = changed(lines[place], **values)
    with pytest.raises(InputError, match=rf"line {place + 1} of the dump.*{says}"):
        load(store, io.StringIO("".join(lines)))
    with store.read() as session:
        assert session.scalars(select(PaperRow)).all() == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{\n", "not JSON"),
        ("[]\n", "not a JSON object"),
        ("[" * 200_000 + "\n", "nested too deeply"),
        ('{"a": ' * 100_000 + "\n", "nested too deeply"),
        ('{"table": "paper", "row": {"key": NaN}}\n', "NaN is no JSON number"),
        ('{"table": "paper", "row": {"key": ' + "9" * 5000 + "}}\n", "not JSON"),
        ('{"table": "sqlite_master", "row": {}}\n', "not a row of a table"),
        ('{"table": ["paper"], "row": {}}\n', "not a row of a table"),
        ('{"table": "meta", "row": {"name": "kind"}}\n', "no field value"),
        ('{"table": "meta", "row": {"name": "kind", "value": "x", "more": 1}}\n', "no field more"),
    ],
)
def test_a_line_that_is_no_row_is_refused(store: Store, shipped: Store, line: str, says: str) -> None:
    lines = lines_of(shipped)
    lines.insert(3, line)
    with pytest.raises(InputError, match=rf"line 4 of the dump.*{says}"):
        load(store, io.StringIO("".join(lines)))


def test_a_line_without_end_is_not_read_to_its_end(
    store: Store, shipped: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "MAX_LINE", 10_000)
    source = io.StringIO(lines_of(shipped)[0] + '{"table": "' + "x" * 1_000_000)
    with pytest.raises(InputError, match="line 2 of the dump is longer than 10000"):
        load(store, source)
    assert source.tell() < 20_000


def test_a_dump_cut_short_is_noticed(store: Store, shipped: Store) -> None:
    lines = lines_of(shipped)
    with pytest.raises(InputError, match="not complete: 0 of 1 rows of decision"):
        load(store, io.StringIO("".join(lines[:-1])))


@pytest.mark.parametrize(
    "text", ["", "\n\n", "{}\n", '{"format": "litdb dump 2"}\n', '{"format": "litdb dump 1"}\n']
)
def test_what_is_no_dump_is_refused(store: Store, text: str) -> None:
    with pytest.raises(LitdbError, match=r"line 1|schema"):
        load(store, io.StringIO(text))


def test_a_file_that_is_no_text_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "noise"
    path.write_bytes(bytes(range(256)) * 40)
    with path.open(encoding="utf-8") as source, pytest.raises(InputError, match="not UTF-8"):
        load(store, source)


def test_a_dump_of_another_schema_is_refused(store: Store, shipped: Store) -> None:
    lines = lines_of(shipped)
    lines[0] = json.dumps({**json.loads(lines[0]), "schema": "9999"}) + "\n"
    with pytest.raises(SchemaMismatch, match="9999"):
        load(store, io.StringIO("".join(lines)))


def test_a_dump_from_before_bibliographies_is_read(store: Store, shipped: Store) -> None:
    lines = lines_of(shipped)
    header = json.loads(lines[0])
    del header["rows"]["citation"]
    lines[0] = json.dumps({**header, "schema": "0004"}) + "\n"
    assert load(store, io.StringIO("".join(lines))) == len(lines) - 1
    assert lines_of(store)[1:] == lines[1:]


def test_a_row_twice_is_refused(store: Store, shipped: Store) -> None:
    lines = lines_of(shipped)
    place = place_of(lines, "document")
    lines.insert(place + 1, lines[place])
    with pytest.raises(InputError, match=rf"line {place + 2} of the dump: document .* is there twice"):
        load(store, io.StringIO("".join(lines)))


def test_two_papers_with_one_arxiv_id_are_refused(store: Store, shipped: Store) -> None:
    lines = lines_of(shipped)
    place = place_of(lines, "paper")
    lines.insert(place + 1, changed(lines[place], key="another"))
    with pytest.raises(InputError, match="contradicts another"):
        load(store, io.StringIO("".join(lines)))


def test_tables_out_of_order_are_refused(store: Store, shipped: Store) -> None:
    lines = lines_of(shipped)
    lines.append(lines[place_of(lines, "paper")])
    with pytest.raises(InputError, match="paper comes too late"):
        load(store, io.StringIO("".join(lines)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_dump_gives_a_plain_error_or_loads(
    data: st.DataObject, shipped: Store, store: Store
) -> None:
    """Bytes changed anywhere: one of litdb's own errors, and then nothing is stored."""
    text = lines_of(shipped)[:400]
    place = data.draw(st.integers(0, len(text) - 1))
    column = data.draw(st.integers(0, len(text[place]) - 1))
    with_ = data.draw(st.text(max_size=5))
    text[place] = text[place][:column] + with_ + text[place][column + data.draw(st.integers(0, 3)) :]
    with pytest.raises(LitdbError):  # 400 lines are never the whole dump
        load(store, io.StringIO("".join(text)))
    with store.read() as session:
        assert session.scalar(select(PaperRow.id).limit(1)) is None


def test_differences_are_told_by_table_key_and_field(new_store: Callable[[], Store], shipped: Store) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        session.execute(update(PaperRow).where(PaperRow.key == "IMSE").values(venue="Somewhere"))
        session.add(PaperRow(key="A first one", title="First"))
        session.add(PaperRow(key="ß last", title="Last"))
        session.execute(
            delete(ResultRow).where(ResultRow.reading_id == select(ReadingRow.id).limit(1).scalar_subquery())
        )
    found = diff(shipped, store)
    assert [(d.table, d.key, d.field, d.only) for d in found if d.table == "paper"] == [
        ("paper", "A first one", "", "right"),
        ("paper", "IMSE", "venue", ""),
        ("paper", "ß last", "", "right"),
    ]
    assert [d.only for d in found if d.table == "result"] == ["left"]
    assert [(d.left, d.right) for d in found if d.table == "meta"] == [("shipped", "working")]
    assert [(d.left, d.right) for d in found if d.field == "venue"] == [(None, "Somewhere")]
    assert "paper IMSE: venue: None | 'Somewhere'" in map(str, found)
    assert len(found) == 5


def test_a_dump_shows_one_state_while_another_process_writes(store: Store) -> None:
    """The writer commits between two tables of the dump; the dump has nothing of it."""
    other = Store(store.place)

    class Interrupting(io.StringIO):
        done = False

        def write(self, text: str) -> int:
            if not self.done:
                self.done = True
                with other.write() as session:
                    put(session, "2511.14515", extraction([("IMSE", "3.399", True)]))
            return super().write(text)

    out = Interrupting()
    dump(store, out)
    lines = out.getvalue().splitlines()
    other.close()
    assert json.loads(lines[0])["rows"] == {name: int(name == "meta") for name in models_by_name()}
    assert len(lines) == 2


def test_a_load_keeps_what_kind_of_catalogue_it_was(store: Store, shipped: Store) -> None:
    load(store, io.StringIO(text_of(shipped)))
    with store.read() as session:
        assert session.scalar(select(MetaRow.value).where(MetaRow.name == "kind")) == "shipped"
