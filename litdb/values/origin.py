"""Where a value comes from, how far it is believed, and what it belongs to: closed lists, each with its one order."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """Who gives a value, the most telling first.

    `self` is the paper that proposes the model, `measured` an own run, `reproduced` an own or somebody's measurement
    of another's model. The order of the members is that in which they are listed; what is preferred follows `tier`.
    """

    SELF = "self"
    MEASURED = "measured"
    REPOSITORY = "repository"
    REPRODUCED = "reproduced"
    QUOTED = "quoted"
    TRACKER = "tracker"
    CLAIM = "claim"

    @property
    def tier(self) -> int:
        """How telling it is, 0 the most; a paper's own numbers and own measurements of own models are equal."""
        return _TIERS[self]

    @property
    def published(self) -> bool:
        """Whether it stands in a publication: in the paper itself, in its repository, or quoted in another paper."""
        return self in (Origin.SELF, Origin.REPOSITORY, Origin.QUOTED)

    @property
    def measured(self) -> bool:
        """Whether it was got from a run, own or somebody's of another's model, instead of read in a publication."""
        return self in (Origin.MEASURED, Origin.REPRODUCED)

    @property
    def reported(self) -> str:
        """What stands before the source of a value that fills a gap: `quoted in arXiv:...`."""
        return _REPORTED[self]

    @property
    def briefly(self) -> str:
        """What a reader of a paper is told of a value of this origin: `quoted from`, before the citation of its source."""
        return _BRIEFLY[self]

    @property
    def second_hand(self) -> str:
        """What a footnote says of a row that is not by the authors of the model; '' for one that is."""
        return _SECOND_HAND.get(self, "")


_TIERS = {
    Origin.SELF: 0,
    Origin.MEASURED: 0,
    Origin.REPOSITORY: 1,
    Origin.REPRODUCED: 2,
    Origin.QUOTED: 3,
    Origin.TRACKER: 4,
    Origin.CLAIM: 5,
}
_REPORTED = {
    Origin.SELF: "reported in",
    Origin.MEASURED: "measured,",
    Origin.REPOSITORY: "from the repository",
    Origin.REPRODUCED: "reproduced in",
    Origin.QUOTED: "quoted in",
    Origin.TRACKER: "from the tracker",
    Origin.CLAIM: "claimed by",
}
_BRIEFLY = {
    Origin.SELF: "as reported in",
    Origin.MEASURED: "measured by us",
    Origin.REPOSITORY: "from its public repository",
    Origin.REPRODUCED: "re-run by us",
    Origin.QUOTED: "quoted from",
    Origin.TRACKER: "from a leaderboard, source not checked",
    Origin.CLAIM: "claimed, without a source",
}
_SECOND_HAND = {
    Origin.REPOSITORY: "from its repository",
    Origin.QUOTED: "as quoted",
    Origin.TRACKER: "from a tracker",
    Origin.CLAIM: "a claim",
}


class Status(StrEnum):
    """Whether a value counts."""

    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    REJECTED = "rejected"


class Kind(StrEnum):
    """What a model is."""

    SYSTEM = "system"
    VARIANT = "variant"
    ABLATION = "ablation"
    REFERENCE = "reference"


class TableKind(StrEnum):
    """What sort of table a value stands in, in the order in which a paper's own tables are preferred."""

    COMPARISON = "comparison"
    ABLATION = "ablation"
    OTHER = "other"
    ABSTRACT = "abstract"

    @property
    def place(self) -> int:
        """Its place in that order, 0 the first."""
        return _TABLE_ORDER[self]


_TABLE_ORDER = {kind: place for place, kind in enumerate(TableKind)}
