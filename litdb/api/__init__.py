"""The catalogue from Python: every command on it is a typed method of Catalogue.

What is named here is loaded when it is first used: the command line takes its types from here and must start quickly.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litdb.api.catalogue import Catalogue, model_words, open_catalogue
    from litdb.api.evidence import audit_rules
    from litdb.api.papers import READING_FORMATS, extract, names_in, readings_text
    from litdb.api.whole import Upgraded
    from litdb.catalogue.exchange.check import Problem
    from litdb.catalogue.exchange.dump import FieldDifference
    from litdb.catalogue.exchange.merged import MergeReport
    from litdb.catalogue.facts.components import Fact
    from litdb.catalogue.index.field_index import IndexFound, IndexHit, IndexStatus
    from litdb.catalogue.index.sought import Sought
    from litdb.catalogue.own import Added
    from litdb.catalogue.views.history import HistoryEntry
    from litdb.catalogue.views.review import Queue, Waiting, WaitingDecision, WaitingTable
    from litdb.catalogue.views.runs import CheckpointView, RunView
    from litdb.catalogue.views.shown import GridView, ModelView, PaperView
    from litdb.evidence.audit import Finding, Rule
    from litdb.evidence.components.families import (
        FamilyMember,
        NumberSpan,
        PaperApproach,
        PaperFamilies,
        PaperFamily,
        StatedComponent,
    )
    from litdb.evidence.components.untried import Coverage, Gaps, Isolated
    from litdb.evidence.components.values import Answer, Evidence
    from litdb.evidence.components.words import signed
    from litdb.evidence.conflicts import Disagreement
    from litdb.evidence.gap import Gap, Rival
    from litdb.evidence.matrix import ProtocolMatrix
    from litdb.evidence.patterns import Patterns
    from litdb.evidence.quotations.check import Checked, Fate
    from litdb.evidence.runs.pairing import Comparison, Measure, Part
    from litdb.evidence.runs.power import Plan
    from litdb.evidence.runs.steps import Step
    from litdb.evidence.screening import (
        Candidate,
        LackingPaper,
        MadeOf,
        Screened,
        Survey,
        SurveyChange,
        SurveyTable,
    )
    from litdb.evidence.statement import Judged, Witness
    from litdb.evidence.tracing.card import Card, CardItem, Contradiction, Letter
    from litdb.evidence.tracing.dive import Dive, NextPaper, PaperBeside, PaperVersions, VersionChange
    from litdb.evidence.tracing.genealogy import Edge, Genealogy, Trace
    from litdb.evidence.tracing.noted import Noted
    from litdb.evidence.tracing.watched import Watch, WatchItem, WatchNews, WatchRun
    from litdb.evidence.tries import Tried
    from litdb.extract import ACCEPT_THRESHOLD
    from litdb.extract.types import Extraction
    from litdb.intake.beside.printed import PrintedCell, PrintedTable
    from litdb.intake.field import IndexAsked, IndexLoaded, IndexPage
    from litdb.intake.local import FileOutcome
    from litdb.intake.papers import PaperOutcome
    from litdb.intake.rereading import Reread
    from litdb.intake.runs import RunAdded
    from litdb.questions.figures.scatter import Plane
    from litdb.questions.question import DEFAULT_DATASET, DEFAULT_METRICS, ORIGINS, Question, Words
    from litdb.questions.tables.presets import PRESETS, Preset, Study
    from litdb.questions.tracing.recorded import RecordedRun
    from litdb.questions.whole.everything import Everything
    from litdb.questions.why import Why
    from litdb.report.figures.canvas import Drawn
    from litdb.sources.field.listed import Listed
    from litdb.values.bibliography import Citations, Publication
    from litdb.values.description import TOPICS, Description
    from litdb.values.table import Table
    from litdb.values.value import Value

#: Where each name is defined.
_LAZY = {
    name: module
    for module, names in {
        "litdb.api.catalogue": ("Catalogue", "model_words", "open_catalogue"),
        "litdb.api.evidence": ("audit_rules",),
        "litdb.api.papers": ("READING_FORMATS", "extract", "names_in", "readings_text"),
        "litdb.api.whole": ("Upgraded",),
        "litdb.catalogue.facts.components": ("Fact",),
        "litdb.catalogue.exchange.check": ("Problem",),
        "litdb.catalogue.exchange.dump": ("FieldDifference",),
        "litdb.catalogue.exchange.merged": ("MergeReport",),
        "litdb.catalogue.index.field_index": ("IndexFound", "IndexHit", "IndexStatus"),
        "litdb.catalogue.index.sought": ("Sought",),
        "litdb.catalogue.own": ("Added",),
        "litdb.catalogue.views.runs": ("CheckpointView", "RunView"),
        "litdb.catalogue.views.shown": ("GridView", "ModelView", "PaperView"),
        "litdb.questions.tables.presets": ("PRESETS", "Preset", "Study"),
        "litdb.values.bibliography": ("Citations", "Publication"),
        "litdb.values.description": ("TOPICS", "Description"),
        "litdb.report.figures.canvas": ("Drawn",),
        "litdb.questions.figures.scatter": ("Plane",),
        "litdb.values.table": ("Table",),
        "litdb.values.value": ("Value",),
        "litdb.evidence.components.families": (
            "FamilyMember",
            "NumberSpan",
            "PaperApproach",
            "PaperFamilies",
            "PaperFamily",
            "StatedComponent",
        ),
        "litdb.evidence.components.untried": ("Coverage", "Gaps", "Isolated"),
        "litdb.evidence.components.values": ("Answer", "Evidence"),
        "litdb.evidence.components.words": ("signed",),
        "litdb.evidence.audit": ("Finding", "Rule"),
        "litdb.evidence.conflicts": ("Disagreement",),
        "litdb.evidence.matrix": ("ProtocolMatrix",),
        "litdb.evidence.runs.pairing": ("Comparison", "Measure", "Part"),
        "litdb.evidence.runs.power": ("Plan",),
        "litdb.evidence.runs.steps": ("Step",),
        "litdb.evidence.screening": (
            "Candidate",
            "LackingPaper",
            "MadeOf",
            "Screened",
            "Survey",
            "SurveyChange",
            "SurveyTable",
        ),
        "litdb.evidence.tracing.dive": ("Dive", "NextPaper", "PaperBeside", "PaperVersions", "VersionChange"),
        "litdb.evidence.tracing.noted": ("Noted",),
        "litdb.evidence.tracing.watched": ("Watch", "WatchItem", "WatchNews", "WatchRun"),
        "litdb.evidence.tracing.genealogy": ("Edge", "Genealogy", "Trace"),
        "litdb.evidence.tries": ("Tried",),
        "litdb.extract": ("ACCEPT_THRESHOLD",),
        "litdb.extract.types": ("Extraction",),
        "litdb.intake.field": ("IndexAsked", "IndexLoaded", "IndexPage"),
        "litdb.intake.local": ("FileOutcome",),
        "litdb.sources.field.listed": ("Listed",),
        "litdb.intake.papers": ("PaperOutcome",),
        "litdb.intake.beside.printed": ("PrintedCell", "PrintedTable"),
        "litdb.intake.rereading": ("Reread",),
        "litdb.intake.runs": ("RunAdded",),
        "litdb.catalogue.views.history": ("HistoryEntry",),
        "litdb.evidence.tracing.card": ("Card", "CardItem", "Contradiction", "Letter"),
        "litdb.evidence.gap": ("Gap", "Rival"),
        "litdb.evidence.statement": ("Judged", "Witness"),
        "litdb.evidence.patterns": ("Patterns",),
        "litdb.questions.question": ("DEFAULT_DATASET", "DEFAULT_METRICS", "ORIGINS", "Question", "Words"),
        "litdb.evidence.quotations.check": ("Checked", "Fate"),
        "litdb.catalogue.views.review": ("Queue", "Waiting", "WaitingDecision", "WaitingTable"),
        "litdb.questions.tracing.recorded": ("RecordedRun",),
        "litdb.questions.whole.everything": ("Everything",),
        "litdb.questions.why": ("Why",),
    }.items()
    for name in names
}

__all__ = [
    "ACCEPT_THRESHOLD",
    "DEFAULT_DATASET",
    "DEFAULT_METRICS",
    "ORIGINS",
    "PRESETS",
    "READING_FORMATS",
    "TOPICS",
    "Added",
    "Answer",
    "Candidate",
    "Card",
    "CardItem",
    "Catalogue",
    "Checked",
    "CheckpointView",
    "Citations",
    "Comparison",
    "Contradiction",
    "Coverage",
    "Description",
    "Disagreement",
    "Dive",
    "Drawn",
    "Edge",
    "Everything",
    "Evidence",
    "Extraction",
    "Fact",
    "FamilyMember",
    "Fate",
    "FieldDifference",
    "FileOutcome",
    "Finding",
    "Gap",
    "Gaps",
    "Genealogy",
    "GridView",
    "HistoryEntry",
    "IndexAsked",
    "IndexFound",
    "IndexHit",
    "IndexLoaded",
    "IndexPage",
    "IndexStatus",
    "Isolated",
    "Judged",
    "LackingPaper",
    "Letter",
    "Listed",
    "MadeOf",
    "Measure",
    "MergeReport",
    "ModelView",
    "NextPaper",
    "Noted",
    "NumberSpan",
    "PaperApproach",
    "PaperBeside",
    "PaperFamilies",
    "PaperFamily",
    "PaperOutcome",
    "PaperVersions",
    "PaperView",
    "Part",
    "Patterns",
    "Plan",
    "Plane",
    "Preset",
    "PrintedCell",
    "PrintedTable",
    "Problem",
    "ProtocolMatrix",
    "Publication",
    "Question",
    "Queue",
    "RecordedRun",
    "Reread",
    "Rival",
    "Rule",
    "RunAdded",
    "RunView",
    "Screened",
    "Sought",
    "StatedComponent",
    "Step",
    "Study",
    "Survey",
    "SurveyChange",
    "SurveyTable",
    "Table",
    "Trace",
    "Tried",
    "Upgraded",
    "Value",
    "VersionChange",
    "Waiting",
    "WaitingDecision",
    "WaitingTable",
    "Watch",
    "WatchItem",
    "WatchNews",
    "WatchRun",
    "Why",
    "Witness",
    "Words",
    "audit_rules",
    "extract",
    "model_words",
    "names_in",
    "open_catalogue",
    "readings_text",
    "signed",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'litdb.api' has no attribute {name!r}")
    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
