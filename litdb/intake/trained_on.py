"""What a training run was trained on: one of the field's training sets where its files are those, else how many files."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

from litdb.values.training import PARTS

_FILE = re.compile(r"(p\d{3})_\d{3}")
#: Speakers of the training sets of VoiceBank+DEMAND, and what the set is called.
_SPEAKERS = {28: "28spk", 56: "56spk"}


def trained_on(data: Mapping[str, object], listing: bytes) -> str:
    """The training set of a run by its configuration and its list of files (`files.csv`); '' where neither says.

    Files held out for validation belong to it. A set is known by the number of its files and of its speakers, never by
    the name of a folder.
    """
    counts = [data.get(part) for part in ("training_files", "validation_files")]
    count = sum(one for one in counts if isinstance(one, int) and not isinstance(one, bool))
    if count <= 0:
        return ""
    lines = csv.reader(listing.decode("utf-8", "replace").splitlines()[1:])
    named = [_FILE.fullmatch(line[0]) for line in lines if line]
    if len(named) == count and all(named):
        called = _SPEAKERS.get(len({match[1] for match in named if match}))
        if called is not None and PARTS[called] == count:
            return called
    return f"{count} files"
