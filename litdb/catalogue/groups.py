"""Decisions about own runs: one is removed, several that differ in their seed stand together for their model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.checkpoints import find_checkpoint, recorded_recipe
from litdb.catalogue.database.schema import ModelRow, RunRow
from litdb.catalogue.decision import DeclareGroup, RemoveRun
from litdb.catalogue.decisions import append_decision, reapply
from litdb.catalogue.views.runs import seed_of
from litdb.catalogue.views.standing import find_run, removed_runs, runs_of_owner, standing_groups, states_of
from litdb.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from litdb.catalogue.database.schema import DecisionRow


def remove_run(session: Session, run: str, reason: str) -> DecisionRow:
    """Say that an own run counts no more; `undo` brings it back.

    Raises NotFound for an unknown run, Conflict for one that is removed already, UsageError for a member of the group
    that stands for its model.
    """
    owner = find_run(session, run)
    group = standing_groups(session).get(owner.model.unified_id or owner.model_id)
    checkpoints = {state.key for state in states_of(session, owner)}
    if group is not None and checkpoints & set(group.members):
        raise UsageError(
            f"{run} is one of the seeds that stand for {owner.model.name}: declare the group without it first "
            f"(`litdb runs declare --group ... --omit {run}=REASON`)"
        )
    decision = append_decision(session, RemoveRun(), owner.key, reason)
    reapply(session)
    return decision


def declare_group(
    session: Session,
    runs: Sequence[str],
    reason: str,
    *,
    checkpoint: str = "",
    omitted: Mapping[str, str] | None = None,
    date: dt.date | None = None,
) -> DecisionRow:
    """Say that runs of one model which differ in their seed stand for it together.

    Each stands by its `checkpoint` of that name, else by the one selected on validation data, else by its only one.
    Raises NotFound for an unknown run or checkpoint, UsageError for runs that do not belong together, for one that is or may
    be of the same recipe and is neither named nor omitted, and for a day that is still to come.
    """
    if len(set(runs)) < 2:
        raise UsageError("a group has two runs or more: `litdb runs declare RUN --checkpoint C` declares one")
    today = dt.datetime.now(dt.UTC).date()
    if date is not None and date > today:
        raise UsageError(f"{date} is still to come: declare a group on the day, or with an earlier --date")
    found = [find_run(session, run) for run in dict.fromkeys(runs)]
    models = {run.model.unified_id or run.model_id: run.model.name for run in found}
    if len(models) > 1:
        raise UsageError(f"a group is of one model, and these are of {' and '.join(models.values())}")
    (owner,) = models
    recipes = {recipe for run in found if (recipe := recorded_recipe(run.details)) is not None}
    if len(recipes) > 1:
        raise UsageError(
            "these runs differ in more than their seed: compare them with `litdb compare --group`"
        )
    left_out = dict(omitted or {})
    _check_omitted(session, owner, found, left_out, recipes)
    members = tuple(_member(session, run, checkpoint) for run in found)
    said = tuple(f"{run}: {why}" for run, why in left_out.items())
    model = session.get_one(ModelRow, owner)
    decision = append_decision(session, DeclareGroup(members, said, date or today), model.key, reason)
    reapply(session)
    return decision


def _check_omitted(
    session: Session, owner: int, found: Sequence[RunRow], omitted: Mapping[str, str], recipes: set[str]
) -> None:
    """Raise UsageError where a run of the same recipe is left out without a word, or an omitted one is none."""
    removed = removed_runs(session)
    named = {run.key for run in found}
    others = {run.key: run for run in runs_of_owner(session, owner) if run.key not in {*removed, *named}}
    for left, why in omitted.items():
        if left in named:
            raise UsageError(f"{left} is in the group and left out of it: leave it out of one of the two")
        if left not in others:
            raise UsageError(f"{left} is no other run of this model: there are {', '.join(others) or 'none'}")
        if not why.strip():
            raise UsageError(f"say why {left} is left out: --omit {left}=REASON")
    for key, run in others.items():
        recipe = recorded_recipe(run.details)
        if recipe is None and not recipes:
            what = "is another run of this model, and no recipe is recorded that tells it from these"
        elif recipe in recipes and seed_of(run.details) is not None:
            what = "has the same recipe with another seed"
        else:
            continue
        if key not in omitted:
            raise UsageError(f"{key} {what}: add it to the group, or leave it out with --omit {key}=REASON")


def _member(session: Session, run: RunRow, checkpoint: str) -> str:
    if checkpoint:
        return find_checkpoint(session, run.key, checkpoint).key
    states = states_of(session, run)
    for some in ([state for state in states if state.selected_on == "validation"], list(states)):
        if len(some) == 1:
            return some[0].key
    names = ", ".join(state.name for state in states) or "none"
    raise UsageError(f"run {run.key} has several checkpoints ({names}): name one with --checkpoint")
