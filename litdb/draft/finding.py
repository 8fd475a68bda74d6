"""What `litdb check` finds and what it could not check: plain values that the terminal, JSON and SARIF show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DraftRule(StrEnum):
    """The code of a rule of `litdb check`, as in suppression comments; the rules themselves lie in `draft/rules`."""

    VALUE = "VALUE"  # a cell or a number in a sentence that differs from its source at printed precision
    IDENTITY = "IDENTITY"  # row, citation and variant are not the same model; composites that cannot be
    STALE = "STALE"  # another version of the source prints another number
    ORIGIN = (
        "ORIGIN"  # a quotation whose original is known, a claim or a re-implementation given as the paper's
    )
    ARITHMETIC = "ARITHMETIC"  # a difference, average, percentage or ratio that its numbers do not give
    AGREE = "AGREE"  # abstract, text and tables of the draft differ
    SUPERLATIVE = "SUPERLATIVE"  # "smallest", "state of the art", "first" that the catalogue refutes
    MARKS = "MARKS"  # bold or underline at another place than the best or second of its column
    SCALE = "SCALE"  # composites of two scales in one column
    UNITS = "UNITS"  # decimals, units, M and K, percent, MACs and FLOPs
    OWN = "OWN"  # rows of the own network: which checkpoint, which files, selected on what, seeds
    CITE = "CITE"  # a citation that does not resolve, an entry twice or with another title, author or year
    MISSING = "MISSING"  # a model in the stated range that the table lacks
    ATTRIBUTION = "ATTRIBUTION"  # a gain credited to a component without an isolating row
    NETWORK = "NETWORK"  # a statement about the own network that `litdb model describe` contradicts
    UNSOURCED = "UNSOURCED"  # a number about a known model that carries no result (answers of an assistant)


#: What each rule finds, in a line.
RULE_WORDS: Mapping[DraftRule, str] = {
    DraftRule.VALUE: "a number that differs from its source at printed precision",
    DraftRule.IDENTITY: "row, citation and variant are not the same model, or numbers of a row exclude one another",
    DraftRule.STALE: "another version of the source prints another number",
    DraftRule.ORIGIN: "a quotation whose original is known, or a claim or re-implementation given as the paper's",
    DraftRule.ARITHMETIC: "a difference, average, percentage or ratio that its numbers do not give",
    DraftRule.AGREE: "abstract, text and tables of the draft differ",
    DraftRule.SUPERLATIVE: "a superlative that the catalogue refutes",
    DraftRule.MARKS: "bold or underline at another place than the best or second of its column and group",
    DraftRule.SCALE: "composite measures of two scales in one column",
    DraftRule.UNITS: "decimals, units, M and K, percent, MACs and FLOPs",
    DraftRule.OWN: "own rows: checkpoint, files, selection, seeds, scale",
    DraftRule.CITE: "a citation that does not resolve, an entry twice, or another title, author or year",
    DraftRule.MISSING: "a model in the stated range that the table lacks",
    DraftRule.ATTRIBUTION: "a gain credited to a component without an isolating row",
    DraftRule.NETWORK: "a statement about the own network that `litdb model describe` contradicts",
    DraftRule.UNSOURCED: "a number about a known model that carries no result",
}


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """Where in a draft: the file relative to the project's root, the line (from 1) and the words that stand there."""

    file: str
    line: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """One thing to mend: what is wrong in one sentence, and what the catalogue says, by result keys and their places."""

    rule: DraftRule
    place: DraftPlace
    message: str
    results: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftReport:
    """What a check found, what a comment suppressed (with its reason), and how much it checked and could not check.

    `checked` and `unchecked` count statements by words such as "cells of tables" or "sentences with a superlative": silence
    must not be mistaken for agreement.
    """

    findings: tuple[DraftFinding, ...]
    suppressed: tuple[tuple[DraftFinding, str], ...] = ()
    checked: Mapping[str, int] = field(default_factory=dict)
    unchecked: Mapping[str, int] = field(default_factory=dict)
