"""Own tries: a hypothesis, what it rests on, the one change, the run that tested it, the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litdb.api.opened import Opened

if TYPE_CHECKING:
    from litdb.evidence.runs.power import Plan
    from litdb.evidence.tries import Tried


class TryVerbs(Opened):
    """Tries: what was to be tried and why, what came of it; failures are kept."""

    def add_try(
        self,
        hypothesis: str,
        change: str,
        *,
        evidence: Sequence[str] = (),
        components: Sequence[str] = (),
        model: str | None = None,
        base: str | None = None,
    ) -> str:
        """Record a try: a hypothesis and the one change that tests it; returns its number, for `close_try` and `undo`.

        `evidence` are results that it rests on, by the beginnings of their keys; `components` words of the vocabulary;
        `base` the run that is changed; without `model` it is about the own model. Raises UsageError, NotFound, Ambiguous.
        """
        from litdb.questions.trying.tries import start_try

        with self.writing() as session:
            return start_try(
                session, hypothesis, change, evidence=evidence, components=components, model=model, base=base
            )

    def close_try(self, number: str, outcome: str, *, reason: str, run: str | None = None) -> str:
        """Say how a try came out (supported, failed or undecided), and what `run` showed; returns the decision's number.

        Raises UsageError for one that has ended, and for an answer without its run; NotFound, Ambiguous.
        """
        from litdb.catalogue.views import tries

        with self.writing() as session:
            return tries.end(session, number, outcome, reason, run=run).uid

    def tries(self, model: str | None = None) -> list[Tried]:
        """The tries, open and ended, of all models or of one, oldest first. Raises NotFound, Ambiguous."""
        from litdb.questions.trying.tries import all_tries

        with self.reading() as session:
            return all_tries(session, model)

    def plan_try(  # noqa: PLR0913 - each way to a spread has its keyword
        self,
        effect: float,
        metric: str = "PESQ",
        *,
        dataset: str = "vbd",
        power: float = 0.8,
        model: str | None = None,
        runs: Sequence[Sequence[str]] = (),
        spread: float | None = None,
        published: str | None = None,
        of: int | None = None,
    ) -> Plan:
        """How many seeds and files a gain of `effect` needs to be seen with a power, by the spread over seeds.

        The spread is that of own runs of one recipe (of all, of a `model`, or of groups of `runs`), a standard deviation
        `spread`, or what a `published` result prints, these two over `of` seeds. Raises UsageError where none is known,
        NotFound, Ambiguous.
        """
        from litdb.questions.trying.plan import SpreadFrom, plan

        given = SpreadFrom(model, tuple(map(tuple, runs)), spread, published, of)
        with self.reading() as session:
            return plan(session, effect, metric, dataset, given, power)
