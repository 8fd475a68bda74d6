"""What all kinds of decisions share: how the detail is written as JSON."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from typing import ClassVar

#: Names in the JSON that cannot be, or would not read well as, names of fields.
JSON_NAMES = {"now": "is", "now_value": "is_value", "now_protocol": "is_protocol"}


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, without its target.

    In the JSON, a field that has no default is always written and one that has a default only when it differs from it.
    """

    kind: ClassVar[str]

    def detail(self) -> dict[str, object]:
        """The detail as an object for JSON, by name."""
        found: dict[str, object] = {}
        for spec in dataclasses.fields(self):
            value = getattr(self, spec.name)
            if spec.default is dataclasses.MISSING or value != spec.default:
                name = JSON_NAMES.get(spec.name, spec.name)
                found[name] = value.isoformat() if isinstance(value, dt.date) else value
        return dict(sorted(found.items()))

    def to_json(self) -> str:
        """The detail as it is stored."""
        return json.dumps(self.detail(), ensure_ascii=False, sort_keys=True)
