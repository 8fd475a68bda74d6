"""An answer of an assistant against the catalogue: every figure about a known model carries its result and agrees with it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.draft.answers.credits import Credit, credits
from litdb.draft.answers.figures import SaidFigure, figures, results_in
from litdb.draft.answers.network import own_network
from litdb.draft.answers.statements import AnswerText, SaidStatement, statements
from litdb.draft.finding import DraftFinding, DraftPlace, DraftReport, DraftRule
from litdb.draft.knowledge import DraftMention, Knowledge, knowledge
from litdb.draft.subject import Tally
from litdb.evidence.audit.facts import told
from litdb.report.escape import clean
from litdb.values.agreement import agree
from litdb.values.origin import Origin, Status
from litdb.values.value import Value
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from litdb.api import Catalogue

#: Digits by which a result is looked up before its whole beginning is compared.
_HEAD = 6
_QUOTED = 160
#: How many sentences before a difference its two figures may stand.
_NEAR = 2


def check_answer_file(catalogue: Catalogue, path: str | os.PathLike[str]) -> DraftReport:
    """Check a Markdown file. Raises InputError for one that cannot be read, TooLarge for one that is too long."""
    from litdb.sources.files import read_file

    return check_answer(catalogue, read_file(os.fspath(path)), Path(path).name)


def check_answer(catalogue: Catalogue, text: str, file: str = "answer.md") -> DraftReport:
    """Check the text of an answer; nothing is written.

    Found are figures about known models that carry no result (UNSOURCED), or differ from it in number, model, metric, test set
    or band (VALUE), gains credited to a component without rows that isolate it (ATTRIBUTION), and what the package behind the own
    network states otherwise (NETWORK).
    """
    answer = statements(text)
    known = knowledge(catalogue)
    checker = _Checker(catalogue, known, file)
    told_of_own = own_network(answer, known, catalogue, file, checker.tally)
    found = list(dict.fromkeys((*checker.findings(answer), *told_of_own)))
    found.sort(key=lambda finding: (finding.place.line, finding.rule))
    if answer.fenced:
        checker.tally.unchecked("lines of code blocks", answer.fenced)
    kept, suppressed = [], []
    for finding in found:
        reason = next(
            (
                c.reason
                for c in answer.comments
                if c.reason and finding.rule in c.rules and finding.place.line - c.line in (0, 1)
            ),
            "",
        )
        if reason:
            suppressed.append((finding, clean(reason)))
        else:
            kept.append(finding)
    for comment in answer.comments:
        if not comment.reason:
            checker.tally.unchecked(
                f"a comment without a reason (-- REASON) suppresses nothing, {file}:{comment.line}"
            )
    tally = checker.tally
    return DraftReport(
        tuple(kept), tuple(suppressed), dict(sorted(tally.done.items())), dict(sorted(tally.left.items()))
    )


@dataclass(frozen=True, slots=True)
class _Operand:
    """A number that a difference may be made of, in which sentence (from 1) it stands, and of what quantity ('' for any)."""

    sentence: int
    quantity: str
    value: float


class _Checker:
    """One answer held against what the catalogue knows."""

    def __init__(self, catalogue: Catalogue, known: Knowledge, file: str) -> None:
        self._catalogue, self._known, self._file = catalogue, known, file
        self.tally = Tally()

    def findings(self, answer: AnswerText) -> Iterator[DraftFinding]:
        """What is found, statement by statement; a sentence without a name is about the models of the one before."""
        carried: tuple[str, ...] = ()
        paragraph = -1
        read = []
        sourced: dict[int, list[_Operand]] = defaultdict(list)
        for statement in answer.statements:
            if statement.paragraph != paragraph:
                carried, paragraph = (), statement.paragraph
            mentions = self._mentions(statement)
            said = list(figures(statement, mentions, carried))
            read.append((statement, mentions, said))
            sourced[paragraph] += self._operands(said, len(read))
            if mentions:
                carried = mentions[-1].models
        for number, (statement, mentions, said) in enumerate(read, start=1):
            near = [one for one in sourced[statement.paragraph] if -_NEAR <= one.sentence - number <= 1]
            for figure in said:
                yield from self._figure(figure, statement, mentions, near)
            yield from self._credits(statement, said)

    def _operands(self, said: Sequence[SaidFigure], sentence: int) -> Iterator[_Operand]:
        """What a difference may be made of: figures with their results, and limits that a sentence sets."""
        for figure in said:
            found = self._results(figure.result) if figure.result else []
            if found or (figure.threshold and not figure.derived):
                quantity = found[0].quantity if found else ""
                number = figure.number(quantity)
                if number is not None and number.value is not None:
                    yield _Operand(sentence, quantity, number.value)

    def _mentions(self, statement: SaidStatement) -> list[DraftMention]:
        found = self._known.mentions(statement.text)
        own = tuple(
            key for key, model in self._known.facts.models.items() if model.own and model.kind == "system"
        )
        for words in ("the own network", "the own model", "our network", "our model", "our system"):
            at = statement.text.lower().find(words)
            if own and at >= 0:
                found.append(DraftMention(at, at + len(words), words, own))
        return sorted(found, key=lambda mention: mention.start)

    # --- one figure

    def _figure(
        self,
        figure: SaidFigure,
        statement: SaidStatement,
        mentions: Sequence[DraftMention],
        near: Sequence[_Operand],
    ) -> Iterator[DraftFinding]:
        if figure.result:
            self.tally.checked("figures with the result they carry")
            yield from self._carried(figure, statement, mentions)
        elif figure.threshold and not figure.derived:
            self.tally.unchecked("limits that a sentence sets")
        elif not figure.models:
            self.tally.unchecked("numbers about no known model")
        elif figure.derived and self._follows(figure, near):
            self.tally.checked("differences and ratios of figures beside them")
        else:
            self.tally.checked("figures without a result")
            yield self._bare(figure, statement)

    def _carried(
        self, figure: SaidFigure, statement: SaidStatement, mentions: Sequence[DraftMention]
    ) -> Iterator[DraftFinding]:
        """A figure against the result that it carries."""
        found = self._results(figure.result)
        if not found:
            yield self._found(
                DraftRule.UNSOURCED,
                figure,
                statement,
                f"{figure.text} carries [{figure.result}], and no result of the catalogue begins so",
            )
            return
        value = found[0]
        if value.status is not Status.ACCEPTED:
            yield self._found(
                DraftRule.UNSOURCED,
                figure,
                statement,
                f"{figure.text} carries a result that is {value.status}, not accepted",
                value,
            )
        elif value.origin is Origin.CLAIM and "claim" not in statement.text.lower():
            yield self._found(
                DraftRule.UNSOURCED,
                figure,
                statement,
                f"{figure.text} carries a claim without evidence, and is not said to be one",
                value,
            )
        differs = self._differs(figure, value, statement, mentions)
        if differs:
            yield self._found(DraftRule.VALUE, figure, statement, differs, value)

    def _differs(
        self, figure: SaidFigure, value: Value, statement: SaidStatement, mentions: Sequence[DraftMention]
    ) -> str:
        """In words, in what a figure differs from the result that it carries; '' for nothing."""
        number = figure.number(value.quantity)
        if value.value is not None and (number is None or not agree(number, value)):
            return f"{figure.text} carries the result {value.key[:8]}, which is {value.printed}"
        models = {key for mention in mentions for key in mention.models} | set(figure.models)
        if (
            models
            and value.model not in models
            and not any(value.model in self._known.family(key) for key in models)
        ):
            return f"{figure.text} carries a result of {value.name}, which the sentence does not name"
        if figure.metric is not None and figure.metric.metric.id != value.quantity:
            return (
                f"{figure.text} is given as {figure.metric.metric.id} and carries a result in {value.metric}"
            )
        narrow = value.protocol.get("band") == "NB"
        if narrow and not any(
            word in statement.text.lower() for word in ("pesq-nb", "narrow", "nb-pesq", "pesq (nb)")
        ):
            return f"{figure.text} carries a narrow-band PESQ, and is not said to be one"
        sets = {found.id for _, found in vocabulary().datasets_in(statement.text)}
        if sets and value.dataset and not any(f"{value.dataset}-".startswith(f"{one}-") for one in sets):
            return f"{figure.text} carries a result on {value.dataset}, and the sentence names {', '.join(sorted(sets))}"
        return self._other_document(figure, value, statement)

    def _other_document(self, figure: SaidFigure, value: Value, statement: SaidStatement) -> str:
        """In words, that the source written right behind a result is not the result's: another version, another paper."""
        document = value.row.document
        if not document.arxiv_id or document.version is None or statement.header:
            return ""
        import re

        behind = statement.text[figure.at : figure.at + 120]
        named = re.search(r"\]\W{0,3}(?:from |of |in )?\(?(?:arXiv:)?(\d{4}\.\d{4,5})(?:v(\d+))?", behind)
        if named is None or "[" not in behind[: named.start() + 1]:
            return ""
        if named[1] != document.arxiv_id or (named[2] and int(named[2]) != document.version):
            said = named[1] + (f"v{named[2]}" if named[2] else "")
            return f"{figure.text} is given from arXiv:{said} and carries a result of {document.title}"
        return ""

    def _bare(self, figure: SaidFigure, statement: SaidStatement) -> DraftFinding:
        """A figure that carries no result: what the catalogue knows of it."""
        quantities = [figure.metric.metric.id] if figure.metric is not None else []
        band = figure.metric.band if figure.metric is not None else ""
        known = [
            value
            for model in figure.models
            for value in self._known.values(model, quantities[0] if quantities else "")
            if not band or value.protocol.get("band") == band
        ]
        agreeing = [
            v
            for v in known
            if not figure.derived and (n := figure.number(v.quantity)) is not None and agree(n, v)
        ]
        of = f"{figure.metric.metric.id} " if figure.metric is not None else ""
        if agreeing:
            best = agreeing[0]
            return self._found(
                DraftRule.UNSOURCED,
                figure,
                statement,
                f"{of}{figure.text} carries no result: write {best.printed} [{best.key[:8]}]",
                best,
            )
        if figure.derived:
            return self._found(
                DraftRule.UNSOURCED,
                figure,
                statement,
                f"{figure.text} follows from no two figures beside it that carry their results",
            )
        if known and quantities and len(figure.models) == 1:
            best = known[0]
            return self._found(
                DraftRule.VALUE,
                figure,
                statement,
                f"{of}{figure.text} carries no result, and no source prints it for {best.name}",
                best,
            )
        return self._found(
            DraftRule.UNSOURCED,
            figure,
            statement,
            f"{of}{figure.text} carries no result, and the catalogue knows none that says so",
        )

    def _follows(self, figure: SaidFigure, near: Sequence[_Operand]) -> bool:
        """Whether a difference, ratio or percentage follows from two figures of one quantity near it that carry their results."""
        number = figure.number("")
        if number is None or number.value is None:
            return False
        value, half = abs(number.value), max(number.resolution, 1e-9) / 2 * (1 + 1e-9)
        for first, second in combinations(near, 2):
            if first.quantity and second.quantity and first.quantity != second.quantity:
                continue
            one, other = first.value, second.value
            made = [abs(one - other)]
            if one and other:
                made += [
                    one / other,
                    other / one,
                    100 * abs(one - other) / abs(one),
                    100 * abs(one - other) / abs(other),
                ]
            if any(abs(value - each) <= half for each in made):
                return True
        return False

    # --- credited gains

    def _credits(self, statement: SaidStatement, said: Sequence[SaidFigure]) -> Iterator[DraftFinding]:
        from litdb.vocabulary.components import own_components

        of_metric = bool(said) or bool(vocabulary().metrics_in(statement.text))
        for credit in credits(statement.text, own_components(), of_metric=of_metric):
            self.tally.checked("gains credited to a component")
            if credit.predicted:
                yield self._credit(
                    credit,
                    statement,
                    f"a gain of “{credit.words}” is foretold: ablations say what was measured, of their own models",
                )
                continue
            rows = self._isolating(credit.component)
            pairs = [pair for _, pair in rows]
            if not pairs:
                yield self._credit(
                    credit,
                    statement,
                    f"a gain is credited to “{credit.words}”, and no ablation row in the catalogue isolates it",
                )
            elif not any(self._names(statement, pair) for pair in pairs):
                have, lack = next((pair for base, pair in rows if base in statement.text), pairs[0])
                yield self._credit(
                    credit,
                    statement,
                    f"a gain is credited to “{credit.words}” without the rows that isolate it: give both, such as [{have[:8]}] with and [{lack[:8]}] without",
                    have,
                    lack,
                )

    def _isolating(self, component: str) -> list[tuple[str, tuple[str, str]]]:
        """The rows that isolate a component: the base model, and the results with and without, a pair a metric."""
        if component not in self._pairs:
            found = self._catalogue.evidence(component)
            self._pairs[component] = [
                (row.comparison.base_model, effect.results)
                for row in found.isolated
                for effect in row.effects
            ]
        return self._pairs[component]

    @cached_property
    def _pairs(self) -> dict[str, list[tuple[str, tuple[str, str]]]]:
        return {}

    @staticmethod
    def _names(statement: SaidStatement, pair: tuple[str, str]) -> bool:
        named = results_in(statement.text)
        return all(any(key.startswith(one) for one in named) for key in pair)

    def _credit(self, credit: Credit, statement: SaidStatement, message: str, *results: str) -> DraftFinding:
        place = DraftPlace(self._file, statement.line_at(credit.at), _words(statement))
        return DraftFinding(DraftRule.ATTRIBUTION, place, message, results)

    # --- help

    def _results(self, beginning: str) -> list[Value]:
        return [v for v in self._by_head.get(beginning[:_HEAD], ()) if v.key.startswith(beginning)]

    @cached_property
    def _by_head(self) -> dict[str, list[Value]]:
        found: dict[str, list[Value]] = defaultdict(list)
        for value in self._known.facts.values:
            found[value.key[:_HEAD]].append(value)
        return found

    def _found(
        self,
        rule: DraftRule,
        figure: SaidFigure,
        statement: SaidStatement,
        message: str,
        value: Value | None = None,
    ) -> DraftFinding:
        place = DraftPlace(self._file, figure.line, _words(statement))
        if value is None:
            return DraftFinding(rule, place, message)
        return DraftFinding(rule, place, message, (value.key,), (told(value),))


def _words(statement: SaidStatement) -> str:
    text = clean(statement.text)
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
