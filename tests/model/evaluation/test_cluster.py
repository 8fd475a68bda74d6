"""Scoring through joblib, and on a dask cluster where dask is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

from model.errors import EvaluationError, ModelUsageError
from model.evaluation.cluster import LOCAL, Cluster, joined
from model.evaluation.evaluate import evaluate
from model.evaluation.systems import System
from model.evaluation.test_data import open_test_set


def _same_as_here(cluster: Cluster, toy: Path, toy_run: Path) -> None:
    data = open_test_set(toy, name="toy")
    systems = [System("last", "checkpoint", toy_run / "checkpoint_last.pt"), System("noisy", "noisy")]
    here = evaluate(systems, data, workers=1)
    there = evaluate(systems, data, workers=cluster)
    assert [scores for _, scores in there] == [scores for _, scores in here]


def test_joblib_gives_the_scores_of_this_machine(toy: Path, toy_run: Path) -> None:
    pytest.importorskip("joblib")
    _same_as_here(Cluster(LOCAL, 2), toy, toy_run)


def test_dask_gives_the_scores_of_this_machine(toy: Path, toy_run: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as local:
        _same_as_here(Cluster(local.scheduler_address, 1), toy, toy_run)


def test_a_scheduler_without_workers_is_said(toy: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1") as local,
        pytest.raises(EvaluationError, match="has no workers: start some with `dask worker"),
        joined(Cluster(local.scheduler_address, 1)),
    ):
        pass


def test_no_scheduler_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("model.evaluation.cluster.SECONDS_TO_ANSWER", 1)
    with (
        pytest.raises(EvaluationError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:9: start one"),
        joined(Cluster("tcp://127.0.0.1:9", 1)),
    ):
        pass


@pytest.mark.parametrize(("address", "missing"), [(LOCAL, "joblib"), ("tcp://127.0.0.1:9", "distributed")])
def test_without_the_extra_a_sentence_names_it(
    address: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "joblib", sys if missing == "distributed" else None)
    monkeypatch.setitem(sys.modules, missing, None)
    sentence = (
        rf"--cluster needs {missing}, which is not installed: pip install 'litdb-sota\[model,cluster\]'"
    )
    with pytest.raises(ModelUsageError, match=sentence), joined(Cluster(address, 1)):
        pass
