"""Remarks on a number that a program read: closed lists of flags, reasons, doubts and grounds.

Code compares members, never words. The words are what is shown and what is stored, as a JSON list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self


class Worded(StrEnum):
    """A closed list of things that can be said of a number; the value of a member is a short name that stays.

    `words` is the text that is shown and stored, with a field for each detail; `weight` is the factor by which the
    member changes the confidence of a reading; `former` are earlier words, which stored catalogues still hold:
    whoever rewords a member keeps the old words there.
    """

    words: str
    weight: float
    former: tuple[str, ...]

    def __new__(cls, name: str, words: str, weight: float = 1.0, *former: str) -> Self:
        """A member by its name, words, weight and former words."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.words, member.weight, member.former = words, weight, former
        return member

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The member that a stored text stands for, by its present or former words; None for any other text."""
        for member in cls:
            if any(_pattern(words).fullmatch(text) for words in (member.words, *member.former)):
                return member
        return None

    def detail(self, text: str) -> str:
        """What a stored text of this member says in its first field; '' for a text of another."""
        for words in (self.words, *self.former):
            if found := _pattern(words).fullmatch(text):
                return found[1] if found.re.groups else ""
        return ""


@lru_cache(maxsize=256)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, re.split(r"\{[^{}]*\}", words))), re.DOTALL)


class Flag(Worded):
    """What is odd about a number as it is printed."""

    PERCENT_NOT_STATED = "percent", "percent not stated"
    UNIT_NOT_STATED = "unit", "unit not stated"
    OUT_OF_RANGE = "out of range", "out of range"
    RANGE = "range", "range up to {}"
    SEVERAL_NUMBERS = "several numbers", "several numbers in one cell"
    SPREAD_IN_BRACKETS = "spread in brackets", "bracketed number taken as spread"
    BRACKETS_LEFT_OUT = "brackets left out", "bracketed number left out"
    FORCED = "forced", "{}; taken because: {}"


class Mark(Worded):
    """What must be said beside scores of an own run, as its run folder or the tool that scored it gives it."""

    LEAK = "leak", "trained on what is for testing: {}"
    FINE_TUNED = "fine-tuned", "fine-tuned from {}"
    EXTENDED = "extended", "given more epochs than it was planned with: {}"
    SEEN = "seen", "{} of {} files were trained on"
    HELD_OUT = "held out", "{} of {} files were held out for validation, which selected the checkpoint"
    SAME_NAME = (
        "same name",
        "{} of {} files have the name of a file that was trained on, with another recording",
    )
    UNKNOWN = "unknown", "training files unknown: it may have been trained on these"
    PARTLY_UNKNOWN = (
        "partly unknown",
        "training files of the checkpoint it began with unknown: that may have been trained on these",
    )
    NO_TEST = "no test", "scored on {} files (split {}), not on a test set"
    NOT_ALIGNED = "not aligned", "output against clean: {}"
    RESAMPLED = "resampled", "resampled before scoring: {}"
    TEST_SET_RATE = "test set rate", "test files of {} brought to {} Hz with {}"
    STORED_AS = "stored as", "of {} tensors of weights the checkpoint holds {}, used in float32"
    CLEAN = "clean", "clean speech against itself: {} is what a signal scores that is its own reference"
    TOOL = "tool", "scored with {}"
    RIVAL = "rival", "the same run is recorded with other numbers as {}"


class Reason(Worded):
    """What is recorded of every reading: where its metric is named, and which test set it is on."""

    METRIC_IN_HEADER = "metric in header", "metric {} from header {!r}"
    METRIC_IN_ROW = "metric in row", "metric {} from the row {!r}"
    TEST_SET = "test set", "test set {}: {}"
    CHOSEN = "chosen", "somebody chose this interpretation: {}"


class Doubt(Worded):
    """Why a reading may be wrong: each multiplies its confidence by the weight."""

    OUT_OF_RANGE = "out of range", "{} is not expected outside {:g} to {:g}", 0.3
    PERCENT_NOT_STATED = "percent", "percent not stated", 0.97
    UNIT_NOT_STATED = "unit", "unit not stated", 0.85
    TIME_UNIT_NOT_STATED = "time unit", "whether it is in seconds is not stated", 0.3
    RANGE = "range", "the cell prints a range", 0.8
    SEVERAL_NUMBERS = "several numbers", "several numbers in one cell", 0.75
    BRACKETS = "brackets", "a number in brackets", 0.9
    LABEL_IS_FILE = "file as label", "the label is a file, not a model", 0.6
    NO_LABEL = "no label", "no model is named", 0.4
    NO_TEST_SET = "no test set", "a score whose test set is not told", 0.3
    LABEL_OF_ROW_ABOVE = "label of the row above", "the label is that of the row above", 0.95
    MODEL_AROUND_TABLE = "model around the table", "the model is named only around the table", 0.85
    MODEL_GUESSED = "model guessed", "no text at the table names the model", 0.3
    HEADER_SAYS_MORE = "header says more", "header says more than the metric: {!r}", 0.3
    TWO_METRICS = "two metrics", "two metrics in the header: {!r}", 0.7
    SIZE_IN_LABEL = "size in label", "the label states it", 0.85
    METRIC_IN_CAPTION = "metric in caption", "the metric is named only in the caption", 0.3
    CONDITION_IN_HEADER = "condition in header", "the header also says {!r}", 0.95
    NAME_IN_HEADER = (
        "name in header",
        "{!r} in the header may name a test set, a model or another metric",
        0.3,
    )
    SCOPE = "scope", "the {} says {!r}", 0.3
    CONTRADICTION = "contradiction", "the table would give this model two values of this score", 0.3
    NO_LETTERS = "label without letters", "the label has no letters", 0.3
    BANDS = "bands", "a narrow-band PESQ below the wide-band one", 0.3
    BAND_OF_SET = (
        "band of the set",
        "this test set is usually kept at 8 kHz, where PESQ is narrow-band, and no band is stated",
        0.3,
    )
    SET_AND_PROTOCOL = "set and protocol", "the test set and {!r} disagree", 0.3
    ONE_GROUND = "one ground", "only one thing says which column names the models", 0.3
    BROKEN_HEAD = "broken head", "the head is out of place: {!r} stands over the labels", 0.3
    OTHERWISE = "otherwise", "or is it so: {}?", 0.9
    UNDECIDED = "undecided", "or is it so, nearly as likely: {}?", 0.3
    STRANGE_SET = "strange set", "{!r} is no test set that is known here", 0.7
    FAR_SET = "far set", "the table itself does not name the test set", 0.3
    FROM_PDF = "from a PDF", "read from a PDF, and nothing else in the paper says the same", 0.3
    FROM_TRACKER = "from a tracker", "kept by a tracker; nobody has looked at its source", 0.3
    METRICS_IN_ROWS = "metrics in rows", "metrics are named by the rows", 0.95


class Ground(Worded):
    """Why a number is believed to be on a test set; a decision is as sure as the least sure of its grounds."""

    NOT_NEEDED = "not needed", "does not depend on a test set"
    HEADER = "header", "header: {}", 0.99
    PART_IN_HEADER = "part in header", "header: {}", 0.9
    ROW = "row", "row or section title", 0.98
    CAPTION = "caption", "caption", 0.98
    NOISY_ROW = "noisy row", "the unprocessed row has the values of this test set", 0.97
    FILES_COUNTED = (
        "files counted", "the text around counts its test files", 0.93, "the text around counts its {} test files",
    )  # fmt: skip
    NOTE = "note", "a note under the table", 0.95
    HEADING = "heading", "the heading above the table", 0.95
    TITLE = "title", "the title of the paper", 0.8
    TEXT_AROUND = "text around", "the text around the table", 0.93
    ABSTRACT = "abstract", "the abstract", 0.85
    TESTED_ON = "tested on", "a sentence on what is tested on", 0.85
    OTHER_TABLES = "other tables", "the paper's other tables", 0.9
    OTHER_TABLES_FIRST = "other tables, first", "the paper's other tables", 0.7
    TEXT = "text", "the paper's text", 0.88
    TEXT_FIRST = "text, first", "the paper's text", 0.75
    COMPOSITES = (
        "composites",
        "no test set is named; CSIG, CBAK and COVL are by custom given on this one",
        0.7,
    )
    NONE = "none", "no test set is named", 0.6
    REVERBERATION = "reverberation", "with reverberation"
    NO_REVERBERATION = "no reverberation", "without reverberation"
    DEREVERBERATION = "dereverberation", "the table is about dereverberation", 0.8


@dataclass(frozen=True, slots=True)
class Remark:
    """A member as it applies to one number, with the details for the fields of its words; `str` gives the full text."""

    kind: Worded
    details: tuple[object, ...] = ()

    def __str__(self) -> str:
        return self.kind.words.format(*self.details)


def stored(remarks: Iterable[Remark]) -> str:
    """Remarks as a catalogue holds them: a JSON list of their words."""
    return json.dumps([str(remark) for remark in remarks], ensure_ascii=False)


def flags_in(text: str) -> frozenset[Flag]:
    """The flags in a stored list; a text that belongs to no flag is ignored."""
    return frozenset(flag for words in json.loads(text) if (flag := Flag.of(words)) is not None)
