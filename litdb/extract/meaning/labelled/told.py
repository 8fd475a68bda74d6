"""What the other columns and the title of the rows tell of a row: causality, condition, training set, reverberation, band."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.types import TableCell


def causal(row: Sequence[TableCell], segment: Segment) -> str:
    """'yes', 'no' or '' (not told) by the row's column for causality."""
    for column in segment.columns:
        if column.role == "causal":
            text = row[column.index].text.strip()
            if re.match(r"^(?:yes|y|✓|true|●|causal|online)", text, re.I):
                return "yes"
            if re.match(r"^(?:no|n|✗|×|x|false|○|non|offline)", text, re.I):
                return "no"
    return ""


def condition(row: Sequence[TableCell], segment: Segment, last: dict[int, str]) -> str:
    """The part of the test set that columns for SNR, noise or subset name; a blank cell in the first repeats the one above."""
    columns = [c for c in segment.columns if c.role == "condition"]
    label = next((c.index for c in segment.columns if c.role == "model"), -1)
    found = []
    for column in columns:
        text = row[column.index].text.strip()
        if column is columns[0] and (len(columns) > 1 or column.index < label):
            text = last[column.index] = text or last.get(column.index, "")
        if part := _part(text.replace("−", "-").replace("–", "-"), column.header):
            found.append(part)
    return ", ".join(found)


def _part(text: str, header: str) -> str:
    number = re.fullmatch(r"(?:SNR\s*[=:]?\s*)?\+?(-?\d+(?:\.\d+)?)\s*(?:dB)?", text, re.I)
    if number and re.search(r"snr|noise level", header, re.I):
        return f"SNR {number[1]} dB"
    between = re.fullmatch(
        r"(?:SNR\s*[=:]?\s*)?(-?\d+)\s*(?:dB)?\s*(?:to|-|~|∼)\s*(-?\d+)\s*(?:dB)?", text, re.I
    )
    if between and re.search(r"snr|noise level", header, re.I):
        return f"SNR {between[1]} to {between[2]} dB"
    if text.isdigit() and re.fullmatch(r"#? ?[A-Za-z][A-Za-z ]*", header):
        return f"{header}={text}"  # a number alone says nothing: 'Threads=4'
    over_all = re.fullmatch(r"avg\.?|average|mean|all|overall|test(?:ing)?(?: set)?", text, re.I)
    return "" if cells.is_missing(text) or over_all else text


def training(row: Sequence[TableCell], segment: Segment) -> str:
    """The training set that a column states."""
    for column in segment.columns:
        if not column.metrics and re.search(r"\btrain(?:ing)?\b", column.header, re.I):
            text = row[column.index].text.strip()
            return "" if cells.is_missing(text) else text
    return ""


def reverb(row: Sequence[TableCell], segment: Segment, section: str) -> str:
    """Whether a column or the title of the rows says with or without reverberation."""
    texts = [row[c.index].text for c in segment.columns if c.role in ("condition", "dataset")]
    for text in (*texts, section):
        match = words.REVERB.search(text)
        if match:
            return "no" if match["without"] else "yes"
    return ""


def band(row: Sequence[TableCell], others: Sequence[ReadColumn]) -> str:
    """'NB' or 'WB' where another cell of the row names the band of PESQ, else ''."""
    for column in others:
        text = row[column.index].text
        if re.search(r"\bNB\b|narrow[- ]?band|PESQ-NB", text):
            return "NB"
        if re.search(r"\bWB\b|wide[- ]?band|PESQ-WB", text):
            return "WB"
    return ""
