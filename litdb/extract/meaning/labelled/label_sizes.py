"""A number of parameters that stands in a row's label, 'Foo (1.2M)', where the table has no column for it."""

from __future__ import annotations

import re

_SIZE = re.compile(
    r"[(\[]\s*(?P<size>\d+(?:\.\d+)?\s*(?P<unit>[KkM]))\s*(?P<named>params?\.?|parameters)?\s*[)\]]", re.I
)
#: What '16k' in a label means is a sampling rate.
_RATES = frozenset(("8", "16", "22", "22.05", "24", "32", "44", "44.1", "48", "96"))


def size_in(label: str) -> str:
    """The number of parameters that a label states, as printed ('1.2M'), or ''."""
    found = [match for match in _SIZE.finditer(label) if match["unit"] in "KkM"]
    if len(found) != 1:
        return ""
    size = re.sub(r"\s+", "", found[0]["size"])
    if found[0]["unit"] in "kK" and size[:-1] in _RATES and not found[0]["named"]:
        return ""
    return size
