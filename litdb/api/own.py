"""Own runs: listing, declaring, comparing, the way to a target."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.api.opened import Opened

if TYPE_CHECKING:
    from litdb.catalogue.facts.components import Fact
    from litdb.catalogue.own import Added
    from litdb.catalogue.views.runs import RunView
    from litdb.evidence.gap import Gap
    from litdb.evidence.patterns import Patterns
    from litdb.evidence.runs.pairing import Comparison
    from litdb.evidence.statement import Judged
    from litdb.intake.runs import RunAdded
    from litdb.questions.tracing.recorded import RecordedRun
    from litdb.values.description import Description


class OwnVerbs(Opened):
    """Own runs: listing, declaring, comparing, the way to a target; statements and what models are made of."""

    def add_run(
        self,
        run: str | os.PathLike[str],
        *,
        model: str = "",
        name: str = "",
        replace: bool = False,
        force: bool = False,
        new: bool = False,
        reason: str = "",
    ) -> RunAdded:
        """Take in a run folder, or the archive that `litdb model pack` made of one; twice changes nothing.

        `force` takes values that their metric cannot have, for the `reason` that is then recorded with them. A name that is
        one letter away from an own model's is refused unless it is `new`.

        Raises InputError for what is no run, Impossible for what a metric cannot have, UsageError when its model cannot be
        told, Conflict for other numbers.
        """
        from litdb.intake.forcing import forced
        from litdb.intake.run_folder import read_run
        from litdb.intake.runs import add_run

        with forced(force, reason) as why:
            read = read_run(Path(run), force=force)
            with self.writing() as session:
                return add_run(
                    session, read, model=model, name=name, replace=replace, reason=reason, force=why, new=new
                )

    def add_result(
        self,
        model: str,
        values: Mapping[str, str | float] | None = None,
        *,
        params: str = "",
        dataset: str = "",
        file: str | os.PathLike[str] = "",
        text: str = "",
        run: str = "",
        sha256: str = "",
        selected_on: str = "",
        scale: str = "",
        files: int | None = None,
        paper: str = "",
        table: str = "",
        row: int | None = None,
        page: int | None = None,
        origin: str = "",
        replace: bool = False,
        force: bool = False,
        new: bool = False,
        reason: str = "",
    ) -> Added:
        """Add results of a model, `values` by metric as printed: measured, read by hand from a paper, or claimed.

        With `run` (`exp7/best`) or the `sha256` of a checkpoint they are measured, on `files` files, by a checkpoint
        `selected_on` validation, test or none, composites on samples of a `scale` (int16 or unit). With `paper` and
        `table`, `row` or `page` they are read by hand, `origin` being self or quoted. Else they are a claim. `file` is
        one of scores or means (`-` for standard input), unless `text` is its content. The same twice changes nothing.
        `force` takes values that their metric cannot have, for the `reason` that is then recorded with them. A name that is
        one letter away from an own model's is refused unless it is `new`.

        Raises UsageError for what does not go together, InputError for unreadable values, Conflict for other numbers
        than are recorded, unless `replace`.
        """
        from litdb.intake.results import Request, add
        from litdb.sources.files import read_file

        source = os.fspath(file)
        request = Request(
            model, {name: str(value) for name, value in (values or {}).items()}, params=params, dataset=dataset,
            text=text or (read_file(source) if source else ""), file=source, run=run, sha256=sha256,
            selected_on=selected_on, scale=scale, files=files, paper=paper, table=table, row=row, page=page,
            origin=origin, replace=replace, force=force, new=new, reason=reason,
        )  # fmt: skip
        with self.writing() as session:
            return add(session, request)

    def runs(self, model: str | None = None) -> list[RunView]:
        """Own runs with their checkpoints, all of them or those of one model. Raises NotFound, Ambiguous."""
        from litdb.catalogue.naming import find_model
        from litdb.catalogue.views.runs import own_runs

        with self.reading() as session:
            return own_runs(session, find_model(session, model).id if model is not None else None)

    def recorded_runs(self, model: str) -> list[RecordedRun]:
        """The runs whose checkpoints stand for an own model, with recipe, surroundings and scores by file.

        Raises UsageError where none is declared, NotFound, Ambiguous.
        """
        from litdb.questions.tracing.recorded import recorded_runs

        with self.reading() as session:
            return recorded_runs(session, model)

    def declare(self, run: str, checkpoint: str, *, reason: str, date: dt.date | None = None) -> str:
        """Say which checkpoint of a run stands for its model, from a day on; returns the decision's number."""
        from litdb.catalogue.decisions import declare

        with self.writing() as session:
            return declare(session, run, checkpoint, reason, date=date).uid

    def declare_group(
        self,
        runs: Sequence[str],
        *,
        reason: str,
        checkpoint: str = "",
        omitted: Mapping[str, str] | None = None,
        date: dt.date | None = None,
    ) -> str:
        """Say that runs which differ in their seed stand for their model together, by mean and deviation.

        Each by its `checkpoint` of that name, else by the one selected on validation data; `omitted` are other runs of the
        recipe with the reason why they are left out. Returns the decision's number. Raises NotFound, UsageError.
        """
        from litdb.catalogue.groups import declare_group

        with self.writing() as session:
            return declare_group(session, runs, reason, checkpoint=checkpoint, omitted=omitted, date=date).uid

    def remove_run(self, run: str, *, reason: str) -> str:
        """Say that an own run counts no more; returns the decision's number, for `undo`. Raises NotFound, Conflict."""
        from litdb.catalogue.groups import remove_run

        with self.writing() as session:
            return remove_run(session, run, reason).uid

    def compare(
        self,
        *systems: str,
        groups: Mapping[str, Sequence[str]] | None = None,
        metrics: Sequence[str] = (),
        dataset: str = "vbd",
        conditions: str | Path | None = None,
    ) -> list[Comparison]:
        """Compare systems file by file, each with the first, or groups of runs that differ in their seed.

        A system is a checkpoint (`exp1/best`), a run, a model, or a file of scores by utterance; `conditions` is a file
        that says speaker, SNR or noise of each utterance. Raises UsageError, NotFound, Ambiguous, InputError.
        """
        from litdb.questions.compare import compare_named

        with self.reading() as session:
            return compare_named(
                session, systems, groups or {}, metrics, dataset, Path(conditions) if conditions else None
            )

    def gap(
        self,
        targets: Mapping[str, float | str] | Sequence[str] = (),
        *,
        against: str | None = None,
        model: str | None = None,
        dataset: str = "vbd",
        withdrawn: bool = False,
    ) -> Gap:
        """How far the declared checkpoint is from targets (`{"PESQ": 3.0}`) and from published models of a size.

        `against` is a range of parameters such as `0.4M..1.0M`; values of withdrawn papers count with `withdrawn` only. Raises UsageError, NotFound, Ambiguous.
        """
        from litdb.evidence.gap import Target
        from litdb.questions.gap import find_gap
        from litdb.vocabulary.ranges import Condition

        words = [f"{k}={v}" for k, v in targets.items()] if isinstance(targets, Mapping) else list(targets)
        aims = [Target.parse(word) for word in words]
        size = Condition.of("params", against).range if against is not None else None
        with self.reading() as session:
            return find_gap(session, aims, against=size, model=model, dataset=dataset, withdrawn=withdrawn)

    def claim(self, statement: str, *, model: str | None = None) -> Judged:
        """Whether a statement holds in this catalogue (its language: :mod:`litdb.evidence.statement`).

        About its own subject, else about `model`, else about the own model. Raises UsageError, NotFound, Ambiguous.
        """
        from litdb.catalogue.views.scores import asked_test_set
        from litdb.evidence.statement import Statement
        from litdb.questions.claim import judge_statement

        with self.reading() as session:
            parsed = Statement.parse(statement, partial(asked_test_set, session))
            return judge_statement(session, parsed, model=model)

    def patterns(
        self, where: Mapping[str, str] | Sequence[str] = (), *, dataset: str = "vbd", evidence: bool = False
    ) -> Patterns:
        """What the models that meet the conditions are stated to be made of. Raises UsageError.

        With `evidence`, `principles` lists the papers whose ablation rows speak for and against each component.
        """
        from litdb.questions.patterns import find_patterns
        from litdb.questions.question import conditions

        ranges = conditions(where)
        with self.reading() as session:
            return find_patterns(session, ranges, dataset, evidence=evidence)

    def facts(self, model: str | None = None) -> list[Fact]:
        """What models are stated to be made of and trained with, each with its source."""
        from litdb.catalogue.facts.components import model_facts
        from litdb.catalogue.naming import find_model

        with self.reading() as session:
            return model_facts(session, find_model(session, model).key if model is not None else None)

    def state_fact(self, model: str, component: str, *, source: str, item: str = "", remark: str = "") -> str:
        """Say that a model has a component of the vocabulary, with the place that states it; the decision's number.

        `item` is family, technique or training, where that matters. Raises UsageError, NotFound, Ambiguous.
        """
        from litdb.catalogue.facts.stating import state_fact

        with self.writing() as session:
            return state_fact(session, model, component, item, source, remark=remark).uid

    def withdraw_fact(self, model: str, component: str, *, reason: str, item: str = "") -> str:
        """Say that a model does not have a component after all; the decision's number. Raises NotFound."""
        from litdb.catalogue.facts.stating import withdraw_fact

        with self.writing() as session:
            return withdraw_fact(session, model, component, item, reason).uid

    def descriptions(self, model: str | None = None) -> list[Description]:
        """What papers say of their models in words, by topic, each with its source.

        They are of the model as a whole, and no protocol of any of its numbers.
        """
        from litdb.catalogue.facts.descriptions import descriptions
        from litdb.catalogue.naming import find_model

        with self.reading() as session:
            return descriptions(session, find_model(session, model).key if model is not None else None)

    def describe(self, model: str, topic: str, text: str, *, source: str, remark: str = "") -> str:
        """Record what a source says of a model on a topic, in place of what was recorded; the decision's number.

        Topics: approach, parts, recipe, training-set, sampling-rate, causal, seeds, hardware. Raises UsageError, NotFound,
        Ambiguous.
        """
        from litdb.catalogue.facts.stating import describe

        with self.writing() as session:
            return describe(session, model, topic, text, source, remark=remark).uid

    def withdraw_description(self, model: str, topic: str, *, reason: str) -> str:
        """Say that what is recorded of a model on a topic does not hold; the decision's number. Raises NotFound."""
        from litdb.catalogue.facts.stating import withdraw_description

        with self.writing() as session:
            return withdraw_description(session, model, topic, reason).uid
