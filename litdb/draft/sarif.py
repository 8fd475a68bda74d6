"""What a check found in SARIF 2.1.0, the format that editors and code hosts show beside lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litdb.draft.finding import RULE_WORDS, DraftFinding, DraftReport, DraftRule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(report: DraftReport, version: str) -> Mapping[str, Any]:
    """The report as a SARIF log of one run; `version` is that of litdb. What was suppressed stands in it, marked so."""
    rules = list(DraftRule)
    results = [_result(finding, rules) for finding in report.findings]
    for finding, reason in report.suppressed:
        results.append(
            {**_result(finding, rules), "suppressions": [{"kind": "inSource", "justification": reason}]}
        )
    told = [f"checked: {count} {what}" for what, count in report.checked.items()]
    told += [f"not checked: {count} {what}" for what, count in report.unchecked.items()]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "litdb check",
                        "version": version,
                        "rules": [
                            {"id": str(rule), "shortDescription": {"text": RULE_WORDS[rule]}}
                            for rule in rules
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [
                            {"level": "note", "message": {"text": text}} for text in told
                        ],
                    }
                ],
                "results": results,
            }
        ],
    }


def _result(finding: DraftFinding, rules: list[DraftRule]) -> dict[str, Any]:
    said = "\n".join((finding.message, *(f"The catalogue: {source}" for source in finding.sources)))
    return {
        "ruleId": str(finding.rule),
        "ruleIndex": rules.index(finding.rule),
        "level": "warning",
        "message": {"text": said},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.place.file), "uriBaseId": "SRCROOT"},
                    "region": {"startLine": max(1, finding.place.line)},
                }
            }
        ],
        "properties": {"results": list(finding.results)},
    }
