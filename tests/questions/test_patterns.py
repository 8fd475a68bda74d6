"""Techniques by models: counts of what sources state."""

from __future__ import annotations

import pytest

import litdb
from litdb.catalogue.database.schema import ModelRow
from litdb.catalogue.facts.stating import state_fact
from litdb.errors import UsageError
from tests.evidence.worlds import measure, publish


@pytest.fixture
def field(catalogue: litdb.Catalogue) -> litdb.Catalogue:
    store = catalogue.store
    publish(store, "One", {"params": "0.50M", "PESQ": "3.30"}, date="2024-01-01")
    publish(store, "Two", {"params": "0.80M", "PESQ": "3.10"}, date="2023-01-01")
    publish(store, "Two-S", {"params": "0.40M", "PESQ": "3.00"}, date="2023-01-01", kind="variant")
    publish(store, "Far", {"params": "9.0M", "PESQ": "3.60"}, date="2023-01-01")
    publish(store, "Bare", {"params": "0.60M", "PESQ": "3.20"}, date="2023-01-01")
    with store.write() as session:
        session.query(ModelRow).filter_by(key="Two-S").one().parent_id = (
            session.query(ModelRow).filter_by(key="Two").one().id
        )
        session.flush()
        for model, component, item in (
            ("One", "mamba", "technique"), ("One", "magnitude-phase", "family"), ("One", "discriminator", "training"),
            ("Two", "mamba", "technique"), ("Two", "u-net", "technique"), ("Two", "time-domain", "family"),
            ("Two-S", "complex-spectrum", "family"), ("Far", "xlstm", "technique"),
        ):  # fmt: skip
            state_fact(session, model, component, item, f"title of {model}")
    return catalogue


def test_a_matrix_of_a_range(field: litdb.Catalogue) -> None:
    found = field.patterns({"params": "0.4M..1.0M", "PESQ": "3.0.."})
    names = [model.name for model in found.models]
    assert names == ["Bare", "One", "Two", "Two-S"]
    assert [model.stated for model in found.models] == [False, True, True, True]
    assert found.stated == 3
    rows = {row.component: (row.item, [bool(s) for s in row.sources], row.count) for row in found.rows}
    assert rows["mamba"] == ("technique", [False, True, True, True], 3)
    assert rows["u-net"] == ("technique", [False, False, True, True], 2)  # a variant has what its system has
    assert rows["time-domain"] == ("family", [False, False, True, False], 1)  # but a family of its own
    assert "xlstm" not in rows
    assert [row.item for row in found.rows] == ["family"] * 3 + ["technique"] * 2 + ["training"]
    assert [row.component for row in found.rows if row.item == "technique"] == ["mamba", "u-net"]
    assert found.rows[3].sources[3] == "title of Two"
    assert found.models[1].values == ("0.50", "3.30")


def test_own_models_stand_among_them(field: litdb.Catalogue) -> None:
    measure(field.store, "r/best", {"params": "0.46M", "PESQ": "3.05"}, declared="2025-12-13")
    found = field.patterns(["params=0.4M..0.47M"])
    assert [(m.name, m.own) for m in found.models] == [("MyNet", True), ("Two-S", False)]


def test_nobody_in_the_range(field: litdb.Catalogue) -> None:
    found = field.patterns(["params=20M.."])
    assert (found.models, found.rows) == ((), ())


def test_wrong_words(field: litdb.Catalogue) -> None:
    with pytest.raises(UsageError, match="unknown test set"):
        field.patterns([], dataset="nowhere")
    with pytest.raises(UsageError, match="METRIC=RANGE"):
        field.patterns(["PESQ"])
