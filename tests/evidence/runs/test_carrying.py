"""How a run was carried out, in words, from what its folder says."""

from __future__ import annotations

import pytest

from litdb.evidence.runs.carrying import CarriedOut, as_begun, extensions

ONE = {
    "processes": 1, "backend": None, "devices": ["cpu"], "machines": 1, "threads": 4, "precision": "fp32",
    "compiled": False, "deterministic": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (ONE, "1 process, cpu, 4 threads, fp32, not compiled, repeatable kernels"),
        (
            {**ONE, "processes": 2, "backend": "gloo", "devices": ["cpu", "cpu"], "threads": 1},
            "2 processes joined by gloo, 2 x cpu, 1 thread each, fp32, not compiled, repeatable kernels",
        ),
        (
            {**ONE, "processes": 4, "backend": "nccl", "machines": 2, "devices": ["H100"] * 3 + ["A100"],
             "precision": "bf16", "compiled": True, "deterministic": False},
            "4 processes joined by nccl on 2 machines, 3 x H100 and A100, 4 threads each, bf16, compiled, "
            "kernels that need not repeat",
        ),
        ({"seed": 1, "processes": 1}, "1 process"),
        ({"seed": 1}, ""),
        ({"processes": True, "devices": "cpu", "threads": "many", "compiled": 1}, ""),
        (None, ""),
    ],
)  # fmt: skip
def test_words(environment: object, words: str) -> None:
    assert str(CarriedOut.of(environment)) == words


def test_a_run_with_more_epochs_is_the_training_it_was() -> None:
    steps = [
        {"time": "2026-11-25T10:00:00+00:00", "from": 14, "to": 20},
        {"time": "2026-11-26T10:00:00+00:00", "from": 20, "to": 30},
    ]
    told = {"recipe": {"epochs": 30, "batch": 4}, "extended": steps}
    assert extensions(told) == ("14 to 20 on 2026-11-25", "20 to 30 on 2026-11-26")
    assert as_begun(told) == {"recipe": {"epochs": 14, "batch": 4}}
    assert as_begun({"recipe": {"epochs": 14}}) == {"recipe": {"epochs": 14}}


@pytest.mark.parametrize("steps", [None, "14", [3], [{"from": "14", "to": 20}], [{"to": 20}]])
def test_what_says_no_epochs_is_no_extension(steps: object) -> None:
    assert extensions({"extended": steps}) == ()
    assert as_begun({"recipe": {"epochs": 3}, "extended": steps}) == {"recipe": {"epochs": 3}}
