"""What each service on the network allows and is called: one value for each, and the only place that knows it.

Whatever speaks to a service (turns, pauses, retries, error texts) takes it from its :class:`Host`, so that a further
source is a further host and no further transport.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from litdb.errors import UsageError
from litdb.sources.web.addresses import is_loopback

#: Answers that say "later": the request is made again.
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_DELAY = 3600.0


@dataclass(frozen=True, slots=True)
class Host:
    """The policy of one service: how often it may be asked, by which names, and what is said when it fails."""

    name: str
    """As errors call it; it begins their sentences."""
    slug: str
    """Names the files by which processes take turns (`arxiv.lock`); addresses of one service share it."""
    delay: float
    """Seconds between two requests, as its terms ask."""
    terms: str
    """The address of these terms; sent with every request."""
    variable: str
    """The environment variable that sets another delay."""
    domains: frozenset[str]
    """Where requests and redirects may go besides the address in use."""
    instead: str
    """What works without it; completes "check the network, then run the same command; ..."."""
    later: frozenset[int] = LATER
    """Statuses after which the request is made again."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request."""

    def pause(self, given: float | None, bases: tuple[str, ...]) -> float:
        """The delay in seconds: from the argument, the environment, or the terms.

        Raises UsageError for one that makes no sense, and for a shorter one than the terms allow, unless every address in
        use is on this machine.
        """
        delay = given
        if delay is None:
            text = os.environ.get(self.variable, str(self.delay))
            try:
                delay = float(text)
            except ValueError as error:
                raise UsageError(f"{self.variable} is {text!r}; it must be a number of seconds") from error
        if not 0.0 <= delay <= _LONGEST_DELAY:
            raise UsageError(
                f"a delay of {delay:g} s between requests makes no sense; the usual one is {self.delay:g}"
            )
        if delay < self.delay and not all(is_loopback(url) for url in bases):
            raise UsageError(
                f"{self.name} allows one request in {self.delay:g} s; {delay:g} s is only for local servers"
            )
        return delay


ARXIV = Host(
    name="arXiv",
    slug="arxiv",
    delay=3.0,
    terms="https://arxiv.org/help/api",
    variable="LITDB_ARXIV_DELAY",
    domains=frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org", "oaipmh.arxiv.org"}),
    instead="`--offline` reads what was fetched before",
)
"""One request in three seconds over one connection, counted over API, sources, HTML and listings together."""

EUROPE_PMC = Host(
    name="Europe PMC",
    slug="europepmc",
    delay=0.5,
    terms="https://europepmc.org/RestfulWebService",
    variable="LITDB_EUROPEPMC_DELAY",
    domains=frozenset({"www.ebi.ac.uk"}),
    instead="`--offline` reads what was fetched before",
)
"""Asks for no more than ten requests a second; a paper costs two."""

OPENALEX = Host(
    name="OpenAlex",
    slug="openalex",
    delay=0.1,
    terms="https://developers.openalex.org",
    variable="LITDB_OPENALEX_DELAY",
    domains=frozenset({"api.openalex.org"}),
    instead="Europe PMC and arXiv are asked without it",
    later=LATER - {429},
)
"""A single work by its DOI costs nothing. 429 says that the day's budget is spent: asking again would not help."""

SEMANTIC_SCHOLAR = Host(
    name="Semantic Scholar",
    slug="semanticscholar",
    delay=3.0,
    terms="https://www.semanticscholar.org/product/api",
    variable="LITDB_SEMANTICSCHOLAR_DELAY",
    domains=frozenset({"api.semanticscholar.org"}),
    instead="what is in the index can be searched without it",
)
"""Without a key, everybody shares a hundred requests in five minutes."""

CROSSREF = Host(
    name="Crossref",
    slug="crossref",
    delay=1.0,
    terms="https://www.crossref.org/documentation/retrieve-metadata/rest-api",
    variable="LITDB_CROSSREF_DELAY",
    domains=frozenset({"api.crossref.org"}),
    instead="what is in the index can be searched without it",
)
"""Lists are asked for more slowly than the three a second that it allows to those who say who they are."""
