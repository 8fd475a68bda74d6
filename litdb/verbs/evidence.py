"""What may be believed: conflicts, findings, protocols, attribution, statements."""

from __future__ import annotations

from litdb.verbs.opened import Opened


class EvidenceVerbs(Opened):
    """What may be believed: conflicts, findings, protocols, attribution, statements."""
