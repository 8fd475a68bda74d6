"""Which value a table shows, rule by rule."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litdb.evidence import selection
from litdb.evidence.matching import Asked, Rules
from litdb.values.choice import Selected
from litdb.values.origin import Origin, Status, TableKind
from litdb.values.value import Checkpoint, Document, Model, SourceRow, Value
from litdb.vocabulary import MetricName
from litdb.vocabulary.protocol import Protocol

#: The values of one source row.
Line = list[Value]

ASKED = (
    Asked(MetricName("params"), per_model=True),
    Asked(MetricName("PESQ")),
    Asked(MetricName("CSIG")),
    Asked(MetricName("STOI")),
)


NOWHERE = SourceRow("", Model("", ""), Document(""), Origin.SELF)


def fact(
    metric: str,
    value: float,
    *,
    key: str = "",
    step: float = 0.01,
    status: str = "accepted",
    **protocol: str,
) -> Value:
    """A value that stands nowhere yet; `row` puts it into its row."""
    return Value(
        key or f"{metric}={value}", NOWHERE, metric, MetricName.parse(metric).quantity, "" if metric == "params" else "vbd", value, str(value),
        step, status=Status(status), protocol=Protocol.stated(**protocol),
    )  # fmt: skip


def row(
    key: str,
    origin: str,
    *facts: Value,
    paper: str = "",
    version: int | None = None,
    kind: str = "comparison",
    date: str = "2024-01-01",
    checkpoint: Checkpoint | None = None,
) -> Line:
    document = Document(
        key, uri=f"source of {key}", paper=paper, version=version, date=dt.date.fromisoformat(date)
    )
    stood = SourceRow(
        key, Model("M", "M"), document, Origin(origin), table_kind=TableKind(kind), checkpoint=checkpoint
    )
    return [replace(each, row=stood) for each in facts]


def select(
    rows: Iterable[Line], asked: Sequence[Asked], rules: Rules = selection.USUAL, *, own: bool = False
) -> list[Selected]:
    """What is shown of the values of these rows."""
    return selection.select([value for line in rows for value in line], asked, rules, own=own)


def only(selected: list[Selected]) -> Selected:
    assert len(selected) == 1
    return selected[0]


def value(selected: Selected, metric: str) -> float | None:
    index = [str(a.name) for a in ASKED].index(metric)
    choice = selected.choices[index]
    return choice.value.value if choice is not None else None


def notes(selected: Selected, metric: str) -> tuple[str, ...]:
    choice = selected.choices[[str(a.name) for a in ASKED].index(metric)]
    assert choice is not None
    return choice.notes


def test_the_paper_itself_goes_before_repository_and_quotation() -> None:
    found = only(
        select(
            [
                row("q", "quoted", fact("PESQ", 3.1), fact("CSIG", 4.1), fact("STOI", 0.95)),
                row("r", "repository", fact("PESQ", 3.2), fact("CSIG", 4.2)),
                row("s", "self", fact("PESQ", 3.3), paper="P", version=1),
            ],
            ASKED,
        )
    )
    assert found.row.key == "s"
    assert value(found, "PESQ") == 3.3


def test_a_gap_is_filled_from_the_next_best_source_with_a_footnote() -> None:
    found = only(
        select(
            [
                row("s", "self", fact("PESQ", 3.3), paper="P", version=1),
                row("r", "repository", fact("CSIG", 4.2)),
                row("q", "quoted", fact("CSIG", 4.1), fact("STOI", 0.95)),
            ],
            ASKED,
        )
    )
    assert value(found, "CSIG") == 4.2
    assert notes(found, "CSIG") == ("from the repository source of r",)
    assert notes(found, "STOI") == ("quoted in source of q",)
    assert notes(found, "PESQ") == ()


def test_the_newest_version_is_shown() -> None:
    found = only(
        select(
            [
                row("v1", "self", fact("PESQ", 3.373, step=0.001), fact("CSIG", 4.6), paper="P", version=1),
                row("v2", "self", fact("PESQ", 3.399, step=0.001), paper="P", version=2),
            ],
            ASKED,
        )
    )
    assert value(found, "PESQ") == 3.399


def test_a_value_that_only_an_old_version_prints_is_shown_with_that_version() -> None:
    found = only(
        select(
            [
                row("v1", "self", fact("PESQ", 3.3), fact("CSIG", 4.6), paper="P", version=1),
                row("v2", "self", fact("PESQ", 3.4), paper="P", version=2),
            ],
            ASKED,
        )
    )
    assert value(found, "CSIG") == 4.6
    assert notes(found, "CSIG") == ("last printed in source of v1",)


@pytest.mark.parametrize(
    ("kinds", "winner"),
    [
        (("comparison", "ablation"), "one"),
        (("ablation", "comparison"), "two"),
        (("abstract", "ablation"), "two"),
    ],
)
def test_among_a_papers_tables_comparison_goes_before_ablation_before_abstract(
    kinds: tuple[str, str], winner: str
) -> None:
    rows = [
        row("one", "self", fact("PESQ", 3.3), paper="P", version=1, kind=kinds[0]),
        row("two", "self", fact("PESQ", 3.4), paper="P", version=1, kind=kinds[1]),
    ]
    assert only(select(rows, ASKED)).row.key == winner


def test_among_a_papers_tables_the_one_with_most_of_the_asked_goes_first() -> None:
    rows = [
        row("comparison", "self", fact("PESQ", 3.3), paper="P", version=1),
        row("ablation", "self", fact("PESQ", 3.3), fact("CSIG", 4.1), paper="P", version=1, kind="ablation"),
    ]
    assert only(select(rows, ASKED)).row.key == "ablation"


def test_quotations_most_quantities_then_agreement_by_papers_then_the_earliest() -> None:
    def quoted(key: str, pesq: float, date: str, *more: Value, paper: str = "") -> Line:
        return row(key, "quoted", fact("PESQ", pesq), *more, paper=paper or key, version=1, date=date)

    most = [quoted("a", 3.0, "2020-01-01"), quoted("b", 3.5, "2023-01-01", fact("CSIG", 4.0))]
    assert only(select(most, ASKED)).row.key == "b"
    agreed = [quoted("a", 3.0, "2020-01-01"), quoted("b", 3.5, "2022-01-01"), quoted("c", 3.5, "2021-01-01")]
    assert only(select(agreed, ASKED)).row.key == "c"
    # Two tables of one paper are one voice.
    voices = [
        quoted("a", 3.0, "2020-01-01"),
        quoted("b", 3.5, "2021-01-01", paper="P"),
        quoted("c", 3.5, "2021-01-01", paper="P"),
    ]
    assert only(select(voices, ASKED)).row.key == "a"


def test_a_quotation_names_the_spread_of_the_others() -> None:
    found = only(
        select(
            [
                row("a", "quoted", fact("PESQ", 3.33), paper="A", date="2020-01-01"),
                row("b", "quoted", fact("PESQ", 3.3, step=0.1), paper="B"),
                row("c", "quoted", fact("PESQ", 2.9), paper="C"),
            ],
            ASKED,
        )
    )
    assert notes(found, "PESQ") == ("others print 2.9 (source of c)",)  # 3.3 is 3.33 rounded


def test_claims_only_when_asked() -> None:
    rows = [row("c", "claim", fact("PESQ", 3.1))]
    from_table = select(rows, ASKED)
    assert (
        from_table == [] or from_table[0].row.origin == "claim"
    )  # the table leaves a claim's row out, see comparison
    assert only(select(rows, ASKED, Rules(claims=True))).row.key == "c"


def test_an_own_measurement_of_a_published_model_stands_beside_it() -> None:
    found = select(
        [
            row("s", "self", fact("PESQ", 3.3), paper="P", version=1),
            row("m", "reproduced", fact("PESQ", 3.0)),
        ],
        ASKED,
    )
    assert [(s.row.key, s.reproduced) for s in found] == [("s", False), ("m", True)]


def test_a_count_of_a_published_model_fills_its_row_and_makes_none() -> None:
    found = only(
        select(
            [
                row("r", "repository", fact("PESQ", 3.10)),
                row("m", "reproduced", fact("params", 2963024, step=1)),
            ],
            ASKED,
        )
    )
    assert value(found, "params") == 2963024
    assert notes(found, "params") == ("own count, source of m",)


def _own(*checkpoints: Checkpoint, pesq: tuple[float, ...]) -> list[Line]:
    return [
        row(c.key, "measured", fact("PESQ", p), checkpoint=c) for c, p in zip(checkpoints, pesq, strict=True)
    ]


def test_own_models_show_the_declared_checkpoint_never_the_best_on_the_test_set() -> None:
    rows = _own(
        Checkpoint("run/last", "none"),
        Checkpoint("run/best", "test", declared_on=dt.date(2025, 12, 13)),
        Checkpoint("run/validated", "validation"),
        pesq=(2.97, 2.86, 2.9),
    )
    found = only(select(rows, ASKED, own=True))
    assert found.row.key == "run/best"
    assert found.notes == ("checkpoint run/best, declared 2025-12-13, selected on the test set, single seed",)


def test_without_a_declared_checkpoint_the_validated_one_else_all_with_a_note() -> None:
    validated = _own(Checkpoint("r/a", "none"), Checkpoint("r/b", "validation"), pesq=(3.0, 2.8))
    assert only(select(validated, ASKED, own=True)).row.key == "r/b"
    neither = _own(Checkpoint("r/a", "none"), Checkpoint("r/b", "test"), pesq=(3.0, 2.8))
    found = select(neither, ASKED, own=True)
    assert [s.row.key for s in found] == ["r/a", "r/b"]
    assert all("no checkpoint is declared" in s.notes[-1] for s in found)


def test_all_checkpoints_when_asked() -> None:
    rows = _own(Checkpoint("r/a", declared_on=dt.date(2025, 1, 1)), Checkpoint("r/b"), pesq=(3.0, 2.8))
    assert len(select(rows, ASKED, Rules(checkpoints=True), own=True)) == 2


def test_proposed_results_only_on_request() -> None:
    rows = [row("s", "self", fact("PESQ", 3.3, status="proposed"), paper="P", version=1)]
    assert select(rows, ASKED) == []
    assert value(only(select(rows, ASKED, Rules(proposed=True))), "PESQ") == 3.3


def test_rejected_results_are_never_shown() -> None:
    rows = [row("s", "self", fact("PESQ", 3.3, status="rejected"), paper="P", version=1)]
    assert select(rows, ASKED, Rules(proposed=True, claims=True, mixed=True)) == []


def test_narrow_band_never_answers_for_pesq_unless_mixed() -> None:
    rows = [row("s", "self", fact("PESQ-NB", 3.87, band="NB"), paper="P", version=1)]
    assert select(rows, ASKED) == []
    assert value(only(select(rows, ASKED, Rules(mixed=True))), "PESQ") == 3.87


def test_a_condition_or_another_statistic_never_answers_for_the_whole() -> None:
    rows = [
        row(
            "s",
            "self",
            fact("PESQ [SNR -5 dB]", 2.5, condition="SNR -5 dB"),
            fact("PESQ (median)", 2.6, statistic="median"),
        ),
    ]
    assert select(rows, ASKED) == []


def test_unit_scale_answers_for_an_unqualified_composite_but_not_the_other_way() -> None:
    unit = row("s", "self", fact("CSIG@unit", 4.2, scale="unit"), paper="P", version=1)
    assert value(only(select([unit], ASKED)), "CSIG") == 4.2
    plain = row("s", "self", fact("CSIG", 4.2), paper="P", version=1)
    asked = (Asked(MetricName("CSIG", scale="unit")),)
    assert select([plain], asked) == []
    assert only(select([unit], asked)).choices[0] is not None


def test_a_row_of_costs_alone_is_not_the_base_when_scores_are_asked() -> None:
    rows = [
        row("s", "self", fact("params", 1e6, step=1e4), paper="P", version=1),
        row("q", "quoted", fact("PESQ", 3.0)),
    ]
    found = only(select(rows, ASKED))
    assert found.row.key == "q"
    assert notes(found, "params") == ("reported in source of s",)


ORIGINS = [origin for origin in Origin if origin is not Origin.MEASURED]


@st.composite
def _rows(draw: st.DrawFn) -> list[Line]:
    rows = []
    for number in range(draw(st.integers(1, 7))):
        metrics = draw(
            st.lists(st.sampled_from(["params", "PESQ", "CSIG", "STOI", "PESQ-NB"]), min_size=1, unique=True)
        )
        facts = tuple(
            fact(
                metric, draw(st.sampled_from([1.0, 2.0, 3.0])), key=f"{number}/{metric}",
                status=draw(st.sampled_from(["accepted", "proposed"])),
            )
            for metric in metrics
        )  # fmt: skip
        rows.append(
            row(
                str(number), draw(st.sampled_from(ORIGINS)), *facts, paper=draw(st.sampled_from(["A", "B", ""])),
                version=draw(st.sampled_from([None, 1, 2])), date=draw(st.sampled_from(["2020-01-01", "2021-01-01"])),
            )
        )  # fmt: skip
    return rows


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(_rows(), st.booleans(), st.integers(0, 1000))
def test_what_is_chosen_was_there_and_the_order_of_rows_does_not_matter(
    rows: list[Line], proposed: bool, seed: int
) -> None:
    found = select(rows, ASKED, Rules(proposed=proposed))
    known = {f.key: f.row.key for line in rows for f in line}
    for selected in found:
        for choice in selected.choices:
            if choice is not None:
                assert known[choice.value.key] == choice.value.row.key
                assert choice.filled == (choice.value.row.key != selected.row.key)
                assert not choice.filled or choice.notes
                assert choice.value.row.origin != "claim"
                assert proposed or choice.value.status == "accepted"
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    assert select(shuffled, ASKED, Rules(proposed=proposed)) == found
