"""Own ablations: one thing at a time, or not."""

from __future__ import annotations

from typing import Any

from litdb.evidence.runs.steps import ladder, step


def run(
    branches: tuple[str, ...] = ("cross", "dot", "cos"), gate: str = "additive", **more: Any
) -> dict[str, Any]:
    recipe = {"epochs": 250, "rate": 0.001, "seed": 1} | more.pop("recipe", {})
    environment = {"seed": 1, "data_fingerprint": "f", "git": {"commit": "a"}} | more.pop("environment", {})
    network = {"kind": "unet", "gate": gate, "branches": list(branches)}
    return {"network": network, "recipe": recipe, "data": {"root": "/a"}, "environment": environment, **more}


def test_one_setting_and_one_entry_of_a_list_are_one_thing() -> None:
    assert step("a", run(), "b", run(gate="none")).isolates
    cosine = step("a", run(("dot",)), "b", run(("dot", "cos")))
    assert cosine.isolates
    assert [(s.name, s.before, s.after) for s in cosine.settings] == [("network.branches", "-", "cos")]


def test_two_entries_or_two_settings_are_two() -> None:
    two = step("a", run(("dot",)), "b", run())
    assert not two.isolates
    assert two.verdict == "2 things change: nothing is isolated"
    assert not step("a", run(), "b", run(gate="none", recipe={"rate": 0.01})).isolates


def test_the_first_branch_brings_a_structure_with_it() -> None:
    first = step("M2", run(()), "axial", run(("dot",)))
    assert not first.isolates
    assert "position codes" in first.verdict


def test_seed_and_path_are_no_change_and_code_and_data_are_said_beside() -> None:
    other = run(
        gate="none",
        recipe={"seed": 2},
        environment={"seed": 2, "git": {"commit": "b"}, "libraries": {"torch": "2"}},
    )
    one = step("a", run(), "b", other | {"data": {"root": "/b"}})
    assert one.isolates
    assert one.beside == ("commit", "libraries")
    assert step("a", run(), "b", run(environment={"data_fingerprint": "g"})).beside == ("data_fingerprint",)


def test_nothing_but_the_seed_and_nothing_recorded() -> None:
    assert step("a", run(), "b", run(recipe={"seed": 3})).verdict == "nothing changes but the seed"
    unknown = step("a", {}, "b", run())
    assert not unknown.isolates
    assert unknown.verdict == "not known: a recorded no configuration"


def test_a_ladder_has_one_step_fewer_than_runs() -> None:
    steps = ladder([("M2", run(())), ("axial", run(("dot",))), ("M3", run(("dot", "cos"))), ("M4", run())])
    assert [s.isolates for s in steps] == [False, True, True]


def test_a_fine_tuning_is_a_change_and_one_thing() -> None:
    """Whatever else is told of the checkpoint it began with; and how the numbers were computed is said beside."""
    began = {"file": "m4.pt", "sha256": "abcdef0123", "epoch": 9, "run": "m4", "training_files": "run"}
    tuned = step("a", run(), "b", run(**{"from": began}))
    assert [(s.name, s.before, s.after) for s in tuned.settings] == [("from", "-", "abcdef01")]
    assert tuned.isolates
    half = step("a", run(gate="none"), "b", run(environment={"precision": "bf16", "compiled": True}))
    assert half.beside == ("compiled", "precision")
