"""A linter over the catalogue: what should not be believed as it stands, each finding with the rule behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from litdb.evidence.audit import identity, numbers, protocols, support
from litdb.evidence.audit.facts import Facts, Finding

__all__ = ["RULES", "Facts", "Finding", "Rule", "audit"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, one line on what it finds, why that matters and when a finding may stand."""

    code: str
    finds: str
    explanation: str
    check: Callable[[Facts], Iterable[Finding]]


_ALL = (
    Rule(
        "YEAR",
        "a year given for a model that is not that of its paper",
        "A paper's year is that of its first submission. A year before it cannot be; a later one may be the year of a "
        "journal or conference, and is an error only where that is known to be another. Mend the note, or record the "
        "date of publication.",
        identity.year,
    ),
    Rule(
        "NAME",
        "a name that several models go by, and rows under it that nobody has placed",
        "Two systems under one name have two rows of numbers; a quotation of one under the name of the other is wrong "
        "by as much as they differ. The note says who shares the name; a warning stands for each row whose model is "
        "not settled, with the one its numbers fit.",
        identity.name,
    ),
    Rule(
        "REIMPL",
        "the number of a re-implementation given as the paper's",
        "Code by others, under the paper's name, is another model: other width, other data, other training. Its "
        "numbers are the repository's, not the paper's. A number of two digits, or one that was printed before the "
        "re-implementation was, is not called so.",
        identity.reimplementation,
    ),
    Rule(
        "ABSENT",
        "a metric that the paper does not report",
        "Somebody looked: the paper reports no such value. A number given for it has no support there.",
        support.absent,
    ),
    Rule(
        "WORDS",
        "words such as “competitive” in the place of a number",
        "Words cannot be ranked, plotted or checked. Where a number is known it is shown beside them.",
        support.words,
    ),
    Rule(
        "CLAIM",
        "a number that only a claim gives, or that the sources contradict",
        "A claim is what a third party says without showing where it stands. It is kept out of tables and rankings; "
        "it becomes a result when its source is read (`litdb fetch`, `litdb add-result --paper --table --row`).",
        support.unsupported,
    ),
    Rule(
        "QUOTED",
        "only quotations are known of a model whose paper is known",
        "Quotations carry slips and other people's protocols. Where the paper has an identifier it can be fetched, and "
        "its own table takes their place.",
        support.quotation,
    ),
    Rule(
        "WITHDRAWN",
        "values of a paper that was withdrawn",
        "Who withdraws a paper no longer stands behind its numbers, and often says why: a leak, an error in a table. Its "
        "values are marked and left out of rankings (`--withdrawn` ranks them all the same).",
        support.withdrawn,
    ),
    Rule(
        "SOURCE",
        "values that rest on a document without an address",
        "What cannot be looked up cannot be checked. Own runs and configurations are exempt: they are their own source.",
        support.provenance,
    ),
    Rule(
        "RANGE",
        "a value outside the range its metric can plausibly have",
        "The ranges are those of `litdb vocabulary metrics`. Usually a number of another column, unit or metric.",
        numbers.out_of_range,
    ),
    Rule(
        "NOISY",
        "a row of the unprocessed input that is not the known one",
        "The noisy input of a test set has one score. Another one means a misprint, shifted columns, another test set "
        "or another version of the metric, and puts the rest of that table in doubt. The known row is one measured over "
        "all files, else what most papers print, and none where as many print another; one step of the last digit passes.",
        numbers.noisy,
    ),
    Rule(
        "SHIFTED",
        "a quoted row whose numbers are the known ones of other columns",
        "At least two values differ from the paper's own row, and each is the paper's value of another metric.",
        numbers.shifted,
    ),
    Rule(
        "IMPOSSIBLE",
        "two numbers of one row that exclude one another",
        "Extended STOI is never above STOI; wide-band PESQ is below narrow-band PESQ; CSIG, CBAK and COVL are linear in "
        "PESQ with terms that only lower them (Hu and Loizou 2008), so PESQ (for CBAK with segmental SNR) bounds them.",
        numbers.impossible,
    ),
    Rule(
        "IDENTITY",
        "a row whose COVL is not what its PESQ, SSNR, CSIG and CBAK make it",
        "The three composites are linear in PESQ, SSNR, LLR and WSS, so four numbers of a row fix the fifth, up to rounding "
        "and to clipping, which only raises COVL. One of them is misprinted, from another row or from another code.",
        numbers.identity,
    ),
    Rule(
        "SCALE",
        "composites said to be on one scale whose own numbers show another",
        "The mean WSS that a row's numbers give back is some 4 on samples in [-1, 1] and some 20 on 16-bit values "
        "(docs/metrics.md). Composites of the two scales are not ranked together.",
        numbers.scale,
    ),
    Rule(
        "SELECTED",
        "a checkpoint selected on the test set",
        "The best of many checkpoints on the test set is better than the same model on new data. Select on validation "
        "data, or say so wherever the number stands (tables do).",
        protocols.selected,
    ),
    Rule(
        "LEAK",
        "a checkpoint that has met its test files, or is scored on files that are no test set",
        "A network is better on what it was trained on or selected with than on new data, and nothing in the number shows "
        "it. The run folder says so, and tables do; score it on files that it has not met, or train without them.",
        protocols.leaks,
    ),
    Rule(
        "FILES",
        "a mean over fewer files than the test set has",
        "A metric that fails on the hardest files makes the mean of the rest look better. Such a mean is not ranked.",
        protocols.files,
    ),
    Rule(
        "COUNTING",
        "parameters or operations of one model counted in different ways",
        "Fixed filters, an unused head or a merged layer are counted by one tool and not by another. Neither number is "
        "wrong, so it is no conflict; but a comparison has to use one way of counting.",
        protocols.counting,
    ),
)

#: The rules by code.
RULES: Mapping[str, Rule] = {rule.code: rule for rule in _ALL}

_SEVERITY = {"error": 0, "warning": 1, "note": 2}


def audit(facts: Facts, suppressed: Mapping[str, str] | None = None) -> list[Finding]:
    """All findings, the gravest first; those in `suppressed` (`CODE:TARGET` to reason) carry the reason."""
    quiet = suppressed or {}
    found = [
        replace(finding, suppressed=quiet.get(finding.id, ""))
        for rule in _ALL
        for finding in facts.found(rule.check)
    ]
    order = {rule.code: number for number, rule in enumerate(_ALL)}
    return sorted(found, key=lambda f: (_SEVERITY[f.severity], order[f.code], f.model, f.target))
